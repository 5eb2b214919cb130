"""Clusters of an open index, under any policy and labels, are what their definition says; so is what a mix draws."""

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from explorer.corpus.workspace import Place
from explorer.errors import BadInput
from explorer.exporting.drawing import stock_of
from explorer.fingerprints.policy import CRITERIA, Policy
from explorer.index.pairing import WHOLE_CLUSTER
from explorer.job import Cancelled
from explorer.labels.judging import Member, choosing, judging
from explorer.open_corpus.session import Session
from queries import clusters, mixing
from tests.corpora import job, open_mix, row, write
from tests.families import FLOOR, Definition, compared, family_corpus, lay, planted_rows, shown, words

DEFAULT = Policy(threshold=FLOOR)

policies = st.builds(
    Policy,
    st.sampled_from((FLOOR, 0.65, 0.7, 0.8, 0.9, 1.0)),
    st.lists(st.sampled_from([name for name in CRITERIA if name != "id"]), unique=True).map(
        lambda names: (*names, "id")
    ),
    st.booleans(),
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "tier": st.sampled_from((None, 1, 2, 3, 4)),
        "verdict": st.sampled_from((None, "keep", "drop")),
        "survivor": st.sampled_from((None, "yes")),
    },
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("label"), st.dictionaries(st.integers(0, len(planted_rows()) - 1), fields, max_size=5)),
        st.tuples(
            st.just("judge"), st.tuples(st.integers(0, 99), st.sampled_from(("duplicates", "different", "split")))
        ),
        st.tuples(st.just("follow"), policies),
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def family_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    rows = planted_rows()
    return family_corpus(tmp_path_factory.mktemp("families") / "families", rows[:20], rows[20:])


@pytest.fixture(scope="module")
def described(family_place: Place) -> Iterator[Definition]:
    session = Session(family_place)
    yield Definition(session)
    session.close()


@pytest.fixture
def families(family_place: Place) -> Iterator[Session]:
    session = Session(family_place)
    yield session
    session.close()


@pytest.fixture
def definition(described: Definition) -> Iterator[Definition]:
    """The definition of the planted corpus without a label."""
    forget_labels(described)
    yield described
    forget_labels(described)


def forget_labels(definition: Definition) -> None:
    for sample in definition.samples:
        sample.label.clear()


def listed(session: Session) -> list[int]:
    """The numbers of all clusters."""
    return sorted({standing.cluster for standing in shown(session) if standing.cluster is not None})


def judged(session: Session, cluster: int, verdict: str) -> dict[int, dict[str, Any]]:
    """What a verdict on a cluster writes, by row."""
    members = session.clusters.one(job(), cluster).members
    rows = {member.id: member.row for member in members}
    parts = session.clusters.parting(job(), cluster)[0] if verdict == "split" else None
    if verdict == "split" and not parts:
        return {}
    values = judging([Member.of(member) for member in members], verdict, parts)
    return {rows[ref.id]: {"cluster_verdict": text} for ref, text in values.items()}


def drawn(session: Session, policy: Policy, untiered: bool) -> dict[int, int]:
    """Row to tier of everything that a mix of a policy may draw."""
    session.settle_clusters(job(), policy)
    with session.cursor(job()) as cursor:
        mixing.gather_eligible(cursor, 99, mixing.Drawable("family", untiered, (), 0.0))
        found = {int(row): tier for tier in range(5) for row in mixing.tier_in_order(cursor, 99, tier)[0]}
        mixing.forget(cursor, 99)
    return found


def check(session: Session, definition: Definition, policy: Policy) -> None:
    for number, (found, expected) in enumerate(zip(shown(session), definition.standings(policy), strict=True)):
        assert found == expected, number


