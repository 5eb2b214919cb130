"""How far the quality score agrees with the tiers that curators gave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.quality.resampling import (
    ROUNDS,
    Floats,
    Interval,
    Names,
    Statistic,
    as_list,
    number_groups,
    resample,
)

LABELS_NEEDED = 100
LABELS_NEEDED_PER_LANGUAGE = 30
TOO_FEW = "too few labels"
ONE_TIER = "one tier only"
NO_SPREAD = "no spread"
MISSING_ENDS = "tier 1 or tier 4 has no label"

Integers = npt.NDArray[np.int64]


class Estimate(NamedTuple):
    """A figure with its interval over repositories, or why there is none."""

    value: float | None
    interval: Interval | None
    missing: str | None = None
    """In words, why there is no value."""

    @property
    def is_open(self) -> bool:
        """Whether the labels leave open that the figure is 0, or nothing tells how sure it is."""
        return self.interval is None or self.interval.holds_zero


class LanguageAgreement(NamedTuple):
    """The agreement inside one language; None stands for samples without a language."""

    language: str | None
    labels: int
    rho: Estimate


class Agreement(NamedTuple):
    """What the labels say of the quality score: 1 agrees fully, 0 not at all, below 0 they contradict each other."""

    labels: int
    """Samples that have both a tier and a quality."""
    repos: int
    rho: Estimate
    """Spearman's rho of quality and tier, tier 1 being the highest."""
    auc: Estimate
    """How often a sample of tier 1 has a higher quality than one of tier 4; 0.5 is chance."""
    rho_beyond_comments: Estimate
    """Rho once the share of comments is taken out of both: a score that rewards mere commenting loses it."""
    languages: tuple[LanguageAgreement, ...]
    """The languages with the most labels first."""


@dataclass(frozen=True)
class _Judged:
    quality: Floats
    tiers: Integers
    comment_share: Floats
    groups: Integers
    languages: npt.NDArray[np.object_]

    def where(self, chosen: npt.NDArray[np.bool_]) -> _Judged:
        groups = np.unique(self.groups[chosen], return_inverse=True)[1]
        return _Judged(
            self.quality[chosen], self.tiers[chosen], self.comment_share[chosen], groups, self.languages[chosen]
        )


def measure_agreement(
    quality: npt.ArrayLike,
    tiers: npt.ArrayLike,
    repos: Names,
    *,
    comment_share: npt.ArrayLike,
    languages: Names,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> Agreement:
    """Compares quality with the curators' tiers, one entry a labelled sample, NaN where one is unknown.

    Only labels of samples drawn at random tell something about the corpus; which ones those are, the caller knows.
    """
    judged = _judge(quality, tiers, repos, comment_share, languages)
    commented = judged.where(np.isfinite(judged.comment_share))
    sampling = _Sampling(seed, rounds)
    return Agreement(
        labels=len(judged.tiers),
        repos=int(judged.groups.max(initial=-1)) + 1,
        rho=_estimate_rho(judged, LABELS_NEEDED, sampling),
        auc=_estimate_auc(judged, sampling),
        rho_beyond_comments=_estimate_partial(commented, sampling),
        languages=tuple(_by_language(judged, sampling)),
    )


class _Sampling(NamedTuple):
    seed: int
    rounds: int


def _judge(quality: Any, tiers: Any, repos: Names, comment_share: Any, languages: Names) -> _Judged:
    """Keeps the samples that have a quality and one of the four tiers."""
    scores = np.asarray(quality, np.float64)
    given = np.asarray(tiers, np.float64)
    everyone = _Judged(
        scores,
        np.where(np.isin(given, (1, 2, 3, 4)), given, 0).astype(np.int64),
        np.asarray(comment_share, np.float64),
        number_groups(repos),
        _as_objects(languages),
    )
    return everyone.where(np.isfinite(scores) & (everyone.tiers > 0))


def _as_objects(names: Names) -> npt.NDArray[np.object_]:
    listed = as_list(names)
    objects = np.empty(len(listed), object)
    objects[:] = listed
    return objects


def _by_language(judged: _Judged, sampling: _Sampling) -> list[LanguageAgreement]:
    counts: dict[str | None, int] = {}
    for language in judged.languages:
        counts[language] = counts.get(language, 0) + 1
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0] or ""))
    found: list[LanguageAgreement] = []
    for language, labels in ordered:
        chosen = np.array([each == language for each in judged.languages], np.bool_)
        rho = _estimate_rho(judged.where(chosen), LABELS_NEEDED_PER_LANGUAGE, sampling)
        found.append(LanguageAgreement(language, labels, rho))
    return found


