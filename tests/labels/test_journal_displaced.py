"""The journal of an open session is taken away in every way: what was answered as saved is found by the next one."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from label_model import PlainLabels, look, random_operations, read_state, ref, run

from explorer.labels import LabelBook, NotSaved, home, writer

LABELS = 12


def journal_of(labels: Path) -> Path:
    return max((labels / "journal").glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)


def delete(labels: Path) -> None:
    journal_of(labels).unlink()


def rename(labels: Path) -> None:
    journal_of(labels).rename(labels / "journal" / f"aside-{random.random()}")


def replace(labels: Path) -> None:
    (labels / "strange").write_bytes(b"strange\n" * 10_000)
    (labels / "strange").rename(journal_of(labels))


def replace_by_copy(labels: Path) -> None:
    shutil.copy(journal_of(labels), labels / "copy")
    (labels / "copy").rename(journal_of(labels))


def replace_by_link(labels: Path) -> None:
    journal = journal_of(labels)
    moved = labels / f"moved-{random.random()}"
    journal.rename(moved)
    journal.symlink_to(moved)


def cut(labels: Path) -> None:
    os.truncate(journal_of(labels), random.randrange(journal_of(labels).stat().st_size))


def cut_to_nothing(labels: Path) -> None:
    os.truncate(journal_of(labels), 0)


def write_over(labels: Path) -> None:
    with journal_of(labels).open("r+b") as file:
        file.write(b"0" * 50)


def cut_and_grow(labels: Path) -> None:
    size = journal_of(labels).stat().st_size
    os.truncate(journal_of(labels), 10)
    os.truncate(journal_of(labels), size)


def delete_journals(labels: Path) -> None:
    shutil.rmtree(labels / "journal")


def rename_journals(labels: Path) -> None:
    (labels / "journal").rename(labels / f"journal-{random.random()}")


def replace_journals(labels: Path) -> None:
    rename_journals(labels)
    (labels / "journal").mkdir()


def delete_labels(labels: Path) -> None:
    shutil.rmtree(labels)


def rename_labels(labels: Path) -> None:
    labels.rename(labels.with_name(f"labels-{random.random()}"))


def restore_older_workspace(labels: Path) -> None:
    root = labels.parent
    shutil.rmtree(root)
    (root / "labels" / "journal").mkdir(parents=True)


def delete_workspace(labels: Path) -> None:
    shutil.rmtree(labels.parent)


ATTACKS: tuple[Callable[[Path], None], ...] = (
    *(delete, rename, replace, replace_by_copy, replace_by_link, cut, cut_to_nothing, write_over, cut_and_grow),
    *(delete_journals, rename_journals, replace_journals, delete_labels, rename_labels),
    *(restore_older_workspace, delete_workspace),
)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    place = tmp_path / "corpus" / ".corpus" / "labels"
    place.parent.mkdir(parents=True)
    return place


@pytest.fixture(autouse=True)
def small_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LARGEST_RECORD", 3)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@pytest.mark.parametrize("end", ["labels", "leaves", "undoes", "says it again"])
def test_a_journal_taken_away_is_written_again(labels: Path, attack: Callable[[Path], None], end: str) -> None:
    book = LabelBook.open(labels, "anna")
    book.set([ref(1)], "tier", 2)
    book.set([ref(number) for number in range(2, 10)], "origin", "human")
    book.set([ref(1)], "tier", 3)
    attack(labels)
    if end == "labels":
        book.set([ref(20)], "verdict", "keep")
    elif end == "undoes":
        book.undo()
    elif end == "says it again":
        book.set([ref(1)], "tier", 3)
    wanted = read_state(book)
    book.close()
    assert "written again" in book.report()[-1]
    assert "written again" in book.take_news()[-1]
    assert book.take_news() == ()
    again = look(labels)
    assert read_state(again) == wanted
    assert wanted[(ref(1).id, "tier")] == (2 if end == "undoes" else 3)


@pytest.mark.parametrize("attack", [delete, cut_to_nothing, replace_journals], ids=lambda attack: attack.__name__)
def test_undo_and_history_go_on_over_a_lost_file(labels: Path, attack: Callable[[Path], None]) -> None:
    book = LabelBook.open(labels, "anna")
    for tier in (1, 2, 3):
        book.set([ref(1)], "tier", tier, reason=f"for {tier}")
    book.undo()
    before = [event._replace() if hasattr(event, "_replace") else event for event in book.history(10)]
    attack(labels)
    book.check()
    assert list(book.history(10)) == before
    assert book.counts().events == 4
    book.close()
    later = LabelBook.open(labels, "anna")
    assert list(later.history(10)) == before
    for wanted in (1, None):
        assert later.undo() is not None
        label = later.label_of(ref(1).id)
        assert (label.tier if label else None) == wanted
    assert later.undo() is None
    later.close()


def test_a_file_put_back_counts_once(labels: Path) -> None:
    book = LabelBook.open(labels, "anna")
    for tier in (1, 2):
        book.set([ref(1)], "tier", tier)
    first = journal_of(labels)
    first.rename(labels / "aside")
    book.set([ref(1)], "tier", 3)
    (labels / "aside").rename(first)
    book.refresh()
    assert book.counts().events == 3
    book.close()
    later = LabelBook.open(labels, "anna")
    assert later.counts().events == 3
    assert [later.undo() is not None for _ in range(4)] == [True, True, True, False]
    assert read_state(later) == {}
    later.close()


def link_labels(labels: Path) -> None:
    elsewhere = labels.parent.parent.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(labels)
    labels.symlink_to(elsewhere)


def link_journals(labels: Path) -> None:
    elsewhere = labels.parent.parent.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(labels / "journal")
    (labels / "journal").symlink_to(elsewhere)


def link_workspace(labels: Path) -> None:
    elsewhere = labels.parent.parent.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(labels.parent)
    labels.parent.symlink_to(elsewhere)


def link_corpus(labels: Path) -> None:
    corpus = labels.parent.parent
    elsewhere = corpus.parent / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(corpus)
    corpus.symlink_to(elsewhere)


def remove_corpus(labels: Path) -> None:
    shutil.rmtree(labels.parent.parent)


def put_file_in_place(labels: Path) -> None:
    shutil.rmtree(labels)
    labels.write_text("strange")


@pytest.mark.parametrize(
    "attack",
    [link_labels, link_journals, link_workspace, link_corpus, remove_corpus, put_file_in_place],
    ids=lambda attack: attack.__name__,
)
def test_where_nothing_can_be_written_the_label_is_not_saved(
    labels: Path, tmp_path: Path, attack: Callable[[Path], None]
) -> None:
    book = LabelBook.open(labels, "anna")
    book.set([ref(1)], "tier", 2)
    kept = tmp_path / "kept"
    shutil.copytree(labels.parent.parent, kept)
    attack(labels)
    for _ in range(2):
        with pytest.raises(NotSaved, match=r"NOT saved.*1 decision of this session"):
            book.set([ref(2)], "tier", 1)
    with pytest.raises(NotSaved, match="NOT saved"):
        book.set([ref(1)], "tier", 2)
    assert not [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()]
    assert book.label_of(ref(2).id) is None
    with pytest.raises(NotSaved, match="1 decision of this session"):
        book.close()
    assert not [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()]


def test_a_place_put_back_takes_labels_again(labels: Path) -> None:
    book = LabelBook.open(labels, "anna")
    book.set([ref(1)], "tier", 2)
    corpus = labels.parent.parent
    corpus.rename(corpus.with_name("away"))
    with pytest.raises(NotSaved):
        book.set([ref(2)], "tier", 1)
    corpus.with_name("away").rename(corpus)
    book.set([ref(3)], "tier", 1)
    book.close()
    assert book.take_news() == ()
    assert read_state(look(labels)) == {(ref(1).id, "tier"): 2, (ref(3).id, "tier"): 1}


def test_another_disk_in_the_same_place_gets_nothing(labels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = LabelBook.open(labels, "anna")
    book.set([ref(1)], "tier", 2)
    shutil.rmtree(labels)
    monkeypatch.setattr(home, "find_device", lambda place: 4242)
    with pytest.raises(NotSaved, match="another disk"):
        book.set([ref(2)], "tier", 1)
    assert not labels.exists()
    monkeypatch.undo()
    book.close()
    assert read_state(look(labels)) == {(ref(1).id, "tier"): 2}


def test_a_link_that_leads_to_the_same_file_is_no_loss(labels: Path) -> None:
    book = LabelBook.open(labels, "anna")
    book.set([ref(1)], "tier", 2)
    moved = labels.parent.with_name("moved")
    labels.parent.rename(moved)
    labels.parent.symlink_to(moved)
    book.set([ref(2)], "tier", 1)
    book.close()
    assert book.take_news() == ()
    assert read_state(look(labels)) == {(ref(1).id, "tier"): 2, (ref(2).id, "tier"): 1}


def test_labels_behind_a_link_are_only_looked_at(labels: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    book = LabelBook.open(elsewhere, "anna")
    book.set([ref(1)], "tier", 2)
    book.close()
    before = sorted(elsewhere.rglob("*"))
    labels.symlink_to(elsewhere)
    linked = LabelBook.open(labels, "anna")
    assert "is a link" in linked.read_only
    assert read_state(linked) == {(ref(1).id, "tier"): 2}
    with pytest.raises(NotSaved, match="is a link"):
        linked.set([ref(2)], "tier", 1)
    linked.close()
    assert sorted(elsewhere.rglob("*")) == before


def test_a_file_of_another_session_that_vanishes_is_told(labels: Path) -> None:
    other, book = LabelBook.open(labels, "bert"), LabelBook.open(labels, "anna")
    other.set([ref(1)], "tier", 2)
    lost = journal_of(labels)
    book.refresh()
    lost.unlink()
    book.refresh()
    assert any(lost.name in sentence and "is gone" in sentence for sentence in book.report())
    assert read_state(book) == {(ref(1).id, "tier"): 2}
    other.close()
    book.refresh()
    assert not any("is gone" in sentence for sentence in book.report())
    assert book.counts().events == 1
    book.close()


def test_a_stranger_in_the_backups_stays(labels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.labels import backup
    from explorer.labels import book as books

    monkeypatch.setattr(books, "BACKUP_EVERY", 1)
    monkeypatch.setattr(backup, "KEEP", 1)
    (labels / "backup" / "0-mine").mkdir(parents=True)
    (labels / "backup" / "0-mine" / "thesis").write_text("all of it")
    book = LabelBook.open(labels, "anna")
    for number in range(5):
        book.set([ref(number)], "tier", 1)
    book.close()
    assert (labels / "backup" / "0-mine" / "thesis").read_text() == "all of it"


def take_away_at_random(labels: Path, seed: int, sessions: int) -> int:
    """Label with some open sessions at once while their files are taken away; return how many decisions were kept."""
    chance = random.Random(seed)
    random.seed(seed)
    labels.parent.mkdir(parents=True)
    books = [LabelBook.open(labels, f"curator-{number}") for number in range(sessions)]
    truths = [PlainLabels() for _ in books]
    decided = 0
    plans = [random_operations(chance.randrange(10**9), 4)[:60] for _ in books]
    for turn in range(max(map(len, plans))):
        for number, (book, plan) in enumerate(zip(books, plans, strict=True)):
            if turn < len(plan):
                run(book, own(plan[turn], number))
                truths[number].run(own(plan[turn], number))
                decided += 1
        if chance.random() < 0.5 and (labels / "journal").is_dir() and any((labels / "journal").glob("*.jsonl")):
            chance.choice(ATTACKS)(labels)
    for book in books:
        book.close()
    wanted = {key: value for truth in truths for key, value in truth.state.items()}
    found = look(labels)
    assert read_state(found) == wanted, seed
    return decided


def own(operation, number):
    """Let each curator decide on samples of their own, so that one dictionary a curator says what must stand."""
    kind, samples, field, value = operation
    return kind, tuple(sample._replace(id=f"{sample.id}-{number}") for sample in samples), field, value


@pytest.mark.parametrize("seed", range(6))
def test_labels_survive_random_losses(tmp_path: Path, seed: int) -> None:
    assert take_away_at_random(tmp_path / "corpus" / ".corpus" / "labels", seed, 1 + seed % 3)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(1_000))
def test_a_thousand_runs_of_random_losses_lose_nothing(tmp_path: Path, seed: int) -> None:
    """Run with `pytest -m campaign tests/labels/test_journal_displaced.py`."""
    assert take_away_at_random(tmp_path / "corpus" / ".corpus" / "labels", seed + 1_000, 1 + seed % 3)
