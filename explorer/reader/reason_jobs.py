"""What a screen may ask of the reasons behind quality, gates and suggestions: arguments in, JSON out."""

from typing import Any

from explorer.reader.explaining import explain
from explorer.reader.lanes import Job
from explorer.reader.serve import JobFunction
from explorer.reader.session import Session, ViewWish
from explorer.signals.suggestion.acceptance import least_theta, trials, why_not
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

    For a wish also `trial`, by which record and from which confidence on bulks are allowed, None and `why_not` if not.
    """
    rows = job.args.get("rows")
    if rows is not None:
        with session.cursor(job) as cursor:
            return {"keys": [list(key) for key in queries.suggested_of_rows(cursor, rows)]}
    filters = session.filters(job, ViewWish.of(job.args["wish"]))
    with session.cursor(job) as cursor:
        tried = trials(queries.record(cursor))
        trial = least_theta(tried)
        if trial is None:
            return {"keys": [], "trial": None, "why_not": why_not(tried)}
        keys = queries.suggested_of_view(cursor, filters, trial.theta)
    return {"keys": [list(key) for key in keys], "trial": trial._asdict()}


def falling(session: Session, job: Job) -> dict[str, Any]:
    """What a `least` percentile of quality would leave out, slice by slice, beside `least_now` → `slices`."""
    with session.cursor(job) as cursor:
        found = queries.falling(cursor, float(job.args["least"]), float(job.args["least_now"]))
    return {"slices": [row._asdict() for row in found]}


def spread(session: Session, job: Job) -> dict[str, Any]:
    """How quality is spread over the tiers of the samples of a `wish` → `tiers`, `agreement`."""
    from explorer.reader.spreading import agreement_of, spread_of

    wish = ViewWish.of(job.args.get("wish", {}))
    return {"tiers": spread_of(session, job, wish), "agreement": agreement_of(session, job)}
