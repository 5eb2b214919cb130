"""Labelling without a screen: guarded, durable, undone in order, and found again after the corpus changed."""

from pathlib import Path
from typing import Any

import pytest

from explorer.corpus.workspace import Place
from tests.cli.conftest import Cli
from tests.corpora import corpus_of, indexed, row, write


@pytest.fixture
def small(tmp_path: Path) -> Place:
    """Ten samples without duplicates."""
    return corpus_of(tmp_path / "small", rows_of(range(10)))


def rows_of(numbers: Any) -> list[dict[str, Any]]:
    return [row(f"text {number}\n", path=f"{number}.py", repo="ann/tools", tier=4) for number in numbers]


def values(cli: Cli, base: Path, name: str) -> dict[str, Any]:
    rows = cli("find", base, "--columns", f"path,{name}", "--limit", "0", "--json").document["rows"]
    return {line["path"]: line[name] for line in rows}


def test_label_undo_redo_and_history(cli: Cli, small: Place) -> None:
    base = small.base
    said = cli("label", base, "--where", "path in ('1.py', '2.py')", "--tier", "1", "--note", "good", "--json").document
    assert said == {"changed": 2, "count": 2, "events": 2}
    assert cli("label", base, "--where", "tier = 1", "--tier", "1", "--json").document["changed"] == 0
    assert cli("label", base, "--where", "path = '3.py'", "--verdict", "drop", "--json").document["changed"] == 1
    assert {path for path, tier in values(cli, base, "tier").items() if tier == 1} == {"1.py", "2.py"}
    assert cli("undo", base, "--json").document["undone"] == {"events": 1, "samples": 1, "field": "verdict"}
    assert set(values(cli, base, "verdict").values()) == {None}
    assert cli("undo", base, "--json").document["undone"]["field"] == "note"
    assert cli("undo", base, "--json").document["undone"] == {"events": 1, "samples": 2, "field": "tier"}
    assert set(values(cli, base, "tier").values()) == {4}
    assert cli("undo", base, "--json").document["undone"] == {"events": 0, "samples": 0}
    assert "nothing to undo" in cli("undo", base).out
    assert cli("redo", base, "--json").document["redone"]["field"] == "tier"
    assert cli("redo", base, "--json").document["redone"]["field"] == "note"
    assert set(values(cli, base, "note").values()) == {None, "good"}
    events = cli("history", base, "--json").document["events"]
    assert [event["op"] for event in events] == ["redo", "redo", "undo", "undo", "undo", "set", "set", "set"]
    assert {event["who"] for event in events} == {"ann"}
    (line,) = cli("find", base, "path = '1.py'", "--json").document["rows"]
    assert len(cli("history", base, "--id", line["id"], "--json").document["events"]) == 6
    assert len(cli("history", base, "--limit", "3", "--json").document["events"]) == 3
    assert "redo" in cli("history", base).out


def test_expect_refuses_and_changes_nothing(cli: Cli, small: Place) -> None:
    words = ("label", small.base, "--where", "tier = 4", "--tier", "2")
    ran = cli(*words, "--expect", "9", "--json")
    assert (ran.code, ran.out) == (3, "")
    assert "10 samples match, not 9" in ran.err
    assert cli("info", small.base, "--json").document["labels"]["events"] == 0
    assert cli(*words, "--expect", "10").code == 0
    assert cli("label", small.base, "--where", "false", "--tier", "2", "--expect", "0", "--json").document["count"] == 0


def test_a_note_that_cannot_be_saved_leaves_the_tier_alone(cli: Cli, small: Place) -> None:
    assert cli("label", small.base, "--where", "true", "--tier", "1", "--note", "n" * 20_000).code == 2
    assert cli("info", small.base, "--json").document["labels"]["events"] == 0


