"""Data written as text: what is matched is what StarCoder2's patterns match."""

import re
import sysconfig
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.signals.encoded import BITS, CELLS, measure_encoded

PATTERNS = (
    re.compile(rb"[a-zA-Z0-9+/\n=]{64,}"),
    re.compile(rb"(?:\b(?:0x|\\x)?[0-9a-fA-F]{2}(?:,|\b\s*)){8,}"),
    re.compile(rb"(?:\\u[0-9a-fA-F]{4}){8,}"),
)
PIECES = (
    *(b"0x12,", b"0xAb, ", b"\\x41", b"41 ", b"ff\n", b"00,", b"0x", b"x", b"\\", b"12", b"1", b"\\u0041", b"\\u00e"),
    *(b" ", b"\t\x0b", b"\x1c", b"_", b"'", b"g", b",", b"QUJD" * 4, b"\xff", b"\x00"),
)


def measured(text: bytes) -> list[int]:
    """The bytes that are matched, and the longest match."""
    row = np.full(CELLS, 7, np.int64)
    framed = np.frombuffer(b"41," + text + b"41", np.uint8)
    measure_encoded(framed, 3, 3 + len(text), BITS, row)
    return row.tolist()


def matched(text: bytes) -> list[int]:
    """The same, by the patterns."""
    sizes = [len(found[0]) for pattern in PATTERNS for found in pattern.finditer(text)]
    return [sum(sizes), max(sizes, default=0)]


@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.integers(1, 12)), max_size=20).map(
        lambda drawn: b"".join(piece * times for piece, times in drawn)
    )
)
@settings(max_examples=500, deadline=None)
def test_any_text_is_matched_as_the_patterns_match_it(text: bytes) -> None:
    assert measured(text) == matched(text)


@pytest.mark.parametrize("text", [b"", b"0", b"\\", b"0x12," * 7, b"12," * 8, b"12," * 7 + b"12", b"\\x41" * 9 + b"q"])
def test_borders_of_a_text_are_borders_of_its_matches(text: bytes) -> None:
    assert measured(text) == matched(text)


def test_real_text_is_matched_as_the_patterns_match_it() -> None:
    paths = sorted(Path(sysconfig.get_paths()["stdlib"]).rglob("*.py"))[::17]
    texts = [path.read_bytes() for path in paths]
    assert [measured(text) for text in texts] == [matched(text) for text in texts]
    assert sum(measured(text)[0] > 0 for text in texts) > 5
