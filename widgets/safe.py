"""The one place that turns foreign text into something Textual shows as it is."""

from rich.text import Text
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Input

from widgets.visible import hidden, visible, visible_line

_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}


def line(text: str, style: str = "", columns: int = 400) -> Content:
    """Show any text in one line, never as markup."""
    return Content.styled(visible_line(text, columns), style)


def block(text: str, style: str = "") -> Content:
    """Show any text in its lines, never as markup."""
    return Content.styled(visible(text), style)


def one_for_one(text: str) -> str:
    """Show each character of a text as exactly one character, so that a cursor in it stays in its place."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_stand_in(character) for character in text)


def _stand_in(character: str) -> str:
    if visible_line(character) == character:
        return character
    return chr(_PICTURES.get(ord(character), 0xFFFD))


class SafeInput(Input):
    """A one-line input that may hold any text and shows it harmlessly, and what is to be hidden of it hidden."""

    DEFAULT_CSS = """
    SafeInput {
        & > .input--placeholder { color: $foreground 50%; }
    }
    """

    @property
    def _value(self) -> Text:
        text = super()._value
        text.plain = hidden(text.plain)
        return text

    def render_line(self, y: int) -> Strip:
        """Draw the input with stand-ins for what a terminal could act on."""
        strip = super().render_line(y)
        if strip.text.isascii() and strip.text.isprintable():
            return strip
        shown = [segment._replace(text=one_for_one(segment.text)) for segment in strip]
        return Strip(shown).crop_extend(0, strip.cell_length, self.rich_style)
