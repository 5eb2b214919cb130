r"""Data written as text: base64, hexadecimal bytes and escaped characters, by StarCoder2's three patterns.

They are `[a-zA-Z0-9+/\n=]{64,}`, `(?:\b(?:0x|\\x)?[0-9a-fA-F]{2}(?:,|\b\s*)){8,}` and `(?:\\u[0-9a-fA-F]{4}){8,}`.
Each matches only among bytes of few kinds; where a stretch as long as the shortest match holds another byte, the search
goes on behind that byte, so that most bytes of ordinary code are never looked at.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.kernels.compiling import inlined, kernel

BYTES, LONGEST = range(2)
"""Cells of a row: bytes that the patterns match, and those of the longest match."""
CELLS = 2

LEAST_BASE64 = 64
"""Characters that a run of base64 has at least."""
LEAST_UNITS = 8
"""Hexadecimal bytes or escaped characters in a row that a match has at least."""
_LEAST_HEX, _ESCAPE = 3 * LEAST_UNITS - 1, 6
"""Bytes of the shortest list of hexadecimal bytes, and of one escape."""

_BASE64, _LISTED, _ESCAPED, _DIGIT, _WORD, _BLANK = (1 << bit for bit in range(6))
_COMMA, _BACKSLASH, _ZERO, _X, _U = (ord(mark) for mark in ",\\0xu")


def _byte_bits() -> npt.NDArray[np.uint8]:
    letters, digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", b"0123456789"
    hexadecimal, blanks = b"0123456789abcdefABCDEF", b" \t\n\r\x0b\x0c"
    members = {
        _BASE64: letters + digits + b"+/\n=",
        _LISTED: hexadecimal + blanks + b"x\\,",
        _ESCAPED: hexadecimal + b"\\u",
        _DIGIT: hexadecimal,
        _WORD: letters + digits + b"_",
        _BLANK: blanks,
    }
    bits = np.zeros(256, np.uint8)
    for bit, listed in members.items():
        bits[list(listed)] |= bit
    return bits


BITS = _byte_bits()


@kernel
def measure_encoded(text: Any, start: int, end: int, bits: Any, row: Any) -> None:
    """Fills a row (int64) with what the three patterns match, each of them by itself."""
    row[:] = 0
    at = start
    while at < end:
        at = _stretch(text, at, end, bits, _BASE64, LEAST_BASE64)
        begin = at
        while at < end and bits[text[at]] & _BASE64:
            at += 1
        _take(row, at - begin)
    at = start
    while at < end:
        at = _stretch(text, at, end, bits, _LISTED, _LEAST_HEX)
        while at < end and bits[text[at]] & _LISTED:
            reached = _listed_end(text, start, at, end, bits, row)
            at = max(reached, at + 1)
    at = start
    while at < end:
        at = _stretch(text, at, end, bits, _ESCAPED, _ESCAPE * LEAST_UNITS)
        while at < end and bits[text[at]] & _ESCAPED:
            reached = _escapes_end(text, at, end, bits, row)
            at = max(reached, at + 1)


@inlined
def _stretch(text: Any, at: int, end: int, bits: Any, wanted: int, least: int) -> int:
    """Returns where the next stretch of at least so many wanted bytes begins, or the end."""
    last = at + least - 1
    while last < end:
        place = last
        while place >= at and bits[text[place]] & wanted:
            place -= 1
        if place < at:
            return at
        at = place + 1
        last = at + least - 1
    return end


@inlined
def _take(row: Any, size: int) -> None:
    row[BYTES] += size
    row[LONGEST] = max(row[LONGEST], size)


@kernel
def _listed_end(text: Any, start: int, at: int, end: int, bits: Any, row: Any) -> int:
    """Counts a match that begins here; returns where the hexadecimal bytes end, of which no match begins inside."""
    begin, units = at, 0
    while at < end and _is_border(text, start, at, end, bits):
        digits = at
        if at + 1 < end and text[at + 1] == _X and (text[at] == _ZERO or text[at] == _BACKSLASH):
            digits += 2
        if digits + 1 >= end or not (bits[text[digits]] & bits[text[digits + 1]] & _DIGIT):
            break
        behind = digits + 2
        if behind < end and text[behind] == _COMMA:
            behind += 1
        elif behind < end and bits[text[behind]] & _WORD:
            break
        else:
            while behind < end and bits[text[behind]] & _BLANK:
                behind += 1
        at, units = behind, units + 1
    if units >= LEAST_UNITS:
        _take(row, at - begin)
    return at


@inlined
def _is_border(text: Any, start: int, at: int, end: int, bits: Any) -> bool:
    """Whether just one of two neighbours is of a word, as `\\b` asks."""
    before = at > start and bits[text[at - 1]] & _WORD != 0
    return before != (bits[text[at]] & _WORD != 0)


@kernel
def _escapes_end(text: Any, at: int, end: int, bits: Any, row: Any) -> int:
    """Counts a match that begins here; returns where the escapes end."""
    begin = at
    while at + _ESCAPE <= end and text[at] == _BACKSLASH and text[at + 1] == _U:
        digits = bits[text[at + 2]] & bits[text[at + 3]] & bits[text[at + 4]] & bits[text[at + 5]]
        if not digits & _DIGIT:
            break
        at += _ESCAPE
    if at - begin >= _ESCAPE * LEAST_UNITS:
        _take(row, at - begin)
    return at
