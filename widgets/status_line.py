"""One line that says something on its left and on its right."""

from textual.content import Content
from textual.widget import Widget


class StatusLine(Widget):
    """Shows two contents in one line; what does not fit is cut on the left one. Changing them lays nothing out."""

    DEFAULT_CSS = """
    StatusLine { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left, self._right = Content(""), Content("")

    def show(self, left: Content, right: Content | None = None) -> None:
        """Show other contents, made showable by the caller."""
        self._left, self._right = left, right or Content("")
        self.refresh()

    def render(self) -> Content:
        """Lay both into the width."""
        room = self.content_size.width - self._right.cell_length - 1
        left = self._left if self._left.cell_length <= room else self._left.truncate(max(room, 0), ellipsis=True)
        return Content.assemble(left, " " * max(room + 1 - left.cell_length, 0), self._right)
