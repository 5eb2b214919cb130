"""The code of some texts as one stream of tokens, without blanks, comments and documentation.

A token is told by a 64-bit hash of its bytes (FNV-1a); all strings are one token and all numbers another.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import uint64

from explorer.kernels.buffers import buffers
from explorer.kernels.compiling import inlined, kernel
from explorer.languages.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, NUMBER, PUNCTUATION, lex_text
from explorer.languages.syntaxes import rules_of
from explorer.languages.words import (
    AWAIT,
    BEFORE_NAME,
    BEGINS_LINE,
    CLASS,
    CONTROL,
    FUNCTION,
    keyword_table,
    word_table,
)

NAME, KEYWORD, LITERAL, SIGN = range(4)
"""Kinds of tokens in a stream."""
PLAIN, OF_FUNCTION, OF_CLASS = range(3)
"""What a name names: the word before it tells functions and classes."""

_START, _FACTOR = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_LEFT, _LEFT_SQUARE, _LEFT_BRACE, _MINUS, _STAR, _COLON, _DOT = (ord(mark) for mark in "([{-*:.")
_STRING_HASH, _NUMBER_HASH = np.uint64(1), np.uint64(2)


class Lexed(NamedTuple):
    """All tokens of some texts as the lexer cut them; the tokens of text `i` are `firsts[i]` to `firsts[i + 1]`."""

    text: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int64]
    kinds: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int32]
    """From the start of the text, as `ends`."""
    ends: npt.NDArray[np.int32]
    words: npt.NDArray[np.uint32]
    roles: npt.NDArray[np.uint8]
    """What words mean where they stand (`words.word_table`), else 0."""


class Stream(NamedTuple):
    """The tokens of code of some texts, one text after the other."""

    hashes: npt.NDArray[np.uint64]
    kinds: npt.NDArray[np.uint8]
    names: npt.NDArray[np.uint8]
    """For a NAME, what it names."""
    begins: npt.NDArray[np.int64]
    """First byte of each token in the buffer of all texts, and the byte behind its last in `ends`."""
    ends: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int64]
    """Where each text begins; one more than there are texts."""


def lex(content: pa.LargeBinaryArray, language: str | None) -> Lexed:
    """Cuts texts of one language into tokens."""
    text, offsets = buffers(content)
    room = int(offsets[-1] - offsets[0]) + 1
    kinds, starts, ends = np.empty(room, np.uint8), np.empty(room, np.int32), np.empty(room, np.int32)
    words, roles = np.empty(room, np.uint32), np.zeros(room, np.uint8)
    firsts = np.zeros(len(offsets), np.int64)
    filled = _lex(text, offsets, rules_of(language), kinds, starts, ends, words, firsts)
    _mark(firsts, kinds, starts, ends, words, *word_table(language), roles)
    return Lexed(
        text, offsets, firsts, kinds[:filled].copy(), starts[:filled].copy(), ends[:filled].copy(),
        words[:filled].copy(), roles[:filled].copy(),
    )  # fmt: skip


@kernel
def _lex(text: Any, offsets: Any, rules: Any, kinds: Any, starts: Any, ends: Any, words: Any, firsts: Any) -> int:
    filled = 0
    for number in range(len(offsets) - 1):
        filled += lex_text(
            text, offsets[number], offsets[number + 1], rules, kinds[filled:], starts[filled:], ends[filled:],
            words[filled:],
        )  # fmt: skip
        firsts[number + 1] = filled
    return filled


@kernel
def _mark(
    firsts: Any, kinds: Any, starts: Any, ends: Any, words: Any, hashes: Any, roles: Any, marked: Any
) -> None:  # fmt: skip
    for number in range(len(firsts) - 1):
        first, last, brackets = firsts[number], firsts[number + 1], 0
        for token in range(first, last):
            if kinds[token] == PUNCTUATION:
                brackets += _turn(words[token])
            elif kinds[token] == IDENTIFIER:
                role = found(words[token], hashes, roles)
                if role & BEGINS_LINE:
                    begins = brackets <= 0 and (token == first or kinds[token - 1] == NEWLINE)
                    role = (
                        role & ~BEGINS_LINE if begins and _has_subject(kinds, starts, ends, words, token, last) else 0
                    )
                elif role & BEFORE_NAME:
                    role = role & ~BEFORE_NAME if token + 1 < last and kinds[token + 1] == IDENTIFIER else 0
                elif role in (FUNCTION, CLASS) or (role >= CONTROL and role != AWAIT):
                    role = 0 if _is_member(kinds, words, token, first) else role
                marked[token] = role


@inlined
def _turn(mark: Any) -> int:
    if mark == 40 or mark == 91 or mark == 123:
        return 1
    return -1 if mark == 41 or mark == 93 or mark == 125 else 0


@inlined
def _has_subject(kinds: Any, starts: Any, ends: Any, words: Any, token: int, last: int) -> bool:
    """Whether `match` and `case` are followed by what they look at, not by what makes them a name."""
    if token + 1 >= last or kinds[token + 1] == NEWLINE or kinds[token + 1] == COMMENT:
        return False
    if kinds[token + 1] != PUNCTUATION:
        return True
    return starts[token + 1] > ends[token] and words[token + 1] in (_LEFT, _LEFT_SQUARE, _LEFT_BRACE, _MINUS, _STAR)


@inlined
def _is_member(kinds: Any, words: Any, token: int, first: int) -> bool:
    """Whether a word stands behind `.` or `::`, where every word is a name."""
    if token == first or kinds[token - 1] != PUNCTUATION:
        return False
    before = words[token - 1]
    is_scope = (
        before == _COLON and token - 2 >= first and kinds[token - 2] == PUNCTUATION and words[token - 2] == _COLON
    )
    return before == _DOT or is_scope


@inlined
def found(word: Any, hashes: Any, values: Any) -> Any:
    """Looks a word up in an open table; 0 where it is not there."""
    mask = len(hashes) - 1
    place = word & mask
    while hashes[place] != 0 and hashes[place] != word:
        place = (place + 1) & mask
    return values[place]


def stream_of(lexed: Lexed) -> Stream:
    """Keeps the code of some texts and tells its tokens by hashes."""
    count = len(lexed.kinds)
    stream = Stream(
        np.empty(count, np.uint64), np.empty(count, np.uint8), np.zeros(count, np.uint8), np.empty(count, np.int64),
        np.empty(count, np.int64), np.zeros(len(lexed.firsts), np.int64),
    )  # fmt: skip
    kept = _keep(*lexed, *keyword_table(), *stream)
    return Stream(
        stream.hashes[:kept].copy(), stream.kinds[:kept].copy(), stream.names[:kept].copy(),
        stream.begins[:kept].copy(), stream.ends[:kept].copy(), stream.firsts,
    )  # fmt: skip


@kernel
def _keep(
    text: Any, offsets: Any, firsts: Any, kinds: Any, starts: Any, ends: Any, words: Any, roles: Any, keywords: Any,
    marks: Any, hashes: Any, kept_kinds: Any, names: Any, begins: Any, behind: Any, kept_firsts: Any,
) -> int:  # fmt: skip
    kept = 0
    for number in range(len(offsets) - 1):
        named = PLAIN
        for token in range(firsts[number], firsts[number + 1]):
            kind = kinds[token]
            if kind in (COMMENT, DOC, NEWLINE):
                continue
            begin, end = offsets[number] + starts[token], offsets[number] + ends[token]
            names[kept] = PLAIN
            if kind == IDENTIFIER:
                hashes[kept] = _hash(text, begin, end)
                is_keyword = found(words[token], keywords, marks)
                kept_kinds[kept] = KEYWORD if is_keyword else NAME
                if not is_keyword:
                    names[kept] = named
            else:
                kept_kinds[kept] = SIGN if kind == PUNCTUATION else LITERAL
                hashes[kept] = _hash(text, begin, end) if kind == PUNCTUATION else _literal(kind)
            named = OF_FUNCTION if roles[token] == 1 else OF_CLASS if roles[token] == 2 else PLAIN
            begins[kept], behind[kept] = begin, end
            kept += 1
        kept_firsts[number + 1] = kept
    return kept


@inlined
def _literal(kind: Any) -> Any:
    return _NUMBER_HASH if kind == NUMBER else _STRING_HASH


@inlined
def _hash(text: Any, begin: Any, end: Any) -> Any:
    value = _START
    for place in range(begin, end):
        value = uint64((value ^ uint64(text[place])) * _FACTOR)
    return value


def bare(stream: Stream, text: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Returns the code alone, a blank after each token, and where each text begins: the samples as MinHash takes them.

    What a prompt gave to all of its answers, as a docstring, makes none of them like another.
    """
    widths = stream.ends - stream.begins + 1
    behind = np.concatenate([[0], np.cumsum(widths)])
    written = np.full(int(behind[-1]), ord(" "), np.uint8)
    _write_bare(text, stream.begins, stream.ends, behind, written)
    return written, behind[stream.firsts].astype(np.int64)


@kernel
def _write_bare(text: Any, begins: Any, ends: Any, behind: Any, written: Any) -> None:
    for token in range(len(begins)):
        for step in range(ends[token] - begins[token]):
            written[behind[token] + step] = text[begins[token] + step]
