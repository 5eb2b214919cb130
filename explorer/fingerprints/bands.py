"""Pairs of signatures that may be near-duplicates: those that agree in a whole band, found by sorting.

A signature is cut into bands of some slots each. Two texts of Jaccard similarity s agree in a band of r slots with
probability s^r, and in one of b bands at least with 1 - (1 - s^r)^b. Pairs whose signatures then agree in too few slots
are left out; the others are candidates, to be decided by their exact similarity.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit, uint64

from explorer.fingerprints.minhash import PERMUTATIONS

RECALL = 0.985
"""The least share of pairs at the threshold that the bands alone must find."""
DOUBT = 3.0
"""Standard deviations by which an estimate may fall below the threshold before a pair is left out."""
LARGEST_BAND = 16

WHOLE_BUCKET = 24
"""Up to so many members of a bucket are paired each with each; in a larger one each meets the leaders."""
LEADERS = 16
"""Members of a large bucket that found no leader like them, and lead themselves."""
FOLLOWED = 1
"""Leaders that a member of a large bucket is paired with at most."""

Slots = npt.NDArray[np.uint32]
Nodes = npt.NDArray[np.int64]


class Bands(NamedTuple):
    """How a signature is cut."""

    bands: int
    rows: int
    """Slots of a band."""

    def recall(self, similarity: float) -> float:
        """Returns the probability that two texts of some similarity agree in a band at least."""
        return 1 - (1 - similarity**self.rows) ** self.bands


class Candidates(NamedTuple):
    """Pairs of nodes, each once, `left` below `right`."""

    left: Nodes
    right: Nodes


def choose_bands(threshold: float) -> Bands:
    """Returns the longest bands that find at least `RECALL` of the pairs at a threshold: they collide least."""
    cuts = (Bands(PERMUTATIONS // rows, rows) for rows in range(LARGEST_BAND, 0, -1))
    return next((cut for cut in cuts if cut.recall(threshold) >= RECALL), Bands(PERMUTATIONS, 1))


def least_agreement(threshold: float) -> int:
    """Returns in how many slots a pair at the threshold agrees at least, but for one in about a thousand."""
    spread = math.sqrt(threshold * (1 - threshold) * PERMUTATIONS)
    return max(1, math.floor(threshold * PERMUTATIONS - DOUBT * spread))


def candidates(slots: Slots, threshold: float, threads: int = 1) -> Candidates:
    """Returns the pairs of rows of `slots` (n × 128) that may have a similarity of `threshold` or more.

    The work grows with the rows, whatever their buckets: where many rows share a band, each is paired with a few
    leaders, which still connects those that are alike. Equal signatures meet in their first row only, unless they are
    few. The answer depends on the order of the rows only in large buckets, never on `threads`.
    """
    cut, least = choose_bands(threshold), least_agreement(threshold)
    everyone = np.arange(len(slots), dtype=np.int64)
    equal, is_first = _equal_pairs(slots, everyone)
    firsts = everyone[is_first]

    def pairs_of(band: int) -> Candidates:
        return _band_pairs(slots, firsts, band, cut.rows, least)

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        found = [equal, *pool.map(pairs_of, range(cut.bands))]
    return Candidates(np.concatenate([part.left for part in found]), np.concatenate([part.right for part in found]))


def _equal_pairs(slots: Slots, nodes: Nodes) -> tuple[Candidates, npt.NDArray[np.bool_]]:
    """The pairs of equal signatures, and which rows are the first of theirs."""
    keys = _sorted_keys(slots, nodes, 0, PERMUTATIONS)
    is_first = np.ones(len(slots), np.bool_)
    room = np.empty((1024, 2), np.int64)
    count = _pair_equal(slots, keys, _id_bits(len(nodes)), is_first, room)
    if count > len(room):
        room = np.empty((count, 2), np.int64)
        _pair_equal(slots, keys, _id_bits(len(nodes)), is_first, room)
    return Candidates(room[:count, 0], room[:count, 1]), is_first


def _band_pairs(slots: Slots, nodes: Nodes, band: int, rows: int, least: int) -> Candidates:
    keys = _sorted_keys(slots, nodes, band * rows, rows)
    bits = _id_bits(len(nodes))
    room = np.empty((max(1024, len(nodes) // 4), 2), np.int64)
    count = _pair_band(slots, nodes, keys, bits, band, rows, least, room)
    if count > len(room):
        room = np.empty((count, 2), np.int64)
        _pair_band(slots, nodes, keys, bits, band, rows, least, room)
    return Candidates(room[:count, 0].copy(), room[:count, 1].copy())


def _id_bits(count: int) -> int:
    """Bits that number the nodes, in whole bytes: what is left of a key holds the hash of a band."""
    return max(8, -(-max(count - 1, 1).bit_length() // 8) * 8)


def _sorted_keys(slots: Slots, nodes: Nodes, first: int, rows: int) -> npt.NDArray[np.uint64]:
    keys = np.empty(len(nodes), np.uint64)
    bits = _id_bits(len(nodes))
    _pack(slots, nodes, first, rows, bits, keys)
    return _radix_sort(keys, np.empty_like(keys), bits)


@njit(nogil=True, cache=True)
def _pack(slots: Any, nodes: Any, first: Any, rows: Any, bits: Any, keys: Any) -> None:
    """Writes the hash of a band above the number of the node: sorting then brings equal bands together."""
    upper = ~((uint64(1) << uint64(bits)) - uint64(1))
    for place in range(len(nodes)):
        value = uint64(0x517CC1B727220A95)
        for slot in slots[nodes[place], first : first + rows]:
            value = (value ^ uint64(slot)) * uint64(0x9FB21C651E98DF25)
            value ^= value >> uint64(32)
        keys[place] = (value * uint64(0x9E3779B97F4A7C15)) & upper | uint64(place)


@njit(nogil=True, cache=True)
def _radix_sort(keys: Any, scratch: Any, bits: Any) -> Any:
    """Sorts by the bits above the node's number, eight at a time; the order of equal ones stays."""
    for shift in range(bits, 64, 8):
        places = np.zeros(257, np.int64)
        for key in keys:
            places[np.int64((key >> uint64(shift)) & uint64(255)) + 1] += 1
        for digit in range(256):
            places[digit + 1] += places[digit]
        for key in keys:
            digit = np.int64((key >> uint64(shift)) & uint64(255))
            scratch[places[digit]] = key
            places[digit] += 1
        keys, scratch = scratch, keys
    return keys


