"""Clean-up deletes and replaces only what is ours: strangers' files and links stay as they are, byte and inode.

The campaign: `python -m pytest -m campaign tests/index/test_strangers.py --basetemp=/dev/shm/strangers`. On a disk
it spends two fifths of its time on deleting and syncing small files; a file system in memory spares it that.
"""

import os
import random
import shutil
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from explorer.corpus import marker
from explorer.corpus.workspace import Place, Workspace, locate
from explorer.errors import Exit, ExplorerError, Refused
from explorer.exporting.staging import sweep
from explorer.index.build import Wishes, build_index
from explorer.labels import LabelBook, SampleRef, backup
from explorer.open_corpus.session import Session
from explorer.screens.shared.state import SavedState
from explorer.stats import measuring
from explorer.stats.trend import Point, record
from tests.index.corpora import codes, index, part_names, rows, write

KEY = "0123456789abcdef01234567-000000.parquet"
STAMP = "20260101T000000.000000Z-00ff"
DERIVED = (KEY, f".{KEY}.1-00112233.tmp", ".x.tmp", "mine.parquet", "sub/mine.parquet", "ümlaut\n.txt")
FORMS = (
    *(
        f"{folder}/{name}"
        for folder in ("parts", "content")
        for name in (KEY, "mine.parquet", f".{KEY}.1-00112233.tmp")
    ),
    *(f"{folder}/{name}" for folder in ("parts", "content") for name in (".x.tmp", "sub/mine.parquet", "ümlaut\n.txt")),
    *(".index.duckdb.1.tmp", ".index.duckdb.1.tmp.wal", ".index.duckdb.1-00112233.tmp", ".workspace.json.1.tmp"),
    *(".spill.tmp/mine", ".spill.1-00112233.tmp/sets-0", ".spill.1-00112233.tmp/mine", ".spill-1.tmp/mine"),
    *(f"measured/{'ab' * 16}.json", "measured/mine.json", "exports/mine.json", "exports/diversity.jsonl"),
    *(f"labels/backup/{STAMP}/mine.jsonl", f"labels/backup/{STAMP}/mine.txt", "labels/backup/mine/a.jsonl"),
    *("labels/backup/.unfinished-mine/a", "labels/LOCK", "labels/journal/mine.txt", "baselines/mine.parquet"),
    *("state.json", "reader.log", "ui.log", "index.lock", "mine.parquet", "notes/mine.txt", "index.duckdb.tmp"),
)
"""Names below a workspace under which a stranger's file may lie, many of them like our own."""
FOLDERS = ("parts", "content", "labels", "labels/journal", "labels/backup", "exports", "baselines", "measured")
STAGED = (".mix.tmp-0123456789ab", ".x.tmp-00112233ffee", "mix.tmp-0123456789ab")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    base = tmp_path / "corpus"
    for name in "ab":
        write(base / f"{name}.parquet", {"content": codes(3, name)})
    return base


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with an index, its text copied, and labels."""
    base = tmp_path_factory.mktemp("built") / "corpus"
    for name in "ab":
        write(base / f"{name}.parquet", {"content": codes(3, name)})
    build(locate(str(base)))
    with_label(base / ".corpus", "keep")
    return base


def build(place: Place) -> None:
    build_index(place, Wishes(workers=0, exact_tokens=False, content="copy", signals="quick"))


def with_label(root: Path, verdict: str) -> None:
    book = LabelBook.open(root / "labels", "ann")
    with suppress(ExplorerError):
        book.set([SampleRef("a" * 64, "b" * 64)], "verdict", verdict)
    book.close()


Seen = dict[Path, tuple[Any, ...]]


def seen(path: Path) -> tuple[Any, ...]:
    """All that must not change of a file or a link."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return status.st_dev, status.st_ino, os.readlink(path)
    content = path.read_bytes() if stat.S_ISREG(status.st_mode) else stat.S_IFMT(status.st_mode)
    return status.st_dev, status.st_ino, content


def plant(path: Path, chance: random.Random, planted: Seen) -> None:
    """Puts a stranger's file, link or FIFO there, unless something is there already."""
    with suppress(FileExistsError, NotADirectoryError, FileNotFoundError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(path):
            return
        kind = chance.choices(("file", "link", "fifo"), (8, 2, 1))[0]
        if kind == "file":
            path.write_bytes(chance.randbytes(chance.choice((0, 7, 300))))
        elif kind == "link":
            path.symlink_to(chance.choice(("/etc/passwd", "nowhere", "..")))
        else:
            os.mkfifo(path)
        planted[path] = seen(path)


# ---- the cases that were lost


@pytest.mark.parametrize("folder", ["parts", "content"])
def test_a_folder_of_somebody_else_is_refused_and_left(folder: str, corpus: Path, tmp_path: Path) -> None:
    mine = tmp_path / "w" / folder / "mine.parquet"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"all I have")
    with pytest.raises(Refused, match=rf"is not empty and not a workspace of ours: it holds {folder}/mine\.parquet\."):
        index(corpus, tmp_path / "w")
    assert Refused("").exit == Exit.REFUSED
    assert [path for path in (tmp_path / "w").rglob("*") if path.is_file()] == [mine]
    assert mine.read_bytes() == b"all I have"
    assert index(corpus, tmp_path / "other").rows == 6, "what the hint says works"


