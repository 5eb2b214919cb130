"""A pane of styled lines that scrolls."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip

from widgets.moving import Moving, movement
from widgets.paint import Paint
from widgets.scrolling import SteadyScroll
from widgets.visible import visible_line

Piece = tuple[str, str]
"""Text, and a style expression."""


class TextPane(Moving, SteadyScroll, can_focus=True):
    """Shows lines of pieces; foreign text may stand in any of them."""

    ALLOW_SELECT = False
    HELP = """
## Details

`j` `k` or the arrows scroll.
"""
    BINDINGS: ClassVar[list[BindingType]] = [*movement("pane")]
    DEFAULT_CSS = """
    TextPane {
        background: $surface;
        color: $foreground;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[tuple[Piece, ...], ...] = ()
        self._paint = Paint(self)

    def show(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Show other lines, from the first one."""
        self._lines = tuple(tuple(line) for line in lines)
        self.virtual_size = Size(0, len(self._lines))
        self.scroll_to(y=0, animate=False, force=True)
        self.refresh()

    def notify_style_update(self) -> None:
        """Paint anew after a change of theme or focus."""
        super().notify_style_update()
        self._paint.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y
        pieces = self._lines[number] if number < len(self._lines) else ()
        segments = [Segment(visible_line(text, width), self._paint(style)) for text, style in pieces]
        return Strip(segments).crop_extend(0, width, self._paint(""))

    @property
    def page_height(self) -> int:
        """How many lines a page has."""
        return max(1, self.scrollable_content_region.height)

    def move_by(self, lines: int) -> None:
        """Scroll by some lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)
