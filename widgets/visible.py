"""Turns any text into text that a terminal can only show, never act on."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from rich.cells import cell_len

COLUMNS = 4096
LINES = 2000
CHARACTERS = 1_000_000
TAB = 4
MARKS_IN_A_ROW = 4
REMEMBERED, SHORT = 8192, 400
"""Short texts of which is remembered what is hidden in them."""

# Letters that look like nothing.
_BLANK_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
# Parts of an emoji or a Hangul syllable whose width depends on their neighbours: no two terminals agree on it.
_JOINING = "\U0001f3fb-\U0001f3ff\u1161-\u11ff\ud7b0-\ud7ff"
_VARIATION_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_BLANK = re.compile(f"[{_BLANK_LETTERS}{_VARIATION_SELECTORS}{_JOINING}]")
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]+")
_NEVER = re.compile(r"(?!)")
_HIDDEN_ASCII = re.compile(r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _as_it_is(text: str) -> str:
    return text


_hide: Callable[[str], str] = _as_it_is


def hide_with(hide: Callable[[str], str]) -> None:
    """Let all foreign text pass a function before it is shown, such as one that masks secrets.

    It is to keep every character in its place. `shown_line` and `shown_lines` show what they are given.
    """
    global _hide
    remembered = lru_cache(REMEMBERED)(hide)
    _hide = lambda text: remembered(text) if len(text) <= SHORT else hide(text)  # noqa: E731


def hidden(text: str) -> str:
    """Return a text as `hide_with` wants it, every character in its place."""
    return _hide(text)


class Shown(NamedTuple):
    """One line as a terminal may show it, and which parts of it the line did not say itself."""

    text: str
    escapes: tuple[tuple[int, int], ...] = ()
    """Spans that stand for characters which cannot be shown, and notices of a cut."""
    tabs: tuple[tuple[int, int], ...] = ()
    """Spans of arrows and spaces that stand for a tab."""
    anchors: tuple[tuple[int, int], ...] = ((0, 0),)
    """Pairs of an offset in the line and the same place in `text`, wherever the distance between the two changes."""

    def place(self, offset: int) -> int:
        """Tell where in `text` a character of the line is shown."""
        source, target = self.anchors[bisect_right(self.anchors, (offset, 1 << 60)) - 1]
        return min(len(self.text), target + offset - source)


@cache
def _marks() -> re.Pattern[str]:
    """Find characters that pile up on the one before them."""
    marks = [code for code in range(0x300, 0x1FFFF) if unicodedata.category(chr(code))[0] == "M"]
    return re.compile("[" + "".join(re.escape(chr(code)) for code in marks if not _is_escaped(chr(code))) + "]+")


def _is_escaped(character: str) -> bool:
    return not character.isprintable() or _BLANK.match(character) is not None


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨{code:04X}⟩"


def _is_plain_line(line: str) -> bool:
    if not line.isprintable():
        return False
    return line.isascii() or not (_BLANK.search(line) or _marks().search(line))


class _Line:
    """Collects the pieces of one shown line."""

    def __init__(self, tab: int, has_tabs: bool) -> None:
        self.tab = tab
        self.has_tabs = has_tabs
        self.pieces: list[str] = []
        self.length = 0
        self.cells = 0
        self.escapes: list[tuple[int, int]] = []
        self.tabs: list[tuple[int, int]] = []
        self.anchors: list[tuple[int, int]] = [(0, 0)]

    def add(self, piece: str, spans: list[tuple[int, int]] | None = None) -> None:
        if spans is not None:
            spans.append((self.length, self.length + len(piece)))
        self.pieces.append(piece)
        self.length += len(piece)
        if self.has_tabs:
            self.cells += cell_len(piece)

    def add_unusual(self, run: str, offset: int, marks: re.Pattern[str]) -> None:
        """Add a run of characters beyond printable ASCII."""
        place = 0
        while place < len(run):
            self.anchors.append((offset + place, self.length))
            if found := marks.match(run, place):
                self.add_marks(found[0])
                place = found.end()
            elif _is_escaped(run[place]):
                self.add_escaped(run[place])
                place += 1
            else:
                end = place + 1
                while end < len(run) and not _is_escaped(run[end]) and not marks.match(run, end):
                    end += 1
                self.add(run[place:end])
                place = end
        self.anchors.append((offset + len(run), self.length))

    def add_escaped(self, character: str) -> None:
        if character == "\t":
            self.add("→" + " " * (self.tab - 1 - self.cells % self.tab), self.tabs)
        else:
            self.add(_escape(character), self.escapes)

    def add_marks(self, marks: str) -> None:
        if not self.length:
            self.add("◌", self.escapes)
        self.add(marks[:MARKS_IN_A_ROW])
        if len(marks) > MARKS_IN_A_ROW:
            self.add(f"⟨+{len(marks) - MARKS_IN_A_ROW:,} marks⟩", self.escapes)

    def shown(self) -> Shown:
        return Shown("".join(self.pieces), tuple(self.escapes), tuple(self.tabs), tuple(self.anchors))


def shown_line(line: str, *, columns: int = COLUMNS, tab: int = TAB) -> Shown:
    """Show one line, cut with a notice where it has more than `columns` characters.

    A line feed inside the line is escaped like any other control character.
    """
    if len(line) <= columns and _is_plain_line(line):
        return Shown(line)
    kept = line[:columns]
    parts = _Line(tab, "\t" in kept)
    marks = _NEVER if kept.isascii() else _marks()
    end = 0
    for found in _NOT_PLAIN.finditer(kept):
        parts.add(kept[end : found.start()])
        parts.add_unusual(found[0], found.start(), marks)
        end = found.end()
        if parts.length > columns:
            break
    else:
        parts.add(kept[end:])
        end = len(kept)
    return _cut(parts, columns, len(line), end)


def _cut(parts: _Line, columns: int, length: int, used: int) -> Shown:
    """Keep what fits into the columns, never half an escape, and say what was cut."""
    shown = parts.shown()
    if len(shown.text) <= columns and used == length:
        return shown
    keep = min(columns, len(shown.text))
    keep = next((start for start, end in (*shown.escapes, *shown.tabs) if start < keep < end), keep)
    notice = f" ⟨line cut at {columns:,} of {length:,} characters⟩"
    escapes = (*(span for span in shown.escapes if span[1] <= keep), (keep + 1, keep + len(notice)))
    tabs = tuple(span for span in shown.tabs if span[1] <= keep)
    anchors = tuple(anchor for anchor in shown.anchors if anchor[1] <= keep) or ((0, 0),)
    return Shown(shown.text[:keep] + notice, escapes, tabs, anchors)


def _is_plain(text: str, columns: int) -> bool:
    if not text.isascii() or not text.replace("\n", "").isprintable():
        return False
    return len(text) <= columns or max(map(len, text.split("\n"))) <= columns


def shown_lines(
    text: str, *, columns: int = COLUMNS, lines: int = LINES, characters: int = CHARACTERS, tab: int = TAB
) -> tuple[Shown, ...]:
    """Show the lines of a text, with a last line that says where the text was cut."""
    pieces = text[:characters].split("\n", lines)
    notice = f"⟨cut at {characters:,} of {len(text):,} characters⟩" if len(text) > characters else ""
    if len(pieces) > lines:
        pieces.pop()
        notice = f"⟨cut at {lines:,} of {text.count(chr(10)) + 1:,} lines⟩"
    shown = tuple(shown_line(piece, columns=columns, tab=tab) for piece in pieces)
    return (*shown, Shown(notice, ((0, len(notice)),))) if notice else shown


def visible(
    text: str, *, columns: int = COLUMNS, lines: int = LINES, characters: int = CHARACTERS, tab: int = TAB
) -> str:
    """Show any text: line feeds stay, all else that a terminal could act on or hide becomes a visible sign.

    Columns count characters of a line, not cells. What is cut is said in the text.
    """
    text = _hide(text)
    fits = len(text) <= characters and text.count("\n") < lines
    if fits and _is_plain(text, columns):
        return text
    shown = shown_lines(text, columns=columns, lines=lines, characters=characters, tab=tab)
    return "\n".join(line.text for line in shown)


def visible_spans(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Show any text as `visible` does, with the spans of all that stands for something else.

    A sample that says ⟨202E⟩ itself has no span there, so a style on the spans tells the two apart.
    """
    spans: list[tuple[int, int]] = []
    offset = 0
    shown = shown_lines(text)
    for line in shown:
        spans += [(offset + start, offset + end) for start, end in line.escapes]
        offset += len(line.text) + 1
    return "\n".join(line.text for line in shown), tuple(spans)


def visible_line(text: str, columns: int = 400) -> str:
    """Show any text in one line of at most `columns` cells, line feeds as ⏎ and a cut as …."""
    text = _hide(text)
    is_short = len(text) <= columns
    if is_short and text.isascii() and text.isprintable():
        return text
    kept = text[: columns + 1]
    shown = "⏎".join(shown_line(line, columns=columns + 1).text for line in kept.split("\n"))
    return fit(shown, columns) if cell_len(shown) > columns or not is_short else shown


def fit(text: str, width: int) -> str:
    """Cut a shown text so that it and the … at its end take at most `width` cells."""
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    kept = text[: width - 1]
    while cell_len(kept) > width - 1:
        kept = kept[:-1]
    return kept + "…"


def hidden_characters(text: str) -> int:
    """Count the characters of a text that a plain view would hide or act on; tabs and line ends are not among them."""
    if text.isascii():
        return len(_HIDDEN_ASCII.findall(text))
    hidden = sum(text.count(character) for character in set(text) if _is_escaped(character))
    hidden -= text.count("\n") + text.count("\t") + text.count("\r\n")
    return hidden + sum(max(0, len(run) - MARKS_IN_A_ROW) for run in _marks().findall(text))
