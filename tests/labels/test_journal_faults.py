"""Every call to the disk fails once, or from some point on: what was answered as saved is there, and nothing else."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from label_model import look, read_state, ref

from explorer.labels import LabelBook, NotSaved, writer

CALLS = ("pwrite", "fdatasync", "fsync", "ftruncate", "open", "mkdir")
LABELS = 20


class FaultyDisk:
    """Counts the calls of `os` that touch the disk and makes some of them fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fails: Callable[[str, int], int | None]) -> None:
        self.count = 0
        self.fails = fails
        self.is_active = True
        for name in CALLS:
            monkeypatch.setattr(os, name, self.wrap(name, getattr(os, name)))

    def wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if not self.is_active:
                return real(*arguments, **named)
            self.count += 1
            code = self.fails(name, self.count)
            if code == 0 and name == "pwrite":
                fd, content, offset = arguments
                return real(fd, content[: max(1, len(content) // 2)], offset)
            if code:
                raise OSError(code, os.strerror(code))
            return None if "sync" in name else real(*arguments, **named)

        return call


def fresh(place: Path, disk: FaultyDisk, turn: int) -> Path:
    """Make a workspace on a sound disk, which counts from here."""
    disk.is_active = False
    directory = place / f"{turn}" / "labels"
    directory.parent.mkdir()
    disk.count, disk.is_active = 0, True
    return directory


def label_all(book: LabelBook) -> dict[tuple[str, str], int]:
    """Decide on one sample after another, once with a bulk, and return what was answered as saved."""
    saved: dict[tuple[str, str], int] = {}
    for number in range(LABELS):
        samples = [ref(100 * number + each) for each in range(7 if number == 5 else 1)]
        try:
            book.set(samples, "tier", 3)
        except NotSaved:
            pass
        else:
            saved |= {(sample.id, "tier"): 3 for sample in samples}
        assert read_state(book) == saved
    return saved


@pytest.fixture(autouse=True)
def small_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LARGEST_RECORD", 3)


@pytest.mark.parametrize(
    "code", [errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EINTR, 0], ids=lambda code: f"errno{code}"
)
def test_one_failing_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    turn = 0
    names = ("pwrite", "fdatasync") if code in (errno.EINTR, 0) else CALLS
    disk = FaultyDisk(monkeypatch, lambda name, count: code if count == turn and name in names else None)
    for turn in range(1, 51):
        directory = fresh(tmp_path, disk, turn)
        book = LabelBook.open(directory, "anna")
        saved = label_all(book)
        book.close()
        disk.is_active = False
        assert disk.count >= 50
        assert len(saved) >= LABELS - 1
        assert read_state(look(directory)) == saved, turn


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_from_some_point_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    turn = 0
    broken = ("pwrite", "fdatasync", "fsync", "open", "mkdir")
    disk = FaultyDisk(monkeypatch, lambda name, count: code if count >= turn and name in broken else None)
    for turn in range(1, 51):
        directory = fresh(tmp_path, disk, turn)
        book = LabelBook.open(directory, "anna")
        saved = label_all(book)
        disk.is_active = False
        book.close()
        assert read_state(look(directory)) == saved, turn


def test_a_full_disk_says_so_and_saving_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FaultyDisk(monkeypatch, lambda name, count: errno.ENOSPC if name == "pwrite" else None)
    disk.is_active = False
    book = LabelBook.open(tmp_path / "labels", "anna")
    book.set([ref(1)], "tier", 1)
    disk.is_active = True
    with pytest.raises(NotSaved) as refusal:
        book.set([ref(1)], "tier", 2)
    assert (refusal.value.title, book.read_only) == ("label NOT saved: disk full.", "")
    assert refusal.value.hint.startswith("Earlier labels are safe.")
    assert book.label_of(ref(1).id).tier == 1
    disk.is_active = False
    book.set([ref(1)], "tier", 4)
    book.close()
    assert read_state(look(tmp_path / "labels")) == {(ref(1).id, "tier"): 4}
    assert look(tmp_path / "labels").report() == ()


def test_a_file_whose_sync_failed_is_never_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = [3]
    syncs = []

    def fdatasync(fd: int) -> None:
        syncs.append(os.readlink(f"/proc/self/fd/{fd}"))
        if len(syncs) in failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    book = LabelBook.open(tmp_path / "labels", "anna")
    for number in range(6):
        book.set([ref(number)], "tier", 1)
    lost, fresh = syncs[2], syncs[3]
    assert lost != fresh
    assert lost not in syncs[3:]
    assert len(book.report()) == 1
    assert book.counts().events == 6
    failing[:] = [8, 9]
    with pytest.raises(NotSaved, match="NOT confirmed on disk"):
        book.set([ref(7)], "tier", 1)
    with pytest.raises(NotSaved, match="restart"):
        book.set([ref(7)], "tier", 1)
    assert "does not confirm" in book.read_only
    book.close()
    assert len(read_state(look(tmp_path / "labels"))) == 6


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS])
def test_a_directory_that_cannot_be_written_is_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    book = LabelBook.open(tmp_path / "labels", "anna")
    book.set([ref(1)], "tier", 1)
    book.close()
    real = os.open

    def refusing(path: Any, flags: int, mode: int = 0o777, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(code, os.strerror(code))
        return real(path, flags, mode, **named)

    monkeypatch.setattr(os, "open", refusing)
    book = LabelBook.open(tmp_path / "labels", "anna")
    assert book.read_only.startswith("read-only: ")
    assert book.label_of(ref(1).id).tier == 1
    for decide in (lambda: book.set([ref(1)], "tier", 2), lambda: book.clear([ref(1)]), book.undo):
        with pytest.raises(NotSaved, match=r"^read-only: "):
            decide()
    assert book.label_of(ref(1).id).tier == 1
    book.close()


def test_a_directory_that_turns_read_only_says_so_at_the_first_label(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = LabelBook.open(tmp_path / "labels", "anna")
    FaultyDisk(monkeypatch, lambda name, count: errno.EACCES if name == "mkdir" else None)
    with pytest.raises(NotSaved, match=r"^read-only: "):
        book.set([ref(1)], "tier", 2)
    assert book.read_only


def test_a_missing_place_is_read_only_with_a_sentence(tmp_path: Path) -> None:
    book = LabelBook.open(tmp_path / "nowhere" / "labels", "anna")
    assert "does not exist" in book.read_only
    assert not (tmp_path / "nowhere").exists()
