"""A corpus that is copied or moved with its workspace is worked on where it lies now, and never where it lay."""

import json
import shutil
from pathlib import Path

import pytest

from explorer.corpus.workspace import Place, Workspace, locate, place_of_workspace, settled
from explorer.errors import BadInput, Exit
from tests.cli.conftest import Cli, cli
from tests.corpora import indexed, plenty_rows, write
from tests.journeys.story import told
from tests.journeys.terminal import Terminal, corpus_open

__all__ = ["cli"]


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """An indexed corpus."""
    base = tmp_path / "original"
    base.mkdir()
    write(base / "a.parquet", plenty_rows(60))
    indexed(base)
    return base


def as_before(root: Path, base: Path) -> None:
    """Makes a description one of version 0.1.0, which named the corpus by its whole path."""
    path = root / "workspace.json"
    described = json.loads(path.read_text())
    path.write_text(json.dumps({**described, "base": str(base)}))


async def test_a_copy_is_a_corpus_of_its_own(original: Path, tmp_path: Path, cli: Cli) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(original, copy)
    for path in (copy, copy / ".corpus"):
        assert settled(locate(str(path))) == Place(copy, "**/*.parquet", Workspace(copy / ".corpus"))
        assert cli("info", path, "--json").document["name"] == "copy"
    ran = cli(
        "export", copy / ".corpus", "--stage", "fine-tuning", "--budget", "2000", "--out", tmp_path / "mix", "--json"
    )
    assert ran.code == Exit.DONE, ran.err
    corpus = ran.document["corpus"]
    assert (corpus["base"], corpus["workspace"]) == (str(copy), str(copy / ".corpus"))
    assert not (original / ".corpus" / "exports").exists()
    inside = cli("export", copy / ".corpus", "--stage", "fine-tuning", "--out", copy / "mix")
    assert f"inside the corpus {copy}." in inside.err, "the guard knows the copy"
    async with told(locate(str(copy))) as story:
        await story.until_text("copy")
        assert story.app.workbench.described.base == str(copy)


def test_a_moved_corpus_is_read_where_it_is(original: Path, tmp_path: Path, cli: Cli) -> None:
    ids = cli("find", original, "--limit", "1", "--json").document["rows"][0]["id"]
    moved = original.rename(tmp_path / "moved")
    for path in (moved, moved / ".corpus"):
        ran = cli("show", path, ids, "--json")
        assert ran.code == Exit.DONE, ran.err


