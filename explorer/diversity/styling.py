"""How each text is written: its layout, how wordy it is, and which paradigm it leans to."""

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.diversity.shapes import INDENTED, indent_of
from explorer.diversity.streams import Lexed
from explorer.diversity.words import (
    CLASS,
    FROZEN,
    FUNCTION,
    FUNCTIONAL,
    IMPORTS,
    INHERITS,
    LAMBDA,
    LOOPS,
    MATCH,
    OWN,
)
from explorer.kernels import kernel
from explorer.signals.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, PUNCTUATION, STRING

Floats = npt.NDArray[np.float64]

(
    LINES,
    BLANK_LINES,
    CODE_LINES,
    TOKENS,
    STATEMENTS,
    NAMES,
    NAME_BYTES,
    SINGLE_NAMES,
    COMMENT_BYTES,
    INDENTED_LINES,
    TABBED_LINES,
    STEPS,
    STEP_WIDTH,
    STRINGS,
    DOUBLE_QUOTED,
    CLOSINGS,
    TRAILING_COMMAS,
    OBJECTS,
    FUNCTIONALS,
    PROCEDURES,
    CELLS,
) = range(21)

_QUOTE, _APOSTROPHE, _COMMA, _DOT, _EQUALS, _AT = ord('"'), ord("'"), ord(","), ord("."), ord("="), ord("@")
_MORE, _LEFT, _RIGHT = ord(">"), ord("("), ord(")")
_OPENING, _CLOSING = (ord("("), ord("["), ord("{")), (ord(")"), ord("]"), ord("}"))
_SEMICOLON, _COLON, _MINUS = ord(";"), ord(":"), ord("-")

PARADIGMS = ("object-oriented", "functional", "procedural")

AXES = (
    "tokens_per_statement",
    "name_length",
    "comment_bytes_per_line",
    "indent_width",
    "tab_share",
    "blank_line_share",
    "line_length_p50",
    "line_length_p90",
    "double_quote_share",
    "trailing_comma_share",
    "single_letter_share",
    "object_oriented_share",
    "functional_share",
    "procedural_share",
)
"""What is measured of each text; a share is 0 to 1, widths and lengths are in bytes."""

PARADIGM_AXES = AXES[-3:]


def style(lexed: Lexed, language: str | None) -> dict[str, Floats]:
    """Returns for each axis a value a text (float64), NaN where the text says nothing of it.

    Object-oriented are classes, methods, writes to `self.` and inheritance; functional are anonymous functions,
    comprehensions, map, filter and fold, decorators, matching and what is said to be immutable; procedural are
    statements outside every function and loops in functions that belong to no class.
    """
    cells = np.zeros((len(lexed.firsts) - 1, CELLS), np.int64)
    lengths = np.zeros(int(np.diff(lexed.offsets).max(initial=0)) + 1, np.int64)
    middles = np.full((len(cells), 2), np.nan)
    _tell(*lexed, language in INDENTED, cells)
    _measure_lines(lexed.text, lexed.offsets, lengths, cells, middles)
    return dict(zip(AXES, _columns(cells, middles), strict=True))


def _columns(cells: npt.NDArray[np.int64], middles: Floats) -> list[Floats]:
    paradigm = cells[:, OBJECTS] + cells[:, FUNCTIONALS] + cells[:, PROCEDURES]
    return [
        _ratio(cells[:, TOKENS], cells[:, STATEMENTS]),
        _ratio(cells[:, NAME_BYTES], cells[:, NAMES]),
        _ratio(cells[:, COMMENT_BYTES], cells[:, CODE_LINES]),
        _ratio(cells[:, STEP_WIDTH], cells[:, STEPS]),
        _ratio(cells[:, TABBED_LINES], cells[:, INDENTED_LINES]),
        _ratio(cells[:, BLANK_LINES], cells[:, LINES]),
        middles[:, 0],
        middles[:, 1],
        _ratio(cells[:, DOUBLE_QUOTED], cells[:, STRINGS]),
        _ratio(cells[:, TRAILING_COMMAS], cells[:, CLOSINGS]),
        _ratio(cells[:, SINGLE_NAMES], cells[:, NAMES]),
        *(_ratio(cells[:, each], paradigm) for each in (OBJECTS, FUNCTIONALS, PROCEDURES)),
    ]


