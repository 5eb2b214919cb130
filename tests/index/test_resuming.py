"""What was done is never done again; a build that is stopped loses nothing that was finished."""

import errno
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from explorer.corpus import marker
from explorer.corpus.workspace import Workspace, locate
from explorer.errors import BadInput, ExplorerError, Refused
from explorer.index import loading, work
from explorer.index.build import Progress, Wishes, build_index
from tests.index.corpora import codes, column, index, index_hash, part_names, reasons, rows, write
from tests.patience import PATIENCE

COMMAND = (sys.executable, "-m", "explorer", "index")


@pytest.fixture(autouse=True)
def a_part_a_file() -> Iterator[None]:
    """Gives every small file a part of its own, as a large one has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "SMALL_BYTES", -1)
        yield


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    base = tmp_path / "corpus"
    for name in "abc":
        write(base / f"{name}.parquet", {"content": codes(20, name)}, row_group_size=5)
    return base


def test_an_unchanged_corpus_is_not_read_again(corpus: Path) -> None:
    assert index(corpus).fresh_rows == 60
    before = index_hash(corpus / ".corpus")
    stamp = (corpus / ".corpus" / "index.duckdb").stat().st_mtime_ns
    again = index(corpus)
    assert (again.rows, again.fresh_rows, again.bytes) == (60, 0, 0)
    assert (corpus / ".corpus" / "index.duckdb").stat().st_mtime_ns == stamp, "not even loaded again"
    assert index_hash(corpus / ".corpus") == before


def test_only_what_changed_is_read(corpus: Path) -> None:
    index(corpus)
    first = set(part_names(corpus / ".corpus"))
    write(corpus / "b.parquet", {"content": codes(7, "new")})
    assert index(corpus).fresh_rows == 7
    second = set(part_names(corpus / ".corpus"))
    assert (len(first & second), len(second)) == (2, 3)
    write(corpus / "aa.parquet", {"content": codes(4, "more")})
    assert index(corpus).fresh_rows == 4
    (corpus / "a.parquet").unlink()
    gone = index(corpus)
    assert (gone.fresh_rows, gone.rows) == (0, 31)
    assert len(part_names(corpus / ".corpus")) == 3
    index(corpus, corpus.parent / "anew")
    assert rows(corpus / ".corpus") == rows(corpus.parent / "anew")


def test_a_file_written_again_with_the_same_rows_is_noticed(corpus: Path) -> None:
    index(corpus)
    write(corpus / "b.parquet", {"content": codes(20, "x")}, row_group_size=5)
    assert index(corpus).fresh_rows == 20


def test_another_mapping_or_way_of_counting_makes_other_parts(corpus: Path) -> None:
    write(corpus / "d.parquet", {"content": codes(3), "remark": codes(3, "remark")})
    place = locate(str(corpus))
    assert index(corpus).fresh_rows == 63
    assert build_index(place, Wishes(workers=0, exact_tokens=False, content="copy")).fresh_rows == 63
    assert build_index(place, Wishes(workers=0, exact_tokens=False)).fresh_rows == 0
    assert list(place.workspace.content.iterdir()) == []
    assert index(corpus / "d.parquet", corpus.parent / "w", content="remark").fresh_rows == 3
    assert index(corpus / "d.parquet", corpus.parent / "w", content="content").fresh_rows == 3


def test_a_file_that_was_set_aside_is_tried_again(corpus: Path) -> None:
    whole = (corpus / "b.parquet").read_bytes()
    (corpus / "b.parquet").write_bytes(whole[:-9])
    assert reasons(index(corpus)).keys() == {"b.parquet"}
    (corpus / "b.parquet").write_bytes(whole)
    assert (index(corpus).fresh_rows, len(rows(corpus / ".corpus"))) == (20, 60)


def test_a_file_that_changes_while_it_is_read_is_set_aside(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.index import parts

    def spoil_and_read(*args: object, **named: object) -> object:
        yield from read(*args, **named)
        os.utime(corpus / "b.parquet")

    read = parts.read_batches
    monkeypatch.setattr(parts, "read_batches", spoil_and_read)
    built = index(corpus)
    assert reasons(built) == {"b.parquet": "reading it failed: it changed while it was read"}
    assert len(part_names(corpus / ".corpus")) == 2


def test_damaged_parts_are_removed_and_made_anew(corpus: Path) -> None:
    index(corpus)
    before = index_hash(corpus / ".corpus")
    part = next(iter((corpus / ".corpus" / "parts").glob("*.parquet")))
    part.write_bytes(part.read_bytes()[:-30])
    assert index(corpus).fresh_rows == 0, "an index that stands needs no parts"
    (corpus / ".corpus" / "index.duckdb").unlink()
    with pytest.raises(ExplorerError, match="1 parts of the index were damaged and have been removed"):
        index(corpus)
    assert index(corpus).fresh_rows == 20
    assert index_hash(corpus / ".corpus") == before


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EACCES, errno.EIO])
def test_parts_that_the_machine_does_not_let_us_read_stay(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: Any) -> Any:
        raise OSError(number, os.strerror(number))

    index(corpus)
    parts = part_names(corpus / ".corpus")
    (corpus / ".corpus" / "index.duckdb").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(loading, "load", fail)
        patched.setattr(loading, "pq", SimpleNamespace(ParquetFile=fail))
        with pytest.raises(ExplorerError, match=f"could not be built: .*{os.strerror(number)}") as caught:
            index(corpus)
    assert "damaged" not in str(caught.value)
    assert part_names(corpus / ".corpus") == parts
    assert index(corpus).fresh_rows == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 0}', '"x"'])
def test_a_damaged_description_costs_a_loading_at_most(text: str, corpus: Path) -> None:
    index(corpus)
    before = index_hash(corpus / ".corpus")
    Workspace(corpus / ".corpus").description.write_text(text)
    assert index(corpus).fresh_rows == 0
    assert index_hash(corpus / ".corpus") == before


def test_a_damaged_index_is_refused_by_name_of_its_workspace(corpus: Path) -> None:
    index(corpus)
    Workspace(corpus / ".corpus").description.write_text("{")
    with pytest.raises(BadInput, match="another version or is damaged"):
        locate(str(corpus / ".corpus"))


def test_leftovers_of_a_build_are_swept_and_nothing_else(corpus: Path) -> None:
    index(corpus)
    root = corpus / ".corpus"
    key = part_names(root)[0]
    left = [f".index.duckdb.1-0123abcd.tmp{end}" for end in ("", ".wal")]
    left += [".workspace.json.1-0123abcd.tmp", f"parts/.{key}.1-0123abcd.tmp", f"content/.{key}.1-0123abcd.tmp"]
    spill = root / ".spill.1-0123abcd.tmp"
    spill.mkdir()
    (spill / "sets-0").write_text("left")
    others = [root / name for name in (".mix.toml.1.tmp", ".state.json.1.tmp", "mix.toml", "index.duckdb.tmp")]
    others += [root / "parts" / f".{key}.2-0123abcd.tmp", root / ".index.duckdb.2-0123abcd.tmp"]
    for path in (*(root / name for name in left), *others):
        path.write_text("left")
    marker.record(root, *left, spill.name)
    (root / "labels").mkdir()
    index(corpus)
    assert not [path for path in (*(root / name for name in left), spill) if path.exists()]
    assert all(path.exists() for path in (*others, root / "labels"))


def test_a_full_disk_ends_the_run_and_sets_no_file_aside(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0

    def write_some(*args: object, **named: object) -> None:
        nonlocal written
        written += 1
        if written == 3:
            raise OSError(28, "No space left on device")
        write_table(*args, **named)

    write_table = pq.ParquetWriter.write_table
    monkeypatch.setattr(pq.ParquetWriter, "write_table", write_some)
    with pytest.raises(ExplorerError, match=r"^The workspace cannot be written: No space left on device\.") as error:
        index(corpus)
    assert "what was finished is kept" in error.value.hint
    assert len(part_names(corpus / ".corpus")) == 2
    assert not list((corpus / ".corpus" / "parts").glob(".*"))
    monkeypatch.undo()
    assert index(corpus).fresh_rows == 20


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_index_that_cannot_be_written_is_said_in_a_sentence(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.index.loading.MEMORY_LIMIT", "1B")
    with pytest.raises(ExplorerError, match=r"^The index could not be built: "):
        index(corpus)
    monkeypatch.undo()
    assert (index(corpus).fresh_rows, len(rows(corpus / ".corpus"))) == (0, 60)


def test_a_workspace_that_cannot_be_made_is_said_in_a_sentence(corpus: Path) -> None:
    (corpus / ".corpus").write_text("a file in the way")
    with pytest.raises(ExplorerError, match="cannot be made"):
        index(corpus)


def test_a_lock_that_is_a_link_is_refused(corpus: Path, tmp_path: Path) -> None:
    index(corpus)
    Workspace(corpus / ".corpus").lock.unlink()
    Workspace(corpus / ".corpus").lock.symlink_to(tmp_path / "victim")
    with pytest.raises(Refused, match=r"index\.lock is a link to "):
        index(corpus)
    assert not (tmp_path / "victim").exists()


def test_the_second_builder_is_told_who_the_first_is(corpus: Path) -> None:
    index(corpus)
    lock = Workspace(corpus / ".corpus").lock
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    ended = subprocess.run([*COMMAND, str(corpus)], capture_output=True, text=True, timeout=PATIENCE)
    holder.kill()
    holder.communicate()
    assert ended.returncode == 1
    assert f"The corpus is being indexed by process {holder.pid}." in ended.stderr
    assert index(corpus).fresh_rows == 0, "the lock goes with its holder"


HOLD = """
import sys
from pathlib import Path
from explorer.index.lock import only_builder
with only_builder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_progress_only_grows_and_ends_whole(corpus: Path) -> None:
    told: list[Progress] = []
    build_index(locate(str(corpus)), Wishes(workers=0, exact_tokens=False), told.append)
    assert list(dict.fromkeys(progress.phase for progress in told)) == ["checking", "reading", "loading"]
    reading = [progress for progress in told if progress.phase == "reading"]
    for field in ("rows_done", "bytes_done", "fresh_rows", "files_done"):
        values = [getattr(progress, field) for progress in reading]
        assert values == sorted(values)
    last = reading[-1]
    assert (last.rows_done, last.rows, last.files_done, last.files) == (60, 60, 3, 3)


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that takes two workers a few seconds."""
    base = tmp_path_factory.mktemp("larger")
    chance = random.Random(1)
    words = [f"word{number}" for number in range(500)]
    for number in range(12):
        texts = [" ".join(chance.choices(words, k=300)) for _ in range(1000)]
        write(base / f"{number:02d}.parquet", {"content": texts})
    return base


@pytest.fixture(scope="module")
def undisturbed(larger: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = tmp_path_factory.mktemp("undisturbed")
    assert finish(run(larger, workspace)) == (0, "")
    return index_hash(workspace)


def run(corpus: Path, workspace: Path) -> "subprocess.Popen[str]":
    words = [*COMMAND, str(corpus), "--workspace", str(workspace), "--workers", "2", "--tokens", "exact"]
    return subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True)


def finish(building: "subprocess.Popen[str]") -> tuple[int, str]:
    """Waits for a build; returns its exit code and what it said."""
    _, talk = building.communicate(timeout=PATIENCE)
    return building.returncode, talk.strip()


def wait_for_parts(building: "subprocess.Popen[str]", workspace: Path, number: int) -> None:
    while building.poll() is None and (not (workspace / "parts").is_dir() or len(part_names(workspace)) < number):
        time.sleep(0.005)


@pytest.mark.parametrize("parts", [1, 5, 12])
def test_a_killed_build_goes_on_where_it_was(parts: int, larger: Path, undisturbed: str, tmp_path: Path) -> None:
    building = run(larger, tmp_path)
    wait_for_parts(building, tmp_path, parts)
    building.kill()
    assert finish(building)[1] == "", "workers leave without a word"
    assert session_is_empty(building.pid)
    kept = {name: (tmp_path / "parts" / name).stat().st_mtime_ns for name in part_names(tmp_path)}
    assert len(kept) >= parts
    assert finish(run(larger, tmp_path)) == (0, "")
    assert index_hash(tmp_path) == undisturbed
    assert kept.items() <= {n: (tmp_path / "parts" / n).stat().st_mtime_ns for n in part_names(tmp_path)}.items()
    assert not list(tmp_path.rglob("*.tmp*"))


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(30))
def test_a_build_killed_at_any_time_goes_on(seed: int, larger: Path, undisturbed: str, tmp_path: Path) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        building = run(larger, tmp_path)
        time.sleep(chance.uniform(0.3, 4.0))
        building.kill()
        building.communicate()
    assert finish(run(larger, tmp_path)) == (0, "")
    assert index_hash(tmp_path) == undisturbed


@pytest.mark.parametrize("parts", [3, 12], ids=("reading", "loading"))
def test_an_interrupted_build_says_so_and_leaves_nobody_behind(
    parts: int, larger: Path, undisturbed: str, tmp_path: Path
) -> None:
    building = run(larger, tmp_path)
    wait_for_parts(building, tmp_path, parts)
    os.killpg(building.pid, signal.SIGINT)
    assert finish(building) == (1, "corpus: Stopped.\n        What was finished is kept.")
    assert session_is_empty(building.pid)
    assert len(part_names(tmp_path)) >= parts
    assert finish(run(larger, tmp_path)) == (0, "")
    assert index_hash(tmp_path) == undisturbed


def session_is_empty(session: int) -> bool:
    """Waits until no process of a session is left."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            os.killpg(session, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_lock_that_lies_loses_nothing(
    larger: Path, undisturbed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two builders at once, as on file systems whose locks are granted to everybody."""
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    corpus, workspace = tmp_path / "corpus", tmp_path / "w"
    corpus.mkdir()
    for name in ("00", "01", "02"):
        shutil.copy(larger / f"{name}.parquet", corpus)
    place = locate(str(corpus), str(workspace))
    first: list[Progress] = []

    def build_another(progress: Progress) -> None:
        first.append(progress)
        if progress.phase == "reading" and progress.files_done == 1 and not (workspace / "index.duckdb").exists():
            build_index(place, Wishes(workers=0, exact_tokens=False))

    build_index(place, Wishes(workers=0, exact_tokens=False), build_another)
    index(corpus, tmp_path / "alone")
    assert index_hash(workspace) == index_hash(tmp_path / "alone")
    assert column(workspace, "row") == list(range(3000))
