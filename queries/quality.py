"""The quality of every sample as one expression over the columns that an index keeps."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import duckdb

from queries import statement
from queries.clusters import BlastRow, lost_slices
from queries.filters import Clause, Filter, literal, quoted, where
from queries.rows import MedianRow, SuggestedRow

Cursor = duckdb.DuckDBPyConnection

LEAST_STRATUM = 200
"""Samples that a stratum, or else a language, has at least before percentiles are taken inside it."""


class Term(NamedTuple):
    """A column whose value becomes a desirability from 0 to 1."""

    column: str
    weight: float
    points: tuple[tuple[float, float], ...] = ()
    """Straight from point to point; empty where it decays or grows like a logarithm."""
    log: float | None = None
    """Where the logarithm reaches 1; with neither points nor this, exp(-value)."""


class Part(NamedTuple):
    """Terms that belong together."""

    name: str
    weight: float
    terms: Sequence[Term]
    least: Sequence[tuple[str, float]] = ()
    any_of: Sequence[str] = ()


class Formula(NamedTuple):
    """All parts, and what the samples behind some gates have at most."""

    parts: Sequence[Part]
    caps: Sequence[tuple[str, float]]


def take_percentiles(cursor: Cursor, signals: Sequence[str]) -> None:
    """Writes down, as `ecdf_<signal>`, which share of comparable samples lies below each value of some signals.

    Mid-ranks, 0 to 1, inside language and size class; where those are fewer than 200, in the language, else in all.
    """
    for signal in signals:
        cursor.execute(statement("load_ecdf", signal=_name(signal)), {"least": LEAST_STRATUM})


def score(cursor: Cursor, formula: Formula, signals: Sequence[str]) -> None:
    """Makes the table `scored` of `judged`: percentiles, a column for each part, quality, coverage, percentile."""
    joins = (
        f"left join ecdf_{signal} on ecdf_{signal}.language is not distinct from judged.language "
        f"and ecdf_{signal}.size_class = judged.size_class and ecdf_{signal}.value = judged.{signal}"
        for signal in map(_name, signals)
    )
    percentiles = ", ".join(f"ecdf_{_name(signal)}.share as {signal}_pct" for signal in signals)
    cursor.execute(statement("quality_comparable", percentiles=percentiles, ecdfs="\n".join(joins)))
    kept = "".join(f"{_name(signal)}_pct, " for signal in signals)
    places = {"scope": "temp", "target": "scored", "source": "comparable", "kept": kept}
    cursor.execute(statement("quality_scores", **places, **_expressions(formula)))


def amend(cursor: Cursor, formula: Formula) -> None:
    """Works every quality out anew from the stored columns and lays it over the index."""
    cursor.execute(statement("quality_forget"))
    places = {"scope": "", "target": "amended", "source": "corpus.samples", "kept": ""}
    cursor.execute(statement("quality_scores", **places, **_expressions(formula)))


def _expressions(formula: Formula) -> dict[str, str]:
    """Fills the places of `quality_scores` that a formula decides."""
    places = [(part, number) for number, part in enumerate(formula.parts)]
    return {
        "desirabilities": ", ".join(
            f"{_desirability(term)} as u_{number}_{place}"
            for part, number in places
            for place, term in enumerate(part.terms)
        ),
        "dimensions": ", ".join(f"{_part(part, number)} as worth_{_name(part.name)}" for part, number in places),
        "dimension_names": ", ".join(f"worth_{_name(part.name)}::float as {part.name}" for part in formula.parts),
        "quality": _quality(formula.parts),
        "coverage": _coverage(formula.parts),
        "capped": _capped(formula.caps),
    }


def _desirability(term: Term) -> str:
    value = quoted(term.column)
    if term.log is not None:
        grown = f"least(ln(1 + greatest({value}, 0)) / ln(1 + {_number(term.log)}), 1)"
        return f"if({value} is null, null, {grown})"  # greatest and least pass over what is null
    return f"case {' '.join(_pieces(value, term.points))} end" if term.points else f"exp(-{value})"


def _pieces(value: str, points: Sequence[tuple[float, float]]) -> Iterator[str]:
    """A missing value passes none of the comparisons but would reach an `else`, so that the last one asks again."""
    yield f"when {value} <= {_number(points[0][0])} then {_number(points[0][1])}"
    for (left, low), (right, high) in pairwise(points):
        slope = (high - low) / (right - left)
        yield (
            f"when {value} <= {_number(right)} "
            f"then {_number(low)} + ({value} - {_number(left)})::double * {_number(slope)}"
        )
    yield f"when {value} > {_number(points[-1][0])} then {_number(points[-1][1])}"


def _part(part: Part, number: int) -> str:
    terms = [(f"u_{number}_{place}", _number(term.weight)) for place, term in enumerate(part.terms) if term.weight > 0]
    worth = " + ".join(f"coalesce({weight} * {name}, 0)" for name, weight in terms) or "null"
    weight = " + ".join(f"if({name} is null, 0, {weight})" for name, weight in terms) or "0"
    known = [f"coalesce({quoted(column)}, 0) >= {_number(least)}" for column, least in part.least]
    if part.any_of:
        known.append(f"coalesce({', '.join(f'{quoted(column)}::double' for column in part.any_of)}) is not null")
    return f"if({' and '.join(known) or 'true'}, ({worth}) / nullif({weight}, 0), null)"


def _quality(parts: Sequence[Part]) -> str:
    worth = " + ".join(f"coalesce({_number(part.weight)} * worth_{_name(part.name)}, 0)" for part in parts)
    return f"100 * ({worth}) / nullif({_known_weight(parts)}, 0)"


def _coverage(parts: Sequence[Part]) -> str:
    return f"({_known_weight(parts)}) / {_number(sum(part.weight for part in parts))}"


def _known_weight(parts: Sequence[Part]) -> str:
    return " + ".join(f"if(worth_{_name(part.name)} is null, 0, {_number(part.weight)})" for part in parts)


def _capped(caps: Sequence[tuple[str, float]]) -> str:
    """`least` leaves out what is null, so that a sample of unknown quality is asked about first."""
    limits = (f"if(list_contains(gates, {literal(gate)}), {_number(cap)}, 100)" for gate, cap in caps)
    return f"if(points is null, null, least({', '.join(('points', *limits))}))"


def _number(value: float) -> str:
    return f"{float(value)!r}::double"


def _name(name: str) -> str:
    """Returns a name that is composed into others; raises ValueError for one that is no plain word."""
    if not name.isidentifier() or not name.isascii():
        raise ValueError(f"{name!r} is no plain name")
    return name


def shares_below(cursor: Cursor, language: str | None, values: Mapping[str, float]) -> dict[str, float]:
    """Tells which share of a language's samples has less than a value, half of the ties counted, for some columns."""
    shares = (
        f"avg(case when {quoted(column)} < $v{place} then 1 when {quoted(column)} = $v{place} then 0.5 else 0 end) "
        f"filter (where {quoted(column)} is not null)"
        for place, column in enumerate(values)
    )
    settings = {f"v{place}": value for place, value in enumerate(values.values())}
    found = cursor.execute(
        statement("quality_shares", shares=", ".join(shares)), {"language": language, **settings}
    ).fetchone()
    return {column: float(share) for column, share in zip(values, found or (), strict=False) if share is not None}


