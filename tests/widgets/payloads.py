"""Texts that do harm where they reach a terminal or a markup parser as they are."""

import unicodedata

from textual.app import App

PAYLOADS = {
    "title": "\x1b]2;OWNED\x07",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "clipboard, string terminator": "\x1b]52;c;cm0gLXJm\x1b\\",
    "colour": "\x1b[41mred\x1b[0m",
    "clear": "\x1b[2J\x1b[H",
    "report": "\x1b[6n",
    "reset": "\x1bc",
    "device control": "\x1bP$qm\x1b\\",
    "link": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "C1 sequences": "\x9b31m \x9d2;x\x9c \x90q\x9c",
    "bidi override": "access\u202e\u2066// admin\u2069\u2066",
    "bidi marks": "a\u200eb\u200fc\u061cd",
    "zero width": "pass\u200bword\u200c\u200d\u2060",
    "byte order mark": "\ufeffint main",
    "tags": "\U000e0041\U000e0042",
    "variation selectors": "a\ufe0fb\U000e0100c",
    "blank letters": "a\u3164b\u115fc\u2800d",
    "noncharacters": "\ufffe\U0010ffff\ue000",
    "separators": "a\u2028b\u2029c\x85d\xa0e\u3000f",
    "markup close": "x[/]y",
    "markup close named": "x[/foo]y [[/]]",
    "markup colour": "[red]List[str][/red]",
    "markup action": "[@click=app.pwn]x[/]",
    "markup index": "arr[i] = b[j] \\[k]",
    "controls": "".join(map(chr, range(32))) + "\x7f",
    "carriage return": "SAFE CODE\rEVIL",
    "CRLF": "one\r\ntwo",
    "lone surrogate": "a\ud800b\udfff",
    "marks": "a" + "\u0301" * 5000,
    "mark first": "\u0301a",
    "jamo": "\u1100" + "\u1161" * 50,
    "joined emoji": "👩‍👩‍👧 👍🏽 🇩🇪 ☁️",
    "wide": "漢字カナｱ한글",
    "tabs": "\tif x:\t\treturn\t1",
    "long": "long " * 1000,
    "empty": "",
}
FORBIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def forbidden_in(text: str) -> set[str]:
    """The characters of a text that no terminal should get."""
    return {hex(ord(character)) for character in set(text) if unicodedata.category(character) in FORBIDDEN}


class WatchedApp(App[None]):
    """An app that counts the actions which foreign text manages to run."""

    pwned = 0

    def action_pwn(self) -> None:
        self.pwned += 1

    def screen_lines(self) -> list[str]:
        """What the screen shows, line by line."""
        return [strip.text for strip in self.screen._compositor.render_strips()]

    def harm(self) -> set[str]:
        """Control characters and live actions on the screen."""
        strips = self.screen._compositor.render_strips()
        found = {found for strip in strips for found in forbidden_in(strip.text)}
        styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
        found |= {f"action {style.meta['@click']}" for style in styles if style.meta and "@click" in style.meta}
        return found | {f"link {style.link}" for style in styles if style.link}
