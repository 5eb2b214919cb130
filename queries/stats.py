"""The figures of the pages of statistics, from the columns that an index keeps."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import duckdb

from queries import statement
from queries.filters import Filter, quoted, where

Cursor = duckdb.DuckDBPyConnection

EXPRESSIONS = {"year": "year(created)", "not_before_year": "year(not_before)"}
"""What is counted beside plain columns, by name."""


class CountRow(NamedTuple):
    """How many samples share a value."""

    value: Any
    samples: int
    tokens: int


class PairRow(NamedTuple):
    """How many samples share two values."""

    one: Any
    other: Any
    samples: int
    tokens: int


class Held(NamedTuple):
    """How many samples pass a condition, and of how many clusters they are."""

    samples: int
    tokens: int
    clusters: int


class Hill(NamedTuple):
    """How many values a column has, each weighed by its tokens: Hill numbers of the orders 0, 1 and 2.

    Order 1 is the exponential of the entropy: so many values, all equally frequent, would be as diverse.
    """

    samples: int
    """Samples that have a value."""
    richness: int
    effective: float | None
    dominant: float | None


class Quartiles(NamedTuple):
    """How the known values of a column are spread."""

    known: int
    low: float | None
    middle: float | None
    high: float | None


class CrossRow(NamedTuple):
    """A set of values that meet inside clusters, and what those clusters hold of a group."""

    values: list[Any]
    clusters: int
    samples: int
    tokens: int
    numbers: list[int]
    """The clusters, as far as they are few."""


def counts(cursor: Cursor, filters: Sequence[Filter], value: str) -> list[CountRow]:
    """Counts samples and tokens for each value of a column, or of one of `EXPRESSIONS`; most tokens first."""
    text = statement("stats_counts", value=_value(value), where=where(filters))
    return [CountRow(*row) for row in cursor.execute(text).fetchall()]


def listed(cursor: Cursor, filters: Sequence[Filter], column: str) -> list[CountRow]:
    """Counts the samples whose list holds a value, for each value; one with two values counts at both."""
    text = statement("stats_listed", column=quoted(column), where=where(filters))
    return [CountRow(*row) for row in cursor.execute(text).fetchall()]


def pairs(cursor: Cursor, filters: Sequence[Filter], one: str, other: str) -> list[PairRow]:
    """Counts samples and tokens for each pair of values of two columns."""
    text = statement("stats_pairs", one=_value(one), other=_value(other), where=where(filters))
    return [PairRow(*row) for row in cursor.execute(text).fetchall()]


def held(cursor: Cursor, filters: Sequence[Filter], conditions: Sequence[Filter]) -> list[Held]:
    """Counts the samples that pass each of some conditions, all in one reading."""
    sums = ", ".join(
        f"count(*) filter (where {condition.sql}), "
        f"coalesce(sum(tokens) filter (where {condition.sql}), 0)::bigint, "
        f"count(distinct cluster) filter (where {condition.sql})"
        for condition in conditions
    )
    row = cursor.execute(statement("stats_held", sums=sums, where=where(filters))).fetchone() or ()
    return [Held(*row[place : place + 3]) for place in range(0, len(row), 3)]


def hill(cursor: Cursor, filters: Sequence[Filter], column: str) -> Hill:
    """Measures how evenly the tokens of some samples lie on the values of a column."""
    row = cursor.execute(statement("stats_hill", column=quoted(column), where=where(filters))).fetchone()
    return Hill(*row) if row else Hill(0, 0, None, None)


def quartiles(cursor: Cursor, filters: Sequence[Filter], columns: Sequence[str]) -> list[Quartiles]:
    """Returns the quartiles of some columns; what is not known is left out and not counted as known."""
    spread = ", ".join(
        f"count({quoted(column)}), quantile_cont({quoted(column)}, [0.25, 0.5, 0.75])" for column in columns
    )
    row = cursor.execute(statement("stats_held", sums=spread, where=where(filters))).fetchone() or ()
    return [Quartiles(row[place], *(row[place + 1] or (None, None, None))) for place in range(0, len(row), 2)]


def mean(cursor: Cursor, filters: Sequence[Filter], column: str) -> float | None:
    """Returns the mean of what is known of a column."""
    text = statement("stats_held", sums=f"avg({quoted(column)})", where=where(filters))
    row = cursor.execute(text).fetchone()
    return row[0] if row else None


def crossing(cursor: Cursor, filters: Sequence[Filter], column: str, most: int) -> list[CrossRow]:
    """Tells which values of a column meet in one cluster, of the clusters of some samples; most tokens first."""
    text = statement("stats_crossing", column=quoted(column), where=where(filters))
    return [CrossRow(*row) for row in cursor.execute(text, {"most": most}).fetchall()]


def _value(name: str) -> str:
    return EXPRESSIONS.get(name) or quoted(name)
