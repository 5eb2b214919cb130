"""Comments, strings and names of a text, from its tokens."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import int64, uint64

from explorer.kernels.bytes import count_feeds
from explorer.kernels.compiling import inlined, kernel
from explorer.kernels.sets import emptied, put, times
from explorer.languages.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, STRING

(
    COMMENT_BYTES,
    HEADER_BYTES,
    COMMENT_LINES,
    REASONED_LINES,
    UNFINISHED_LINES,
    CODE_LINES,
    NAMES,
    SUBWORDS,
    STRING_BYTES,
    STRING_WORDS,
    LONG_WORDS,
    HEX_WORDS,
    BRACKETS,
    UNBALANCED,
) = range(14)
"""Cells of a row: bytes of comments and documentation without a licence at the head, and of that head; lines of
comments, those that give a reason, those that say something is to be done; lines with code; different names and the
words they are made of; bytes of strings, the words in them, long ones and hexadecimal ones; brackets, and how many
have no partner."""
CELLS = 14

REASONS = (
    *("because", "since", "so that", "otherwise", "workaround", "work around", "avoid", "due to", "must not"),
    *("deliberate", "intentional", "note:", "caveat", "see issue", "see bug", "see #", "see rfc", "see http"),
    *("hack", "upstream", "backward", "legacy", "perf"),
)
"""What gives a reason where a word of a comment begins with it; so does `rfc` with a number."""
UNFINISHED = ("your code here", "fixme", "todo")

LONG_WORD = 20
"""Characters that a word in a string has at most before it is long."""


def _phrase_table() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Returns phrases as rows of length, group and bytes, by first letter, and where the rows of each byte begin."""
    phrases = sorted([(phrase, REASON) for phrase in REASONS] + [(phrase, LEFT) for phrase in UNFINISHED])
    table = np.zeros((len(phrases), 20), np.uint8)
    for row, (phrase, group) in zip(table, phrases, strict=True):
        row[0], row[1] = len(phrase), group
        row[2 : 2 + len(phrase)] = list(phrase.encode())
    return table, np.searchsorted(table[:, 2], np.arange(257)).astype(np.int64)


REASON, LEFT = 1, 2
PHRASES, FIRST_ROWS = _phrase_table()


@inlined
def _lower(byte: int) -> int:
    return byte | 32 if 65 <= byte <= 90 else byte


_IS_WORD, _IS_LETTER, _DIGIT_SHIFT = 1, 2, 2


def _traits() -> npt.NDArray[np.uint8]:
    table = np.zeros(256, np.uint8)
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    table[[*letters, *b"0123456789_", *range(0x80, 0x100)]] |= _IS_WORD
    table[[*letters]] |= _IS_LETTER
    table[[*b"0123456789abcdefABCDEF"]] |= 1 << _DIGIT_SHIFT
    return table


_TRAITS = _traits()
"""What each byte may be part of: a word, letters, and above them hexadecimal digits."""


@inlined
def _phrase_at(text: Any, at: int, end: int, first: int, phrases: Any, rows: Any) -> int:
    """Tells which group a phrase that begins here with a letter belongs to; 0 for none."""
    if first == 114 and at + 3 < end and _lower(text[at + 1]) == 102 and _lower(text[at + 2]) == 99:
        following = text[at + 4] if text[at + 3] == 32 and at + 4 < end else text[at + 3]
        if 48 <= following <= 57:
            return REASON
    for row in range(rows[first], rows[first + 1]):
        length = phrases[row, 0]
        matched = at + length <= end
        step = 1
        while matched and step < length:
            matched = _lower(text[at + step]) == phrases[row, 2 + step]
            step += 1
        if matched:
            return int(phrases[row, 1])
    return 0


@inlined
def _read_comment(text: Any, at: int, end: int, row: Any, phrases: Any, rows: Any) -> None:
    """Counts the lines of one comment, and those that give a reason or leave something to be done."""
    reasoned = unfinished = inside = False
    for place in range(uint64(at), uint64(end)):
        byte = text[place]
        traits = _TRAITS[byte]
        if traits & _IS_LETTER and not inside:
            group = _phrase_at(text, int64(place), end, byte | 32, phrases, rows)
            reasoned |= group == REASON
            unfinished |= group == LEFT
        elif byte == 10:
            row[COMMENT_LINES] += 1
            row[REASONED_LINES] += reasoned
            row[UNFINISHED_LINES] += unfinished
            reasoned = unfinished = False
        inside = traits & _IS_WORD > 0
    row[COMMENT_LINES] += 1
    row[REASONED_LINES] += reasoned
    row[UNFINISHED_LINES] += unfinished


