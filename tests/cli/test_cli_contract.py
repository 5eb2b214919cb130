"""What scripts rely on: exit codes, pure stdout, field names, and rows that are the corpus's own."""

import csv
import io
import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from explorer.corpus.workspace import Place
from tests.cli.conftest import Cli
from tests.corpora import indexed, odd_rows, row, write

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "classeval_dev.parquet"


@pytest.fixture(scope="module")
def classeval(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A real corpus with ids of its own, copied and indexed, and its rows as pyarrow reads them."""
    if not SHARED.exists():
        pytest.skip("the shared data is not here")
    directory = tmp_path_factory.mktemp("classeval") / "classeval"
    directory.mkdir()
    table = pq.read_table(SHARED).slice(0, 700)
    pq.write_table(table, directory / "classeval.parquet", row_group_size=100)
    indexed(directory)
    return directory, table.to_pylist()


# ---- field names

FIELDS: dict[str, set[str]] = {
    "info": {
        *[
            "samples",
            "bytes",
            "tokens",
            "files",
            "quarantined",
            "tiers",
            "origins",
            "languages",
            "license_classes",
            "clusters",
            "labels",
            "mapping",
        ],
        *(f"tiers.{tier}.{what}" for tier in ("1", "2", "3", "4", "none") for what in ("samples", "tokens")),
        *(f"clusters.{what}" for what in ("exact", "near", "samples", "tokens_removable")),
        *(f"labels.{what}" for what in ("events", "samples", "conflicts", "stale", "by_content", "orphans")),
        *("mapping.content", "mapping.id", "origins.human.samples", "languages.Python.tokens"),
    },
    "show": {
        *[
            "row",
            "id",
            "content",
            "tier",
            "quality",
            "gates",
            "cluster",
            "labels",
            "origin",
            "origin_evidence",
            "language",
            "license",
            "license_class",
        ],
        *["repo", "path", "created", "tokens", "tokens_exact", "bytes", "lines", "verdict", "note", "stars"],
        *(f"tier.{what}" for what in ("value", "source", "suggested", "confidence", "reasons")),
        *(f"cluster.{what}" for what in ("cluster", "size", "survivor", "similarity", "direct")),
        *(f"labels.0.{what}" for what in ("event", "time", "who", "op", "field", "old", "new", "undone")),
    },
    "label": {"changed", "count", "events"},
    "undo": {"undone.events", "undone.samples"},
    "redo": {"redone.events", "redone.samples"},
    "history": {"events", "events.0.who", "events.0.count", "events.0.undone", "report"},
    "mix": {
        *("stages.fine-tuning.budget", "stages.pre-training.tiers.1.weight", "stages.fine-tuning.warnings"),
        *(
            f"stages.continued.tiers.2.{what}"
            for what in ["available_tokens", "drawn_tokens", "epochs", "effective_tokens", "sample_probability"]
        ),
        *(f"stages.fine-tuning.warnings.0.{what}" for what in ("level", "code", "text")),
    },
    "export": {
        *["out", "rows", "tokens", "files", "receipt"],
        *(f"files.0.{what}" for what in ["path", "rows", "bytes", "sha256"]),
    },
    "verify": {"ok", "problems"},
    "why": {*["id", "included", "reasons", "source"], *(f"source.{what}" for what in ("file", "row_group", "row"))},
    "find": {"samples", "rows", "rows.0.id", "rows.0.path"},
    "index": {"samples", "files", "quarantined", "mapping"},
}


def holds(document: Any, path: str) -> bool:
    for key in path.split("."):
        if isinstance(document, list):
            if int(key) >= len(document):
                return False
            document = document[int(key)]
        elif isinstance(document, dict) and key in document:
            document = document[key]
        else:
            return False
    return True


def test_every_json_document_has_the_fields_of_the_contract(cli: Cli, own: Path, tmp_path: Path) -> None:
    twin = next(line["id"] for line in cli("find", own, "path = 'same.py'", "--json").document["rows"])
    out = tmp_path / "out"
    calls: tuple[tuple[object, ...], ...] = (
        ("label", own, "--where", "path = 'same.py'", "--tier", "2"),
        ("history", own),
        ("show", own, twin),
        ("info", own),
        ("find", own, "--columns", "id,path", "--limit", "2"),
        ("mix", own, "--stage", "fine-tuning", "--budget", "2000"),
        ("export", own, "--stage", "fine-tuning", "--budget", "900", "--out", out),
        ("verify", out),
        ("undo", own),
        ("redo", own),
        ("index", own, "--workers", "0", "--tokens", "estimate"),
    )
    for call in calls:
        ran = cli(*call, "--json")
        assert ran.code == 0, ran.err
        assert isinstance(ran.document, dict)
        assert {path for path in FIELDS[str(call[0])] if not holds(ran.document, path)} == set(), call[0]
        assert ran.out.isascii()
        assert json.loads(ran.out, parse_constant=lambda name: pytest.fail(name))
    (shard,) = out.rglob("*.parquet")
    drawn = pq.read_table(shard, columns=["id"], partitioning=None).column("id")[0].as_py()
    document = cli("why", out, drawn, "--json").document
    assert {path for path in FIELDS["why"] if not holds(document, path)} == set()


# ---- find, show and info against the rows themselves


def found(cli: Cli, *words: object) -> list[dict[str, Any]]:
    ran = cli("find", *words, "--limit", "0", "--format", "jsonl")
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.split("\n") if line]


def test_find_returns_the_rows_of_a_real_corpus(cli: Cli, classeval: tuple[Path, list[dict[str, Any]]]) -> None:
    directory, rows = classeval
    every = found(cli, directory, "--columns", "id,content,task_id,model,sample,strategy")
    assert [line["id"] for line in every] == [known["row_id"] for known in rows]
    assert [line["content"] for line in every] == [known["text"] for known in rows]
    for name in ("task_id", "model", "sample", "strategy"):
        assert [line[name] for line in every] == [known[name] for known in rows]
    some = found(cli, directory, "content ~ 'self\\._?data' and model is not null", "--columns", "id", "--sort=-id")
    expected = [k["row_id"] for k in rows if k["model"] and ("self.data" in k["text"] or "self._data" in k["text"])]
    assert [line["id"] for line in some] == sorted(expected, reverse=True)
    counted = cli("find", directory, "model is null", "--limit", "3", "--json").document
    assert counted["samples"] == sum(known["model"] is None for known in rows)
    assert len(counted["rows"]) == 3


def test_info_counts_a_real_corpus(cli: Cli, classeval: tuple[Path, list[dict[str, Any]]]) -> None:
    directory, rows = classeval
    document = cli("info", directory, "--json").document
    assert document["samples"] == len(rows)
    assert document["bytes"] == sum(len(known["text"].encode()) for known in rows)
    assert {name: sums["samples"] for name, sums in document["origins"].items()} == Counter(k["origin"] for k in rows)
    repeated = Counter(known["text"] for known in rows)
    assert document["clusters"]["exact"] == sum(count > 1 for count in repeated.values())
    assert document["clusters"]["samples"] >= sum(count for count in repeated.values() if count > 1)
    assert document["clusters"]["near"] > 0
    assert document["mapping"]["id"] == "row_id"
    assert sum(sums["tokens"] for sums in document["tiers"].values()) == document["tokens"]


def test_show_shows_the_row_of_its_id(cli: Cli, classeval: tuple[Path, list[dict[str, Any]]]) -> None:
    directory, rows = classeval
    for known in rows[::140]:
        document = cli("show", directory, known["row_id"], "--json").document
        assert (document["content"], document["model"]) == (known["text"], known["model"])
        assert known["text"] in cli("show", directory, known["row_id"]).out


def test_bytes_that_are_no_text_come_in_base64(cli: Cli, odd_place: Place) -> None:
    import base64

    (line,) = found(cli, odd_place.base, "not valid_utf8", "--columns", "id")
    document = cli("show", odd_place.base, line["id"], "--json").document
    assert base64.b64decode(document["content_base64"]) == b"\xff\xfe not text \x80\n"


def test_every_format_says_the_same(cli: Cli, odd_place: Place) -> None:
    words = (odd_place.base, "tier is not null", "--columns", "row,path,stars,content", "--sort", "-stars,row")
    lines = found(cli, *words)
    document = cli("find", *words, "--limit", "0", "--json").document
    assert document["rows"] == lines
    assert document["samples"] == len(lines)
    read = list(
        csv.DictReader(io.StringIO(cli("find", *words, "--limit", "0", "--format", "csv", "--raw").out, newline=""))
    )
    assert [cell["row"] for cell in read] == [str(line["row"]) for line in lines]
    for cell, line in zip(read, lines, strict=True):
        for name in ("path", "content"):
            assert cell[name].removeprefix("'") == (line[name] or "").removeprefix("'")
    table = cli("find", *words, "--limit", "0").out
    assert table.rstrip("\n").endswith(f"{len(lines)} of {len(lines)} samples")
    assert len(table.splitlines()) == len(lines) + 2


def test_no_csv_cell_is_a_formula(cli: Cli, tmp_path: Path) -> None:
    names = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "plain", "a=b", "")
    (tmp_path / "c").mkdir()
    write(tmp_path / "c" / "a.parquet", [row(f"{n}\n", path=name, stars=-n) for n, name in enumerate(names)])
    indexed(tmp_path / "c")
    text = cli("find", tmp_path / "c", "--columns", "path,stars", "--format", "csv", "--raw").out
    cells = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [cell[0] for cell in cells] == [f"'{name}" for name in names[:8]] + list(names[8:])
    assert [cell[1] for cell in cells] == [str(-n) for n in range(len(names))]


def test_sorting_and_limits(cli: Cli, odd_place: Place) -> None:
    assert len(found(cli, odd_place.base)) == len(odd_rows())
    stars = [line["stars"] for line in found(cli, odd_place.base, "--columns", "stars", "--sort", "-stars")]
    assert [-math.inf if value is None else value for value in stars] == sorted(
        (-math.inf if value is None else value for value in stars), reverse=True
    )
    assert cli("find", odd_place.base, "--limit", "7", "--format", "jsonl").out.count("\n") == 7


def test_the_mix_is_kept_and_shown(cli: Cli, own: Path) -> None:
    weighed = cli("mix", own, "--stage", "fine-tuning", "--weight", "1=40", "--budget", "1.5k", "--json").document
    again = cli("mix", own, "--json").document
    assert weighed == again
    stage = again["stages"]["fine-tuning"]
    assert (stage["tiers"]["1"]["weight"], stage["budget"]) == (40.0, 1500)
    assert sum(tier["weight"] for tier in stage["tiers"].values()) == pytest.approx(100)
    exact = cli("mix", own, "--stage", "fine-tuning", "--weight", "1=40", "--weight", "2=40", "--exact", "--json")
    assert exact.document["stages"]["fine-tuning"]["tiers"]["2"]["asked_weight"] == 40
    assert "fine-tuning" in cli("mix", own).out
    names = [preset["name"] for preset in cli("mix", own, "--preset", "list", "--json").document["presets"]]
    assert "blended" in names
    assert all(name in cli("mix", own, "--preset", "list").out for name in names)
    assert cli("mix", own, "--preset", names[-1]).code == 0


def test_an_export_can_be_told_and_asked(cli: Cli, own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = cli("export", own, "--stage", "fine-tuning", "--budget", "1000", "--out", out, "--seed", "x")
    assert ran.code == 0
    assert str(out) in ran.out
    assert "as the receipt says" in cli("verify", out).out
    other = cli(
        "export", own, "--stage", "fine-tuning", "--budget", "1k", "--out", tmp_path / "b", "--seed", "y", "--json"
    )
    assert other.document["family"] == "y"
    reasons = {tuple(cli("why", out, line["id"], "--json").document["reasons"]) for line in found(cli, own)[:20]}
    assert len(reasons) > 3
    assert all(reason for told in reasons for reason in told)
