"""What single words and their neighbours tell: calls, risks, imports."""

from typing import Any

import numpy as np
from numba import uint32, uint64

from explorer.kernels.compiling import inlined, kernel
from explorer.kernels.sets import put, times
from explorer.languages.lexing import IDENTIFIER, NEWLINE, PUNCTUATION, STRING, word_hash
from explorer.languages.structure import roles
from explorer.languages.structure.blocks import (
    ACQUIRED,
    ASYNCS,
    BLOCKING_IN_ASYNC,
    BUILT_SQL,
    CAREFUL,
    CLEANED,
    FLAGS,
    FOREIGN,
    HANDLERS,
    INTEGRATED,
    LOOPS,
    NETWORK,
    PRINT_LINES,
    QUERY_IN_LOOP,
    STALE,
    UNBOUNDED_READ,
    UNFINISHED,
)

_OPEN, _CLOSE, _DOT, _PLUS, _PERCENT, _QUESTION, _SLASH, _AT, _DASH = (ord(mark) for mark in "().+%?/@-")
_NUMPY, _OLD_TYPES = (
    word_hash("np"),
    (word_hash("float"), word_hash("int"), word_hash("bool"), word_hash("object")),
)
MOST_MODULES = 400
"""Modules of others that are counted."""
_MODULES = 1023  # the mask that goes with them
_ASYNCIO, _COROUTINE = word_hash("asyncio"), word_hash("coroutine")
_PRINT = word_hash("print")


@kernel
def mark_roles(kinds: Any, words: Any, count: int, slots: Any, table: Any, factor: int, meanings: Any) -> int:
    """Fills the role of each token (uint8), 0 for what has none; returns how many names have none."""
    names = 0
    shift, spread = uint32(32 - roles.SLOT_BITS), uint32(factor)
    for place in range(count):
        slot = uint32(uint32(words[place] * spread) >> shift)
        is_name = kinds[place] == IDENTIFIER
        meanings[place] = table[slot] if is_name and slots[slot] == words[place] else 0
        names += is_name and meanings[place] == 0
    return names


@inlined
def is_mark(kinds: Any, words: Any, place: int, count: int, mark: int) -> bool:
    """Whether a punctuation mark stands at a place."""
    return 0 <= place < count and kinds[place] == PUNCTUATION and words[place] == mark


@inlined
def count_word(kinds: Any, words: Any, place: int, count: int, role: int, state: Any, row: Any, printed: bool) -> bool:
    """Counts what a word does wherever it stands; returns whether its line prints."""
    is_call = is_mark(kinds, words, place + 1, count, _OPEN)
    if role == roles.ACQUIRE and is_call:
        row[ACQUIRED] += 1
    elif role == roles.WITH or role == roles.FINALLY or role == roles.RAII:
        row[CLEANED] += 1
    elif role == roles.NETWORK and (is_call or is_mark(kinds, words, place + 1, count, _DOT)):
        row[NETWORK] += 1
    elif role == roles.CARE:
        row[CAREFUL] += 1
    elif role == roles.STALE:
        row[STALE] += 1
    elif role == roles.UNDONE:
        row[UNFINISHED] += 1
    elif role == roles.PRINT and not printed:
        row[PRINT_LINES] += 1
        return True
    count_risk(kinds, words, place, count, role, is_call, state, row)
    return printed


@inlined
def count_risk(kinds: Any, words: Any, place: int, count: int, role: int, is_call: bool, state: Any, row: Any) -> None:
    """Raises the flags of a call."""
    if is_call and role == roles.QUERY:
        if state[LOOPS]:
            row[FLAGS] |= QUERY_IN_LOOP
        if _is_built(kinds, words, place + 2, count):
            row[FLAGS] |= BUILT_SQL
    is_blocking = role == roles.SLEEP or role == roles.ACQUIRE or role == roles.NETWORK
    if state[ASYNCS] and is_blocking and _blocks(kinds, words, place, count, role, is_call):
        row[FLAGS] |= BLOCKING_IN_ASYNC
    if role == roles.READ and is_call and is_mark(kinds, words, place + 2, count, _CLOSE):
        row[FLAGS] |= UNBOUNDED_READ


@kernel
def _blocks(kinds: Any, words: Any, place: int, count: int, role: int, is_call: bool) -> bool:
    """Whether a call waits in the way of others: `time.sleep`, `open`, `requests.get`, but nothing of asyncio."""
    if role == roles.NETWORK:
        return words[place] == _REQUESTS and is_mark(kinds, words, place + 1, count, _DOT)
    if role == roles.SLEEP:
        is_own = is_mark(kinds, words, place - 1, count, _DOT) and place > 1 and words[place - 2] == _ASYNCIO
        return is_call and not is_own
    return is_call and words[place] == _OPEN_WORD and not is_mark(kinds, words, place - 1, count, _DOT)


