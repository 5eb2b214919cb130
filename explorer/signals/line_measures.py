"""Lines and characters of a text, in one pass over its bytes.

A byte adds to five counts that are packed into one number; above them it adds a weight. What a line's bytes come to
without its blanks is a rough key of the line, which knows no order: only lines whose rough key repeats are hashed.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import uint64

from explorer.kernels.compiling import inlined, kernel
from explorer.kernels.sets import emptied, put, times

LINES, CHARACTERS, MAX_LINE, ALPHABETIC, VISIBLE, DIGITS, BLANKS, COUNTED, REPEATED, WORDS, WORD_CHARACTERS = range(11)
"""Cells of a row: lines; characters without line feeds; those of the longest line; letters (ASCII, and all beyond it);
characters that are seen; digits; blanks with line feeds; lines that count for repetition and those that stood before;
words between blanks and their characters."""
CELLS = 11

_FACTOR = np.uint64(0x100000001B3)
_WIDTH = 10
_PORTION = (1 << _WIDTH) - 1
"""Bytes after which a packed count may be full."""
_LETTER, _DIGIT, _INNER, _BLANK, _RETURN = range(0, 5 * _WIDTH, _WIDTH)
"""Where the counts lie: letters, digits, bytes within a character, blanks, carriage returns, which are blanks too."""
_FIELD = np.uint64(_PORTION)
_INKED = np.uint64(((1 << 64) - 1) ^ (_PORTION << _BLANK) ^ (_PORTION << _RETURN))


def _packed_counts() -> npt.NDArray[np.uint64]:
    table = np.random.default_rng(1).integers(1, 1 << 14, 256, np.uint64) << np.uint64(5 * _WIDTH)
    blanks = [*range(33), 127]
    table[blanks] = 0
    letters = [*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", *range(0xC0, 0x100)]
    for field, members in (
        (_LETTER, letters),
        (_DIGIT, list(b"0123456789")),
        (_INNER, list(range(0x80, 0xC0))),
        (_BLANK, blanks),
        (_RETURN, [13]),
    ):
        table[members] += np.uint64(1 << field)
    return table


COUNTS = _packed_counts()
"""What each byte adds (uint64)."""


@inlined
def _count(packed: Any, field: int) -> Any:
    return np.int64((packed >> uint64(field)) & _FIELD)


@kernel
def measure_lines(
    text: Any, start: int, end: int, added: Any, row: Any, keys: Any, feeds: Any, slots: Any, seen: Any
) -> None:
    """Fills a row (int64), but for its words; `keys` (uint64), `feeds` and `slots` (int32) are room for all lines.

    A line is repeated where it stood before with its blanks removed; lines of one character and `},` do not count
    (OpenCoder). Continuation bytes are part of the character before them; a carriage return is a blank.
    """
    row[:] = 0
    lines, at = 0, start
    while at < end:
        first = at
        letters = digits = inner = blanks = returns = 0
        key = uint64(0)
        while True:
            packed = uint64(0)
            last = min(end, at + _PORTION)
            while at < last and text[uint64(at)] != 10:
                packed += added[text[uint64(at)]]
                at += 1
            letters += _count(packed, _LETTER)
            digits += _count(packed, _DIGIT)
            inner += _count(packed, _INNER)
            blanks += _count(packed, _BLANK)
            returns += _count(packed, _RETURN)
            key += packed & _INKED
            if at >= end or text[uint64(at)] == 10:
                break
        characters = at - first - inner - returns
        row[CHARACTERS] += characters
        row[MAX_LINE] = max(row[MAX_LINE], characters)
        row[ALPHABETIC] += letters
        row[DIGITS] += digits
        row[BLANKS] += blanks + (at < end)
        row[VISIBLE] += at - first - inner - blanks
        keys[lines] = key if _counts(text, first, at, at - first - blanks) else uint64(0)
        feeds[lines] = at - start
        lines += 1
        at += 1
    row[LINES] = lines
    _find_repeated(text, start, lines, row, keys, feeds, slots, seen)


@inlined
def _counts(text: Any, at: int, end: int, inked: int) -> bool:
    """Whether a line with so many bytes that are no blanks counts for repetition."""
    if inked != 2:
        return inked > 2
    while at < end and (text[at] <= 32 or text[at] == 127):
        at += 1
    return text[at] != 125


@kernel
def _find_repeated(text: Any, start: int, lines: int, row: Any, keys: Any, feeds: Any, slots: Any, seen: Any) -> None:
    """Counts the lines that count and those that stood before; a key of 0 is that of a line that does not count."""
    counted = repeated = left = 0
    mask = emptied(seen, lines)
    for line in range(lines):
        if keys[line]:
            counted += 1
            slots[line] = put(seen, mask, keys[line])
    for line in range(lines):
        if keys[line] and times(seen, slots[line]) > 1:
            first = start + feeds[line - 1] + 1 if line else start
            keys[left] = _line_hash(text, first, start + feeds[line])
            left += 1
    mask = emptied(seen, left)
    for entry in range(left):
        repeated += times(seen, put(seen, mask, keys[entry])) > 1
    row[COUNTED], row[REPEATED] = counted, repeated


@inlined
def _line_hash(text: Any, at: int, end: int) -> Any:
    value = uint64(0)
    for place in range(uint64(at), uint64(end)):
        byte = text[place]
        if byte > 32 and byte != 127:
            value = (value * _FACTOR) ^ uint64(byte + 1)
    return value
