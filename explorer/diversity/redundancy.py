"""How much of a group says again what it has said."""

import lzma

import numpy as np
import numpy.typing as npt

from explorer.diversity.series import Files, Series
from explorer.languages.streams import Stream

WIDTH = 8
"""Tokens in the runs whose repetition is counted: syntax alone repeats runs of four."""
_LEAST_WINDOW, _MOST_WINDOW = 4096, 1 << 30
_ODD = np.uint64(0x9E3779B97F4A7C15)


def compression_ratio(text: bytes) -> float:
    """Returns bytes by compressed bytes, by xz (preset 1) with a window as long as the text; NaN of nothing.

    A window shorter than the text, as gzip's, is blind to files that repeat one another.
    """
    if not text:
        return float("nan")
    window = min(max(len(text), _LEAST_WINDOW), _MOST_WINDOW)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": window}]
    return len(text) / len(lzma.compress(text, format=lzma.FORMAT_RAW, filters=filters))


def run_hashes(stream: Stream) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Returns the distinct runs of eight tokens of each file as hashes, and where each file begins."""
    sums = np.zeros(max(len(stream.hashes) - WIDTH + 1, 0), np.uint64)
    for place in range(WIDTH):
        sums = sums * _ODD + stream.hashes[place : place + len(sums)]
    files = [
        np.unique(sums[first : max(last - WIDTH + 1, first)])
        for first, last in zip(stream.firsts[:-1], stream.firsts[1:], strict=True)
    ]
    firsts = np.concatenate([[0], np.cumsum([len(file) for file in files], dtype=np.int64)])
    return np.concatenate([*files, np.zeros(0, np.uint64)]), firsts.astype(np.int64)


def self_repetition(runs: Series, files: Files, kinds: int) -> float:
    """Returns the mean over files of ln(1 + sum over its runs of (files that have the run - 1)); NaN of no file."""
    if not len(files):
        return float("nan")
    chosen = np.concatenate([runs.ids[runs.firsts[file] : runs.firsts[file + 1]] for file in files])
    shared = np.bincount(chosen, minlength=kinds) - 1
    sums = np.concatenate([[0], np.cumsum(shared[chosen])])
    ends = np.concatenate([[0], np.cumsum(runs.lengths[files])])
    return float(np.log1p(np.diff(sums[ends])).mean())