def _estimate_rho(judged: _Judged, needed: int, sampling: _Sampling) -> Estimate:
    missing = _why_not(judged, needed)
    if missing:
        return Estimate(None, None, missing)
    quality, goodness = _Ranking.of(judged.quality), _Ranking.of(-judged.tiers)

    def rho(weights: Floats) -> Floats:
        return _correlate(quality.ranks(weights), goodness.ranks(weights), weights)

    return _estimate(rho, judged.groups, sampling)


def _estimate_partial(judged: _Judged, sampling: _Sampling) -> Estimate:
    missing = _why_not(judged, LABELS_NEEDED)
    if missing:
        return Estimate(None, None, missing)
    columns = [_Ranking.of(each) for each in (judged.quality, -judged.tiers, judged.comment_share)]

    def partial(weights: Floats) -> Floats:
        quality, goodness, comments = (column.ranks(weights) for column in columns)
        return _partial_of(
            _correlate(quality, goodness, weights),
            _correlate(quality, comments, weights),
            _correlate(goodness, comments, weights),
        )

    return _estimate(partial, judged.groups, sampling)


def _estimate_auc(judged: _Judged, sampling: _Sampling) -> Estimate:
    if len(judged.tiers) < LABELS_NEEDED:
        return Estimate(None, None, TOO_FEW)
    ends = judged.where(np.isin(judged.tiers, (1, 4)))
    if len(np.unique(ends.tiers)) < 2:
        return Estimate(None, None, MISSING_ENDS)
    quality, is_first = _Ranking.of(ends.quality), ends.tiers == 1

    def auc(weights: Floats) -> Floats:
        return _area(quality.ranks(weights), weights, is_first)

    return _estimate(auc, ends.groups, sampling)


def _why_not(judged: _Judged, needed: int) -> str | None:
    if len(judged.tiers) < needed:
        return TOO_FEW
    if len(np.unique(judged.tiers)) < 2:
        return ONE_TIER
    return NO_SPREAD if len(np.unique(judged.quality)) < 2 else None


def _estimate(statistic: Statistic, groups: Integers, sampling: _Sampling) -> Estimate:
    value = float(statistic(np.ones((1, len(groups))))[0])
    if not np.isfinite(value):
        return Estimate(None, None, NO_SPREAD)
    return Estimate(value, resample(statistic, groups, seed=sampling.seed, rounds=sampling.rounds))


class _Ranking(NamedTuple):
    """A column sorted once, so that its mid-ranks in any draw are sums along it."""

    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    """Where a new value starts in the order."""
    places: npt.NDArray[np.intp]
    """Of each sample: which value it has, counted from the smallest."""

    @classmethod
    def of(cls, values: npt.NDArray[Any]) -> _Ranking:
        _, places = np.unique(values, return_inverse=True)
        order = np.argsort(places, kind="stable")
        return cls(order, np.flatnonzero(np.diff(places[order], prepend=-1)), places)

    def ranks(self, weights: Floats) -> Floats:
        """Mid-ranks where each sample stands as often as its weight says: draws x samples."""
        drawn = np.add.reduceat(weights[:, self.order], self.starts, axis=1)
        middles = np.cumsum(drawn, axis=1) - (drawn - 1) / 2
        return middles[:, self.places]


def _correlate(first: Floats, second: Floats, weights: Floats) -> Floats:
    """Pearson's correlation of each draw; NaN where one side does not vary."""
    total = weights.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        one = first - (weights * first).sum(axis=1, keepdims=True) / total
        other = second - (weights * second).sum(axis=1, keepdims=True) / total
        spread = np.sqrt((weights * one**2).sum(axis=1) * (weights * other**2).sum(axis=1))
        return np.where(spread > 0, (weights * one * other).sum(axis=1) / spread, np.nan)


def _partial_of(both: Floats, first: Floats, second: Floats) -> Floats:
    """Partial correlation from three plain ones; where the third column does not vary, there is nothing to take out."""
    first, second = np.nan_to_num(first), np.nan_to_num(second)
    left = (1 - first**2) * (1 - second**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(left > 1e-12, (both - first * second) / np.sqrt(left), np.nan)


def _area(ranks: Floats, weights: Floats, is_first: npt.NDArray[np.bool_]) -> Floats:
    """The area under the curve of each draw from its ranks (Mann and Whitney); NaN where one side is empty."""
    firsts = weights * is_first
    count = firsts.sum(axis=1)
    others = weights.sum(axis=1) - count
    with np.errstate(invalid="ignore", divide="ignore"):
        return ((firsts * ranks).sum(axis=1) - count * (count + 1) / 2) / (count * others)
