"""Things counted in the order of their files: numbered alike in all groups, and counted up to a budget."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.kernels.compiling import kernel

Ids = npt.NDArray[np.int32]
Firsts = npt.NDArray[np.int64]
Files = npt.NDArray[np.int64]

HEAPS_POINTS = 7
"""Budgets, each twice the one before, at which types are counted for the slope of Heaps' law."""


class Series(NamedTuple):
    """Numbered things of some files, one file after the other."""

    ids: Ids
    firsts: Firsts

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """How many things each file has."""
        return np.diff(self.firsts)


class Counted(NamedTuple):
    """What the first things of some files come to."""

    counts: npt.NDArray[np.int64]
    """How often each number was seen."""
    growth: npt.NDArray[np.int64]
    """Distinct numbers after budget / 64, / 32, … / 1."""


def number_alike(*hashes: npt.NDArray[np.uint64]) -> tuple[list[Ids], int]:
    """Gives equal hashes equal numbers from 0 on, in all arrays alike; returns also how many numbers there are."""
    kinds, numbers = np.unique(np.concatenate(hashes), return_inverse=True)
    cuts = np.cumsum([len(each) for each in hashes])[:-1]
    return [part.astype(np.int32) for part in np.split(numbers, cuts)], len(kinds)


def count(series: Series, files: Files, budget: int, kinds: int) -> Counted:
    """Counts the first `budget` things of some files, in their order; fewer where the files have no more."""
    counted = Counted(np.zeros(kinds, np.int64), np.zeros(HEAPS_POINTS, np.int64))
    if budget <= 0:
        return counted
    stops = np.array([max(budget >> (HEAPS_POINTS - 1 - point), 1) for point in range(HEAPS_POINTS)], np.int64)
    _count(series.ids, series.firsts, files, stops, *counted)
    return counted


@kernel
def _count(ids: Any, firsts: Any, files: Any, stops: Any, counts: Any, growth: Any) -> None:
    seen, types, point = 0, 0, 0
    for file in files:
        for place in range(firsts[file], firsts[file + 1]):
            number = ids[place]
            if counts[number] == 0:
                types += 1
            counts[number] += 1
            seen += 1
            while point < len(stops) and seen >= stops[point]:
                growth[point] = types
                point += 1
            if point == len(stops):
                return
    while point < len(stops):
        growth[point] = types
        point += 1
