"""How fast the signals of a sample's text are measured, beside pygments, Python's parser and a plain pass over memory.

Everything runs in one thread and is timed by the processor, so that rates are those of one core. Texts are the source
files of the standard library and the installed packages; pygments and the parser, which are slow, get the Python files
among the first few megabytes.
"""

import ast
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
from pygments.lexers import get_lexer_by_name

from explorer.kernels.buffers import buffers
from explorer.languages.names import name_languages
from explorer.signals.code import measure_code
from explorer.signals.passing import take_measures
from tests.bench._common import emit, parser, say
from tests.bench._corpora import Text, machine_texts

BATCH_ROWS = 1_000
SLOW_MB = 4


def batches_of(texts: Sequence[Text]) -> list[pa.RecordBatch]:
    """Batches as the index makes them, their languages named."""
    parts = (texts[start : start + BATCH_ROWS] for start in range(0, len(texts), BATCH_ROWS))
    plain = [
        pa.RecordBatch.from_arrays(
            [
                pa.array([text.content for text in part], pa.large_binary()),
                pa.array([text.path for text in part], pa.large_string()),
            ],
            names=["content", "path"],
        )
        for part in parts
    ]
    return [batch.append_column("language", name_languages(batch).column("language")) for batch in plain]


def rate(megabytes: float, runs: int, function: Callable[[], Any]) -> dict[str, float]:
    """MB/s of processor time as the median of some calls, the first of which does not count."""
    function()
    seconds: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        function()
        seconds.append(time.process_time() - start)
    return {"mb_per_second": megabytes / statistics.median(seconds)}


def take_all(batches: Sequence[pa.RecordBatch]) -> None:
    """Runs the compiled pass alone."""
    for batch in batches:
        take_measures(batch.column("content"), batch.column("language").to_pylist())


def measure_all(batches: Sequence[pa.RecordBatch], *, parse: bool) -> None:
    """Makes every column."""
    for batch in batches:
        measure_code(batch, parse=parse)


def read_memory(batches: Sequence[pa.RecordBatch]) -> None:
    """Reads every byte, as plainly as can be."""
    for batch in batches:
        text, _ = buffers(batch.column("content"))
        np.add.reduce(text, dtype=np.uint64)


def color_all(texts: Sequence[str]) -> None:
    """Runs pygments."""
    lexer = get_lexer_by_name("python")
    for text in texts:
        for _ in lexer.get_tokens(text):
            pass


def parse_all(texts: Sequence[str]) -> None:
    """Parses and walks the trees."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in texts:
            try:
                for _ in ast.walk(ast.parse(text)):
                    pass
            except (SyntaxError, ValueError):
                continue


def slow_texts(texts: Sequence[Text], most: float) -> list[str]:
    """The Python among the first texts, so many megabytes of it."""
    chosen: list[str] = []
    size = 0.0
    for text in texts:
        if text.path.endswith(".py") and size < most:
            chosen.append(text.content.decode("utf-8", "replace"))
            size += len(text.content) / 1e6
    return chosen


def main() -> None:
    options = parser(__doc__, runs=3)
    options.add_argument("--files", type=int, default=6_000, help="files of this machine that are measured")
    chosen = options.parse_args()
    files, runs = (150, 1) if chosen.quick else (chosen.files, chosen.runs)
    texts = list(islice(machine_texts(), files))
    megabytes = sum(len(text.content) for text in texts) / 1e6
    batches = batches_of(texts)
    say(f"{len(texts):,} files, {megabytes:.0f} MB")
    figures: dict[str, Any] = {
        "texts": {"files": len(texts), "text_mb": megabytes},
        "pass": rate(megabytes, runs, lambda: take_all(batches)),
        "signals": rate(megabytes, runs, lambda: measure_all(batches, parse=False)),
        "signals_with_parsing": rate(megabytes, 1, lambda: measure_all(batches, parse=True)),
    }
    slow = slow_texts(texts, 0.3 if chosen.quick else SLOW_MB)
    slow_mb = sum(map(len, slow)) / 1e6
    pygments = rate(slow_mb, 1, lambda: color_all(slow))["mb_per_second"]
    emit(
        "signals",
        figures,
        reference={
            "what": "pygments, ast.parse and walk, a sum over the same bytes; ratio: signals to pygments",
            "pygments_mb_per_second": pygments,
            "ast_mb_per_second": rate(slow_mb, 1, lambda: parse_all(slow))["mb_per_second"],
            "memory_mb_per_second": rate(megabytes, runs, lambda: read_memory(batches))["mb_per_second"],
        },
        ratio=figures["signals"]["mb_per_second"] / pygments,
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