def check_mix(session: Session, definition: Definition, policy: Policy, untiered: bool) -> None:
    """Nothing redundant is drawn, everything else once, and no cluster is lost that had something to give."""
    found = drawn(session, policy, untiered)
    standings = shown(session)
    assert found == definition.eligible(policy, untiered)
    spoken_for = {standings[number].cluster for number in found if not standings[number].redundant}
    standing_in = [standings[number].cluster for number in found if standings[number].redundant]
    assert len(standing_in) == len(set(standing_in) - spoken_for)
    assert not (untiered and standing_in)
    members_of: dict[int, list[int]] = {}
    for number, standing in enumerate(standings):
        if standing.cluster is not None:
            members_of.setdefault(standing.cluster, []).append(number)
    for members in members_of.values():
        samples = [definition.samples[number] for number in members]
        if any(sample.drawable and (untiered or sample.shown_tier) for sample in samples):
            assert set(members) & set(found)


# ---- under any policy and labels


def test_the_index_itself_is_as_defined(families: Session, definition: Definition) -> None:
    check(families, definition, DEFAULT)
    assert families.clusters.policy == DEFAULT
    sizes = [standing.cluster_size for standing in shown(families)]
    assert max(sizes) >= 7
    assert any(standing.direct is False for standing in shown(families))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, policies, st.booleans())
@example([("label", {4: {"survivor": "yes"}, 1: {"tier": 3}})], DEFAULT, False)
@example([("label", {27: {"verdict": "drop"}, 28: {"verdict": "drop"}, 26: {"survivor": "yes"}})], DEFAULT, False)
@example([("judge", (0, "duplicates")), ("judge", (0, "split")), ("judge", (2, "different"))], DEFAULT, True)
@example([("label", {4: {"verdict": "keep"}, 7: {"verdict": "keep"}, 8: {"verdict": "keep"}})], DEFAULT, False)
def test_clusters_are_as_defined_whatever_was_decided(
    family_place: Place, definition: Definition, steps: list[tuple[str, Any]], last: Policy, untiered: bool
) -> None:
    forget_labels(definition)
    session = Session(family_place)
    before = shown(session)
    policy = DEFAULT
    for kind, what in steps:
        match kind:
            case "label":
                lay(session, definition, what)
            case "judge":
                numbers = listed(session)
                if numbers:
                    lay(session, definition, judged(session, numbers[what[0] % len(numbers)], what[1]))
            case _:
                policy = what
                session.follow(job(), policy)
        check(session, definition, policy)
    check_mix(session, definition, last, untiered)
    check(session, definition, last)
    lay(session, definition, {sample.row: dict.fromkeys(sample.label) for sample in definition.samples if sample.label})
    session.follow(job(), DEFAULT)
    assert shown(session) == before
    session.close()


# ---- what single decisions do


def cluster_of(session: Session, number: int) -> int | None:
    return shown(session)[number].cluster


def redundant(session: Session, numbers: Iterable[int]) -> list[bool]:
    standings = shown(session)
    return [standings[number].redundant for number in numbers]


def judge(session: Session, definition: Definition, number: int, verdict: str) -> None:
    """A curator's verdict on the cluster of a row."""
    cluster = cluster_of(session, number)
    assert cluster is not None
    lay(session, definition, judged(session, cluster, verdict))


def test_keep_keeps_a_near_duplicate_in_a_mix_and_copies_come_once(families: Session, definition: Definition) -> None:
    assert not {4, 7, 8} & set(drawn(families, DEFAULT, True))
    lay(families, definition, {number: {"verdict": "keep"} for number in (4, 7, 8, 11)})
    found = set(drawn(families, DEFAULT, True))
    assert 4 in found
    assert len({7, 8} & found) == 1
    assert len({10, 11} & found) == 1
    check_mix(families, definition, DEFAULT, True)


def test_a_chosen_survivor_without_a_tier_costs_a_mix_no_cluster(families: Session, definition: Definition) -> None:
    """The choice stands, and the best member with a tier is drawn where a mix takes no others."""
    lay(families, definition, {number: {"survivor": "yes"} for number in (9, 25)})
    assert all(shown(families)[number].survivor for number in (9, 25))
    assert {9, 25} <= set(drawn(families, DEFAULT, True))
    tiered = set(drawn(families, DEFAULT, False))
    assert [len(tiered & set(members)) for members in (range(7, 13), range(20, 27))] == [1, 1]
    check_mix(families, definition, DEFAULT, False)
    check(families, definition, DEFAULT)


