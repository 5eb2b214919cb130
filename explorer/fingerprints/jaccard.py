"""The exact similarity of texts: Jaccard of their sets of shingles."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from explorer.fingerprints.shingles import ShingleSets


def similarities(
    sets: ShingleSets, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Returns |A ∩ B| / |A ∪ B| of the shingle sets of each pair (left[i], right[i]); 0 where both are empty."""
    found = np.zeros(len(left), np.float64)
    _measure(sets.identities, sets.offsets, left, right, found)
    return found


@njit(nogil=True, cache=True)
def _measure(identities: Any, offsets: Any, left: Any, right: Any, found: Any) -> None:
    for pair in range(len(left)):
        one, one_end = offsets[left[pair]], offsets[left[pair] + 1]
        other, other_end = offsets[right[pair]], offsets[right[pair] + 1]
        total, shared = one_end - one + other_end - other, 0
        while one < one_end and other < other_end:
            a, b = identities[one], identities[other]
            shared += a == b
            one += a <= b
            other += b <= a
        if total:
            found[pair] = shared / (total - shared)
