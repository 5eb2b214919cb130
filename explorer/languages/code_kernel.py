"""Finds anchors in the code of texts, in one compiled pass that leaves out comments and the insides of strings.

The lexing is that of a family of languages, not of a parser: here-documents, nested comments and regular expressions
that hold quotes are not known. A string that is not closed ends at the end of its line, so that little is lost.
"""

from enum import IntFlag
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.kernels.anchors import AnchorTable, is_word, may_start, stands
from explorer.kernels.compiling import inlined, kernel


class Lexis(IntFlag):
    """What begins comments and strings in a language."""

    HASH = 1
    """`#` begins a comment."""
    SLASHES = 2
    """`//` and `/* */` are comments."""
    TRIPLE_DOUBLE = 4
    TRIPLE_SINGLE = 8
    CHARACTER = 16
    """`'` begins one character or, where none is closed, is a mark of its own, such as a lifetime."""
    BACKTICK = 32
    """A backtick begins a string of several lines."""
    RAW_BACKTICK = 64
    """Such a string has no escapes."""
    RAW_HASHES = 128
    """`r#"` begins a string that ends at `"#`."""
    ATTRIBUTES = 256
    """`#[` begins no comment."""


class Hits(NamedTuple):
    """Where anchors begin, in the order of the text."""

    rows: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    """Bytes from the beginning of the row."""
    anchors: npt.NDArray[np.int64]


def find_in_code(
    text: npt.NDArray[np.uint8],
    offsets: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    lexis: Lexis,
    table: AnchorTable,
) -> Hits:
    """Finds the anchors in the chosen rows, which are of one language.

    An anchor that begins with a letter is found only where a word begins; one that is the beginning of a string, too.
    """
    seen = np.zeros(len(table.flags), np.int64)
    room = 1024 + len(text) // 256
    while True:
        hits = Hits(*(np.empty(room, np.int64) for _ in range(3)))
        found = int(_scan(text, offsets, chosen, int(lexis), table, seen, hits))
        if found <= room:
            return Hits(*(column[:found] for column in hits))
        room = found


_SIGNIFICANT = np.zeros(256, np.bool_)
_SIGNIFICANT[[*b"\"'`#/"]] = True
_WORD = np.array([chr(byte).isalnum() or byte == 95 or byte >= 128 for byte in range(128)] + [True] * 128)


@kernel
def _next_stop(text: Any, place: Any, end: Any, starts: Any, thirds: Any, fourths: Any) -> Any:
    """Returns the first place from `place` on, at the beginning of a word or outside, that needs a closer look."""
    while place < end - 1:
        byte = text[place]
        if _SIGNIFICANT[byte] or may_start(text, place, end, starts, thirds, fourths):
            return place
        place += 1
        if _WORD[byte]:
            while place < end and _WORD[text[place]]:
                place += 1
    return end


@inlined
def _line_end(text: Any, place: Any, end: Any) -> Any:
    while place < end and text[place] != 10:
        place += 1
    return place


@kernel
def _comment_end(text: Any, place: Any, end: Any, lexis: Any) -> Any:
    """Returns where the comment ends that begins at a place, `place` where none does."""
    following = text[place + 1] if place + 1 < end else 0
    if text[place] == 35:
        is_attribute = following == 91 and lexis & 256
        return place if is_attribute or not lexis & 1 else _line_end(text, place, end)
    if text[place] != 47 or not lexis & 2:
        return place
    if following == 47:
        return _line_end(text, place, end)
    if following != 42:
        return place
    place += 2
    while place < end and not (text[place] == 47 and text[place - 1] == 42 and text[place - 2] != 47):
        place += 1
    return min(place + 1, end)


@kernel
def _line_string_end(text: Any, place: Any, end: Any) -> Any:
    quote = text[place]
    place += 1
    while place < end and text[place] != quote and text[place] != 10:
        place += 1 + (text[place] == 92)
    return min(place + 1, end)


@kernel
def _open_string_end(text: Any, place: Any, end: Any, has_escapes: Any) -> Any:
    """Returns the end of a string of several lines between single quotes of its kind."""
    quote = text[place]
    place += 1
    while place < end and text[place] != quote:
        place += 1 + (has_escapes and text[place] == 92)
    return min(place + 1, end)


@kernel
def _triple_end(text: Any, place: Any, end: Any) -> Any:
    quote = text[place]
    place += 3
    run = 0
    while place < end and run < 3:
        run = run + 1 if text[place] == quote else 0
        place += 1 + (text[place] == 92)
    return min(place, end)


