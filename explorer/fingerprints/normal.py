"""The hash of a sample's content that blanks do not change."""

import hashlib
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

from explorer.kernels.buffers import buffers

DIGEST_BYTES = 16


def hash_normalised(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `normal_hash` (16 bytes of BLAKE2b) of each `content`, null where nothing but blanks is left.

    Before hashing, every maximal run of ASCII blanks (tab, line feed, vertical tab, form feed, carriage return, space)
    becomes one space, and none is left at either end.
    """
    text, offsets = buffers(batch.column("content"))
    size = int(offsets[-1] - offsets[0])
    packed, ends = np.empty(size, np.uint8), np.zeros(len(offsets), np.int64)
    _squeeze(text, offsets, packed, ends)
    cells = packed.data
    digests = [_digest(cells[start:end]) for start, end in pairwise(ends.tolist())]
    return pa.RecordBatch.from_arrays([pa.array(digests, pa.binary(DIGEST_BYTES))], names=["normal_hash"])


def _digest(cell: memoryview) -> bytes | None:
    return hashlib.blake2b(cell, digest_size=DIGEST_BYTES).digest() if len(cell) else None


@njit(nogil=True, cache=True)
def _squeeze(text: Any, offsets: Any, packed: Any, ends: Any) -> None:
    filled = 0
    for sample in range(len(offsets) - 1):
        first = filled
        is_after_blank = False
        for byte in text[offsets[sample] : offsets[sample + 1]]:
            if byte == 32 or 9 <= byte <= 13:
                is_after_blank = filled > first
                continue
            if is_after_blank:
                packed[filled] = 32
                filled += 1
                is_after_blank = False
            packed[filled] = byte
            filled += 1
        ends[sample + 1] = filled
