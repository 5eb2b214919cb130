from typing import TypeVar

import pyte
import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.message import Message

from tests.widgets.payloads import PAYLOADS, WatchedApp
from widgets.columns import lay
from widgets.page_store import PAGE_SIZE
from widgets.paged_table import Column, PagedTable, Row

COLUMNS = (
    Column("id", "id", 8),
    Column("path", "path", 10, flexible=True),
    Column("tokens", "tokens", 10, "right"),
)
Kind = TypeVar("Kind", bound=Message)
SIZES = ((60, 20), (80, 24), (160, 45))


def row(index: int, note: str = "") -> Row:
    return Row(f"k{index}", (f"{index}", (f"漢字/{index}{note}", "$text-success bold"), f"{index:,}"))


class TableApp(WatchedApp):
    """Answers the pages that a table wants, or keeps them back."""

    def __init__(self, row_count: int = 10_000_000, answers: bool = True) -> None:
        super().__init__()
        self.row_count = row_count
        self.answers = answers
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield PagedTable(empty="No sample matches.\nesc clears the filter.")

    def on_mount(self) -> None:
        self.table.show(COLUMNS, self.row_count)
        self.table.focus()

    @property
    def table(self) -> PagedTable:
        return self.query_one(PagedTable)

    def answer(self, wanted: PagedTable.PageWanted, note: str = "") -> None:
        first = wanted.page * wanted.size
        rows = [row(index, note) for index in range(first, min(first + wanted.size, self.row_count))]
        self.table.set_page(wanted.generation, wanted.page, rows)

    def on_paged_table_page_wanted(self, wanted: PagedTable.PageWanted) -> None:
        self.heard.append(wanted)
        if self.answers:
            self.answer(wanted)

    def on_paged_table_row_highlighted(self, message: PagedTable.RowHighlighted) -> None:
        self.heard.append(message)

    def on_paged_table_row_selected(self, message: PagedTable.RowSelected) -> None:
        self.heard.append(message)

    def on_paged_table_header_clicked(self, message: PagedTable.HeaderClicked) -> None:
        self.heard.append(message)

    def on_paged_table_marks_changed(self, message: PagedTable.MarksChanged) -> None:
        self.heard.append(message)

    def on_paged_table_range_wanted(self, message: PagedTable.RangeWanted) -> None:
        self.heard.append(message)

    def told(self, kind: type[Kind]) -> list[Kind]:
        return [message for message in self.heard if isinstance(message, kind)]


@pytest.mark.parametrize("size", SIZES)
async def test_ten_million_rows_are_walked_from_end_to_end(size: tuple[int, int]) -> None:
    app = TableApp()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        lines = app.screen_lines()
        assert "id" in lines[0]
        assert lines[1].split()[0] == "0"
        assert all(cell_len(line) == size[0] for line in lines)
        await pilot.press("G")
        await pilot.pause()
        assert app.table.cursor == 9_999_999
        assert app.screen_lines()[-1].split() == ["9999999", "漢字/9999999", "9,999,999"]
        await pilot.press("ctrl+u", "pageup", "k", "g")
        await pilot.pause()
        assert app.table.cursor == 0
        assert app.screen_lines()[1].split()[0] == "0"
        assert len(app.told(PagedTable.PageWanted)) < 10


async def test_a_page_that_is_not_here_never_holds_the_cursor() -> None:
    app = TableApp(answers=False)
    async with app.run_test() as pilot:
        await pilot.press("j", "j", "pagedown", "G")
        await pilot.pause()
        assert app.table.cursor == 9_999_999
        assert "·" in app.screen_lines()[-1]
        last = app.told(PagedTable.PageWanted)[-1]
        assert last.page == 9_999_999 // PAGE_SIZE
        app.answer(last)
        await pilot.pause()
        assert "9999999" in app.screen_lines()[-1]
        assert app.told(PagedTable.RowHighlighted)[-1].row == row(9_999_999)


async def test_a_page_of_an_older_view_is_dropped() -> None:
    app = TableApp(answers=False)
    async with app.run_test() as pilot:
        await pilot.pause()
        old = app.told(PagedTable.PageWanted)[-1]
        app.table.show(COLUMNS, 50)
        app.answer(old, note=" old")
        await pilot.pause()
        assert app.table.row_at(0) is None
        app.answer(app.told(PagedTable.PageWanted)[-1], note=" new")
        await pilot.pause()
        assert "new" in app.screen_lines()[1]


