"""Stories of the label book: sessions that meet, curators who differ, history, backups, places."""

import json
import os
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from label_model import look, read_state, ref

from explorer.errors import BadInput
from explorer.labels import LabelBook, SampleRef, backup, book, writer
from tests.patience import PATIENCE

A, B = ref(1), ref(2)


def open_book(place: Path, who: str = "anna") -> LabelBook:
    return LabelBook.open(place / "labels", who)


def test_nothing_is_written_before_the_first_label(tmp_path: Path) -> None:
    first = open_book(tmp_path)
    assert (first.read_only, first.counts().events, first.undo(), first.redo()) == ("", 0, None, None)
    first.close()
    assert list(tmp_path.iterdir()) == []


def test_files_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        first = open_book(tmp_path)
        first.set([A], "tier", 1)
        first.close()
        LabelBook.open(tmp_path / "labels", "anna").close()
    finally:
        os.umask(before)
    made = [tmp_path / "labels", *(tmp_path / "labels").rglob("*")]
    assert {path.name for path in made} >= {"labels", "journal", "LOCK", "backup"}
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_closed_journal_gives_its_reserve_back(tmp_path: Path) -> None:
    first = open_book(tmp_path)
    first.set([A], "tier", 1)
    (file,) = (tmp_path / "labels" / "journal").iterdir()
    reserved = file.stat().st_blocks
    first.close()
    assert file.stat().st_blocks <= reserved
    assert file.stat().st_blocks * 512 < 64 * 1024


def test_two_sessions_see_each_other_after_a_refresh(tmp_path: Path) -> None:
    first = open_book(tmp_path)
    first.set([A], "tier", 1)
    second = open_book(tmp_path, "bert")
    assert any("bert" not in line and "anna" in line and str(os.getpid()) in line for line in second.report())
    second.set([B], "origin", "human")
    assert first.label_of(B.id) is None
    assert [label.origin for label in first.refresh()] == ["human"]
    assert first.refresh() == ()
    assert first.position() == second.position() == look(tmp_path / "labels").position()
    second.set([A], "note", "more")
    assert first.position() != second.position()
    first.close()
    second.close()
    assert not any("also open" in line for line in open_book(tmp_path).report())


def test_curators_who_differ_are_in_conflict_until_one_agrees(tmp_path: Path) -> None:
    first, second = open_book(tmp_path), open_book(tmp_path, "bert")
    first.set([A], "tier", 1)
    second.set([A], "tier", 2)
    first.refresh()
    label = first.label_of(A.id)
    assert label is not None
    assert label.conflict
    assert label == second.refresh()[0] == look(tmp_path / "labels").label_of(A.id)
    assert first.counts().conflicts == 1
    loser, winner = (first, second) if label.who == "bert" else (second, first)
    assert winner.set([A], "tier", label.tier).count == 0
    assert not loser.set([A], "tier", label.tier).changed[0].conflict
    assert look(tmp_path / "labels").counts().conflicts == 0
    first.close()
    second.close()


def test_undo_leaves_what_another_curator_decided_since(tmp_path: Path) -> None:
    first = open_book(tmp_path)
    first.set([A, B], "tier", 1)
    second = open_book(tmp_path, "bert")
    second.set([A], "tier", 3)
    undone = first.undo()
    assert undone is not None
    assert {label.id: (label.tier, label.conflict) for label in undone.changed} == {
        A.id: (3, False),
        B.id: (None, False),
    }
    redone = first.redo()
    assert redone is not None
    assert {label.id: (label.tier, label.conflict) for label in redone.changed} == {A.id: (1, True), B.id: (1, False)}
    assert first.redo() is None
    first.close()
    second.close()


def test_undo_is_only_of_what_this_curator_did_in_whatever_session(tmp_path: Path) -> None:
    first, other = open_book(tmp_path), open_book(tmp_path, "bert")
    first.set([A], "tier", 1)
    other.set([B], "tier", 2)
    elsewhere = open_book(tmp_path)
    assert elsewhere.undo() is not None
    assert elsewhere.undo() is None
    assert first.undo() is None
    assert first.redo() is not None
    assert read_state(look(tmp_path / "labels")) == {(A.id, "tier"): 1, (B.id, "tier"): 2}
    for each in (first, other, elsewhere):
        each.close()