@njit(inline="always")
def _bucket_end(keys: Any, start: Any, bits: Any) -> Any:
    end = start + 1
    while end < len(keys) and keys[end] >> uint64(bits) == keys[start] >> uint64(bits):
        end += 1
    return end


@njit(inline="always")
def _agreement(one: Any, other: Any) -> Any:
    same = 0
    for slot in range(len(one)):
        same += one[slot] == other[slot]
    return same


@njit(inline="always")
def _meet_earlier(one: Any, other: Any, band: Any, rows: Any) -> Any:
    """Tells whether two signatures agree in an earlier band, where the pair was found already."""
    for start in range(0, band * rows, rows):
        agrees = True
        for slot in range(start, start + rows):
            if one[slot] != other[slot]:
                agrees = False
                break
        if agrees:
            return True
    return False


@njit(inline="always")
def _note(room: Any, count: Any, one: Any, other: Any) -> Any:
    """Writes a pair down where there is room; the number is right in any case."""
    if count < len(room):
        room[count, 0] = min(one, other)
        room[count, 1] = max(one, other)
    return count + 1


@njit(nogil=True, cache=True)
def _pair_equal(slots: Any, keys: Any, bits: Any, is_first: Any, room: Any) -> Any:
    """Pairs equal signatures: each with each where they are few, else with the first."""
    mask = (uint64(1) << uint64(bits)) - uint64(1)
    count = start = 0
    while start < len(keys):
        end = _bucket_end(keys, start, bits)
        for place in range(start + 1, end):
            node = np.int64(keys[place] & mask)
            last = place if end - start <= WHOLE_BUCKET else start + 1
            for before in range(start, last):
                other = np.int64(keys[before] & mask)
                if _agreement(slots[node], slots[other]) == slots.shape[1]:
                    count = _note(room, count, node, other)
                    is_first[node] = False
        start = end
    return count


@njit(nogil=True, cache=True)
def _pair_band(slots: Any, nodes: Any, keys: Any, bits: Any, band: Any, rows: Any, least: Any, room: Any) -> Any:
    mask = (uint64(1) << uint64(bits)) - uint64(1)
    leaders = np.empty(LEADERS, np.int64)
    count = start = 0
    while start < len(keys):
        end = _bucket_end(keys, start, bits)
        leading = 0
        for place in range(start, end):
            node = nodes[np.int64(keys[place] & mask)]
            if end - start <= WHOLE_BUCKET:
                for before in range(start, place):
                    other = nodes[np.int64(keys[before] & mask)]
                    if _is_new_pair(slots, node, other, band, rows, least):
                        count = _note(room, count, node, other)
                continue
            followed = 0
            for number in range(leading):
                if followed < FOLLOWED and _agreement(slots[node], slots[leaders[number]]) >= least:
                    followed += 1
                    if not _meet_earlier(slots[node], slots[leaders[number]], band, rows):
                        count = _note(room, count, node, leaders[number])
            if not followed and leading < LEADERS:
                leaders[leading] = node
                leading += 1
        start = end
    return count


@njit(inline="always")
def _is_new_pair(slots: Any, node: Any, other: Any, band: Any, rows: Any, least: Any) -> Any:
    # Most pairs that are alike met in one of the first bands: looking there reads a fraction of two signatures.
    if _meet_earlier(slots[node], slots[other], band, rows):
        return False
    return _agreement(slots[node], slots[other]) >= least
