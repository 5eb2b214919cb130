"""The watch over a workspace: what others change is noticed, what this process writes is not."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.corpus.watching import Look, Watch, identity_of
from explorer.corpus.workspace import Workspace

FILES = ("mix.toml", "quality.toml", "optout.txt")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with an index, a mix and a journal."""
    workspace = Workspace(tmp_path / "w")
    (workspace.labels / "journal").mkdir(parents=True)
    for path in (workspace.index, workspace.mix, workspace.labels / "journal" / "a.jsonl"):
        path.write_text("one\n")
    return workspace


def replace(path: Path, text: str) -> None:
    """Puts another file in place in one step, as an index is put in place; its size and time may be equal."""
    fresh = path.with_name("fresh")
    fresh.write_text(text)
    if path.exists():
        os.utime(fresh, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    os.replace(fresh, path)


def append(path: Path) -> None:
    """Adds a line."""
    with path.open("a") as file:
        file.write("more\n")


def look(watch: Watch) -> Look:
    """Looks twice; the second look differs only in that the journals are as they were."""
    first, second = watch.look(), watch.look()
    assert (second.index, second.files, second.journals) == (first.index, first.files, False)
    return first


def test_nothing_is_new_where_nothing_changes(workspace: Workspace) -> None:
    watch = Watch(workspace)
    assert look(watch) == Look(journals=True)  # the journals have not been looked at before
    assert look(watch) == Look()
    workspace.state.write_text("{}")
    workspace.lock.write_text("1\n")
    assert look(watch) == Look()


@pytest.mark.parametrize("change", [append, lambda path: replace(path, "two\n"), lambda path: os.utime(path, (1, 1))])
def test_another_index_is_noticed_until_it_is_taken(workspace: Workspace, change: Callable[[Path], None]) -> None:
    watch = Watch(workspace)
    watch.look()
    change(workspace.index)
    assert look(watch).index == look(watch).index == "other"
    watch.take_index(identity_of(workspace.index))
    assert look(watch) == Look()


def test_an_index_that_goes_and_comes_back_is_the_same(workspace: Workspace) -> None:
    watch = Watch(workspace)
    watch.look()
    workspace.index.rename(workspace.root / "kept")
    assert look(watch).index == "gone"
    (workspace.root / "kept").rename(workspace.index)
    assert look(watch).index == "same"


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_comes_changes_or_goes_is_named(workspace: Workspace, name: str) -> None:
    watch, path = Watch(workspace), workspace.root / name
    watch.look()
    for change in (append, append, lambda path: replace(path, "two\n"), Path.unlink):
        change(path)
        assert look(watch).files == (name,)
        watch.take_files()
        assert look(watch) == Look()


def test_a_journal_that_comes_grows_or_goes_is_noticed_once(workspace: Workspace) -> None:
    watch, journals = Watch(workspace), workspace.labels / "journal"
    watch.look()
    for change in (append, append, Path.unlink):
        change(journals / "b.jsonl")
        assert look(watch) == Look(journals=True)
    (journals / "a.jsonl").unlink()
    journals.rmdir()
    assert look(watch) == Look(journals=True)


def test_a_workspace_that_is_gone_is_told_and_ends_nothing(workspace: Workspace) -> None:
    watch = Watch(workspace)
    watch.look()
    workspace.root.rename(workspace.root.with_name("away"))
    assert look(watch) == Look("gone", ("mix.toml",), journals=True)
    workspace.root.with_name("away").rename(workspace.root)
    assert look(watch) == Look(journals=True)


def test_a_write_that_fails_half_way_is_no_news_and_lets_the_watch_go_on(workspace: Workspace) -> None:
    watch = Watch(workspace)
    watch.look()

    def write() -> None:
        with watch.writing(workspace.mix):
            append(workspace.mix)
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write()
    assert look(watch) == Look()


@given(steps=st.lists(st.tuples(st.sampled_from(FILES), st.sampled_from(("ours", "theirs", "taken"))), max_size=12))
@settings(deadline=None)
def test_what_others_change_stays_news_whatever_is_written_here(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    workspace = Workspace(tmp_path_factory.mktemp("w"))
    watch, theirs = Watch(workspace), set[str]()
    watch.look()
    for name, step in steps:
        path = workspace.root / name
        if step == "ours":
            with watch.writing(path):
                append(path)
        elif step == "theirs":
            append(path)
            theirs.add(name)
        else:
            watch.take_files()
            theirs.clear()
        assert set(watch.look().files) == theirs
