"""How fast evidence is gathered from real text: each part by itself, and licence files looked up for many paths.

All of it runs in one thread and is timed by the processor, so that rates are those of one core.
"""

import re
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from explorer.licences.headers import forget_headers, read_headers
from explorer.licences.licence_texts import read_licence_texts
from explorer.licences.nearest import LicenceFile, LicenceFolders
from explorer.signals.age.freshness import read_freshness
from explorer.signals.evidence import gather_licence_evidence
from tests.bench._common import emit, parser
from tests.bench._corpora import machine_texts

Part = Callable[[pa.RecordBatch], Any]

PARTS: dict[str, Part] = {
    "headers": read_headers,
    "licence_texts": read_licence_texts,
    "freshness": read_freshness,
    "together": gather_licence_evidence,
}
"""What is timed over the same batches; one more part is one more entry."""

_PLAIN = re.compile(
    rb"SPDX-License-Identifier:|Permission is hereby granted|Redistribution and use|Licensed under"
    rb"|General Public License|Mozilla Public|Eclipse Public|All rights reserved|proprietary|confidential",
    re.IGNORECASE,
)
BATCH_ROWS = 1_000
_DATED = (".py", ".pyi", ".js", ".ts")
"""Of the files of this machine those whose languages have idioms."""


def batches_of(count: int) -> list[pa.RecordBatch]:
    """Source files of this machine with their paths."""
    texts = list(islice(machine_texts(), count))
    columns = (
        pa.array([text.content for text in texts], pa.large_binary()),
        pa.array([text.path for text in texts], pa.string()),
    )
    return pa.Table.from_arrays(list(columns), names=["content", "path"]).to_batches(BATCH_ROWS)


def dated_only(batches: Sequence[pa.RecordBatch]) -> list[pa.RecordBatch]:
    """Leaves out the texts of languages without idioms, which cost nothing."""
    return [
        batch.filter(pa.array([path.endswith(_DATED) for path in batch.column("path").to_pylist()]))
        for batch in batches
    ]


def rate_of(part: Part, batches: Sequence[pa.RecordBatch], runs: int) -> float:
    """Megabytes a second, the median of some runs."""
    megabytes = sum(batch.column("content").nbytes for batch in batches) / 1e6
    seconds_of(part, batches[:1])
    return megabytes / max(statistics.median(seconds_of(part, batches) for _ in range(runs)), 1e-9)


def seconds_of(part: Part, batches: Sequence[pa.RecordBatch]) -> float:
    """The processor's seconds of one pass over all batches, as if no header had been seen before."""
    forget_headers()
    start = time.process_time()
    for batch in batches:
        part(batch)
    return time.process_time() - start


def search_plainly(batch: pa.RecordBatch) -> list[bool]:
    """Ten phrases by one regular expression over the first 40 lines of each text: no licence is told from them."""
    heads = (b"\n".join(text.split(b"\n", 40)[:40]) for text in batch.column("content").to_pylist())
    return [_PLAIN.search(head) is not None for head in heads]


def look_up(count: int) -> float:
    """Paths a second that find their nearest licence file, five files a folder."""
    files = [LicenceFile(f"owner/{number % 997}", f"part{number % 7}/LICENSE", "MIT") for number in range(5_000)]
    repos = [f"owner/{number // 50 % 997}" for number in range(count)]
    paths = [f"part{number % 9}/src/{number // 5 % 400}/file{number}.py" for number in range(count)]
    start = time.process_time()
    LicenceFolders(files).nearest_each(repos, paths)
    return count / (time.process_time() - start)


def main() -> None:
    options = parser(__doc__, runs=5)
    options.add_argument("--files", type=int, default=6_000, help="source files of this machine that are read")
    chosen = options.parse_args()
    files, runs, paths = (100, 1, 10_000) if chosen.quick else (chosen.files, chosen.runs, 1_000_000)
    batches = batches_of(files)
    megabytes = sum(batch.column("content").nbytes for batch in batches) / 1e6
    rates = {
        name: rate_of(part, dated_only(batches) if part is read_freshness else batches, runs)
        for name, part in PARTS.items()
    }
    plain = rate_of(search_plainly, batches, runs)
    emit(
        "evidence",
        {
            "text": {"files": sum(batch.num_rows for batch in batches), "text_mb": megabytes},
            **{name: {"mb_per_second": rate} for name, rate in rates.items()},
            "nearest": {"paths": paths, "paths_per_second": statistics.median(look_up(paths) for _ in range(runs))},
        },
        reference={"what": search_plainly.__doc__, "mb_per_second": plain},
        ratio=rates["headers"] / plain,
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
