"""Requests about quality, gates, licences and suggested tiers, and the reasons for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from explorer.api.messages.clusters import Impact
from explorer.api.requests import Request
from explorer.selection import Selection
from queries.rows import SuggestedRow


@dataclass(frozen=True)
class Part:
    """What one signal takes from a score or adds to it."""

    signal: str
    dimension: str
    points: float
    value: float
    """As it was measured."""
    percentile: float | None
    """Percent of the samples of the language with a smaller value."""
    reason: str
    """Its rule in words."""


@dataclass(frozen=True)
class Cap:
    """The gate that lowers a score, and by how many points."""

    gate: str
    points: float


@dataclass(frozen=True)
class QualityReasons:
    """A quality score and what it is made of."""

    score: float | None
    percentile: float | None
    coverage: float
    """The share of the weight whose signals are known."""
    version: str
    dimensions: Mapping[str, float]
    lost: tuple[Part, ...]
    gained: tuple[Part, ...]
    capped: Cap | None


@dataclass(frozen=True)
class ClosedGate:
    """A gate that holds a sample back."""

    code: str
    reason: str


@dataclass(frozen=True)
class LicenceClaim:
    """One piece of evidence for a licence."""

    kind: str
    expression: str
    license_class: str
    words: str


@dataclass(frozen=True)
class LicenceReasons:
    """The licence of a sample and all evidence for it."""

    expression: str | None
    license_class: str
    conflict: bool
    attribution_required: bool
    evidence: tuple[LicenceClaim, ...]
    header: str | None


@dataclass(frozen=True)
class Weakness:
    """A place of weak code."""

    rule: str
    line: int
    severity: str


@dataclass(frozen=True)
class Findings:
    """What was found in a sample."""

    secrets: tuple[str, ...]
    personal: tuple[str, ...]
    weaknesses: tuple[Weakness, ...]
    flags: tuple[str, ...]
    soft_rules: tuple[str, ...]
    stale_markers: tuple[str, ...]


@dataclass(frozen=True)
class TierReasons:
    """The suggested tier, how sure it is, and the rules that fired."""

    suggested: int | None
    confidence: str
    probabilities: tuple[float, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """Every reason that a sample's judgement has."""

    quality: QualityReasons
    gates: tuple[ClosedGate, ...]
    licensing: LicenceReasons
    findings: Findings
    tier: TierReasons


@dataclass(frozen=True)
class ExplainRequest(Request[Explanation], name="explain"):
    """Explains one sample by its row."""

    row: int


class SuggestionLimit(NamedTuple):
    """How suggestions of at least one confidence agreed with the curators' own tiers."""

    theta: float
    correct: int
    of: int
    lower: float
    """The Wilson lower bound of the share that is correct."""


@dataclass(frozen=True)
class Suggested:
    """Suggested tiers."""

    keys: tuple[SuggestedRow, ...]


@dataclass(frozen=True)
class SuggestedRequest(Request[Suggested], name="suggested"):
    """The suggested tiers of some rows."""

    rows: tuple[int, ...]


@dataclass(frozen=True)
class SuggestedInBulk:
    """The suggestions of a selection that may be accepted at once, or why none may."""

    keys: tuple[SuggestedRow, ...] = ()
    limit: SuggestionLimit | None = None
    why_not: str = ""


@dataclass(frozen=True)
class SuggestedInBulkRequest(Request[SuggestedInBulk], name="suggested_in_bulk", channel="suggested", seconds=None):
    """The suggested tiers of all samples of a selection without a tier."""

    selection: Selection


@dataclass(frozen=True)
class CutoffImpactRequest(Request[Impact], name="cutoff_impact", seconds=None):
    """What a least percentile of quality would leave out, next to what `least_now` does."""

    least: float
    least_now: float


@dataclass(frozen=True)
class TierQuality:
    """How quality is distributed over the samples of one tier."""

    tier: int | None
    samples: int
    tokens: int
    known: int
    """Samples whose quality is known."""
    quartiles: tuple[float, float, float] | None
    coverage: float | None
    bins: tuple[int, ...]
    """Samples in each bin of quality, from 0 to 100."""


@dataclass(frozen=True)
class EstimateShown:
    """A figure with its interval, or why there is none."""

    value: float | None
    low: float | None
    high: float | None
    missing: str | None
    open: bool
    """Whether the labels leave open that the figure is 0."""


@dataclass(frozen=True)
class LanguageAgreementShown:
    """How quality agrees with the given tiers inside one language."""

    language: str | None
    labels: int
    rho: EstimateShown


@dataclass(frozen=True)
class AgreementShown:
    """How quality agrees with the tiers that curators gave."""

    labels: int
    repos: int
    rho: EstimateShown
    auc: EstimateShown
    rho_beyond_comments: EstimateShown
    learned: str
    """Why the learned layer of suggestions is off."""
    languages: tuple[LanguageAgreementShown, ...]


@dataclass(frozen=True)
class QualityDistribution:
    """How quality is distributed over the tiers, and how it agrees with people."""

    tiers: tuple[TierQuality, ...]
    agreement: AgreementShown


@dataclass(frozen=True)
class QualityRequest(Request[QualityDistribution], name="quality", seconds=None):
    """How quality is distributed over the tiers of a selection."""

    selection: Selection = field(default_factory=Selection)
