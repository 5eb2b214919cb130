"""Shingles of a text: five consecutive tokens each, hashed straight from the bytes of an Arrow buffer.

A token is a maximal run of `[A-Za-z0-9_]` or bytes above 0x7F, which on ASCII is `\\w+`. Its hash walks over the token
in little-endian words of eight bytes, the last one filled up with zeros, starting from the token's length:

    h = length * K2;  for each word: h = (h ^ word) * K1;  h = h ^ (h >> 29)

A shingle of tokens t0 … t4 has the identity `mix(t0*P^4 + t1*P^3 + t2*P^2 + t3*P + t4)` with

    mix(s): s = s ^ (s >> 32);  s = s * M;  s ^ (s >> 29)

all in 64 bits, wrapping round. Its 32-bit hash, which MinHash takes, are the upper 32 bits of the identity.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit, uint64

from explorer.fingerprints.word_masks import BLOCK, eight_bytes, lowest_bit, one_byte, word_mask

WIDTH = 5
"""Tokens of a shingle; a text of fewer has none."""

K1 = np.uint64(0x9E3779B97F4A7C15)
K2 = np.uint64(0xC2B2AE3D27D4EB4F)
P = np.uint64(0x9FB21C651E98DF25)
M = np.uint64(0xD6E8FEB86659FD93)
ALL_BITS = np.uint64((1 << 64) - 1)

_WORD_BYTES = 8

Text = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]


class ShingleSets(NamedTuple):
    """The distinct shingles of some texts, one after the other."""

    identities: npt.NDArray[np.uint64]
    """Ascending inside each text."""
    offsets: Offsets
    """Where each text's shingles begin; one more than there are texts."""


