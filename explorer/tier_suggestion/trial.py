"""Decides whether the learned suggestion may replace the rules: only when it is better beyond doubt."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.quality.resampling import ROUNDS, Floats, Interval, Names, Statistic, number_groups, resample
from explorer.tier_suggestion.deciding import TIERS

LABELS_NEEDED = 100
LABELS_NEEDED_PER_TIER = 15
REPOS_NEEDED = 25

Integers = npt.NDArray[np.int64]


class Trial(NamedTuple):
    """Whether the learned suggestion is switched on, and why or why not."""

    is_on: bool
    reason: str
    gain: float | None = None
    """Macro-F1 of the learned suggestion less that of the rules, on the random stream."""
    interval: Interval | None = None


def switch_on(
    tiers: Any,
    repos: Names,
    is_random: Any,
    by_rules: Any,
    by_learned: Any,
    *,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> Trial:
    """Compares both suggestions with the labels, one entry of each argument a labelled sample.

    `is_random` tells which labels belong to the random stream: only these are compared. `by_learned` must be held out
    (see `Learned.held_out`), since a model is always right about what it was fitted on.
    """
    given, groups, drawn = np.asarray(tiers, np.int64), number_groups(repos), np.asarray(is_random, np.bool_)
    lacking = why_too_few(given, groups) or (None if drawn.any() else "no label of the random stream yet")
    if lacking:
        return Trial(False, lacking)
    counts = [_confusions(given[drawn], np.asarray(each, np.int64)[drawn]) for each in (by_rules, by_learned)]
    return _weigh(_gain(*counts), np.unique(groups[drawn], return_inverse=True)[1], seed, rounds)


def why_too_few(tiers: Integers, groups: Integers) -> str | None:
    """Says which labels are still missing before a learned suggestion is worth a trial; None when there are enough."""
    if len(tiers) < LABELS_NEEDED:
        return f"{len(tiers)} of {LABELS_NEEDED} labels"
    present, counts = np.unique(tiers, return_counts=True)
    if len(present) < 2:
        return f"all labels are of tier {present[0]}"
    if counts.min() < LABELS_NEEDED_PER_TIER:
        return f"{counts.min()} of {LABELS_NEEDED_PER_TIER} labels of tier {present[counts.argmin()]}"
    repos = len(np.unique(groups))
    return f"labels of {repos} of {REPOS_NEEDED} repositories" if repos < REPOS_NEEDED else None


def macro_f1(confusions: Floats) -> Floats:
    """Returns the mean F1 of the tiers that have labels, of each of draws x true tier x suggested tier."""
    right = np.diagonal(confusions, axis1=1, axis2=2)
    labelled, suggested = confusions.sum(axis=2), confusions.sum(axis=1)
    each = 2 * right / np.maximum(labelled + suggested, 1)
    return (each * (labelled > 0)).sum(axis=1) / np.maximum((labelled > 0).sum(axis=1), 1)


def _weigh(gain: Statistic, groups: Integers, seed: int, rounds: int) -> Trial:
    value = float(gain(np.ones((1, len(groups))))[0])
    interval = resample(gain, groups, seed=seed, rounds=rounds)
    if interval is None:
        return Trial(False, "the random stream has labels of one repository only", value)
    told = f"macro-F1 {value:+.2f}, 95% interval {interval.low:+.2f} to {interval.high:+.2f}"
    if interval.low > 0:
        return Trial(True, f"better than the rules: {told}", value, interval)
    return Trial(False, f"not surely better than the rules: {told}", value, interval)


def _confusions(tiers: Integers, suggested: Integers) -> Floats:
    """Samples x 16: a one where true and suggested tier cross."""
    return np.eye(len(TIERS) ** 2)[(tiers - 1) * len(TIERS) + suggested - 1]


def _gain(by_rules: Floats, by_learned: Floats) -> Statistic:
    shape = (-1, len(TIERS), len(TIERS))

    def gain(weights: Floats) -> Floats:
        return macro_f1((weights @ by_learned).reshape(shape)) - macro_f1((weights @ by_rules).reshape(shape))

    return gain
