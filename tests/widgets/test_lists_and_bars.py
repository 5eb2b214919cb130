from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.message import Message

from tests.widgets.payloads import PAYLOADS, WatchedApp
from widgets.facets import Facet, FacetList
from widgets.filter_bar import FilterBar
from widgets.paged_table import Column, PagedTable, Row
from widgets.weight_grid import LEVEL_SIGNS, Stage, Tier, WeightCell, WeightGrid

TIERS = (
    Facet("1", "1 expert", 12_345, 45_100_000, "$text-success bold"),
    Facet("2", "2 professional", 402_000, 1_246_000_000),
    Facet("3", "3 educational", 1_200_345, 372_000_000, is_exact=False),
    Facet("4", "4 unfiltered", 0, 0),
)
STAGES = (Stage("pre", "Pre-training", "2.0T tokens"), Stage("con", "Continued"), Stage("fine", "Fine-tuning"))
GRID_TIERS = tuple(Tier(str(number), f"{number} tier") for number in range(1, 5))


class BarApp(WatchedApp):
    CSS = "FacetList { width: 30; }"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []
        self.weights = {(stage.key, tier.key): 25.0 for stage in STAGES for tier in GRID_TIERS}

    def hear(self, message: Message) -> None:
        self.heard.append(message)

    on_facet_list_facet_toggled = hear
    on_filter_bar_filter_submitted = hear
    on_filter_bar_filter_cleared = hear
    on_filter_bar_left = hear
    on_filter_bar_cancel_wanted = hear

    def on_weight_grid_weight_wanted(self, message: WeightGrid.WeightWanted) -> None:
        self.heard.append(message)
        self.weights[message.stage, message.tier] = message.value
        self.show_weights()

    def show_weights(self, levels: Sequence[str] = tuple(LEVEL_SIGNS)) -> None:
        cells = [
            WeightCell(stage, tier, weight, int(weight * 10**9), weight / 10, 10**9, levels[place % 4], f"note {place}")
            for place, ((stage, tier), weight) in enumerate(self.weights.items())
        ]
        self.query_one(WeightGrid).show(STAGES, GRID_TIERS, cells)


class FacetApp(BarApp):
    def compose(self) -> ComposeResult:
        yield FacetList("tier", id="tier")


class FilterApp(BarApp):
    def compose(self) -> ComposeResult:
        yield FilterBar()
        yield PagedTable()


class GridApp(BarApp):
    def compose(self) -> ComposeResult:
        yield WeightGrid()

    def on_mount(self) -> None:
        self.show_weights()
        self.query_one(WeightGrid).focus()


@pytest.mark.parametrize("width", [20, 24, 28, 34])
async def test_facets_stay_aligned_and_counts_whole(width: int) -> None:
    app = FacetApp()
    async with app.run_test(size=(80, 24)) as pilot:
        facets = app.query_one(FacetList)
        facets.styles.width = width
        facets.show(TIERS, frozenset({"2"}))
        await pilot.pause()
        lines = [line[:width] for line in app.screen_lines()[:5]]
        assert all(cell_len(line) == width for line in lines)
        assert [line.startswith("✓") for line in lines] == [False, False, True, False, False]
        for facet, line in zip(TIERS, lines[1:], strict=True):
            assert f" {facet.count:,}" in line
        ends = {
            line.index(f"{facet.count:,}") + len(f"{facet.count:,}")
            for facet, line in zip(TIERS, lines[1:], strict=True)
        }
        assert len(ends) == 1
        assert ("~372M" in lines[3]) == (width >= 28)


async def test_facets_are_toggled_by_keys_and_mouse() -> None:
    app = FacetApp()
    async with app.run_test(size=(80, 24)) as pilot:
        facets = app.query_one(FacetList)
        facets.show(TIERS)
        facets.focus()
        await pilot.press("j", "space", "G", "enter", "k")
        await pilot.click(FacetList, offset=(3, 1))
        assert [message.key for message in app.heard] == ["2", "4", "1"]
        assert {message.facet_list_id for message in app.heard} == {"tier"}
        facets.show(TIERS[::-1])
        assert facets.facets[facets.cursor].key == "1"
        facets.show(())
        await pilot.press("j", "space")
        assert len(app.heard) == 3


async def test_a_filter_is_typed_recalled_and_left() -> None:
    app = FilterApp()
    async with app.run_test(size=(80, 24)) as pilot:
        bar = app.query_one(FilterBar)
        bar.set_text("tier:1")
        bar.set_history(("b", "a", "b"))
        assert bar.history == ("b", "a")
        bar.edit()
        await pilot.press("space", "x", "enter")
        assert app.heard[-1] == FilterBar.FilterSubmitted("tier:1 x")
        assert bar.history == ("tier:1 x", "b", "a")
        assert bar.applied == "tier:1", "a filter is in force only once the parent says so"
        bar.set_text("tier:1 x")
        await pilot.press("y", "up", "up", "up", "up")
        assert bar.text == "a"
        await pilot.press("down", "down", "down", "down")
        assert bar.text == "tier:1 xy"
        await pilot.press("escape")
        assert isinstance(app.heard[-1], FilterBar.Left)
        assert bar.text == bar.applied == "tier:1 x"
        await pilot.press("ctrl+u", "enter")
        assert isinstance(app.heard[-1], FilterBar.FilterCleared)


