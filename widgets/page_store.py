"""Pages of rows that a table holds, the ones it lacks and the one it waits for."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Cell = str | tuple[str, str]
"""Plain text, or text with a style expression such as `$success bold`."""

PAGE_SIZE = 256
PAGES_KEPT = 32


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is shown; foreign text may stand in any cell."""

    key: str | int
    cells: tuple[Cell, ...]
    mark: bool = False
    """A mark the parent gives, beside the marks the curator sets."""
    style: str = ""
    """A style expression for the whole row."""


class PageStore:
    """Keeps the pages used last and tells which page to ask for next."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self._stale: set[int] = set()
        self.waiting: int | None = None
        """The page that was asked for and has not come yet."""

    def clear(self) -> None:
        """Forget every page."""
        self._pages.clear()
        self._stale.clear()
        self.waiting = None

    def age(self) -> None:
        """Keep every page on show but ask for each again."""
        self._stale = set(self._pages)
        self.waiting = None

    def put(self, page: int, rows: Sequence[Row]) -> None:
        """Store a page that came."""
        self._pages[page] = list(rows)
        self._pages.move_to_end(page)
        self._stale.discard(page)
        if self.waiting == page:
            self.waiting = None
        while len(self._pages) > PAGES_KEPT:
            dropped, _ = self._pages.popitem(last=False)
            self._stale.discard(dropped)

    def row(self, index: int) -> Row | None:
        """Give the row at a position where its page is here."""
        page, place = divmod(index, PAGE_SIZE)
        rows = self._pages.get(page)
        return rows[place] if rows is not None and place < len(rows) else None

    def replace(self, index: int, row: Row) -> bool:
        """Put another row at a position, and tell whether its page was here."""
        if self.row(index) is None:
            return False
        page, place = divmod(index, PAGE_SIZE)
        self._pages[page][place] = row
        return True

    def touch(self, pages: Iterable[int]) -> None:
        """Note that some pages are on the screen, so that they go last."""
        for page in pages:
            if page in self._pages:
                self._pages.move_to_end(page)

    def next_wanted(self, visible: Sequence[int], ahead: Sequence[int]) -> int | None:
        """Choose the page to ask for, a visible one first, and none while a needed one is on its way."""
        lacking = [page for page in visible if page not in self._pages]
        lacking += [page for page in visible if page in self._stale]
        lacking = lacking or [page for page in ahead if page not in self._pages or page in self._stale]
        if not lacking or self.waiting in lacking:
            return None
        self.waiting = lacking[0]
        return self.waiting
