"""Where the words of a licence begin and end in the first lines of each text, found in one compiled pass."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.kernels.anchors import FOLDED, Anchor, AnchorTable, anchor_table, next_start, stands
from explorer.kernels.compiling import kernel

HEAD_LINES = 40
HEAD_BYTES = 8_192
_BEFORE, _BEHIND = 400, 2_000
"""Bytes around the first and the last anchor that a rule may want to see."""

_SIGNS = (
    b"spdx-license-identifier", b"licen", b"permission ", b"redistribution", b"rights reserved", b"proprietary",
    b"confidential", b"public domain", b"unauthorized copying", b"unauthorised copying", b"as perl",
)  # fmt: skip
"""Strings of which every rule needs one."""


class Windows(NamedTuple):
    """The part of each head that holds the words; empty where there are none."""

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int32]
    """Number of the first line of the part, from 1."""


@cache
def _table() -> AnchorTable:
    return anchor_table([Anchor(sign, flags=FOLDED) for sign in _SIGNS])


def find_windows(text: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> Windows:
    """Finds the part of whole lines around the licence words in the first lines of each text."""
    rows = len(offsets) - 1
    windows = Windows(np.zeros(rows, np.int64), np.zeros(rows, np.int64), np.zeros(rows, np.int32))
    _find(text, offsets, _table(), *windows)
    return windows


@kernel
def _head_end(text: Any, start: Any, end: Any) -> Any:
    last = min(end, start + HEAD_BYTES)
    lines = 0
    for place in range(start, last):
        lines += text[place] == 10
        if lines == HEAD_LINES:
            return place
    return last


@kernel
def _is_sign(text: Any, place: Any, start: Any, end: Any, table: Any) -> Any:
    bucket = table.starts[np.int64(text[place]) | np.int64(text[place + 1]) << 8]
    for member in range(table.firsts[bucket], table.firsts[bucket + 1]):
        if stands(text, place, start, end, table, table.members[member]):
            return True
    return False


@kernel
def _outer_signs(text: Any, start: Any, end: Any, table: Any) -> Any:
    """Returns where the first and the last sign begin; `end` and `start` where there is none."""
    first, last = end, start
    place = next_start(text, start, end, table.starts, table.thirds, table.fourths)
    while place < end:
        if _is_sign(text, place, start, end, table):
            first = min(first, place)
            last = place
        place = next_start(text, place + 1, end, table.starts, table.thirds, table.fourths)
    return first, last


@kernel
def _line_start(text: Any, place: Any, start: Any) -> Any:
    while place > start and text[place - 1] != 10:
        place -= 1
    return place


@kernel
def _line_end(text: Any, place: Any, end: Any) -> Any:
    while place < end and text[place] != 10:
        place += 1
    return place


@kernel
def _find(text: Any, offsets: Any, table: Any, starts: Any, ends: Any, lines: Any) -> None:
    for row in range(len(offsets) - 1):
        start = offsets[row]
        end = _head_end(text, start, offsets[row + 1])
        first, last = _outer_signs(text, start, end, table)
        if first < end:
            starts[row] = _line_start(text, max(start, first - _BEFORE), start)
            ends[row] = _line_end(text, min(end, last + _BEHIND), end)
            lines[row] = 1
            for place in range(start, starts[row]):
                lines[row] += text[place] == 10
