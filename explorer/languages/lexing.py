"""Cuts code into tokens in one compiled pass over an Arrow buffer, by the syntax of its language.

A token has a kind, its first byte and the byte behind its last (int32, from the start of its text), and a word: the
FNV-1a hash (uint32) of an identifier, the byte of a punctuation mark, the first byte of a string with a
prefix, else 0. Blanks are no tokens; tokens follow one
another in the order of the text and never overlap. A string or comment that nothing ends goes to the end of its line,
or of the text if it may hold line feeds.
"""

from typing import Any

from numba import int64, uint32, uint64

from explorer.kernels.compiling import inlined, kernel
from explorer.languages import syntaxes as table

IDENTIFIER, NUMBER, STRING, COMMENT, DOC, NEWLINE, PUNCTUATION = range(1, 8)
"""Kinds of tokens; DOC is a documentation comment or string."""

_FNV_START, _FNV_FACTOR = 0x811C9DC5, 0x01000193


def word_hash(word: str) -> int:
    """Returns the FNV-1a hash, 32 bits, that the lexer gives an identifier."""
    value = _FNV_START
    for byte in word.encode():
        value = (value ^ byte) * _FNV_FACTOR & 0xFFFFFFFF
    return value


@kernel
def lex_text(  # noqa: C901 (one loop, since what is split off costs a call a token)
    text: Any, start: int, end: int, rules: Any, kinds: Any, starts: Any, ends: Any, words: Any
) -> int:
    """Fills the tokens of `text[start:end]` into arrays that have room for one a byte; returns their number."""
    classes = rules[table.CLASSES :]
    at, count, depth = start, 0, 0
    while at < end:
        kind = classes[text[at]]
        begin, found, word = at, PUNCTUATION, uint32(text[at])
        if kind == table.SPACE:
            at += 1
            continue
        if kind == table.NEWLINE:
            at, found, word = at + 1, NEWLINE, uint32(0)
        elif kind == table.WORD:
            at, word = _word_end(text, at, end, classes)
            found = IDENTIFIER
            if at < end and classes[text[at]] == table.QUOTE and _is_prefix(text, begin, at, rules):
                at = _prefixed_end(text, begin, at, end, rules)
                found, word = STRING, uint32(text[begin])
            elif rules[table.RAW_KIND] == 1 and at < end and text[at] == 35 and at - begin <= 2:
                closed = _rust_raw_end(text, at, end)
                if closed:
                    at, found, word = closed, STRING, uint32(0)
        elif kind == table.DIGIT:
            at, found, word = _number_end(text, at, end, classes), NUMBER, uint32(0)
        else:
            closed, found = _marked_end(text, start, at, end, rules, kind)
            at = closed if closed else at + 1
            if not closed:
                found = PUNCTUATION
                depth += _turn(text[begin])
            else:
                word = uint32(0)
        if found == STRING and depth <= 0 and rules[table.DOCSTRINGS] and _begins_line(kinds, count):
            found = DOC
        kinds[count], starts[count], ends[count], words[count] = found, begin - start, at - start, word
        count += 1
    return count


@inlined
def _turn(byte: Any) -> int:
    """How a bracket changes the depth."""
    if byte == 40 or byte == 91 or byte == 123:
        return 1
    return -1 if byte == 41 or byte == 93 or byte == 125 else 0


@inlined
def _begins_line(kinds: Any, count: int) -> bool:
    return count == 0 or kinds[count - 1] == NEWLINE


@inlined
def _word_end(text: Any, at: int, end: int, classes: Any) -> Any:
    value, place, last = uint32(_FNV_START), uint64(at), uint64(end)
    while place < last and (classes[text[place]] == table.WORD or classes[text[place]] == table.DIGIT):
        value = uint32(uint32(value ^ uint32(text[place])) * uint32(_FNV_FACTOR))
        place += uint64(1)
    return int64(place), value


@inlined
def _number_end(text: Any, at: int, end: int, classes: Any) -> int:
    while at < end and (
        classes[text[at]] == table.DIGIT
        or classes[text[at]] == table.WORD
        or (text[at] == 46 and at + 1 < end and classes[text[at + 1]] == table.DIGIT)
    ):
        at += 1
    return at


@inlined
def _is_prefix(text: Any, begin: int, at: int, rules: Any) -> bool:
    """Whether a word before a quote belongs to the string: one or two of b, f, r, u, s and t, or R of C++."""
    if rules[table.RAW_KIND] == 2:
        return at - begin <= 3 and text[at] == 34 and text[at - 1] == 82
    if not rules[table.PREFIXES] or at - begin > 2:
        return False
    for place in range(begin, at):
        letter = text[place] | 32
        if not (letter == 98 or letter == 102 or letter == 114 or letter == 117 or letter == 115 or letter == 116):
            return False
    return True


@kernel
def _prefixed_end(text: Any, begin: int, at: int, end: int, rules: Any) -> int:
    """Ends a string that has a prefix; that of C++ names its own end."""
    if rules[table.RAW_KIND] != 2:
        closed = _string_end(text, at, end, rules)
        return closed if closed else at + 1
    opened = at + 1
    while opened < end and opened - at <= 17 and text[opened] != 40:
        opened += 1
    length = opened - at - 1
    place = opened + 1
    while place + length + 1 < end:
        if text[place] == 41 and text[place + length + 1] == 34 and _equal(text, at + 1, place + 1, length):
            return place + length + 2
        place += 1
    return end


@inlined
def _equal(text: Any, one: int, other: int, length: int) -> bool:
    for step in range(length):  # noqa: SIM110 (a generator cannot be compiled)
        if text[one + step] != text[other + step]:
            return False
    return True