def test_history_reads_newest_first_and_tells_what_was_undone(tmp_path: Path) -> None:
    first = open_book(tmp_path)
    first.set([A], "tier", 4, reason="looks generated")
    first.set([A, B], "verdict", "drop")
    first.undo()
    first.clear([A])
    lines = [(event.op, event.field, event.count, event.ids, event.undone) for event in first.history(10)]
    assert lines == [
        ("clear", "tier", 1, (A.id,), False),
        ("undo", "verdict", 2, (A.id, B.id), False),
        ("set", "verdict", 2, (A.id, B.id), True),
        ("set", "tier", 1, (A.id,), False),
    ]
    assert [event.op for event in first.history(10, B.id)] == ["undo", "set"]
    assert first.history(10, "sample-") == ()
    (oldest,) = first.history(10)[3:]
    assert (oldest.reason, oldest.first[0].old, oldest.first[0].new, oldest.who) == ("looks generated", None, 4, "anna")
    assert first.history(2) == first.history(10)[:2]
    first.close()


def test_history_of_one_sample_looks_into_the_parts_of_a_bulk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LARGEST_RECORD", 2)
    first = open_book(tmp_path)
    first.set([ref(number) for number in range(9)], "tier", 2)
    first.set([ref(8)], "tier", 1)
    events = first.history(10, ref(8).id)
    assert [(event.count, event.first[0].new) for event in events] == [(1, 1), (9, 2)]
    first.close()


def test_what_stands_is_not_written_again_but_new_content_is(tmp_path: Path) -> None:
    first = open_book(tmp_path)
    first.set([A, B], "tier", 1)
    assert first.set([A], "tier", 1) == book.Saved("", (), 0)
    assert first.set([A, ref(3)], "tier", 1).count == 1
    edited = SampleRef(A.id, B.sha256)
    assert first.set([edited], "tier", 1).changed[0].sha256 == B.sha256
    assert first.counts().events == 3
    first.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [("tier", 0), ("tier", 5), ("tier", True), ("tier", "1"), ("origin", "robot"), ("verdict", 1), ("stars", 1)],
)
def test_what_no_label_can_hold_is_bad_input(tmp_path: Path, field: str, value: int | str) -> None:
    first = open_book(tmp_path)
    with pytest.raises(BadInput):
        first.set([A], field, value)
    with pytest.raises(BadInput):
        first.set([SampleRef("x", "no hash")], "tier", 1)
    assert not (tmp_path / "labels").exists()


@pytest.mark.parametrize(
    "text", ["\x1b]52;c;eA\x07", "\ud800", "a\nb\r\u2028", '"},{"', "é" * 500, "[@click=app.quit]"]
)
def test_hostile_text_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    first = open_book(tmp_path)
    first.set([SampleRef(text, A.sha256)], "note", text)
    first.close()
    again = look(tmp_path / "labels")
    assert read_state(again) == {(text, "note"): text}
    assert again.history(1, text)[0].first[0].new == text
    assert again.report() == ()


def test_order_follows_the_numbers_and_never_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_book(tmp_path)
    first.set([A], "tier", 1)
    first.close()

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(1999, 12, 31, tzinfo=UTC)

    monkeypatch.setattr(writer, "datetime", Yesterday)
    monkeypatch.setattr("explorer.labels.journal.datetime", Yesterday)
    second = open_book(tmp_path)
    second.set([A], "tier", 2)
    second.close()
    assert sorted(path.name[:4] for path in (tmp_path / "labels" / "journal").iterdir())[0] == "1999"
    again = look(tmp_path / "labels")
    assert read_state(again) == {(A.id, "tier"): 2}
    assert [event.first[0].new for event in again.history(5)] == [2, 1]