def _ratio(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> Floats:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


@kernel
def _measure_lines(text: Any, offsets: Any, lengths: Any, cells: Any, middles: Any) -> None:
    """Counts lines and takes the median and the 90th percentile (nearest rank) of those that are not blank."""
    for number in range(len(offsets) - 1):
        begin, end = offsets[number], offsets[number + 1]
        filled, length, visible, longest = 0, 0, False, 0
        lengths[: end - begin + 1] = 0
        for place in range(begin, end + 1):
            if place == end or text[place] == 10:
                if place < end or length:
                    cells[number, LINES] += 1
                    cells[number, BLANK_LINES] += not visible
                    if visible:
                        lengths[length] += 1
                        filled += 1
                        longest = max(longest, length)
                length, visible = 0, False
            elif text[place] != 13:
                length += 1
                visible |= text[place] != 32 and text[place] != 9
        if filled:
            middles[number, 0] = _rank(lengths, longest, (filled + 1) // 2)
            middles[number, 1] = _rank(lengths, longest, (9 * filled + 9) // 10)


@kernel
def _rank(lengths: Any, longest: int, wanted: int) -> int:
    seen = 0
    for length in range(longest + 1):
        seen += lengths[length]
        if seen >= wanted:
            return length
    return longest


@kernel
def _tell(  # noqa: C901 (one walk: its state would be handed from call to call)
    text: Any, offsets: Any, firsts: Any, kinds: Any, starts: Any, ends: Any, words: Any, roles: Any, indents: bool,
    cells: Any,
) -> None:  # fmt: skip
    for number in range(len(offsets) - 1):
        row, begin = cells[number], offsets[number]
        begins, brackets, braces, last_indent, indent = True, 0, 0, 0, 0
        class_indent, free_indent, class_level, free_level = -1, -1, -1, -1
        waits_class, waits_function = False, False
        before, before_word, line_feed, line_token = 0, 0, False, 0
        for token in range(firsts[number], firsts[number + 1]):
            kind, word = kinds[token], words[token]
            if kind == NEWLINE:
                begins, line_feed = True, True
                continue
            if kind in (COMMENT, DOC):
                row[COMMENT_BYTES] += ends[token] - starts[token]
                continue
            if begins:
                begins, line_token = False, token
                row[CODE_LINES] += 1
                if brackets <= 0:
                    indent = indent_of(text, begin, begin + starts[token])
                    if indent > 0:
                        row[INDENTED_LINES] += 1
                        row[TABBED_LINES] += text[begin + starts[token] - 1] == 9
                    if indent > last_indent and indent - last_indent <= 8:
                        row[STEPS] += 1
                        row[STEP_WIDTH] += indent - last_indent
                    last_indent = indent
                    if indents:
                        row[STATEMENTS] += 1
                        if class_indent >= 0 and indent <= class_indent:
                            class_indent = -1
                        if free_indent >= 0 and indent <= free_indent:
                            free_indent = -1
                        is_outer = indent == 0 and kind == IDENTIFIER
                        if is_outer and roles[token] not in (FUNCTION, CLASS, IMPORTS) and word:
                            row[PROCEDURES] += 1
                        if kind == PUNCTUATION and word == _AT:
                            row[FUNCTIONALS] += 1
            row[TOKENS] += 1
            if kind == IDENTIFIER:
                role, width = roles[token], ends[token] - starts[token]
                row[NAMES] += 1
                row[NAME_BYTES] += width
                row[SINGLE_NAMES] += width == 1
                if role == CLASS:
                    row[OBJECTS] += 1
                    waits_class = True
                    if indents and token == line_token and class_indent < 0:
                        class_indent = indent
                elif role == FUNCTION:
                    in_class = class_indent >= 0 if indents else class_level >= 0
                    row[OBJECTS] += in_class
                    waits_function = not in_class
                    if indents and not in_class and free_indent < 0:
                        free_indent = indent
                elif role == INHERITS:
                    row[OBJECTS] += 1
                elif role in (FUNCTIONAL, LAMBDA, FROZEN, MATCH):
                    row[FUNCTIONALS] += 1
                elif role in LOOPS:
                    if indents and brackets > 0:
                        row[FUNCTIONALS] += 1
                    elif free_indent >= 0 or free_level >= 0:
                        row[PROCEDURES] += 1
            elif kind == STRING:
                quote = text[begin + ends[token] - 1]
                if quote in (_QUOTE, _APOSTROPHE):
                    row[STRINGS] += 1
                    row[DOUBLE_QUOTED] += quote == _QUOTE
            elif kind == PUNCTUATION:
                if word in _OPENING:
                    brackets += word != 123 or indents
                elif word in _CLOSING:
                    brackets -= word != 125 or indents
                    if line_feed and before == PUNCTUATION and before_word == _COMMA:
                        row[TRAILING_COMMAS] += 1
                    row[CLOSINGS] += line_feed and token == line_token
                if word == _EQUALS and _writes_own(kinds, words, roles, token, firsts[number]):
                    row[OBJECTS] += 1
                if word == _MORE and before == PUNCTUATION and before_word in (_EQUALS, _MINUS) and not indents:
                    row[FUNCTIONALS] += before_word == _EQUALS
                if not indents:
                    row[STATEMENTS] += word in (_SEMICOLON, 123)
                    if word == 123:
                        if waits_class and class_level < 0:
                            class_level = braces
                        elif waits_function and free_level < 0:
                            free_level = braces
                        waits_class, waits_function = False, False
                        braces += 1
                    elif word == 125:
                        braces -= 1
                        class_level = -1 if braces <= class_level else class_level
                        free_level = -1 if braces <= free_level else free_level
            before, before_word, line_feed = kind, word, False


@kernel
def _writes_own(kinds: Any, words: Any, roles: Any, token: int, first: int) -> bool:
    """Whether `=` follows `self.name` or `this.name`."""
    if token - 3 < first or kinds[token - 1] != IDENTIFIER or words[token - 2] != _DOT:
        return False
    return kinds[token - 3] == IDENTIFIER and roles[token - 3] == OWN
