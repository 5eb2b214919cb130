"""How quality is spread over tiers, and how far it agrees with the tiers that curators gave."""

from dataclasses import asdict
from typing import Any

from explorer.reader.lanes import Job
from explorer.reader.session import Session, ViewWish
from explorer.signals.agreement import Agreement, Estimate, agreements
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


def agreement_of(session: Session, job: Job) -> list[dict[str, Any]]:
    """Returns how quality agrees with the tiers of curators, all languages first, then each."""
    with session.cursor(job) as cursor:
        found = queries.judged(cursor)
    columns = ("quality", "tier", "language", "repo", "comment_share")
    if not len(found["tier"]):
        return []
    return [told(one) for one in agreements(*(_plain(found[name]) for name in columns))]


def _plain(column: Any) -> Any:
    return column.filled(float("nan")) if hasattr(column, "filled") and column.dtype.kind == "f" else column


def told(found: Agreement) -> dict[str, Any]:
    """Returns an agreement as JSON can hold it."""
    return {
        **{name: getattr(found, name) for name in ("language", "labels", "repos", "enough")},
        **{name: _estimate(getattr(found, name)) for name in ("rho", "rho_beside_comments", "auc")},
    }


def _estimate(estimate: Estimate | None) -> dict[str, float] | None:
    return None if estimate is None else asdict(estimate)
