"""A page of figures: blocks of a title, a chart, a table with bars and some words, one under the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from textwrap import wrap
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from widgets.columns import Align, lay
from widgets.moving import Moving, movement
from widgets.numbers import bar
from widgets.paint import Paint
from widgets.plot_view import Plot, draw
from widgets.scrolling import SteadyScroll
from widgets.visible import visible_line

MARGIN = 3
"""Cells left of a line, for the mark of the cursor and the sign of a level."""
GAP = 2
MOST_BAR, LEAST_BAR = 32, 4
LONGEST_LABEL, LEAST_LABEL, LONGEST_CELL = 36, 8, 64
GOOD_LABEL = 16
"""Cells of a label below which the other cells are shown in their short form."""
LONGEST_HEAD = 18
PICTURE_SHARE = 0.34
"""Part of the height that a chart takes at most."""
LEAST_PICTURE, MOST_PICTURE = 8, 16

SERIES = ("primary", "warning", "success", "error", "foreground", "primary-lighten-3")
"""Colours of the theme for what stands side by side."""
LEVELS = {"green": ("✓", "$text-success"), "amber": ("!", "$text-warning"), "red": ("✗", "$text-error")}
"""A sign and a style for each level: the colour alone says nothing to some."""


@dataclass(frozen=True)
class TableLine:
    """A line of a table."""

    cells: tuple[str, ...]
    choices: tuple[bool, ...] = ()
    """For each column beside the first whether it can be chosen; one choice stands for the whole line."""
    bars: tuple[float | None, ...] = ()
    """Shares of one, drawn behind the columns beside the first, or one behind the last."""
    tints: tuple[float | None, ...] = ()
    """Shares of one by which the cells of a map are tinted."""
    level: str = ""
    narrow: tuple[str, ...] = ()
    """The cells in a shorter form, for where there is little room."""


@dataclass(frozen=True)
class Block:
    """A titled table with its chart."""

    title: str
    heads: tuple[str, ...] = ()
    lines: tuple[TableLine, ...] = ()
    plot: Plot | None = None
    words: tuple[str, ...] = ()
    colours: tuple[str, ...] = field(default=SERIES)
    """Colours of the bars, column by column."""
    bars: tuple[TableLine, ...] = ()
    """Lines of a chart of bars that is not the table's own: a label, then a cell and a bar for each colour."""
    bars_title: str = ""
    has_series: bool = False
    """Whether the columns stand for what the colours stand for."""


class _Spot(NamedTuple):
    """What stands in a line of the screen."""

    block: int
    line: int | None
    segments: tuple[tuple[str, str], ...] = ()
    strip: Strip | None = None


class _Widths(NamedTuple):
    label: int
    cells: tuple[int, ...]
    bars: tuple[int, ...]
    aligns: tuple[Align, ...] = ()
    is_narrow: bool = False


