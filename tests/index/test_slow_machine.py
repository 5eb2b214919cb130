"""A busy machine takes longer and leaves nothing out; what is left out for want of time or memory is said loudly."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.cli import run
from explorer.index import build as builds
from explorer.index import pool as pools
from tests.index.corpora import index, write
from tests.index.pool_tasks import index_slice_but_die_of_b

LATE = """
import os, sys, time
if "multiprocessing.spawn" in " ".join(sys.orig_argv):
    try:
        os.close(os.open({marker!r}, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        pass
    else:
        time.sleep({seconds})
"""
"""A `sitecustomize` that delays the first worker alone."""
REAL = sorted(Path(builds.__file__).parents[1].rglob("*.py"))
"""Real code: our own."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    base = tmp_path / "corpus"
    for number, name in enumerate("abcd"):
        texts = [file.read_text() for file in REAL[number * 5 : number * 5 + 5]]
        write(base / f"{name}.parquet", {"content": texts, "path": [f"{name}{n}.py" for n in range(5)]})
    return base


def delay_the_first_worker(folder: Path, seconds: float, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder.mkdir()
    marker = folder / "delayed"
    (folder / "sitecustomize.py").write_text(LATE.format(marker=str(marker), seconds=seconds))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return marker


def test_a_worker_that_starts_late_costs_nothing(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = delay_the_first_worker(tmp_path / "site", 8, monkeypatch)
    monkeypatch.setattr(pools, "STALL_SECONDS", 4.0)
    built = index(corpus, workers=1)
    assert marker.exists()
    assert (built.rows, built.quarantined, built.lost) == (20, (), ())


@pytest.mark.campaign
def test_a_start_delayed_by_25_seconds_costs_nothing(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pytest -m campaign tests/index/test_slow_machine.py -k delayed`"""
    marker = delay_the_first_worker(tmp_path / "site", 25, monkeypatch)
    for workers in (1, 2):
        marker.unlink(missing_ok=True)
        built = index(corpus, tmp_path / str(workers), workers=workers)
        assert (built.rows, built.quarantined) == (20, ())


@pytest.fixture
def load() -> Iterator[None]:
    """Sixteen processes that never rest."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(16)]
    yield
    for process in busy:
        process.kill()
    for process in busy:
        process.wait()


@pytest.mark.campaign
@pytest.mark.parametrize("count", [100])
@pytest.mark.usefixtures("load")
def test_nothing_is_left_out_under_load(count: int, corpus: Path, tmp_path: Path) -> None:
    """`pytest -m campaign tests/index/test_slow_machine.py -k under_load`"""
    left_out = 0
    for number in range(count):
        built = index(corpus, tmp_path / f"w{number}", workers=2)
        left_out += 20 - built.rows
    assert left_out == 0


def test_what_a_death_leaves_out_is_said_last_and_loudly(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builds, "index_slice", index_slice_but_die_of_b)
    assert run(["index", str(corpus), "--workers", "2", "--json"]) == 1
    shown = capfd.readouterr()
    document = json.loads(shown.out)
    assert (document["samples"], document["lost"]) == (15, ["b.parquet"])
    *_, sentence, hint = shown.err.splitlines()
    assert "NOT complete: 1 file left out that may be sound (b.parquet: reading it stopped the reader (" in sentence
    assert "Run `corpus index` again" in hint
    monkeypatch.undo()
    assert run(["index", str(corpus), "--workers", "1", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["samples"] == 20


def test_what_is_damaged_is_left_out_with_exit_0(corpus: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (corpus / "b.parquet").write_bytes(b"PAR1 no more")
    assert run(["index", str(corpus), "--workers", "0", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["lost"] == []
