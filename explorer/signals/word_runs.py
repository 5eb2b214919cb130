"""Words between blanks, and how much of a text stands in runs of them that repeat.

A run can only repeat where the run that is one word shorter does, so each width looks at what the one before left.
"""

from typing import Any

import numpy as np
from numba import uint64

from explorer.fingerprints.word_masks import eight_bytes, ink_mask, lowest_bit
from explorer.kernels.compiling import inlined, kernel
from explorer.kernels.sets import emptied, put, times
from explorer.signals.line_measures import BLANKS, VISIBLE, WORD_CHARACTERS, WORDS

WIDEST_TOP = 4
"""Words in the longest runs whose most frequent one is measured; the shortest have two."""
REPEATED_WIDTH = 5
"""Words in the runs that are repeated."""
SHARES = 4
"""Of the most frequent runs of 2, 3 and 4 words, and of repeated runs of 5."""

_BLOCK = 64
_ALL = np.uint64((1 << 64) - 1)
_FACTOR = np.uint64(0x9FB21C651E98DF25)
_OTHER = np.uint64(0xD6E8FEB86659FD93)


@kernel
def measure_words(
    text: Any, start: int, end: int, row: Any, shares: Any, words: Any, runs: Any, edges: Any, starts: Any, ends: Any,
    seen: Any,
) -> None:  # fmt: skip
    """Fills the words of a row whose lines are measured, and the shares (float64) of their characters in repeated runs.

    `words` and `runs` (uint64), `edges`, `starts` and `ends` (int32) are room for all words.
    """
    count = _find_words(text, start, end, starts, ends)
    is_plain = row[VISIBLE] + row[BLANKS] == end - start  # every character is one byte
    characters = 0
    for place in range(uint64(count)):
        edges[place] = characters
        first, stop = start + starts[place], start + ends[place]
        words[place] = _word_hash(text, first, stop)
        characters += stop - first if is_plain else _characters(text, first, stop)
    edges[count] = characters
    row[WORDS], row[WORD_CHARACTERS] = count, characters
    _measure_runs(words, edges, count, runs, starts, ends, shares, seen)


@kernel
def _find_words(  # noqa: C901 (one loop over blocks of 64 bytes)
    text: Any, start: int, end: int, starts: Any, ends: Any
) -> Any:
    """Writes where each word begins and ends, from the start of the text; returns their number."""
    address = uint64(text.ctypes.data)
    count, opened = uint64(0), np.int64(-1)
    for base in range(start, end, _BLOCK):
        if base + _BLOCK <= end:
            inked = ink_mask(address + uint64(base))
        else:
            inked = uint64(0)
            for bit in range(end - base):
                byte = text[base + bit]
                inked |= uint64(byte > 32 and byte != 127) << uint64(bit)
        if opened >= 0:
            if inked == _ALL:
                continue
            behind = lowest_bit(~inked)
            starts[count], ends[count] = opened - start, base - start + np.int64(behind)
            count += uint64(1)
            inked &= _ALL << behind
            opened = -1
        while inked:
            first = lowest_bit(inked)
            blanks = ~inked & (_ALL << first)
            if not blanks:
                opened = base + np.int64(first)
                break
            behind = lowest_bit(blanks)
            starts[count], ends[count] = base - start + np.int64(first), base - start + np.int64(behind)
            count += uint64(1)
            inked &= _ALL << behind
    if opened >= 0:
        starts[count], ends[count] = opened - start, end - start
        count += uint64(1)
    return np.int64(count)


@inlined
def _word_hash(text: Any, first: int, stop: int) -> Any:
    """Hashes a word eight bytes at a time."""
    value = (uint64(stop - first) * _OTHER ^ _eight(text, first, stop)) * _FACTOR
    value ^= value >> uint64(29)
    while first + 8 < stop:
        first += 8
        value = (value ^ _eight(text, first, stop)) * _FACTOR
        value ^= value >> uint64(29)
    return value


@inlined
def _eight(text: Any, first: int, stop: int) -> Any:
    """Up to eight bytes of a word."""
    if first + 8 <= len(text):
        return eight_bytes(uint64(text.ctypes.data) + uint64(first)) & (_ALL >> uint64(8 * max(first + 8 - stop, 0)))
    word = uint64(0)
    for place in range(first, stop):
        word |= uint64(text[place]) << uint64(8 * (place - first))
    return word


@inlined
def _characters(text: Any, first: int, stop: int) -> int:
    inner = 0
    for place in range(uint64(first), uint64(stop)):
        inner += (text[place] & 0xC0) == 0x80
    return stop - first - inner


@kernel
def _measure_runs(  # noqa: C901 (one loop over the widths)
    words: Any, edges: Any, count: int, runs: Any, places: Any, slots: Any, shares: Any, seen: Any
) -> None:
    """Fills the shares; of runs that are as frequent the longest counts (Gopher's rule)."""
    shares[:] = 0.0
    whole = edges[count]
    for place in range(uint64(count)):
        runs[place] = words[place]
        places[place] = place
    left = count
    for width in range(2, REPEATED_WIDTH + 1):
        while left > 0 and places[left - 1] + width > count:
            left -= 1
        if left == 0 or whole == 0:
            return
        mask = emptied(seen, left)
        most, longest, covered, reached = 1, 0, 0, 0
        for entry in range(uint64(left)):
            place = uint64(places[entry])
            run = (runs[entry] * _FACTOR) + words[place + uint64(width - 1)] * _OTHER
            runs[entry] = run
            slot = put(seen, mask, run)
            slots[entry] = slot
            often = times(seen, slot)
            if often > 1:
                at = np.int64(place)
                size = edges[at + width] - edges[at]
                if often > most or (often == most and size > longest):
                    most, longest = often, size
                covered += edges[at + width] - edges[max(at, reached)]
                reached = at + width
        if width <= WIDEST_TOP:
            shares[width - 2] = most * longest / whole
            left = _kept(runs, places, slots, left, seen)
        else:
            shares[SHARES - 1] = covered / whole


@inlined
def _kept(runs: Any, places: Any, slots: Any, left: int, seen: Any) -> Any:
    """Keeps the runs that repeat; returns their number."""
    kept = uint64(0)
    for entry in range(uint64(left)):
        runs[kept] = runs[entry]
        places[kept] = places[entry]
        kept += uint64(times(seen, slots[entry]) > 1)
    return np.int64(kept)
