"""What every benchmark shares: its options, its clock, what the machine is, and its one line of JSON."""

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LIBRARIES = ("duckdb", "numba", "numpy", "pyarrow", "textual", "toktok-rs")


def parser(description: str | None, *, runs: int) -> ArgumentParser:
    """Returns a parser with the options that every benchmark takes."""
    options = ArgumentParser(description=description)
    options.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    options.add_argument("--cache", type=Path, metavar="DIR", help="where corpora are kept (default: nowhere)")
    options.add_argument("--runs", type=int, default=runs, help="repetitions that a median is taken of")
    return options


@contextmanager
def cache_of(options: Namespace) -> Generator[Path]:
    """Lends the directory for corpora, a passing one where none was named."""
    if options.cache is not None:
        options.cache.mkdir(parents=True, exist_ok=True)
        yield options.cache.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="corpus-bench-") as passing:
        yield Path(passing)


def say(text: str) -> None:
    """Talks on stderr."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def emit(name: str, figures: dict[str, Any], *, reference: dict[str, Any], ratio: float, quick: bool) -> None:
    """Prints the result as one line of JSON; units stand at the end of the keys."""
    document = {
        "name": name,
        "quick": quick,
        "figures": rounded(figures),
        "reference": rounded(reference),
        "ratio": rounded(ratio),
        "machine": machine(),
    }
    sys.stdout.write(f"{json.dumps(document)}\n")
    sys.stdout.flush()


def rounded(value: Any) -> Any:
    """Cuts every float of a document to four significant digits."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def machine() -> dict[str, Any]:
    """Tells what the figures were measured on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _proc_field("/proc/cpuinfo", "model name"),
        "memory": _proc_field("/proc/meminfo", "MemTotal"),
        "system": f"{platform.system()} {platform.release()}",
        "load_1_minute": os.getloadavg()[0],
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
    }


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _proc_field(path: str, name: str) -> str | None:
    """Reads the first value of a field in a file of lines `name: value`."""
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), None)


def seconds_of(function: Callable[[], Any]) -> float:
    """Times one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def median_seconds(function: Callable[[], Any], runs: int) -> float:
    """Times some calls and returns the median."""
    return statistics.median(seconds_of(function) for _ in range(runs))


def quantile(values: Iterable[float], share: float) -> float:
    """Returns the value below which a share of the values lies, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread_ms(seconds: Sequence[float], *percents: int) -> dict[str, float]:
    """Returns percentiles of some times as `p50_ms`, `p95_ms`, …"""
    return {f"p{percent}_ms": quantile(seconds, percent / 100) * 1e3 for percent in percents}


def resident_mb(pid: int, field: str = "VmRSS") -> float:
    """Returns what a process holds in memory now, or held at most (`VmHWM`); 0 where it has ended."""
    text = _proc_field(f"/proc/{pid}/status", field)
    return int(text.split()[0]) * 1024 / 1e6 if text else 0.0


def children_of(pid: int) -> tuple[int, ...]:
    """Returns the child processes of a process, and theirs."""
    try:
        text = "".join(path.read_text("ascii") for path in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return ()
    direct = tuple(int(child) for child in text.split())
    return direct + tuple(below for child in direct for below in children_of(child))


def cpu_seconds(pid: int) -> float:
    """Returns the processor time that a process has used; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def waited_seconds(pid: int) -> float:
    """Returns the time that a process's threads were ready to run and had no processor, as others had them."""
    waited = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):  # a thread that has ended meanwhile
            waited += int(path.read_text("ascii").split()[1])
    return waited / 1e9
