"""A view of two texts beside or below one another that builds only the lines on the screen."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import work
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from widgets.columns import fit_tail
from widgets.diff_rows import DiffLine, DiffRow, DiffRows, lay_out
from widgets.diff_side import DiffSide
from widgets.highlighting import COLUMNS_LEXED, PAUSE_BEFORE_LEXING, highlight
from widgets.moving import Moving, movement
from widgets.paint import Paint
from widgets.scrolling import SteadyScroll
from widgets.tones import segments_of
from widgets.visible import visible_line

__all__ = ("DiffLine", "DiffView")

SIDE_BY_SIDE_FROM = 100
"""Cells of the narrowest view that begins with both sides in one row."""
SAME = "the same text"


class DiffView(Moving, SteadyScroll, can_focus=True):
    """Shows which lines and words of two texts differ; a sign beside each line says so without colours too."""

    ALLOW_SELECT = False
    HELP = """
## Comparison

`−` lines are only on the left, `+` lines only on the right, `~` lines changed. Equal lines far from a change are
folded; a click opens them.

`n` `N` go to the next change and the one before, `a` shows all lines or only what is near a change, `v` puts the two
texts side by side or in one column. `j` `k` or the arrows scroll by a line, `ctrl+d` `ctrl+u` by half a page, `g` `G`
to the first and the last line, `h` `l` sideways.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("diff"),
        Binding("h,left", "sideways(-8)", "Left", show=False, id="diff.left"),
        Binding("l,right", "sideways(8)", "Right", show=False, id="diff.right"),
        Binding("n", "change(1)", "Next change", show=False, id="diff.next"),
        Binding("N", "change(-1)", "Change before", show=False, id="diff.before"),
        Binding("v", "toggle_layout", "Side by side or unified", show=False, id="diff.layout"),
        Binding("a", "toggle_fold", "All lines or only changes", show=False, id="diff.fold"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "diff-view--number",
        "diff-view--current",
        "diff-view--notice",
        "diff-view--title",
        "diff-view--fold",
        "diff-view--divider",
        "diff-view--absent",
        "diff-view--removed",
        "diff-view--removed-word",
        "diff-view--added",
        "diff-view--added-word",
    }
    DEFAULT_CSS = """
    DiffView {
        background: $surface;
        color: $foreground;
        & > .diff-view--number { color: $foreground 40%; }
        & > .diff-view--current { color: $foreground; text-style: bold; }
        & > .diff-view--notice { background: $panel; color: $foreground 75%; }
        & > .diff-view--title { background: $panel; color: $foreground; text-style: bold; }
        & > .diff-view--fold { background: $foreground 5%; color: $foreground 55%; }
        & > .diff-view--divider { color: $foreground 20%; }
        & > .diff-view--absent { color: $foreground 10%; }
        & > .diff-view--removed { background: $error 15%; }
        & > .diff-view--removed-word { background: $error 45%; color: $foreground; text-style: bold; }
        & > .diff-view--added { background: $success 15%; }
        & > .diff-view--added-word { background: $success 45%; color: $foreground; text-style: bold; }
        &:focus > .diff-view--number { color: $foreground 60%; }
        &:ansi > .diff-view--removed, &:ansi > .diff-view--added { background: ansi_default; }
        &:ansi > .diff-view--absent { color: ansi_bright_black; }
        &:ansi > .diff-view--removed-word { background: ansi_red; color: ansi_bright_white; }
        &:ansi > .diff-view--added-word { background: ansi_green; color: ansi_black; }
    }
    """

    @dataclass
    class ChangesCounted(Message):
        """Another comparison is shown or another change is gone to: `current` of `total`, 0 before the first."""

        current: int
        total: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left = DiffSide(True, "−", "$text-error bold", "diff-view--removed")
        self._right = DiffSide(False, "+", "$text-success bold", "diff-view--added")
        self._compared: Sequence[DiffLine] = ()
        self._layout = DiffRows()
        self._language: str | None = None
        self._notice: str | None = None
        self._chosen: bool | None = None
        self._laid_side_by_side = False
        self._is_folded = True
        self._change = -1
        self._width = 0
        self._paint = Paint(self)
        self._strips: LRUCache[tuple[str, int], Strip] = LRUCache(1024)

    @property
    def is_side_by_side(self) -> bool:
        """Whether both texts stand in one row: as the curator chose, else where there is room."""
        return self.size.width >= SIDE_BY_SIDE_FROM if self._chosen is None else self._chosen

    @property
    def is_folded(self) -> bool:
        """Whether equal lines far from a change are folded."""
        return self._is_folded

    @property
    def change_count(self) -> int:
        """The number of changes, each being a run of lines that differ."""
        return len(self._layout.changes)

    def show(
        self,
        left: Sequence[str],
        right: Sequence[str],
        lines: Sequence[DiffLine],
        language: str | None,
        *,
        left_title: str = "",
        right_title: str = "",
        notice: str | None = None,
    ) -> None:
        """Show another comparison of two texts; colours follow when they are ready."""
        self._left.show(left, left_title)
        self._right.show(right, right_title)
        self._compared, self._language, self._change = lines, language, -1
        self._width = min(COLUMNS_LEXED, max(map(len, (*left, *right)), default=0))
        self._lay_out()
        self._notice = notice or (SAME if lines and not self.change_count else None)
        self._resize()
        self.scroll_to(x=0, y=0, animate=False, force=True)
        self._repaint()
        self.post_message(self.ChangesCounted(0, self.change_count))
        self._study()

    def clear(self, notice: str | None = None) -> None:
        """Show nothing but a notice."""
        self.show((), (), (), None, notice=notice)

    @work(group="study", exclusive=True, exit_on_error=False)
    async def _study(self) -> None:
        """Colour both texts, away from the screen's thread."""
        await asyncio.sleep(PAUSE_BEFORE_LEXING)
        for side in (self._left, self._right):
            side.spans = await asyncio.to_thread(highlight, side.lines, self._language)
            self._repaint()

    def _lay_out(self) -> None:
        self._laid_side_by_side = self.is_side_by_side
        self._layout = lay_out(self._compared, is_side_by_side=self._laid_side_by_side, is_folded=self._is_folded)

    def _lay_out_again(self) -> None:
        """Lay the rows out anew and keep what is under the eye where it stands on the screen."""
        self._lay_out_around(self._place_under_the_eye())

    def _lay_out_around(self, place: int) -> None:
        row = self._layout.rows[place] if self._layout.rows else DiffRow(0)
        height = place - self.scroll_offset.y
        self._lay_out()
        self._resize()
        self.scroll_to(y=max(0, self._layout.place_of(row) - height), animate=False, force=True)
        self._repaint()

    def _place_under_the_eye(self) -> int:
        """Give the row of the change that was gone to, else of the first change in view, else in the middle."""
        rows, changes = self._layout
        top = self.scroll_offset.y
        for number in (self._change, bisect_right(changes, top, key=lambda change: change.stop)):
            if 0 <= number < len(changes) and self._is_in_view(changes[number]):
                return max(top, changes[number].start)
        return max(0, min(top + self.page_height // 2, len(rows) - 1))

    def _is_in_view(self, rows: range) -> bool:
        top = self.scroll_offset.y
        return rows.start < top + self.page_height and rows.stop > top

    @property
    def _top(self) -> int:
        """How many lines of the screen stand above the texts."""
        return len(self._headings)

    @property
    def _headings(self) -> tuple[str, ...]:
        has_titles = self._left.title or self._right.title
        return (("notice",) if self._notice else ()) + (("titles",) if has_titles else ())

    @property
    def page_height(self) -> int:
        """How many rows the screen shows."""
        return max(1, self.scrollable_content_region.height - self._top)

    def move_by(self, lines: int) -> None:
        """Scroll by some rows."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    @property
    def _digits(self) -> int:
        return len(str(max(len(self._left.lines), len(self._right.lines))))

    @property
    def _halves(self) -> tuple[int, int]:
        """The widths of both sides where they stand in one row, a divider between them."""
        width = self.scrollable_content_region.width
        return max(0, width - 1) // 2, width - 1 - max(0, width - 1) // 2

    @property
    def _text_width(self) -> int:
        """How many cells of a line the screen shows."""
        if self._laid_side_by_side:
            return max(0, self._halves[0] - self._digits - 4)
        return max(0, self.scrollable_content_region.width - 2 * self._digits - 5)

    def _resize(self, width: int = 0) -> None:
        self._width = max(self._width, width)
        beyond = max(0, self._width - self._text_width)
        size = self.scrollable_content_region.width + beyond, len(self._layout.rows) + self._top
        self.virtual_size = Size(*size)

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    def on_resize(self) -> None:
        """Fit the rows into the new size."""
        if self.is_side_by_side != self._laid_side_by_side:
            self._lay_out_again()
        else:
            self._resize()

    def on_click(self, event: Click) -> None:
        """Open a fold that is clicked."""
        place = self.scroll_offset.y + event.y - self._top
        if event.y >= self._top and place < len(self._layout.rows) and self._layout.rows[place].part == "fold":
            self._is_folded = False
            self._lay_out_around(place)

    def notify_style_update(self) -> None:
        """Paint anew after a change of theme or focus."""
        super().notify_style_update()
        self._paint.clear()
        self._strips.clear()

    def action_toggle_layout(self) -> None:
        """Put the texts side by side or in one column, from now on."""
        self._chosen = not self.is_side_by_side
        self._lay_out_again()

    def action_toggle_fold(self) -> None:
        """Show all lines, or only those near a change."""
        self._is_folded = not self._is_folded
        self._lay_out_again()

    def action_sideways(self, cells: int) -> None:
        """Scroll left or right."""
        self.scroll_to(x=self.scroll_offset.x + cells, animate=False, force=True)

    def action_change(self, step: int) -> None:
        """Go to the next change or the one before, round the ends, from the last one or from where the curator is."""
        changes = self._layout.changes
        if not changes:
            return
        if self._change >= 0 and self._is_in_view(changes[self._change]):
            change = self._change + step
        else:
            after = bisect_left(changes, self.scroll_offset.y, key=lambda change: change.start)
            change = after if step > 0 else after - 1
        self._change = change % len(changes)
        self._reveal(changes[self._change])
        self.refresh()
        self.post_message(self.ChangesCounted(self._change + 1, len(changes)))

    def _reveal(self, rows: range) -> None:
        """Scroll so that a change and its first changed word are in view; one that is far off comes below the top."""
        top = self.scroll_offset.y
        if not (top <= rows.start and rows.stop <= top + self.page_height):
            self.scroll_to(y=max(0, rows.start - self.page_height // 4), animate=False, force=True)
        cells = self._first_changed_cell(rows)
        room = max(1, self._text_width - 8)
        if not self.scroll_offset.x <= cells < self.scroll_offset.x + room:
            self.scroll_to(x=0 if cells < room else cells - room // 2, animate=False, force=True)

    def _first_changed_cell(self, rows: range) -> int:
        line = self._compared[self._layout.rows[rows.start].first]
        for side in (self._left, self._right):
            number, places = side.of(line)
            if number is not None and places:
                shown = side.shown(number)
                return Segment(shown.text[: shown.place(places[0][0])]).cell_length
        return 0

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        if y < self._top:
            return self._heading(self._headings[y], width)
        place = self.scroll_offset.y + y - self._top
        if place >= len(self._layout.rows):
            return Strip.blank(width, self._paint(""))
        return Strip(self._row(place)).crop_extend(0, width, self._paint(""))

    def _heading(self, heading: str, width: int) -> Strip:
        style = self._paint("", f"diff-view--{'notice' if heading == 'notice' else 'title'}")
        if heading == "notice":
            segments = [Segment(" " + visible_line(self._notice or "", max(1, width - 1)), style)]
        else:
            left, right = self._halves
            segments = [*self._title(self._left, left + 1), *self._title(self._right, right)]
        return Strip(segments).crop_extend(0, width, style)

    def _title(self, side: DiffSide, width: int) -> Strip:
        sign = Segment(f" {side.sign} ", self._paint(side.colour, "diff-view--title"))
        style = self._paint("", "diff-view--title")
        title = Segment(fit_tail(visible_line(side.title), max(1, width - 4)), style)
        return Strip([sign, title]).crop_extend(0, width, style)

    def _row(self, place: int) -> list[Segment]:
        row = self._layout.rows[place]
        if row.part == "fold":
            return self._fold(row)
        line = self._compared[row.first]
        is_current = self._change >= 0 and place in self._layout.changes[self._change]
        if not self._laid_side_by_side:
            return self._one_column(line, self._right if row.part == "right" else self._left, is_current)
        widths = self._halves
        left = self._half(line, self._left, widths[0], is_current)
        right = self._half(line, self._right, widths[1], is_current)
        return [*left, Segment("│", self._paint("", "diff-view--divider")), *right]

    def _fold(self, row: DiffRow) -> list[Segment]:
        width = self.scrollable_content_region.width
        before = " " * (self._digits if self._laid_side_by_side else 2 * self._digits + 1)
        return [Segment(f" {before} ⋯ {row.lines:,} equal lines".ljust(width), self._paint("", "diff-view--fold"))]

    def _half(self, line: DiffLine, side: DiffSide, width: int, is_current: bool) -> Strip:
        number, _ = side.of(line)
        if number is None:
            return Strip([Segment("╱" * width, self._paint("", "diff-view--absent"))])
        gutter = self._gutter(line, side, f"{number:>{self._digits}}", is_current)
        text = self._text(line, side, number, width - self._digits - 4)
        return Strip([*gutter, *text]).crop(0, width)

    def _one_column(self, line: DiffLine, side: DiffSide, is_current: bool) -> list[Segment]:
        number = side.of(line)[0] or 1
        numbers = (line.left, line.right) if line.kind == "same" else (number, "") if side.is_left else ("", number)
        label = " ".join(f"{number or '':>{self._digits}}" for number in numbers)
        return [*self._gutter(line, side, label, is_current), *self._text(line, side, number, self._text_width)]

    def _gutter(self, line: DiffLine, side: DiffSide, label: str, is_current: bool) -> list[Segment]:
        components = side.components(line)
        sign, colour = side.sign_of(line, self._laid_side_by_side)
        current = ("diff-view--current",) if is_current else ()
        return [
            Segment("▌" if is_current else " ", self._paint("$accent", *components)),
            Segment(f"{label} ", self._paint("", *components, "diff-view--number", *current)),
            Segment(f"{sign:<2}", self._paint(colour, *components)),
        ]

    def _text(self, line: DiffLine, side: DiffSide, number: int, width: int) -> Strip:
        """Give the part of a line that is in view."""
        left = self.scroll_offset.x
        style = self._paint("", *side.components(line))
        return self._strip(line, side, number).crop_extend(left, left + max(0, width), style)

    def _strip(self, line: DiffLine, side: DiffSide, number: int) -> Strip:
        """Give a whole line."""
        key = side.sign, number
        if (found := self._strips.get(key)) is None:
            shown = side.shown(number)
            segments = segments_of(shown.text, side.tones(line, number, shown), self._paint)
            found = self._strips[key] = Strip(segments)
            if found.cell_length > self._width:
                self.call_after_refresh(self._resize, found.cell_length)
        return found
