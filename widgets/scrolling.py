"""The two kinds of scrolling that the widgets here share."""

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class QuietScroll(ScrollView):
    """A scroll view whose bars stay in the background."""

    DEFAULT_CSS = """
    QuietScroll {
        scrollbar-size: 1 1;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
        scrollbar-color: $foreground 20%;
        scrollbar-color-hover: $foreground 35%;
        scrollbar-color-active: $primary;
        scrollbar-corner-color: $surface;
    }
    """


class SteadyScroll(QuietScroll):
    """Its text may change at every key without the screen being laid out again; both bars always have their room.

    A layout draws every widget of the screen anew: two of them a key are most of what a key costs.
    """

    DEFAULT_CSS = """
    SteadyScroll { overflow: scroll scroll; scrollbar-size: 1 1; scrollbar-size-horizontal: 0; }
    """

    virtual_size = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        """Fit the scroll bars to the new size."""
        self._scroll_update(size)
        self.refresh()
