"""Secrets on their way out: refused, dropped or redacted, and named in no message, receipt or log."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from explorer.cli import run
from explorer.exporting.verify import verify
from tests.corpora import corpus_of, row
from tests.signals.planted import HARD


def body(number: int) -> str:
    """Code that is like no other sample's."""
    return "import os\n\n\n" + "".join(f"name_{number}_{n} = first_{number}({n}, 'y{number}')\n" for n in range(12))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Clean samples, and one with a secret of each kind."""
    rows = [row(body(n), path=f"{n}.py", repo="a/b", license="MIT", tier=1) for n in range(30)]
    rows += [
        row(f"{body(100 + number)}key = {secrets[0]!r}\n", path=f"{number}-leak.py", repo="c/d", license="MIT", tier=1)
        for number, secrets in enumerate(HARD.values())
        if "\n" not in secrets[0]
    ]
    return corpus_of(tmp_path / "corpus", rows).base


def command(*words: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = run([str(word) for word in words])
    out, err = capsys.readouterr()
    return int(code), out + err


def texts_of(out: Path) -> list[dict[str, Any]]:
    return [one for path in out.rglob("*.parquet") for one in pq.read_table(path, partitioning=None).to_pylist()]


def export(base: Path, out: Path, *more: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    return command("export", base, "--stage", "fine-tuning", "--budget", "fit", "--out", out, *more, capsys=capsys)


def check_silent(said: str) -> None:
    for secrets in HARD.values():
        assert secrets[0] not in said


def test_the_gate_holds_secrets_back_before_anything_is_scanned(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = export(base, tmp_path / "out", capsys=capsys)
    assert code == 0
    assert {one["repo"] for one in texts_of(tmp_path / "out")} == {"a/b"}
    check_silent(said)


def test_an_opened_gate_does_not_open_the_export(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("mix", base, "--gates", "none", capsys=capsys)[0] == 0
    code, said = export(base, tmp_path / "out", capsys=capsys)
    assert code == 3
    assert "secrets" in said
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]
    check_silent(said)


@pytest.mark.parametrize("answer", ["drop", "redact"])
def test_what_holds_a_secret_is_dropped_or_redacted(
    base: Path, tmp_path: Path, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("mix", base, "--gates", "none", capsys=capsys)[0] == 0
    out = tmp_path / "out"
    code, said = export(base, out, "--secrets", answer, capsys=capsys)
    assert code == 0
    rows = texts_of(out)
    leaky = [one for one in rows if one["repo"] == "c/d"]
    assert len(rows) - len(leaky) == 30
    assert bool(leaky) == (answer == "redact")
    assert all("<KEY>" in one["text"] for one in leaky)
    for one in rows:
        check_silent(one["text"])
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["safety"]["answer"] == answer
    assert manifest["rows"] == len(rows)
    assert manifest["tokens"] == sum(one["tokens"] for one in rows)
    assert len(manifest["safety"]["samples"]) == sum("\n" not in secrets[0] for secrets in HARD.values())
    check_silent(said + (out / "manifest.json").read_text())
    assert verify(out)[1] == ()
    dropped = manifest["safety"]["samples"][0]
    told = command("why", out, dropped, "--json", capsys=capsys)[1]
    assert json.loads(told)["included"] == (answer == "redact")
    assert ("holds a secret" in told) == (answer == "drop")


def test_no_command_prints_a_secret_unless_told_to(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = command("find", base, "repo = 'c/d'", "--columns", "id,path,content", "--format", "jsonl", capsys=capsys)[
        1
    ]
    check_silent(listed)
    sample = json.loads(listed.splitlines()[0])["id"]
    for words in (("show", base, sample), ("show", base, sample, "--json"), ("info", base), ("similar", base, sample)):
        check_silent(command(*words, capsys=capsys)[1])
    whole = command("show", base, sample, "--unmasked", capsys=capsys)[1]
    assert any(secrets[0] in whole for secrets in HARD.values())
