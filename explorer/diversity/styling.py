"""How each text is written: its layout, how wordy it is, and which paradigm it leans to."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.diversity.shapes import INDENTED, indent_of
from explorer.kernels.compiling import inlined, kernel
from explorer.languages.bodies import ARROWS, CLASS_BODY, FUNCTION_BODY, PASSED, bodies
from explorer.languages.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, PUNCTUATION, STRING, word_hash
from explorer.languages.streams import Lexed
from explorer.languages.words import (
    CLASS,
    CONTINUING,
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
    SHORT_NAMES,
    COMMENT_BYTES,
    INDENTED_LINES,
    TABBED_LINES,
    STEPS,
    STEP_WIDTH,
    STRINGS,
    DOUBLE_QUOTED,
    CLOSINGS,
    TRAILING_COMMAS,
    BODIES,
    OWN_LINE_BODIES,
    IMPORTS_MADE,
    IMPORTS_TOGETHER,
    OBJECTS,
    FUNCTIONALS,
    PROCEDURES,
    CELLS,
) = range(26)

_QUOTE, _APOSTROPHE, _COMMA, _DOT, _EQUALS, _AT = ord('"'), ord("'"), ord(","), ord("."), ord("="), ord("@")
_MORE, _LESS, _LEFT, _RIGHT = ord(">"), ord("<"), ord("("), ord(")")
_OPENING, _CLOSING = (ord("("), ord("["), ord("{")), (ord(")"), ord("]"), ord("}"))
_SEMICOLON, _OPEN, _CLOSE, _RIGHT_SQUARE = (ord(mark) for mark in ";{}]")
_END = word_hash("end")
_MOST_LEVELS = 64

_LINED = frozenset(("Go", "Groovy", "JavaScript", "Kotlin", "Scala", "Swift", "TypeScript", "Vue"))
"""Languages with braces in which a line feed may end a statement."""
_SCRIPTED = frozenset(("JavaScript", "PHP", "Perl", "TypeScript", "Vue"))
"""Languages with braces in which statements may stand outside every function."""
_PATTERNED = frozenset(("Cython", "Elixir", "Haskell", "Kotlin", "OCaml", "Python", "Rust", "Scala", "Swift"))
"""Languages that choose by pattern, not by value alone."""


class _Traits(NamedTuple):
    """What a language is like."""

    indents: bool
    lined: bool
    scripted: bool
    patterned: bool
    arrow: int
    """What stands before `>` in an anonymous function, 0 where it has no arrow."""


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
    "own_line_brace_share",
    "imports_together_share",
    "single_letter_share",
    "short_name_share",
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
    statements outside every function, where a language has them, and loops in functions that belong to no class.

    Braces of their own line are those that open a function or a class; imports stand together where no line lies
    between one and the one before; short names have two or three bytes.
    """
    cells = np.zeros((len(lexed.firsts) - 1, CELLS), np.int64)
    lengths = np.zeros(int(np.diff(lexed.offsets).max(initial=0)) + 1, np.int64)
    middles = np.full((len(cells), 2), np.nan)
    traits = _Traits(
        language in INDENTED, language in _LINED, language in _SCRIPTED, language in _PATTERNED,
        ord(ARROWS.get(language or "", "\0")),
    )  # fmt: skip
    begun = np.zeros(len(lexed.kinds), np.uint8) if traits.indents else bodies(lexed, language)
    _tell(*lexed, begun, traits, np.zeros(_MOST_LEVELS, np.int64), cells)
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
        _ratio(cells[:, OWN_LINE_BODIES], cells[:, BODIES]),
        _ratio(cells[:, IMPORTS_TOGETHER], cells[:, IMPORTS_MADE]),
        _ratio(cells[:, SINGLE_NAMES], cells[:, NAMES]),
        _ratio(cells[:, SHORT_NAMES], cells[:, NAMES]),
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
    text: Any, offsets: Any, firsts: Any, kinds: Any, starts: Any, ends: Any, words: Any, roles: Any, begun: Any,
    traits: Any, outer: Any, cells: Any,
) -> None:  # fmt: skip
    indents = traits.indents
    for number in range(len(offsets) - 1):
        row, begin, last = cells[number], offsets[number], firsts[number + 1]
        begins, brackets, braces, last_indent, indent = True, 0, 0, 0, 0
        class_indent, free_indent, class_level, free_level = -1, -1, -1, -1
        before, before_word, line_feed, line_token = 0, 0, False, 0
        is_fresh, imports, feeds, was_import = True, False, 0, False
        for token in range(firsts[number], last):
            kind, word = kinds[token], words[token]
            if kind == NEWLINE:
                begins, line_feed, feeds = True, True, feeds + 1
                continue
            if kind in (COMMENT, DOC):
                feeds = 2
                row[COMMENT_BYTES] += ends[token] - starts[token]
                continue
            if begins:
                begins, line_token = False, token
                row[CODE_LINES] += 1
                if brackets <= 0:
                    is_import = kind == IDENTIFIER and roles[token] == IMPORTS
                    row[IMPORTS_MADE] += is_import
                    row[IMPORTS_TOGETHER] += is_import and was_import and feeds == 1
                    was_import = is_import
                    indent = indent_of(text, begin, begin + starts[token])
                    if indent > 0:
                        row[INDENTED_LINES] += 1
                        row[TABBED_LINES] += text[begin + starts[token] - 1] == 9
                    if indent > last_indent and indent - last_indent <= 8:
                        row[STEPS] += 1
                        row[STEP_WIDTH] += indent - last_indent
                    last_indent = indent
                    if indents:
                        row[STATEMENTS] += kind != IDENTIFIER or word != _END
                        if class_indent >= 0 and indent <= class_indent:
                            class_indent = -1
                        if free_indent >= 0 and indent <= free_indent:
                            free_indent = -1
                        if indent == 0 and kind == IDENTIFIER:
                            row[PROCEDURES] += _is_outside(kinds, words, roles, token, last)
                        if kind == PUNCTUATION and word == _AT:
                            row[FUNCTIONALS] += 1
                    elif traits.lined and _ends_line(before, before_word) and _begins_statement(kind, word):
                        row[STATEMENTS] += 1
                        row[PROCEDURES] += traits.scripted and braces == 0 and not imports
                        is_fresh = True
            if is_fresh:
                is_fresh, imports = False, kind == IDENTIFIER and roles[token] == IMPORTS
            feeds = 0
            row[TOKENS] += 1
            if kind == IDENTIFIER:
                role, width = roles[token], ends[token] - starts[token]
                row[NAMES] += 1
                row[NAME_BYTES] += width
                row[SINGLE_NAMES] += width == 1
                row[SHORT_NAMES] += 2 <= width <= 3
                if role == CLASS and indents:
                    row[OBJECTS] += 1 + _inherits(kinds, words, token, last)
                    if token == line_token and class_indent < 0:
                        class_indent = indent
                elif role == FUNCTION and indents:
                    row[OBJECTS] += class_indent >= 0
                    if class_indent < 0 and free_indent < 0:
                        free_indent = indent
                elif role == INHERITS:
                    row[OBJECTS] += 1
                elif role in (FUNCTIONAL, LAMBDA, FROZEN) or (role == MATCH and traits.patterned):
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
                    brackets += word != _OPEN or indents
                elif word in _CLOSING:
                    brackets -= word != _CLOSE or indents
                    if line_feed and token == line_token:
                        row[TRAILING_COMMAS] += before == PUNCTUATION and before_word == _COMMA
                        is_block = word == _CLOSE and not indents and before == PUNCTUATION
                        row[CLOSINGS] += not (is_block and before_word in (_SEMICOLON, _OPEN, _CLOSE))
                if word == _EQUALS and _writes_own(kinds, words, roles, token, firsts[number]):
                    row[OBJECTS] += 1
                if word == _MORE and before == PUNCTUATION and before_word == traits.arrow:
                    row[FUNCTIONALS] += 1
                if not indents and begun[token] != PASSED:
                    if word in (_SEMICOLON, _OPEN):
                        row[STATEMENTS] += 1
                        row[PROCEDURES] += word == _SEMICOLON and traits.scripted and braces == 0 and not imports
                        is_fresh = True
                    if word == _OPEN:
                        if begun[token] in (CLASS_BODY, FUNCTION_BODY):
                            row[BODIES] += 1
                            row[OWN_LINE_BODIES] += token == line_token
                        row[OBJECTS] += begun[token] == CLASS_BODY or (
                            begun[token] == FUNCTION_BODY and class_level >= 0
                        )
                        if begun[token] == CLASS_BODY and class_level < 0:
                            class_level = braces
                        elif begun[token] == FUNCTION_BODY and class_level < 0 and free_level < 0:
                            free_level = braces
                        if braces < _MOST_LEVELS:
                            outer[braces] = brackets
                            brackets = 0
                        braces += 1
                    elif word == _CLOSE and braces > 0:
                        braces -= 1
                        brackets = outer[braces] if braces < _MOST_LEVELS else brackets
                        class_level = -1 if braces <= class_level else class_level
                        free_level = -1 if braces <= free_level else free_level
                        is_fresh = brackets <= 0
            before, before_word, line_feed = kind, word, False
        if traits.lined and brackets <= 0 and _ends_line(before, before_word):
            row[STATEMENTS] += 1
            row[PROCEDURES] += traits.scripted and braces == 0 and not imports


