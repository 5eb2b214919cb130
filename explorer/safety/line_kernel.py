"""Counts the lines of each sample that hold more than blanks."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit


def count_filled_lines(
    text: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], wanted: npt.NDArray[np.uint64]
) -> npt.NDArray[np.int64]:
    """Returns how many lines of each `text[offsets[i]:offsets[i + 1]]` are not blank; 0 where it is not wanted."""
    lines = np.zeros(len(offsets) - 1, np.int64)
    _count(text, offsets, wanted, lines)
    return lines


@njit(nogil=True, cache=True)
def _count(text: Any, offsets: Any, wanted: Any, lines: Any) -> None:
    for row in range(len(lines)):
        filled = 0
        is_filled = False
        for place in range(offsets[row], offsets[row + 1] if wanted[row] else offsets[row]):
            byte = text[place]
            is_filled |= byte > 32
            is_feed = byte == 10
            filled += is_feed & is_filled
            is_filled &= not is_feed
        lines[row] = filled + is_filled
