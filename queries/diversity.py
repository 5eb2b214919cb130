"""The samples that diversity is measured on, and those of a frozen baseline."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import duckdb

from queries import statement
from queries.filters import Clause, Filter, quoted, where

Cursor = duckdb.DuckDBPyConnection


class GroupTotals(NamedTuple):
    """What a group of samples comes to."""

    samples: int
    tokens: int
    units: int
    """Repositories; a sample without one counts with its cluster of near-duplicates, or for itself."""
    human_tokens: int
    synthetic_tokens: int
    """Tokens of synthetic and mixed origin."""
    redundant: int
    """Near-duplicates that a mix leaves out."""


class LanguageRow(NamedTuple):
    """One language of a group."""

    language: str | None
    samples: int
    tokens: int
    units: int
    repositories: int
    """Repositories that are named."""


class Fitness(NamedTuple):
    """How far samples fit to be a human baseline."""

    samples: int
    tokens: int
    not_human: int
    low_tiers: int
    """Samples of tier 3 or 4, or of none."""
    undated: int
    """Samples that are neither dated early enough nor verified by a curator."""


def sample_rows(
    cursor: Cursor, filters: Sequence[Filter], axes: Sequence[str], *, file_bytes: int, most_bytes: int
) -> list[tuple[Any, ...]]:
    """Draws samples in the order of their SHA-256 until they hold `most_bytes`, each counted up to `file_bytes`.

    Returns (row, SHA-256 hexadecimal, unit, axes …) in the order of the rows.
    """
    names = ", ".join(quoted(axis) for axis in axes) or "null"
    text = statement("diversity_sample", axes=names, names=names, where=where(filters))
    return cursor.execute(text, {"file_bytes": file_bytes, "most_bytes": most_bytes}).fetchall()


def group_totals(cursor: Cursor, filters: Sequence[Filter]) -> GroupTotals:
    """Counts a group."""
    found = cursor.execute(statement("diversity_totals", where=where(filters))).fetchone()
    return GroupTotals(*(found or (0,) * len(GroupTotals._fields)))


def languages(cursor: Cursor, filters: Sequence[Filter]) -> list[LanguageRow]:
    """Returns the languages of a group, the most tokens first."""
    found = cursor.execute(statement("diversity_languages", where=where(filters))).fetchall()
    return [LanguageRow(*row) for row in found]


def generators(cursor: Cursor, filters: Sequence[Filter], column: str) -> list[tuple[str | None, int, int]]:
    """Returns samples and tokens by each value of a column, the most tokens first."""
    return cursor.execute(statement("diversity_generators", generator=quoted(column), where=where(filters))).fetchall()


def fitness(cursor: Cursor, filters: Sequence[Filter], *, until: str, verified: str) -> Fitness:
    """Counts what speaks against some samples as a baseline: dates from `until` on, evidence other than `verified`."""
    text = statement("baseline_fitness", where=where(filters))
    found = cursor.execute(text, {"until": until, "verified": verified}).fetchone()
    return Fitness(*(found or (0,) * len(Fitness._fields)))


def members(cursor: Cursor, filters: Sequence[Filter]) -> list[tuple[str, str]]:
    """Returns id and SHA-256 (hexadecimal) of some samples, by id."""
    return cursor.execute(statement("baseline_members", where=where(filters))).fetchall()


def put_baseline(cursor: Cursor, number: int, batch: Any) -> Filter:
    """Finds the samples of an Arrow table (id, sha256 as text) that are still as they were; returns their filter."""
    cursor.register("baseline_batch", batch)
    try:
        cursor.execute(statement("baseline_put", number=str(int(number))))
    finally:
        cursor.unregister("baseline_batch")
    return _own(statement("baseline_rows", number=str(int(number))))


def forget_baseline(cursor: Cursor, number: int) -> None:
    """Drops what `put_baseline` has made."""
    cursor.execute(statement("baseline_forget", number=str(int(number))))


def drawn(stage: int) -> Filter:
    """Returns the filter of the rows in `chosen_<n>`."""
    return _own(statement("mix_rows_drawn", stage=str(int(stage))))


def _own(text: str) -> Filter:
    return Filter(text.strip(), (Clause(text.strip(), frozenset(("row",))),))
