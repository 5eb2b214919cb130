"""Repetition: xz sees files that repeat one another however far apart, which zlib cannot."""

import hashlib
import math
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.diversity.redundancy import WIDTH, compression_ratio, run_hashes
from tests.diversity.looked_at import STANDARD, stream

LEAST_BYTES, MOST_BYTES = 1_000, 4_000


def texts() -> list[bytes]:
    """The beginnings of 200 files of the library, in an order of chance that is always the same."""
    read = {path.read_bytes()[:MOST_BYTES] for path in STANDARD}
    kept = sorted((text for text in read if len(text) > LEAST_BYTES), key=lambda text: hashlib.sha256(text).digest())
    assert len(kept) > 200
    return kept[:200]


def zlib_ratio(text: bytes) -> float:
    return len(text) / len(zlib.compress(text, 6))


def change(ratio: Callable[[bytes], float]) -> float:
    """By what a ratio grows when all texts are said a second time, each far behind the first."""
    once = b"".join(texts())
    return ratio(once + once) / ratio(once)


def test_xz_sees_what_is_repeated_far_apart() -> None:
    assert change(compression_ratio) > 1.9


def test_zlib_does_not() -> None:
    assert change(zlib_ratio) == pytest.approx(1, abs=0.02)


def test_the_ratio_is_of_bytes_by_compressed_bytes() -> None:
    chance = np.random.default_rng(1).bytes(50_000)

    assert compression_ratio(chance) == pytest.approx(1, abs=0.01)
    assert compression_ratio(chance + chance) == pytest.approx(2, abs=0.05)
    assert compression_ratio(b"x" * 100_000) > 500
    assert math.isnan(compression_ratio(b""))
    assert 0 < compression_ratio(b"x") <= 1


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=24), max_size=5))
@settings(max_examples=150, deadline=None)
def test_runs_are_the_distinct_eights_of_each_file(files: list[list[str]]) -> None:
    hashes, firsts = run_hashes(stream(*(" ".join(file) for file in files)))

    meant: dict[int, tuple[str, ...]] = {}
    for number, file in enumerate(files):
        wanted = {tuple(file[place : place + WIDTH]) for place in range(len(file) - WIDTH + 1)}
        told = hashes[firsts[number] : firsts[number + 1]].tolist()
        assert len(told) == len(set(told)) == len(wanted)
        again, _ = run_hashes(stream(*(" ".join(run) for run in sorted(wanted))))
        assert sorted(again.tolist()) == sorted(told)
        meant |= zip(again.tolist(), sorted(wanted), strict=True)
    assert len(set(meant.values())) == len(meant)
    assert firsts[-1] == len(hashes)
