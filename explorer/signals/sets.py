"""A set of hashes that many samples share, one after the other, without being emptied: each pass has its own stamp."""

from typing import Any

import numpy as np
from numba import int64, uint64

from explorer.kernels import inlined


def room_for(most: int) -> tuple[Any, Any, Any]:
    """Returns keys (uint64), stamps (int64) and counts (int32) with room for so many different hashes."""
    size = 1 << max(int(most) * 2, 1024).bit_length()
    return np.zeros(size, np.uint64), np.zeros(size, np.int64), np.zeros(size, np.int32)


@inlined
def mask_for(most: int) -> Any:
    """Returns the mask of a set that so many hashes are put into: the fewer they are, the nearer they lie together."""
    size = 64
    while size < 2 * most:
        size *= 2
    return uint64(size - 1)


@inlined
def seen_before(keys: Any, stamps: Any, counts: Any, mask: Any, stamp: int, value: Any) -> int:
    """Puts a hash into the set of this stamp, always with one mask; returns how often it was put there before."""
    spread = uint64(value) * uint64(0x9E3779B97F4A7C15)
    place = int64((spread ^ (spread >> uint64(29))) & mask)
    while stamps[place] == stamp and keys[place] != value:
        place = int64(uint64(place + 1) & mask)
    if stamps[place] != stamp:
        stamps[place] = stamp
        keys[place] = value
        counts[place] = 1
        return 0
    counts[place] += 1
    return counts[place] - 1
