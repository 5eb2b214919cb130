"""When suggestions may be accepted in bulk: where enough of them were right, beyond chance."""

import math
from collections.abc import Sequence
from typing import NamedTuple

WANTED = 0.95
"""Precision that the lower bound must reach."""
_Z = 1.959963984540054
THETAS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Confidences that bulks may begin at."""


class Trial(NamedTuple):
    """How suggestions of a confidence and more fared against a curator's own tiers."""

    theta: float
    right: int
    of: int
    bound: float
    """Wilson's lower bound of their precision, 95%."""

    @property
    def passes(self) -> bool:
        """Whether they may be accepted in bulk."""
        return self.bound >= WANTED


def wilson_bound(right: int, of: int) -> float:
    """Returns Wilson's lower bound of a share, two-sided 95%; 0 without any trial."""
    if not of:
        return 0.0
    share, spread = right / of, _Z * _Z / of
    centre = share + spread / 2
    margin = _Z * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return (centre - margin) / (1 + spread)


def trials(pairs: Sequence[tuple[int, int, float]]) -> tuple[Trial, ...]:
    """Tries every confidence on triples of suggested tier, curator's tier and confidence."""
    found: list[Trial] = []
    for theta in THETAS:
        chosen = [suggested == given for suggested, given, confidence in pairs if confidence >= theta]
        found.append(Trial(theta, sum(chosen), len(chosen), wilson_bound(sum(chosen), len(chosen))))
    return tuple(found)


def why_not(found: Sequence[Trial]) -> str:
    """Says why no bulk is allowed yet."""
    best = max(found, key=lambda trial: (trial.bound, trial.of))
    return (
        f"Suggestions are accepted in bulk once 95% of them are surely right: at their best {best.right} of {best.of} "
        f"agreed with your own tiers (at least {100 * best.bound:.0f}% surely). 73 of 73 would do."
    )


def least_theta(found: Sequence[Trial]) -> Trial | None:
    """Returns the lowest confidence that passes; None where none does."""
    return next((trial for trial in found if trial.passes), None)