@kernel
def _rust_raw_end(text: Any, at: int, end: int) -> int:
    """Ends r#"…"# with as many hashes as it began; 0 where it is none."""
    hashes = 0
    while at + hashes < end and text[at + hashes] == 35:
        hashes += 1
    if at + hashes >= end or text[at + hashes] != 34:
        return 0
    place, run = at + hashes + 1, -1
    while place < end:
        if text[place] == 34:
            run = 0
        elif run >= 0:
            run = run + 1 if text[place] == 35 else -1
        place += 1
        if run == hashes:
            return place
    return end


@inlined
def _marked_end(text: Any, start: int, at: int, end: int, rules: Any, kind: int) -> Any:
    """Ends the comment or string that begins here, and tells its kind; 0 where none does."""
    if kind == table.MARK:
        closed, found = _comment_end(text, start, at, end, rules)
        if closed:
            return closed, found
        if rules[table.RAW_KIND] == 3 and at + 1 < end and text[at] == 91 and text[at + 1] == 91:
            return _closed(text, at + 2, end, 93, 93), STRING
        if rules[table.RAW_KIND] == 4 and at + 1 < end and text[at] == 64 and text[at + 1] == 34:
            return _doubled_end(text, at + 1, end), STRING
    if kind == table.QUOTE or (kind == table.MARK and text[at] == 34):
        return _string_end(text, at, end, rules), STRING
    return 0, PUNCTUATION


@kernel
def _closed(text: Any, at: int, end: int, one: int, other: int) -> int:
    while at + 1 < end:
        if text[at] == one and text[at + 1] == other:
            return at + 2
        at += 1
    return end


@inlined
def _comment_end(text: Any, start: int, at: int, end: int, rules: Any) -> Any:
    for number in range(rules[table.COMMENTS]):
        cells = rules[number * table.COMMENT_CELLS : (number + 1) * table.COMMENT_CELLS]
        if not _stands(text, at, end, cells[0], cells[1:]):
            continue
        if cells[table.FLAGS] & table.NEEDS_BLANK and at > start and text[at - 1] > 32:
            continue
        found = DOC if cells[table.FLAGS] & table.IS_DOC else COMMENT
        if cells[table.CLOSING] == 0:
            return _line_end(text, at, end), found
        return _block_end(text, at, end, cells), found
    return 0, COMMENT


@inlined
def _line_end(text: Any, at: int, end: int) -> Any:
    place, last = uint64(at), uint64(end)
    while place < last and text[place] != 10:
        place += uint64(1)
    return int64(place)


@inlined
def _stands(text: Any, at: int, end: int, length: int, wanted: Any) -> bool:
    if at + length > end:
        return False
    for step in range(length):  # noqa: SIM110 (a generator cannot be compiled)
        if text[at + step] != wanted[step]:
            return False
    return True


@kernel
def _block_end(text: Any, at: int, end: int, cells: Any) -> int:
    begins, closes = cells[0], cells[table.CLOSING]
    nests, depth = cells[table.FLAGS] & table.NESTS, 1
    at += min(begins, 2)
    while at < end:
        if text[at] == cells[table.CLOSING + 1] and _stands(text, at, end, closes, cells[table.CLOSING + 1 :]):
            depth -= 1
            at += closes
            if depth == 0:
                return at
        elif nests and text[at] == cells[1] and _stands(text, at, end, min(begins, 2), cells[1:]):
            depth += 1
            at += min(begins, 2)
        else:
            at += 1
    return end


@kernel
def _string_end(text: Any, at: int, end: int, rules: Any) -> Any:
    """Ends the string that a quote begins; 0 where it begins none."""
    quote = text[at]
    place = 0 if quote == 39 else 1 if quote == 34 else 2
    if rules[table.TRIPLES + place] and at + 2 < end and text[at + 1] == quote and text[at + 2] == quote:
        return _triple_end(text, at + 3, end, quote)
    kind = rules[table.QUOTES + place]
    if kind == table.CHARACTER:
        return _character_end(text, at, end)
    if kind == table.DOUBLED:
        return _doubled_end(text, at, end)
    if kind == table.NO_STRING:
        return 0
    spot, last = uint64(at + 1), uint64(end)
    while spot < last:
        byte = text[spot]
        if byte == quote:
            return int64(spot) + 1
        if byte == 10 and kind == table.LINE:
            return int64(spot)
        spot += uint64(2 if byte == 92 and kind != table.RAW else 1)
    return end


@kernel
def _triple_end(text: Any, at: int, end: int, quote: int) -> Any:
    place, last = uint64(at), uint64(max(end - 2, at))
    while place < last:
        byte = text[place]
        if byte == 92:
            place += uint64(2)
        elif byte == quote and text[place + uint64(1)] == quote and text[place + uint64(2)] == quote:
            return int64(place) + 3
        else:
            place += uint64(1)
    return end


@kernel
def _doubled_end(text: Any, at: int, end: int) -> int:
    quote = text[at]
    at += 1
    while at < end:
        if text[at] == quote:
            if at + 1 < end and text[at + 1] == quote:
                at += 1
            else:
                return at + 1
        at += 1
    return end


@kernel
def _character_end(text: Any, at: int, end: int) -> int:
    """Ends 'x', '\\n' or '\\u{1F600}'; 0 where a quote only marks a name."""
    if at + 2 < end and text[at + 1] == 92:
        for place in range(at + 3, min(at + 14, end)):
            if text[place] == 39:
                return place + 1
        return 0
    for place in range(at + 2, min(at + 6, end)):
        if text[place] == 39:
            return place + 1 if place == at + 2 or text[at + 1] >= 0x80 else 0
    return 0
