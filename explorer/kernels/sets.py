"""How often hashes come: one array of uint64 that many samples use, one after the other.

An entry is 40 bits of the spread hash and a count of 24 bits; two hashes are taken for one another once in 2^40 times
that they meet. Entries are looked for one after the other.
"""

from typing import Any

import numpy as np
from numba import int64, uint64

from explorer.kernels.compiling import inlined

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_COUNT = np.uint64((1 << 24) - 1)
_TAG = np.uint64(((1 << 64) - 1) ^ ((1 << 24) - 1))


def room_for(most: int) -> Any:
    """Returns an array (uint64) with room for so many different hashes."""
    return np.zeros(1 << max(int(most) * 2, 1024).bit_length(), np.uint64)


@inlined
def emptied(seen: Any, most: Any) -> Any:
    """Empties what so many hashes need; returns the mask that goes with them."""
    size = uint64(64)
    while size < uint64(2 * most):
        size += size
    for place in range(size):
        seen[place] = uint64(0)
    return size - uint64(1)


@inlined
def put(seen: Any, mask: Any, value: Any) -> Any:
    """Counts a hash (uint64); returns its entry, an unsigned place, which is not checked for counting from the end."""
    spread = value * _SPREAD
    tag = spread & _TAG
    place = ((spread >> uint64(40)) ^ (spread >> uint64(16))) & mask
    entry = seen[place]
    while entry != 0 and (entry & _TAG) != tag:
        place = (place + uint64(1)) & mask
        entry = seen[place]
    seen[place] = tag | min((entry & _COUNT) + uint64(1), _COUNT)
    return place


@inlined
def times(seen: Any, place: Any) -> Any:
    """Returns how often the hash of an entry was put, up to 16 million."""
    return int64(seen[uint64(place)] & _COUNT)
