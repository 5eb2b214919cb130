"""The rows that statements return and screens show; importing this loads no engine."""

from dataclasses import dataclass
from typing import NamedTuple

SORTS = ("removable", "size", "similarity", "cross-tier", "cross-origin", "cross-repo")
"""Orders of a list of clusters: most removable tokens, largest, least alike, most tiers, human beside synthetic,
most repositories."""


class Totals(NamedTuple):
    """What some samples come to."""

    samples: int
    tokens: int
    bytes: int
    tokens_exact: bool


class FacetRow(NamedTuple):
    """How many samples share a value."""

    value: str | int | None
    samples: int
    tokens: int


class SampleKey(NamedTuple):
    """What a label is attached by."""

    id: str
    sha256: str


class ClusterRow(NamedTuple):
    """A cluster as a list shows it, behind its position."""

    position: int
    cluster: int
    size: int
    tokens: int
    tokens_removable: int
    removable: int
    """Members that a mix leaves out."""
    min_similarity: float | None
    """The least similarity of a member to the survivor."""
    chain_only: int
    """Members that only a chain of pairs connects with the survivor."""
    tiers: list[int | None]
    origins: list[str]
    languages: list[str | None]
    repos: int
    contents: int
    """Different contents among the members."""
    tokens_exact: bool
    survivor: str
    survivor_row: int
    repo: str | None
    path: str | None


class MemberRow(NamedTuple):
    """A member of a cluster, and what its survival was decided by."""

    row: int
    id: str
    sha256: str
    node: int
    """The first row of its content, as pairs name it."""
    similarity: float | None
    direct: bool | None
    survivor: bool
    redundant: bool
    tier: int | None
    tier_source: str | None
    origin: str
    verdict: str | None
    note: str | None
    language: str | None
    tokens: int
    tokens_exact: bool
    lines: int
    repo: str | None
    path: str | None
    license: str | None
    labelled: bool
    chosen: bool
    """Whether a curator chose it to survive."""
    cluster_verdict: str | None
    quality: float | None
    gates: list[str]
    drawable: bool
    ranks: list[float]


class BlastRow(NamedTuple):
    """A slice of the corpus, and what a policy takes from it."""

    kind: int
    """Which columns name the slice: 0 all four, 7 tier, 11 language, 13 repo, 14 origin, 15 none (all samples)."""
    tier: int | None
    language: str | None
    repo: str | None
    origin: str | None
    samples: int
    tokens: int
    samples_lost_now: int
    tokens_lost_now: int
    samples_lost: int
    tokens_lost: int


class ClusterTotals(NamedTuple):
    """What the clusters of a list come to."""

    clusters: int
    samples: int
    tokens_removable: int


@dataclass(frozen=True)
class ClusterWish:
    """Which clusters, in which order."""

    sort: str = SORTS[0]
    min_size: int = 2
    cross_tier: bool = False
    cross_origin: bool = False
    cross_repo: bool = False


class SuggestedRow(NamedTuple):
    """What a label is attached by, and the tier that is suggested."""

    id: str
    sha256: str
    tier: int


class MedianRow(NamedTuple):
    """How quality is spread inside a group."""

    value: int | str | None
    samples: int
    tokens: int
    known: int
    """Samples whose quality is known."""
    quartiles: list[float] | None
    coverage: float | None


class QuarantineRow(NamedTuple):
    """A file that was left out, and why."""

    file: str
    reason: str


class NotKeptRow(NamedTuple):
    """A column that the index does not keep, why, and of how many files, with one of them."""

    column: str
    reason: str
    files: int
    file: str


class UnreadRow(NamedTuple):
    """What the corpus gives for a field and nothing could be read from, kept in a column of its own."""

    field: str
    column: str
    samples: int
    example: str