@kernel
def _is_outside(kinds: Any, words: Any, roles: Any, token: int, last: int) -> bool:
    """Whether a line without indent is a statement outside every function, and no part of one before it."""
    if roles[token] in (FUNCTION, CLASS, IMPORTS, *CONTINUING) or words[token] == _END:
        return False
    return not (token + 1 < last and kinds[token + 1] == IDENTIFIER and roles[token + 1] == FUNCTION)


@inlined
def _inherits(kinds: Any, words: Any, token: int, last: int) -> bool:
    """Whether `class A` is followed by `(B` or `< B`."""
    if token + 3 >= last or kinds[token + 1] != IDENTIFIER or kinds[token + 2] != PUNCTUATION:
        return False
    return words[token + 2] == _LESS or (words[token + 2] == _LEFT and kinds[token + 3] == IDENTIFIER)


@inlined
def _ends_line(before: int, before_word: Any) -> bool:
    """Whether a statement may end behind a token."""
    return before != 0 and (before != PUNCTUATION or before_word in (_RIGHT, _RIGHT_SQUARE))


@inlined
def _begins_statement(kind: int, word: Any) -> bool:
    return kind != PUNCTUATION or word in (_CLOSE, _AT)


@kernel
def _writes_own(kinds: Any, words: Any, roles: Any, token: int, first: int) -> bool:
    """Whether `=` follows `self.name` or `this.name`."""
    if token - 3 < first or kinds[token - 1] != IDENTIFIER or words[token - 2] != _DOT:
        return False
    return kinds[token - 3] == IDENTIFIER and roles[token - 3] == OWN
