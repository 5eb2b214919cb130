"""Anchors: literal byte strings that a rule needs, as a table that compiled kernels look up two bytes at a time."""

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import product
from operator import or_
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.kernels.compiling import inlined, kernel

FOLDED, LINE_START, WORD_END, BRACKET = 1, 2, 4, 8


_ALL = (1 << 64) - 1


class Anchor(NamedTuple):
    """A string to look for."""

    text: bytes
    """Two bytes at least; lower case where it is folded."""
    flags: int = 0
    """FOLDED: case does not matter; LINE_START: only blanks before it; WORD_END: no word goes on behind it;
    BRACKET: a word and `[` follow."""
    most: int = 1
    """How many of its places in one text are told."""


class AnchorTable(NamedTuple):
    """Anchors as the kernels take them."""

    starts: npt.NDArray[np.uint16]
    """For each pair of bytes, the first one the lower byte, the number of its bucket; 0 for none."""
    thirds: npt.NDArray[np.uint64]
    """For each bucket the bits of the lowest six bits of the third byte; all where an anchor ends before."""
    fourths: npt.NDArray[np.uint64]
    """The same of the fourth byte."""
    firsts: npt.NDArray[np.int64]
    """Where each bucket begins in `members`; one more than there are buckets."""
    members: npt.NDArray[np.int64]
    letters: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]
    """Where each anchor begins in `letters`; one more than there are anchors."""
    flags: npt.NDArray[np.int64]
    most: npt.NDArray[np.int64]


def anchor_table(anchors: Sequence[Anchor]) -> AnchorTable:
    """Builds the table of some anchors."""
    buckets: dict[int, list[int]] = {}
    for number, anchor in enumerate(anchors):
        for pair in _pairs(anchor):
            buckets.setdefault(pair, []).append(number)
    starts = np.zeros(1 << 16, np.uint16)
    starts[list(buckets)] = np.arange(1, len(buckets) + 1)
    return AnchorTable(
        starts=starts,
        thirds=_following(anchors, buckets.values(), 2),
        fourths=_following(anchors, buckets.values(), 3),
        firsts=_ends([0, *map(len, buckets.values())]),
        members=np.array([number for members in buckets.values() for number in members], np.int64),
        letters=np.frombuffer(b"".join(anchor.text for anchor in anchors), np.uint8),
        ends=_ends(len(anchor.text) for anchor in anchors),
        flags=np.array([anchor.flags for anchor in anchors], np.int64),
        most=np.array([anchor.most for anchor in anchors], np.int64),
    )


def _pairs(anchor: Anchor) -> set[int]:
    first, second = ({byte, *(bytes([byte]).upper() if anchor.flags & FOLDED else b"")} for byte in anchor.text[:2])
    return {low | high << 8 for low, high in product(first, second)}


def _following(anchors: Sequence[Anchor], buckets: Iterable[list[int]], place: int) -> npt.NDArray[np.uint64]:
    bits = [reduce(or_, (_bits(anchors[number], place) for number in members)) for members in buckets]
    return np.array([0, *bits], np.uint64)


def _bits(anchor: Anchor, place: int) -> int:
    byte = anchor.text[place : place + 1]
    either = {*byte, *byte.upper()} if anchor.flags & FOLDED else {*byte}
    return reduce(or_, (1 << (one & 63) for one in either), 0) or _ALL


def _ends(sizes: Iterable[int]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.array(list(sizes), np.int64))]).astype(np.int64)


@inlined
def is_word(byte: Any) -> Any:
    """Tells whether a byte is part of a word: a letter, a digit, `_`, or of a character beyond ASCII."""
    lower = byte | 0x20
    return (97 <= lower <= 122) or (48 <= byte <= 57) or byte == 95 or byte >= 128


@inlined
def may_start(text: Any, place: Any, end: Any, starts: Any, thirds: Any, fourths: Any) -> Any:
    """Tells by the four bytes at a place, which is not the last one, whether an anchor may begin there."""
    bucket = starts[np.int64(text[place]) | np.int64(text[place + 1]) << 8]
    if bucket == 0 or place + 3 >= end:
        return bucket != 0
    third = thirds[bucket] >> np.uint64(text[place + 2] & 63)
    return third & (fourths[bucket] >> np.uint64(text[place + 3] & 63)) & np.uint64(1) != 0


@kernel
def next_start(text: Any, place: Any, end: Any, starts: Any, thirds: Any, fourths: Any) -> Any:
    """Returns the first place from `place` on where an anchor may begin, `end` where there is none."""
    while place < end - 1:
        if may_start(text, place, end, starts, thirds, fourths):
            return place
        place += 1
    return end


@inlined
def _equals(text: Any, place: Any, table: Any, anchor: Any) -> Any:
    first = table.ends[anchor]
    is_folded = table.flags[anchor] & 1
    for inside in range(table.ends[anchor + 1] - first):
        byte = text[place + inside]
        is_upper = is_folded & (65 <= byte <= 90)
        if byte + 32 * is_upper != table.letters[first + inside]:
            return False
    return True


@inlined
def _begins_line(text: Any, place: Any, start: Any) -> Any:
    while place > start and (text[place - 1] == 32 or text[place - 1] == 9):
        place -= 1
    return place == start or text[place - 1] == 10


@inlined
def _brackets_follow(text: Any, place: Any, end: Any) -> Any:
    while place < end and is_word(text[place]):
        place += 1
    return place < end and text[place] == 91


@kernel
def stands(text: Any, place: Any, start: Any, end: Any, table: Any, anchor: Any) -> Any:
    """Tells whether an anchor stands at a place of the text between `start` and `end`."""
    behind = place + table.ends[anchor + 1] - table.ends[anchor]
    if behind > end or not _equals(text, place, table, anchor):
        return False
    flags = table.flags[anchor]
    if flags & 4 and behind < end and is_word(text[behind]):
        return False
    if flags & 8 and not _brackets_follow(text, behind, end):
        return False
    return flags & 2 == 0 or _begins_line(text, place, start)
