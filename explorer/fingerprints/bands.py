"""Pairs of signatures that may be near-duplicates: those that agree in a whole band, found by sorting.

A signature is cut into bands of some slots each. Two texts of Jaccard similarity s agree in a band of r slots with
probability s^r, and in one of b bands at least with 1 - (1 - s^r)^b. Pairs whose signatures then agree in too few slots
are left out; the others are candidates, to be decided by their exact similarity.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit, uint32, uint64

from explorer.fingerprints.minhash import PERMUTATIONS

RECALL = 0.985
"""The least share of pairs at the threshold that the bands alone must find."""
DOUBT = 3.0
"""Standard deviations by which an estimate may fall below the threshold before a pair is left out."""
LARGEST_BAND = 16

WHOLE_BUCKET = 24
"""Up to so many members of a bucket are paired each with each; in a larger one each meets a leader."""
LEADERS = 16
"""Members of a large bucket that found no leader like them, and lead themselves."""
_ROOM = 1024
"""Pairs that there is room for at first."""

Slots = npt.NDArray[np.uint32]
Nodes = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]


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
    """Returns in how many slots a pair at the threshold agrees at least, but for a few in a thousand."""
    spread = math.sqrt(threshold * (1 - threshold) * PERMUTATIONS)
    return max(1, math.floor(threshold * PERMUTATIONS - DOUBT * spread))


def candidates(slots: Slots, threshold: float, threads: int = 1) -> Candidates:
    """Returns the pairs of rows of `slots` (n × 128) that may have a similarity of `threshold` or more.

    The work grows with the rows, whatever their buckets: where many rows share a band, each is paired with a leader at
    most, which still connects those that are alike. Of equal signatures only the first row looks for others. The answer
    depends on the order of the rows only in large buckets, never on `threads`.
    """
    everyone = np.arange(len(slots), dtype=np.int64)
    equal = _alike(slots, everyone, Bands(1, PERMUTATIONS), PERMUTATIONS, threads)
    firsts = np.delete(everyone, equal[:, 1])
    alike = _alike(slots, firsts, choose_bands(threshold), least_agreement(threshold), threads)
    pairs = np.concatenate([equal, alike])
    return Candidates(pairs[:, 0].copy(), pairs[:, 1].copy())


class _Search(NamedTuple):
    """What is looked through, as the kernels take it."""

    slots: Slots
    nodes: Nodes
    """The rows to compare, ascending."""
    rows: int
    """Slots of a band."""
    least: int
    """Slots in which a pair must agree."""
    bits: int
    """Bits of a key that hold the place of a node; the others hold the hash of a band."""
    crowded: npt.NDArray[np.bool_]
    """For each band, which rows share their bucket with more than `WHOLE_BUCKET`."""


def _alike(slots: Slots, nodes: Nodes, cut: Bands, least: int, threads: int) -> Nodes:
    """Returns each pair of nodes, the lower one first, that shares a bucket and agrees in `least` slots."""
    crowded = np.zeros((cut.bands, len(slots)), np.bool_)
    search = _Search(slots, nodes, cut.rows, least, _place_bits(len(nodes)), crowded)
    is_marked = [Event() for _ in range(cut.bands)]

    def pairs_of(band: int) -> Nodes:
        try:
            keys = _sorted_keys(search, band)
            _mark_crowded(search, keys, crowded[band])
        finally:
            is_marked[band].set()
        # What was found in earlier bands is told by their crowded buckets; a pool begins its tasks in order.
        for earlier in is_marked[:band]:
            earlier.wait()
        room, count = _pair_band(search, keys, band)
        return room[:count].copy()

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        pairs = np.concatenate(list(pool.map(pairs_of, range(cut.bands))))
    return _distinct(pairs, len(slots)) if crowded.any() else pairs


def _distinct(pairs: Nodes, count: int) -> Nodes:
    """Returns each pair once: leaders meet their followers in several bands."""
    keys = np.sort(pairs[:, 0] * count + pairs[:, 1])
    return np.stack(np.divmod(keys[np.diff(keys, prepend=-1) > 0], count), axis=1)


def _place_bits(count: int) -> int:
    """Bits that number so many places, in whole bytes."""
    return max(8, -(-max(count - 1, 1).bit_length() // 8) * 8)


def _sorted_keys(search: _Search, band: int) -> Keys:
    keys = np.empty(len(search.nodes), np.uint64)
    _pack(search, band * search.rows, keys)
    return _radix_sort(keys, np.empty_like(keys), search.bits)


@njit(inline="always")
def _lowest(bits: Any) -> Any:
    """A mask of the lowest bits."""
    return (uint64(1) << uint64(bits)) - uint64(1)


@njit(nogil=True, cache=True)
def _pack(search: Any, first: Any, keys: Any) -> None:
    """Writes the hash of a band above the place of the node: sorting then brings equal bands together."""
    upper = ~_lowest(search.bits)
    for place in range(len(keys)):
        value = uint64(0x517CC1B727220A95)
        signature = search.slots[search.nodes[place]]
        for slot in signature[first : first + search.rows]:
            value = (value ^ uint64(slot)) * uint64(0x9FB21C651E98DF25)
            value ^= value >> uint64(32)
        keys[place] = (value * uint64(0x9E3779B97F4A7C15)) & upper | uint64(place)


@njit(nogil=True, cache=True)
def _radix_sort(keys: Any, scratch: Any, bits: Any) -> Any:
    """Sorts by the bits above the node's place, eight at a time; the order of equal ones stays."""
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


