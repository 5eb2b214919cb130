"""What decisions about a cluster write on labels: in one event, taken back whole, and nothing twice."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import BadInput
from explorer.fingerprints.verdicts import are_parted, entries
from explorer.labels.book import LabelBook
from explorer.labels.decisions import SampleRef, Value
from explorer.labels.judging import VERDICTS, Member, choosing, judging


def ref(name: str) -> SampleRef:
    return SampleRef(name, f"{ord(name):064x}")


def members(*chosen: str) -> list[Member]:
    return [Member(ref(name), name in chosen, None) for name in "abcd"]


def test_choosing_moves_the_choice_and_takes_it_back() -> None:
    assert choosing(members(), "b") == {ref("b"): "yes"}
    assert choosing(members("b"), "c") == {ref("b"): None, ref("c"): "yes"}
    assert choosing(members("b"), "b") == {ref("b"): None}
    assert choosing(members("a", "b"), "c") == {ref("a"): None, ref("b"): None, ref("c"): "yes"}
    assert choosing(members("a", "b"), "b") == {ref("a"): None, ref("b"): None}
    with pytest.raises(BadInput, match="'z' is not in this cluster"):
        choosing(members("b"), "z")


@given(st.sets(st.sampled_from("abcd")), st.sampled_from("abcd"))
def test_after_choosing_at_most_one_is_chosen(chosen: set[str], sample: str) -> None:
    stands = {ref(name): "yes" for name in chosen} | dict(choosing(members(*chosen), sample))
    left = {one.id for one, value in stands.items() if value}
    assert left == (set() if sample in chosen else {sample})


def test_a_verdict_is_written_on_every_member() -> None:
    for verdict in VERDICTS:
        values = judging(members(), verdict, [["a", "b"], ["c", "d"]])
        assert list(values) == [member.ref for member in members()]
        read = {one.id: entries(str(text)) for one, text in values.items()}
        parted = {(one, other) for one in read for other in read if are_parted(read[one], read[other])}
        everyone = {(one, other) for one in read for other in read if one != other}
        expected = {
            "duplicates": set[tuple[str, str]](),
            "different": everyone,
            "split": {(one, other) for one, other in everyone if (one in "ab") != (other in "ab")},
        }
        assert parted == expected[verdict]


def test_a_verdict_is_added_to_those_that_stand() -> None:
    once = judging(members(), "split", [["a"], ["b", "c", "d"]])
    rest = [Member(one, False, str(text)) for one, text in once.items() if one.id != "a"]
    twice = judging(rest, "duplicates")
    assert all(str(text).startswith(f"{once[one]} ") for one, text in twice.items())
    assert judging([Member(one, False, str(text)) for one, text in twice.items()], "duplicates") == twice


# ---- one event


@pytest.fixture
def book(tmp_path: Path) -> LabelBook:
    return LabelBook.open(tmp_path / "labels", "ann")


def standing(book: LabelBook, field: str) -> dict[str, Value]:
    found = {label.id: getattr(label, field) for label in book.labels()}
    return {sample: value for sample, value in found.items() if value is not None}


def test_a_decision_about_a_cluster_is_one_event_and_is_taken_back_whole(book: LabelBook) -> None:
    saved = book.set_each(judging(members(), "different"), "cluster_verdict", "looked at it")
    assert (saved.count, len(saved.changed), book.counts().events) == (4, 4, 1)
    (event,) = book.history(10)
    assert (event.field, event.count, event.reason) == ("cluster_verdict", 4, "looked at it")
    book.set_each(choosing(members(), "b"), "survivor")
    book.set_each(choosing(members("b"), "c"), "survivor")
    assert standing(book, "survivor") == {"c": "yes"}
    assert book.counts().events == 3
    undone = book.undo()
    assert undone is not None
    assert (undone.samples, undone.field) == (2, "survivor")
    assert standing(book, "survivor") == {"b": "yes"}
    book.undo()
    assert standing(book, "survivor") == {}
    assert len(standing(book, "cluster_verdict")) == 4
    book.undo()
    assert list(book.labels()) == []
    redone = book.redo()
    assert redone is not None
    assert redone.samples == 4
    assert len(set(standing(book, "cluster_verdict").values())) == 4
    book.close()


def test_nothing_is_written_where_all_stands(book: LabelBook) -> None:
    values = judging(members(), "duplicates")
    book.set_each(values, "cluster_verdict")
    again = book.set_each(values, "cluster_verdict")
    assert (again.event, again.changed, again.count) == ("", (), 0)
    assert book.counts().events == 1
    more = book.set_each({**values, ref("e"): "x:="}, "cluster_verdict")
    assert (more.count, [label.id for label in more.changed]) == (1, ["e"])
    assert book.set_each({}, "survivor").count == 0
    book.close()


def test_decisions_are_read_again_by_the_next_session(book: LabelBook, tmp_path: Path) -> None:
    values = judging(members(), "split", [["a"], ["b", "c", "d"]])
    book.set_each(values, "cluster_verdict")
    book.set_each({ref("a"): "yes"}, "survivor")
    book.close()
    again = LabelBook.open(tmp_path / "labels", "ann", only_look=True)
    assert standing(again, "cluster_verdict") == {one.id: text for one, text in values.items()}
    assert standing(again, "survivor") == {"a": "yes"}


def test_what_the_fields_cannot_hold_is_refused_whole(book: LabelBook) -> None:
    bad: tuple[tuple[str, Value], ...] = (("survivor", "no"), ("survivor", 1), ("cluster_verdict", "x" * 10_001))
    for field, value in bad:
        with pytest.raises(BadInput):
            book.set_each({ref("a"): None, ref("b"): value}, field)
    with pytest.raises(BadInput, match="SHA-256"):
        book.set_each({SampleRef("a", "beef"): "yes"}, "survivor")
    assert book.counts().events == 0
    book.close()