def test_different_dissolves_a_cluster_but_for_its_copies(families: Session, definition: Definition) -> None:
    judge(families, definition, 7, "different")
    standings = shown(families)
    assert {standings[number].cluster for number in (7, 8, 9)} != {None}
    assert {standings[number].cluster_size for number in (7, 8, 9)} == {3}
    assert {standings[number].cluster_size for number in (10, 11)} == {2}
    assert standings[12].cluster is None
    check(families, definition, DEFAULT)


def test_split_parts_a_cluster_at_its_weakest_link(families: Session, definition: Definition) -> None:
    parts, similarity = families.clusters.parting(job(), cluster_of(families, 20) or 0)
    rows = [{sample.row for sample in definition.samples if sample.id in part} for part in parts]
    assert sorted(rows, key=min) == [{20, 21, 22, 23}, {24, 25, 26}]
    between = [
        definition.similarity(definition.samples[one], definition.samples[other])
        for one in rows[0]
        for other in rows[1]
    ]
    assert similarity == max(between)
    judge(families, definition, 20, "split")
    assert {cluster_of(families, number) for number in (20, 21, 22, 23)}.isdisjoint(
        {cluster_of(families, number) for number in (24, 25, 26)}
    )
    judge(families, definition, 20, "split")
    check(families, definition, DEFAULT)


def test_what_was_parted_stays_parted_when_others_come_between(families: Session, definition: Definition) -> None:
    """Judged at a high similarity, and connected by others at a low one."""
    families.follow(job(), Policy(0.9))
    judge(families, definition, 20, "different")
    families.follow(job(), DEFAULT)
    standings = shown(families)
    assert len({standings[number].cluster for number in range(20, 27)}) == 1
    assert redundant(families, range(20, 27)) == [False] * 4 + [True] * 3
    check_mix(families, definition, DEFAULT, True)
    (whole, *_) = families.clusters.blast(job(), DEFAULT)
    assert (whole.kind, whole.samples_lost, whole.tokens_lost) == (15, whole.samples_lost_now, whole.tokens_lost_now)


def test_copies_have_no_link_to_part_them_at(families: Session) -> None:
    assert families.clusters.parting(job(), cluster_of(families, 34) or 0) == ([], None)


def test_duplicates_makes_members_of_a_chain_leave(families: Session, definition: Definition) -> None:
    before = shown(families)
    assert redundant(families, (0, 1, 2, 3)) == [False, False, False, True]
    judge(families, definition, 0, "duplicates")
    assert redundant(families, (0, 1, 2, 3)) == [True] * 4
    check(families, definition, DEFAULT)
    lay(families, definition, {number: {"cluster_verdict": None} for number in range(7)})
    assert shown(families) == before


def test_a_new_copy_of_a_judged_content_is_judged_too(tmp_path: Path) -> None:
    """A verdict is about contents: a copy that came later does not bring back what was left out, or parted."""
    rows = planted_rows()
    place = family_corpus(tmp_path / "c", rows)
    session = Session(place)
    definition = Definition(session)
    judge(session, definition, 0, "duplicates")
    judge(session, definition, 20, "split")
    labels = labels_of(definition)
    session.close()
    copies = [{**rows[number], "path": f"later/{number}.py"} for number in (0, 3, 6, 20, 21, 26)]
    write(place.base / "part-1.parquet", copies)
    session = Session(compared(place.base))
    session.set_labels(job(), labels)
    standings = shown(session)
    chain = [0, 1, 2, 3, 4, 5, 6, *range(len(rows), len(rows) + 3)]
    assert sum(not standings[number].redundant for number in chain) == 1
    new = len(rows) + 3
    assert {standings[number].cluster for number in (20, 21, 22, 23, new, new + 1)}.isdisjoint(
        {standings[number].cluster for number in (24, 25, 26, new + 2)}
    )
    parts, _ = session.clusters.parting(job(), standings[20].cluster or 0)
    found = {session.row_of(job(), sample) for part in parts for sample in part}
    assert found == {20, 21, 22, 23, new, new + 1}
    session.close()


