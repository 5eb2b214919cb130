"""How long a label takes until it is on the disk, against only writing and syncing the same bytes."""

import hashlib
import json
import os
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest import mock

from explorer.labels import LabelBook, SampleRef
from tests.bench._common import cache_of, emit, median_seconds, parser, quantile, say, seconds_of, spread_ms

BLOCK = 50
"""Labels set in a row before the same bytes are written plainly: so both meet the disk in the same mood."""


def refs(count: int) -> tuple[SampleRef, ...]:
    """Makes samples to label."""
    digests = (hashlib.sha256(b"%d" % number).hexdigest() for number in range(count))
    return tuple(SampleRef(digest[:32], digest) for digest in digests)


def set_labels(book: LabelBook, samples: Sequence[SampleRef]) -> list[float]:
    """Decides the tier of one sample after another and times each."""
    return [
        seconds_of(lambda sample=sample, tier=number % 4 + 1: book.set((sample,), "tier", tier))
        for number, sample in enumerate(samples)
    ]


def append_plainly(descriptor: int, lines: Sequence[bytes]) -> list[float]:
    """Appends each line with one write and one sync and times each."""

    def append(line: bytes) -> None:
        os.write(descriptor, line)
        os.fdatasync(descriptor)

    return [seconds_of(lambda line=line: append(line)) for line in lines]


def measure_durable(folder: Path, count: int) -> tuple[list[float], list[float]]:
    """Sets single labels and appends the same bytes plainly, in turns."""
    samples = refs(count)
    ours: list[float] = []
    plain: list[float] = []
    book = LabelBook.open(folder / "labels", "bench")
    descriptor = os.open(folder / "plain", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    try:
        for first in range(0, count, BLOCK):
            ours += set_labels(book, samples[first : first + BLOCK])
            plain += append_plainly(descriptor, journal_lines(folder / "labels")[first : first + BLOCK])
    finally:
        os.close(descriptor)
        book.close()
    return ours, plain


def journal_lines(directory: Path) -> list[bytes]:
    """Reads the one journal of a book; what is reserved behind its end is no line."""
    (journal,) = (directory / "journal").glob("*.jsonl")
    return journal.read_bytes().splitlines(keepends=True)


def measure_open(folder: Path, count: int, runs: int) -> tuple[float, float]:
    """Opens a book of so many single labels; returns the seconds, and those of only parsing the journal's lines."""
    directory = folder / "many"
    with mock.patch("explorer.labels.disk.sync"):
        book = LabelBook.open(directory, "bench")
        set_labels(book, refs(count))
        book.close()
    _open_and_close(directory)  # the first one backs up what the last session wrote
    (journal,) = (directory / "journal").glob("*.jsonl")
    parse: Callable[[], object] = lambda: [json.loads(line[9:]) for line in journal.read_bytes().splitlines()]  # noqa: E731
    return median_seconds(lambda: _open_and_close(directory), runs), median_seconds(parse, runs)


def _open_and_close(directory: Path) -> None:
    LabelBook.open(directory, "bench").close()


def main() -> None:
    options = parser(__doc__, runs=5)
    options.add_argument("--labels", type=int, default=2_000, help="labels that are timed one by one")
    options.add_argument("--many", type=int, default=100_000, help="labels of the book that is opened")
    chosen = options.parse_args()
    count, many, runs = (100, 1_000, 1) if chosen.quick else (chosen.labels, chosen.many, chosen.runs)
    with cache_of(chosen) as cache:
        folder = cache / f"labels-{time.time_ns()}"
        folder.mkdir()
        try:
            ours, plain = measure_durable(folder, count)
            say(f"{count:,} labels: {spread_ms(ours, 50, 99)}; plainly {spread_ms(plain, 50, 99)}")
            opened, parsed = measure_open(folder, many, runs)
        finally:
            shutil.rmtree(folder)
    reference = {"what": "write and fdatasync of the same bytes; json.loads of the same lines"}
    emit(
        "labels",
        {
            "labels": count,
            "set": {**spread_ms(ours, 50, 95, 99), "mean_ms": statistics.fmean(ours) * 1e3},
            "open": {"labels": many, "seconds": opened},
        },
        reference={**reference, "set": spread_ms(plain, 50, 95, 99), "open": {"seconds": parsed}},
        ratio=quantile(ours, 0.5) / quantile(plain, 0.5),
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
