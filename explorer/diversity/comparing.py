"""Compares a group with a human baseline at one budget of tokens, and both with how halves of the baseline differ.

In each repeat the repositories of the baseline are parted at random into two halves, A and B, and half of the group's
are drawn as C, of those that both have none that is in A. A figure of C is set beside that of A; what B comes to beside
A is the null: how far human code differs from human code. Draws with replacement would see 63 % of the repositories and
find less of everything.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.diversity import richness
from explorer.diversity.comparison import DISTANCES, GAPS, SPREAD, Comparison, Figure
from explorer.diversity.hill import entropy, hill
from explorer.diversity.likeness import Pairs, draw_pairs, effective_samples
from explorer.diversity.names import CONVENTIONS, Names, convention_shares, look_at, subword_counts
from explorer.diversity.portrait import Portrait
from explorer.diversity.redundancy import compression_ratio, self_repetition
from explorer.diversity.series import Counted, Files, Series, count, number_alike
from explorer.diversity.styling import PARADIGM_AXES

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

REPEATS = 200
PACKED_REPEATS = 40
"""Repeats in which texts are compressed, which takes longer than all the rest."""
PACKED_BYTES = 1_000_000
BUDGET = 500_000
"""Tokens of a half at most."""
LEAST_UNITS = 20
"""Repositories of a group below which nothing is judged."""
LEAST_TOKENS = 20_000
"""Tokens of a half below which nothing is judged."""
DRAWN = ("comment_bytes_per_line", "name_length", "line_length_p90", "tokens_per_statement")
"""Axes whose densities are drawn."""
BINS = 24


@dataclass(frozen=True)
class Settings:
    """How much is drawn, how often."""

    budget: int = BUDGET
    repeats: int = REPEATS
    packed_repeats: int = PACKED_REPEATS
    seed: int = 0


Report = Callable[[int, int], None]


def compare(
    group: Portrait, baseline: Portrait, settings: Settings, report: Report = lambda done, of: None
) -> Comparison:
    """Compares a group with a baseline; `report` is told how many of how many repeats are done, and may raise."""
    few = _few(group, baseline)
    if few:
        return Comparison(few, 0, group.unit_count, baseline.unit_count, group.samples, baseline.samples, {})
    both = _Pair(group, baseline, settings)
    if both.budget < LEAST_TOKENS:
        few = f"half of the sources give {both.budget:,} tokens, fewer than {LEAST_TOKENS:,}"
        return Comparison(few, both.budget, group.unit_count, baseline.unit_count, group.samples, baseline.samples, {})
    rounds: list[_Round] = []
    for number in range(settings.repeats):
        rounds.append(both.measure(number, packs=number < settings.packed_repeats))
        report(number + 1, settings.repeats)
    return Comparison(
        "",
        both.budget,
        group.unit_count,
        baseline.unit_count,
        group.samples,
        baseline.samples,
        {name: _figure(name, rounds) for name in rounds[0].of_a},
        (float(np.median([each.held_c for each in rounds])), float(np.median([each.held_a for each in rounds]))),
        tuple(
            (
                float(np.median([r.conventions_c[k] for r in rounds])),
                float(np.median([r.conventions_a[k] for r in rounds])),
            )
            for k in range(len(CONVENTIONS))
        ),
        tuple(zip(_paradigms(group), _paradigms(baseline), strict=True)),
        {name: (_quartiles(group.axes[name]), _quartiles(baseline.axes[name])) for name in group.axes},
        {name: _densities(group.axes[name], baseline.axes[name]) for name in DRAWN if name in group.axes},
        rounds[0].spectrum,
    )


def _paradigms(portrait: Portrait) -> list[float]:
    shares = np.array([portrait.axes[name] for name in PARADIGM_AXES])
    known = shares[:, ~np.isnan(shares).any(axis=0)]
    if not known.shape[1]:
        return [math.nan] * (len(PARADIGM_AXES) + 1)
    foremost = np.bincount(known.argmax(axis=0), minlength=len(PARADIGM_AXES))
    return [*(float(each) for each in known.mean(axis=1)), hill(foremost, 1)]


def _quartiles(values: Floats) -> tuple[float, ...]:
    known = values[~np.isnan(values)]
    return (float(len(known)), *_quantiles(known, (0.25, 0.5, 0.75)))


def _densities(ours: Floats, theirs: Floats) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Bins reach to the 99th percentile of both together; what lies beyond stands in the last one."""
    both = np.concatenate([ours, theirs])
    both = both[~np.isnan(both)]
    most = float(np.quantile(both, 0.99)) if len(both) else 0.0
    edges = np.linspace(0, most or 1.0, BINS + 1)
    shares = []
    for values in (ours, theirs):
        known = np.minimum(values[~np.isnan(values)], edges[-1])
        shares.append(tuple((np.histogram(known, edges)[0] / max(len(known), 1)).tolist()))
    return tuple(((edges[1:] + edges[:-1]) / 2).tolist()), shares[0], shares[1]


