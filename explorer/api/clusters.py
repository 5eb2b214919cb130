"""What a screen may ask of the clusters of an open index: arguments in, JSON out."""

from collections.abc import Mapping
from typing import Any

from explorer.fingerprints.policy import Policy
from explorer.job import Job
from explorer.open_corpus.comparing import as_json, compare
from explorer.open_corpus.session import Session, ViewWish
from explorer.open_corpus.similar import find_similar
from explorer.open_corpus.values import shown_as, shown_text
from explorer.open_corpus.windows import MAX_LINE, lines_of
from explorer.reader.serve import JobFunction
from queries import browse
from queries.clusters import ClusterWish, MemberRow


def cluster_jobs(session: Session) -> dict[str, JobFunction]:
    """Returns the jobs on clusters of one open index by name."""
    return {
        "clusters": lambda job: clusters(session, job),
        "cluster_page": lambda job: cluster_page(session, job),
        "cluster_position": lambda job: cluster_position(session, job),
        "cluster": lambda job: cluster(session, job),
        "parting": lambda job: parting(session, job),
        "compare": lambda job: compared(session, job),
        "similar": lambda job: similar(session, job),
        "policy": lambda job: policy(session, job),
        "blast": lambda job: blast(session, job),
    }


def clusters(session: Session, job: Job) -> dict[str, Any]:
    """Writes a list of clusters down: `wish`, `of` (a view's wish) → `list`, `clusters`, `samples`, …"""
    wish = ClusterWish(**job.args.get("wish", {}))
    found = session.clusters.show_list(job, wish, ViewWish.of(job.args.get("of", {})))
    return {"list": found.number, **found.totals._asdict(), "policy": policy_fields(session.clusters.policy)}


def cluster_page(session: Session, job: Job) -> dict[str, Any]:
    """Clusters of a `list`: `first`, `count` → `rows`."""
    args = job.args
    found = session.clusters.page(job, int(args["list"]), int(args["first"]), int(args["count"]))
    return {"rows": [row._asdict() for row in found]}


def cluster_position(session: Session, job: Job) -> dict[str, Any]:
    """Where a `cluster` stands in a `list` → `position`, None where it is not there."""
    return {"position": session.clusters.position(job, int(job.args["list"]), int(job.args["cluster"]))}


def cluster(session: Session, job: Job) -> dict[str, Any]:
    """A `cluster` whole → `members`, the survivor first, and the `reason` why that one survives."""
    found = session.clusters.one(job, int(job.args["cluster"]))
    return {"cluster": found.cluster, "reason": found.reason, "members": [fields_of(each) for each in found.members]}


def fields_of(member: MemberRow) -> dict[str, Any]:
    """Returns a member as JSON can hold it."""
    return {name: shown_as(name, value) for name, value in member._asdict().items() if name != "ranks"}


def parting(session: Session, job: Job) -> dict[str, Any]:
    """Where the weakest link of a `cluster` parts it → `parts`, two lists of ids, and its `similarity`; or neither."""
    parts, similarity = session.clusters.parting(job, int(job.args["cluster"]))
    return {"parts": parts, "similarity": similarity}


def compared(session: Session, job: Job) -> dict[str, Any]:
    """Compares the texts of two rows, `left` and `right` → their lines and which of them differ."""
    sides = {side: _lines(session, job, int(job.args[side])) for side in ("left", "right")}
    return {**sides, "comparison": as_json(compare(sides["left"], sides["right"]))}


def _lines(session: Session, job: Job, row: int) -> list[str]:
    text = shown_text(session.content.read(row, lambda file: job.report({"file": file})))
    return [line[:MAX_LINE] for line in lines_of(text)]


def similar(session: Session, job: Job) -> dict[str, Any]:
    """The samples most like a `row`, at most `most` → `similar`, each with what is known of it."""
    return {"similar": similar_to(session, job, int(job.args["row"]), int(job.args.get("most", 20)))}


def similar_to(session: Session, job: Job, row: int, most: int) -> list[dict[str, Any]]:
    """Returns the samples most like a row, each with what a list shows of it."""
    found = find_similar(session, job, row, most)
    with session.cursor(job) as cursor:
        known = [browse.sample(cursor, one.row) for one in found]
    return [
        {**one._asdict(), **{name: shown_as(name, sample[name]) for name in SIMILAR_COLUMNS}}
        for one, sample in zip(found, known, strict=True)
    ]


SIMILAR_COLUMNS = ("id", "tier", "origin", "language", "tokens", "repo", "path", "cluster")


def policy(session: Session, job: Job) -> dict[str, Any]:
    """Works the clusters out by another `policy`."""
    session.follow(job, policy_of(job.args["policy"]))
    return {}


def blast(session: Session, job: Job) -> dict[str, Any]:
    """What a `policy` would leave out of a mix, slice by slice, beside what is left out now → `slices`."""
    return {"slices": [row._asdict() for row in session.clusters.blast(job, policy_of(job.args["policy"]))]}


def policy_of(settings: Mapping[str, Any]) -> Policy:
    """Reads a policy as it came through the pipe."""
    return Policy(float(settings["threshold"]), tuple(settings["order"]), bool(settings["keeps_chains"]))


def policy_fields(policy: Policy) -> dict[str, Any]:
    """Returns a policy as it goes through the pipe."""
    return {"threshold": policy.threshold, "order": list(policy.order), "keeps_chains": policy.keeps_chains}