def test_a_journal_rolled_back_by_its_writer_is_read_afresh(tmp_path: Path) -> None:
    first = open_book(tmp_path)
    first.set([A], "tier", 1)
    (file,) = (tmp_path / "labels" / "journal").iterdir()
    end = file.stat().st_size
    first.set([A], "tier", 2)
    second = open_book(tmp_path, "bert")
    second.set([B], "tier", 4)
    os.truncate(file, end)
    assert {(label.id, label.tier) for label in second.refresh()} == {(A.id, 1)}
    assert read_state(second) == {(A.id, "tier"): 1, (B.id, "tier"): 4}
    second.set([B], "tier", 3)
    assert second.position() == look(tmp_path / "labels").position()
    second.close()


def test_backups_are_whole_cheap_and_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "BACKUP_EVERY", 2)
    monkeypatch.setattr(backup, "KEEP", 3)
    first = open_book(tmp_path)
    first.set([A], "tier", 1)
    first.close()
    (old,) = [path.name for path in (tmp_path / "labels" / "journal").iterdir()]
    second = open_book(tmp_path)
    for number in range(8):
        second.set([A], "note", f"{number}")
    second.close()
    places = sorted((tmp_path / "labels" / "backup").iterdir())
    assert len(places) == 3
    journals = {path.name: path.read_bytes() for path in (tmp_path / "labels" / "journal").iterdir()}
    assert {path.name: path.read_bytes() for path in places[-1].iterdir()} == journals
    assert len({(place / old).stat().st_ino for place in places}) == 1
    LabelBook.open(tmp_path / "labels", "anna").close()
    assert sorted((tmp_path / "labels" / "backup").iterdir()) == places


def test_a_backup_that_fails_is_told_and_costs_no_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "BACKUP_EVERY", 1)
    first = open_book(tmp_path)
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "backup").write_text("in the way")
    assert first.set([A], "tier", 1).count == 1
    assert any("could not be backed up" in line for line in first.report())
    first.close()


@pytest.mark.parametrize("sign", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, json.dumps({"pid": {}}).encode()])
def test_a_garbled_sign_at_the_door_is_no_trouble(tmp_path: Path, sign: bytes) -> None:
    first = open_book(tmp_path)
    first.set([A], "tier", 1)
    (tmp_path / "labels" / "LOCK").write_bytes(sign)
    second = open_book(tmp_path, "bert")
    assert any("also open in another session" in line for line in second.report())
    first.close()
    second.close()


def test_many_threads_may_label_and_look_at_once(tmp_path: Path) -> None:
    first = open_book(tmp_path)

    def label(start: int) -> None:
        for number in range(start, start + 50):
            first.set([ref(number)], "tier", 1)
            list(first.labels())

    threads = [threading.Thread(target=label, args=(50 * each,)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first.close()
    again = look(tmp_path / "labels")
    assert len(read_state(again)) == again.counts().events == 200
    assert again.report() == ()


def test_looking_waits_for_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_book(tmp_path)
    first.set([A], "tier", 1)
    is_syncing, may_go = threading.Event(), threading.Event()

    def slow(fd: int) -> None:
        is_syncing.set()
        assert may_go.wait(PATIENCE)

    monkeypatch.setattr(os, "fdatasync", slow)
    saving = threading.Thread(target=first.set, args=([A], "tier", 2))
    saving.start()
    assert is_syncing.wait(PATIENCE)
    label = first.label_of(A.id)
    assert label is not None
    assert (label.tier, first.counts().events, len(first.history(5)), len(list(first.labels()))) == (1, 1, 1, 1)
    may_go.set()
    saving.join()
    assert [label.tier for label in first.labels()] == [2]
    first.close()


def test_looking_only_leaves_no_trace_and_decides_nothing(tmp_path: Path) -> None:
    first = open_book(tmp_path)
    first.set([A], "tier", 1)
    first.close()
    before = sorted((tmp_path / "labels").rglob("*"))
    only = LabelBook.open(tmp_path / "labels", "bert", only_look=True)
    assert only.read_only
    assert sorted((tmp_path / "labels").rglob("*")) == before


def test_the_curator_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPUS_CURATOR", "Zoë")
    first = LabelBook.open(tmp_path / "labels")
    assert first.set([A], "tier", 1).changed[0].who == "Zoë"
    first.close()
