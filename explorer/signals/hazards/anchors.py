"""Finds in one compiled pass the few texts that may hold a secret or an address; only these are looked at closely."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit, uint32

SECRET, PASSWORD, EMAIL, ADDRESS = 1, 2, 4, 8
"""Bits of a text's mark: what it may hold."""

_WORD = "abcdefghijklmnopqrstuvwxyz0123456789_-"
_HEX = "0123456789abcdef"
_ANCHORS = (
    *("akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "b_pa", "glpa", "xoxa", "xoxb", "xoxp", "xoxr", "xoxs"),
    *("ks.s", "k_li", "aiza", "blbk", "-ant", "p_v1", "o_v1", "r_v1", "npm_", "agei", "ntke", "ey--", "ck--"),
    *(f"sg.{sign}" for sign in _WORD),
    *(f"hf_{sign}" for sign in _WORD),
    *(f"eyj{sign}" for sign in _WORD),
    *(f"sk{one}{other}" for one in _HEX for other in _HEX),
)
"""Four bytes, in small letters, of which every form of secret holds one."""
_BITS = 16


@cache
def anchor_table() -> npt.NDArray[np.uint32]:
    """Returns the anchors (little-endian uint32) in the slots of their hashes; a slot may hold one that came later."""
    table = np.zeros((1 << _BITS, 2), np.uint32)
    for anchor in _ANCHORS:
        value = int.from_bytes(anchor.encode(), "little")
        slot = table[(value * 0x9E3779B1 & 0xFFFFFFFF) >> (32 - _BITS)]
        slot[int(slot[0] != 0)] = value
    return table


_SUFFIXES = (
    *("password", "passwd", "pwd", "secret", "token", "api_key", "apikey"),
    *("secret_key", "secretkey", "access_key", "accesskey"),
)


def _suffix_table() -> npt.NDArray[np.uint8]:
    table = np.zeros((len(_SUFFIXES), 12), np.uint8)
    for row, suffix in zip(table, _SUFFIXES, strict=True):
        row[0] = len(suffix)
        row[1 : 1 + len(suffix)] = list(suffix[::-1].encode())
    return table


SUFFIXES = _suffix_table()


@njit(inline="always")
def _lower(byte: int) -> int:
    return byte | 32 if 65 <= byte <= 90 else byte


@njit(inline="always")
def _is_word(byte: int) -> bool:
    return 48 <= byte <= 57 or 97 <= (byte | 32) <= 122 or byte == 95


@njit(nogil=True, cache=True)
def mark_texts(text: Any, offsets: Any, anchors: Any, suffixes: Any, marks: Any) -> None:
    """Fills the mark (uint8) of each text."""
    shift = uint32(32 - _BITS)
    for number in range(len(offsets) - 1):
        start, end = offsets[number], offsets[number + 1]
        window, mark = uint32(0), 0
        groups = digits = colons = hexes = 0
        for at in range(start, end):
            byte = text[at]
            window = uint32((window >> uint32(8)) | (uint32(_lower(byte)) << uint32(24)))
            slot = uint32(uint32(window * uint32(0x9E3779B1)) >> shift)
            if window == anchors[slot, 0] or window == anchors[slot, 1]:
                mark |= SECRET
            if 48 <= byte <= 57:
                digits += 1
            elif byte == 46 and 0 < digits <= 3:
                groups += 1
                digits = 0
                if groups == 3 and at + 1 < end and 48 <= text[at + 1] <= 57:
                    mark |= ADDRESS
            else:
                digits = groups = 0
            if byte == 58 and 0 < hexes <= 4:
                colons += 1
                hexes = 0
                if colons == 7:
                    mark |= ADDRESS
            elif 48 <= byte <= 57 or 97 <= (byte | 32) <= 102:
                hexes += 1
            else:
                hexes = colons = 0
            if byte == 64 and start < at and at + 1 < end and _is_word(text[at - 1]) and _is_word(text[at + 1]):
                mark |= EMAIL
            elif (byte == 34 or byte == 39) and not mark & PASSWORD and _follows_name(text, start, at, suffixes):
                mark |= PASSWORD
        marks[number] = mark


@njit
def _follows_name(text: Any, start: int, at: int, suffixes: Any) -> bool:
    """Whether a quote follows a sign of assignment, and that a name like `password`."""
    at = _skip(text, start, at - 1, 8)
    if at < start or not (text[at] == 61 or text[at] == 58 or text[at] == 62):
        return False
    at -= 1
    if at >= start and (text[at] == 61 or text[at] == 58):
        at -= 1
    at = _skip(text, start, at, 8)
    if at >= start and (text[at] == 34 or text[at] == 39):
        at -= 1
    for row in range(len(suffixes)):
        length = suffixes[row, 0]
        step = 0
        while step < length and at - step >= start and _lower(text[at - step]) == suffixes[row, 1 + step]:
            step += 1
        if step == length:
            return True
    return False


@njit(inline="always")
def _skip(text: Any, start: int, at: int, most: int) -> int:
    """Goes back over blanks."""
    while at >= start and most and (text[at] == 32 or text[at] == 9 or text[at] == 10 or text[at] == 13):
        at -= 1
        most -= 1
    return at
