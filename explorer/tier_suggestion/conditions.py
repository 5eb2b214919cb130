"""Conditions on the columns of a batch: each names a column, how it is compared, and with what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from explorer.errors import BadInput
from explorer.tier_suggestion.columns import INPUTS, Suggestable
from explorer.tier_suggestion.reading import Column, Floats, Truths, as_numbers, as_texts, as_truths, hold_any

_compute: Any = pyarrow.compute  # its functions are made at run time

_FORGE = r"(?i)^(https?://|git://|git@)?(www\.)?(github|gitlab|codeberg|bitbucket)\.(com|org)[/:]"
_SUFFIX = r"(\.git)?/*$"
_NOT_TOLD = pa.array(["", "unknown"], pa.large_string())


@dataclass(frozen=True)
class Clause:
    """One comparison of a column; an unknown value satisfies none but `unknown`."""

    column: str
    comparison: str
    wanted: Any


class Known:
    """The columns of a batch as conditions read them; each is read, and each clause answered, once."""

    def __init__(self, columns: Suggestable) -> None:
        self.rows = columns.rows
        self._columns = columns
        self._numbers: dict[str, Floats] = {}
        self._texts: dict[str, pa.Array] = {}
        self._answers: dict[str, Truths] = {}

    def satisfies(self, clause: Clause) -> Truths:
        """Tells which samples satisfy a clause."""
        key = repr(clause)
        if key not in self._answers:
            self._answers[key] = COMPARISONS[clause.comparison].answer(self, clause.column, clause.wanted)
        return self._answers[key]

    def raw(self, name: str) -> Column:
        """The column as it was given."""
        return getattr(self._columns, name)

    def numbers(self, name: str) -> Floats:
        """The column as float64, NaN where unknown."""
        if name not in self._numbers:
            self._numbers[name] = as_numbers(self.raw(name), self.rows)
        return self._numbers[name]

    def texts(self, name: str) -> pa.Array:
        """The column as large_string."""
        if name not in self._texts:
            self._texts[name] = as_texts(self.raw(name), self.rows)
        return self._texts[name]

    @cached_property
    def repos(self) -> pa.Array:
        """The repositories as `owner/name` in lower case, whatever forge they stand on; read once per distinct name."""
        found = _compute.dictionary_encode(self.texts("repo"))
        plain = _compute.replace_substring_regex(found.dictionary, pattern=_FORGE, replacement="")
        plain = _compute.ascii_lower(
            _compute.replace_substring_regex(plain, pattern=_SUFFIX, replacement="", max_replacements=1)
        )
        return plain.take(found.indices)


def _is_least(known: Known, column: str, wanted: float) -> Truths:
    return known.numbers(column) >= wanted


def _is_most(known: Known, column: str, wanted: float) -> Truths:
    return known.numbers(column) <= wanted


def _is_below(known: Known, column: str, wanted: float) -> Truths:
    return known.numbers(column) < wanted


def _is(known: Known, column: str, wanted: bool | str) -> Truths:
    if isinstance(wanted, bool):
        return known.numbers(column) == wanted
    return as_truths(_compute.equal(known.texts(column), wanted))


def _holds(known: Known, column: str, wanted: list[str]) -> Truths:
    return hold_any(known.raw(column), known.rows, wanted)


def _is_listed(known: Known, column: str, wanted: list[str]) -> Truths:
    names = pa.array([name.lower() for name in wanted], pa.large_string())
    texts = known.repos if column == "repo" else _compute.ascii_lower(known.texts(column))
    return as_truths(_compute.is_in(texts, names, skip_nulls=True))


def _matches(known: Known, column: str, wanted: list[str]) -> Truths:
    return as_truths(_compute.match_substring_regex(known.texts(column), "|".join(wanted), ignore_case=True))


def _is_unknown(known: Known, column: str, wanted: bool) -> Truths:
    texts = known.texts(column)
    told = as_truths(_compute.is_valid(texts)) & ~as_truths(_compute.is_in(_compute.ascii_lower(texts), _NOT_TOLD))
    return (told | ~np.isnan(known.numbers(column))) != wanted


@dataclass(frozen=True)
class Comparison:
    """How a clause of one kind is answered, and what it may be compared with."""

    answer: Callable[[Known, str, Any], Truths]
    takes: tuple[type, ...]
    where: str | None = None
    """The table of the rule file in which a name stands for what is wanted."""


COMPARISONS: Mapping[str, Comparison] = {
    "least": Comparison(_is_least, (int, float)),
    "most": Comparison(_is_most, (int, float)),
    "below": Comparison(_is_below, (int, float)),
    "is": Comparison(_is, (bool, str)),
    "holds": Comparison(_holds, (list,)),
    "listed": Comparison(_is_listed, (list,), "lists"),
    "matches": Comparison(_matches, (list,), "patterns"),
    "unknown": Comparison(_is_unknown, (bool,)),
}
"""The words for a comparison in a rule file."""


def read_clause(written: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]]) -> Clause:
    """Reads a clause such as `{ column = "stars", least = 100 }`; BadInput where it makes no sense."""
    column = written.get("column")
    comparisons = [name for name in written if name != "column"]
    if column not in INPUTS or len(comparisons) != 1 or comparisons[0] not in COMPARISONS:
        raise BadInput(
            f"A rule has a condition that cannot be read: {dict(written)}.",
            f"Name one column and one comparison out of {', '.join(COMPARISONS)}.",
        )
    return Clause(column, comparisons[0], _wanted(comparisons[0], written[comparisons[0]], named))


def _wanted(name: str, value: Any, named: Mapping[str, Mapping[str, Any]]) -> Any:
    comparison = COMPARISONS[name]
    if comparison.where:
        value = named.get(comparison.where, {}).get(value) if isinstance(value, str) else value
    is_truth_unasked = isinstance(value, bool) and bool not in comparison.takes
    if not isinstance(value, comparison.takes) or is_truth_unasked or not _is_usable(name, value):
        raise BadInput(f"A rule compares by `{name}` with something that it cannot be compared with: {value!r}.")
    return value


def _is_usable(name: str, value: Any) -> bool:
    if not isinstance(value, list):
        return True
    return all(isinstance(text, str) for text in value) and (name != "matches" or all(map(_is_pattern, value)))


def _is_pattern(pattern: str) -> bool:
    try:
        _compute.match_substring_regex(pa.array([""]), pattern, ignore_case=True)
    except pa.ArrowInvalid:
        return False
    return True