@pytest.mark.parametrize("name", [*FOLDERS, "workspace.json", "index.duckdb", marker.NAME, "index.lock"])
def test_a_part_that_is_a_link_is_refused(name: str, built: Path, tmp_path: Path) -> None:
    base = Path(shutil.copytree(built, tmp_path / "corpus"))
    away = tmp_path / "away"
    part = base / ".corpus" / name
    part.parent.mkdir(exist_ok=True)
    if part.exists():
        shutil.move(part, away)
    else:
        away.mkdir()
    part.symlink_to(away)
    before = {path: seen(path) for path in (away, *away.rglob("*")) if not path.is_dir()}
    write(base / "c.parquet", {"content": codes(3, "c")})
    with pytest.raises(Refused, match="is a link to"):
        build(locate(str(base)))
    with_label(base / ".corpus", "drop") if name.startswith("labels") else None
    assert {path: seen(path) for path in before} == before
    assert {path for path in (away, *away.rglob("*")) if not path.is_dir()} == set(before)


def test_a_workspace_that_is_a_link_is_refused_with_the_name_that_works(built: Path, tmp_path: Path) -> None:
    base = Path(shutil.copytree(built, tmp_path / "corpus"))
    shutil.move(base / ".corpus", tmp_path / "real")
    (base / ".corpus").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match="is a link to") as error:
        build(locate(str(base)))
    assert f"--workspace {tmp_path / 'real'}" in error.value.hint
    build(locate(str(base), str(tmp_path / "real")))


@pytest.mark.parametrize("name", ["index.duckdb", "workspace.json", marker.NAME])
def test_a_stranger_under_a_name_of_ours_is_not_replaced(name: str, built: Path, tmp_path: Path) -> None:
    """In a workspace whose derived files were deleted, and in one that has lost that file alone."""
    for number, left in enumerate((("labels",), ("labels", "workspace.json"))):
        base = Path(shutil.copytree(built, tmp_path / f"{number}"))
        root = base / ".corpus"
        for path in root.iterdir():
            if path.name not in left:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        (root / name).unlink(missing_ok=True)
        (root / name).write_bytes(b"a thesis")
        if (root / "workspace.json").exists() and name == "index.duckdb":
            continue  # the description proves that an index was there
        with pytest.raises(Refused):
            build(locate(str(base)))
        assert (root / name).read_bytes() == b"a thesis"


# ---- what still works


@pytest.mark.parametrize(
    "left",
    [
        ("labels",),
        ("labels", "mix.toml", "quality.toml", "optout.txt", "exports", "baselines"),
        ("labels", "state.json", "reader.log", "index.lock", "parts"),
        ("labels", "parts", "content", "index.duckdb"),
        ("labels", "parts", "content", "workspace.json", "index.duckdb"),
        ("labels", marker.NAME),
        (),
    ],
    ids=lambda left: "-".join(left) or "empty",
)
def test_a_workspace_that_lost_its_derived_files_is_built_again(
    left: tuple[str, ...], built: Path, tmp_path: Path
) -> None:
    base = Path(shutil.copytree(built, tmp_path / "corpus"))
    root = base / ".corpus"
    for name, text in (("mix.toml", "format = 1\n"), ("optout.txt", "# none\n"), ("reader.log", "")):
        (root / name).write_text(text)
    shutil.copy(Path(measuring.__file__).parents[1] / "quality" / "quality.toml", root / "quality.toml")
    SavedState().save(root / "state.json")
    for name in ("exports", "baselines"):
        (root / name).mkdir()
    for path in root.iterdir():
        if path.name not in left:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    build(locate(str(base)))
    assert len(rows(root)) == 6
    before = part_names(root)
    write(base / "a.parquet", {"content": codes(3, "new")})
    build(locate(str(base)))
    if {"index.duckdb", "content"} <= set(left) or "parts" not in left:
        assert len(part_names(root)) == 1, "outdated parts of ours still go"
    assert set(part_names(root)) - set(before)


# ---- the campaign

TRIES = [pytest.param(2000, marks=pytest.mark.campaign), 15]