_REQUESTS, _OPEN_WORD = word_hash("requests"), word_hash("open")


@kernel
def _is_built(kinds: Any, words: Any, place: int, count: int) -> bool:
    """Whether a query's first argument is a text put together: with `+`, `%`, a dot (format), or an f-string."""
    if place >= count or kinds[place] != STRING:
        return False
    if words[place] == ord("f") or words[place] == ord("F"):
        return True
    return place + 1 < count and kinds[place + 1] == PUNCTUATION and words[place + 1] in (_PLUS, _PERCENT, _DOT)


@inlined
def count_stale(kinds: Any, words: Any, place: int, count: int, role: int, row: Any) -> None:
    """Counts what was dropped from Python and its libraries: np.float, asyncio.coroutine, print without brackets."""
    if place + 2 >= count:
        return
    if role == roles.PRINT:
        row[STALE] += words[place] == _PRINT and kinds[place + 1] == STRING
    elif role == roles.LIBRARY and is_mark(kinds, words, place + 1, count, _DOT):
        member = words[place + 2]
        row[STALE] += words[place] == _ASYNCIO and member == _COROUTINE
        row[STALE] += words[place] == _NUMPY and member in _OLD_TYPES


@inlined
def count_question(kinds: Any, words: Any, place: int, count: int, row: Any) -> None:
    """Counts `?` behind a call or a name, by which Rust hands an error on."""
    if words[place] == _QUESTION and place and (kinds[place - 1] == IDENTIFIER or words[place - 1] == _CLOSE):
        row[HANDLERS] += 1


@kernel
def read_import(
    text: Any,
    start: int,
    kinds: Any,
    starts: Any,
    ends: Any,
    words: Any,
    place: int,
    count: int,
    row: Any,
    known: Any,
    standard: Any,
    is_python: bool,
    seen: Any,
) -> None:
    """Reads the modules that one statement brings in: what they are for, and how many are of others."""
    is_first = True
    depth = 0
    while place < count and (kinds[place] != NEWLINE or depth > 0):
        if kinds[place] == PUNCTUATION:
            depth += (words[place] == _OPEN) - (words[place] == _CLOSE)
        elif kinds[place] == IDENTIFIER:
            _integrate(words[place], row, known)
            if is_python and is_first:
                _count_foreign(kinds, words, place, count, row, standard, seen)
                is_first = False
        elif kinds[place] == STRING:
            _read_path(text, start + starts[place] + 1, start + ends[place] - 1, row, known, seen)
        place += 1


@inlined
def _integrate(word: Any, row: Any, known: Any) -> None:
    place = np.searchsorted(known[0], word)
    if place < len(known[0]) and known[0][place] == word:
        row[INTEGRATED] |= 1 << known[1][place]


@kernel
def _count_foreign(
    kinds: Any,
    words: Any,
    place: int,
    count: int,
    row: Any,
    standard: Any,
    seen: Any,
) -> None:
    found = np.searchsorted(standard, words[place])
    is_own = is_mark(kinds, words, place - 1, count, _DOT)
    if is_own or (found < len(standard) and standard[found] == words[place]):
        return
    row[FOREIGN] += row[FOREIGN] < MOST_MODULES and times(seen, put(seen, uint64(_MODULES), uint64(words[place]))) == 1


@kernel
def _read_path(text: Any, at: int, end: int, row: Any, known: Any, seen: Any) -> None:
    """Reads a module that is named by a path in quotes; one that begins with a dot is the author's own."""
    is_foreign = at < end and text[at] != _DOT and text[at] != _SLASH
    whole, word = uint64(1), np.uint32(0x811C9DC5)
    for place in range(at, end):
        byte = text[place]
        whole = uint64(whole * uint64(0x100000001B3)) ^ uint64(byte)
        if byte in (_SLASH, _DOT, _AT, _DASH):
            _integrate(word, row, known)
            word = np.uint32(0x811C9DC5)
        else:
            word = np.uint32(np.uint32(word ^ np.uint32(byte)) * np.uint32(0x01000193))
    _integrate(word, row, known)
    if is_foreign:
        row[FOREIGN] += row[FOREIGN] < MOST_MODULES and times(seen, put(seen, uint64(_MODULES), whole)) == 1