class PageColumn(Moving, SteadyScroll, can_focus=True):
    """Shows blocks; its cursor goes over the lines that can be chosen, and over their columns."""

    ALLOW_SELECT = False
    HELP = """
## Figures

`j` `k` go over the lines that stand for samples, `h` `l` over their columns, `enter` opens those samples.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("page"),
        Binding("h,left", "column(-1)", "Column before", show=False, id="page.left"),
        Binding("l,right", "column(1)", "Next column", show=False, id="page.right"),
        Binding("enter", "choose", "Open the samples", id="page.choose"),
    ]
    DEFAULT_CSS = """
    PageColumn { background: $surface; color: $foreground; }
    """

    class Moved(Message):
        """The cursor stands elsewhere."""

    class Chosen(Message):
        """A line was chosen."""

        def __init__(self, block: int, line: int, column: int) -> None:
            super().__init__()
            self.block, self.line, self.column = block, line, column

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()
        self._spots: list[_Spot] = []
        self._cursor: int | None = None
        self._column = 0
        self._empty: tuple[str, ...] = ()
        self._paint = Paint(self)

    # ---- what is shown

    def show(self, blocks: Sequence[Block], place: tuple[int, int] = (0, 0)) -> None:
        """Show other blocks, with the cursor on the line and the column that `place` tells."""
        self._blocks, self._empty = tuple(blocks), ()
        self._lay_out()
        self._column = place[1]
        lines = self._choosable()
        self._cursor = lines[min(place[0], len(lines) - 1)] if lines else None
        self.scroll_to(y=0, animate=False, force=True)
        if place[0]:
            self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def show_words(self, *words: str) -> None:
        """Show some lines of words and nothing else."""
        self._blocks, self._empty, self._cursor = (), words, None
        self._lay_out()
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    @property
    def place(self) -> tuple[int, int]:
        """Where the cursor stands: which of the lines that can be chosen, and in which column."""
        lines = self._choosable()
        return (lines.index(self._cursor) if self._cursor in lines else 0, self._column)

    @property
    def chosen(self) -> tuple[int, int, int] | None:
        """Block, line and column under the cursor."""
        if self._cursor is None:
            return None
        spot = self._spots[self._cursor]
        return spot.block, spot.line or 0, self._column_of(self._cursor)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the page out for another size."""
        place = self.place
        self._lay_out()
        lines = self._choosable()
        self._cursor = lines[min(place[0], len(lines) - 1)] if lines else None
        self._reveal()
        self.refresh()

    def notify_style_update(self) -> None:
        """Paint anew after a change of theme or focus."""
        super().notify_style_update()
        self._paint.clear()
        if self.is_mounted and any(block.plot for block in self._blocks):
            self._lay_out()
        self.refresh()

    # ---- layout

    def _lay_out(self) -> None:
        self._spots = [_Spot(0, None, ((text, ""),)) for text in self._empty]
        width = max(self.scrollable_content_region.width, 20)
        for number, block in enumerate(self._blocks):
            self._spots.extend(self._block_spots(number, block, width))
        self.virtual_size = Size(0, len(self._spots))

    def _block_spots(self, number: int, block: Block, width: int) -> Iterator[_Spot]:
        if number:
            yield _Spot(number, None)
        yield from self._chart_spots(number, block, width)
        widths = _widths(block, width)
        if any(block.heads):
            yield _Spot(number, None, tuple(_heads(block, widths)))
        for place, _ in enumerate(block.lines):
            yield _Spot(number, place)
        for text in block.words:
            for part in wrap(visible_line(text, 2_000), max(width - MARGIN - 2, 20)):
                yield _Spot(number, None, ((f"{' ' * MARGIN}{part}", "$foreground 60%"),))

    def _chart_spots(self, number: int, block: Block, width: int) -> Iterator[_Spot]:
        subtitle = f"  {block.plot.title}" if block.plot is not None and block.plot.title else ""
        yield _Spot(number, None, ((f" {block.title}", "bold $text-primary"), (subtitle, "$foreground 60%")))
        if block.plot is not None:
            yield from (_Spot(number, None, strip=strip) for strip in self._picture(block.plot, width))
            if len(block.plot.curves) > 1:
                names = ((f"   ▬ {curve.label}", f"${curve.colour}") for curve in block.plot.curves)
                yield _Spot(number, None, tuple(names))
        if block.bars and block.bars_title != block.title:
            yield _Spot(number, None, ((f"{' ' * MARGIN}{block.bars_title}", "$foreground 60%"),))
        if block.bars:
            yield from (_Spot(number, None, tuple(pieces)) for pieces in _bar_lines(block, width))

    def _picture(self, plot: Plot, width: int) -> Iterator[Strip]:
        height = max(LEAST_PICTURE, min(MOST_PICTURE, int(self.size.height * PICTURE_SHARE)))
        drawn = draw(
            plot._replace(title="", has_legend=False), max(width - 2, 0), height, self.app.theme_variables.__getitem__
        )
        for line in drawn.split("\n"):
            segments = [Segment(text, style) for text, style, _ in line.render(self.app.console, end="") if text]
            yield Strip([Segment("  "), *segments])

    # ---- drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y
        if number >= len(self._spots):
            return Strip.blank(width, self._paint(""))
        spot = self._spots[number]
        if spot.line is not None:
            segments = self._line(spot, number, width)
        elif spot.strip is not None:
            base = self._paint("")
            segments = [Segment(text, base + style if style else base) for text, style, _ in spot.strip]
        else:
            segments = [Segment(visible_line(text, width), self._paint(style)) for text, style in spot.segments]
        return Strip(segments).crop_extend(0, width, self._row_style(number))

    def _row_style(self, number: int) -> Style:
        return self._paint(self._ground(number))

    def _ground(self, number: int) -> str:
        if number != self._cursor:
            return ""
        return "on $primary 30%" if self.has_focus else "on $panel"

    def _line(self, spot: _Spot, number: int, width: int) -> list[Segment]:
        block = self._blocks[spot.block]
        line = block.lines[spot.line or 0]
        widths, ground = _widths(block, width), self._ground(number)
        lit = self._column_of(number) if number == self._cursor and len(line.choices) > 1 else None
        sign, style = LEVELS.get(line.level, (" ", "$foreground 60%" if line.level == "quiet" else ""))
        mark = "▌" if number == self._cursor else " "
        pieces = [
            (mark, "$primary"),
            (sign.ljust(MARGIN - 1), style),
            (lay(line.cells[0], widths.label, "left"), style),
        ]
        for place, (cell, room) in enumerate(zip(_cells(line, widths.is_narrow)[1:], widths.cells, strict=False)):
            own = "reverse" if place == lit else _tint(line, place) or style
            pieces += [(" " * GAP, ""), (lay(cell, room, widths.aligns[place]), own)]
            if widths.bars[place]:
                share = line.bars[0 if len(line.bars) == 1 else place] if line.bars else None
                pieces += [(" ", ""), (bar(share or 0, widths.bars[place]), _series(block, place, line))]
        return [Segment(text, self._paint(own if " on " in own else f"{own} {ground}".strip())) for text, own in pieces]

    # ---- moving

    def _choosable(self) -> list[int]:
        return [
            number
            for number, spot in enumerate(self._spots)
            if spot.line is not None and any(self._blocks[spot.block].lines[spot.line].choices)
        ]

    def _column_of(self, number: int) -> int:
        spot = self._spots[number]
        choices = self._blocks[spot.block].lines[spot.line or 0].choices
        return min(self._column, len(choices) - 1)

    @property
    def page_height(self) -> int:
        """How many lines a page has."""
        return max(1, self.scrollable_content_region.height)

    def move_by(self, lines: int) -> None:
        """Move the cursor to the next line that can be chosen, or scroll where it is far away."""
        top, height = int(self.scroll_offset.y), self.page_height
        last = max(0, len(self._spots) - height)
        if abs(lines) == 1:
            found = self._next(lines, top, height)
            if found is None:
                self._scroll(min(max(top + lines, 0), last))
                return
            self._cursor = found
            self._reveal()
        else:
            target = min(max((top if self._cursor is None else self._cursor) + lines, 0), len(self._spots) - 1)
            choosable = self._choosable()
            if choosable:
                self._cursor = min(choosable, key=lambda number: abs(number - target))
            self._scroll(min(max(top + lines, 0), last))
            if abs(lines) < len(self._spots):
                self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def _next(self, step: int, top: int, height: int) -> int | None:
        """Find the next line that can be chosen, if it is less than half a page out of sight."""
        lines, now = self._choosable(), self._cursor
        if now is None or not top - height // 2 <= now < top + height + height // 2:
            now = top - 1 if step > 0 else top + height
        after = [number for number in lines if (number > now if step > 0 else number < now)]
        if not after:
            return None
        found = after[0] if step > 0 else after[-1]
        return found if top - height // 2 <= found < top + height + height // 2 else None

    def _reveal(self) -> None:
        """Scroll the line under the cursor into sight, with the head of its block where that fits."""
        if self._cursor is None:
            return
        top, height = int(self.scroll_offset.y), self.page_height
        first = next(n for n, spot in enumerate(self._spots) if spot.block == self._spots[self._cursor].block)
        above = first if self._cursor - first < height - 1 else self._cursor
        if self._cursor < top or (above < top and self._cursor - above < height - 1):
            self._scroll(above)
        elif self._cursor >= top + height:
            self._scroll(self._cursor - height + 2)

    def _scroll(self, line: int) -> None:
        self.scroll_to(y=max(line, 0), animate=False, force=True)

    def action_column(self, step: int) -> None:
        """Light another column of the line."""
        if self._cursor is not None:
            spot = self._spots[self._cursor]
            most = len(self._blocks[spot.block].lines[spot.line or 0].choices) - 1
            self._column = min(max(self._column_of(self._cursor) + step, 0), most)
            self.refresh()
            self.post_message(self.Moved())

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if (chosen := self.chosen) is not None:
            self.post_message(self.Chosen(*chosen))

    def on_click(self, event: events.Click) -> None:
        """Go to a line; a second click chooses it."""
        number = int(self.scroll_offset.y) + event.get_content_offset_capture(self).y
        if number not in self._choosable():
            return
        if number == self._cursor:
            self.action_choose()
        else:
            self._cursor = number
            self.refresh()
            self.post_message(self.Moved())