def labels_of(definition: Definition) -> list[dict[str, Any]]:
    """What a label book holds of the labels that were laid."""
    return [
        {"id": sample.id, "sha256": hashlib.sha256(sample.text).hexdigest(), **sample.label}
        for sample in definition.samples
        if sample.label
    ]


@pytest.mark.parametrize("threshold", [FLOOR, 0.5, 0.7])
def test_decisions_follow_ids_and_contents_through_indexing_again(tmp_path: Path, threshold: float) -> None:
    rows = planted_rows()
    place = family_corpus(tmp_path / "c", rows)
    session = Session(place)
    definition = Definition(session)
    judge(session, definition, 0, "duplicates")
    judge(session, definition, 20, "split")
    judge(session, definition, 36, "different")
    lay(session, definition, {25: {"survivor": "yes"}, 12: {"survivor": "yes"}, 28: {"verdict": "keep"}})
    labels = labels_of(definition)
    session.close()

    (place.base / "part-0.parquet").unlink()
    moved = [{**known, "path": "moved/" + known["path"]} if 20 <= n < 27 else known for n, known in enumerate(rows)]
    write(place.base / "b.parquet", moved[25:][::-1])
    write(place.base / "a.parquet", moved[:25][::-1])
    session = Session(compared(place.base, threshold))
    assert session.set_labels(job(), labels).by_content == 7
    after = Definition(session, threshold)
    texts = {sample.text: sample.label for sample in definition.samples if sample.label and sample.text}
    given = {label["id"]: label for label in labels}
    for sample in after.samples:
        sample.label = {n: v for n, v in given.get(sample.id, {}).items() if n not in ("id", "sha256")}
        if b"clique" in sample.text:
            sample.label = dict(texts[sample.text])
    check(session, after, Policy(threshold=threshold))
    for policy in (Policy(0.7, keeps_chains=False), Policy(0.9, ("newest", "id"))):
        check_mix(session, after, policy, True)
        check(session, after, policy)
    session.close()


def test_numbers_of_parted_clusters_are_unique_and_stay(families: Session, definition: Definition) -> None:
    highest = max(listed(families))
    judge(families, definition, 20, "split")
    judge(families, definition, 36, "different")
    numbers = [standing.cluster for standing in shown(families)]
    families.follow(job(), Policy(0.9))
    narrower = listed(families)
    assert len(narrower) == len({number for number in narrower if number}) > 5
    assert any(number > highest for number in narrower)
    families.follow(job(), DEFAULT)
    assert [standing.cluster for standing in shown(families)] == numbers
    for number in listed(families):
        members = families.clusters.one(job(), number).members
        assert {member.row for member in members} == {row for row, held in enumerate(numbers) if held == number}


def test_choosing_another_survivor_and_taking_it_back(families: Session, definition: Definition) -> None:
    before = shown(families)
    members = families.clusters.one(job(), cluster_of(families, 3) or 0).members
    rows = {member.id: member.row for member in members}
    wanted = definition.samples[2]
    values = choosing([Member.of(member) for member in members], wanted.id)
    lay(families, definition, {rows[ref.id]: {"survivor": value} for ref, value in values.items()})
    assert shown(families)[2].survivor
    check(families, definition, DEFAULT)
    members = families.clusters.one(job(), cluster_of(families, 3) or 0).members
    assert members[0].id == wanted.id
    values = choosing([Member.of(member) for member in members], wanted.id)
    lay(families, definition, {rows[ref.id]: {"survivor": value} for ref, value in values.items()})
    assert shown(families) == before


