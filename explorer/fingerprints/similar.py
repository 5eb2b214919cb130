"""How like a text others are by their signatures alone: a first look over a whole corpus."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit


def agreements(slots: npt.NDArray[np.uint32], signature: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """Returns for each row of `slots` (n × 128) in how many slots it agrees with a signature: Jaccard × 128, about."""
    found = np.zeros(len(slots), np.uint8)
    _count(slots, signature, found)
    return found


@njit(nogil=True, cache=True)
def _count(slots: Any, signature: Any, found: Any) -> None:
    for row in range(len(slots)):
        same = 0
        one = slots[row]
        for slot in range(len(signature)):
            same += one[slot] == signature[slot]
        found[row] = same
