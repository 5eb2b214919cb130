"""Intervals by drawing whole repositories again: samples of one repository are no independent witnesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

ROUNDS = 1000
"""How often all repositories are drawn."""
LEVEL = 0.95
_CELLS_AT_ONCE = 2_000_000

Floats = npt.NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
Names = pa.Array | pa.ChunkedArray | npt.NDArray[Any] | list[str | None]


class Interval(NamedTuple):
    """The middle 95 % of what the draws gave."""

    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Whether the draws leave open on which side of 0 the figure lies."""
        return self.low <= 0 <= self.high


def as_list(names: Names) -> list[str | None]:
    """The names as Python's own, whatever holds them."""
    if isinstance(names, list):
        return names
    return (pa.array(names, from_pandas=True) if isinstance(names, np.ndarray) else names).to_pylist()


def number_groups(names: Names) -> npt.NDArray[np.int64]:
    """Numbers names from 0 on; a sample without a name is a group of its own."""
    listed = as_list(names)
    numbers: dict[object, int] = {}
    keys = ((row,) if name is None else name for row, name in enumerate(listed))
    return np.fromiter((numbers.setdefault(key, len(numbers)) for key in keys), np.int64, len(listed))


def resample(
    statistic: Statistic, groups: npt.NDArray[np.int64], *, seed: int = 0, rounds: int = ROUNDS
) -> Interval | None:
    """Returns the percentile interval of a figure over draws of whole groups, with replacement.

    `groups` numbers the group of each sample from 0 on. The statistic gets how often each sample was drawn (draws x
    samples, float64) and returns one value a draw, NaN where a draw leaves it undefined. None where there are fewer
    than two groups, or where every second draw is undefined.
    """
    count = int(groups.max(initial=-1)) + 1
    if count < 2:
        return None
    values = np.concatenate([statistic(drawn[:, groups]) for drawn in _draws(count, len(groups), seed, rounds)])
    values = values[np.isfinite(values)]
    if 2 * len(values) < rounds:
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def _draws(groups: int, samples: int, seed: int, rounds: int) -> Iterator[Floats]:
    """How often each group was drawn, in portions of rounds x groups; a seed always draws the same."""
    chance = np.random.default_rng(seed)
    shares = np.full(groups, 1 / groups)
    portion = max(1, _CELLS_AT_ONCE // max(groups, samples))
    for start in range(0, rounds, portion):
        yield chance.multinomial(groups, shares, size=min(portion, rounds - start)).astype(np.float64)