def _few(group: Portrait, baseline: Portrait) -> str:
    for name, portrait in (("the group", group), ("the baseline", baseline)):
        if portrait.unit_count < LEAST_UNITS:
            return f"{name} has {portrait.unit_count:,} sources, fewer than {LEAST_UNITS}"
    return ""


class _Round(NamedTuple):
    of_a: dict[str, float]
    of_b: dict[str, float]
    of_c: dict[str, float]
    conventions_a: Floats
    conventions_c: Floats
    spectrum: dict[int, int]
    held_a: int
    held_c: int


class _Side:
    """One of the two groups with its things numbered as the other's are."""

    def __init__(
        self, portrait: Portrait, tokens: Series, runs: Series, shapes: Series, seed: int, repeats: int
    ) -> None:
        self.portrait = portrait
        self.tokens, self.runs, self.shapes = tokens, runs, shapes
        self.pairs: Pairs = draw_pairs(portrait.slots, seed)
        self.masks = _halves(portrait.unit_count, seed, repeats)

    def stay_apart(self, baseline: "_Side") -> None:
        """Draws of the repositories that both have those that the baseline's first half has not."""
        theirs = {name: place for place, name in enumerate(baseline.portrait.unit_names)}
        for place, name in enumerate(self.portrait.unit_names):
            if name in theirs:
                self.masks[:, place] = ~baseline.masks[:, theirs[name]]

    def files(self, number: int, *, other: bool = False) -> Files:
        """The files of a half, in their order."""
        mask = self.masks[number][self.portrait.units]
        return np.flatnonzero(~mask if other else mask)

    def held(self, files: Files, budget: int) -> int:
        """How many files the first tokens of a half come from."""
        return int(np.searchsorted(np.cumsum(self.tokens.lengths[files]), budget)) + 1

    def least(self, series: Series, *, both: bool) -> int:
        """How many things the poorest of all halves has."""
        sums = np.bincount(self.portrait.units, weights=series.lengths, minlength=self.portrait.unit_count)
        chosen = self.masks @ sums
        return int(min(chosen.min(), (sums.sum() - chosen).min()) if both else chosen.min())

    def fewest(self, *, both: bool) -> int:
        """How many files the poorest of all halves has."""
        sums = np.bincount(self.portrait.units, minlength=self.portrait.unit_count)
        chosen = self.masks @ sums
        return int(min(chosen.min(), (sums.sum() - chosen).min()) if both else chosen.min())


