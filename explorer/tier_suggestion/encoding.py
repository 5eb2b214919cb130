"""Turns what is known of samples into the numbers that a model learns from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.tier_suggestion.reading import Column, Floats, as_numbers, as_texts

MOST_LANGUAGES = 12
"""So many languages get a column of their own."""
_MOST_KINDS = 12
_LOGITS = ("rules for tier 1", "rules for tier 2", "rules for tier 3", "rules for tier 4")
_TOKENS = "log tokens"
_AT_ONCE = 65_536


@dataclass(frozen=True)
class Evidence:
    """What a model may look at: the points of the rules, and columns of the same samples."""

    logits: Floats
    """Samples x 4, before any tier is barred."""
    numbers: Mapping[str, Column] = field(default_factory=dict)
    """Dimensions and signals by name."""
    tokens: Column = None
    language: Column = None
    source_kind: Column = None

    def __len__(self) -> int:
        return len(self.logits)

    def take(self, rows: npt.NDArray[Any] | slice) -> Evidence:
        """The evidence of some samples."""
        return Evidence(
            self.logits[rows],
            {name: _take(column, rows) for name, column in self.numbers.items()},
            *(_take(column, rows) for column in (self.tokens, self.language, self.source_kind)),
        )

    def portions(self) -> Iterator[Evidence]:
        """The evidence in portions that keep a matrix of them small."""
        for start in range(0, len(self), _AT_ONCE):
            yield self.take(slice(start, start + _AT_ONCE))


@dataclass(frozen=True)
class Encoding:
    """How evidence becomes a matrix; learnt from the samples that a model is fitted on, and from no other."""

    numbers: tuple[str, ...]
    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    medians: Floats
    flagged: npt.NDArray[np.intp]
    """The columns that had gaps: each gets a second column that tells where."""
    means: Floats
    scales: Floats

    @classmethod
    def fit(cls, evidence: Evidence) -> Encoding:
        """Learns the commonest languages, the medians that fill gaps, and the scale of each column."""
        numbers = tuple(evidence.numbers)
        languages = _commonest(evidence.language, len(evidence), MOST_LANGUAGES)
        kinds = _commonest(evidence.source_kind, len(evidence), _MOST_KINDS)
        plain = _lay_out(evidence, numbers, languages, kinds)
        gaps = np.isnan(plain)
        medians = np.array([_median(column) for column in plain.T])
        flagged = np.flatnonzero(gaps.any(axis=0) & ~gaps.all(axis=0))
        filled = _fill(plain, medians, flagged)
        scales = filled.std(axis=0)
        # A column that is constant but for rounding says nothing; dividing by its spread would make it shout.
        scales[scales <= 1e-12 * np.abs(filled).max(axis=0, initial=1.0)] = np.inf
        return cls(numbers, languages, kinds, medians, flagged, filled.mean(axis=0), scales)

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each column of the matrix."""
        plain = (*_LOGITS, *self.numbers, _TOKENS, *self.languages, *self.kinds)
        return (*plain, *(f"{plain[at]} unknown" for at in self.flagged))

    def apply(self, evidence: Evidence) -> Floats:
        """Returns samples x names, standardised: 0 is the mean of the samples that were learnt from; always finite."""
        plain = _lay_out(evidence, self.numbers, self.languages, self.kinds)
        return (_fill(plain, self.medians, self.flagged) - self.means) / self.scales


def _take(column: Column, rows: npt.NDArray[Any] | slice) -> Column:
    if column is None or isinstance(column, np.ndarray):
        return None if column is None else column[rows]
    return column[rows] if isinstance(rows, slice) else column.take(pa.array(rows))


def _lay_out(
    evidence: Evidence, numbers: tuple[str, ...], languages: tuple[str, ...], kinds: tuple[str, ...]
) -> Floats:
    """Samples x columns as they are, NaN where unknown; an infinite value is as good as unknown."""
    rows = len(evidence)
    tokens = np.log1p(np.maximum(as_numbers(evidence.tokens, rows), 0))
    columns = [as_numbers(evidence.numbers.get(name), rows) for name in numbers]
    named = [*_one_hot(evidence.language, rows, languages), *_one_hot(evidence.source_kind, rows, kinds)]
    plain = np.column_stack((evidence.logits, *columns, tokens, *named)).astype(np.float64)
    plain[~np.isfinite(plain)] = np.nan
    return plain


def _one_hot(column: Column, rows: int, names: tuple[str, ...]) -> list[Floats]:
    if not names:
        return []
    texts = np.asarray(as_texts(column, rows).to_numpy(zero_copy_only=False), object)
    return [(texts == name).astype(np.float64) for name in names]


def _commonest(column: Column, rows: int, most: int) -> tuple[str, ...]:
    counted = Counter(text for text in as_texts(column, rows).to_pylist() if text)
    return tuple(sorted(counted, key=lambda text: (-counted[text], text))[:most])


def _median(column: Floats) -> float:
    known = column[~np.isnan(column)]
    return float(np.median(known)) if len(known) else 0.0


def _fill(plain: Floats, medians: Floats, flagged: npt.NDArray[np.intp]) -> Floats:
    gaps = np.isnan(plain)
    return np.column_stack((np.where(gaps, medians, plain), gaps[:, flagged]))
