"""How fast `corpus index` reads real text into a fresh workspace, against only decoding the same column."""

import json
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from tests.bench._common import ROOT, cache_of, children_of, emit, median_seconds, parser, resident_mb, say
from tests.bench._corpora import text_corpus

GLANCE = 0.02
"""Seconds between two looks at the memory of the processes."""


class Run(NamedTuple):
    """What one run of the command came to."""

    megabytes: float
    seconds: float
    """As the build itself tells."""
    command_seconds: float
    """From the start of the process to its end."""
    together_mb: float
    """Most that all its processes held at one moment."""
    peaks_mb: float
    """Sum of what each process held at most."""


def index(path: Path, workspace: Path, tokens: str, workers: int) -> Run:
    """Runs the command on a fresh workspace and watches its processes."""
    shutil.rmtree(workspace, ignore_errors=True)
    command = (sys.executable, "-m", "explorer", "index", str(path), "--workspace", str(workspace), "--json")
    start = time.perf_counter()
    with subprocess.Popen(
        (*command, "--workers", str(workers), "--tokens", tokens),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        together, peaks = _watch(process)
        wall = time.perf_counter() - start
        told, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"corpus index ended with {process.returncode}")
    built = json.loads(told)
    shutil.rmtree(workspace)
    return Run(built["read_now"]["bytes"] / 1e6, built["seconds"], wall, together, peaks)


def _watch(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Follows the memory of a process and its children until it ends."""
    peaks: dict[int, float] = {}
    together = 0.0
    while process.poll() is None:
        pids = (process.pid, *children_of(process.pid))
        together = max(together, sum(resident_mb(pid) for pid in pids))
        peaks |= {pid: max(resident_mb(pid, "VmHWM"), peaks.get(pid, 0.0)) for pid in pids}
        time.sleep(GLANCE)
    return together, sum(peaks.values())


def scan(path: Path) -> int:
    """Decodes the text in one thread, one row group at a time; returns the rows."""
    rows = 0
    with pq.ParquetFile(path) as parquet:
        for group in range(parquet.num_row_groups):
            for batch in parquet.iter_batches(row_groups=[group], columns=["content"], use_threads=False):
                rows += batch.num_rows
    return rows


def figures_of(runs: list[Run]) -> dict[str, Any]:
    """Returns the medians of some runs."""
    seconds = statistics.median(run.seconds for run in runs)
    return {
        "mb_per_second": runs[0].megabytes / seconds,
        "build_seconds": seconds,
        "command_seconds": statistics.median(run.command_seconds for run in runs),
        "together_peak_mb": statistics.median(run.together_mb for run in runs),
        "sum_of_peaks_mb": statistics.median(run.peaks_mb for run in runs),
    }


def main() -> None:
    options = parser(__doc__, runs=3)
    options.add_argument("--megabytes", type=int, default=512, help="text of the corpus")
    options.add_argument("--workers", type=int, default=2)
    chosen = options.parse_args()
    megabytes, runs = (2, 1) if chosen.quick else (chosen.megabytes, chosen.runs)
    with cache_of(chosen) as cache:
        path, workspace = text_corpus(cache, megabytes), cache / "indexing-workspace"
        if not chosen.quick:
            index(text_corpus(cache, 1), workspace, "exact", chosen.workers)  # compiles what is kept compiled
        scans: list[float] = []
        found: dict[str, list[Run]] = {"estimate": [], "exact": []}
        for number in range(runs):
            scans.append(median_seconds(lambda: scan(path), 3))
            for tokens, done in found.items():
                done.append(index(path, workspace, tokens, chosen.workers))
                say(f"run {number + 1}, tokens {tokens}: {done[-1]}")
    text = found["estimate"][0].megabytes
    decoded = text / statistics.median(scans)
    figures = {f"{tokens}_tokens": figures_of(done) for tokens, done in found.items()}
    emit(
        "indexing",
        {"text_mb": text, "workers": chosen.workers, **figures},
        reference={"what": "one thread of pyarrow decodes the same column", "mb_per_second": decoded},
        ratio=figures["estimate_tokens"]["mb_per_second"] / decoded,
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
