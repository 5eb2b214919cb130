"""Blocks of figures: what is drawn, where the cursor goes, what is chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import ComposeResult

from tests.widgets.payloads import PAYLOADS, WatchedApp
from widgets.page_column import Block, PageColumn, TableLine
from widgets.plot_view import Curve, Plot, round_ticks

CURVE = Curve("one", "primary", ((0, 1), (50, 30), (100, 2)), (0, 20, 1), (2, 40, 3))
OTHER = Curve("two", "warning", ((0, 3), (50, 10), (100, 6)))


def counts(number: int, groups: int = 1, title: str = "Tiers") -> Block:
    lines = tuple(
        TableLine(
            (f"line {place}", *("1,234",) * groups), (True,) * groups, tuple(place / number for _ in range(groups))
        )
        for place in range(number)
    )
    return Block(title, ("what", *(f"group {place}" for place in range(groups))), lines, words=("Some words.",))


class ColumnApp(WatchedApp):
    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[tuple[int, int, int]] = []

    def compose(self) -> ComposeResult:
        yield PageColumn()

    def on_page_column_chosen(self, event: PageColumn.Chosen) -> None:
        self.chosen.append((event.block, event.line, event.column))

    @property
    def column(self) -> PageColumn:
        return self.query_one(PageColumn)

    @property
    def text(self) -> str:
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())


async def test_the_cursor_goes_over_what_can_be_chosen() -> None:
    app = ColumnApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.column.focus()
        quiet = Block("Sums", ("", "value"), (TableLine(("median", "3")), TableLine(("samples", "9"), (True,))))
        app.column.show([quiet, counts(3)])
        await pilot.press("enter", "j", "enter", "G", "enter", "j", "enter", "g", "enter")
        assert app.chosen == [(0, 1, 0), (1, 0, 0), (1, 2, 0), (1, 2, 0), (0, 1, 0)]


async def test_columns_are_chosen_one_by_one() -> None:
    app = ColumnApp()
    async with app.run_test(size=(120, 24)) as pilot:
        app.column.focus()
        app.column.show([counts(3, groups=3)])
        await pilot.press("l", "enter", "l", "l", "enter", "h", "j", "enter")
        assert app.chosen == [(0, 0, 1), (0, 0, 2), (0, 1, 1)]
        place = app.column.place
        app.column.show([counts(3, groups=3)], place)
        await pilot.press("enter")
        assert app.chosen[-1] == (0, 1, 1)


async def test_every_line_of_a_long_page_is_reached_and_in_sight() -> None:
    app = ColumnApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.column.focus()
        words = Block("Words", words=("word " * 400,))
        app.column.show([counts(30), words, counts(4, title="Last")])
        seen = set()
        for _ in range(120):
            seen.add(app.column.chosen)
            await pilot.press("j")
        assert len(seen) == 34
        assert "line 3" in app.text
        for _ in range(160):
            app.simulate_key("k")
        await pilot.press("k")
        assert app.column.chosen == (0, 0, 0)
        assert "Tiers" in app.text
        await pilot.press("ctrl+d")
        assert app.column.chosen is not None
        assert app.column.chosen[1] > 5


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_curves_take_a_third_at_most_and_name_their_colours(size: tuple[int, int]) -> None:
    app = ColumnApp()
    async with app.run_test(size=size) as pilot:
        app.column.show([Block("Curves", plot=Plot((CURVE, OTHER), (0, 100), "by something")), counts(2)])
        await pilot.pause()
        lines = app.text.split("\n")
        first = next(place for place, line in enumerate(lines) if "what" in line)
        assert first <= size[1] // 3 + 4
        assert "▬ one   ▬ two" in app.text
        assert "by something" in lines[0]
        assert all(number in app.text for number in ("0", "20", "40", "100"))
        app.theme = "textual-light"
        await pilot.resize_terminal(size[0] - 20, size[1])
        await pilot.pause()
        assert "▬ one" in app.text


async def test_levels_have_a_sign_and_bars_their_length() -> None:
    app = ColumnApp()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = (
            TableLine(("good", "1"), bars=(1.0,), level="green"),
            TableLine(("soso", "1"), bars=(0.5,), level="amber"),
            TableLine(("bad", "1"), bars=(None,), level="red"),
        )
        app.column.show([Block("Levels", ("", "n"), lines)])
        await pilot.pause()
        assert [sign in app.text for sign in "✓!✗"] == [True] * 3
        good, soso, bad = (next(x for x in app.text.split("\n") if f"{name} " in x) for name in ("good", "soso", "bad"))
        assert (good.count("█"), soso.count("█"), bad.count("█")) == (32, 16, 0)


async def test_a_map_shows_figures_and_chooses_cells() -> None:
    app = ColumnApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.column.focus()
        line = TableLine(("tier 1", "60%", "·"), (True, True), tints=(0.6, 0.0))
        app.column.show([Block("Map", ("", "Python", "C"), (line,))])
        await pilot.press("l", "enter")
        assert "60%" in app.text
        assert app.chosen == [(0, 0, 1)]


async def test_a_line_is_clicked_twice_to_be_chosen() -> None:
    app = ColumnApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.column.show([counts(3)])
        await pilot.pause()
        await pilot.click(PageColumn, offset=(5, 3))
        assert (app.column.chosen, app.chosen) == ((0, 1, 0), [])
        await pilot.click(PageColumn, offset=(5, 3))
        assert app.chosen == [(0, 1, 0)]


@pytest.mark.parametrize("name", PAYLOADS)
async def test_foreign_text_is_only_shown(name: str) -> None:
    text = PAYLOADS[name]
    app = ColumnApp()
    async with app.run_test(size=(60, 20)) as pilot:
        line = TableLine((text, text, text), (True, True), (0.5, 0.5))
        app.column.show([Block(text, (text, text, text), (line,), Plot((OTHER,), (0, 100), text), (text,))])
        await pilot.pause()
        assert not app.harm()
        app.column.show_words(text)
        await pilot.pause()
        assert not app.harm()
        assert not app.pwned
        for strip in app.screen._compositor.render_strips():
            assert cell_len(strip.text) <= 60


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 6))
def test_ticks_are_round_and_few(low: float, span: float, many: int) -> None:
    ticks = round_ticks(low, low + span, many)
    assert len(ticks) <= many + 1
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in ticks)
