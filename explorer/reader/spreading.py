"""How quality is spread over tiers, and how far it agrees with the tiers that curators gave."""

from typing import Any

from explorer.reader.lanes import Job
from explorer.reader.session import Session, ViewWish
from explorer.signals.agreement import Estimate, measure_agreement
from queries import quality as queries

BIN_WIDTH = 5
"""Points of quality in one bar."""


def spread_of(session: Session, job: Job, wish: ViewWish) -> list[dict[str, Any]]:
    """Returns for each tier its samples, quartiles, coverage and the samples in each bin of quality."""
    conditions = session.filters(job, wish)
    with session.cursor(job) as cursor:
        medians = queries.medians(cursor, conditions)
        counted = queries.spread(cursor, conditions, BIN_WIDTH)
    bins = {row.tier: [0] * (100 // BIN_WIDTH) for row in medians}
    for tier, place, samples, _ in counted:
        if place is not None:
            bins[tier][place] += samples
    return [{**row._asdict(), "bins": bins[row.tier]} for row in medians]


def agreement_of(session: Session, job: Job) -> dict[str, Any]:
    """Returns how quality agrees with the tiers that curators gave: all languages together, then each."""
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
