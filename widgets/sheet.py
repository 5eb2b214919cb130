"""A window of lines that scrolls, to be read and left."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from widgets.prompts import Prompt
from widgets.text_pane import Piece, TextPane


class Sheet(Prompt[None]):
    """Shows lines of pieces; foreign text may stand in any of them."""

    HELP = "`j` `k` or the arrows scroll. `esc` leaves."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "Leave", show=False, id="sheet.leave"),
    ]
    DEFAULT_CSS = """
    Sheet {
        & > .prompt-box { width: 96; max-width: 96%; height: 88%; }
        & TextPane { height: 1fr; margin: 1 0 0 0; background: $panel; }
    }
    """
    keys_text = "j k scroll · esc leaves"

    def __init__(self, title: str, lines: Sequence[Sequence[Piece]]) -> None:
        super().__init__()
        self.title_text = title
        self._lines = tuple(lines)
        self._pane = TextPane()

    def body(self) -> ComposeResult:
        """Give the pane."""
        yield self._pane

    def on_mount(self) -> None:
        """Show the lines and take the focus."""
        self._pane.show(self._lines)
        self._pane.focus()

    def action_leave(self) -> None:
        """Leave the sheet."""
        self.dismiss(None)
