"""A view of code that builds only the lines on the screen."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import work
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from widgets.finding import BadPattern, Hidden, Match, compile_pattern, find_hidden, find_matches
from widgets.highlighting import COLUMNS_LEXED, PAUSE_BEFORE_LEXING, Spans, highlight
from widgets.line_store import LineStore
from widgets.moving import Moving, movement
from widgets.paint import Paint
from widgets.scrolling import SteadyScroll
from widgets.tones import segments_of, tint, tones_of
from widgets.visible import Shown, hidden_characters, shown_line, visible_line

__all__ = ("BadPattern", "CodeView")

LINES_AHEAD = 200
LINES_COPIED = 20_000


class CodeView(Moving, SteadyScroll, can_focus=True):
    """Shows lines with their numbers and colours; asks for the lines of a longer text as they come near."""

    ALLOW_SELECT = True
    HELP = """
## Code

`j` `k` or the arrows scroll by a line, `ctrl+d` `ctrl+u` by half a page, `g` `G` to the first and the last line,
`h` `l` sideways.

`n` `N` go to the next match and the one before, `i` to the next hidden character. Drag with the mouse to select,
`ctrl+c` copies what is shown.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("code"),
        Binding("h,left", "sideways(-8)", "Left", show=False, id="code.left"),
        Binding("l,right", "sideways(8)", "Right", show=False, id="code.right"),
        Binding("n", "match(1)", "Next match", show=False, id="code.next_match"),
        Binding("N", "match(-1)", "Match before", show=False, id="code.match_before"),
        Binding("i", "next_hidden", "Next hidden character", show=False, id="code.next_hidden"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "code-view--number",
        "code-view--warning",
        "code-view--match",
        "code-view--current",
        "code-view--notice",
        "code-view--missing",
        "code-view--place",
        "code-view--secret",
    }
    DEFAULT_CSS = """
    CodeView {
        background: $surface;
        color: $foreground;
        & > .code-view--number { color: $foreground 40%; }
        & > .code-view--warning { color: $text-warning; text-style: bold; }
        & > .code-view--match { background: $warning 35%; }
        & > .code-view--current { background: $warning; color: $background; text-style: bold; }
        & > .code-view--notice { background: $panel; color: $foreground 75%; }
        & > .code-view--missing { color: $foreground 30%; }
        & > .code-view--place { background: $foreground 8%; }
        & > .code-view--secret { background: $error 40%; color: $foreground; text-style: bold; }
        &:focus > .code-view--number { color: $foreground 60%; }
    }
    """

    @dataclass
    class LinesWanted(Message):
        """Some lines are needed that are not here; the parent answers with `add_lines`."""

        first: int
        count: int

    @dataclass
    class MatchesFound(Message):
        """A search ended or moved on: match `current` of `total`, 0 of 0 where there is none."""

        current: int
        total: int
        is_whole: bool
        """Whether the whole text was searched, not only the lines that are here."""

    @dataclass
    class HiddenCounted(Message):
        """The hidden characters of the lines that are here were counted."""

        count: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._store = LineStore()
        self._language: str | None = None
        self._notice: str | None = None
        self._spans: dict[int, Spans] = {}
        self._unstudied: dict[int, Sequence[str]] = {}
        self._lit: dict[int, list[tuple[int, int]]] = {}
        self._hidden = Hidden(0, ())
        self._matches: tuple[Match, ...] = ()
        self._match = -1
        self._place = 0
        self._asked: tuple[int, int] | None = None
        self._width = 0
        self._paint = Paint(self)
        self._lines: LRUCache[int, tuple[Strip, str]] = LRUCache(512)

    @property
    def hidden_count(self) -> int:
        """The number of hidden characters, once they are counted."""
        return self._hidden.total

    @property
    def line_count(self) -> int:
        """The number of lines of the whole text as far as it is known."""
        return self._store.count

    @property
    def top_line(self) -> int:
        """The number of the first line on the screen."""
        return self._store.first + self.scroll_offset.y

    def show(
        self,
        text: str | Sequence[str],
        language: str | None,
        *,
        first_line: int = 1,
        total_lines: int | None = None,
        notice: str | None = None,
    ) -> None:
        """Show another text, or a window of it that begins at `first_line`; colours follow when they are ready."""
        lines = text.split("\n") if isinstance(text, str) else text
        self._store = LineStore(lines, first_line, total_lines)
        self._language, self._notice = language, notice
        self._spans, self._hidden = {}, Hidden(0, ())
        self._matches, self._match, self._place, self._asked = (), -1, 0, None
        self._lit = {}
        self._width = 0
        self._repaint()
        self._resize(min(COLUMNS_LEXED, max(map(len, lines), default=0)))
        self.scroll_to(x=0, y=max(0, first_line - self._store.first), animate=False, force=True)
        self._unstudied = {first_line: lines}
        self._study()

    def add_lines(self, first: int, text: str | Sequence[str]) -> None:
        """Add a window of lines that was wanted."""
        lines = text.split("\n") if isinstance(text, str) else text
        self._store.add(first, lines)
        self._asked = None
        self._repaint()
        self._resize(min(COLUMNS_LEXED, max(map(len, lines), default=0)))
        self._unstudied[first] = lines
        self._study()

    def light(self, spans: Sequence[tuple[int, int, int]]) -> None:
        """Light parts of lines, given as line, first column and the column behind the last, beside those lit before."""
        for line, start, end in spans:
            self._lit.setdefault(line, []).append((start, end))
        self._repaint()

    def find(self, pattern: str, regex: bool = False) -> None:
        """Search the lines that are here and go to the first match; raises `BadPattern`."""
        if not pattern:
            self.clear_find()
            return
        compiled = compile_pattern(pattern, regex)
        store = self._store

        async def search() -> None:
            matches = await asyncio.to_thread(find_matches, store.windows(), compiled, COLUMNS_LEXED)
            if store is self._store:
                self._matches = matches
                self._match = bisect_left(matches, (self.top_line, 0, 0)) - 1
                self.action_match(1)

        self.run_worker(search(), group="find", exclusive=True, exit_on_error=False)

    def clear_find(self) -> None:
        """Forget the search."""
        self._matches, self._match = (), -1
        self._repaint()
        self.post_message(self.MatchesFound(0, 0, self._store.is_whole))

    def go_to_line(self, number: int) -> None:
        """Bring a line into view and light it."""
        self._place = number
        self._reveal(number)
        self._repaint()

    @work(group="study", exclusive=True, exit_on_error=False)
    async def _study(self) -> None:
        """Colour new lines and count hidden characters, away from the screen's thread."""
        store = self._store
        await asyncio.sleep(PAUSE_BEFORE_LEXING)
        self._hidden = await asyncio.to_thread(find_hidden, store.windows())
        self.post_message(self.HiddenCounted(self._hidden.total))
        for first, lines in tuple(self._unstudied.items()):
            spans = await asyncio.to_thread(highlight, lines, self._language)
            self._spans.update(enumerate(spans, first))
            del self._unstudied[first]
            self._repaint()

    @property
    def _top(self) -> int:
        """How many lines of the screen stand above the text."""
        return 1 if self._notice else 0

    @property
    def page_height(self) -> int:
        """How many lines of the text the screen shows."""
        return max(1, self.scrollable_content_region.height - self._top)

    def move_by(self, lines: int) -> None:
        """Scroll by some lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    @property
    def _gutter(self) -> int:
        return len(str(self._store.first + self._store.count)) + 3

    def _resize(self, width: int) -> None:
        self._width = max(self._width, width)
        self.virtual_size = Size(self._width + self._gutter, self._store.count + self._top)
        self._ask_soon()

    def _repaint(self) -> None:
        self._lines.clear()
        self.refresh()

    def _ask_soon(self) -> None:
        if self.is_attached:
            self.call_after_refresh(self._ask)

    def _ask(self) -> None:
        first = self.top_line
        bottom = first + self.page_height - 1
        missing = self._store.missing(first, bottom)
        missing = missing or self._store.missing(first - self.page_height, bottom + self.page_height)
        if missing is not None:
            # A window reaches a little beyond what is lacking, so that a steady scroll asks seldom.
            start = missing[0] if missing[0] >= first else max(self._store.first, missing[0] + missing[1] - LINES_AHEAD)
            wanted = self._store.missing(start, start + max(LINES_AHEAD, missing[1]) - 1) or missing
            if wanted != self._asked:
                self._asked = wanted
                self.post_message(self.LinesWanted(*wanted))

    def _reveal(self, number: int, cells: int | None = None) -> None:
        """Scroll so that a line, and a place in it, are in view; a line far off comes to the middle."""
        y = number - self._store.first
        top = self.scroll_offset.y
        if not top <= y < top + self.page_height:
            self.scroll_to(y=max(0, y - self.page_height // 2), animate=False, force=True)
        if cells is not None:
            width = max(1, self.scrollable_content_region.width - self._gutter)
            if not self.scroll_offset.x <= cells < self.scroll_offset.x + width - 8:
                self.scroll_to(x=max(0, cells - width // 2), animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the lines that came near."""
        super().watch_scroll_y(old_value, new_value)
        self._ask_soon()

    def on_resize(self) -> None:
        """Fit the lines into the new size."""
        self._resize(self._width)

    def notify_style_update(self) -> None:
        """Paint anew after a change of theme or focus."""
        super().notify_style_update()
        self._paint.clear()
        self._lines.clear()

    def selection_updated(self, selection: Selection | None) -> None:
        """Show what the mouse selects."""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Give the selected text as it is shown."""
        last = self._store.count - 1
        start = selection.start.y if selection.start is not None else 0
        end = min(selection.end.y if selection.end is not None else last, last, start + LINES_COPIED)
        pieces: list[str] = []
        for y in range(start, end + 1):
            span = selection.get_span(y)
            text = self._shown(self._store.get(y + self._store.first) or "").text
            if span is not None:
                pieces.append(text[span[0] : None if span[1] == -1 else span[1]])
        return "\n".join(pieces), "\n"

    def action_sideways(self, cells: int) -> None:
        """Scroll left or right."""
        self.scroll_to(x=self.scroll_offset.x + cells, animate=False, force=True)

    def action_match(self, step: int) -> None:
        """Go to the next match or the one before, round the ends."""
        if self._matches:
            self._match = (self._match + step) % len(self._matches)
            match = self._matches[self._match]
            shown = self._shown(self._store.get(match.line) or "")
            self._reveal(match.line, Segment(shown.text[: shown.place(match.start)]).cell_length)
        self._repaint()
        self.post_message(self.MatchesFound(self._match + 1, len(self._matches), self._store.is_whole))

    def action_next_hidden(self) -> None:
        """Go to the next line that has a hidden character, round the end."""
        lines = self._hidden.lines
        if lines:
            here = self._place or self.top_line - 1
            place = bisect_right(lines, here)
            self.go_to_line(lines[place % len(lines)])

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        if self._notice and y == 0:
            style = self._paint("", "code-view--notice")
            return Strip([Segment(" " + visible_line(self._notice, max(1, width - 1)), style)]).crop_extend(
                0, width, style
            )
        index = self.scroll_offset.y + y - self._top
        if index >= self._store.count:
            return Strip.blank(width, self._paint(""))
        return self._numbered_line(index, width)

    def _numbered_line(self, index: int, width: int) -> Strip:
        number = index + self._store.first
        gutter, inner = self._gutter, max(0, width - self._gutter)
        left = self.scroll_offset.x
        place = self._place_components(number)
        strip, flag = self._line(number)
        start = len(strip.crop(0, left).text) if left else 0
        content = strip.crop_extend(left, left + inner, self._paint("", *place)).apply_offsets(start, index)
        label = Segment(f"{number:>{gutter - 2}}", self._paint("", *place, "code-view--number"))
        warning = Segment(f"{flag} ", self._paint("", *place, "code-view--warning"))
        return Strip([label, warning, *content], width)

    def _place_components(self, number: int) -> tuple[str, ...]:
        return ("code-view--place",) if number == self._place else ()

    def _shown(self, line: str) -> Shown:
        return shown_line(line, columns=COLUMNS_LEXED)

    def _line(self, number: int) -> tuple[Strip, str]:
        """Give a line's strip, uncropped, and the flag beside its number."""
        selection = self.text_selection
        span = selection.get_span(number - self._store.first) if selection is not None else None
        if span is None and (found := self._lines.get(number)) is not None:
            return found
        raw = self._store.get(number)
        if raw is None:
            return Strip([Segment("⋯", self._paint("", "code-view--missing"))]), " "
        shown = self._shown(raw)
        strip = Strip(self._segments(number, shown, span))
        if strip.cell_length > self._width:
            self.call_after_refresh(self._resize, strip.cell_length)
        line = strip, "!" if hidden_characters(raw[:COLUMNS_LEXED] + "\n") else " "
        if span is None:
            self._lines[number] = line
        return line

    def _segments(self, number: int, shown: Shown, span: tuple[int, int] | None) -> list[Segment]:
        tones = tones_of(shown, self._spans.get(number, ()), self._place_components(number))
        for start, end in self._lit.get(number, ()):
            tint(tones, shown.place(start), shown.place(end), ("", ("code-view--secret",)))
        for index, match in self._matches_on(number):
            component = "code-view--current" if index == self._match else "code-view--match"
            tint(tones, shown.place(match.start), shown.place(match.end), ("", (component,)))
        if span is None:
            return segments_of(shown.text, tones, self._paint)
        selected = range(span[0], len(tones) if span[1] == -1 else span[1])
        selection = self.screen.get_component_rich_style("screen--selection")
        return segments_of(shown.text, tones, self._paint, selected, selection)

    def _matches_on(self, number: int) -> list[tuple[int, Match]]:
        start = bisect_left(self._matches, (number, 0, 0))
        end = bisect_left(self._matches, (number + 1, 0, 0))
        return list(enumerate(self._matches[start:end], start))
