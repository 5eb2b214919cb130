"""Small windows over a screen that ask one thing, show a progress or list the keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from widgets import numbers, safe
from widgets.visible import visible_line

Answer = TypeVar("Answer")

BAR = 40
HINT_GAP = 2
LEAST_HINT = 20


class Prompt(ModalScreen[Answer]):
    """The frame that every prompt shares: a title, a body and a line that tells the keys."""

    DEFAULT_CSS = """
    Prompt {
        align: center middle;
        background: $background 60%;
        & > .prompt-box {
            width: 64;
            max-width: 94%;
            height: auto;
            max-height: 90%;
            padding: 1 2;
            background: $surface;
            border: round $primary;
        }
        & .prompt-title { text-style: bold; color: $text-primary; margin: 0 0 1 0; }
        & .prompt-body { margin: 0 0 1 0; }
        & .prompt-keys { color: $foreground 65%; margin: 1 0 0 0; }
        & SafeInput { background: $panel; padding: 0 1; }
        & SafeInput:focus { background: $panel; }
        & OptionList { height: auto; max-height: 14; margin: 1 0 0 0; padding: 0; border: none; background: $surface; }
        & OptionList:focus { border: none; }
        & OptionList > .option-list--option-highlighted {
            background: $primary 40%;
            color: $foreground;
            text-style: none;
        }
        & VerticalScroll { height: auto; max-height: 60vh; scrollbar-size: 1 1; }
    }
    """
    title_text: str
    keys_text: str = "esc leaves"

    def body(self) -> ComposeResult:
        """Give what stands between the title and the keys."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Frame the body."""
        with Vertical(classes="prompt-box"):
            yield Static(safe.line(self.title_text), classes="prompt-title", markup=False)
            yield from self.body()
            yield Static(safe.line(self.keys_text), classes="prompt-keys", markup=False)


class Ask(Prompt[str | None]):
    """Asks for one line of text."""

    HELP = "Type, then `enter`. `esc` leaves without an answer."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False, id="ask.leave")]
    keys_text = "enter accepts · esc leaves"

    def __init__(self, title: str, placeholder: str = "", value: str = "") -> None:
        super().__init__()
        self.title_text = title
        self._first_value = value
        self._input = safe.SafeInput(placeholder=placeholder, compact=True)

    def body(self) -> ComposeResult:
        """Give the input; what stands in it is selected, so that typing replaces it."""
        yield self._input

    def on_mount(self) -> None:
        """Take the focus."""
        self._input.value = self._first_value
        self._input.focus()

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


class Confirm(Prompt[bool]):
    """Asks for a yes by its own letter, so that neither enter nor the key that asked can answer."""

    HELP = "The letter shown says yes. `n` or `esc` says no. `enter` does nothing."

    def __init__(self, title: str, body: str = "", yes: str = "y", yes_text: str = "yes", no_text: str = "no") -> None:
        super().__init__()
        self.title_text = title
        self._body = body
        self._yes = yes
        self.keys_text = f"{yes}  {yes_text}      n  {no_text}"

    def body(self) -> ComposeResult:
        """Give the text."""
        with VerticalScroll(can_focus=False):
            yield Static(safe.block(self._body), markup=False)

    def on_key(self, event: events.Key) -> None:
        """Take the answer."""
        event.stop()
        if event.character == self._yes:
            self.dismiss(True)
        elif event.key in ("n", "escape"):
            self.dismiss(False)


class ConfirmTyped(Prompt[bool]):
    """Asks for a yes that has to be typed whole, for what no slip of a finger may do."""

    HELP = "Type the words shown, then `enter`, to say yes. `esc` says no."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False, id="typed.leave")]

    def __init__(self, title: str, body: str, words: str) -> None:
        super().__init__()
        self.title_text = title
        self._body = body
        self._words = words
        self.keys_text = f"type “{words}” and enter to go on · esc leaves everything as it is"
        self._input = safe.SafeInput(placeholder=words, compact=True)

    def body(self) -> ComposeResult:
        """Give the text and the input."""
        with VerticalScroll(can_focus=False):
            yield Static(safe.block(self._body), markup=False)
        yield self._input

    def on_mount(self) -> None:
        """Take the focus."""
        self._input.focus()

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._words:
            self.dismiss(True)

    def action_leave(self) -> None:
        """Say no."""
        self.dismiss(False)


