"""How far quality agrees with the tiers that curators gave, with intervals; or that there are too few of these."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEAST_LABELS = 100
"""Tiers by curators below which nothing is said of all languages together."""
LEAST_OF_LANGUAGE = 30
"""The same for one language."""
DRAWS = 1000
"""Bootstrap samples of repositories."""
SEED = 20_240
BOUNDS = (2.5, 97.5)


@dataclass(frozen=True)
class Estimate:
    """A statistic with its 95% interval over repositories."""

    value: float
    low: float
    high: float

    @property
    def says_nothing(self) -> bool:
        """Whether no agreement at all lies inside the interval."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True)
class Agreement:
    """How quality and tiers go together for one language, or for all (None)."""

    language: str | None
    labels: int
    repos: int
    enough: bool
    """Whether there are labels enough to say anything; without, all statistics are None."""
    rho: Estimate | None = None
    """Spearman's rank correlation of quality with the tier, turned so that 1 is full agreement."""
    rho_beside_comments: Estimate | None = None
    """The same once what comments explain is taken out, so that mere commenting does not count."""
    auc: Estimate | None = None
    """Chance that a sample of tier 1 has more quality than one of tier 4; None where either is missing."""


def agreements(quality: Any, tier: Any, language: Any, repo: Any, comment_share: Any) -> tuple[Agreement, ...]:
    """Works out agreement for all samples, then for each language with any label, the most labels first.

    All arrays have one length: quality (float, no NaN), tier (1 to 4), language and repo (texts), comment_share
    (float, NaN where unknown).
    """
    names, counts = np.unique(np.array([str(name) for name in language], object).astype(str), return_counts=True)
    ordered = [names[place] for place in np.argsort(-counts, kind="stable")]
    whole = agreement(None, LEAST_LABELS, quality, tier, repo, comment_share)
    parts = []
    for name in ordered:
        chosen = np.array([str(one) == name for one in language], bool)
        parts.append(
            agreement(
                None if name == "None" else str(name),
                LEAST_OF_LANGUAGE,
                quality[chosen], tier[chosen], repo[chosen], comment_share[chosen],
            )  # fmt: skip
        )
    return (whole, *parts)


def agreement(
    language: str | None, least: int, quality: Any, tier: Any, repo: Any, comment_share: Any
) -> Agreement:
    """Works out agreement for some samples."""
    tier = np.asarray(tier, np.int64)
    repos, groups = np.unique(np.asarray(repo, object).astype(str), return_inverse=True)
    if len(tier) < least or len(np.unique(tier)) < 2 or len(repos) < 2:
        return Agreement(language, len(tier), len(repos), False)
    quality = np.asarray(quality, np.float64)
    worth = -tier.astype(np.float64)
    comments = np.nan_to_num(np.asarray(comment_share, np.float64), nan=0.0)
    draws = _draws(groups, len(repos))
    return Agreement(
        language,
        len(tier),
        len(repos),
        True,
        _estimate(lambda rows: spearman(quality[rows], worth[rows]), len(tier), draws),
        _estimate(lambda rows: partial_spearman(quality[rows], worth[rows], comments[rows]), len(tier), draws),
        _auc(quality, tier, draws),
    )


def _auc(quality: Floats, tier: Any, draws: list[Any]) -> Estimate | None:
    if not (tier == 1).any() or not (tier == 4).any():
        return None
    return _estimate(lambda rows: auc(quality[rows][tier[rows] == 1], quality[rows][tier[rows] == 4]), len(tier), draws)


def _draws(groups: Any, count: int) -> list[Any]:
    """Returns the rows of bootstrap samples of whole repositories."""
    chance = np.random.default_rng(SEED)
    order = np.argsort(groups, kind="stable")
    edges = np.searchsorted(groups[order], np.arange(count + 1))
    return [
        np.concatenate([order[edges[group] : edges[group + 1]] for group in chance.integers(0, count, count)])
        for _ in range(DRAWS)
    ]


def _estimate(statistic: Callable[[Any], float], count: int, draws: list[Any]) -> Estimate:
    values = np.array([statistic(rows) for rows in draws])
    known = values[np.isfinite(values)]
    low, high = np.percentile(known, BOUNDS) if len(known) else (np.nan, np.nan)
    return Estimate(float(statistic(np.arange(count))), float(low), float(high))


def mid_ranks(values: Floats) -> Floats:
    """Ranks from 1, ties sharing the mean of theirs."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    group = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], len(values))
    ranks = np.empty(len(values))
    ranks[order] = ((starts + 1 + ends) / 2)[group]
    return ranks


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's correlation; NaN where one does not vary."""
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale else float("nan")


def spearman(one: Floats, other: Floats) -> float:
    """Spearman's rank correlation with mid-ranks."""
    return correlation(mid_ranks(one), mid_ranks(other))


def partial_spearman(one: Floats, other: Floats, held: Floats) -> float:
    """Spearman's correlation of what is left of two once the ranks of a third are regressed out."""
    ranks = mid_ranks(held)
    return correlation(_without(mid_ranks(one), ranks), _without(mid_ranks(other), ranks))


def _without(values: Floats, held: Floats) -> Floats:
    centred = held - held.mean()
    weight = float(centred @ centred)
    return values - values.mean() - (centred * float(centred @ values) / weight if weight else 0.0)


def auc(better: Floats, worse: Floats) -> float:
    """Chance that a value of one group is above one of another, half of the ties counted; NaN where one is empty."""
    if not len(better) or not len(worse):
        return float("nan")
    ranks = mid_ranks(np.concatenate((better, worse)))
    return float((ranks[: len(better)].sum() - len(better) * (len(better) + 1) / 2) / (len(better) * len(worse)))
