"""A table of any number of rows that asks for the pages it lacks and never waits for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets.columns import GAP, GUTTER, Column, Placed, place_columns
from widgets.moving import Moving, movement
from widgets.page_store import PAGE_SIZE, Cell, PageStore, Row
from widgets.paint import Paint
from widgets.scrolling import QuietScroll
from widgets.table_drawing import draw_empty, draw_missing, draw_row, draw_titles

__all__ = ("Cell", "Column", "PagedTable", "Row")

HEADER = 1


class TableMessage(Message):
    """Something a table tells; `control` is that table, so that a screen may have several."""

    table: "PagedTable"

    @property
    def control(self) -> "PagedTable":
        """The table that tells."""
        return self.table


class PagedTable(Moving, QuietScroll, can_focus=True):
    """Shows rows of a view; the parent answers `PageWanted` with `set_page` whenever it can."""

    ALLOW_SELECT = False
    HELP = """
## Table

`j` `k` or the arrows move by a row, `ctrl+d` `ctrl+u` by half a page, `g` `G` to the first and the last row.
`h` `l` choose the column.

`space` marks a row, `v` begins a range and ends it, `M` clears all marks. `enter` opens the row.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("table"),
        Binding("h,left", "column(-1)", "Column left", show=False, id="table.left"),
        Binding("l,right", "column(1)", "Column right", show=False, id="table.right"),
        Binding("space", "mark", "Mark", show=False, id="table.mark"),
        Binding("v", "range", "Range", show=False, id="table.range"),
        Binding("M", "clear_marks", "Clear marks", show=False, id="table.clear_marks"),
        Binding("escape", "leave_range", "Leave the range", show=False, id="table.leave_range"),
        Binding("enter", "select", "Open", show=False, id="table.select"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paged-table--header",
        "paged-table--sorted",
        "paged-table--cursor",
        "paged-table--cell",
        "paged-table--range",
        "paged-table--mark",
        "paged-table--missing",
        "paged-table--empty",
    }
    DEFAULT_CSS = """
    PagedTable {
        background: $surface;
        color: $foreground;
        scrollbar-gutter: stable;
        & > .paged-table--header { background: $panel; color: $foreground 70%; }
        & > .paged-table--sorted { color: $text-primary; text-style: bold; }
        & > .paged-table--cursor { background: $foreground 8%; }
        & > .paged-table--cell { background: $foreground 8%; }
        & > .paged-table--range { background: $warning 18%; }
        & > .paged-table--mark { color: $text-warning; text-style: bold; }
        & > .paged-table--missing { color: $foreground 30%; }
        & > .paged-table--empty { color: $foreground 70%; }
        &:focus > .paged-table--cursor { background: $primary 40%; }
        &:focus > .paged-table--cell { background: $primary 50%; }
    }
    """

    cursor: reactive[int] = reactive(0)
    """The row under the cursor, counted from 0."""
    column: reactive[int] = reactive(0)
    """The column under the cursor, counted from 0."""
    sort: reactive[tuple[str, bool] | None] = reactive(None)
    """The key of the column that orders the rows and whether it descends, as the header shows it."""
    marked: reactive[frozenset[str | int]] = reactive(frozenset())
    """The keys of the marked rows."""

    @dataclass
    class PageWanted(TableMessage):
        """A page is needed; it supersedes a page wanted before that has not come yet."""

        generation: int
        page: int
        size: int

    @dataclass
    class RowHighlighted(TableMessage):
        """The cursor is on another row, or the row under it came or changed."""

        index: int
        row: Row | None

        def can_replace(self, message: Message) -> bool:
            """Let only the last place of a moving cursor count."""
            return isinstance(message, PagedTable.RowHighlighted)

    @dataclass
    class RowSelected(TableMessage):
        """A row was opened by enter or a double click."""

        index: int
        row: Row | None

    @dataclass
    class HeaderClicked(TableMessage):
        """The title of a column was clicked."""

        key: str

    @dataclass
    class MarksChanged(TableMessage):
        """The curator changed the marks."""

        marked: frozenset[str | int]

    class Resized(TableMessage):
        """The table has another size: other columns may fit."""

    @dataclass
    class RangeWanted(TableMessage):
        """A range was marked of which some rows are not here; the parent answers with `mark_keys`."""

        generation: int
        first: int
        last: int

    def __init__(self, *, empty: str = "Nothing to show.", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._columns: tuple[Column, ...] = ()
        self._placed: tuple[Placed, ...] = ()
        self._row_count = 0
        self._generation = 0
        self._pages = PageStore()
        self._empty = empty
        self._anchor: int | None = None
        self._forward = True
        self._ask_is_due = False
        self._paint = Paint(self)
        self._strips: LRUCache[tuple[int, int | None, bool], Strip] = LRUCache(512)

    @property
    def row_count(self) -> int:
        """The number of rows of the view."""
        return self._row_count

    @property
    def generation(self) -> int:
        """The number of the view on show; pages of another are dropped."""
        return self._generation

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns on show."""
        return self._columns

    @property
    def highlighted(self) -> Row | None:
        """The row under the cursor where it is here."""
        return self._pages.row(self.cursor)

    @property
    def visible_rows(self) -> range:
        """The positions of the rows on the screen."""
        first = self.scroll_offset.y
        return range(first, min(self._row_count, first + self.page_height))

    def show(self, columns: Sequence[Column], row_count: int, *, keep_cursor: bool = False) -> int:
        """Show another view, and give its generation."""
        self._columns = tuple(columns)
        self._row_count = row_count
        self._generation += 1
        self._anchor = None
        self._pages.clear()
        self.column = max(0, min(self.column, len(self._columns) - 1))
        self._lay_out()
        target = min(self.cursor, max(0, row_count - 1)) if keep_cursor else 0
        self._move_to(target, announce=True)
        return self._generation

    def set_page(self, generation: int, page: int, rows: Sequence[Row]) -> None:
        """Take the rows of a page; one of an older view is dropped."""
        if generation != self._generation:
            return
        self._pages.put(page, rows)
        self._repaint()
        self._ask_soon()
        if self.cursor // PAGE_SIZE == page:
            self._tell(self.RowHighlighted(self.cursor, self.highlighted))

    def drop_page(self, generation: int, page: int) -> None:
        """Take note that a page will not come, so that the next movement asks for it again."""
        if generation == self._generation and self._pages.waiting == page:
            self._pages.waiting = None

    def update_row(self, index: int, row: Row) -> None:
        """Replace one row where it is here."""
        if self._pages.replace(index, row):
            self._repaint()
            if index == self.cursor:
                self._tell(self.RowHighlighted(index, row))

    def row_at(self, index: int) -> Row | None:
        """Give the row at a position where it is here."""
        return self._pages.row(index)

    def invalidate(self) -> int:
        """Ask for the rows again, keep the old ones on show meanwhile, and give the new generation."""
        self._generation += 1
        self._pages.age()
        self._ask_soon()
        return self._generation

    def set_empty(self, text: str) -> None:
        """Say what is empty, why, and which key changes it; lines are centred."""
        self._empty = text
        self.refresh()

    def mark_keys(self, keys: Iterable[str | int]) -> None:
        """Mark more rows by their keys."""
        self._set_marks(self.marked | frozenset(keys))

    def go_to(self, index: int) -> None:
        """Put the cursor on a row."""
        self._move_to(index)

    @property
    def page_height(self) -> int:
        """How many rows the screen shows."""
        return max(1, self.scrollable_content_region.height - HEADER)

    def move_by(self, lines: int) -> None:
        """Move the cursor by some rows."""
        self._move_to(self.cursor + lines)

    def _tell(self, message: TableMessage) -> None:
        message.table = self
        self.post_message(message)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        self._placed = place_columns(self._columns, width)
        needed = self._placed[-1].left + self._placed[-1].width if self._placed else 0
        self.virtual_size = Size(needed if needed > width else 0, self._row_count + HEADER)
        self._repaint()

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    def _move_to(self, index: int, *, announce: bool = False) -> None:
        index = max(0, min(index, self._row_count - 1))
        changed = index != self.cursor
        self.cursor = index
        top = self.scroll_offset.y
        if index < top:
            top = index
        elif index >= top + self.page_height:
            top = index - self.page_height + 1
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
        if changed or announce:
            self._tell(self.RowHighlighted(index, self.highlighted))
        self._ask_soon()

    def _ask_soon(self) -> None:
        if not self._ask_is_due and self.is_attached:
            self._ask_is_due = True
            self.call_after_refresh(self._ask)

    def _ask(self) -> None:
        """Ask for at most one page, so that a parent with one query at a time never loses one."""
        self._ask_is_due = False
        if not self._row_count:
            return
        rows = self.visible_rows
        cursor_page = self.cursor // PAGE_SIZE
        visible_pages = [*range(rows.start // PAGE_SIZE, max(rows.start, rows.stop - 1) // PAGE_SIZE + 1)]
        self._pages.touch(visible_pages)
        ahead = visible_pages[-1] + 1 if self._forward else visible_pages[0] - 1
        ahead_pages = [page for page in (cursor_page, ahead) if 0 <= page * PAGE_SIZE < self._row_count]
        wanted = self._pages.next_wanted(visible_pages, ahead_pages)
        if wanted is not None:
            self._tell(self.PageWanted(self._generation, wanted, PAGE_SIZE))

    def _set_marks(self, marked: frozenset[str | int]) -> None:
        if marked != self.marked:
            self.marked = marked
            self._tell(self.MarksChanged(marked))

    @property
    def _range(self) -> range:
        if self._anchor is None:
            return range(0)
        return range(min(self._anchor, self.cursor), max(self._anchor, self.cursor) + 1)

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the rows between which the cursor moved."""
        self._forward = new >= old
        self._repaint()

    def watch_column(self) -> None:
        """Bring the column under the cursor into view."""
        if self.column < len(self._placed):
            placed = self._placed[self.column]
            left, width = self.scroll_offset.x, self.scrollable_content_region.width
            if placed.left + placed.width > left + width:
                left = placed.left + placed.width - width
            if placed.left - GUTTER < left:
                left = placed.left - GUTTER
            self.scroll_to(x=left, animate=False, force=True)
        self._repaint()

    def watch_sort(self) -> None:
        """Show the order in the header."""
        self._repaint()

    def watch_marked(self) -> None:
        """Show the marks."""
        self._repaint()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the rows that came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._forward = new_value >= old_value
        self._ask_soon()

    def on_resize(self) -> None:
        """Lay the columns into the new width and keep the cursor in view."""
        self._lay_out()
        if self._row_count:
            self._move_to(self.cursor)
        self._tell(self.Resized())

    def notify_style_update(self) -> None:
        """Paint anew after a change of theme or focus."""
        super().notify_style_update()
        self._paint.clear()
        self._strips.clear()

    def action_column(self, step: int) -> None:
        """Move to another column."""
        self.column = max(0, min(self.column + step, len(self._columns) - 1))

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if self._row_count:
            self._tell(self.RowSelected(self.cursor, self.highlighted))

    def action_mark(self) -> None:
        """Mark the row, or end the range; then go to the next row."""
        if self._anchor is not None:
            self.action_range()
        elif (row := self.highlighted) is not None:
            self._set_marks(self.marked ^ {row.key})
            self._move_to(self.cursor + 1)

    def action_range(self) -> None:
        """Begin a range at the cursor, or mark the rows from where it began."""
        if self._anchor is None:
            self._anchor = self.cursor if self._row_count else None
            self._repaint()
            return
        rows, self._anchor = self._range, None
        # A range over more pages than are kept cannot be here whole, and counting it out would stall the screen.
        here = [row.key for index in rows[: PAGE_SIZE * 40] if (row := self._pages.row(index)) is not None]
        self._set_marks(self.marked | frozenset(here))
        if len(here) < len(rows):
            self._tell(self.RangeWanted(self._generation, rows.start, rows.stop - 1))
        self._repaint()

    def action_leave_range(self) -> None:
        """Give up the range."""
        self._anchor = None
        self._repaint()

    def action_clear_marks(self) -> None:
        """Clear every mark."""
        self._anchor = None
        self._set_marks(frozenset())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to others while no range is open."""
        return self._anchor is not None if action == "leave_range" else True

    def on_click(self, event: events.Click) -> None:
        """Move to the clicked row and column, open it on a double click, or report a clicked title."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        place = self.scroll_offset.x + offset.x
        found = (index for index, placed in enumerate(self._placed) if place < placed.left + placed.width + GAP)
        column = next(found, None)
        if offset.y < HEADER:
            if column is not None:
                self._tell(self.HeaderClicked(self._columns[column].key))
            return
        index = self.scroll_offset.y + offset.y - HEADER
        if index < self._row_count:
            self.column = self.column if column is None else column
            self._move_to(index)
            if event.chain == 2:
                self.action_select()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen: the title line, a row, or the text of an empty table."""
        left, width = self.scroll_offset.x, self.scrollable_content_region.width
        if y == 0:
            return draw_titles(self._placed, self.sort, self._paint).crop_extend(
                left, left + width, self._paint("", "paged-table--header")
            )
        if not self._row_count:
            return draw_empty(self._empty, y - HEADER, width, self.page_height, self._paint)
        index = self.scroll_offset.y + y - HEADER
        if index >= self._row_count:
            return Strip.blank(width, self._paint(""))
        return self._row(index).crop_extend(left, left + width, self._paint("", *self._row_components(index)))

    def _row_components(self, index: int) -> tuple[str, ...]:
        in_range = ("paged-table--range",) if index in self._range else ()
        return (*in_range, "paged-table--cursor") if index == self.cursor else in_range

    def _row(self, index: int) -> Strip:
        row = self._pages.row(index)
        lit_column = self.column if index == self.cursor else None
        key = (index, lit_column, index in self._range)
        strip = self._strips.get(key)
        if strip is None:
            components = self._row_components(index)
            if row is None:
                strip = draw_missing(self._placed, self._paint, components)
            else:
                mark = "●" if row.key in self.marked else "·" if row.mark else " "
                strip = draw_row(row, self._placed, self._paint, components, mark, lit_column)
            self._strips[key] = strip
        return strip
