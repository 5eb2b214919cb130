"""A list of the values of one property, with counts, that toggles them as filters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from widgets import numbers
from widgets.columns import lay
from widgets.moving import Moving, movement
from widgets.paint import Paint
from widgets.scrolling import QuietScroll
from widgets.visible import visible_line

TITLE = 1
MARK = 2
LEAST_LABEL = 9
WHOLE_LABEL = 16
LEAST_BAR = 0.125
"""Cells of the shortest bar worth drawing: slivers under each other look like a border."""
WIDEST_BAR = 10


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a property with the samples and tokens that have it."""

    key: str
    label: str
    count: int
    tokens: int | None = None
    style: str = ""
    """A style expression for the label and its bar."""
    is_exact: bool = True
    """Whether the tokens are counted, not estimated."""


class Widths(NamedTuple):
    """The cells of each part of a row; a part of no width is left out."""

    label: int
    bar: int
    number: int
    tokens: int


class FacetList(Moving, QuietScroll, can_focus=True):
    """Shows facets; the parent decides which are selected and shows them anew."""

    ALLOW_SELECT = False
    HELP = """
## Facets

`j` `k` move, `space` or `enter` adds the value to the filter or takes it out. A click does the same.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        *movement("facets"),
        Binding("space,enter", "choose", "Filter by this", show=False, id="facets.choose"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "facet-list--title",
        "facet-list--cursor",
        "facet-list--number",
        "facet-list--zero",
        "facet-list--selected",
    }
    DEFAULT_CSS = """
    FacetList {
        height: auto;
        background: $surface;
        color: $foreground;
        & > .facet-list--title { color: $foreground 70%; text-style: bold; }
        & > .facet-list--number { color: $foreground 75%; }
        & > .facet-list--zero { color: $foreground 45%; }
        & > .facet-list--selected { color: $text-primary; text-style: bold; }
        & > .facet-list--cursor { background: $surface; }
        &:focus > .facet-list--title { color: $text-primary; }
        &:focus > .facet-list--cursor { background: $primary 40%; }
    }
    """

    cursor: reactive[int] = reactive(0)
    """The facet under the cursor, counted from 0."""
    selected: reactive[frozenset[str]] = reactive(frozenset())
    """The keys that the filter holds."""

    @dataclass
    class FacetToggled(Message):
        """A facet was chosen: the parent adds it to the filter or takes it out."""

        facet_list_id: str
        key: str

    def __init__(self, title: str, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._title = title
        self._facets: tuple[Facet, ...] = ()
        self._paint = Paint(self)

    @property
    def facets(self) -> tuple[Facet, ...]:
        """The facets on show."""
        return self._facets

    def show(self, facets: Sequence[Facet], selected: frozenset[str] | None = None) -> None:
        """Show other facets; the cursor stays on its key where that is still here."""
        key = self._facets[self.cursor].key if self.cursor < len(self._facets) else None
        self._facets = tuple(facets)
        keys = [facet.key for facet in facets]
        self.cursor = keys.index(key) if key in keys else min(self.cursor, max(0, len(keys) - 1))
        if selected is not None:
            self.selected = selected
        self.virtual_size = Size(0, len(self._facets) + TITLE)
        self.refresh(layout=True)

    @property
    def page_height(self) -> int:
        """How many facets the screen shows."""
        return max(1, self.scrollable_content_region.height - TITLE)

    def move_by(self, lines: int) -> None:
        """Move the cursor by some facets."""
        self._move_to(self.cursor + lines)

    def _move_to(self, index: int) -> None:
        self.cursor = max(0, min(index, len(self._facets) - 1))
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + self.page_height:
            self.scroll_to(y=self.cursor - self.page_height + 1, animate=False, force=True)

    def watch_cursor(self) -> None:
        """Show the cursor."""
        self.refresh()

    def watch_selected(self) -> None:
        """Show which facets the filter holds."""
        self.refresh()

    def notify_style_update(self) -> None:
        """Paint anew after a change of theme or focus."""
        super().notify_style_update()
        self._paint.clear()

    def action_choose(self) -> None:
        """Choose the facet under the cursor."""
        if self.cursor < len(self._facets):
            self.post_message(self.FacetToggled(self.id or "", self._facets[self.cursor].key))

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked facet."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < TITLE:
            return
        index = self.scroll_offset.y + offset.y - TITLE
        if index < len(self._facets):
            self._move_to(index)
            self.action_choose()

    def render_line(self, y: int) -> Strip:
        """Draw the title or a facet."""
        width = self.scrollable_content_region.width
        if y < TITLE:
            return self._title_line(width)
        index = self.scroll_offset.y + y - TITLE
        if index >= len(self._facets):
            return Strip.blank(width, self._paint(""))
        return self._facet_line(index, width)

    def _title_line(self, width: int) -> Strip:
        chosen = len(self.selected)
        note = f"{chosen} chosen" if chosen and width >= 20 else ""
        title = Segment(lay(self._title, max(0, width - len(note)), "left"), self._paint("", "facet-list--title"))
        return Strip([title, Segment(note, self._paint("", "facet-list--selected"))]).crop_extend(0, width, None)

    def _tokens(self, facet: Facet) -> str:
        return "" if facet.tokens is None else numbers.tokens(facet.tokens, facet.is_exact)

    def _widths(self, width: int) -> Widths:
        """Share a row: a readable label comes first, then the count, the tokens and, where there is room, the bar."""
        count = max((len(numbers.count(facet.count)) for facet in self._facets), default=0)
        tokens = max((len(self._tokens(facet)) for facet in self._facets), default=0)
        longest = max((len(visible_line(facet.label, width)) for facet in self._facets), default=0)
        room = width - MARK - count - 1
        if not tokens or room - tokens - 1 < min(longest, LEAST_LABEL):
            tokens = 0
        room -= tokens + 1 if tokens else 0
        bar = min(WIDEST_BAR, room - WHOLE_LABEL - 1)
        bar = bar if bar >= 3 else 0
        return Widths(max(0, room - (bar + 1 if bar else 0)), bar, count, tokens)

    def _facet_line(self, index: int, width: int) -> Strip:
        facet, widths = self._facets[index], self._widths(width)
        base = ("facet-list--cursor",) if index == self.cursor else ()
        is_selected = facet.key in self.selected
        zero = () if facet.count else ("facet-list--zero",)
        own = facet.style if facet.count else ""
        label = (*base, "facet-list--selected") if is_selected and not own else (*base, *zero)
        number = self._paint("", *base, *(zero or ("facet-list--number",)))
        mark = Segment("✓ " if is_selected else "  ", self._paint("", *base, "facet-list--selected"))
        segments = [mark, Segment(lay(facet.label, widths.label, "left"), self._paint(own, *label))]
        if widths.bar:
            total = sum(each.count for each in self._facets) or 1
            share = facet.count / total
            bar = numbers.bar(share if share * widths.bar >= LEAST_BAR else 0.0, widths.bar)
            segments.append(Segment(" " + bar, self._paint(facet.style or "$primary 70%", *base)))
        segments.append(Segment(" " + numbers.count(facet.count).rjust(widths.number), number))
        if widths.tokens:
            segments.append(Segment(" " + self._tokens(facet).rjust(widths.tokens), number))
        return Strip(segments).crop_extend(0, width, self._paint("", *base))
