"""Where the bodies of functions and classes begin, in languages whose blocks stand in braces.

The head of a block is what stands before its brace since the last statement. It heads a function where it has a word
that says so, an arrow before the brace, or, where a language has no such word, brackets as those of arguments.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.kernels.compiling import inlined, kernel
from explorer.languages.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, PUNCTUATION, word_hash
from explorer.languages.streams import Lexed
from explorer.languages.words import CLASS, CONTROL, FUNCTION

PLAIN, FUNCTION_BODY, CLASS_BODY, PASSED = range(4)
"""What a token is: a brace that begins a body; PASSED, of a line for the preprocessor, or of a branch left
out by it."""

_WORDED = frozenset(("Go", "Rust", "Kotlin", "Swift", "Scala", "PHP", "Perl"))
"""Languages in which a word begins every function."""
_LINED = frozenset(("Go", "JavaScript", "TypeScript", "Vue"))
"""Languages in which a line feed ends a statement."""
_PREPROCESSED = frozenset(("C", "C++", "CUDA", "Objective-C", "C#"))
ARROWS = {"JavaScript": "=", "TypeScript": "=", "Vue": "=", "C#": "=", "Dart": "=", "Java": "-", "Groovy": "-"}
"""What stands before `>` in the arrow of a function without a name."""

_OPEN, _CLOSE, _LEFT, _RIGHT, _LEFT_SQUARE, _RIGHT_SQUARE = (ord(mark) for mark in "{}()[]")
_SEMICOLON, _EQUALS, _MORE, _HASH, _BACKSLASH, _ASK, _NOT, _COMMA = (ord(mark) for mark in ";=>#\\?!,")
_OPERATOR = word_hash("operator")
_ELSES = tuple(word_hash(word) for word in ("else", "elif", "elifdef", "elifndef"))
_IFS = tuple(word_hash(word) for word in ("if", "ifdef", "ifndef"))
_ENDIF = word_hash("endif")

BRACKETS, FLOOR, FUNCTION_AT, CALLED, OTHER, IS_CLASS, ASSIGNED, CONTINUES = range(8)
"""Cells of a head: how many round and square brackets are open, and were where it began; with how many open a word of
functions stood, -1 without; and what else it has. One that CONTINUES goes on behind the brace."""
_CELLS = 8
_MOST_LEVELS = 128


def bodies(lexed: Lexed, language: str | None) -> npt.NDArray[np.uint8]:
    """Tells of every token whether a body begins with it; what stands inside a function is not looked at."""
    told = np.zeros(len(lexed.kinds), np.uint8)
    stack = np.zeros((_MOST_LEVELS + 1, _CELLS), np.int64)
    _tell(
        lexed.firsts, lexed.kinds, lexed.words, lexed.roles, language in _WORDED, language in _LINED,
        language in _PREPROCESSED, ord(ARROWS.get(language or "", "\0")), stack, told,
    )  # fmt: skip
    return told


@kernel
def _tell(  # noqa: C901 (one walk: its state would be handed from call to call)
    firsts: Any, kinds: Any, words: Any, roles: Any, worded: bool, lined: bool, preprocessed: bool, arrow: int,
    stack: Any, told: Any,
) -> None:  # fmt: skip
    for number in range(len(firsts) - 1):
        if preprocessed:
            _pass_over(kinds, words, firsts[number], firsts[number + 1], stack, told)
        depth, inside, fed, operator = 0, -1, False, False
        before, before_that = -1, -1
        head = stack[0]
        _begin(head, 0)
        for token in range(firsts[number], firsts[number + 1]):
            kind = kinds[token]
            if kind == NEWLINE:
                fed = True
            if kind in (NEWLINE, COMMENT, DOC) or told[token] == PASSED:
                continue
            mark = words[token] if kind == PUNCTUATION else 0
            if inside >= 0:
                depth += (mark == _OPEN) - (mark == _CLOSE)
                if depth == inside:
                    inside = -1
                    head = stack[min(depth, _MOST_LEVELS)]
                    _end(head)
            elif kind == IDENTIFIER or mark:
                if fed and lined and mark != _OPEN and head[BRACKETS] <= head[FLOOR]:
                    _begin(head, head[BRACKETS])
                if kind == IDENTIFIER:
                    operator = words[token] == _OPERATOR
                    _take_word(head, roles[token])
                elif mark == _OPEN:
                    has_arrow = before == _MORE and before_that == arrow
                    can_begin = has_arrow or _can_precede(before) or (worded and before == _COMMA)
                    if can_begin and (has_arrow or _heads_function(head, worded, preprocessed, before)):
                        told[token], inside = FUNCTION_BODY, depth
                    elif head[IS_CLASS] and head[FUNCTION_AT] < 0 and not head[ASSIGNED]:
                        told[token] = CLASS_BODY
                    head[CONTINUES] = (
                        told[token] == PLAIN and not can_begin and (head[FUNCTION_AT] >= 0 or head[CALLED])
                    )
                    depth += 1
                    opened = stack[min(depth, _MOST_LEVELS)]
                    _begin(opened, head[BRACKETS])
                    head = opened
                elif mark == _CLOSE:
                    depth = max(depth - 1, 0)
                    head = stack[min(depth, _MOST_LEVELS)]
                    _end(head)
                else:
                    _take_mark(head, mark, operator)
            fed = False
            is_class = kind == IDENTIFIER and roles[token] == CLASS
            before_that, before = before, mark if kind == PUNCTUATION else -2 if is_class else -1


@inlined
def _begin(head: Any, brackets: Any) -> None:
    for cell in range(_CELLS):
        head[cell] = 0
    head[BRACKETS], head[FLOOR], head[FUNCTION_AT] = brackets, brackets, -1


@inlined
def _end(head: Any) -> None:
    """Goes on behind a block: the head in whose brackets it stood has not ended, nor one that it was a type in."""
    if head[BRACKETS] <= head[FLOOR] and not head[CONTINUES]:
        _begin(head, head[BRACKETS])


@inlined
def _take_word(head: Any, role: Any) -> None:
    if role == FUNCTION:
        if head[FUNCTION_AT] < 0 or head[BRACKETS] < head[FUNCTION_AT]:
            head[FUNCTION_AT] = head[BRACKETS]
    elif head[BRACKETS] <= head[FLOOR]:
        head[IS_CLASS] |= role == CLASS
        head[OTHER] |= role >= CONTROL


@inlined
def _take_mark(head: Any, mark: Any, operator: bool) -> None:
    if mark in (_LEFT, _LEFT_SQUARE):
        head[BRACKETS] += 1
    elif mark in (_RIGHT, _RIGHT_SQUARE):
        head[BRACKETS] = max(head[BRACKETS] - 1, 0)
        if head[BRACKETS] <= head[FLOOR]:
            head[FLOOR] = head[BRACKETS]
            head[CALLED] |= mark == _RIGHT
    elif head[BRACKETS] <= head[FLOOR]:
        if mark == _SEMICOLON:
            _begin(head, head[BRACKETS])
        head[ASSIGNED] |= mark == _EQUALS and not operator


@inlined
def _can_precede(before: int) -> bool:
    """Whether a body may follow a mark, -1 for what is none; behind others a brace is of a type, or a value."""
    return before == -1 or before in (_RIGHT, _RIGHT_SQUARE, _CLOSE, _MORE, _ASK, _NOT)


@inlined
def _heads_function(head: Any, worded: bool, preprocessed: bool, before: int) -> bool:
    """Whether a brace behind a head begins a function; that of C may return a `struct`."""
    if head[FUNCTION_AT] >= 0:
        return head[FUNCTION_AT] == head[BRACKETS]
    if worded or head[BRACKETS] > head[FLOOR] or not head[CALLED] or head[OTHER] or head[ASSIGNED]:
        return False
    return not head[IS_CLASS] or (preprocessed and before == _RIGHT)


@kernel
def _pass_over(kinds: Any, words: Any, first: int, last: int, depths: Any, told: Any) -> None:  # noqa: C901 (one walk)
    """Passes over what is for the preprocessor, and over a branch where one before it left braces open."""
    begins, is_line, ends_open, depth, level, dead = True, False, False, 0, 0, -1
    for token in range(first, last):
        kind, word = kinds[token], words[token]
        if kind == NEWLINE:
            begins, is_line = not (is_line and ends_open), is_line and ends_open
            ends_open = False
            continue
        if begins and kind not in (COMMENT, DOC):
            begins = False
            is_line = kind == PUNCTUATION and word == _HASH
            if is_line and token + 1 < last and kinds[token + 1] == IDENTIFIER:
                command = words[token + 1]
                if command in _IFS:
                    depths[min(level, _MOST_LEVELS), 0] = depth
                    level += 1
                elif command in _ELSES and dead < 0 and level > 0:
                    dead = level if depth != depths[min(level - 1, _MOST_LEVELS), 0] else -1
                elif command == _ENDIF and level > 0:
                    dead = -1 if dead == level else dead
                    level -= 1
        ends_open = kind == PUNCTUATION and word == _BACKSLASH
        if is_line or dead >= 0:
            told[token] = PASSED
        elif kind == PUNCTUATION:
            depth += (word == _OPEN) - (word == _CLOSE)