@kernel
def _is_licence(text: Any, at: int, end: int) -> bool:
    """Whether a comment names a licence or a copyright."""
    while at + 5 < end:
        first = _lower(text[at])
        if (
            first == 108
            and _lower(text[at + 1]) == 105
            and _lower(text[at + 2]) == 99
            and _lower(text[at + 3]) == 101
            and _lower(text[at + 4]) == 110
        ):
            return True
        if (
            first == 99
            and _lower(text[at + 1]) == 111
            and _lower(text[at + 2]) == 112
            and _lower(text[at + 3]) == 121
            and _lower(text[at + 4]) == 114
        ):
            return True
        at += 1
    return False


@kernel
def _head_end(text: Any, start: int, kinds: Any, starts: Any, ends: Any, count: int) -> int:
    """Returns how many tokens stand in blocks of comments at the head, up to the last one that names a licence."""
    last, named, place = 0, False, 0
    while place < count and (kinds[place] == NEWLINE or _is_comment(text, start, kinds, starts, place)):
        if kinds[place] != NEWLINE:
            named |= _is_licence(text, start + starts[place], start + ends[place])
        elif place and kinds[place - 1] == NEWLINE and named:
            last, named = place, False
        place += 1
    return place if named else last


@inlined
def _is_comment(text: Any, start: int, kinds: Any, starts: Any, place: int) -> bool:
    """Whether a token is a comment, but no documentation string."""
    first = text[start + starts[place]]
    return kinds[place] == COMMENT or (kinds[place] == DOC and first != 34 and first != 39)


@inlined
def _read_string(text: Any, at: int, end: int, row: Any) -> None:
    """Counts the words of a string, long ones that are no addresses, and hexadecimal ones."""
    place, last, words = uint64(at), uint64(end), 0
    while place < last:
        if not _TRAITS[text[place]] & _IS_WORD:
            place += uint64(1)
            continue
        begin, digits = place, uint64(0)
        while place < last and _TRAITS[text[place]] & _IS_WORD:
            digits += uint64(_TRAITS[text[place]] >> _DIGIT_SHIFT)
            place += uint64(1)
        length = place - begin
        words += 1
        if length > LONG_WORD:
            row[LONG_WORDS] += not (place < last and (text[place] == 58 or text[place] == 46 or text[place] == 47))
        row[HEX_WORDS] += (length >= 8 and digits == length) or (
            length > 2 and text[begin] == 48 and text[begin + uint64(1)] | 32 == 120
        )
    row[STRING_WORDS] += words


@inlined
def _subwords(text: Any, at: int, end: int) -> int:
    """Counts the words of a name, parted by underscores, digits and capitals; a run of capitals is one."""
    count, before = 0, 0
    while at < end:
        byte = text[at]
        kind = (
            0 if byte == 95 else 3 if 48 <= byte <= 57 else 2 if 65 <= byte <= 90 else 1
        )  # underscore, lower, capital, digit
        starts = kind == 1 and before != 1 and before != 2
        starts |= kind == 2 and before != 2
        starts |= kind == 2 and before == 2 and at + 1 < end and 97 <= text[at + 1] <= 122
        count += starts
        before = kind
        at += 1
    return max(count, 1)


@kernel
def measure_tokens(
    text: Any,
    start: int,
    kinds: Any,
    starts: Any,
    ends: Any,
    words: Any,
    meanings: Any,
    count: int,
    names: int,
    row: Any,
    phrases: Any,
    rows: Any,
    seen: Any,
) -> None:
    """Fills a row (int64); `names` of the tokens are words that mean nothing (uint8) to their language."""
    row[:] = 0
    mask = emptied(seen, names)
    head = _head_end(text, start, kinds, starts, ends, count)
    has_code = False
    depth = 0
    for place in range(count):
        kind, begin, end = kinds[place], start + starts[place], start + ends[place]
        if kind == NEWLINE:
            row[CODE_LINES] += has_code
            has_code = False
        elif kind in (COMMENT, DOC):
            if place < head:
                row[HEADER_BYTES] += end - begin
            else:
                row[COMMENT_BYTES] += end - begin
                _read_comment(text, begin, end, row, phrases, rows)
        else:
            has_code = True
            if kind == IDENTIFIER:
                if not meanings[place] and times(seen, put(seen, mask, uint64(words[place]))) == 1:
                    row[NAMES] += 1
                    row[SUBWORDS] += _subwords(text, begin, end)
            elif kind == STRING:
                row[STRING_BYTES] += end - begin
                row[CODE_LINES] += count_feeds(text, begin, end)
                _read_string(text, begin, end, row)
            else:
                depth = _count_bracket(words[place], depth, row)
    row[CODE_LINES] += has_code
    row[UNBALANCED] += depth


@inlined
def _count_bracket(mark: Any, depth: int, row: Any) -> int:
    """Follows brackets of all kinds together: what closes without being open has no partner."""
    if mark == 40 or mark == 91 or mark == 123:
        row[BRACKETS] += 1
        return depth + 1
    if mark == 41 or mark == 93 or mark == 125:
        row[BRACKETS] += 1
        if depth == 0:
            row[UNBALANCED] += 1
            return 0
        return depth - 1
    return depth
