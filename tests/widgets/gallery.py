"""Every widget in one small app, to look at: `python tests/widgets/gallery.py` from the project's root."""

from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from widgets.code_view import CodeView
from widgets.diff_view import DiffLine, DiffView
from widgets.facets import Facet, FacetList
from widgets.filter_bar import FilterBar
from widgets.paged_table import Column, PagedTable, Row
from widgets.prompts import Ask, Confirm, Key, KeyGroup, KeySheet, Pick, Progress
from widgets.weight_grid import LEVEL_SIGNS, Stage, Tier, WeightCell, WeightGrid

ROWS = 10_000_000
COLUMNS = (
    Column("id", "id", 8),
    Column("tier", "T", 2),
    Column("path", "path", 14, flexible=True),
    Column("tokens", "tokens", 7, "right"),
    Column("quality", "qual", 5, "right"),
)
STYLES = ("$text-success bold", "$text-primary bold", "$text-warning bold", "$foreground 60%")
PATHS = ("src/main.py", "漢字/かな.rs", "a/very/long/path/that/goes/on/and/on/module.go", "x[/]y \x1b]2;t\x07")
TIERS = ("1 expert", "2 professional", "3 educational", "4 unfiltered", "– not tiered")
CODE = (
    Path(__file__).read_text("utf-8")
    + "\tif x {\n\t\treturn \u202eevil\u2066 ⟨202E⟩ [@click=app.bell]z \x1b]52;c;a\x07\r\n"
)


STAGES = (Stage("pre", "Pre-training", "2.0T tokens"), Stage("con", "Continued"), Stage("fine", "Fine-tuning"))
KEYS = KeyGroup("table", (Key("j k", "move"), Key("space", "mark"), Key("1-4", "set the tier", "read-only")))


def row(index: int) -> Row:
    tier = index % 4 + 1
    cells = (
        f"{index:08d}",
        (str(tier), STYLES[tier - 1]),
        PATHS[index % 4],
        f"{index * 37 % 9000:,}",
        f"{index % 100}",
    )
    return Row(index, cells)


class Weights(Screen[None]):
    """The grid of weights, which takes every wish."""

    BINDINGS: ClassVar = [("escape", "app.pop_screen", "Back")]

    def __init__(self) -> None:
        super().__init__()
        self.weights = {(stage.key, str(tier)): 10.0 * tier for stage in STAGES for tier in range(1, 5)}

    def compose(self) -> ComposeResult:
        yield WeightGrid()

    def on_mount(self) -> None:
        tiers = [Tier(label[0], label, style) for label, style in zip(TIERS, STYLES, strict=False)]
        cells = [
            WeightCell(stage, tier, weight, int(weight * 10**9), weight / 8, 10**9, level, f"a note of level {level}")
            for (stage, tier), weight in self.weights.items()
            for level in [list(LEVEL_SIGNS)[int(tier) - 1]]
        ]
        self.query_one(WeightGrid).show(STAGES, tiers, cells)

    def on_weight_grid_weight_wanted(self, wanted: WeightGrid.WeightWanted) -> None:
        self.weights[wanted.stage, wanted.tier] = wanted.value
        self.on_mount()


class Comparison(Screen[None]):
    """Two texts of which the second has another line and another word."""

    BINDINGS: ClassVar = [("escape", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        yield DiffView()

    def on_mount(self) -> None:
        left = CODE.split("\n")
        right = [*left[:2], "import os", *left[3:40], left[40].replace("cells", "parts"), *left[41:]]
        lines = [DiffLine("same", number, number) for number in range(1, len(left) + 1)]
        lines[40] = DiffLine("changed", 41, 41, ((4, 9),), ((4, 9),))
        lines[2:3] = [DiffLine("removed", 3, None), DiffLine("added", None, 3)]
        titles = {"left_title": "0000123 " + PATHS[0], "right_title": "0000456 " + PATHS[3]}
        self.query_one(DiffView).show(left, right, lines, "Python", notice="95 % alike", **titles)


class Gallery(App[None]):
    CSS = """
    #side { width: 30; padding: 0 1; background: $surface; }
    FacetList { margin: 0 0 1 0; }
    PagedTable { height: 1fr; }
    CodeView { height: 1fr; }
    """
    BINDINGS: ClassVar = [
        ("slash", "filter", "Filter"),
        ("f2", "busy", "Busy"),
        ("f3", "error", "Error"),
        ("f4", "weights", "Weights"),
        ("f5", "prompt('ask')", "Ask"),
        ("f6", "prompt('confirm')", "Confirm"),
        ("f7", "prompt('pick')", "Pick"),
        ("f8", "prompt('progress')", "Progress"),
        ("f9", "light", "Light"),
        ("f10", "comparison", "Comparison"),
        ("question_mark", "prompt('keys')", "Keys"),
    ]

    def compose(self) -> ComposeResult:
        yield FilterBar()
        with Horizontal():
            with Vertical(id="side"):
                yield FacetList("tier", id="tier")
                yield FacetList("language", id="language")
            with Vertical():
                yield PagedTable(id="table")
                yield CodeView(id="code")

    def on_mount(self) -> None:
        table = self.query_one(PagedTable)
        table.sort = ("tokens", True)
        table.show(COLUMNS, ROWS)
        table.focus()
        counts = (12_345, 402_000, 1_200_345, 90_210, 0)
        tiers = [
            Facet(str(number), label, count, count * 310, (*STYLES, "")[number])
            for number, (label, count) in enumerate(zip(TIERS, counts, strict=True))
        ]
        self.query_one("#tier", FacetList).show(tiers, frozenset({"1"}))
        languages = [
            Facet(name, name, 90_000 // (place + 1), None) for place, name in enumerate(("Python", "Rust", "x[/]y\x1b"))
        ]
        self.query_one("#language", FacetList).show(languages)
        self.query_one(CodeView).show(CODE, "Python")
        self.query_one(FilterBar).set_text("tier:1 lang:rust")

    def on_paged_table_page_wanted(self, wanted: PagedTable.PageWanted) -> None:
        first = wanted.page * wanted.size
        rows = [row(index) for index in range(first, min(first + wanted.size, ROWS))]
        self.query_one(PagedTable).set_page(wanted.generation, wanted.page, rows)

    def on_facet_list_facet_toggled(self, toggled: FacetList.FacetToggled) -> None:
        facets = self.query_one(f"#{toggled.facet_list_id}", FacetList)
        facets.selected = facets.selected ^ {toggled.key}

    def action_filter(self) -> None:
        self.query_one(FilterBar).edit()

    def action_busy(self) -> None:
        self.query_one(FilterBar).busy("searching the text of 2,002,541 samples", 42)

    def action_error(self) -> None:
        self.query_one(FilterBar).error("There is no column `teir`. Did you mean tier?")

    def action_light(self) -> None:
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"

    def action_weights(self) -> None:
        self.push_screen(Weights())

    def action_comparison(self) -> None:
        self.push_screen(Comparison())

    def action_prompt(self, name: str) -> None:
        prompts = {
            "ask": lambda: Ask("Go to", "row number or id"),
            "confirm": lambda: Confirm("Relabel 12,345 samples as tier 2?", "u undoes it.", "y", "yes, relabel", "no"),
            "pick": lambda: Pick("Copy", [("id", "id", "0000123"), ("path", "path", "x[/]y")]),
            "progress": lambda: Progress("Exporting"),
            "keys": lambda: KeySheet([KEYS]),
        }
        self.push_screen(prompts[name]())

    def on_filter_bar_left(self) -> None:
        self.query_one(PagedTable).focus()


if __name__ == "__main__":
    Gallery().run()
