"""How sure a suggestion must be to be taken over unseen: what the random stream of labels says of each limit."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

WANTED = 0.95
"""The share of right suggestions that a bulk must reach, by the lower bound."""
LIMITS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99)
_Z = 1.959963984540054  # leaves 2.5 % of the normal distribution above


class Limit(NamedTuple):
    """How the suggestions of at least one confidence did on the random stream."""

    theta: float
    correct: int
    of: int
    lower: float
    """The Wilson lower bound of the share that is correct."""
    is_allowed: bool


def wilson_lower(correct: int, of: int, z: float = _Z) -> float:
    """The lower end of Wilson's score interval (1927), two-sided 95 % unless told; 0 where nothing was tried."""
    if of <= 0:
        return 0.0
    share = correct / of
    middle = share + z * z / (2 * of)
    margin = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    # At the ends rounding could push the bound past what was observed.
    return min(share, max(0.0, (middle - margin) / (1 + z * z / of)))


def bulk_allowed(correct: int, of: int, wanted: float = WANTED) -> bool:
    """Tells whether so many right suggestions are enough to take the others over in bulk."""
    return wilson_lower(correct, of) >= wanted


def judge_limits(
    confidence: npt.ArrayLike,
    is_correct: npt.ArrayLike,
    *,
    wanted: float = WANTED,
    limits: Sequence[float] = LIMITS,
) -> tuple[Limit, ...]:
    """Counts, for each limit, the right among the suggestions that are at least so confident.

    One entry for each label of the random stream: labels of any other stream would flatter or blacken the figure.
    """
    sure = np.asarray(confidence, np.float64).astype(np.float32)
    right = np.asarray(is_correct, np.bool_)
    # Confidences are stored as float32: whichever way they come, one that is exactly a limit reaches it.
    chosen = [sure >= np.float32(theta) for theta in limits]
    counts = [(int((each & right).sum()), int(each.sum())) for each in chosen]
    return tuple(
        Limit(theta, correct, of, wilson_lower(correct, of), bulk_allowed(correct, of, wanted))
        for theta, (correct, of) in zip(limits, counts, strict=True)
    )


def lowest_limit(limits: Sequence[Limit]) -> Limit | None:
    """The smallest confidence from which on suggestions may be taken over; None where no limit allows it."""
    return min((limit for limit in limits if limit.is_allowed), default=None)
