"""Requests about clusters of near-duplicates and the policy that makes them."""

from dataclasses import dataclass, field
from typing import NamedTuple

from explorer.api.requests import Done, Request
from explorer.fingerprints.policy import Policy
from explorer.selection import Selection
from queries.rows import BlastRow, ClusterRow, ClusterWish, MemberRow


@dataclass(frozen=True)
class ClusterList:
    """A list of clusters that is written down in its order, and what they come to."""

    list: int
    clusters: int
    samples: int
    tokens_removable: int
    policy: Policy


@dataclass(frozen=True)
class ClustersRequest(Request[ClusterList], name="clusters", seconds=None):
    """Writes down the clusters that have a member in a selection."""

    wish: ClusterWish = field(default_factory=ClusterWish)
    of: Selection = field(default_factory=Selection)


@dataclass(frozen=True)
class ClusterPage:
    """Consecutive clusters of a list."""

    rows: tuple[ClusterRow, ...]


@dataclass(frozen=True)
class ClusterPageRequest(Request[ClusterPage], name="cluster_page"):
    """Clusters of a list from position `first` on."""

    list: int
    first: int
    count: int


@dataclass(frozen=True)
class ClusterPosition:
    """Where a cluster is in a list; None where it is not there."""

    position: int | None


@dataclass(frozen=True)
class ClusterPositionRequest(Request[ClusterPosition], name="cluster_position"):
    """Where a cluster is in a list."""

    list: int
    cluster: int


@dataclass(frozen=True)
class Cluster:
    """A cluster with all its members."""

    cluster: int
    reason: str
    """Why the survivor is the one that survives."""
    members: tuple[MemberRow, ...]
    """The survivor first."""


@dataclass(frozen=True)
class ClusterRequest(Request[Cluster], name="cluster", seconds=None):
    """One cluster by its number."""

    cluster: int


@dataclass(frozen=True)
class Split:
    """The two parts that a cluster falls into at its weakest link, as ids; empty where it cannot be split."""

    parts: tuple[tuple[str, ...], ...]
    similarity: float | None
    """Of the weakest link."""


@dataclass(frozen=True)
class SplitRequest(Request[Split], name="split"):
    """Where a cluster splits at its weakest link."""

    cluster: int


Spans = tuple[tuple[int, int], ...]
"""First and last column of each stretch of a line, from 0, the last exclusive."""


class DiffRow(NamedTuple):
    """A line of one side, or a line of each side that belong together."""

    kind: str
    """`same`, `changed`, `removed` or `added`."""
    left: int | None
    """The number of the line on the left, from 1."""
    right: int | None
    left_spans: Spans
    """The words of a changed line that are not on the right."""
    right_spans: Spans


@dataclass(frozen=True)
class Compared:
    """Two texts and the lines in which they differ."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    rows: tuple[DiffRow, ...]
    is_cut: bool
    """Whether only the first lines were compared."""


@dataclass(frozen=True)
class CompareRequest(Request[Compared], name="compare"):
    """Compares the texts of two rows."""

    left: int
    right: int


@dataclass(frozen=True)
class SimilarSample:
    """A content like that of another sample."""

    row: int
    """The first row that has it."""
    similarity: float
    copies: int
    id: str
    tier: int | None
    origin: str
    language: str | None
    tokens: int
    repo: str | None
    path: str | None
    cluster: int | None


@dataclass(frozen=True)
class SimilarSamples:
    """The samples most like one, the likest first."""

    similar: tuple[SimilarSample, ...]


@dataclass(frozen=True)
class SimilarRequest(Request[SimilarSamples], name="similar", seconds=None):
    """The samples most like the one in a row."""

    row: int
    most: int = 20


@dataclass(frozen=True)
class PolicyRequest(Request[Done], name="policy", channel="write", seconds=None):
    """Works the clusters out by another policy."""

    policy: Policy


@dataclass(frozen=True)
class Impact:
    """What a change leaves out of each slice of the corpus, and what is left out now."""

    slices: tuple[BlastRow, ...]


@dataclass(frozen=True)
class PolicyImpactRequest(Request[Impact], name="policy_impact", channel="impact", seconds=None):
    """What a policy would leave out of a mix."""

    policy: Policy
