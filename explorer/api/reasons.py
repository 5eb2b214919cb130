"""What a screen may ask of the reasons behind quality, gates and suggestions: arguments in, JSON out."""

from typing import Any

from explorer.job import Job
from explorer.open_corpus.explaining import explain
from explorer.open_corpus.session import Session, ViewWish
from explorer.reader.serve import JobFunction
from explorer.tier_suggestion.acceptance import judge_limits, lowest_limit
from queries import quality as queries


def reason_jobs(session: Session) -> dict[str, JobFunction]:
    """Returns the jobs on reasons of one open index by name."""
    return {
        "explain": lambda job: explain(session, job),
        "suggested": lambda job: suggested(session, job),
        "falling": lambda job: falling(session, job),
        "spread": lambda job: spread(session, job),
    }


def suggested(session: Session, job: Job) -> dict[str, Any]:
    """The suggested tier of `rows`, or of all samples of a `wish` without a tier → `keys`: id, SHA-256, tier.

    For a wish also `limit`, from which confidence on and by which record bulks are allowed; else None and `why_not`.
    """
    rows = job.args.get("rows")
    if rows is not None:
        with session.cursor(job) as cursor:
            return {"keys": [list(key) for key in queries.suggested_of_rows(cursor, rows)]}
    filters = session.filters(job, ViewWish.of(job.args["wish"]))
    with session.cursor(job) as cursor:
        record = queries.record(cursor)
        limits = judge_limits([sure for _, _, sure in record], [one == other for one, other, _ in record])
        limit = lowest_limit(limits)
        if limit is None:
            best = max(limits, key=lambda each: (each.lower, each.of))
            return {"keys": [], "limit": None, "why_not": _why_not(best.correct, best.of, best.lower)}
        keys = queries.suggested_of_view(cursor, filters, limit.theta)
    return {"keys": [list(key) for key in keys], "limit": limit._asdict()}


def _why_not(correct: int, of: int, lower: float) -> str:
    return (
        f"Suggestions are accepted in bulk once 95% of them are surely right: at their best {correct:,} of {of:,} "
        f"agreed with your own tiers, surely {100 * lower:.0f}%. 73 of 73 would do."
    )


def falling(session: Session, job: Job) -> dict[str, Any]:
    """What a `least` percentile of quality would leave out, slice by slice, beside `least_now` → `slices`."""
    with session.cursor(job) as cursor:
        found = queries.falling(cursor, float(job.args["least"]), float(job.args["least_now"]))
    return {"slices": [row._asdict() for row in found]}


def spread(session: Session, job: Job) -> dict[str, Any]:
    """How quality is spread over the tiers of the samples of a `wish` → `tiers`, `agreement`."""
    from explorer.open_corpus.spreading import agreement_of, spread_of

    wish = ViewWish.of(job.args.get("wish", {}))
    return {"tiers": spread_of(session, job, wish), "agreement": agreement_of(session, job)}