def test_ids_come_from_a_file(cli: Cli, small: Place, tmp_path: Path) -> None:
    rows = cli("find", small.base, "--columns", "id", "--json").document["rows"]
    ids = tmp_path / "ids"
    ids.write_text("\ufeff" + "\n".join([rows[1]["id"], "", rows[4]["id"], rows[1]["id"]]) + "\n", "utf-8")
    document = cli("label", small.base, "--ids", ids, "--origin", "human", "--json").document
    assert (document["changed"], document["count"]) == (2, 2)
    ids.write_bytes(ids.read_bytes().replace(b"\n", b"\r\n"))
    assert cli("label", small.base, "--ids", ids, "--origin", "mixed", "--json").document["changed"] == 2
    ids.write_text(f"{rows[2]['id']}\nnobody\n")
    assert cli("label", small.base, "--ids", ids, "--origin", "synthetic").code == 2
    assert set(values(cli, small.base, "origin").values()) == {"mixed", "unknown"}


def test_clear_takes_everything_back_and_can_be_undone(cli: Cli, small: Place) -> None:
    cli("label", small.base, "--where", "true", "--tier", "1", "--verdict", "keep")
    assert cli("label", small.base, "--where", "true", "--clear", "--json").document["changed"] == 10
    assert cli("info", small.base, "--json").document["labels"]["samples"] == 0
    cli("undo", small.base)
    assert set(values(cli, small.base, "verdict").values()) == {"keep"}


def test_curators_undo_their_own(cli: Cli, small: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("label", small.base, "--where", "true", "--tier", "1")
    monkeypatch.setenv("CORPUS_CURATOR", "bob")
    cli("label", small.base, "--where", "path = '1.py'", "--tier", "2")
    assert cli("info", small.base, "--json").document["labels"]["conflicts"] == 1
    assert cli("undo", small.base, "--json").document["undone"]["samples"] == 1
    assert cli("undo", small.base, "--json").document["undone"]["samples"] == 0
    assert set(values(cli, small.base, "tier").values()) == {1}


def test_samples_on_which_curators_differ_are_found(cli: Cli, small: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    base = small.base
    cli("label", base, "--where", "path in ('1.py', '2.py', '3.py')", "--tier", "1")
    monkeypatch.setenv("CORPUS_CURATOR", "bob")
    cli("label", base, "--where", "path in ('2.py', '3.py', '4.py')", "--tier", "3")
    cli("label", base, "--where", "path = '3.py'", "--tier", "1")
    assert {path for path, differs in values(cli, base, "conflict").items() if differs} == {"2.py"}
    assert [row["path"] for row in cli("find", base, "conflict", "--json").document["rows"]] == ["2.py"]
    assert "1 in conflict" in cli("info", base).out


def test_labels_survive_what_happens_to_the_corpus(cli: Cli, small: Place) -> None:
    base = small.base
    cli("label", base, "--where", "path in ('1.py', '2.py', '3.py')", "--verdict", "keep")
    assert attached(cli, base) == {"stale": 0, "by_content": 0, "orphans": 0}

    (base / "part-0.parquet").unlink()
    rows = rows_of([7, 3, 9, 1])
    moved = [{**rows_of([2])[0], "path": "elsewhere/2.py"}]
    write(base / "other.parquet", rows)
    write(base / "more.parquet", moved)
    indexed(base)
    kept = {path for path, verdict in values(cli, base, "verdict").items() if verdict == "keep"}
    assert kept == {"1.py", "3.py", "elsewhere/2.py"}
    assert attached(cli, base) == {"stale": 0, "by_content": 1, "orphans": 0}
    assert "since the id is gone: 1." in cli("info", base).out

    (base / "more.parquet").unlink()
    indexed(base)
    assert attached(cli, base) == {"stale": 0, "by_content": 0, "orphans": 1}
    assert "is no longer in the corpus: 1." in cli("info", base).out
    assert cli("info", base, "--json").document["labels"]["samples"] == 3

    for path in (base / ".corpus").glob("*.duckdb"):
        path.unlink()
    write(base / "part-0.parquet", rows_of(range(10)))
    (base / "other.parquet").unlink()
    indexed(base)
    kept = {path for path, verdict in values(cli, base, "verdict").items() if verdict == "keep"}
    assert kept == {"1.py", "2.py", "3.py"}


def attached(cli: Cli, base: Path) -> dict[str, int]:
    labels = cli("info", base, "--json").document["labels"]
    return {name: labels[name] for name in ("stale", "by_content", "orphans")}
