"""MinHash signatures, bit for bit those of datasketch's scheme `affine32` over the 32-bit hashes of shingles.

`datasketch.MinHash(hashvalues=row, scheme="affine32")` takes a row as it stands, and so do LeanMinHash and MinHashLSH.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit, uint32, uint64

from explorer.fingerprints.shingles import Offsets, Text, shingle_text, widest
from explorer.kernels.buffers import buffers

PERMUTATIONS = 128
SEED = 1
EMPTY = np.uint32(0xFFFFFFFF)
"""Every slot of the signature of a text without shingles."""

_PORTION = 2048
"""Shingles that stay in the nearest cache while all permutations pass over them."""
_LANES = 64
"""Hashes are filled up to a multiple of so many, that no loop has a rest."""


class Signatures(NamedTuple):
    """Signatures of some texts and how many shingles each has, repeats counted."""

    slots: npt.NDArray[np.uint32]
    """One row a text, one column a permutation."""
    shingles: npt.NDArray[np.int32]


@cache
def permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Returns the factors (odd) and summands, uint32, that datasketch draws for `num_perm=128, seed=1`."""
    chance = np.random.RandomState(SEED)
    factors = chance.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, chance.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)


def sign(text: Text, offsets: Offsets) -> Signatures:
    """Signs the texts `text[offsets[i]:offsets[i + 1]]`."""
    found = Signatures(np.empty((len(offsets) - 1, PERMUTATIONS), np.uint32), np.zeros(len(offsets) - 1, np.int32))
    room = widest(offsets)
    raw, hashes = np.empty(room, np.uint64), np.empty(room + _LANES, np.uint32)
    _sign(text, text.ctypes.data, offsets, *permutations(), raw, hashes, *found)
    return found


def fingerprint(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `signature` (512 bytes: 128 little-endian uint32, null without shingles) and `shingles` (int32) of each
    `content`.
    """
    slots, shingles = sign(*buffers(batch.column("content")))
    missing = pa.py_buffer(np.packbits(shingles > 0, bitorder="little"))
    kind = pa.binary(PERMUTATIONS * 4)
    signatures = pa.Array.from_buffers(kind, len(slots), [missing, pa.py_buffer(slots.astype("<u4", copy=False))])
    return pa.RecordBatch.from_arrays([signatures, pa.array(shingles)], names=["signature", "shingles"])


def slots_of(column: pa.FixedSizeBinaryArray) -> npt.NDArray[np.uint32]:
    """Returns the slots (uint32, n × 128) of a `signature` column without a copy; those of a null mean nothing."""
    values = np.frombuffer(column.buffers()[1], "<u4", len(column) * PERMUTATIONS, column.offset * PERMUTATIONS * 4)
    return values.reshape(len(column), PERMUTATIONS)


@njit(inline="always")
def _premixed(value: Any) -> Any:
    """MurmurHash3's finaliser; numba widens each product, so that it is cut back."""
    value = uint32(value ^ (value >> uint32(16)))
    value = uint32(value * uint32(0x85EBCA6B))
    value = uint32(value ^ (value >> uint32(13)))
    value = uint32(value * uint32(0xC2B2AE35))
    return uint32(value ^ (value >> uint32(16)))


@njit(nogil=True, cache=True)
def _sign(
    text: Any, address: Any, offsets: Any, factors: Any, summands: Any, raw: Any, hashes: Any, slots: Any, shingles: Any
) -> None:
    for number in range(len(offsets) - 1):
        count = shingle_text(text, uint64(address), offsets[number], offsets[number + 1], raw)
        shingles[number] = count
        for slot in range(len(factors)):
            slots[number, slot] = EMPTY
        if count:
            for place in range(count):
                hashes[place] = _premixed(uint32(raw[place] >> uint64(32)))
            filled = (count + _LANES - 1) // _LANES * _LANES
            hashes[count:filled] = hashes[0]
            _take_minima(hashes[:filled], factors, summands, slots[number])


@njit(nogil=True, cache=True)
def _take_minima(hashes: Any, factors: Any, summands: Any, slots: Any) -> None:
    for start in range(0, len(hashes), _PORTION):
        # A loop over a slice is vectorised; one over range(start, end) keeps a test for negative indices and is not.
        portion = hashes[start : min(start + _PORTION, len(hashes))]
        for slot in range(len(factors)):
            factor, summand, least = factors[slot], summands[slot], slots[slot]
            for place in range(len(portion)):
                value = uint32(uint32(factor * portion[place]) + summand)
                least = min(least, value)
            slots[slot] = least
