"""Targets that are refused, disks that fill up, exports that are cancelled or killed: all or nothing, always."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from explorer.corpus.workspace import Place
from explorer.errors import BadInput, ExplorerError, Refused
from explorer.exporting import export as export_module
from explorer.exporting import staging, writers
from explorer.exporting.export import Wanted, export
from explorer.exporting.verify import verify
from explorer.job import Cancelled, Job
from explorer.mixing.mix import FINE_TUNING, Budget, Mix, StageMix
from explorer.open_corpus.session import Session
from explorer.screens.mix.export import stopped
from tests.corpora import OPEN, job, open_mix
from tests.patience import PATIENCE

CopyOf = Callable[[Place], Place]
ROOT = Path(__file__).parents[2]
LABELS = {"events": 0, "sha256": ""}


def write_out(
    session: Session,
    target: Path,
    *,
    asked: Job | None = None,
    mix: Mix | None = None,
    formats: tuple[str, ...] = ("parquet",),
    budget: Budget | None = 2_000,
) -> dict[str, Any]:
    return export(session, asked or job(), mix or open_mix(), Wanted(FINE_TUNING, target, formats, budget, LABELS))


def snapshot(directory: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything below a directory, with times and contents."""
    return {
        str(path.relative_to(directory)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns if path.is_file() else 0,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in directory.rglob("*")
        if ".spill" not in path.name
    }


def existing_directory(place: Place, away: Path) -> Path:
    (away / "there").mkdir()
    return away / "there"


def existing_file(place: Place, away: Path) -> Path:
    (away / "there").write_text("precious")
    return away / "there"


def link(place: Place, away: Path) -> Path:
    (away / "elsewhere").mkdir()
    (away / "link").symlink_to(away / "elsewhere")
    return away / "link"


def dangling_link(place: Place, away: Path) -> Path:
    (away / "link").symlink_to(away / "nowhere")
    return away / "link"


def inside_the_corpus(place: Place, away: Path) -> Path:
    return place.base / "mix"


def inside_the_workspace(place: Place, away: Path) -> Path:
    return place.workspace.root / "mix"


def inside_the_labels(place: Place, away: Path) -> Path:
    place.workspace.labels.mkdir()
    return place.workspace.labels / "mix"


def inside_by_dots(place: Place, away: Path) -> Path:
    (place.base.parent / "beside").mkdir()
    return place.base.parent / "beside" / ".." / place.base.name / "mix"


def inside_by_a_link(place: Place, away: Path) -> Path:
    (away / "link").symlink_to(place.base)
    return away / "link" / "mix"


def without_parent(place: Place, away: Path) -> Path:
    return away / "no" / "such" / "mix"


def under_a_file(place: Place, away: Path) -> Path:
    (away / "file").write_text("")
    return away / "file" / "mix"


TARGETS = (
    existing_directory,
    existing_file,
    link,
    dangling_link,
    inside_the_corpus,
    inside_the_workspace,
    inside_the_labels,
    inside_by_dots,
    inside_by_a_link,
    without_parent,
    under_a_file,
)


@pytest.mark.parametrize("make", TARGETS)
def test_a_wrong_target_is_refused_before_any_work(
    odd_place: Place, copy_of: CopyOf, tmp_path: Path, make: Callable[[Place, Path], Path]
) -> None:
    place = copy_of(odd_place)
    away = tmp_path / "away"
    away.mkdir()
    target = make(place, away)
    session = Session(place)
    before = snapshot(tmp_path)
    with pytest.raises(BadInput) as caught:
        write_out(session, target)
    session.close()
    assert str(target) in caught.value.title or str(target.parent) in caught.value.title
    assert snapshot(tmp_path) == before


def test_a_single_file_leaves_room_beside_it(odd_place: Place, copy_of: CopyOf, tmp_path: Path) -> None:
    from explorer.corpus.workspace import locate
    from explorer.index.build import Wishes, build_index

    place = locate(str(copy_of(odd_place).base / "part-0.parquet"))
    build_index(place, Wishes(workers=0, exact_tokens=False))
    session = Session(place)
    write_out(session, place.base / "mix")
    session.close()
    assert verify(place.base / "mix")[1] == ()


def test_an_unwritable_parent_is_told(odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging.os, "access", lambda path, mode: False)
    with pytest.raises(BadInput, match="cannot be written to"):
        write_out(odd, tmp_path / "mix")


def test_a_name_too_long_is_told(odd: Session, tmp_path: Path) -> None:
    with pytest.raises(ExplorerError, match="File name too long"):
        write_out(odd, tmp_path / ("n" * 250))
    assert not list(tmp_path.iterdir())


def test_odd_names_are_only_names(odd: Session, tmp_path: Path) -> None:
    for name in ("tier=1", "a\nb", "*?[", "…é", "-x", "percent%20"):
        write_out(odd, tmp_path / name)
        assert verify(tmp_path / name)[1] == ()


def test_too_little_room_is_refused(odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = staging.shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(staging.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(Refused, match="MB left"):
        write_out(odd, tmp_path / "mix")
    assert not list(tmp_path.iterdir())


def test_a_mix_that_draws_nothing_is_refused(odd: Session, tmp_path: Path) -> None:
    mix = Mix("family", (StageMix(FINE_TUNING, {1: 0.0}),), gates=OPEN)
    with pytest.raises(Refused, match="draws nothing"):
        write_out(odd, tmp_path / "mix", mix=mix, budget=None)
    assert not list(tmp_path.iterdir())


# ---- faults while writing


def faults() -> dict[str, tuple[Any, str]]:
    """Every step of an export that touches the disk."""
    return {
        "spool": (export_module.Shuffle, "add"),
        "parquet": (writers.pq, "write_table"),
        "sync": (export_module, "sync_file"),
        "receipt": (export_module, "write_whole"),
        "rename": (staging, "_rename"),
        "hash": (export_module, "sha256_of"),
    }


@pytest.mark.parametrize("step", faults())
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_failing_disk_leaves_nothing(
    odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    def fail(*args: Any, **more: Any) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*faults()[step], fail)
    with pytest.raises(ExplorerError) as caught:
        write_out(odd, tmp_path / "mix")
    assert os.strerror(number) in caught.value.title
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_an_export_whose_name_the_disk_does_not_confirm_is_told_as_complete(
    odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    sync = staging.sync_directory

    def fail_last(directory: Path) -> None:
        if directory == tmp_path and (tmp_path / "mix").exists():
            raise OSError(number, os.strerror(number))
        sync(directory)

    monkeypatch.setattr(staging, "sync_directory", fail_last)
    with pytest.raises(ExplorerError, match="is complete, but the disk did not confirm") as caught:
        write_out(odd, tmp_path / "mix")
    assert caught.value.exit == 1
    assert "left behind" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["mix"]
    assert verify(tmp_path / "mix")[1] == ()


def test_a_failed_export_that_cannot_be_removed_is_named(
    odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(staging, "_rename", fail)
    monkeypatch.setattr(staging, "_remove", lambda _: None)
    with pytest.raises(ExplorerError) as caught:
        write_out(odd, tmp_path / "mix")
    (left,) = tmp_path.iterdir()
    assert caught.value.hint == f"{left} could not be removed."


def test_a_refusal_names_what_cannot_be_removed(odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> str:
        raise Refused("No.", "Never.")

    monkeypatch.setattr(export_module, "sha256_of", refuse)
    with pytest.raises(Refused) as caught:
        write_out(odd, tmp_path / "mix")
    assert caught.value.hint == "Never. Nothing was left behind."
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(staging, "remove_folder", lambda *_: None)
    with pytest.raises(Refused) as caught:
        write_out(odd, tmp_path / "mix")
    (left,) = tmp_path.iterdir()
    assert caught.value.hint == f"Never. {left} could not be removed."
    assert str(left) in stopped(tmp_path / "mix")


def test_stopping_says_what_is_there(tmp_path: Path) -> None:
    assert stopped(tmp_path / "mix") == "The export was stopped; nothing was left behind."
    (tmp_path / "mix").mkdir()
    assert "complete before it could be stopped" in stopped(tmp_path / "mix")


def test_a_shard_that_reads_back_differently_leaves_nothing(
    odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = writers.write_parquet

    def write_less(table: Any, path: Path) -> None:
        write(table.slice(1), path)

    form = writers.FORMATS["parquet"]._replace(write=write_less)
    monkeypatch.setitem(writers.FORMATS, "parquet", form)
    with pytest.raises(ExplorerError, match="did not read back"):
        write_out(odd, tmp_path / "mix")
    assert not list(tmp_path.iterdir())


def test_a_target_that_appears_meanwhile_is_not_replaced(
    odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = staging._rename

    def rename_late(source: Path, target: Path) -> None:
        target.mkdir()
        (target / "precious").write_text("mine")
        rename(source, target)

    monkeypatch.setattr(staging, "_rename", rename_late)
    with pytest.raises(ExplorerError, match="File exists"):
        write_out(odd, tmp_path / "mix")
    assert [path.name for path in tmp_path.rglob("*")] == ["mix", "precious"]


def test_a_workspace_that_takes_no_copy_does_not_spoil_the_export(
    odd_place: Place, copy_of: CopyOf, tmp_path: Path
) -> None:
    place = copy_of(odd_place)
    shutil.rmtree(place.workspace.exports, ignore_errors=True)
    place.workspace.exports.write_text("in the way")
    session = Session(place)
    manifest = write_out(session, tmp_path / "mix")
    session.close()
    assert manifest["receipt_copy"] is None
    assert verify(tmp_path / "mix")[1] == ()


def test_every_export_keeps_a_receipt_of_its_own(odd: Session, tmp_path: Path) -> None:
    targets = [tmp_path / str(number) / "mix" for number in (1, 2, 3)]
    for target in targets:
        target.parent.mkdir()
    names = {write_out(odd, target)["receipt_copy"] for target in targets}
    assert len(names) == 3
    assert all(Path(name).is_file() for name in names)


def test_a_text_that_is_not_the_indexed_one_is_refused(
    odd: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = odd.content.read
    monkeypatch.setattr(odd.content, "read", lambda row, report: read(row, report) + b" ")
    with pytest.raises(Refused, match="has changed since it was indexed"):
        write_out(odd, tmp_path / "mix")
    assert not list(tmp_path.iterdir())


# ---- cancelled and killed


def test_cancelling_leaves_nothing(plenty: Session, tmp_path: Path) -> None:
    seen: list[bool] = []

    class Impatient(Job):
        def report(self, progress: Any) -> None:
            if progress.get("rows_done"):
                seen.append(any(tmp_path.iterdir()))
                self.cancel()

    with pytest.raises(Cancelled):
        write_out(plenty, tmp_path / "mix", asked=Impatient(), budget=500_000)
    assert seen[0]
    assert not list(tmp_path.iterdir())


def start_export(place: Place, target: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "explorer", "export", str(place.base), "--stage", FINE_TUNING]
    more = ["--budget", "700000", "--out", str(target), "--format", "parquet,jsonl"]
    return subprocess.Popen([*command, *more], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for_staging(process: subprocess.Popen[bytes], directory: Path) -> None:
    before = set(directory.iterdir())
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and set(directory.iterdir()) <= before and time.monotonic() < deadline:
        time.sleep(0.002)
    assert set(directory.iterdir()) - before


def test_a_killed_export_is_absent_or_whole(plenty_place: Place, tmp_path: Path) -> None:
    target = tmp_path / "mix"
    for delay in (0.0, 0.05, 0.15, 0.3, 0.6):
        process = start_export(plenty_place, target)
        wait_for_staging(process, tmp_path)
        time.sleep(delay)
        process.kill()
        process.wait()
        left = list(tmp_path.iterdir())
        assert all(path == target or path.name.startswith(".mix.tmp-") for path in left)
        if target.exists():
            assert verify(target)[1] == ()
            target.rename(tmp_path / f".mix.tmp-{delay}")


@pytest.mark.parametrize("number", [signal.SIGINT])
def test_a_stopped_export_says_so_and_leaves_nothing(plenty_place: Place, tmp_path: Path, number: int) -> None:
    process = start_export(plenty_place, tmp_path / "mix")
    wait_for_staging(process, tmp_path)
    process.send_signal(number)
    code = process.wait(PATIENCE)
    left = [path.name for path in tmp_path.iterdir()]
    assert (code, left) in ((1, []), (0, ["mix"]))


# ---- what killed exports leave


SHARD = "data/pre-training/mixed/train-00000-of-00001.parquet"


def abandoned(parent: Path, name: str, age: float, *inside: str, marked: str | None = None) -> Path:
    """What a killed export leaves, with its marker, so many seconds old."""
    left = parent / name
    for file in (".spool/00000.parquet", SHARD, *inside):
        (left / file).parent.mkdir(parents=True, exist_ok=True)
        (left / file).write_text("")
    (left / ".export").write_text(marked or f"staged by corpus: {name}\n")
    for path in (*left.rglob("*"), left):
        os.utime(path, (time.time() - age, time.time() - age))
    return left


def test_what_killed_exports_left_is_swept_after_a_day(odd: Session, tmp_path: Path) -> None:
    day = 24 * 3600
    old = abandoned(tmp_path, ".other.tmp-0123456789ab", day + 60)
    kept = [
        abandoned(tmp_path, ".other.tmp-0123456789ac", day - 600),
        abandoned(tmp_path, ".other.tmp-0123456789ad", 2 * day, "mine"),
        abandoned(tmp_path, ".other.tmp-0123456789a0", 2 * day, "data/pre-training/mixed/mine.parquet"),
        abandoned(tmp_path, ".other.tmp-0123456789a1", 2 * day, marked="a stranger's file"),
        abandoned(tmp_path, ".other.tmp-notours", 2 * day),
        abandoned(tmp_path, "other.tmp-0123456789ab", 2 * day),
    ]
    bare = abandoned(tmp_path, ".other.tmp-0123456789a2", 2 * day)
    (bare / ".export").unlink()
    os.utime(bare, (time.time() - 2 * day, time.time() - 2 * day))
    (linked_inside := abandoned(tmp_path, ".other.tmp-0123456789a3", 2 * day) / "data" / "away").symlink_to("/etc")
    os.utime(linked_inside, (time.time() - 2 * day, time.time() - 2 * day), follow_symlinks=False)
    os.utime(linked_inside.parent, (time.time() - 2 * day, time.time() - 2 * day))
    kept += [bare, linked_inside.parents[1]]
    busy = abandoned(tmp_path, ".other.tmp-0123456789ae", 2 * day)
    (busy / SHARD).write_text("just now")
    linked = tmp_path / ".other.tmp-0123456789af"
    linked.symlink_to(abandoned(tmp_path, "elsewhere", 2 * day))
    reports: list[dict[str, Any]] = []

    class Witness(Job):
        def report(self, progress: Any) -> None:
            reports.append({**progress, "still_there": old.exists()})

    write_out(odd, tmp_path / "mix", asked=Witness())
    assert reports[0] == {"leftover": str(old), "still_there": True}
    assert not old.exists()
    assert all(path.is_dir() for path in (*kept, busy, linked))
    assert sum("leftover" in report for report in reports) == 1
