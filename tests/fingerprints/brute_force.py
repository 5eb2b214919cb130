"""All pairs of texts with their exact similarity, by counting what every two share."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from explorer.fingerprints.shingles import ShingleSets

Pairs = dict[tuple[int, int], float]


def all_pairs(sets: ShingleSets, threshold: float) -> Pairs:
    """Returns every pair of texts at or above a threshold, the lower one first."""
    identities, numbers = np.unique(sets.identities, return_inverse=True)
    holders = np.repeat(np.arange(len(sets.offsets) - 1), np.diff(sets.offsets))
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(len(identities) + 1))
    room: Any = np.empty((1 << 20, 2), np.int64)
    similarity = np.empty(len(room))
    count = _count(numbers, sets.offsets, holders[order], starts, threshold, room, similarity)
    assert count < len(room)
    pairs: npt.NDArray[np.int64] = room[:count]
    return {
        (one, other): found for (one, other), found in zip(pairs.tolist(), similarity[:count].tolist(), strict=True)
    }


@njit(cache=True)
def _count(numbers: Any, offsets: Any, holders: Any, starts: Any, threshold: Any, room: Any, similarity: Any) -> Any:
    shared = np.zeros(len(offsets) - 1, np.int64)
    count = 0
    for text in range(len(offsets) - 1):
        shared[:] = 0
        for number in numbers[offsets[text] : offsets[text + 1]]:
            for other in holders[starts[number] : starts[number + 1]]:
                if other >= text:
                    break
                shared[other] += 1
        for other in np.flatnonzero(shared):
            sizes = offsets[text + 1] - offsets[text] + offsets[other + 1] - offsets[other]
            found = shared[other] / (sizes - shared[other])
            if found >= threshold and count < len(room):
                room[count, 0], room[count, 1], similarity[count] = other, text, found
                count += 1
    return count