def test_a_single_file_and_a_glob_are_found_from_their_workspaces(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        write(tmp_path / name, plenty_rows(5))
    for pattern, root in (("a.parquet", "a.parquet.corpus"), ("*.parquet", ".corpus")):
        indexed(tmp_path / pattern)
        place = locate(str(tmp_path / root))
        assert (place.base, place.pattern) == (tmp_path, pattern)


def test_a_workspace_elsewhere_finds_its_corpus_until_two_are_there(tmp_path: Path, cli: Cli) -> None:
    project = tmp_path / "project"
    (project / "corpus").mkdir(parents=True)
    write(project / "corpus" / "a.parquet", plenty_rows(20))
    assert cli("index", project / "corpus", "--workspace", project / "w", "--workers", 0).code == Exit.DONE
    assert locate(str(project / "w")).base == project / "corpus"
    moved = project.rename(tmp_path / "moved")
    assert locate(str(moved / "w")).base == moved / "corpus", "moved together"
    shutil.move(moved / "w", tmp_path / "w")
    assert locate(str(tmp_path / "w")).base == project / "corpus", "neither is there: the one that was indexed"
    shutil.copytree(moved, project)
    shutil.copytree(tmp_path / "w", project / "w")
    shutil.copytree(tmp_path / "w", moved / "w")
    assert settled(locate(str(moved / "corpus"), str(moved / "w"))).base == moved / "corpus"
    assert locate(str(project / "w")).base == project / "corpus"
    both = cli("info", moved / "w")
    assert both.code == Exit.REFUSED
    assert f"may be that of {project / 'corpus'} or of {moved / 'corpus'}" in both.err
    assert cli("index", moved / "corpus", "--workspace", moved / "w", "--workers", 0).code == Exit.DONE
    assert cli("info", moved / "w").code == Exit.DONE, "what the hint says works"


def test_an_old_description_that_names_the_original_is_asked_about(original: Path, tmp_path: Path, cli: Cli) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(original, copy)
    as_before(copy / ".corpus", original)
    for command in (("info", copy), ("find", copy), ("history", copy), ("mix", copy), ("info", copy / ".corpus")):
        ran = cli(*command)
        assert (ran.code, ran.out) == (Exit.REFUSED, "")
        assert str(original) in ran.err
    assert cli("index", copy, "--workspace", copy / ".corpus", "--workers", 0).code == Exit.DONE
    assert cli("info", copy, "--json").document["name"] == "copy"
    assert locate(str(copy / ".corpus")).base == copy


def test_an_old_description_of_a_moved_corpus_is_no_question(original: Path, tmp_path: Path, cli: Cli) -> None:
    moved = original.rename(tmp_path / "moved")
    as_before(moved / ".corpus", original)
    assert cli("info", moved, "--json").document["name"] == "moved"
    assert locate(str(moved / ".corpus")).base == moved


def test_the_workspace_of_another_corpus_is_refused(original: Path, tmp_path: Path, cli: Cli) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write(other / "b.parquet", plenty_rows(7))
    ran = cli("info", other, "--workspace", original / ".corpus")
    assert ran.code == Exit.REFUSED
    assert f"is that of {original}, not of {other}." in ran.err
    shutil.move(original / ".corpus", tmp_path / "w")
    shutil.rmtree(original)
    assert cli("info", other, "--workspace", tmp_path / "w").code == Exit.REFUSED


@pytest.mark.parametrize(("answer", "name"), [("1", "copy"), ("2", "original")])
def test_on_a_terminal_the_reader_is_asked(answer: str, name: str, original: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(original, copy)
    as_before(copy / ".corpus", original)
    with Terminal(corpus_open(copy)) as terminal:
        terminal.until("Which corpus do you mean?")
        terminal.send(f"{answer}\r")
        terminal.until("row 1 of 60")
        terminal.until(name)
        terminal.send("q")
        assert terminal.end() == 0


def test_a_link_to_a_corpus_is_the_corpus(original: Path, tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "link").symlink_to(original)
    assert cli("info", tmp_path / "link").code == Exit.DONE


def test_a_corpus_may_hold_a_file_called_workspace_json(tmp_path: Path, cli: Cli) -> None:
    base = tmp_path / "corpus"
    base.mkdir()
    write(base / "a.parquet", plenty_rows(5))
    (base / "workspace.json").write_text('{"folders": []}')
    assert cli("index", base, "--workers", 0).code == Exit.DONE
    assert (base / "workspace.json").read_text() == '{"folders": []}'


def test_a_workspace_without_a_description_says_so(original: Path) -> None:
    (original / ".corpus" / "workspace.json").write_text("{}")
    with pytest.raises(BadInput, match="another version or is damaged"):
        place_of_workspace(str(original / ".corpus"))


def test_why_of_a_corpus_that_moved(original: Path, tmp_path: Path, cli: Cli) -> None:
    mix = tmp_path / "mix"
    assert cli("export", original, "--stage", "fine-tuning", "--budget", "2000", "--out", mix).code == Exit.DONE
    ids = [row["id"] for row in cli("find", original, "--limit", "60", "--json").document["rows"]]
    out = next(each for each in ids if not cli("why", mix, each, "--json").document["included"])
    inside = next(each for each in ids if cli("why", mix, each, "--json").document["included"])
    at_home = cli("why", mix, out, "--json").document["reasons"]
    moved = original.rename(tmp_path / "moved")
    assert cli("why", mix, inside).code == Exit.DONE, "the rows of an export explain themselves"
    away = cli("why", mix, out)
    assert away.code == Exit.DONE
    assert f"the corpus {original} cannot be opened" in away.out
    assert "--corpus PATH" in away.out
    assert cli("why", mix, out, "--corpus", moved, "--json").document["reasons"] == at_home
    original.mkdir()
    write(original / "other.parquet", plenty_rows(3))
    indexed(original)
    assert "has none of the files" in cli("why", mix, out).out, "another corpus lies there now"
