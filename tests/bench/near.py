"""How fast and how well near-duplicates are found in real text and in synthetic signatures, beside other tools.

All of it but the clustering runs in one thread and is timed by the processor, so that rates are those of one core.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.fingerprints.bands import Bands, candidates, choose_bands
from explorer.fingerprints.components import components, pairs_within
from explorer.fingerprints.jaccard import similarities
from explorer.fingerprints.minhash import PERMUTATIONS, sign
from explorer.fingerprints.shingles import shingle_sets
from explorer.kernels.buffers import buffers
from tests.bench._common import ROOT, emit, parser, resident_mb, say
from tests.bench._corpora import machine_texts
from tests.bench._peers import THRESHOLD, Pairs, Peer, installed, peers
from tests.fingerprints.brute_force import all_pairs

WHOLE_CLUSTER = 128
LARGE_BUCKET = 0.2
"""Share of the rows of the synthetic signatures that stand in one bucket."""

Texts = pa.LargeBinaryArray
Slots = npt.NDArray[np.uint32]
Nodes = npt.NDArray[np.int64]


class Quality(NamedTuple):
    """How well pairs match the true ones, in percent."""

    recall_percent: float
    precision_percent: float


def different_texts(count: int) -> list[bytes]:
    """Files of this machine, each content once."""
    return list(dict.fromkeys(text.content for text in islice(machine_texts(), count)))


def find_pairs(texts: Texts) -> Pairs:
    """The whole step: the pairs that are proven near-duplicates."""
    text, offsets = buffers(texts)
    signed = sign(text, offsets)
    nodes = np.flatnonzero(signed.shingles)
    found = candidates(signed.slots[nodes], THRESHOLD)
    read, ends = np.unique(np.stack([nodes[found.left], nodes[found.right]]), return_inverse=True)
    sets = shingle_sets(*buffers(texts.take(pa.array(read))))
    left, right = ends.reshape(2, -1)
    is_proven = similarities(sets, left, right) >= THRESHOLD
    one, other = pairs_within(components(len(read), left[is_proven], right[is_proven]), WHOLE_CLUSTER)
    is_alike = similarities(sets, one, other) >= THRESHOLD
    sides = (np.concatenate([left[is_proven], one[is_alike]]), np.concatenate([right[is_proven], other[is_alike]]))
    return set(zip(*(read[side].tolist() for side in sides), strict=True))


def judge(pairs: Pairs, truth: Pairs) -> dict[str, float]:
    """Compares pairs with the true ones."""
    right = len(pairs & truth)
    return Quality(100 * right / max(len(truth), 1), 100 * right / max(len(pairs), 1))._asdict()


def measure_texts(count: int, runs: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns our figures and those of the peers on the same real texts."""
    texts = different_texts(count)
    column = pa.array(texts, pa.large_binary())
    text, offsets = buffers(column)
    megabytes = len(text) / 1e6
    truth: Pairs = set(all_pairs(shingle_sets(text, offsets), THRESHOLD))
    sign(text, offsets)
    kernel = statistics.median(timed(lambda: sign(text, offsets))[0] for _ in range(3 * runs))
    found = find_pairs(column)
    step = statistics.median(timed(lambda: find_pairs(column))[0] for _ in range(runs))
    ours = {
        "texts": {"files": len(texts), "text_mb": megabytes, "pairs": len(truth)},
        "signatures": {"mb_per_second": megabytes / kernel},
        "step": {"mb_per_second": megabytes / step, "seconds": step, **judge(found, truth)},
    }
    return ours, {name: peer and measure_peer(name, peer, texts, truth) for name, peer in peers().items()}


def measure_peer(name: str, peer: Peer, texts: Sequence[bytes], truth: Pairs) -> dict[str, Any]:
    """Times a peer once: it is slow enough to be timed well."""
    say(f"{name}: {len(texts):,} texts")
    megabytes = sum(map(len, texts)) / 1e6
    told: dict[str, Any] = {"signatures": None, "step": None}
    if peer.sign is not None:
        told["signatures"] = {"mb_per_second": megabytes / timed(lambda: peer.sign(texts))[0]}  # pyright: ignore[reportOptionalCall]
    if peer.pair is not None:
        seconds, pairs = timed(lambda: peer.pair(texts))  # pyright: ignore[reportOptionalCall]
        told["step"] = {"mb_per_second": megabytes / seconds, "seconds": seconds, **judge(pairs, truth)}
    return told


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Returns the processor's seconds of one call and its answer."""
    start = time.process_time()
    answer = function()
    return time.process_time() - start, answer


def synthetic_signatures(rows: int) -> Slots:
    """Signatures of which 40 % stand in families of Zipf's sizes, alike in U(.3, 1) of the slots.

    Another 20 % share their first band and nothing else.
    """
    chance = np.random.default_rng(1)
    slots = np.empty((rows, PERMUTATIONS), np.uint32)
    for start in range(0, rows, 10_000):
        slots[start : start + 10_000] = chance.integers(0, 1 << 32, slots[start : start + 10_000].shape, np.uint32)
    start = 0
    while start < 0.4 * rows:
        size = min(int(chance.zipf(1.8)) + 1, 5_000, int(0.4 * rows) - start + 1)
        family = slots[start : start + size]
        family[:] = np.where(chance.random(family.shape) < chance.uniform(0.3, 1, (size, 1)), family[0], family)
        start += size
    slots[rows - int(LARGE_BUCKET * rows) :, :8] = slots[-1, :8]
    chance.shuffle(slots)
    return slots


