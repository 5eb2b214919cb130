"""Finds anchors in the bytes of a whole Arrow buffer in one compiled pass.

Four bytes at a time, upper case made lower, are looked up in a table by a multiplicative hash; only where the table
has an entry are the anchors of that entry compared.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit, uint64

from explorer.kernels.literals import Anchor

MOST_HITS = 20_000
"""Places of one anchor in one sample that are told, where the caller does not ask for all."""

_PROBE_BYTES = 4
_SHIFT = 17
_SLOTS = 1 << 15
_FACTOR = np.uint64(0x9E3779B1)
_FOLLOWING = b"abcdefghijklmnopqrstuvwxyz0123456789-_"
_FOLDED, _ASSIGNED = 1, 2


class AnchorTable(NamedTuple):
    """Anchors as the kernel takes them."""

    slots: npt.NDArray[np.uint16]
    """For each hash the number of its bucket, 0 for none."""
    words: npt.NDArray[np.uint64]
    """For each bucket its four bytes as one number, 0 where it has several."""
    firsts: npt.NDArray[np.int64]
    """Where the anchors of each bucket begin in `members`; bucket 0 is empty."""
    members: npt.NDArray[np.int64]
    letters: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]
    """Where each anchor begins in `letters`; one more than there are anchors."""
    banks: npt.NDArray[np.uint64]
    flags: npt.NDArray[np.uint8]


class Hits(NamedTuple):
    """Where anchors begin, in the order of the text."""

    rows: npt.NDArray[np.int32]
    places: npt.NDArray[np.int64]
    """Bytes from the beginning of the row."""
    anchors: npt.NDArray[np.int32]


def anchor_table(anchors: Sequence[Anchor]) -> AnchorTable:
    """Builds the table of some anchors."""
    buckets: dict[int, list[int]] = {}
    words: dict[int, set[int]] = {}
    for number, anchor in enumerate(anchors):
        for word in dict.fromkeys(map(_word, _probes(anchor.text))):
            words.setdefault(_slot(word), set()).add(word)
            members = buckets.setdefault(_slot(word), [])
            members += [number] if number not in members[-1:] else []
    slots = np.zeros(_SLOTS, np.uint16)
    slots[list(buckets)] = np.arange(1, len(buckets) + 1)
    sizes = [0, *map(len, buckets.values())]
    lengths = [len(anchor.text) for anchor in anchors]
    return AnchorTable(
        slots=slots,
        words=np.array([0, *(min(some) if len(some) == 1 else 0 for some in words.values())], np.uint64),
        firsts=np.concatenate([[0], np.cumsum(sizes)]),
        members=np.array([number for members in buckets.values() for number in members], np.int64),
        letters=np.frombuffer(b"".join(anchor.text for anchor in anchors), np.uint8),
        ends=np.concatenate([[0], np.cumsum(lengths)]),
        banks=np.array([anchor.bank for anchor in anchors], np.uint64),
        flags=np.array([_FOLDED * one.is_folded | _ASSIGNED * one.is_assigned for one in anchors], np.uint8),
    )


def _probes(text: bytes) -> list[bytes]:
    if len(text) >= _PROBE_BYTES:
        return [text[:_PROBE_BYTES]]
    return [text + bytes([following]) for following in _FOLLOWING]


def _word(probe: bytes) -> int:
    return int.from_bytes(bytes(byte | 0x20 for byte in probe), "little")


def _slot(word: int) -> int:
    return (word * int(_FACTOR) >> _SHIFT) & (_SLOTS - 1)


def find_anchors(
    text: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.uint64],
    table: AnchorTable,
    *,
    most: int = MOST_HITS,
) -> Hits:
    """Finds the anchors of the wanted banks (uint64 bits, one a row) in each `text[offsets[i]:offsets[i + 1]]`.

    At most `most` places of an anchor are told for one row.
    """
    room = 1024 + len(text) // 256
    while True:
        hits = Hits(np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int32))
        found = int(_scan(text, offsets, wanted, table, most, hits))
        if found <= room:
            return Hits(hits.rows[:found], hits.places[:found], hits.anchors[:found])
        room = found


@njit(inline="always")
def _equals(text: Any, place: Any, table: Any, anchor: Any) -> Any:
    """Tells whether an anchor stands at a place; the caller answers for its room."""
    fold = 0x20 * (table.flags[anchor] & 1)
    first = table.ends[anchor]
    for inside in range(table.ends[anchor + 1] - first):
        byte, letter = text[place + inside], table.letters[first + inside]
        is_upper = 65 <= byte <= 90
        if byte | (fold * is_upper) != letter:
            return False
    return True


@njit(inline="always")
def _skip_blanks(text: Any, place: Any, end: Any) -> Any:
    last = min(end, place + 10)
    while place < last and (text[place] == 32 or text[place] == 9):
        place += 1
    return place


@njit(inline="always")
def _skip_closing(text: Any, place: Any, end: Any) -> Any:
    last = min(end, place + 2)
    while place < last and (text[place] == 34 or text[place] == 39 or text[place] == 93):
        place += 1
    return place


@njit(inline="always")
def _skip_sign(text: Any, place: Any, end: Any) -> Any:
    """Goes beyond `:`, `=`, `:=` or `=>`; stays where none stands."""
    if place >= end or (text[place] != 58 and text[place] != 61):
        return place
    following = text[place + 1] if place + 1 < end else 0
    is_double = (text[place] == 58 and following == 61) or (text[place] == 61 and following == 62)
    return place + 1 + is_double


@njit(inline="always")
def _skip_prefix(text: Any, place: Any, end: Any) -> Any:
    """Goes beyond the letters that may stand before a string: b, r, u, f."""
    last = min(end, place + 2)
    while place < last:
        lower = text[place] | 0x20
        if lower != 98 and lower != 114 and lower != 117 and lower != 102:
            break
        place += 1
    return place


@njit(inline="always")
def _is_assigned(text: Any, place: Any, end: Any) -> Any:
    sign = _skip_blanks(text, _skip_closing(text, place, end), end)
    value = _skip_sign(text, sign, end)
    if value == sign:
        return False
    value = _skip_prefix(text, _skip_blanks(text, value, end), end)
    return value < end and (text[value] == 34 or text[value] == 39)


@njit(inline="always")
def _stands(text: Any, place: Any, end: Any, table: Any, anchor: Any) -> Any:
    size = table.ends[anchor + 1] - table.ends[anchor]
    if place + size > end or not _equals(text, place, table, anchor):
        return False
    return table.flags[anchor] & 2 == 0 or _is_assigned(text, place + size, end)


@njit(nogil=True, cache=True)
def _next_candidate(text: Any, start: Any, place: Any, end: Any, slots: Any, words: Any) -> Any:
    """Returns the first place from `place` on whose four bytes may begin an anchor, and their bucket; else `end`."""
    word = uint64(0)
    for behind in range(max(place, start), min(place + 3, end)):
        word = (word >> uint64(8)) | (uint64(text[behind] | 0x20) << uint64(24))
    for last in range(place + 3, end):
        word = (word >> uint64(8)) | (uint64(text[last] | 0x20) << uint64(24))
        bucket = slots[((word * _FACTOR) >> uint64(17)) & uint64(0x7FFF)]
        if bucket and (words[bucket] == word or words[bucket] == 0):
            return last - 3, bucket
    return end, 0


@njit(inline="always")
def _write(hits: Any, found: Any, row: Any, place: Any, anchor: Any) -> None:
    if found < len(hits.rows):
        hits.rows[found] = row
        hits.places[found] = place
        hits.anchors[found] = anchor


@njit(nogil=True, cache=True)
def _scan_row(
    text: Any, offsets: Any, row: Any, bank: Any, table: Any, seen: Any, most: Any, hits: Any, found: Any
) -> Any:
    """Returns how many hits there are with those of a row, of which those are written that have room."""
    start, end = offsets[row], offsets[row + 1]
    place, bucket = _next_candidate(text, start, start, end, table.slots, table.words)
    while place < end:
        for member in range(table.firsts[bucket], table.firsts[bucket + 1]):
            anchor = table.members[member]
            if table.banks[anchor] & bank and seen[anchor] < most and _stands(text, place, end, table, anchor):
                seen[anchor] += 1
                _write(hits, found, row, place - start, anchor)
                found += 1
        place, bucket = _next_candidate(text, start, place + 1, end, table.slots, table.words)
    return found


@njit(nogil=True, cache=True)
def _scan(text: Any, offsets: Any, wanted: Any, table: Any, most: Any, hits: Any) -> Any:
    seen = np.zeros(len(table.banks), np.int64)
    found = 0
    for row in range(len(offsets) - 1):
        before = found
        if wanted[row]:
            found = _scan_row(text, offsets, row, wanted[row], table, seen, most, hits, found)
        if found > before:
            seen[:] = 0
    return found