def shingle_sets(text: Text, offsets: Offsets) -> ShingleSets:
    """Returns the distinct shingle identities of the texts `text[offsets[i]:offsets[i + 1]]`, ascending."""
    room = widest(offsets)
    identities = np.empty(int((np.diff(offsets) // 2 + 1).sum()), np.uint64)
    ends = np.zeros(len(offsets), np.int64)
    raw, scratch = np.empty(room, np.uint64), np.empty(room, np.uint64)
    _gather_sets(text, text.ctypes.data, offsets, raw, scratch, identities, ends)
    return ShingleSets(identities[: ends[-1]], ends)


def widest(offsets: Offsets) -> int:
    """Returns how many shingles the longest text may have: every second byte begins a token at most."""
    return int(np.diff(offsets).max(initial=0)) // 2 + BLOCK


@njit(inline="always")
def _tail(address: Any, count: Any) -> Any:
    """The last bytes of a buffer, which eight at once would read beyond."""
    word = uint64(0)
    for place in range(count):
        word |= one_byte(address + uint64(place)) << uint64(8 * place)
    return word


@njit(inline="always")
def _word_at(address: Any, left: Any, count: Any) -> Any:
    """Up to eight bytes of a token as one word; `left` bytes lie between the address and the end of the buffer."""
    if left < _WORD_BYTES:
        return _tail(address, count)
    unwanted = 8 * max(_WORD_BYTES - count, 0)
    return eight_bytes(address) & (ALL_BITS >> uint64(unwanted))


@njit(inline="always")
def _token_hash(address: Any, left: Any, count: Any) -> Any:
    value = (uint64(count) * K2 ^ _word_at(address, left, count)) * K1
    value ^= value >> uint64(29)
    for place in range(_WORD_BYTES, count, _WORD_BYTES):
        value = (value ^ _word_at(address + uint64(place), left - place, count - place)) * K1
        value ^= value >> uint64(29)
    return value


@njit(inline="always")
def _mix(value: Any) -> Any:
    value ^= value >> uint64(32)
    value *= M
    return value ^ (value >> uint64(29))


@njit(inline="always")
def _is_word(byte: Any) -> Any:
    lower = byte | 0x20
    return 97 <= lower <= 122 or 48 <= byte <= 57 or byte == 95 or byte >= 0x80


@njit(inline="always")
def _mask_at(address: Any, left: Any, count: Any) -> Any:
    """Which of the next 64 bytes belong to words; those behind the `count` that the text has are not asked."""
    if left < BLOCK:
        mask = uint64(0)
        for place in range(min(count, BLOCK)):
            mask |= uint64(_is_word(one_byte(address + uint64(place)))) << uint64(place)
        return mask
    mask = word_mask(address)
    return mask if count >= BLOCK else mask & ((uint64(1) << uint64(count)) - uint64(1))


@njit(nogil=True, cache=True)
def shingle_text(text: Any, address: Any, start: Any, end: Any, out: Any) -> Any:
    """Writes the identities of all shingles of `text[start:end]` to `out` (uint64), in order; returns their number.

    `address` is that of `text`; `out` has room for every token.
    """
    tokens = _hash_tokens(address, len(text), start, end, out)
    count = max(tokens - WIDTH + 1, 0)
    for place in range(count):
        total = out[place]
        for behind in range(1, WIDTH):
            total = total * P + out[place + behind]
        out[place] = _mix(total)
    return count


@njit(nogil=True, cache=True)
def _hash_tokens(address: Any, size: Any, start: Any, end: Any, out: Any) -> Any:
    """Writes the hash of every token to `out`; returns their number.

    Where tokens begin and end are bits of a mask of 64 bytes: the gaps between them and all else cost nothing.
    """
    tokens = token_start = 0
    carry = uint64(0)
    for block in range(start, end + 1, BLOCK):
        mask = _mask_at(address + uint64(block), size - block, end - block) if block < end else uint64(0)
        shifted = (mask << uint64(1)) | carry
        starts, ends = mask & ~shifted, shifted & ~mask
        if not carry:
            token_start = block + np.int64(lowest_bit(starts))
            starts &= starts - uint64(1)
        while ends:
            place = block + np.int64(lowest_bit(ends))
            ends &= ends - uint64(1)
            out[tokens] = _token_hash(address + uint64(token_start), size - token_start, place - token_start)
            tokens += 1
            token_start = block + np.int64(lowest_bit(starts))
            starts &= starts - uint64(1)
        carry = mask >> uint64(63)
    return tokens


@njit(nogil=True, cache=True)
def _gather_sets(text: Any, address: Any, offsets: Any, raw: Any, scratch: Any, identities: Any, ends: Any) -> None:
    filled = 0
    for number in range(len(offsets) - 1):
        count = shingle_text(text, uint64(address), offsets[number], offsets[number + 1], raw)
        _sort(raw[:count], scratch[:count])
        for place in range(count):
            if place == 0 or scratch[place] != scratch[place - 1]:
                identities[filled] = scratch[place]
                filled += 1
        ends[number + 1] = filled


@njit(nogil=True, cache=True)
def _sort(values: Any, out: Any) -> None:
    """Sorts hashes into `out`: they are spread evenly, so that their leading bits alone bring each near its place."""
    bits = 1
    while (1 << bits) < len(values):
        bits += 1
    edges = _scatter(values, bits, out)
    for bucket in range(1 << bits):
        if edges[bucket + 1] - edges[bucket] > 1:
            _shell_sort(out, edges[bucket], edges[bucket + 1])


@njit(nogil=True, cache=True)
def _scatter(values: Any, bits: Any, out: Any) -> Any:
    """Writes values to `out` in the order of their leading bits; returns where those of each begin."""
    shift = uint64(64 - bits)
    edges = np.zeros((1 << bits) + 1, np.int64)
    for value in values:
        edges[np.int64(value >> shift) + 1] += 1
    for bucket in range(1 << bits):
        edges[bucket + 1] += edges[bucket]
    places = edges.copy()
    for value in values:
        bucket = np.int64(value >> shift)
        out[places[bucket]] = value
        places[bucket] += 1
    return edges


@njit(nogil=True, cache=True)
def _shell_sort(values: Any, low: Any, high: Any) -> None:
    """Sorts a few values as an insertion sort does, and many repeats of a shingle without its squares."""
    gap = 1
    while gap < (high - low) // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for place in range(low + gap, high):
            value, goal = values[place], place
            while goal - gap >= low and values[goal - gap] > value:
                values[goal] = values[goal - gap]
                goal -= gap
            values[goal] = value
        gap //= 3
