"""Showing never writes: every showing command leaves a workspace as it is and works where nothing can be written."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explorer.corpus.workspace import Place
from explorer.errors import Exit
from explorer.labels import LabelBook, SampleRef
from explorer.mixing.mix_file import load_mix
from tests.cli.conftest import Cli
from tests.journeys.terminal import Terminal, corpus_open


@pytest.fixture
def shown(plenty_place: Place, copy_of: Callable[[Place], Place], cli: Cli, tmp_path: Path) -> Path:
    """A labelled corpus, and an export of it beside it."""
    base = copy_of(plenty_place).base
    book = LabelBook.open(base / ".corpus" / "labels", "ann")
    book.set([SampleRef("a" * 64, "b" * 64)], "verdict", "drop")
    book.close()
    ran = cli("export", base, "--stage", "fine-tuning", "--budget", "20000", "--out", tmp_path / "mix")
    assert ran.code == Exit.DONE, ran.err
    return base


def showing(base: Path, mix: Path) -> dict[str, tuple[str, ...]]:
    """Every command that shows something, by name."""
    pages = ("quality", "style", "diversity", "freshness", "licences", "duplicates", "overview")
    corpus, out = str(base), str(mix)
    return {
        "info": ("info", corpus),
        "info of a workspace": ("info", f"{corpus}/.corpus", "--json"),
        "find": ("find", corpus, "tier = 1", "--limit", "3"),
        "find in texts": ("find", corpus, "content like '%name_1 %'", "--limit", "3"),
        "clusters": ("clusters", corpus),
        "stats": ("stats", corpus),
        **{f"stats {page}": ("stats", corpus, "--page", page) for page in pages if page != "quality"},
        "mix": ("mix", corpus),
        "mix as JSON": ("mix", corpus, "--json"),
        "presets": ("mix", corpus, "--preset", "list"),
        "history": ("history", corpus),
        "baselines": ("baseline", corpus, "list"),
        "verify": ("verify", out),
        "why": ("why", out, "no such sample"),
    }


def tree(folder: Path) -> dict[str, object]:
    """Names, times and contents of everything in a folder."""
    return {
        str(path.relative_to(folder)): (
            status.st_ino,
            status.st_mtime_ns,
            path.read_bytes() if path.is_file() else None,
        )
        for path in (folder, *sorted(folder.rglob("*")))
        if (status := path.lstat())
    }


def first_id(cli: Cli, base: Path) -> str:
    return str(cli("find", base, "--limit", "1", "--json").document["rows"][0]["id"])


def test_showing_commands_leave_the_workspace_as_it_is(shown: Path, cli: Cli, tmp_path: Path) -> None:
    root = shown / ".corpus"
    before = tree(root)
    ids = first_id(cli, shown)
    commands = showing(shown, tmp_path / "mix")
    commands |= {"show": ("show", str(shown), ids), "similar": ("similar", str(shown), ids)}
    for name, words in commands.items():
        ran = cli(*words)
        assert ran.code == Exit.DONE, (name, ran.err)
        assert tree(root) == before, name


def test_a_mix_is_written_once_it_is_changed(shown: Path, cli: Cli) -> None:
    mix = shown / ".corpus" / "mix.toml"
    assert cli("mix", shown).code == Exit.DONE
    assert not mix.exists()
    assert cli("mix", shown, "--stage", "fine-tuning", "--budget", "fit").code == Exit.DONE
    assert load_mix(mix).stage("fine-tuning").budget == "fit"


def test_a_screen_opened_to_look_only_writes_nothing(shown: Path) -> None:
    before = tree(shown / ".corpus")
    with Terminal(corpus_open("--read-only", shown)) as terminal:
        terminal.until("row 1 of 2,500")
        terminal.send("w")
        terminal.until("epoch")
        terminal.send("%")
        terminal.until("quality")
        terminal.send("q")
        assert terminal.end() == 0
    assert tree(shown / ".corpus") == before


@pytest.fixture
def mounted(shown: Path, tmp_path: Path) -> Iterator[Path]:
    """The corpus and its export on a file system that is mounted read-only."""
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("only root on Linux can mount a file system")
    room = tmp_path / "mounted"
    room.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", room], check=False, capture_output=True).returncode:
        pytest.skip("this machine mounts nothing")
    try:
        shutil.copytree(shown, room / "plenty")
        shutil.copytree(tmp_path / "mix", room / "mix")
        subprocess.run(["mount", "-o", "remount,ro", room], check=True)
        yield room
    finally:
        subprocess.run(["umount", "--lazy", room], check=True)


def test_a_corpus_on_a_read_only_mount_is_shown(mounted: Path, cli: Cli) -> None:
    with pytest.raises(OSError, match="Read-only"):
        (mounted / "plenty" / "new").touch()
    ids = first_id(cli, mounted / "plenty")
    commands = showing(mounted / "plenty", mounted / "mix")
    commands |= {"show": ("show", str(mounted / "plenty"), ids), "similar": ("similar", str(mounted / "plenty"), ids)}
    for name, words in commands.items():
        ran = cli(*words)
        assert ran.code == Exit.DONE, (name, ran.err)
    for words in (
        ("mix", mounted / "plenty", "--stage", "fine-tuning", "--budget", "fit"),
        ("index", mounted / "plenty"),
    ):
        ran = cli(*words)
        assert ran.code in (Exit.FAILED, Exit.DONE)
        assert "nobody foresaw" not in ran.err


@pytest.mark.parametrize("more", [(), ("--read-only",)], ids=["open", "open --read-only"])
def test_the_screen_opens_on_a_read_only_mount(more: tuple[str, ...], mounted: Path) -> None:
    with Terminal(corpus_open(*more, mounted / "plenty")) as terminal:
        terminal.until("row 1 of 2,500")
        terminal.until("read-only")
        terminal.send("1")
        terminal.until("read-only: ")
        terminal.send("w")
        terminal.until("epoch")
        terminal.send("q")
        assert terminal.end() == 0


def test_folders_that_may_only_be_read_are_shown(shown: Path, tmp_path: Path) -> None:
    """Permissions without the right to write, which root gives up to be bound by them."""
    setpriv = shutil.which("setpriv")
    if os.getuid() != 0 or setpriv is None:
        pytest.skip("needs root and setpriv to give rights up")
    for path in (shown, tmp_path / "mix", *shown.rglob("*"), *(tmp_path / "mix").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    become = [setpriv, "--bounding-set=-dac_override,-dac_read_search,-fowner", sys.executable, "-m", "explorer"]
    if subprocess.run([*become, "--version"], capture_output=True, check=False).returncode:
        pytest.skip("setpriv cannot take rights away here")
    before = tree(shown)
    for name in ("info", "find", "mix", "history", "verify", "why", "stats"):
        words = showing(shown, tmp_path / "mix")[name]
        ran = subprocess.run([*become, *words], capture_output=True, text=True, check=False)
        assert ran.returncode == Exit.DONE, (name, ran.stderr)
    with Terminal([*become, "open", str(shown)]) as terminal:
        terminal.until("row 1 of 2,500")
        terminal.send("q")
        assert terminal.end() == 0
    assert tree(shown) == before
