"""Shingles are those of the definition, whatever the bytes and wherever they lie."""

import ctypes
import mmap
import re
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explorer.fingerprints.shingles import Text, shingle_sets, shingle_text
from explorer.kernels.buffers import buffers
from tests.fingerprints.twins import anything, cells, column, edges, identities, laid_out, tokens, words, wordy

WORDS = b"ab cd ef gh ijk lm n _o 12 eightby8 ninebytes! "


def in_order(text: Text, start: int, end: int) -> list[int]:
    """What the kernel writes for one text."""
    out = np.zeros(end - start + 64, np.uint64)
    return out[: shingle_text(text, text.ctypes.data, start, end, out)].tolist()


def sets_of(texts: list[bytes]) -> list[list[int]]:
    found = shingle_sets(*edges(texts))
    return [found.identities[low:high].tolist() for low, high in zip(found.offsets, found.offsets[1:], strict=False)]


@settings(deadline=None, max_examples=300)
@given(anything, st.binary(max_size=80), st.binary(max_size=80))
@example(b"", b"x", b"x")
@example(b"one two three four five", b"x", b"x")
def test_every_shingle_is_that_of_the_definition_whatever_stands_around(
    text: bytes, before: bytes, behind: bytes
) -> None:
    whole = np.frombuffer(before + text + behind + b"", np.uint8)
    assert in_order(whole, len(before), len(before) + len(text)) == identities(text)


@pytest.mark.parametrize("size", [*range(0, 12), *range(55, 75), *range(119, 137), *range(183, 200), 4095, 4096, 4097])
@pytest.mark.parametrize("lead", [0, 1, 7, 8, 63, 64, 65])
def test_texts_that_end_around_a_block(size: int, lead: int) -> None:
    text = (WORDS * 100)[:size]
    alone = np.frombuffer(b"x" * lead + text, np.uint8)
    amid = np.frombuffer(b"x" * lead + text + b"y" * 100, np.uint8)
    assert in_order(alone, lead, lead + size) == identities(text), "at the end of the buffer"
    assert in_order(amid, lead, lead + size) == identities(text), "amid other words"


@pytest.mark.parametrize("length", [1, 7, 8, 9, 16, 63, 64, 65, 127, 128, 129, 500])
@pytest.mark.parametrize("start", [0, 1, 55, 56, 60, 62, 63, 64, 120])
@pytest.mark.parametrize("behind", [b"", b" ", b" b c d e f g"])
def test_a_token_across_blocks(length: int, start: int, behind: bytes) -> None:
    text = b"a b c d e ".ljust(start) + b"w" * length + behind
    assert in_order(np.frombuffer(text, np.uint8), 0, len(text)) == identities(text)


@pytest.mark.skipif(sys.platform != "linux", reason="closes a page of memory by mprotect")
@pytest.mark.parametrize("size", [1, 5, 9, 20, 60, 63, 64, 65, 71, 127, 128, 129, 200, 4096])
def test_no_byte_behind_the_buffer_is_touched(size: int) -> None:
    """The text ends where its page ends, and the next page kills whoever reads it."""
    pages = mmap.mmap(-1, 2 * mmap.PAGESIZE)
    room = np.frombuffer(pages, np.uint8)
    closed = ctypes.c_void_p(room.ctypes.data + mmap.PAGESIZE)
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    text = (WORDS * 100)[-size:].replace(b"!", b"z").replace(b" ", b"z", 1)
    room[mmap.PAGESIZE - size : mmap.PAGESIZE] = np.frombuffer(text, np.uint8)
    assert protect(closed, mmap.PAGESIZE, 0) == 0, "nobody may read it"
    try:
        view = room[mmap.PAGESIZE - size : mmap.PAGESIZE]
        assert in_order(view, 0, size) == identities(text)
    finally:
        protect(closed, mmap.PAGESIZE, mmap.PROT_READ | mmap.PROT_WRITE)


@settings(deadline=None)
@given(cells, st.data())
def test_sets_are_those_of_a_slice_of_a_column_with_nulls(values: list[bytes | None], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(values)))
    length = data.draw(st.integers(0, len(values) - start))
    found = shingle_sets(*buffers(column(values).slice(start, length)))
    wanted = [sorted(set(identities(value or b""))) for value in values[start : start + length]]
    assert found.identities.tolist() == [identity for one in wanted for identity in one]
    assert found.offsets.tolist() == np.cumsum([0, *map(len, wanted)]).tolist()


def test_a_column_of_nothing_has_empty_sets() -> None:
    for values in ([], [None], [None, None], [b""], [b"", None]):
        found = shingle_sets(*laid_out(values))
        assert (len(found.identities), found.offsets.tolist()) == (0, [0] * (len(values) + 1))


def test_a_long_and_a_repetitive_text_are_sorted_too() -> None:
    plain = b" ".join(b"w%d" % (number * 7919 % 100_003) for number in range(30_000))
    loop = b"for i in range(10): print(i)\n" * 5_000
    mixed = b" ".join([plain[:50_000], loop])
    assert sets_of([plain, loop, b"", mixed]) == [sorted(set(identities(text))) for text in (plain, loop, b"", mixed)]


@settings(deadline=None)
@given(st.one_of(wordy, st.text(st.characters(codec="ascii")).map(str.encode)))
def test_tokens_of_ascii_are_those_of_the_usual_expression(text: bytes) -> None:
    plain = bytes(byte for byte in text if byte < 0x80)
    assert tokens(plain) == [token.encode() for token in re.findall(r"\w+", plain.decode(), re.ASCII)]


@settings(deadline=None)
@given(st.lists(wordy, min_size=1, max_size=4))
def test_different_shingles_have_different_identities(texts: list[bytes]) -> None:
    shingles = frozenset().union(*map(words, texts))
    found = shingle_sets(*edges(texts))
    assert len(set(found.identities.tolist())) == len(shingles)