@kernel
def _character_end(text: Any, place: Any, end: Any) -> Any:
    """Returns the end of `'x'`, `'\\n'` or `'\\u0000'`; one place further where no quote closes it soon."""
    last = min(end, place + 14)
    behind = place + 1
    while behind < last and text[behind] != 39 and text[behind] != 10:
        behind += 1 + (text[behind] == 92)
    is_closed = behind < last and text[behind] == 39
    is_short = behind - place <= 2 or text[place + 1] == 92 or text[place + 1] >= 128
    return behind + 1 if is_closed and is_short else place + 1


@kernel
def _raw_hashes(text: Any, place: Any, start: Any) -> Any:
    """Returns how many `#` stand between an `r` and the quote at a place, -1 where no `r` does."""
    before = place - 1
    while before >= start and text[before] == 35:
        before -= 1
    return place - 1 - before if before >= start and text[before] == 114 else -1


@kernel
def _raw_end(text: Any, place: Any, end: Any, hashes: Any) -> Any:
    place += 1
    while place < end:
        place += 1
        if text[place - 1] == 34:
            run = 0
            while run < hashes and place < end and text[place] == 35:
                run += 1
                place += 1
            if run == hashes:
                return place
    return end


@inlined
def _is_triple(text: Any, place: Any, end: Any, lexis: Any) -> Any:
    wanted = 4 if text[place] == 34 else 8
    return lexis & wanted and place + 2 < end and text[place + 1] == text[place] and text[place + 2] == text[place]


@kernel
def _string_end(text: Any, place: Any, start: Any, end: Any, lexis: Any) -> Any:
    """Returns where the string ends that begins at a place with a quote of any kind."""
    quote = text[place]
    if quote == 96:
        return _open_string_end(text, place, end, lexis & 64 == 0) if lexis & 32 else place + 1
    if _is_triple(text, place, end, lexis):
        return _triple_end(text, place, end)
    if quote == 39:
        return _character_end(text, place, end) if lexis & 16 else _line_string_end(text, place, end)
    hashes = _raw_hashes(text, place, start) if lexis & 128 else -1
    return _line_string_end(text, place, end) if hashes < 0 else _raw_end(text, place, end, hashes)


@kernel
def _skipped(text: Any, place: Any, start: Any, end: Any, lexis: Any) -> Any:
    """Returns the end of the comment, string or word that begins at a place, else the place behind it."""
    byte = text[place]
    if byte == 34 or byte == 39 or byte == 96:
        return _string_end(text, place, start, end, lexis)
    if byte == 35 or byte == 47:
        return max(_comment_end(text, place, end, lexis), place + 1)
    place += 1
    if is_word(byte):
        while place < end and is_word(text[place]):
            place += 1
    return place


@kernel
def _note(text: Any, offsets: Any, row: Any, place: Any, table: Any, seen: Any, hits: Any, found: Any) -> Any:
    """Notes the anchors that begin at a place, as far as there is room; returns how many hits there are now."""
    rows, places, anchors = hits
    start, end = offsets[row], offsets[row + 1]
    bucket = table.starts[np.int64(text[place]) | np.int64(text[place + 1]) << 8]
    for member in range(table.firsts[bucket], table.firsts[bucket + 1]):
        anchor = table.members[member]
        if seen[anchor] < table.most[anchor] and stands(text, place, start, end, table, anchor):
            seen[anchor] += 1
            if found < len(rows):
                rows[found], places[found], anchors[found] = row, place - start, anchor
            found += 1
    return found


@kernel
def _scan(text: Any, offsets: Any, chosen: Any, lexis: Any, table: Any, seen: Any, hits: Any) -> Any:
    starts, thirds, fourths = table.starts, table.thirds, table.fourths
    found = 0
    for row in range(len(offsets) - 1):
        if not chosen[row]:
            continue
        start, end = offsets[row], offsets[row + 1]
        for anchor in range(len(seen)):
            seen[anchor] = 0
        place = _next_stop(text, start, end, starts, thirds, fourths)
        while place < end:
            if may_start(text, place, end, starts, thirds, fourths):
                found = _note(text, offsets, row, place, table, seen, hits, found)
            place = _next_stop(text, _skipped(text, place, start, end, lexis), end, starts, thirds, fourths)
    return found
