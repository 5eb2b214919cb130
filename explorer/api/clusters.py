"""Answers requests about clusters."""

from typing import Any

from explorer.api.messages.clusters import (
    Cluster,
    ClusterList,
    ClusterPage,
    ClusterPageRequest,
    ClusterPosition,
    ClusterPositionRequest,
    ClusterRequest,
    ClustersRequest,
    Compared,
    CompareRequest,
    DiffRow,
    Impact,
    PolicyImpactRequest,
    PolicyRequest,
    SimilarRequest,
    SimilarSample,
    SimilarSamples,
    Split,
    SplitRequest,
)
from explorer.api.requests import Done
from explorer.job import Job
from explorer.open_corpus.comparing import compare
from explorer.open_corpus.session import Session
from explorer.open_corpus.values import shown_as, shown_text
from explorer.open_corpus.windows import MAX_LINE, lines_of
from queries import browse
from queries.rows import MemberRow

SIMILAR_COLUMNS = ("id", "tier", "origin", "language", "tokens", "repo", "path", "cluster")


def clusters(session: Session, job: Job, asked: ClustersRequest) -> ClusterList:
    """Writes a list of clusters down."""
    found = session.clusters.show_list(job, asked.wish, asked.of)
    return ClusterList(found.number, *found.totals, session.clusters.policy)


def cluster_page(session: Session, job: Job, asked: ClusterPageRequest) -> ClusterPage:
    """Clusters of a list."""
    return ClusterPage(tuple(session.clusters.page(job, asked.list, asked.first, asked.count)))


def cluster_position(session: Session, job: Job, asked: ClusterPositionRequest) -> ClusterPosition:
    """Where a cluster is in a list."""
    return ClusterPosition(session.clusters.position(job, asked.list, asked.cluster))


def cluster(session: Session, job: Job, asked: ClusterRequest) -> Cluster:
    """A cluster with its members."""
    found = session.clusters.one(job, asked.cluster)
    return Cluster(found.cluster, found.reason, tuple(map(shown_member, found.members)))


def shown_member(member: MemberRow) -> MemberRow:
    """Returns a member whose values are fit for JSON, secrets masked."""
    return MemberRow(*(shown_as(name, value) for name, value in zip(member._fields, member, strict=True)))


def split(session: Session, job: Job, asked: SplitRequest) -> Split:
    """Where the weakest link of a cluster splits it."""
    parts, similarity = session.clusters.parting(job, asked.cluster)
    return Split(tuple(tuple(part) for part in parts), similarity)


def compared(session: Session, job: Job, asked: CompareRequest) -> Compared:
    """Compares the texts of two rows."""
    left, right = _lines(session, job, asked.left), _lines(session, job, asked.right)
    found = compare(left, right)
    return Compared(tuple(left), tuple(right), tuple(DiffRow(*row) for row in found.rows), found.is_cut)


def _lines(session: Session, job: Job, row: int) -> list[str]:
    text = shown_text(session.content.read(row, lambda file: job.report({"file": file})))
    return [line[:MAX_LINE] for line in lines_of(text)]


def similar(session: Session, job: Job, asked: SimilarRequest) -> SimilarSamples:
    """The samples most like a row, each with what a list shows of it."""
    from explorer.open_corpus.similar import find_similar  # loads the compiled kernels, which few sessions need

    found = find_similar(session, job, asked.row, asked.most)
    with session.cursor(job) as cursor:
        known: list[dict[str, Any]] = [browse.sample(cursor, one.row) for one in found]
    return SimilarSamples(
        tuple(
            SimilarSample(*one, **{name: shown_as(name, sample[name]) for name in SIMILAR_COLUMNS})
            for one, sample in zip(found, known, strict=True)
        )
    )


def policy(session: Session, job: Job, asked: PolicyRequest) -> Done:
    """Works the clusters out by another policy."""
    session.follow(job, asked.policy)
    return Done()


def policy_impact(session: Session, job: Job, asked: PolicyImpactRequest) -> Impact:
    """What a policy would leave out of a mix, slice by slice."""
    return Impact(tuple(session.clusters.blast(job, asked.policy)))


HANDLERS = (
    clusters,
    cluster_page,
    cluster_position,
    cluster,
    split,
    compared,
    similar,
    policy,
    policy_impact,
)
