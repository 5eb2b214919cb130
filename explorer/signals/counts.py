"""Counts bytes of each class over a whole Arrow buffer in one compiled pass."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

from explorer.kernels.buffers import buffers

_SPACE, _LETTER, _DIGIT, _PUNCTUATION, _NEWLINE, _LEAD, _INNER = range(7)

COUNTS = ("words", "letters", "digits", "punctuation_runs", "punctuation", "newlines", "non_ascii", "high_bytes")
"""Columns of the table `count_classes` returns: runs of letters, letters, digits, maximal runs of ASCII punctuation,
its characters, line feeds, characters outside ASCII (lead bytes), bytes above 0x7F."""


def _class_table() -> npt.NDArray[np.uint8]:
    table = np.full(256, _PUNCTUATION, np.uint8)
    table[[*b" \t\r\x0b\x0c", *range(0x09), *range(0x0E, 0x20), 0x7F]] = _SPACE
    table[ord("\n")] = _NEWLINE
    table[ord("0") : ord("9") + 1] = _DIGIT
    table[ord("A") : ord("Z") + 1] = _LETTER
    table[ord("a") : ord("z") + 1] = _LETTER
    table[0x80:0xC0] = _INNER
    table[0xC0:] = _LEAD
    return table


_CLASSES = _class_table()


@njit(nogil=True, cache=True)
def _count(text: Any, offsets: Any, classes: Any, out: Any) -> None:
    for sample in range(len(offsets) - 1):
        words = letters = digits = runs = marks = newlines = wide = high = 0
        before = 0
        for byte in text[offsets[sample] : offsets[sample + 1]]:
            kind = classes[byte]
            letters += kind == 1
            words += (kind == 1) & (before != 1)
            digits += kind == 2
            marks += kind == 3
            runs += (kind == 3) & (before != 3)
            newlines += kind == 4
            wide += kind == 5
            high += kind >= 5
            before = kind
        out[sample, 0] = words
        out[sample, 1] = letters
        out[sample, 2] = digits
        out[sample, 3] = runs
        out[sample, 4] = marks
        out[sample, 5] = newlines
        out[sample, 6] = wide
        out[sample, 7] = high


def count_classes(content: pa.LargeBinaryArray) -> npt.NDArray[np.int64]:
    """Returns an int64 table, one row a sample, one column for each of `COUNTS`."""
    out = np.zeros((len(content), len(COUNTS)), np.int64)
    text, offsets = buffers(content)
    _count(text, offsets, _CLASSES, out)
    return out
