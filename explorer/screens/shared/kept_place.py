"""Where the cursor and the marks of a table are, by the ids of samples: the rows of another index are others."""

from typing import TYPE_CHECKING

from explorer.api.messages.browse import KeysRequest, RowsRequest
from widgets import numbers
from widgets.paged_table import PagedTable

if TYPE_CHECKING:
    from explorer.screens.shared.corpus_screen import CorpusScreen


class KeptPlace:
    """Leads a table back to its samples once another index is open."""

    def __init__(self) -> None:
        self._marks: list[str] = []
        self._marked: frozenset[str | int] = frozenset()
        """The rows that the ids of `_marks` were asked for."""
        self._cursor: str | None = None
        self._table: PagedTable | None = None
        self._lost = 0

    async def ask_marks(self, screen: "CorpusScreen", table: PagedTable) -> None:
        """Asks the index that is still open which samples are marked."""
        rows = tuple(int(key) for key in table.marked)
        found = await screen.asked(KeysRequest(rows)) if rows else None
        self._marks = [key.id for key in found.keys] if found is not None else []
        self._marked = table.marked

    def take(self, cursor: str | None, table: PagedTable) -> None:
        """Takes note of the sample under the cursor, and takes away marks that would mean other samples."""
        self._cursor = cursor or self._cursor
        self._table = table
        if table.marked != self._marked:
            self._lost += len(table.marked)
            self._marks = []
        table.action_clear_marks()

    async def find(self, screen: "CorpusScreen") -> int | None:
        """Marks the samples again and returns the row for the cursor; says how many marks are lost."""
        table, cursor, marks = self._table, self._cursor, self._marks
        if table is None:
            return None
        ids = [*marks, cursor] if cursor is not None else marks
        found = await screen.asked(RowsRequest(tuple(ids)))
        if found is None:
            return None
        rows: dict[str, int] = dict(found.rows)
        lost = self._lost + sum(sample not in rows for sample in marks)
        self._marks, self._marked, self._cursor, self._table, self._lost = [], frozenset(), None, None, 0
        table.mark_keys([rows[sample] for sample in marks if sample in rows])
        if lost:
            screen.notify(f"{numbers.counted(lost, 'mark')} could not be kept.", severity="warning")
        return rows.get(cursor) if cursor is not None else None
