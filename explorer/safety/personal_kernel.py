"""Finds the places in an Arrow buffer where personal data may stand, in one compiled pass."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

MOST_SIGNS = 20_000
"""Places of one sample that are told, where the caller does not ask for all."""


class Signs(NamedTuple):
    """Where personal data may stand, in the order of the text."""

    rows: npt.NDArray[np.int32]
    places: npt.NDArray[np.int64]
    """Bytes from the beginning of the row."""
    kinds: npt.NDArray[np.int32]
    """AT, QUAD or GROUPS of `personal`."""


def find_signs(text: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], *, most: int = MOST_SIGNS) -> Signs:
    """Finds the signs in each `text[offsets[i]:offsets[i + 1]]`, at most `most` in one."""
    room = 1024 + len(text) // 256
    while True:
        signs = Signs(np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int32))
        found = int(_scan(text, offsets, most, signs))
        if found <= room:
            return Signs(signs.rows[:found], signs.places[:found], signs.kinds[:found])
        room = found


def signs_in(text: bytes) -> Iterator[tuple[int, int]]:
    """Yields the place and the kind of every sign in one text."""
    signs = find_signs(np.frombuffer(text, np.uint8), np.array([0, len(text)], np.int64), most=len(text))
    return zip(signs.places.tolist(), signs.kinds.tolist(), strict=True)


@njit(inline="always")
def _is_digit(byte: Any) -> Any:
    return 48 <= byte <= 57


@njit(inline="always")
def _is_word(byte: Any) -> Any:
    return 97 <= byte | 0x20 <= 122 or 48 <= byte <= 57 or byte == 95


@njit(inline="always")
def _is_hex(byte: Any) -> Any:
    return 97 <= byte | 0x20 <= 102 or 48 <= byte <= 57


@njit(inline="always")
def _address_at(text: Any, start: Any, place: Any, end: Any) -> Any:
    """Tells whether the `@` at a place stands between what addresses are made of; returns where it stands, else -1."""
    if place == start or place + 1 == end or not (_is_word(text[place - 1]) and _is_word(text[place + 1])):
        return -1
    return place


@njit(inline="always")
def _digits_before(text: Any, start: Any, place: Any) -> Any:
    """Returns where up to three digits before a place begin, the place itself where there are none or more."""
    first = place
    while first > start and place - first < 4 and _is_digit(text[first - 1]):
        first -= 1
    return first if place - first < 4 else place


@njit(inline="always")
def _digits_from(text: Any, place: Any, end: Any) -> Any:
    """Returns where up to three digits from a place on end."""
    last = place
    while last < end and last - place < 3 and _is_digit(text[last]):
        last += 1
    return last


@njit(inline="always")
def _quad_at(text: Any, start: Any, place: Any, end: Any) -> Any:
    """Returns where four numbers begin whose first dot stands at a place, else -1."""
    first = _digits_before(text, start, place)
    if first == place or (first > start and (_is_word(text[first - 1]) or text[first - 1] == 46)):
        return -1
    after = place
    for _ in range(2):
        following = _digits_from(text, after + 1, end)
        if following == after + 1 or following >= end or text[following] != 46:
            return -1
        after = following
    return first if after + 1 < end and _is_digit(text[after + 1]) else -1


@njit(inline="always")
def _groups_at(text: Any, start: Any, place: Any) -> Any:
    """Returns where an IPv6 address in global use begins whose first colon stands at a place, else -1."""
    first = place - 4
    if first < start or (text[first] != 50 and text[first] != 51):
        return -1
    if not (_is_hex(text[first + 1]) and _is_hex(text[first + 2]) and _is_hex(text[first + 3])):
        return -1
    if first > start and (_is_word(text[first - 1]) or text[first - 1] == 58 or text[first - 1] == 46):
        return -1
    return first


@njit(inline="always")
def _sign_at(text: Any, start: Any, place: Any, end: Any) -> Any:
    """Returns where a sign begins that the byte at a place belongs to, else -1, and its kind."""
    byte = text[place]
    if byte == 64:
        return _address_at(text, start, place, end), 0
    if byte == 46:
        return _quad_at(text, start, place, end), 1
    return _groups_at(text, start, place), 2


@njit(nogil=True, cache=True)
def _scan_row(text: Any, start: Any, end: Any, row: Any, most: Any, signs: Any, found: Any) -> Any:
    limit = found + most
    for place in range(start, end):
        byte = text[place]
        if byte != 46 and byte != 64 and byte != 58:
            continue
        first, kind = _sign_at(text, start, place, end)
        if first >= 0 and found < limit:
            if found < len(signs.rows):
                signs.rows[found] = row
                signs.places[found] = first - start
                signs.kinds[found] = kind
            found += 1
    return found


@njit(nogil=True, cache=True)
def _scan(text: Any, offsets: Any, most: Any, signs: Any) -> Any:
    """Returns how many signs there are, of which those are written that have room."""
    found = 0
    for row in range(len(offsets) - 1):
        found = _scan_row(text, offsets[row], offsets[row + 1], row, most, signs, found)
    return found
