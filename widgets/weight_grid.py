"""A grid of weights, one block per stage and one row per tier, with what each weight costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets import numbers
from widgets.columns import lay
from widgets.paint import Paint
from widgets.scrolling import QuietScroll
from widgets.visible import visible_line

Level = Literal["ok", "info", "amber", "red"]

HEADER = 1
SPACE = 1
NOTE = 1
LEAST_BLOCK = 52
WIDEST_BAR = 60
WIDEST_BLOCK = 110
NUMBERS = 7 + 1 + 6 + 1 + 9 + 1 + 1
LEVEL_SIGNS: dict[Level, tuple[str, str]] = {
    "ok": (" ", "$foreground 75%"),
    "info": ("i", "$text-primary"),
    "amber": ("!", "$text-warning bold"),
    "red": ("X", "$text-error bold"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A block of the grid."""

    key: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tier:
    """A row of every block."""

    key: str
    label: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class WeightCell:
    """The weight of a tier in a stage, in percent, and what it draws."""

    stage: str
    tier: str
    weight: float
    tokens: int
    epochs: float
    effective: int
    level: Level = "ok"
    note: str = ""


class WeightGrid(QuietScroll, can_focus=True):
    """Shows weights and posts wishes to change them; the parent shows what comes of it."""

    ALLOW_SELECT = False
    HELP = """
## Weights

`j` `k` or the arrows choose a tier, `pgup` `pgdn` a stage. `h` `l`, left and right or `-` `+` change the weight by one,
`[` `]` or shift with left and right by five. `enter` types a weight: `enter` again sets it, `esc` leaves it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", "Next weight", show=False, id="weights.down"),
        Binding("k,up", "move(-1)", "Weight before", show=False, id="weights.up"),
        Binding("pagedown,ctrl+f,ctrl+d", "stage(1)", "Next stage", show=False, id="weights.next_stage"),
        Binding("pageup,ctrl+b,ctrl+u", "stage(-1)", "Stage before", show=False, id="weights.stage_before"),
        Binding("g,home", "move(-1000)", "First", show=False, id="weights.top"),
        Binding("G,end", "move(1000)", "Last", show=False, id="weights.bottom"),
        Binding("left,h,minus", "change(-1)", "Less", show=False, id="weights.less"),
        Binding("right,l,plus,equals_sign", "change(1)", "More", show=False, id="weights.more"),
        Binding("shift+left,left_square_bracket", "change(-5)", "Less by 5", show=False, id="weights.less_by_5"),
        Binding("shift+right,right_square_bracket", "change(5)", "More by 5", show=False, id="weights.more_by_5"),
        Binding("enter", "type", "Type a weight", show=False, id="weights.type"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "weight-grid--title",
        "weight-grid--head",
        "weight-grid--cursor",
        "weight-grid--typed",
    }
    DEFAULT_CSS = """
    WeightGrid {
        background: $surface;
        color: $foreground;
        & > .weight-grid--title { text-style: bold; background: $panel; }
        & > .weight-grid--head { color: $foreground 65%; background: $panel; }
        & > .weight-grid--cursor { background: $foreground 8%; }
        & > .weight-grid--typed { background: $background; text-style: bold; }
        &:focus > .weight-grid--cursor { background: $primary 40%; }
    }
    """

    cursor: reactive[int] = reactive(0)
    """The chosen cell, counted through the tiers of the first stage, then of the next."""

    @dataclass
    class WeightWanted(Message):
        """The curator wants another weight, between 0 and 100."""

        stage: str
        tier: str
        value: float
        step: float = 0.0
        """How far the shown weight was moved; a weight that changed since it was shown is moved as far from there."""

    class Moved(Message):
        """Another weight was chosen."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._stages: tuple[Stage, ...] = ()
        self._tiers: tuple[Tier, ...] = ()
        self._cells: dict[tuple[str, str], WeightCell] = {}
        self._typed: str | None = None
        self._refused = ""
        self._paint = Paint(self)

    def show(self, stages: Sequence[Stage], tiers: Sequence[Tier], cells: Sequence[WeightCell]) -> None:
        """Show other weights; the cursor stays in its place."""
        self._stages, self._tiers = tuple(stages), tuple(tiers)
        self._cells = {(cell.stage, cell.tier): cell for cell in cells}
        self.cursor = max(0, min(self.cursor, len(stages) * len(tiers) - 1))
        self._lay_out()

    @property
    def chosen(self) -> WeightCell | None:
        """The cell under the cursor."""
        return self._cell(self.cursor)

    @property
    def is_typing(self) -> bool:
        """Whether a weight is being typed."""
        return self._typed is not None

    def _cell(self, index: int) -> WeightCell | None:
        if not self._tiers or index >= len(self._stages) * len(self._tiers):
            return None
        stage, tier = divmod(index, len(self._tiers))
        return self._cells.get((self._stages[stage].key, self._tiers[tier].key))

    @property
    def _is_wide(self) -> bool:
        """Whether blocks stand side by side: bars are longer one below the other, so only where the height is short."""
        width, height = self.scrollable_content_region.size
        is_short = height < len(self._stages) * (self._block_height + SPACE) - SPACE + NOTE
        return is_short and len(self._stages) > 1 and width // len(self._stages) >= LEAST_BLOCK

    @property
    def _block_height(self) -> int:
        return HEADER + len(self._tiers)

    def _lay_out(self) -> None:
        blocks = 1 if self._is_wide else len(self._stages)
        self.virtual_size = Size(0, blocks * (self._block_height + SPACE) - SPACE + NOTE)
        self.refresh()

    def on_resize(self) -> None:
        """Lay the blocks side by side or one below the other."""
        self._lay_out()
        self._reveal()

    def notify_style_update(self) -> None:
        """Paint anew after a change of theme or focus."""
        super().notify_style_update()
        self._paint.clear()

    def watch_cursor(self) -> None:
        """Show the chosen cell; what was typed for another is dropped."""
        self._typed = None
        self.post_message(self.Moved())
        self._reveal()
        self.refresh()

    def _reveal(self) -> None:
        if not self._tiers:
            return
        stage, tier = divmod(self.cursor, len(self._tiers))
        y = HEADER + tier + (0 if self._is_wide else stage * (self._block_height + SPACE))
        height = max(1, self.scrollable_content_region.height - NOTE)
        top = self.scroll_offset.y
        if y - HEADER < top:
            self.scroll_to(y=y - HEADER, animate=False, force=True)
        elif y >= top + height:
            self.scroll_to(y=y - height + 1, animate=False, force=True)

    def action_move(self, step: int) -> None:
        """Choose another cell."""
        self.cursor = max(0, min(self.cursor + step, len(self._stages) * len(self._tiers) - 1))

    def action_stage(self, step: int) -> None:
        """Choose the same tier in another stage."""
        target = self.cursor + step * len(self._tiers)
        if 0 <= target < len(self._stages) * len(self._tiers):
            self.cursor = target

    def action_change(self, step: int) -> None:
        """Wish for more or less of the chosen tier."""
        if (cell := self.chosen) is not None:
            self._wish(cell, cell.weight + step, step)

    def action_type(self) -> None:
        """Begin to type a weight."""
        if self.chosen is not None:
            self._typed = ""
            self.refresh()

    def _wish(self, cell: WeightCell, value: float, step: float = 0.0) -> None:
        bounded = round(max(0.0, min(100.0, value)), 2)
        if bounded != cell.weight:
            self.post_message(self.WeightWanted(cell.stage, cell.tier, bounded, step))

    def on_key(self, event: events.Key) -> None:
        """Take the keys of a weight being typed."""
        if self._refused:
            self._refused = ""
            self.refresh()
        if self._typed is None:
            return
        event.stop()
        event.prevent_default()
        if event.key == "enter":
            self._set_typed(self._typed)
        elif event.key == "backspace":
            self._typed = self._typed[:-1]
        elif event.character is not None and event.character in "0123456789." and len(self._typed) < 5:
            self._typed += event.character
        elif event.key == "escape":
            self._typed = None
        self.refresh()

    def _set_typed(self, typed: str) -> None:
        self._typed = None
        try:
            value = float(typed)
        except ValueError:
            return
        if value > 100:
            self._refused = f"{typed} is no weight: a tier has at most 100 percent of a stage"
            self.refresh()
            return
        if (cell := self.chosen) is not None:
            self._wish(cell, value)

    def on_blur(self) -> None:
        """Drop what was typed."""
        self._typed = None
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked cell."""
        offset = event.get_content_offset(self)
        if offset is None or not self._tiers:
            return
        block, line = divmod(self.scroll_offset.y + offset.y, self._block_height + SPACE)
        if self._is_wide:
            block = offset.x * len(self._stages) // max(1, self.scrollable_content_region.width) if not block else 99
        if block < len(self._stages) and HEADER <= line < self._block_height:
            self.cursor = block * len(self._tiers) + line - HEADER

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen; the last one says what is the matter with the chosen weight."""
        region = self.scrollable_content_region
        blank = self._paint("")
        if not self._stages or not self._tiers:
            return Strip.blank(region.width, blank)
        if y == min(region.height, self.virtual_size.height) - NOTE:
            return self._note_line(region.width)
        block, line = divmod(self.scroll_offset.y + y, self._block_height + SPACE)
        if line >= self._block_height or block >= (1 if self._is_wide else len(self._stages)):
            return Strip.blank(region.width, blank)
        if not self._is_wide:
            line_segments = self._block_line(block, line, min(region.width, WIDEST_BLOCK))
            return Strip(line_segments).crop_extend(0, region.width, blank)
        share = region.width // len(self._stages)
        segments: list[Segment] = []
        for stage in range(len(self._stages)):
            last = stage == len(self._stages) - 1
            width = region.width - share * stage if last else share - 2
            segments += [*self._block_line(stage, line, width), *([] if last else [Segment("  ", blank)])]
        return Strip(segments).crop_extend(0, region.width, blank)

    def _note_line(self, width: int) -> Strip:
        cell = self.chosen
        note = cell.note if cell is not None else ""
        _, style = LEVEL_SIGNS[cell.level if cell is not None else "ok"]
        if self._refused:
            note, style = self._refused, LEVEL_SIGNS["red"][1]
        elif self.is_typing:
            note, style = "type a weight from 0 to 100 · enter sets it · esc leaves it", "$text-primary"
        text = " " + visible_line(note, max(1, width - 1)) if note else ""
        return Strip([Segment(text, self._paint(style))]).crop_extend(0, width, self._paint(""))

    def _block_line(self, stage: int, line: int, width: int) -> list[Segment]:
        return self._head(stage, width) if line < HEADER else self._tier_line(stage, line - HEADER, width)

    def _head(self, number: int, width: int) -> list[Segment]:
        stage = self._stages[number]
        weights = [cell.weight for cell in self._cells.values() if cell.stage == stage.key]
        total = sum(weights)
        is_whole = abs(total - 100) < 0.05
        summed = "" if is_whole else f" Σ {total:g}%"
        names = f"{'tokens':>7} {'epochs':>6} {'effective':>9}  "
        title = f" {stage.title}"
        room = max(0, width - len(names))
        text = lay(title, min(room, max(0, len(title))), "left")
        note = lay(f"  {stage.note}", max(0, room - len(text) - len(summed)), "left") if room else ""
        return [
            Segment(text, self._paint("", "weight-grid--title")),
            Segment(note, self._paint("", "weight-grid--head")),
            Segment(summed, self._paint("$text-warning", "weight-grid--head")),
            Segment(names, self._paint("", "weight-grid--head")),
        ]

    def _tier_line(self, stage: int, number: int, width: int) -> list[Segment]:
        index = stage * len(self._tiers) + number
        tier, cell = self._tiers[number], self._cell(index)
        base = ("weight-grid--cursor",) if index == self.cursor else ()
        label = min(max(len(each.label) for each in self._tiers), 16)
        start = Segment(("▸ " if base else "  ") + lay(tier.label, label, "left"), self._paint(tier.style, *base))
        if cell is None:
            return [start, Segment(lay("  —", max(0, width - label - 2), "left"), self._paint("", *base))]
        bar = max(0, width - 2 - label - 7 - 1 - NUMBERS - 1)
        sign, style = LEVEL_SIGNS[cell.level]
        filled = numbers.bar(cell.weight / 100, min(bar, WIDEST_BAR)).ljust(bar)
        epochs = f"{cell.epochs:.2f}×" if cell.epochs < 100 else f"{cell.epochs:.0f}×"
        costs = f" {numbers.short(cell.tokens):>7} {epochs:>6} {numbers.short(cell.effective):>9}"
        return [
            start,
            self._weight_segment(index, cell, base),
            Segment(f" {filled}", self._paint(tier.style or "$primary", *base)),
            Segment(costs, self._paint(style, *base)),
            Segment(f" {sign}", self._paint(style, *base)),
        ]

    def _weight_segment(self, index: int, cell: WeightCell, base: tuple[str, ...]) -> Segment:
        if index == self.cursor and self._typed is not None:
            return Segment(f"{self._typed + '▏':>7}", self._paint("", *base, "weight-grid--typed"))
        return Segment(f"{round(cell.weight, 2):g}%".rjust(7), self._paint("bold", *base))
