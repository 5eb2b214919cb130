"""How fast samples are portrayed and compared with a human baseline, step by step, beside zlib over the same text.

Everything runs in one thread and is timed by the processor, so that rates are those of one core. Texts are the Python
files of the standard library and the installed packages, up to 4,000 bytes of each; a comparison is of one half of them
with the other.
"""

import hashlib
import statistics
import time
import zlib
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from explorer.diversity.comparing import PACKED_REPEATS, REPEATS, Settings, compare
from explorer.diversity.portrait import Portrait, Sampled, portray, shortened
from explorer.diversity.redundancy import compression_ratio, run_hashes
from explorer.diversity.shapes import shapes
from explorer.diversity.styling import style
from explorer.fingerprints.minhash import sign
from explorer.languages.streams import bare, lex, stream_of
from tests.bench._common import emit, parser, say
from tests.bench._corpora import machine_texts

LANGUAGE = "Python"
PACKED_MB = 4
"""Text that is compressed: slow enough to be timed well."""


def python_texts(count: int) -> list[bytes]:
    """The beginnings of so many Python files of this machine, each once."""
    found = (shortened(text.content) for text in machine_texts() if text.path.endswith(".py"))
    return list(dict.fromkeys(islice(found, count)))


def seconds(runs: int, function: Callable[[], Any]) -> float:
    """Processor time as the median of some calls, the first of which does not count."""
    function()
    told: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        function()
        told.append(time.process_time() - start)
    return statistics.median(told)


def rate(megabytes: float, runs: int, function: Callable[[], Any]) -> dict[str, float]:
    """MB/s of processor time."""
    return {"mb_per_second": megabytes / seconds(runs, function)}


def samples_of(texts: Sequence[bytes]) -> list[Sampled]:
    """Samples that are each a repository of their own."""
    keys = [hashlib.sha256(text).hexdigest() for text in texts]
    return [Sampled(key, key, text, {}) for key, text in zip(keys, texts, strict=True)]


def measure_steps(texts: Sequence[bytes], runs: int) -> dict[str, Any]:
    """Times each step of a portrait, and all of them together."""
    content = pa.array(texts, pa.large_binary())
    megabytes = sum(map(len, texts)) / 1e6
    lexed = lex(content, LANGUAGE)
    stream = stream_of(lexed)
    steps: dict[str, Callable[[], Any]] = {
        "streams": lambda: stream_of(lex(content, LANGUAGE)),
        "shapes": lambda: shapes(lexed, LANGUAGE),
        "style": lambda: style(lexed, LANGUAGE),
        "runs": lambda: run_hashes(stream),
        "signatures": lambda: sign(*bare(stream, lexed.text)),
        "portrait": lambda: portray(samples_of(texts), LANGUAGE),
    }
    return {name: rate(megabytes, runs, step) for name, step in steps.items()}


def measure_comparison(group: Portrait, baseline: Portrait, repeats: int, megabytes: float) -> dict[str, float]:
    """Times a whole comparison once, after one with few repeats: it is slow enough to be timed well."""
    compare(group, baseline, Settings(repeats=2, packed_repeats=1))
    wanted = Settings(repeats=repeats, packed_repeats=min(PACKED_REPEATS, repeats))
    start = time.process_time()
    found = compare(group, baseline, wanted)
    spent = time.process_time() - start
    if found.too_small:
        raise RuntimeError(found.too_small)
    return {"mb_per_second": megabytes / spent, "seconds": spent}


def main() -> None:
    options = parser(__doc__, runs=3)
    options.add_argument("--files", type=int, default=4_000, help="files of this machine that are measured")
    chosen = options.parse_args()
    files, runs, repeats = (300, 1, 4) if chosen.quick else (chosen.files, chosen.runs, REPEATS)
    texts = python_texts(files)
    megabytes = sum(map(len, texts)) / 1e6
    say(f"{len(texts):,} files, {megabytes:.1f} MB")
    packed = b"".join(texts)[: int((0.5 if chosen.quick else PACKED_MB) * 1e6)]
    packed_mb = len(packed) / 1e6
    halves = [portray(samples_of(texts[start::2]), LANGUAGE) for start in (0, 1)]
    figures: dict[str, Any] = {
        "texts": {"files": len(texts), "text_mb": megabytes},
        **measure_steps(texts, runs),
        "xz": rate(packed_mb, runs, lambda: compression_ratio(packed)),
        "comparison": measure_comparison(halves[0], halves[1], repeats, megabytes),
    }
    reference = rate(packed_mb, runs, lambda: zlib.compress(packed, 6))["mb_per_second"]
    emit(
        "diversity",
        figures,
        reference={"what": "zlib level 6 of the same text; ratio: portrait to zlib", "zlib_mb_per_second": reference},
        ratio=figures["portrait"]["mb_per_second"] / reference,
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
