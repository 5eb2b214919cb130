"""How rich a vocabulary is, from how often each type was seen at one budget of tokens."""

import numpy as np
import numpy.typing as npt

from explorer.diversity.series import HEAPS_POINTS

Counts = npt.NDArray[np.int64]

RARE = (2, 5)
"""How often the types are seen that make up the tail."""
_SEEN = 5
"""Types seen less often, in both together, say nothing of a divergence."""


def types(counts: Counts) -> int:
    """Returns how many types were seen."""
    return int(np.count_nonzero(counts))


def hapaxes(counts: Counts) -> int:
    """Returns how many types were seen once."""
    return int(np.count_nonzero(counts == 1))


def unseen_mass(counts: Counts) -> float:
    """Returns the share of tokens that are new to the vocabulary, by Good and Turing: hapaxes / tokens."""
    return hapaxes(counts) / max(int(counts.sum()), 1)


def chao1(counts: Counts) -> float:
    """Returns Chao's lower bound of how many types there are: V + f1² / 2 f2, or its form without f2."""
    once, twice = hapaxes(counts), int(np.count_nonzero(counts == 2))
    unseen = once * once / (2 * twice) if twice else once * (once - 1) / 2
    return types(counts) + unseen


def heaps_slope(growth: Counts, budget: int) -> float:
    """Returns beta of Heaps' law, V = K n^beta: least squares of ln V on ln n over seven budgets."""
    seen = np.array([max(budget >> (HEAPS_POINTS - 1 - point), 1) for point in range(HEAPS_POINTS)], np.float64)
    if (growth <= 0).any() or len(np.unique(seen)) < 2:
        return float("nan")
    across, up = np.log(seen), np.log(growth.astype(np.float64))
    across = across - across.mean()
    return float((across * (up - up.mean())).sum() / (across * across).sum())


def tail(counts: Counts) -> npt.NDArray[np.bool_]:
    """Tells which types are the tail of a vocabulary: those seen 2 to 5 times."""
    return (counts >= RARE[0]) & (counts <= RARE[1])


def tail_cover(band: npt.NDArray[np.bool_], counts: Counts) -> float:
    """Returns which share of a tail was seen elsewhere; NaN of no tail."""
    size = int(band.sum())
    return float(np.count_nonzero(counts[band]) / size) if size else float("nan")


def divergence(ours: Counts, theirs: Counts) -> float:
    """Returns Jensen and Shannon's divergence in bits, 0 to 1; it does not rise when tails are cut."""
    if not ours.any() or not theirs.any():
        return float("nan")
    one, other = ours / ours.sum(), theirs / theirs.sum()
    middle = (one + other) / 2
    return 0.5 * (_relative(one, middle) + _relative(other, middle))


def surprise(ours: Counts, theirs: Counts) -> float:
    """Returns Kullback and Leibler's divergence of ours from theirs, in bits.

    Only types seen 5 times in both together count, and half a token is added to each.
    """
    known = ours + theirs >= _SEEN
    if not known.any():
        return float("nan")
    one, other = ours[known] + 0.5, theirs[known] + 0.5
    return _relative(one / one.sum(), other / other.sum())


def _relative(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    there = one > 0
    return float((one[there] * np.log2(one[there] / other[there])).sum())