def cluster_ours(slots: Slots) -> int:
    """Clusters by candidates that agree enough; returns how many rows have a better one."""
    found = candidates(slots, THRESHOLD, 2)
    return int((components(len(slots), found.left, found.right) != np.arange(len(slots))).sum())


def cluster_duckdb(slots: Slots) -> int:
    """Clusters by a plain group-by of each band, without any check of what collides."""
    cut = choose_bands(THRESHOLD)
    sides: list[tuple[Nodes, Nodes]] = []
    with duckdb.connect(config={"threads": 2}) as connection:
        for band in range(cut.bands):
            connection.register("band", pa.table({"row": np.arange(len(slots)), "key": band_column(slots, cut, band)}))
            found = connection.execute(SHARED).fetchnumpy()
            sides.append((found["first"], found["row"]))
    left, right = (np.concatenate(side) for side in zip(*sides, strict=True))
    return int((components(len(slots), left, right) != np.arange(len(slots))).sum())


SHARED = """
    select firsts.first, band.row
    from band
    join (select key, min(row) as first from band group by key having count(*) > 1) as firsts using (key)
    where band.row <> firsts.first
"""


def band_column(slots: Slots, cut: Bands, band: int) -> pa.Array:
    """A band of each row as bytes."""
    part = np.ascontiguousarray(slots[:, band * cut.rows : (band + 1) * cut.rows])
    return pa.Array.from_buffers(pa.binary(4 * cut.rows), len(slots), [None, pa.py_buffer(part)])


def cluster_datasketch(slots: Slots) -> int:
    """Inserts every row into datasketch's index and asks for every row."""
    library = installed("datasketch")
    assert library is not None
    index = library.MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    rows = [library.LeanMinHash(hashvalues=row, seed=1, scheme="affine32") for row in slots]
    for number, row in enumerate(rows):
        index.insert(number, row)
    return sum(len(index.query(row)) > 1 for row in rows)


WAYS = {"ours": cluster_ours, "duckdb": cluster_duckdb, "datasketch": cluster_datasketch}


def measure_here(way: str, rows: int) -> None:
    """Prints the seconds of one way in this process, and what it held beyond the signatures."""
    WAYS[way](synthetic_signatures(2_000))
    slots = synthetic_signatures(rows)
    Path("/proc/self/clear_refs").write_text("5")  # forgets the peak so far
    before = resident_mb(os.getpid())
    start = time.perf_counter()
    cpu_seconds, tied = timed(lambda: WAYS[way](slots))
    told = {"rows": rows, "tied_rows": tied, "seconds": time.perf_counter() - start, "cpu_seconds": cpu_seconds}
    peak = resident_mb(os.getpid(), "VmHWM")
    sys.stdout.write(json.dumps({**told, "peak_mb": peak, "beyond_signatures_mb": peak - before}))


def measure_signatures(way: str, rows: int) -> dict[str, Any]:
    """Measures one way in a process of its own."""
    say(f"clustering {rows:,} signatures: {way}")
    command = (sys.executable, "-m", "tests.bench.near", "--way", way, "--rows", str(rows))
    return json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def measure_sizes(sizes: Sequence[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns figures by the number of signatures: ours, and those of other ways."""
    named = dict(zip(("fewer_signatures", "more_signatures"), sizes, strict=True))
    ours = {name: measure_signatures("ours", rows) for name, rows in named.items()}
    plain = {name: measure_signatures("duckdb", rows) for name, rows in named.items()}
    known = measure_signatures("datasketch", sizes[0]) if installed("datasketch") else None
    guessed = known and known["cpu_seconds"] * sizes[1] / sizes[0]
    return ours, {
        "duckdb_group_by": plain,
        "datasketch_lsh": {"fewer_signatures": known, "more_signatures": {"extrapolated_cpu_seconds": guessed}},
    }


def main() -> None:
    options = parser(__doc__, runs=5)
    options.add_argument("--files", type=int, default=5_000, help="real texts, of which those are taken that differ")
    options.add_argument("--way", choices=WAYS, help="only this way to cluster signatures, in this process")
    options.add_argument("--rows", type=int, default=100_000)
    chosen = options.parse_args()
    if chosen.way:
        measure_here(chosen.way, chosen.rows)
        return
    files, runs, sizes = (60, 1, (2_000, 4_000)) if chosen.quick else (chosen.files, chosen.runs, (100_000, 1_000_000))
    ours, others = measure_texts(files, runs)
    clustered, ways = measure_sizes(sizes)
    datasketch = others["datasketch"]
    emit(
        "near",
        {**ours, **clustered},
        reference={"what": "other tools on the same texts and signatures", "texts": others, "signatures": ways},
        ratio=datasketch["step"]["seconds"] / ours["step"]["seconds"] if datasketch else 0.0,
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