def record(cursor: Cursor) -> list[tuple[int, int, float]]:
    """Returns suggested tier, curator's own tier and confidence of what curators gave a tier."""
    return cursor.execute(statement("quality_record")).fetchall()


def suggested_of_rows(cursor: Cursor, rows: Sequence[int]) -> list[SuggestedRow]:
    """Returns the suggested tiers of some rows."""
    listed = ", ".join(str(int(row)) for row in rows) or "null"
    return _suggested(cursor, [_plain(f"suggested_tier is not null and place in ({listed})")])


def suggested_of_view(cursor: Cursor, filters: Sequence[Filter], least: float) -> list[SuggestedRow]:
    """Returns the tiers suggested with some confidence, 0 to 1, for the samples that pass and have none."""
    known = _plain(f"tier is null and suggested_tier is not null and suggestion_confidence >= {_number(least)}")
    return _suggested(cursor, [*filters, known])


def _suggested(cursor: Cursor, wanted: Sequence[Filter]) -> list[SuggestedRow]:
    found = cursor.execute(statement("quality_suggested", where=where(wanted))).fetchall()
    return [SuggestedRow(*row) for row in found]


def falling(cursor: Cursor, least: float, least_now: float) -> list[BlastRow]:
    """Tells slice by slice what falls out below a percentile of quality, beside what falls out now."""
    return lost_slices(cursor, statement("quality_falling"), {"least": least, "least_now": least_now})


def spread(cursor: Cursor, filters: Sequence[Filter], width: int) -> list[tuple[int | None, int | None, int, int]]:
    """Counts samples and tokens by tier and bin of quality, bins as wide as so many points; bin None is unknown."""
    return cursor.execute(statement("quality_spread", where=where(filters)), {"width": width}).fetchall()


def medians(cursor: Cursor, filters: Sequence[Filter], column: str = "tier") -> list[MedianRow]:
    """Returns the quartiles of quality for each value of a column, the most samples first."""
    text = statement("quality_medians", where=where(filters), column=quoted(column))
    return [MedianRow(*row) for row in cursor.execute(text).fetchall()]


def judged(cursor: Cursor) -> Any:
    """Returns quality, tier, language, repo and comment_share of what curators gave a tier, as numpy arrays."""
    return cursor.execute(statement("quality_judged")).fetchnumpy()


def _plain(text: str) -> Filter:
    """Returns a condition of our own."""
    return Filter(text, (Clause(text, frozenset()),))
