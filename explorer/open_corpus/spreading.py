"""How quality is spread over tiers, and how far it agrees with the tiers that curators gave."""

from typing import Any

from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.quality.agreement import Estimate, measure_agreement
from explorer.quality.resampling import number_groups
from explorer.selection import Selection
from explorer.tier_suggestion.trial import why_too_few
from queries import quality as queries

NO_STREAM = "no label of the random stream yet"
"""Why the learned layer stays off even where there are labels enough: none of them was drawn at random."""
BIN_WIDTH = 5
"""Points of quality in one bar."""


def spread_of(session: Session, job: Job, selection: Selection) -> list[dict[str, Any]]:
    """Returns for each tier its samples, quartiles, coverage and the samples in each bin of quality."""
    conditions = session.filters(job, selection)
    with session.cursor(job) as cursor:
        medians = sorted(queries.medians(cursor, conditions), key=lambda row: (row.value is None, str(row.value)))
        counted = queries.spread(cursor, conditions, BIN_WIDTH)
    bins = {row.value: [0] * (100 // BIN_WIDTH) for row in medians}
    for tier, place, samples, _ in counted:
        if place is not None:
            bins[tier][place] += samples
    return [{**_fields(row), "tier": row.value, "bins": bins[row.value]} for row in medians]


def groups_of(session: Session, job: Job, selection: Selection, column: str) -> list[dict[str, Any]]:
    """Returns for each value of a column its samples, tokens, quartiles and coverage, the most samples first."""
    conditions = session.filters(job, selection)
    with session.cursor(job) as cursor:
        return [{**_fields(row), "value": row.value} for row in queries.medians(cursor, conditions, column)]


def _fields(row: queries.MedianRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("samples", "tokens", "known", "quartiles", "coverage")}


def agreement_of(session: Session, job: Job) -> dict[str, Any]:
    """Returns how quality agrees with the tiers that curators gave: all languages together, then each.

    `learned` says why the learned layer of suggestions is off.
    """
    with session.cursor(job) as cursor:
        found = {name: _plain(column) for name, column in queries.judged(cursor).items()}
    measured = measure_agreement(
        found["quality"],
        found["tier"],
        found["repo"],
        comment_share=found["comment_share"],
        languages=found["language"],
    )
    return {
        "labels": measured.labels,
        "repos": measured.repos,
        **{name: _told(getattr(measured, name)) for name in ("rho", "auc", "rho_beyond_comments")},
        "learned": why_too_few(found["tier"].astype("int64"), number_groups(found["repo"])) or NO_STREAM,
        "languages": [
            {"language": one.language, "labels": one.labels, "rho": _told(one.rho)} for one in measured.languages
        ],
    }


def _plain(column: Any) -> Any:
    if not hasattr(column, "filled"):
        return column
    return column.filled(float("nan")) if column.dtype.kind == "f" else column.filled(None)


def _told(estimate: Estimate) -> dict[str, Any]:
    """Returns an estimate as JSON can hold it: `value`, `low`, `high`, or `missing` in words."""
    low, high = estimate.interval or (None, None)
    return {"value": estimate.value, "low": low, "high": high, "missing": estimate.missing, "open": estimate.is_open}
