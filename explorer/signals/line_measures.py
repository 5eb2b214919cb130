"""Lines, characters and words between blanks of a text, in one pass over its bytes."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import uint64

from explorer.kernels import inlined, kernel
from explorer.signals.sets import mask_for, seen_before

LINES, CHARACTERS, MAX_LINE, ALPHABETIC, VISIBLE, DIGITS, BLANKS, COUNTED, REPEATED, WORDS, WORD_CHARACTERS = range(11)
"""Cells of a row: lines; characters without line feeds; those of the longest line; letters (ASCII, and all beyond it);
characters that are seen; digits; blanks with line feeds; lines that count for repetition and those that stood before;
words between blanks and their characters."""
CELLS = 11

_FACTOR = 0x100000001B3
_INNER, _LETTER, _DIGIT, _BLANK, _FEED = 1, 2, 4, 8, 16


def _byte_bits() -> npt.NDArray[np.uint8]:
    bits = np.zeros(256, np.uint8)
    bits[0x80:0xC0] = _INNER
    bits[0xC0:] = _LETTER
    bits[ord("A") : ord("Z") + 1] = bits[ord("a") : ord("z") + 1] = _LETTER
    bits[ord("0") : ord("9") + 1] = _DIGIT
    bits[:33] = _BLANK
    bits[127] = _BLANK
    bits[10] = _BLANK | _FEED
    return bits


BITS = _byte_bits()


@inlined
def count_feeds(text: Any, start: int, end: int) -> int:
    """Counts the line feeds of a stretch of text."""
    found = 0
    for at in range(start, end):
        found += text[at] == 10
    return found


@kernel
def measure_lines(  # noqa: C901 (one loop over the bytes)
    text: Any, start: int, end: int, bits: Any, row: Any, words: Any, lengths: Any, keys: Any, stamps: Any,
    counts: Any, stamp: int,
) -> None:  # fmt: skip
    """Fills a row (int64), the hashes of the words (uint64) and their lengths in characters (int32).

    A line is repeated where it stood before with its blanks removed; lines of one character and `},` do not count
    (OpenCoder). Continuation bytes are part of the character before them; a carriage return is a blank.
    """
    line = word = uint64(0)
    mask = mask_for(count_feeds(text, start, end) + 1)
    characters = inked = letters = first = found = 0
    lines = all_characters = longest = alphabetic = visible = digits = blanks = counted = repeated = word_letters = 0
    for at in range(start, end):
        byte = text[at]
        kind = bits[byte]
        if kind & _BLANK:
            blanks += 1
            if letters:
                words[found] = word
                lengths[found] = letters
                found += 1
                word_letters += letters
                word = uint64(0)
                letters = 0
            if kind & _FEED:
                lines += 1
                all_characters += characters
                longest = max(longest, characters)
                if inked > 2 or (inked == 2 and first != 125):
                    counted += 1
                    repeated += seen_before(keys, stamps, counts, mask, stamp, line) > 0
                line = uint64(0)
                characters = inked = 0
            else:
                characters += byte != 13
            continue
        is_character = (kind & _INNER) == 0
        characters += is_character
        letters += is_character
        visible += is_character
        alphabetic += (kind & _LETTER) != 0
        digits += (kind & _DIGIT) != 0
        if inked == 0:
            first = byte
        inked += 1
        line = uint64(line * uint64(_FACTOR)) ^ uint64(byte + 1)
        word = uint64(word * uint64(_FACTOR)) ^ uint64(byte + 1)
    if letters:
        words[found] = word
        lengths[found] = letters
        found += 1
        word_letters += letters
    if end > start and text[end - 1] != 10:
        lines += 1
        all_characters += characters
        longest = max(longest, characters)
        if inked > 2 or (inked == 2 and first != 125):
            counted += 1
            repeated += seen_before(keys, stamps, counts, mask, stamp, line) > 0
    row[LINES], row[CHARACTERS], row[MAX_LINE] = lines, all_characters, longest
    row[ALPHABETIC], row[VISIBLE], row[DIGITS], row[BLANKS] = alphabetic, visible, digits, blanks
    row[COUNTED], row[REPEATED], row[WORDS], row[WORD_CHARACTERS] = counted, repeated, found, word_letters


@kernel
def top_share(
    words: Any, lengths: Any, count: int, width: int, whole: int, keys: Any, stamps: Any, counts: Any, stamp: int
) -> float:
    """Returns the share of the words' characters in the most frequent run of `width` words; 0 where none repeats.

    Of runs that are as frequent the longest counts (Gopher's rule). `whole` are the characters of all words.
    """
    most, longest = 1, 0
    mask = mask_for(count)
    for at in range(count - width + 1):
        value, characters = uint64(0), 0
        for step in range(width):
            value = uint64(value * uint64(_FACTOR)) ^ words[at + step]
            characters += lengths[at + step]
        times = seen_before(keys, stamps, counts, mask, stamp, value) + 1
        if times > most or (times == most and times > 1 and characters > longest):
            most, longest = times, characters
    return most * longest / whole if whole else 0.0


@kernel
def repeated_share(
    words: Any, lengths: Any, count: int, width: int, whole: int, keys: Any, stamps: Any, counts: Any, stamp: int
) -> float:
    """Returns the share of the words' characters in runs of `width` words that stood before."""
    covered = reached = 0
    mask = mask_for(count)
    for at in range(count - width + 1):
        value = uint64(0)
        for step in range(width):
            value = uint64(value * uint64(_FACTOR)) ^ words[at + step]
        if seen_before(keys, stamps, counts, mask, stamp, value):
            for step in range(max(at, reached), at + width):
                covered += lengths[step]
            reached = at + width
    return covered / whole if whole else 0.0
