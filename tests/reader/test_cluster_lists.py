"""Lists of clusters, the reasons of survivors and the losses of a policy, each against plain Python."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from explorer.api.messages.clusters import (
    ClusterPageRequest,
    ClusterPosition,
    ClusterPositionRequest,
    ClusterRequest,
    ClustersRequest,
    PolicyImpactRequest,
    PolicyRequest,
    SimilarRequest,
    SplitRequest,
)
from explorer.corpus.workspace import Place
from explorer.errors import ExplorerError
from explorer.fingerprints.policy import CRITERIA, Policy
from explorer.mixing.losses import BlastRadius
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from queries.rows import SORTS, ClusterWish
from tests.corpora import Row, answered, job, row
from tests.families import FLOOR, family_corpus, key_of, planted_rows, words

NAMES = (
    *("row", "id", "cluster", "survivor", "similarity", "direct", "redundant", "tokens", "tier", "origin", "language"),
    *("repo", "path", "sha256", "verdict", "valid_utf8"),
)


@pytest.fixture(scope="module")
def listing_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return family_corpus(tmp_path_factory.mktemp("lists") / "lists", planted_rows())


@pytest.fixture
def families(listing_place: Place) -> Iterator[Session]:
    session = Session(listing_place)
    yield session
    session.close()


def samples_of(session: Session) -> list[dict[str, Any]]:
    page = session.page(job(), None, 0, session.samples, NAMES)
    return [dict(zip(NAMES, values, strict=True)) for _, *values in page]


def gathered(session: Session) -> dict[int, dict[str, Any]]:
    """What a list says of each cluster, worked out in Python."""
    members: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for sample in samples_of(session):
        if sample["cluster"] is not None:
            members[sample["cluster"]].append(sample)
    return {number: summed(number, found) for number, found in members.items()}


def summed(number: int, found: list[dict[str, Any]]) -> dict[str, Any]:
    (survivor,) = (sample for sample in found if sample["survivor"])
    gone = [sample for sample in found if sample["redundant"]]
    return {
        "cluster": number,
        "size": len(found),
        "tokens": sum(sample["tokens"] for sample in found),
        "tokens_removable": sum(sample["tokens"] for sample in gone),
        "removable": len(gone),
        "min_similarity": min(sample["similarity"] for sample in found),
        "chain_only": sum(not sample["direct"] for sample in found),
        "tiers": values_of(found, "tier"),
        "origins": values_of(found, "origin"),
        "languages": values_of(found, "language"),
        "repos": len({sample["repo"] for sample in found} - {None}),
        "contents": len({sample["sha256"] for sample in found}),
        "survivor": survivor["id"],
        "survivor_row": survivor["row"],
        "repo": survivor["repo"],
        "path": survivor["path"],
    }


def values_of(found: list[dict[str, Any]], name: str) -> list[Any]:
    """Each value once, none behind the others."""
    values = {sample[name] for sample in found}
    return [*sorted(values - {None}), *values & {None}]


def is_mixed(cluster: dict[str, Any]) -> bool:
    return {"human", "synthetic"} <= set(cluster["origins"])


ORDERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "removable": lambda one: 0,
    "size": lambda one: -one["size"],
    "similarity": lambda one: one["min_similarity"],
    "cross-tier": lambda one: -len(one["tiers"]),
    "cross-origin": lambda one: not is_mixed(one),
    "cross-repo": lambda one: -one["repos"],
}


def expected(session: Session, wish: ClusterWish, passes: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    shown = {sample["cluster"] for sample in samples_of(session) if passes(sample)}
    chosen = [
        one
        for number, one in gathered(session).items()
        if number in shown
        and one["size"] >= wish.min_size
        and (not wish.cross_tier or len(one["tiers"]) > 1)
        and (not wish.cross_origin or is_mixed(one))
        and (not wish.cross_repo or one["repos"] > 1)
    ]
    order = ORDERS[wish.sort]
    return sorted(chosen, key=lambda one: (order(one), -one["tokens_removable"], -one["size"], one["cluster"]))


def check_list(session: Session, wish: ClusterWish, of: Selection, passes: Callable[[dict[str, Any]], bool]) -> int:
    """Compares a list whole, its totals, its pages and its positions; returns how long it is."""
    clusters = session.clusters
    found = clusters.show_list(job(), wish, of)
    rows = clusters.page(job(), found.number, 0, 1000)
    wanted = expected(session, wish, passes)
    for found_row, one in zip(rows, wanted, strict=True):
        assert found_row._asdict().items() >= one.items()
    assert found.totals == (
        len(wanted),
        sum(one["size"] for one in wanted),
        sum(one["tokens_removable"] for one in wanted),
    )
    pages = [clusters.page(job(), found.number, first, 3) for first in range(0, len(rows) + 3, 3)]
    assert [one for page in pages for one in page] == rows
    assert [clusters.position(job(), found.number, one.cluster) for one in rows] == [one.position for one in rows]
    assert [one.position for one in rows] == list(range(len(rows)))
    assert clusters.position(job(), found.number, 4242) is None
    return len(wanted)


# ---- lists


def test_every_sort_and_filter_of_a_list(families: Session) -> None:
    lengths = {
        check_list(families, ClusterWish(sort, size, *crossing), Selection(), lambda _: True)
        for sort, size, crossing in zip(
            SORTS * 4, (2, 3, 7, 2, 100, 2) * 4, list(product((False, True), repeat=3)) * 3, strict=True
        )
    }
    assert len(lengths) > 4
    for sort in SORTS:
        assert check_list(families, ClusterWish(sort), Selection(), lambda _: True) == 10


def test_a_list_follows_a_view_labels_and_a_policy(families: Session) -> None:
    python = Selection("language = 'Python' and tier = 4")
    assert check_list(families, ClusterWish(), python, lambda s: s["language"] == "Python" and s["tier"] == 4) > 1
    facets = Selection(facets={"origin": ("human",)})
    assert check_list(families, ClusterWish("size"), facets, lambda s: s["origin"] == "human") > 1
    text = Selection("content ~ 'clique100\\b'")
    assert check_list(families, ClusterWish("size"), text, lambda s: 21 <= s["row"] <= 26) == 1
    families.set_labels(job(), [{**key_of(families, number), "verdict": "keep", "tier": 1} for number in (9, 24)])
    for threshold in (FLOOR, 0.7, 0.95):
        families.follow(job(), Policy(threshold, keeps_chains=False))
        for sort in SORTS:
            check_list(families, ClusterWish(sort), Selection(), lambda _: True)


def test_the_latest_list_is_kept(families: Session) -> None:
    first = families.clusters.show_list(job(), ClusterWish(), Selection())
    families.clusters.show_list(job(), ClusterWish(), Selection())
    with pytest.raises(ExplorerError, match="This view is gone"):
        families.clusters.page(job(), first.number, 0, 1)


def test_a_screen_is_answered_in_json(families: Session) -> None:
    listed = answered(families, ClustersRequest(ClusterWish("size", 3), Selection("tier = 4")))
    assert listed.policy == Policy(FLOOR)
    page = answered(families, ClusterPageRequest(listed.list, 0, 5))
    number = page.rows[1].cluster
    assert answered(families, ClusterPositionRequest(listed.list, number)) == ClusterPosition(1)
    one = answered(families, ClusterRequest(number))
    assert [member.survivor for member in one.members] == [True] + [False] * (len(one.members) - 1)
    assert one.members == families.clusters.one(job(), number).members
    assert answered(families, SplitRequest(number)).parts
    assert answered(families, PolicyImpactRequest(replace(listed.policy, threshold=0.8))).slices
    answered(families, PolicyRequest(replace(listed.policy, keeps_chains=False)))
    assert not answered(families, ClustersRequest()).policy.keeps_chains
    similar = answered(families, SimilarRequest(one.members[0].row, 3)).similar
    assert len(similar) == 3


# ---- why a survivor survives

TEXT = words("reason", 0, 60)
REASONS: dict[str, tuple[Row, Row]] = {
    "tier": (row(TEXT, tier=1), row(TEXT, tier=2)),
    "license": (row(TEXT, tier=1, license="MIT"), row(TEXT, tier=1, license="GPL-3.0-only")),
    "tests": (row(TEXT, repo="ann/tools", path="tests/test_a.py"), row(TEXT, repo="bob/site", path="b.py")),
    "newest": (row(TEXT, created=datetime(2024, 5, 1)), row(TEXT)),
    "longest": (row(TEXT + "\n\n"), row(TEXT)),
    "id": (row(TEXT, path="a.py"), row(TEXT, path="b.py")),
}


@pytest.fixture
def reason_of(tmp_path: Path) -> Iterator[Callable[..., tuple[int, str]]]:
    """Indexes a family, labels it by rows, and tells the row that survives, and why."""
    sessions: list[Session] = []

    def tell(
        rows: list[Row], labels: dict[int, dict[str, Any]] | None = None, policy: Policy | None = None
    ) -> tuple[int, str]:
        sessions.append(Session(family_corpus(tmp_path / str(len(sessions)), rows)))
        session = sessions[-1]
        session.set_labels(job(), [{**key_of(session, number), **label} for number, label in (labels or {}).items()])
        if policy:
            session.follow(job(), policy)
        found = session.clusters.one(job(), 1)
        return found.members[0].row, found.reason

    yield tell
    for session in sessions:
        session.close()


@pytest.mark.parametrize("criterion", REASONS)
def test_the_reason_names_what_decided(reason_of: Callable[..., tuple[int, str]], criterion: str) -> None:
    better, worse = REASONS[criterion]
    survivor, reason = reason_of([worse, better])
    assert reason == CRITERIA[criterion]
    assert criterion == "id" or survivor == 1


def test_the_reason_may_be_a_curators_decision(reason_of: Callable[..., tuple[int, str]]) -> None:
    rows = [row(TEXT, tier=1, path="a"), row(TEXT, tier=2, path="b"), row(TEXT, tier=4, path="c")]
    assert reason_of(rows, {2: {"verdict": "keep"}}) == (2, CRITERIA["verdict"])
    assert reason_of(rows, {1: {"survivor": "yes"}}) == (1, "a curator chose it")
    dropped = {number: {"verdict": "drop"} for number in (0, 1)}
    assert reason_of(rows, dropped) == (
        2,
        "it is the only one that may be drawn",
    )


def test_the_reason_is_true_where_a_tier_decides_beside_the_order(reason_of: Callable[..., tuple[int, str]]) -> None:
    newer = datetime(2024, 5, 1)
    rows = [row(TEXT, created=newer, path="a"), row(TEXT, tier=4, path="b")]
    assert reason_of(rows, policy=Policy(FLOOR, ("newest", "id"))) == (1, "it has a tier")


def test_the_reason_is_true_where_several_criteria_decide(reason_of: Callable[..., tuple[int, str]]) -> None:
    """The kept one is of a lower tier than one that is not kept."""
    rows = [row(TEXT, tier=1, path="a"), row(TEXT, tier=3, path="b"), row(TEXT, tier=4, path="c")]
    survivor, reason = reason_of(rows, {1: {"verdict": "keep"}, 2: {"verdict": "keep"}})
    assert (survivor, reason) == (1, f"{CRITERIA['verdict']}, then {CRITERIA['tier']}")


def test_the_reason_is_true_where_no_member_may_be_drawn(reason_of: Callable[..., tuple[int, str]]) -> None:
    rows = [row(TEXT.encode() + b"\xff", path="a"), row(TEXT, path="b")]
    assert reason_of(rows, {1: {"verdict": "drop"}})[1] == "none may be drawn and it comes first"


# ---- what a policy takes from every slice

KINDS = {
    0: ("tier", "language", "repo", "origin"),
    7: ("tier",),
    11: ("language",),
    13: ("repo",),
    14: ("origin",),
    15: (),
}


@pytest.mark.parametrize(
    "policy", [Policy(FLOOR), Policy(0.8), Policy(0.7, ("newest", "longest", "id"), False), Policy(1.0)]
)
def test_losses_are_sums_over_the_samples(families: Session, policy: Policy) -> None:
    families.set_labels(
        job(),
        [{**key_of(families, 4), "verdict": "keep"}, {**key_of(families, 21), "verdict": "drop"}],
    )
    now = samples_of(families)
    slices = families.clusters.blast(job(), policy)
    assert samples_of(families) == now
    families.settle_clusters(job(), policy)
    then = samples_of(families)
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * 6)
    for before, after in zip(now, then, strict=True):
        if before["verdict"] == "drop" or not before["valid_utf8"] or not before["tokens"]:
            continue
        for kind, names in KINDS.items():
            figures = sums[kind, *(before[name] for name in names)]
            for place, is_counted in enumerate((True, before["redundant"], after["redundant"])):
                figures[2 * place] += is_counted
                figures[2 * place + 1] += is_counted * before["tokens"]
    wanted = {key: tuple(figures) for key, figures in sums.items() if figures[2] or figures[4] or key == (15,)}
    sizes = ("samples", "tokens", "samples_lost_now", "tokens_lost_now", "samples_lost", "tokens_lost")
    assert {
        (one.kind, *(getattr(one, name) for name in KINDS[one.kind])): tuple(getattr(one, name) for name in sizes)
        for one in slices
    } == wanted
    radius = BlastRadius.of(slices, 10.0)
    assert (radius.whole.tokens_lost_now, radius.whole.tokens_lost) == (wanted[15,][3], wanted[15,][5])
    assert len(radius.slices) + len(radius.sums) + 1 == len(slices)


def test_a_corpus_without_anything_to_draw_loses_nothing(tmp_path: Path) -> None:
    session = Session(family_corpus(tmp_path / "c", [row("", path="a"), row("", path="b")]))
    radius = BlastRadius.of(session.clusters.blast(job(), Policy()), 50.0)
    assert (radius.whole.samples, radius.whole.tokens_lost, radius.alarms) == (0, 0, ())
    session.close()