async def test_an_error_takes_a_line_only_while_it_stands() -> None:
    app = FilterApp()
    async with app.run_test(size=(60, 20)) as pilot:
        bar = app.query_one(FilterBar)
        await pilot.pause()
        assert bar.size.height == 1
        bar.set_text("teir:1")
        bar.error("There is no column teir [/]. Did you mean tier?")
        await pilot.pause()
        assert "There is no column teir [/]." in app.screen_lines()[1]
        bar.edit()
        await pilot.press("x")
        await pilot.pause()
        assert bar.size.height == 1
        bar.busy("searching 2,002,541 samples", 42)
        await pilot.press("y")
        await pilot.pause()
        assert "searching 2,002,541 samples 42% · esc stops it" in app.screen_lines()[1]
        await pilot.press("escape")
        assert isinstance(app.heard[-1], FilterBar.CancelWanted)


async def test_weights_are_wished_for_by_steps_and_by_typing() -> None:
    app = GridApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "l", "minus", "right_square_bracket")
        assert app.weights["pre", "1"] == 31
        await pilot.press("pagedown", "j", "shift+left", "left")
        assert app.weights["con", "2"] == 19
        await pilot.press("enter", "3", "x", "7", "backspace", "3", ".", "5", "enter")
        assert app.weights["con", "2"] == 33.5
        await pilot.press("enter", "9", "escape", "enter", "9", "j", "k", "enter")
        assert app.weights["con", "2"] == 9
        await pilot.press("enter", "9", "9", "9", "enter")
        assert app.weights["con", "2"] == 9, "a weight beyond the whole is refused, not bent"
        assert any("999 is no weight" in line for line in app.screen_lines())
        await pilot.press("enter", "1", "0", "0", "enter", "right")
        assert app.weights["con", "2"] == 100
        sent = len(app.heard)
        await pilot.press("right", "enter", "enter", "enter", ".", "enter")
        assert len(app.heard) == sent
        await pilot.click(WeightGrid, offset=(5, 16))
        assert app.query_one(WeightGrid).chosen == WeightCell("fine", "4", 25, 25 * 10**9, 2.5, 10**9, "red", "note 11")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 45), (160, 12)])
async def test_all_weights_are_on_the_screen(size: tuple[int, int]) -> None:
    app = GridApp()
    async with app.run_test(size=size) as pilot:
        await pilot.press("G")
        await pilot.pause()
        lines = app.screen_lines()
        assert all(cell_len(line) == size[0] for line in lines)
        assert sum(line.count("25%") for line in lines) == 12
        assert sum(line.count("25.0B") for line in lines) == 12
        assert any("note 11" in line for line in lines)
        assert all(any(stage.title in line for line in lines) for stage in STAGES)


class HostileApp(WatchedApp):
    """Every payload in every place of every widget."""

    CSS = "PagedTable { height: 14; } FacetList { height: 8; } WeightGrid { height: 8; }"

    def compose(self) -> ComposeResult:
        yield FilterBar(placeholder=PAYLOADS["title"], prompt=PAYLOADS["colour"])
        yield PagedTable(empty=PAYLOADS["markup action"])
        yield FacetList(PAYLOADS["title"])
        yield WeightGrid()

    def fill(self, payload: str) -> None:
        table = self.query_one(PagedTable)
        columns = (Column("a", payload, 9), Column("b", payload, 9, "right"), Column("c", "c", 4, flexible=True))
        generation = table.show(columns, 3)
        rows = [Row(f"{payload}{place}", (payload, (payload, "$error"), f"|{payload}|")) for place in range(3)]
        table.set_page(generation, 0, rows)
        self.query_one(FacetList).show(
            [Facet(payload, payload, 5, 5), Facet("x", f"x{payload}", 0)], frozenset({payload})
        )
        stage, tier = Stage(payload, payload, payload), Tier(payload, payload)
        self.query_one(WeightGrid).show([stage], [tier], [WeightCell(payload, payload, 1, 1, 1, 1, "red", payload)])
        bar = self.query_one(FilterBar)
        bar.set_text(payload)
        bar.error(payload)


async def test_every_payload_is_shown_in_every_list_and_none_acts() -> None:
    app = HostileApp()
    async with app.run_test(size=(80, 45)) as pilot:
        for name, payload in PAYLOADS.items():
            app.fill(payload)
            await pilot.pause()
            assert not app.harm(), name
            assert app.query_one(FilterBar).size.height > 1
            assert all(cell_len(line) == 80 for line in app.screen_lines()), name
        for y in range(1, 30, 3):
            await pilot.click(offset=(4, y))
        app.query_one(FilterBar).busy(PAYLOADS["markup action"])
        app.query_one(PagedTable).show((), 0)
        await pilot.pause()
        assert not app.harm()
        assert app.pwned == 0


class EarlyApp(WatchedApp):
    """Shows before anything is on the screen."""

    def compose(self) -> ComposeResult:
        bar, table, facets, grid = FilterBar(), PagedTable(), FacetList("tier"), WeightGrid()
        generation = table.show((Column("id", "id", 8),), 2)
        table.set_page(generation, 0, [Row(1, ("early",)), Row(2, ("bird",))])
        table.styles.height = facets.styles.height = grid.styles.height = 6
        facets.show(TIERS)
        grid.show(STAGES, GRID_TIERS, [WeightCell("pre", "1", 7, 1, 1, 1)])
        yield bar
        yield table
        yield facets
        yield grid


async def test_a_widget_may_be_filled_before_it_is_on_the_screen() -> None:
    app = EarlyApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = "\n".join(app.screen_lines())
        assert "early" in text
        assert "1 expert" in text
        assert "7%" in text