class Pick(Prompt[str | None]):
    """Asks for one of some options, narrowed by typing."""

    HELP = "Type to narrow the list, the arrows choose, `enter` takes. `esc` leaves."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="pick.leave"),
        Binding("down,ctrl+n", "move(1)", "Next", show=False, id="pick.down"),
        Binding("up,ctrl+p", "move(-1)", "Before", show=False, id="pick.up", priority=True),
    ]
    keys_text = "type to narrow · enter takes · esc leaves"

    def __init__(self, title: str, options: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.title_text = title
        self._options = tuple(options)
        self._shown: tuple[str, ...] = ()
        self.is_ready = False
        """Whether the options stand, so that enter takes one."""
        self._input = safe.SafeInput(placeholder="narrow", compact=True)
        self._list = OptionList(compact=True, markup=False)
        self._list.can_focus = False

    def body(self) -> ComposeResult:
        """Give the input and the list."""
        yield self._input
        yield self._list

    def on_mount(self) -> None:
        """Take the focus."""
        self._input.focus()

    def on_resize(self) -> None:
        """Show the options that fit what is typed, their hints broken to the width."""
        self.call_after_refresh(lambda: self._narrow(self._input.value))

    def _narrow(self, text: str) -> None:
        words = text.lower().split()
        found = [option for option in self._options if _has_words(words, option)]
        found.sort(key=lambda option: option[1].lower() != text.strip().lower())
        self._shown = tuple(key for key, _, _ in found)
        self.is_ready = True
        self._list.clear_options()
        width = min(max((len(label) for _, label, _ in found), default=0), 40)
        room = max(self._list.scrollable_content_region.width - width - HINT_GAP - 1, LEAST_HINT)
        self._list.add_options([Option(_option_line(label, hint, width, room)) for _, label, hint in found])
        if found:
            self._list.highlighted = 0
        else:
            self._list.add_option(Option(Content.styled("Nothing has these words.", "$foreground 65%"), disabled=True))

    @on(Input.Changed)
    def _change(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow(event.value)

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        event.stop()
        self._take(self._list.highlighted)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(event.option_index)

    def _take(self, index: int | None) -> None:
        if index is not None and index < len(self._shown):
            self.dismiss(self._shown[index])

    def action_move(self, step: int) -> None:
        """Choose another option, round the ends."""
        if self._shown:
            self._list.highlighted = ((self._list.highlighted or 0) + step) % len(self._shown)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


def _has_words(words: list[str], option: tuple[str, str, str]) -> bool:
    text = " ".join(option).lower()
    return all(word in text for word in words)


def _option_line(label: str, hint: str, width: int, room: int) -> Content:
    """Stand a hint beside its label, its further lines under its first."""
    shown = safe.line(label, columns=60)
    padding = " " * max(1, width + HINT_GAP - shown.cell_length)
    lines = wrap(visible_line(hint), room) or [""]
    indented = f"\n{' ' * (width + HINT_GAP)}".join(lines)
    return Content.assemble(shown, padding, Content.styled(indented, "$foreground 65%"))


class Progress(Prompt[None]):
    """Shows how far a job is; esc wishes it to stop, and the owner of the job takes the window away."""

    HELP = "`esc` stops the job."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "stop", "Stop", show=False, id="progress.stop")]
    keys_text = "esc stops it"

    def __init__(self, title: str, on_stop: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.title_text = title
        self._on_stop = on_stop
        self._is_stopping = False
        self._bar = Static(markup=False)
        self._text = Static(markup=False)

    def body(self) -> ComposeResult:
        """Give the bar and the text."""
        yield self._bar
        yield self._text

    def update(self, fraction: float | None, text: str) -> None:
        """Show how much of one is done, where that is known, and what is going on."""
        if fraction is not None:
            bar = numbers.bar(fraction, BAR)
            self._bar.update(Content.assemble((bar, "$primary on $panel"), f"  {fraction * 100:3.0f}%"))
        self._text.update(safe.block(text) if not self._is_stopping else Content("stopping …"))

    def action_stop(self) -> None:
        """Wish the job to stop."""
        if not self._is_stopping:
            self._is_stopping = True
            self._text.update(Content("stopping …"))
            if self._on_stop is not None:
                self._on_stop()


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does here, or why it does nothing now."""

    key: str
    text: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that belong together."""

    title: str
    keys: tuple[Key, ...]


class KeySheet(Prompt[None]):
    """Lists the keys that work here; typing narrows the list."""

    HELP = "Type to narrow the list, the arrows scroll. `esc` leaves."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "leave", "Leave", show=False, id="keys.leave"),
        Binding("down", "scroll(1)", "Down", show=False, id="keys.down"),
        Binding("up", "scroll(-1)", "Up", show=False, id="keys.up"),
        Binding("pagedown", "scroll(10)", "Page down", show=False, id="keys.page_down"),
        Binding("pageup", "scroll(-10)", "Page up", show=False, id="keys.page_up"),
    ]
    DEFAULT_CSS = """
    KeySheet {
        & > .prompt-box { width: 76; height: 90%; }
        & VerticalScroll { height: 1fr; max-height: 100%; margin: 1 0 0 0; }
    }
    """
    title_text = "Keys"
    keys_text = "type to narrow · arrows scroll · esc leaves"

    def __init__(self, groups: Sequence[KeyGroup]) -> None:
        super().__init__()
        self._groups = tuple(groups)
        self._input = safe.SafeInput(placeholder="narrow", compact=True)
        self._sheet = Static(markup=False)
        self._scroll = VerticalScroll(self._sheet, can_focus=False)

    def body(self) -> ComposeResult:
        """Give the input and the sheet."""
        yield self._input
        yield self._scroll

    def on_mount(self) -> None:
        """Show every key and take the focus."""
        self._narrow("")
        self._input.focus()

    @on(Input.Changed)
    def _change(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow(event.value)

    @on(Input.Submitted)
    def _leave(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(None)

    def _narrow(self, text: str) -> None:
        words = text.lower().split()
        blocks = [block for group in self._groups if (block := _group_lines(group, words))]
        lines = [line for block in blocks for line in (*block, Content(""))]
        self._sheet.update(Content("\n").join(lines) if lines else Content("No key has these words."))
        self._scroll.scroll_home(animate=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll the sheet."""
        self._scroll.scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Leave the sheet."""
        self.dismiss(None)


def _group_lines(group: KeyGroup, words: list[str]) -> list[Content]:
    found = [key for key in group.keys if _has_words(words, (group.title, key.key, key.text))]
    if not found:
        return []
    return [safe.line(group.title, "bold $text-primary"), *(_key_line(key) for key in found)]


def _key_line(key: Key) -> Content:
    name = safe.line(key.key, "bold" if not key.why_not else "$foreground 50%", 20)
    text = safe.line(key.text, "" if not key.why_not else "$foreground 50%")
    reason = safe.line(f" — {key.why_not}", "$foreground 65%") if key.why_not else Content("")
    return Content.assemble("  ", name, " " * max(1, 16 - name.cell_length), text, reason)