def _cells(line: TableLine, is_narrow: bool) -> tuple[str, ...]:
    return line.narrow if is_narrow and line.narrow else line.cells


def _widths(block: Block, width: int) -> _Widths:
    """Share a width among the label, the columns and their bars."""
    wide = _share(block, width, is_narrow=False)
    if not any(line.narrow for line in block.lines):
        return wide
    is_tight = wide.label < min(GOOD_LABEL, max(cell_len(visible_line(line.cells[0])) for line in block.lines))
    return _share(block, width, is_narrow=True) if is_tight else wide


def _share(block: Block, width: int, *, is_narrow: bool) -> _Widths:
    rows = [[cell_len(visible_line(cell, LONGEST_CELL)) for cell in _cells(line, is_narrow)] for line in block.lines]
    columns = max(map(len, rows), default=len(block.heads)) - 1
    heads = [min(cell_len(visible_line(head, LONGEST_LABEL)), LONGEST_HEAD) for head in block.heads[1:]]
    cells = [
        max([row[place + 1] for row in rows if place + 1 < len(row)] + heads[place : place + 1], default=0)
        for place in range(max(columns, 0))
    ]
    first = cell_len(visible_line(block.heads[0], LONGEST_LABEL)) if block.heads else 0
    wanted = min(max([row[0] for row in rows] + [first], default=0), LONGEST_LABEL)
    room = width - MARGIN - sum(cells) - GAP * len(cells) - 1
    label = max(min(wanted, room), LEAST_LABEL)
    many = max((len(line.bars) for line in block.lines), default=0)
    each = min((room - label) // many - 1, MOST_BAR) if many else 0
    drawn = each if each >= LEAST_BAR else 0
    bars = tuple(drawn if many == len(cells) or place == len(cells) - 1 else 0 for place in range(len(cells)))
    aligns: tuple[Align, ...] = tuple(_align(block, place + 1) for place in range(len(cells)))
    return _Widths(label, tuple(cells), bars, aligns, is_narrow)


def _align(block: Block, column: int) -> Align:
    """Sets words flush left and figures flush right."""
    cells = [line.cells[column] for line in block.lines if column < len(line.cells)]
    is_words = any(cell[:1].isalpha() for cell in cells) and not any(cell[:1].isdecimal() for cell in cells)
    return "left" if is_words else "right"


def _bar_lines(block: Block, width: int) -> Iterator[list[tuple[str, str]]]:
    chart = replace(block, lines=block.bars, heads=())
    widths = _widths(chart, width)
    for line in block.bars:
        pieces = [(" " * MARGIN + lay(line.cells[0], widths.label, "left"), "")]
        for place, (cell, room) in enumerate(zip(line.cells[1:], widths.cells, strict=False)):
            pieces.append((" " * GAP + lay(cell, room, "right") + " ", ""))
            pieces.append((bar(line.bars[place] or 0, widths.bars[place]), _series(block, place, line)))
        yield pieces


def _heads(block: Block, widths: _Widths) -> Iterator[tuple[str, str]]:
    yield " " * MARGIN + lay(block.heads[0], widths.label, "left"), "$foreground 60%"
    for place, (head, room) in enumerate(zip(block.heads[1:], widths.cells, strict=False)):
        is_series = block.has_series and place < len(block.colours)
        style = f"${block.colours[place]} bold" if is_series else "$foreground 60%"
        yield (
            " " * GAP + lay(head, room, widths.aligns[place]) + " " * (widths.bars[place] + bool(widths.bars[place])),
            style,
        )


def _series(block: Block, place: int, line: TableLine) -> str:
    return f"${block.colours[0 if len(line.bars) == 1 else place % len(block.colours)]}"


def _tint(line: TableLine, place: int) -> str:
    share = line.tints[place] if place < len(line.tints) else None
    if share is None:
        return ""
    return f"$foreground on $primary {max(round(70 * share), 6)}%" if share else "$foreground 35%"
