"""The clusters of an open index under a policy and the curators' decisions, worked out anew where these change them."""

import itertools
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from explorer.errors import BadInput
from explorer.fingerprints.policy import CRITERIA, Policy
from explorer.fingerprints.verdicts import are_parted, entries
from explorer.job import Job
from queries import clusters as queries
from queries.clusters import ClusterRow, ClusterTotals, ClusterWish, MemberRow

if TYPE_CHECKING:
    import numpy as np

    from explorer.open_corpus.session import Session
    from explorer.selection import Selection

    Rows = np.ndarray[Any, np.dtype[np.int64]]


_TURN_SECONDS = 0.05


class ClusterList(NamedTuple):
    """A list of clusters that has been written down."""

    number: int
    totals: ClusterTotals


class OneCluster(NamedTuple):
    """A cluster whole: its members, the survivor first, and why that one survives."""

    cluster: int
    members: tuple[MemberRow, ...]
    reason: str


class Clusters:
    """What the session knows of clusters; labels and a policy change it, the index stays as it is."""

    def __init__(self, session: "Session", cursor: duckdb.DuckDBPyConnection, floor: float) -> None:
        """Takes the similarity `floor` down to which the index has proven pairs."""
        self.floor = floor
        self.policy = Policy(threshold=floor)
        self._session = session
        self._indexed = self.policy
        """The policy by which the index itself says who survives."""
        self._highest = queries.count(cursor)
        self._numbers = itertools.count(1)
        self._listed: int | None = None
        self._lacks_similarities = False
        """Whether a member's similarity to its survivor is not known."""
        self._is_settled = True
        """Whether all clusters are by the policy: not once a job was stopped half-way."""
        self._lock = threading.Lock()
        self._turn = threading.RLock()

    # ---- what changes clusters

    def follow(self, job: Job, policy: Policy) -> None:
        """Works every cluster out by a policy; raises BadInput for a threshold that the index has not proven."""
        self.check(policy)
        if policy != self.policy or not self._is_settled:
            self._work_out(job, lambda: policy, None)

    def check(self, policy: Policy) -> None:
        """Raises BadInput for a threshold below the one that the corpus was compared at."""
        if policy.threshold < self.floor:
            raise BadInput(
                f"The corpus was compared at a similarity of {self.floor:g}; "
                f"pairs below it, as {policy.threshold:g} asks for, are not proven.",
                f"Run `corpus index --threshold {policy.threshold:g}` first; nothing is read again that is known.",
            )

    def labelled(self, job: Job, rows: Sequence[int]) -> None:
        """Works the clusters of some rows out again, whose labels have changed."""
        with self._session.cursor(job) as cursor:
            concerned = queries.of_rows(cursor, rows)
        if concerned:
            self._work_out(job, lambda: self.policy, concerned)

    def _work_out(self, job: Job, wished: Callable[[], Policy], concerned: Sequence[int] | None) -> None:
        """Works some clusters out, or all, by the policy that is wished when the turn of this job has come."""
        with self._in_turn(job):
            policy = wished()
            was_settled, self._is_settled = self._is_settled, False
            with self._stood(job, policy, concerned) as (cursor, number):
                lacks = bool(len(queries.unmeasured(cursor, f"standings_{number}")[0]))
                queries.put(cursor, number, policy.threshold, self._highest, policy.keeps_chains)
            self.policy = policy
            self._lacks_similarities = lacks or (concerned is not None and self._lacks_similarities)
            self._is_settled = was_settled or concerned is None

    @contextmanager
    def held(self, job: Job, policy: Policy) -> Generator[None]:
        """Follows a policy and lets nothing else change the clusters until the block ends."""
        with self._in_turn(job):
            self.follow(job, policy)
            self.measure(job)
            yield

    @contextmanager
    def _in_turn(self, job: Job) -> Generator[None]:
        """Lets one job at a time change what stands: labels come in one lane, policies in others."""
        while not self._turn.acquire(timeout=_TURN_SECONDS):
            job.stop_if_cancelled()
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _stood(
        self, job: Job, policy: Policy, concerned: Sequence[int] | None
    ) -> Generator[tuple[duckdb.DuckDBPyConnection, int]]:
        """Works out who stands for some clusters under a policy, in tables that are gone after the block."""
        number = next(self._numbers)
        with self._session.cursor(job) as cursor, self._dropping(queries.forget, number):
            queries.gather(cursor, number, concerned)
            self._regroup(cursor, number, policy.threshold)
            queries.stand(cursor, f"standings_{number}", f"members_{number}", policy.ranks, pairs=f"pairs_{number}")
            yield cursor, number

    def _regroup(self, cursor: duckdb.DuckDBPyConnection, number: int, threshold: float) -> None:
        """Parts what a higher threshold or a curator's verdict does not hold together."""
        contents, judged = queries.nodes(cursor, number)
        if not contents or (threshold == self.floor and not judged):
            return
        import numpy as np

        from explorer.fingerprints.components import components

        known = np.array(contents, np.int64)
        one, other = queries.edges(cursor, number, threshold)
        holds = _held({node: entries(verdict) for node, verdict in judged}, one, other)
        one, other = one[holds], other[holds]
        roots = components(len(known), np.searchsorted(known, one), np.searchsorted(known, other))
        queries.regroup(cursor, number, known, known[roots])

    @contextmanager
    def _dropping(self, forget: Callable[[duckdb.DuckDBPyConnection, int], None], number: int) -> Generator[None]:
        try:
            yield
        finally:
            self._session.drop(forget, number)

    # ---- similarities that no pair of the index tells

    def measure(self, job: Job, policy: Policy | None = None) -> None:
        """Reads the texts of members whose similarity to their survivor is not known, and works their clusters out.

        That is so only in clusters too large to compare each with each, once another member survives.
        """
        if policy is None and not self._lacks_similarities:
            return
        with self._stood(job, policy or self.policy, None) as (cursor, number):
            one, other = queries.unmeasured(cursor, f"standings_{number}")
            if len(one):
                found = self._similarities(job, one, other)
                with self._in_turn(job):
                    queries.keep_measured(cursor, one, other, found)
        if policy is None:
            self._work_out(job, lambda: self.policy, None)

    def _similarities(self, job: Job, one: "Rows", other: "Rows") -> Any:
        import numpy as np

        from explorer.fingerprints.jaccard import similarities
        from explorer.open_corpus.similar import sets_of

        rows = np.unique(np.concatenate([one, other]))
        sets = sets_of(self._session.content, job, rows.tolist())
        return similarities(sets, np.searchsorted(rows, one), np.searchsorted(rows, other))

    # ---- looking

    def show_list(self, job: Job, wish: ClusterWish, of: "Selection") -> ClusterList:
        """Writes the clusters down that have a member in a view; the latest list is kept."""
        conditions = self._session.filters(job, of)
        number = next(self._numbers)
        with self._session.cursor(job) as cursor:
            totals = queries.build_list(cursor, number, conditions, wish)
        with self._lock:
            before, self._listed = self._listed, number
        if before is not None:
            self._session.drop(queries.forget_list, before)
        return ClusterList(number, totals)

    def page(self, job: Job, number: int, first: int, count: int) -> list[ClusterRow]:
        """Returns some clusters of a list."""
        with self._session.cursor(job) as cursor:
            return queries.page(cursor, number, first, count)

    def position(self, job: Job, number: int, cluster: int) -> int | None:
        """Tells where a cluster stands in a list, if it is there."""
        with self._session.cursor(job) as cursor:
            return queries.position(cursor, number, cluster)

    def one(self, job: Job, cluster: int) -> OneCluster:
        """Returns a cluster whole; raises BadInput where there is none of that number."""
        with self._session.cursor(job) as cursor:
            origin = queries.origin_of(cursor, cluster)
            members = queries.members(cursor, cluster, origin) if origin is not None else []
        if not members:
            raise BadInput(f"There is no cluster {cluster}.", "`corpus clusters PATH` lists them.")
        if any(member.similarity is None for member in members):
            self.measure(job)
            return self.one(job, cluster)
        return OneCluster(cluster, tuple(members), why_survives(members, self.policy))

    def parting(self, job: Job, cluster: int) -> tuple[list[list[str]], float | None]:
        """Returns the ids on either side of a cluster's weakest link, and its similarity; no parts if there is none."""
        members = self.one(job, cluster).members
        from explorer.fingerprints.components import weakest_parting

        found = weakest_parting(self._pairs(job, cluster, members))
        if found is None:
            return [], None
        *parts, similarity = found
        return [[member.id for member in members if member.node in part] for part in parts], similarity

    def _pairs(self, job: Job, cluster: int, members: Sequence[MemberRow]) -> list[tuple[int, int, float]]:
        """The pairs at or above the threshold between the contents of a cluster's members, but those parted."""
        with self._session.cursor(job) as cursor:
            origin = queries.origin_of(cursor, cluster)
            known = queries.known_pairs(cursor, origin) if origin is not None else []
        judged: dict[int, dict[str, str]] = {}
        for member in sorted(members, key=lambda member: member.row):
            judged.setdefault(member.node, {}).update(entries(member.cluster_verdict))
        return [
            pair
            for pair in known
            if pair[2] >= self.policy.threshold
            and {pair[0], pair[1]} <= set(judged)
            and not are_parted(judged[pair[0]], judged[pair[1]])
        ]

    def blast(self, job: Job, policy: Policy) -> list[queries.BlastRow]:
        """Compares what a policy would leave out of every slice with what is left out now."""
        self.check(policy)
        self.measure(job, policy)
        with self._stood(job, policy, None) as (cursor, number):
            return queries.blast(cursor, number, policy.threshold, policy.keeps_chains)


