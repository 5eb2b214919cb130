"""Why a sample stands where it does: its quality point by point, its gates, its licence, its suggested tier."""

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.job import Job
from explorer.licences.decision import decide
from explorer.open_corpus.session import Session
from explorer.quality.gates import GATES
from explorer.quality.score import SHOWN_GAINS, SHOWN_LOSSES, Points, Score, score
from explorer.tier_suggestion.inputs import explain_suggestion
from queries import quality as queries

FINDINGS = ("secrets", "personal", "weaknesses", "flags", "soft_rules", "stale_markers")
"""Columns that list what was found in a sample."""

Known = Mapping[str, Any]
"""The public columns of a sample, as JSON holds them."""


def explained(session: Session, job: Job, known: Known) -> dict[str, Any]:
    """Returns every reason that a sample's standing has, fit for JSON."""
    return {
        "quality": quality_of(session, job, known),
        "gates": [{"code": code, "reason": GATES.get(code, "a rule of another version")} for code in known["gates"]],
        "licensing": licensing_of(known),
        "findings": {name: known[name] or [] for name in FINDINGS},
        "tier": suggestion_of(known),
    }


def licensing_of(known: Known) -> dict[str, Any]:
    """Returns every piece of evidence for the licence side by side, and whether they conflict."""
    nearest = known["nearest_license"]
    found = decide(
        known["stated_license"],
        known["header_license"],
        (known["nearest_license_path"] or "", nearest, None) if nearest else None,
    )
    return {
        "expression": found.expression,
        "license_class": found.license_class,
        "conflict": found.conflict,
        "attribution_required": found.attribution_required,
        "evidence": [piece._asdict() for piece in found.evidence],
        "header": known["header_evidence"],
    }


def suggestion_of(known: Known) -> dict[str, Any]:
    """Returns the suggested tier, its confidence in a word, and the rules that fired in words."""
    return {"suggested": known["suggested_tier"], **explain_suggestion(known)}


def quality_of(session: Session, job: Job, known: Known) -> dict[str, Any]:
    """Returns score, percentile and coverage with the largest losses and gains.

    Each has its signal, points, raw value, percentile in the language (0 to 100) and its rule in words.
    """
    found = score(session.scale, known)
    shown = (*found.lost[:SHOWN_LOSSES], *found.gained[:SHOWN_GAINS])
    with session.cursor(job) as cursor:
        below = queries.shares_below(cursor, known["language"], {part.signal.column: part.value for part in shown})
    return {
        "score": found.quality,
        "percentile": known["quality_pct"],
        "coverage": found.coverage,
        "version": session.scale.version,
        "dimensions": dict(found.dimensions),
        "lost": _listed(found.lost[:SHOWN_LOSSES], below),
        "gained": _listed(found.gained[:SHOWN_GAINS], below),
        "capped": _capped(found),
    }


def _listed(parts: Sequence[Points], below: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {
            "signal": part.signal.column,
            "dimension": part.dimension,
            "points": part.points,
            "value": part.value,
            "percentile": 100 * below[part.signal.column] if part.signal.column in below else None,
            "reason": part.signal.rule,
        }
        for part in parts
    ]


def _capped(found: Score) -> dict[str, Any] | None:
    return {"gate": found.capped[0], "points": found.capped[1]} if found.capped else None
