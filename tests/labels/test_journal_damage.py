"""Torn tails, rotten bytes, missing lines and foreign records: nothing silent, nothing invented."""

import json
import os
from pathlib import Path

import pytest
from label_model import look, read_state, ref

from explorer.labels import LabelBook, NotSaved, writer
from explorer.labels.records import START, chain, encode

RECORDS = 12


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A journal of twelve decisions on twelve samples."""
    book = LabelBook.open(tmp_path / "labels", "anna")
    for number in range(RECORDS):
        book.set([ref(number)], "note", f"note {number}")
    book.close()
    (file,) = (tmp_path / "labels" / "journal").iterdir()
    return file


def truth(count: int = RECORDS) -> dict[tuple[str, str], str]:
    return {(ref(number).id, "note"): f"note {number}" for number in range(count)}


def test_every_torn_tail_leaves_the_whole_records(journal: Path) -> None:
    content = journal.read_bytes()
    for size in range(len(content), -1, -1):
        os.truncate(journal, size)
        book = look(journal.parents[1])
        kept = content[:size].count(b"\n")
        assert read_state(book) == truth(kept)
        assert bool(book.report()) == (not content[:size].endswith(b"\n") and size > 0)
        assert journal.stat().st_size == size


@pytest.mark.parametrize("filler", [b"\0" * 5000, b"garbage\n\n \x00\xff{}", b"00000000 {}\n", b"[" * 100_000 + b"\n"])
def test_what_follows_the_records_is_reported_and_not_believed(journal: Path, filler: bytes) -> None:
    journal.write_bytes(journal.read_bytes() + filler)
    book = look(journal.parents[1])
    assert read_state(book) == truth()
    assert book.report()


def test_every_flipped_byte_is_told_and_invents_nothing(journal: Path) -> None:
    content = journal.read_bytes()
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        journal.write_bytes(damaged)
        book = look(journal.parents[1])
        state = read_state(book)
        assert state.items() <= truth().items(), place
        assert len(state) >= RECORDS - 2, place
        assert book.report(), place
    journal.write_bytes(content)
    assert not look(journal.parents[1]).report()


def test_a_flipped_byte_is_named_by_file_and_offset(journal: Path) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b"anna", b"anne")
    journal.write_bytes(b"".join(lines))
    book = look(journal.parents[1])
    assert f"1 record unreadable in {journal.name}:{sum(map(len, lines[:3]))}." in book.report()
    assert book.counts().unreadable == 1


def test_a_removed_line_is_told(journal: Path) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    for number in range(RECORDS - 1):
        journal.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))
        (sentence,) = look(journal.parents[1]).report()
        assert sentence.startswith("Records are missing")


def test_a_removed_file_is_told_from_its_backup_and_kept_there(journal: Path) -> None:
    LabelBook.open(journal.parents[1], "anna").close()
    journal.unlink()
    book = LabelBook.open(journal.parents[1], "anna")
    book.set([ref(50)], "tier", 1)
    book.close()
    book = LabelBook.open(journal.parents[1], "anna")
    assert any(f"{journal.name} is missing" in sentence for sentence in book.report())
    copies = sorted((journal.parents[1] / "backup").glob(f"*/{journal.name}"))
    assert len(copies) == 2
    book.close()


def bulk(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(writer, "LARGEST_RECORD", 3)
    book = LabelBook.open(directory, "anna")
    book.set([ref(0)], "tier", 1)
    book.set([ref(number) for number in range(10)], "tier", 2)
    book.close()
    (file,) = (directory / "journal").iterdir()
    return file


def test_a_bulk_cut_anywhere_counts_wholly_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = bulk(tmp_path / "labels", monkeypatch)
    content = file.read_bytes()
    first = content.index(b"\n") + 1
    one, all_ten = {(ref(0).id, "tier"): 1}, {(ref(number).id, "tier"): 2 for number in range(10)}
    for size in range(len(content), first - 1, -1):
        os.truncate(file, size)
        book = look(tmp_path / "labels")
        assert read_state(book) == (all_ten if size == len(content) else one)
        assert bool(book.report()) == (size not in (first, len(content)))


def test_a_bulk_whose_commit_rotted_counts_where_the_session_went_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "LARGEST_RECORD", 3)
    book = LabelBook.open(tmp_path / "labels", "anna")
    book.set([ref(number) for number in range(10)], "tier", 2)
    book.set([ref(11)], "tier", 1)
    book.close()
    (file,) = (tmp_path / "labels" / "journal").iterdir()
    file.write_bytes(file.read_bytes().replace(b'"commit"', b'"comMit"'))
    book = look(tmp_path / "labels")
    assert len(read_state(book)) == 11
    assert book.counts().unreadable == 1


def forge(file: Path, **fields: object) -> None:
    """Append a well-formed line that our own session would not write."""
    lines = file.read_bytes().splitlines() if file.exists() else []
    prev = chain(lines[-1]) if lines else START
    common = {"v": 1, "seq": 100, "prev": prev, "t": "2030-01-01T00:00:00+00:00", "who": "eve", "op": "set"}
    with file.open("ab") as stream:
        stream.write(encode({**common, **fields}) + b"\n")


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2, "changes": [["a", "b", "tier", None, 9]]},
        {"op": "weigh", "changes": []},
        {"changes": [["a", "b", "stars", None, 5]]},
    ],
)
def test_a_newer_version_is_kept_and_makes_the_book_read_only(journal: Path, fields: dict[str, object]) -> None:
    forge(journal, **fields)
    content = journal.read_bytes()
    book = LabelBook.open(journal.parents[1], "anna")
    assert "written by version" in book.read_only
    assert any("written by version" in sentence for sentence in book.report())
    assert read_state(book) == truth()
    with pytest.raises(NotSaved, match="read-only"):
        book.set([ref(0)], "tier", 1)
    assert journal.read_bytes() == content
    book.close()


@pytest.mark.parametrize(
    "fields",
    [
        {"changes": [["a", "b", "tier", None, 5]]},
        {"changes": [["a", "b", "tier", None, True]]},
        {"changes": [["a", "b", "tier", None, 1.0]]},
        {"changes": [["a", "b", "tier", [], 1]]},
        {"changes": [["a", "b", ["tier"], None, 1]]},
        {"changes": [[1, "b", "tier", None, 1]]},
        {"changes": ["abcde"]},
        {"changes": {"a": 1}},
        {"seq": 0},
        {"seq": 2**60},
        {"seq": True},
        {"who": 5},
        {"op": None},
        {"target": ["x", "y"], "op": "undo"},
        {"of": "begin", "op": "begin"},
        {"v": "1"},
    ],
)
def test_a_well_summed_lie_is_unreadable(journal: Path, fields: dict[str, object]) -> None:
    forge(journal, **fields)
    book = LabelBook.open(journal.parents[1], "anna")
    assert read_state(book) == truth()
    assert book.counts().unreadable == 1
    book.set([ref(0)], "tier", 1)
    assert look(journal.parents[1]).label_of(ref(0).id).tier == 1
    book.close()


def test_a_number_that_leaves_no_room_refuses_labels_instead_of_losing_them(journal: Path) -> None:
    forge(journal, seq=2**53)
    book = LabelBook.open(journal.parents[1], "anna")
    with pytest.raises(NotSaved, match="numbers"):
        book.set([ref(0)], "tier", 1)
    book.close()


@pytest.mark.parametrize("kind", ["link", "fifo", "directory"])
def test_what_is_no_journal_is_named_and_does_not_hang(journal: Path, kind: str) -> None:
    planted = journal.with_name("planted.jsonl")
    {"link": lambda: planted.symlink_to(journal), "fifo": lambda: os.mkfifo(planted), "directory": planted.mkdir}[
        kind
    ]()
    book = look(journal.parents[1])
    assert read_state(book) == truth()
    assert any("planted.jsonl cannot be read" in sentence for sentence in book.report())


def test_a_line_holds_ascii_and_no_more_than_is_documented(journal: Path) -> None:
    for line in journal.read_bytes().splitlines():
        assert line.isascii()
        assert set(json.loads(line[9:])) == {"v", "seq", "prev", "t", "who", "op", "changes"}
