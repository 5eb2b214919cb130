"""The shape of each function: its words of control flow, in their order, each with how deep it stands.

Two functions have one shape where they branch, loop, handle and return alike, whatever they compute. Depth is counted
by indentation where that is how a language forms blocks, and by braces elsewhere; a function inside a function belongs
to the outer one's shape.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import uint64

from explorer.diversity.series import Firsts
from explorer.kernels.compiling import inlined, kernel
from explorer.languages.bodies import FUNCTION_BODY, PASSED, bodies
from explorer.languages.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, PUNCTUATION
from explorer.languages.streams import Lexed
from explorer.languages.words import CONTROL, FUNCTION

INDENTED = frozenset(
    ("Python", "Cython", "Ruby", "Lua", "Julia", "Elixir", "Haskell", "OCaml", "YAML", "Nim", "CoffeeScript")
)
"""Languages whose blocks are told by indentation, or end with a word and are indented by everyone."""

_START, _FACTOR = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_MOST_LEVELS = 64
_OPEN, _CLOSE, _LEFT, _RIGHT = ord("{"), ord("}"), ord("("), ord(")")
_LEFT_SQUARE, _RIGHT_SQUARE = ord("["), ord("]")


def shapes(
    lexed: Lexed, language: str | None, whole: npt.NDArray[np.bool_] | None = None
) -> tuple[npt.NDArray[np.uint64], Firsts]:
    """Returns the shape of every function as a hash (uint64), text by text, and where each text begins.

    A function that the end of its text cuts off has none; `whole` tells which texts are not cut, none where it is None.
    """
    whole = np.zeros(len(lexed.firsts) - 1, np.bool_) if whole is None else whole
    room = int((lexed.roles == FUNCTION).sum()) if language in INDENTED else int((lexed.words == _OPEN).sum())
    hashes, firsts = np.zeros(room + 1, np.uint64), np.zeros(len(lexed.firsts), np.int64)
    levels = np.zeros(_MOST_LEVELS, np.int64)
    if language in INDENTED:
        found = _by_indent(*_lines(lexed), whole, levels, hashes, firsts)
    else:
        found = _by_braces(
            lexed.firsts, lexed.kinds, lexed.words, lexed.roles, bodies(lexed, language), hashes, firsts
        )  # fmt: skip
    return hashes[:found], firsts


def _lines(lexed: Lexed) -> tuple[Any, ...]:
    return lexed.text, lexed.offsets, lexed.firsts, lexed.kinds, lexed.starts, lexed.words, lexed.roles


@inlined
def _mixed(shape: Any, role: Any, depth: Any) -> Any:
    return uint64((uint64((shape ^ uint64(role)) * _FACTOR) ^ uint64(depth)) * _FACTOR)


@inlined
def indent_of(text: Any, begin: int, start: int) -> int:
    """The width of the blanks between the start of a line and a token of it, a tab going to the next multiple of 8."""
    first = start
    while first > begin and text[first - 1] != 10:
        first -= 1
    width = 0
    for place in range(first, start):
        width = (width // 8 + 1) * 8 if text[place] == 9 else width + 1
    return width


@kernel
def _by_indent(  # noqa: C901 (one walk: its state would be handed from call to call)
    text: Any, offsets: Any, firsts: Any, kinds: Any, starts: Any, words: Any, roles: Any, whole: Any, levels: Any,
    hashes: Any, shape_firsts: Any,
) -> int:  # fmt: skip
    found = 0
    for number in range(len(offsets) - 1):
        base, shape, depth, brackets, begins, line_indent = -1, _START, 0, 0, True, 0
        for token in range(firsts[number], firsts[number + 1]):
            kind = kinds[token]
            if kind == NEWLINE:
                begins = brackets <= 0
                continue
            if kind in (COMMENT, DOC):
                continue
            if begins:
                begins = False
                indent = indent_of(text, offsets[number], offsets[number] + starts[token])
                if base >= 0 and indent <= base:
                    hashes[found] = shape
                    found += 1
                    base = -1
                if base >= 0:
                    while depth > 0 and levels[depth - 1] >= indent:
                        depth -= 1
                    if depth < len(levels):
                        levels[depth] = indent
                        depth += 1
                line_indent = indent
            if kind == PUNCTUATION:
                word = words[token]
                if word in (_LEFT, _OPEN, _LEFT_SQUARE):
                    brackets += 1
                elif word in (_RIGHT, _CLOSE, _RIGHT_SQUARE):
                    brackets -= 1
            elif kind == IDENTIFIER:
                if base >= 0 and (roles[token] >= CONTROL or roles[token] == FUNCTION):
                    shape = _mixed(shape, roles[token], depth)
                elif base < 0 and roles[token] == FUNCTION and brackets <= 0:
                    base, shape, depth = line_indent, _START, 0
        if base >= 0 and whole[number]:
            hashes[found] = shape
            found += 1
        shape_firsts[number + 1] = found
    return found


@kernel
def _by_braces(
    firsts: Any, kinds: Any, words: Any, roles: Any, begun: Any, hashes: Any, shape_firsts: Any
) -> int:  # fmt: skip
    found = 0
    for number in range(len(firsts) - 1):
        inside, shape, depth = False, _START, 0
        for token in range(firsts[number], firsts[number + 1]):
            if begun[token] == FUNCTION_BODY:
                inside, shape, depth = True, _START, 0
            if not inside or begun[token] == PASSED:
                continue
            if kinds[token] == PUNCTUATION:
                depth += (words[token] == _OPEN) - (words[token] == _CLOSE)
                if depth == 0:
                    hashes[found] = shape
                    found += 1
                    inside = False
            elif kinds[token] == IDENTIFIER and roles[token] >= CONTROL:
                shape = _mixed(shape, roles[token], depth)
        shape_firsts[number + 1] = found
    return found