@pytest.mark.parametrize("tries", TRIES)
def test_no_file_or_link_of_a_stranger_is_touched(
    tries: int, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders with strangers' files and links around and in a workspace, by seed, under all that cleans up."""
    monkeypatch.setattr(backup, "KEEP", 1)
    monkeypatch.setattr(measuring, "KEPT", 1)
    lost: list[str] = []
    outcomes = {"built": 0, "refused": 0}
    for seed in range(tries):
        folder = tmp_path / str(seed)
        lost += [f"seed {seed}: {path}" for path in one_try(random.Random(seed), folder, built, outcomes)]
        shutil.rmtree(folder)
    assert lost == []
    assert min(outcomes.values()) > tries / 20, outcomes


def one_try(chance: random.Random, folder: Path, built: Path, outcomes: dict[str, int]) -> list[Path]:
    """Plants strangers, runs everything that deletes or replaces, and names what is not as it was."""
    planted: Seen = {}
    root = workspace_of(chance, folder, built)
    place = locate(str(folder / "corpus"), str(root) if root.name == "w" else None)
    for name in chance.sample(FORMS, chance.randint(0, 6)):
        plant(root / name, chance, planted)
    for name in chance.sample(STAGED, chance.randint(0, 2)):
        for inside in chance.sample(("manifest.json", "data/x/mixed/train-00000-of-00001.parquet", ".export", "a"), 2):
            plant(folder / name / inside, chance, planted)
        age(folder / name)
    for path in (folder / "corpus" / "mine.txt", folder / "away" / "mine.parquet", folder / "away" / KEY):
        plant(path, chance, planted)
    if chance.random() < 0.4:
        link_away(root / chance.choice((*FOLDERS, "")), folder / "away", planted)
    act(chance, place, outcomes)
    return [path for path, before in planted.items() if not os.path.lexists(path) or seen(path) != before]


def workspace_of(chance: random.Random, folder: Path, built: Path) -> Path:
    """A corpus whose workspace is ours, is ours in part, or is not there."""
    shutil.copytree(built, folder / "corpus")
    root = folder / "corpus" / ".corpus"
    state = chance.choice(("whole", "whole", "no marker", "no description", "labels only", "none"))
    if state == "no marker":
        (root / marker.NAME).unlink()
    elif state == "no description":
        (root / "workspace.json").write_text("{")
    elif state in ("labels only", "none"):
        for path in root.iterdir():
            if state == "none" or path.name != "labels":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    if chance.random() < 0.3:
        root = Path(shutil.move(root, folder / "w"))
    return root


def link_away(path: Path, away: Path, planted: Seen) -> None:
    """Puts a link to a stranger's folder in the place of a folder of ours, whose own files go there too."""
    holds_strangers = any(path in each.parents for each in planted)
    if not path.parent.is_dir() or holds_strangers or path.is_symlink():
        return
    target = away / "linked"
    target.mkdir(parents=True)
    if path.is_dir():
        for each in path.iterdir():
            shutil.move(each, target / each.name)
        path.rmdir()
    path.symlink_to(target)
    # A workspace behind a link is still ours; a folder behind one of its parts is not.
    for each in (path, *(() if (target / "labels").is_dir() else target.rglob("*"))):
        if not each.is_dir() or each.is_symlink():
            planted[each] = seen(each)


def age(folder: Path) -> None:
    old = time.time() - 3 * 24 * 3600
    for path in (*folder.rglob("*"), folder):
        with suppress(OSError):
            os.utime(path, (old, old), follow_symlinks=False)


def act(chance: random.Random, place: Place, outcomes: dict[str, int]) -> None:
    """Builds twice with a change between, labels, remembers, measures and sweeps; whatever is refused is refused."""
    workspace = place.workspace
    for change in ("first", "second"):
        write(place.base / f"{chance.choice('abc')}.parquet", {"content": codes(3, f"{change}{chance.random()}")})
        try:
            build(place)
            outcomes["built"] += 1
        except Refused:
            outcomes["refused"] += 1
        with_label(workspace.root, chance.choice(("keep", "drop")))
    remember(workspace, chance)
    sweep(place.base.parent, lambda left: None)
    with suppress(ExplorerError):
        Session(place).close()


def remember(workspace: Workspace, chance: random.Random) -> None:
    if not workspace.root.is_dir():
        return
    SavedState(filter=str(chance.random())).save(workspace.state)
    keep: Callable[..., None] = measuring._keep
    for number in range(3):
        keep(workspace, f"{chance.choice((number, 0xAB)):032x}".replace("00ab", "abab"), Kept())
    for name in ("reader.log", "ui.log"):
        if (log := marker.open_log(workspace.root / name)) is not None:
            os.write(log, b"a line\n")
            os.close(log)
    with suppress(OSError):
        record(workspace, [Point("0" * 12, "", "s", "l", "types", 1.0, 1.0, 1.0, "green", "b")])


class Kept:
    """Stands for a comparison that is kept."""

    def as_json(self) -> dict[str, Any]:
        return {}