async def test_asking_again_keeps_the_rows_and_the_cursor() -> None:
    app = TableApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.table.go_to(1000)
        await pilot.pause()
        app.answers = False
        app.table.invalidate()
        await pilot.pause()
        assert app.table.cursor == 1000
        assert app.table.row_at(1000) == row(1000)
        app.answer(app.told(PagedTable.PageWanted)[-1], note=" again")
        await pilot.pause()
        assert app.table.highlighted == row(1000, " again")
        app.table.update_row(1000, row(1000, " alone"))
        await pilot.pause()
        assert app.told(PagedTable.RowHighlighted)[-1].row == row(1000, " alone")
        app.table.show(COLUMNS, 500, keep_cursor=True)
        assert app.table.cursor == 499


async def test_marks_and_ranges() -> None:
    app = TableApp(row_count=1000)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("space", "space", "j", "v", "j", "j", "v")
        await pilot.pause()
        assert app.table.marked == {"k0", "k1", "k3", "k4", "k5"}
        assert app.told(PagedTable.MarksChanged)[-1].marked == app.table.marked
        assert [line.startswith("●") for line in app.screen_lines()[1:7]] == [True, True, False, True, True, True]
        await pilot.press("g", "space")
        assert "k0" not in app.table.marked
        await pilot.press("v", "G", "escape", "v", "space")
        assert app.table.marked == {"k1", "k3", "k4", "k5", "k999"}
        await pilot.press("M", "g", "v", "G", "v")
        await pilot.pause()
        wish = app.told(PagedTable.RangeWanted)[-1]
        assert (wish.first, wish.last) == (0, 999)
        app.table.mark_keys(f"k{index}" for index in range(1000))
        assert len(app.table.marked) == 1000


async def test_escape_is_free_while_no_range_is_open() -> None:
    class Leaving(TableApp):
        left = 0
        BINDINGS = [("escape", "leave", "Leave")]  # noqa: RUF012

        def action_leave(self) -> None:
            self.left += 1

    app = Leaving()
    async with app.run_test() as pilot:
        await pilot.press("v", "escape")
        assert app.left == 0
        await pilot.press("escape")
        assert app.left == 1


async def test_the_mouse_chooses_rows_and_titles() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(PagedTable, offset=(4, 5))
        assert (app.table.cursor, app.table.column) == (4, 0)
        await pilot.click(PagedTable, offset=(75, 0))
        assert app.told(PagedTable.HeaderClicked)[-1].key == "tokens"
        app.table.sort = ("tokens", True)
        await pilot.pause()
        assert "tokens▼" in app.screen_lines()[0]
        await pilot.press("enter")
        assert app.told(PagedTable.RowSelected)[-1].row == row(4)


async def test_columns_beyond_the_width_are_reached_sideways() -> None:
    app = TableApp(row_count=3)
    async with app.run_test(size=(60, 20)) as pilot:
        wide = tuple(Column(f"c{number}", f"title{number}", 20) for number in range(9))
        app.table.show(wide, 3)
        await pilot.pause()
        assert "title8" not in app.screen_lines()[0]
        await pilot.press(*["l"] * 8)
        await pilot.pause()
        assert app.table.column == 8
        assert "title8" in app.screen_lines()[0]
        await pilot.press(*["h"] * 8)
        await pilot.pause()
        assert "title0" in app.screen_lines()[0]


async def test_an_empty_table_says_why() -> None:
    app = TableApp(row_count=0)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("j", "G", "space", "enter", "v", "v")
        await pilot.pause()
        assert any("No sample matches." in line for line in app.screen_lines())
        assert not app.told(PagedTable.PageWanted)
        assert not app.told(PagedTable.RowSelected)


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_terminal_puts_the_next_column_where_it_belongs(name: str) -> None:
    screen = pyte.Screen(40, 2)
    pyte.Stream(screen).feed(lay(PAYLOADS[name], 20, "left") + "|" + lay(PAYLOADS[name], 10, "right") + "|")
    assert screen.buffer[0][20].data == "|"
    assert screen.buffer[0][31].data == "|"
