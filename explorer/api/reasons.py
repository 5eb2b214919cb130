"""Answers requests about the reasons for quality, gates, licences and suggested tiers."""

from explorer.api.messages.clusters import Impact
from explorer.api.messages.reasons import (
    CutoffImpactRequest,
    ExplainRequest,
    Explanation,
    QualityDistribution,
    QualityRequest,
    Suggested,
    SuggestedInBulk,
    SuggestedInBulkRequest,
    SuggestedRequest,
    SuggestionLimit,
)
from explorer.api.requests import from_json
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.tier_suggestion.acceptance import judge_limits, lowest_limit
from queries import quality as queries


def explain(session: Session, job: Job, asked: ExplainRequest) -> Explanation:
    """Every reason that the judgement of a sample has."""
    from explorer.open_corpus.explaining import explained  # loads compiled kernels; a reader starts without them

    return from_json(explained(session, job, session.sample(job, asked.row)), Explanation)


def suggested(session: Session, job: Job, asked: SuggestedRequest) -> Suggested:
    """The suggested tiers of some rows."""
    with session.cursor(job) as cursor:
        return Suggested(tuple(queries.suggested_of_rows(cursor, asked.rows)))


def suggested_in_bulk(session: Session, job: Job, asked: SuggestedInBulkRequest) -> SuggestedInBulk:
    """The suggestions of a selection that may be accepted at once, or why none may."""
    filters = session.filters(job, asked.selection)
    with session.cursor(job) as cursor:
        record = queries.record(cursor)
        limits = judge_limits([sure for _, _, sure in record], [one == other for one, other, _ in record])
        limit = lowest_limit(limits)
        if limit is None:
            best = max(limits, key=lambda each: (each.lower, each.of))
            return SuggestedInBulk(why_not=_why_not(best.correct, best.of, best.lower))
        keys = queries.suggested_of_view(cursor, filters, limit.theta)
    return SuggestedInBulk(tuple(keys), SuggestionLimit(limit.theta, limit.correct, limit.of, limit.lower))


def _why_not(correct: int, of: int, lower: float) -> str:
    return (
        f"Suggestions are accepted in bulk once 95% of them are surely right: at their best {correct:,} of {of:,} "
        f"agreed with your own tiers, surely {100 * lower:.0f}%. 73 of 73 would do."
    )


def cutoff_impact(session: Session, job: Job, asked: CutoffImpactRequest) -> Impact:
    """What a least percentile of quality would leave out, slice by slice."""
    with session.cursor(job) as cursor:
        return Impact(tuple(queries.falling(cursor, asked.least, asked.least_now)))


def quality(session: Session, job: Job, asked: QualityRequest) -> QualityDistribution:
    """How quality is distributed over the tiers, and how it agrees with people."""
    from explorer.open_corpus.spreading import agreement_of, spread_of

    found = {"tiers": spread_of(session, job, asked.selection), "agreement": agreement_of(session, job)}
    return from_json(found, QualityDistribution)


HANDLERS = (explain, suggested, suggested_in_bulk, cutoff_impact, quality)
