"""What a small file costs: indexing thousands of files of a few rows, and looking at them again unchanged."""

import shutil
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus.workspace import locate
from explorer.index.build import Wishes, build_index
from tests.bench._common import cache_of, emit, median_seconds, parser, say

FILES, QUICK_FILES = 5_000, 100
MOST_ROWS = 20


def make_files(folder: Path, files: int) -> int:
    """Writes so many files of 1 to 20 rows each; returns their rows."""
    random = np.random.default_rng(1)
    folder.mkdir(parents=True)
    total = 0
    for number in range(files):
        rows = int(random.integers(1, MOST_ROWS + 1))
        table = {
            "content": [f"def f{number}_{row}(x):\n    return x + {number * row}\n" * 3 for row in range(rows)],
            "path": [f"src/{number}/{row}.py" for row in range(rows)],
            "repo": [f"r/{number % 50}"] * rows,
        }
        pq.write_table(pa.table(table), folder / f"part-{number:05d}.parquet")
        total += rows
    return total


def main() -> None:
    """Prints seconds and milliseconds a file, beside pyarrow that opens and decodes the same files one by one."""
    options = parser(__doc__, runs=1).parse_args()
    files = QUICK_FILES if options.quick else FILES
    with cache_of(options) as cache:
        folder = cache / f"small-{files}"
        shutil.rmtree(folder, ignore_errors=True)
        rows = make_files(folder, files)
        build_index(locate(str(folder)), Wishes())  # workers compile or load their kernels
        first: list[float] = []
        for run in range(options.runs):
            say(f"run {run + 1} of {options.runs} …")
            shutil.rmtree(folder / ".corpus")
            begun = time.perf_counter()
            build_index(locate(str(folder)), Wishes())
            first.append(time.perf_counter() - begun)
        again = median_seconds(lambda: build_index(locate(str(folder)), Wishes()), max(options.runs, 1))
        reading = median_seconds(lambda: [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))], 3)
        shutil.rmtree(folder)
    seconds = sorted(first)[len(first) // 2]
    figures = {
        "files": files,
        "rows": rows,
        "index": {"seconds": seconds, "a_file_ms": 1000 * seconds / files},
        "unchanged": {"seconds": again, "a_file_ms": 1000 * again / files},
    }
    reference = {"pyarrow_reads_each": {"seconds": reading, "a_file_ms": 1000 * reading / files}}
    emit("small_files", figures, reference=reference, ratio=seconds / reading, quick=options.quick)


if __name__ == "__main__":
    main()