def _held(judged: Mapping[int, Mapping[str, str]], one: "Rows", other: "Rows") -> Any:
    """Which pairs no verdict has parted."""
    import numpy as np

    holds = np.ones(len(one), np.bool_)
    nodes = np.array(sorted(judged), np.int64)
    for place in np.flatnonzero(np.isin(one, nodes) & np.isin(other, nodes)):
        holds[place] = not are_parted(judged[int(one[place])], judged[int(other[place])])
    return holds


HAS_TIER = "it has a tier"
CHOSEN = "a curator chose it"


def why_survives(members: Sequence[MemberRow], policy: Policy) -> str:
    """Says by which criteria, in their order, the survivor, which stands first, was told from the others."""
    survivor, *others = members
    if not others:
        return "it is the only one"
    if not survivor.drawable:
        return "none may be drawn and it comes first"
    others = [other for other in others if other.drawable]
    if not others:
        return "it is the only one that may be drawn"
    reasons: list[str] = []
    for reason, rank_of in _criteria(policy):
        equal = [other for other in others if rank_of(other) == rank_of(survivor)]
        if len(equal) < len(others):
            reasons.append(reason)
        others = equal
    if others:
        reasons.append(CRITERIA["id"])
    if HAS_TIER in reasons and CRITERIA["tier"] in reasons:
        reasons.remove(HAS_TIER)
    return ", then ".join(reasons)


def _criteria(policy: Policy) -> Iterator[tuple[str, Callable[[MemberRow], float]]]:
    """What tells members that may be drawn apart, the weightiest first, and the rank that it gives to each."""
    yield CHOSEN, lambda member: not member.chosen
    yield HAS_TIER, lambda member: member.tier is None
    for criterion, rank in zip(policy.order, policy.ranks, strict=False):
        yield CRITERIA[criterion], lambda member, place=rank - 1: member.ranks[place]
