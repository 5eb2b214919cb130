"""One line to type a filter, with a history, an error in words and a progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from widgets import safe

HISTORY_KEPT = 200


class FilterBar(Vertical):
    """Takes a filter; the parent says what was wrong with it or how far its search is."""

    HELP = """
## Filter

`enter` applies the filter, an empty one shows everything. The arrows go through earlier filters. `esc` leaves the bar.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "older", "Filter before", show=False, id="filter.older"),
        Binding("down", "newer", "Filter after", show=False, id="filter.newer"),
        Binding("escape", "leave", "Leave", show=False, id="filter.leave"),
    ]
    DEFAULT_CSS = """
    FilterBar {
        height: auto;
        background: $panel;
        & > Horizontal { height: 1; }
        & .filter-prompt { width: 3; padding: 0 1; color: $text-primary; text-style: bold; }
        & SafeInput { width: 1fr; background: $panel; }
        & SafeInput:focus { background: $panel; }
        & .filter-note { height: auto; max-height: 2; padding: 0 1 0 3; display: none; }
        & .filter-note.-busy { display: block; color: $foreground 75%; }
        & .filter-note.-error { display: block; color: $text-error; }
    }
    """

    @dataclass
    class FilterSubmitted(Message):
        """A filter was entered."""

        text: str

    class FilterCleared(Message):
        """An empty filter was entered."""

    class Left(Message):
        """The curator left the bar; the filter in force is as before."""

    class CancelWanted(Message):
        """The curator left the bar while it was busy."""

    def __init__(
        self, *, placeholder: str = "filter", prompt: str = "/", id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._prompt = prompt
        self._input = safe.SafeInput(placeholder=placeholder, compact=True, select_on_focus=False)
        self._note = Static(classes="filter-note", markup=False)
        self._history: list[str] = []
        self._place = -1
        self._draft = ""
        self._applied = ""
        self._is_busy = False
        self._faulty: str | None = None

    def compose(self) -> ComposeResult:
        """Lay the prompt and the input in one line, a note below."""
        with Horizontal():
            yield Static(safe.line(self._prompt), classes="filter-prompt", markup=False)
            yield self._input
        yield self._note

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @property
    def applied(self) -> str:
        """The filter in force."""
        return self._applied

    @property
    def history(self) -> tuple[str, ...]:
        """Earlier filters, the newest first."""
        return tuple(self._history)

    @property
    def is_busy(self) -> bool:
        """Whether it shows the progress of a filter."""
        return self._is_busy

    def set_history(self, filters: Sequence[str]) -> None:
        """Take earlier filters, the newest first."""
        self._history = list(dict.fromkeys(filters))[:HISTORY_KEPT]
        self._place = -1

    def set_text(self, text: str) -> None:
        """Show the filter in force: what was submitted, once the parent has applied it."""
        self._applied = text
        self._input.value = text
        self._input.cursor_position = len(text)
        self._place = -1

    def edit(self, text: str | None = None) -> None:
        """Give the focus to the input, prefilled with the filter in force or another text."""
        if text is not None:
            self._input.value = text
        self._input.cursor_position = len(self._input.value)
        self._input.focus()

    def error(self, text: str) -> None:
        """Say what is wrong with the filter, below it."""
        self._is_busy = False
        self._faulty = self._input.value
        self._show_note(safe.block(text), "-error")

    def busy(self, text: str, percent: float | None = None) -> None:
        """Say what is going on, how far it is, and how to stop it."""
        self._is_busy = True
        share = "" if percent is None else f" {percent:.0f}%"
        self._show_note(safe.line(text) + Content(f"{share} · esc stops it"), "-busy")

    def clear_note(self) -> None:
        """Take the error or the progress away."""
        self._is_busy = False
        self._note.remove_class("-busy", "-error")

    def _show_note(self, note: Content, kind: str) -> None:
        self._note.update(note, layout=not self._note.has_class(kind) or kind == "-error")
        self._note.remove_class("-busy", "-error")
        self._note.add_class(kind)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        self._place = -1
        if not text:
            self.post_message(self.FilterCleared())
            return
        self.set_history((text, *self._history))
        self.post_message(self.FilterSubmitted(text))

    @on(Input.Changed)
    def _change(self, event: Input.Changed) -> None:
        event.stop()
        if not self._is_busy and event.value != self._faulty:
            self.clear_note()

    def _recall(self, place: int) -> None:
        if self._place == -1:
            self._draft = self._input.value
        self._place = place
        self._input.value = self._draft if place == -1 else self._history[place]
        self._input.cursor_position = len(self._input.value)

    def action_older(self) -> None:
        """Bring back an older filter."""
        if self._place + 1 < len(self._history):
            self._recall(self._place + 1)

    def action_newer(self) -> None:
        """Bring back a newer filter, at last what was being typed."""
        if self._place >= 0:
            self._recall(self._place - 1)

    def action_leave(self) -> None:
        """Leave the bar, with the filter in force put back."""
        self.set_text(self._applied)
        if self._is_busy:
            self.post_message(self.CancelWanted())
        else:
            self.clear_note()
            self.post_message(self.Left())
