"""Data written as text: base64, hexadecimal bytes and escaped characters, by StarCoder2's three patterns."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.kernels import kernel

BASE64_BYTES, BASE64_RUN, HEX_RUN, ESCAPES = range(4)
"""Cells of a row: bytes in runs of base64 and the longest of them; hexadecimal digits in the longest run of nothing
else that bytes are listed with; and escaped characters."""
CELLS = 4

SHORTEST = 64
"""Characters that a run of base64 has at least."""
HEX = re.compile(rb"(?:\b(?:0x|\\x)?[0-9a-fA-F]{2}(?:,|\b\s*)){8,}")
UNICODE = re.compile(rb"(?:\\u[0-9a-fA-F]{4}){8,}")
LEAST_HEX, LEAST_ESCAPES = 16, 8
"""Digits and escapes without which neither pattern can match."""


_BASE64, _HEX_DIGIT, _BETWEEN, _ESCAPED = 1, 2, 4, 8


def _byte_bits() -> npt.NDArray[np.uint8]:
    bits = np.zeros(256, np.uint8)
    bits[[*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\n="]] |= _BASE64
    bits[[*b"0123456789abcdefABCDEF"]] |= _HEX_DIGIT
    bits[[*b"x\\,", *range(33)]] |= _BETWEEN
    bits[ord("u")] |= _ESCAPED
    return bits


BITS = _byte_bits()


@kernel
def measure_encoded(text: Any, start: int, end: int, bits: Any, row: Any) -> None:
    """Fills a row: `[a-zA-Z0-9+/\\n=]{64,}` is matched whole, of the others only what they cannot match without."""
    run = digits = whole = longest = most = escapes = 0
    before = 0
    for at in range(start, end):
        byte = text[at]
        kind = bits[byte]
        if kind & _BASE64:
            run += 1
        else:
            if run >= SHORTEST:
                whole += run
                longest = max(longest, run)
            run = 0
        digits = digits + 1 if kind & _HEX_DIGIT else digits if kind & _BETWEEN else 0
        most = max(most, digits)
        escapes += (kind & _ESCAPED) != 0 and before == 92
        before = byte
    if run >= SHORTEST:
        whole += run
        longest = max(longest, run)
    row[BASE64_BYTES], row[BASE64_RUN], row[HEX_RUN], row[ESCAPES] = whole, longest, most, escapes


def other_matches(text: bytes, row: Any) -> tuple[int, int]:
    """Returns the bytes that the patterns for hexadecimal bytes and escapes match, and their longest match."""
    spans = [len(found[0]) for found in HEX.finditer(text)] if row[HEX_RUN] >= LEAST_HEX else []
    if row[ESCAPES] >= LEAST_ESCAPES:
        spans += [len(found[0]) for found in UNICODE.finditer(text)]
    return sum(spans), max(spans, default=0)
