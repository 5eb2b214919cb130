"""Every benchmark runs and says its one line; what the figures are is for people to judge.

They take minutes on a busy machine, so they are out of the default run: `.venv/bin/python -m pytest -m bench`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FIGURES = {
    "indexing": {"text_mb", "workers", "estimate_tokens", "exact_tokens"},
    "paging": {"page_rows", "columns", "rows_20000"},
    "paint": {"rows_20000"},
    "keys": {"rows", "downs", "pages", "busy"},
    "memory": {"rows_20000"},
    "labels": {"labels", "set", "open"},
    "hazards": {"text_mb", "secrets", "personal", "weaknesses", "together", "masking", "export_scan"},
    "signals": {"texts", "pass", "signals", "signals_with_parsing"},
    "evidence": {"text", "headers", "licence_texts", "freshness", "together", "nearest"},
    "collapse": {"text_mb", "page", "first_word", "kept_page", "words"},
    "stats": {"rows_20000"},
    "diversity": {"texts", "streams", "shapes", "style", "runs", "signatures", "portrait", "xz", "comparison"},
    "small_files": {"files", "rows", "index", "unchanged"},
    "near": {"texts", "signatures", "step", "fewer_signatures", "more_signatures"},
}
UNITS = ("_ms", "seconds", "mb", "mb_per_second", "_cores", "_percent")
COUNTS = (
    "rows",
    "columns",
    "labels",
    "workers",
    "page_rows",
    "downs",
    "pages",
    "files",
    "pairs",
    "paths",
    "paths_per_second",
    "tied_rows",
)


def leaves(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from leaves(value)  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield key, value


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="the benchmarks read /proc")
@pytest.mark.parametrize("name", FIGURES)
def test_a_benchmark_says_one_line(name: str) -> None:
    command = (sys.executable, "-m", f"tests.bench.{name}", "--quick")
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr
    (line,) = ran.stdout.splitlines()
    told = json.loads(line)
    assert set(told) == {"name", "quick", "figures", "reference", "ratio", "machine"}
    assert (told["name"], told["quick"], set(told["figures"])) == (name, True, FIGURES[name])
    assert {"cores", "python", "libraries"} <= set(told["machine"])
    for key, value in leaves(told["figures"]):
        assert isinstance(value, int | float)
        assert key in COUNTS or key.endswith(UNITS), f"{key} has no unit"
