"""A scroll view whose text may change at every key without the screen being laid out again."""

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class SteadyScroll(ScrollView):
    """Keeps its place and its scroll bars while its virtual size changes; both bars always have their room.

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