@njit(nogil=True, cache=True)
def _bucket_end(keys: Any, start: Any, bits: Any) -> Any:
    bucket = keys[start] >> uint64(bits)
    end = start + 1
    while end < len(keys) and keys[end] >> uint64(bits) == bucket:
        end += 1
    return end


@njit(nogil=True, cache=True)
def _mark_crowded(search: Any, keys: Any, crowded: Any) -> None:
    mask = _lowest(search.bits)
    start = 0
    while start < len(keys):
        end = _bucket_end(keys, start, search.bits)
        if end - start > WHOLE_BUCKET:
            for place in range(start, end):
                crowded[search.nodes[np.int64(keys[place] & mask)]] = True
        start = end


@njit(nogil=True, cache=True)
def _pair_band(search: Any, keys: Any, band: Any) -> Any:
    """Pairs those that share a bucket: each with each where they are few, else each with the leader it is like.

    Returns an array of pairs and how many there are.
    """
    mask = _lowest(search.bits)
    room = np.empty((_ROOM, 2), np.int64)
    count = start = 0
    while start < len(keys):
        end = _bucket_end(keys, start, search.bits)
        size = end - start
        if size > 1:
            members = np.empty(size, np.int64)
            for place in range(size):
                members[place] = search.nodes[np.int64(keys[start + place] & mask)]
            is_small = size <= WHOLE_BUCKET
            room = _enlarged(room, count + (size * (size - 1) // 2 if is_small else size))
            if is_small:
                count = _pair_each(search, members, band, room, count)
            else:
                count = _pair_with_leaders(search, members, band, room, count)
        start = end
    return room, count


@njit(nogil=True, cache=True)
def _enlarged(room: Any, needed: Any) -> Any:
    if needed <= len(room):
        return room
    larger = np.empty((2 * needed, 2), np.int64)
    for place in range(len(room)):  # a slice would take numba ten seconds to compile
        larger[place, 0], larger[place, 1] = room[place, 0], room[place, 1]
    return larger


@njit(nogil=True, cache=True)
def _pair_each(search: Any, members: Any, band: Any, room: Any, count: Any) -> Any:
    for place in range(1, len(members)):
        for before in range(place):
            one, other = members[before], members[place]
            # Most pairs that are alike met in one of the first bands: looking there reads a fraction of two signatures.
            if not _met_earlier(search, one, other, band) and _agreement(search.slots, one, other) >= search.least:
                room[count, 0], room[count, 1] = one, other
                count += 1
    return count


@njit(nogil=True, cache=True)
def _pair_with_leaders(search: Any, members: Any, band: Any, room: Any, count: Any) -> Any:
    leaders = np.empty(LEADERS, np.int64)
    leading = 0
    for member in members:
        number = 0
        while number < leading and _agreement(search.slots, leaders[number], member) < search.least:
            number += 1
        if number < leading:
            if not _met_earlier(search, leaders[number], member, band):
                room[count, 0], room[count, 1] = leaders[number], member
                count += 1
        elif leading < LEADERS:
            leaders[leading] = member
            leading += 1
    return count


@njit(nogil=True, cache=True)
def _agreement(slots: Any, one: Any, other: Any) -> Any:
    same = uint32(0)
    for slot in range(PERMUTATIONS):
        same = uint32(same + uint32(slots[one, slot] == slots[other, slot]))
    return same


@njit(nogil=True, cache=True)
def _met_earlier(search: Any, one: Any, other: Any, band: Any) -> Any:
    """Tells whether a pair was found in an earlier band: where it shared a bucket that was not too large."""
    for earlier in range(band):
        slot, end = earlier * search.rows, (earlier + 1) * search.rows
        while slot < end and search.slots[one, slot] == search.slots[other, slot]:
            slot += 1
        if slot == end and not search.crowded[earlier, one]:
            return True
    return False
