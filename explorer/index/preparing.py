"""Readies a process for its first batch: the kernels are compiled once after installing, and that is no silence."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from explorer.index.batches import batch_functions, index_batch

_TEXTS = {"Python": "def f(x):\n    return [x]\n", "C": "int f(int x) { return x; }\n", "Ruby": "def f(x)\n  x\nend\n"}
_BEAT_SECONDS = 1.0


@dataclass(frozen=True)
class Preparing:
    """Told once a second while the kernels are compiled."""


_is_ready = threading.Event()


def _run_once() -> None:
    rows = len(_TEXTS)
    batch = pa.RecordBatch.from_pydict(
        {
            "content": pa.array([text.encode() for text in _TEXTS.values()], pa.large_binary()),
            "language": pa.array(_TEXTS, pa.large_string()),
            "path": pa.array(["f"] * rows, pa.large_string()),
        }
    )
    index_batch(batch, batch_functions(exact_tokens=False))


def prepare(report: Callable[[Any], None]) -> None:
    """Runs every kernel once in this process, so that none is compiled while a text of the corpus is read."""
    if _is_ready.is_set():
        return
    with _telling(report):
        _run_once()
    _is_ready.set()


@contextmanager
def _telling(report: Callable[[Any], None]) -> Generator[None]:
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(_BEAT_SECONDS):
            report(Preparing())

    teller = threading.Thread(target=beat, daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()