def _halves(units: int, seed: int, repeats: int) -> Mask:
    """Returns for each repeat which units are in its half."""
    chance = np.random.default_rng(seed)
    masks = np.zeros((repeats, units), np.bool_)
    for mask in masks:
        mask[chance.permutation(units)[: (units + 1) // 2]] = True
    return masks


class _Pair:
    """A group and a baseline in common numbers."""

    def __init__(self, group: Portrait, baseline: Portrait, settings: Settings) -> None:
        (ours, theirs), self.types = number_alike(group.stream.hashes, baseline.stream.hashes)
        (our_runs, their_runs), self.run_kinds = number_alike(group.runs[0], baseline.runs[0])
        (our_shapes, their_shapes), self.shape_kinds = number_alike(group.shapes[0], baseline.shapes[0])
        self.group = _Side(
            group, Series(ours, group.stream.firsts), Series(our_runs, group.runs[1]),
            Series(our_shapes, group.shapes[1]), settings.seed + 1, settings.repeats,
        )  # fmt: skip
        self.baseline = _Side(
            baseline, Series(theirs, baseline.stream.firsts), Series(their_runs, baseline.runs[1]),
            Series(their_shapes, baseline.shapes[1]), settings.seed, settings.repeats,
        )  # fmt: skip
        self.group.stay_apart(self.baseline)
        self._hashes = np.unique(np.concatenate([group.stream.hashes, baseline.stream.hashes]))
        least = min(
            self.baseline.least(self.baseline.tokens, both=True), self.group.least(self.group.tokens, both=False)
        )
        self.budget = min(settings.budget, least)
        self.functions = min(
            self.baseline.least(self.baseline.shapes, both=True), self.group.least(self.group.shapes, both=False)
        )
        self.likened = min(self.baseline.fewest(both=True), self.group.fewest(both=False))

    @cached_property
    def names(self) -> Names:
        """The names among the types of both."""
        spelled = {**self.baseline.portrait.name_types(), **self.group.portrait.name_types()}
        hashes = np.array(sorted(spelled), np.uint64)
        return look_at(np.searchsorted(self._hashes, hashes).astype(np.int64), [spelled[int(each)] for each in hashes])

    def measure(self, number: int, *, packs: bool) -> _Round:
        """Measures the halves of one repeat."""
        first, second = self.baseline.files(number), self.baseline.files(number, other=True)
        drawn = self.group.files(number)
        a, counted_a = self._measure(self.baseline, first, packs)
        b, counted_b = self._measure(self.baseline, second, packs)
        c, counted_c = self._measure(self.group, drawn, packs)
        band = richness.tail(counted_a.counts)
        for told, counted in ((b, counted_b), (c, counted_c)):
            told["tail_cover"] = richness.tail_cover(band, counted.counts)
            told["divergence"] = richness.divergence(counted.counts, counted_a.counts)
            told["surprise"] = richness.surprise(counted.counts, counted_a.counts)
        a |= {"tail_cover": b["tail_cover"], "divergence": 0.0, "surprise": 0.0}
        seen, kinds = np.unique(counted_c.counts[counted_c.counts > 0], return_counts=True)
        return _Round(
            a, b, c,
            convention_shares(self.names, counted_a.counts), convention_shares(self.names, counted_c.counts),
            dict(zip(seen.tolist(), kinds.tolist(), strict=True)),
            self.baseline.held(first, self.budget), self.group.held(drawn, self.budget),
        )  # fmt: skip

    def _measure(self, side: _Side, files: Files, packs: bool) -> tuple[dict[str, float], Counted]:
        counted = count(side.tokens, files, self.budget, self.types)
        counts = counted.counts
        whole = np.cumsum(side.tokens.lengths[files]) <= self.budget
        shapes = count(side.shapes, files, self.functions, self.shape_kinds).counts
        chosen = np.zeros(side.portrait.samples, np.bool_)
        chosen[files] = True
        told = {
            "types": float(richness.types(counts)),
            "hapaxes": float(richness.hapaxes(counts)),
            "unseen_mass": richness.unseen_mass(counts),
            "chao1": richness.chao1(counts),
            "heaps_slope": richness.heaps_slope(counted.growth, self.budget),
            "entropy": entropy(counts),
            "name_entropy": entropy(counts[self.names.types]),
            "subword_entropy": entropy(subword_counts(self.names, counts)),
            "effective_samples": effective_samples(side.pairs, chosen, self.likened),
            "self_repetition": self_repetition(side.runs, files[whole], self.run_kinds),
            "shape_diversity": hill(shapes, 1) if self.functions else float("nan"),
            "compression": compression_ratio(side.portrait.packed(files, PACKED_BYTES)) if packs else float("nan"),
        }
        return told | {
            SPREAD + name: _quartile_range(values[files]) for name, values in side.portrait.axes.items()
        }, counted


def _quartile_range(values: Floats) -> float:
    known = values[~np.isnan(values)]
    if len(known) < LEAST_UNITS:
        return float("nan")
    low, high = np.percentile(known, (25, 75))
    return float(high - low)


def _figure(name: str, rounds: list[_Round]) -> Figure:
    a, b, c = (
        np.array([each[name] for each in side])
        for side in zip(*((r.of_a, r.of_b, r.of_c) for r in rounds), strict=True)
    )
    ours, null = _against(name, c, a), _against(name, b, a)
    low, high = _quantiles(ours, (0.025, 0.975))
    return Figure(_middle(c), _middle(a), _middle(ours), low, high, *_quantiles(null, (0.05, 0.5, 0.95)))


def _against(name: str, one: Floats, other: Floats) -> Floats:
    if name in DISTANCES:
        return one
    if name in GAPS:
        return one - other
    if name == "tail_cover":
        return one / np.median(other) if len(other) else one
    return np.divide(one, other, out=np.full(len(one), np.nan), where=other > 0)


def _middle(values: Floats) -> float:
    return _quantiles(values, (0.5,))[0]


def _quantiles(values: Floats, shares: tuple[float, ...]) -> list[float]:
    """Quantiles of what is known; NaN where that is less than a tenth of the repeats."""
    known = values[np.isfinite(values)]
    if 10 * len(known) < len(values) or not len(known):
        return [float("nan")] * len(shares)
    return [float(each) for each in np.quantile(known, shares)]