def test_what_was_not_compared_is_refused(families: Session) -> None:
    for use in (families.follow, families.clusters.blast, families.settle_clusters):
        with pytest.raises(BadInput, match=r"compared at a similarity of 0\.6") as caught:
            use(job(), Policy(0.55))
        assert "corpus index --threshold 0.55" in caught.value.hint
    with pytest.raises(BadInput, match="There is no cluster 4242"):
        families.clusters.one(job(), 4242)


# ---- side by side, and stopped half-way


def test_labels_and_policies_may_come_at_the_same_time(families: Session, definition: Definition) -> None:
    """A screen labels in one lane while a mix is planned in another."""
    goals = (DEFAULT, Policy(0.7, ("newest", "id"), False), Policy(0.9))

    def follow_all() -> None:
        for policy in (*goals, *goals[::-1], *goals):
            families.follow(job(), policy)

    def label_all() -> None:
        for number in range(0, len(definition.samples), 2):
            lay(families, definition, {number: {"tier": 1 + number % 4, "verdict": "keep" if number % 3 else "drop"}})

    with ThreadPoolExecutor() as threads:
        for done in [threads.submit(work) for work in (follow_all, label_all, follow_all)]:
            done.result()
    check(families, definition, families.clusters.policy)
    check_mix(families, definition, Policy(0.8), True)


def test_a_plan_is_by_its_own_policy_whatever_else_is_tried(
    families: Session, definition: Definition, monkeypatch: pytest.MonkeyPatch
) -> None:
    mix = replace(open_mix(), clusters=Policy(0.9))
    eligible = definition.eligible(mix.clusters, False)
    gather = mixing.gather_eligible

    with ThreadPoolExecutor() as threads:

        def gather_late(*args: Any) -> None:
            wait([threads.submit(families.follow, job(), DEFAULT)], 0.3)
            gather(*args)

        monkeypatch.setattr(mixing, "gather_eligible", gather_late)
        stock = stock_of(families, job(), mix)
    expected = sum(definition.samples[number].tokens for number in eligible)
    assert {sum(tier.unique_tokens for tier in tiers) for tiers in stock.values()} == {expected}
    check(families, definition, DEFAULT)


@pytest.mark.parametrize("step", ["gather", "nodes", "regroup", "stand", "unmeasured", "put"])
def test_a_policy_whose_work_is_cancelled_leaves_no_trace(
    families: Session, definition: Definition, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    done = getattr(clusters, step)

    def do_and_stop(*args: Any, **names: Any) -> None:
        done(*args, **names)
        raise Cancelled

    monkeypatch.setattr(clusters, step, do_and_stop)
    with pytest.raises(Cancelled):
        families.follow(job(), Policy(0.9, keeps_chains=False))
    monkeypatch.undo()
    families.follow(job(), DEFAULT)
    check(families, definition, DEFAULT)


# ---- clusters too large to compare each with each


def test_similarities_in_a_giant_cluster_are_measured_when_they_are_needed(tmp_path: Path) -> None:
    base = words("giant", 0, 200).split()
    texts = [" ".join([*base[:number], f"own{number}", *base[number + 1 :]]) for number in range(WHOLE_CLUSTER + 12)]
    place = family_corpus(tmp_path / "c", [row(text, path=f"{n}.py", tier=2) for n, text in enumerate(texts)])
    session = Session(place)
    definition = Definition(session)
    check(session, definition, DEFAULT)
    (number,) = listed(session)
    chosen = next(n for n, standing in enumerate(shown(session)) if not standing.survivor)
    lay(session, definition, {chosen: {"survivor": "yes"}})
    assert any(standing.similarity is None for standing in shown(session))
    members = session.clusters.one(job(), number).members
    assert members[0].row == chosen
    assert [member.similarity for member in members[1:]] == sorted(
        (definition.similarity(definition.samples[chosen], definition.samples[m.row]) for m in members[1:]),
        reverse=True,
    )
    check(session, definition, DEFAULT)

    again = (chosen + 1) % len(texts)
    lay(session, definition, {chosen: {"survivor": None}, again: {"survivor": "yes"}})
    check_mix(session, definition, DEFAULT, False)
    check(session, definition, DEFAULT)
    session.close()
