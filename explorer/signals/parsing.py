"""Whether Python parses, and nothing that a text can hold brings the interpreter down."""

import ast
import warnings

MAX_BYTES = 200_000
"""A longer text is not parsed."""
MAX_DEPTH = 90
"""Brackets inside one another, and levels of blocks, that are parsed; the parser itself gives up a little later."""
_OPENING, _CLOSING = b"([{", b")]}"


def parses(text: bytes) -> bool | None:
    """Tells whether a text is Python; None where it is too long to ask."""
    if len(text) > MAX_BYTES:
        return None
    if b"\0" in text or _is_too_deep(text):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError, UnicodeError, LookupError, OverflowError):
            return False
    return True


def _is_too_deep(text: bytes) -> bool:
    """Guards the parser: a chain of brackets or operators that is deep enough ends in its C stack."""
    depth = deepest = 0
    for byte in text.translate(None, delete=_NO_BRACKETS):
        depth += 1 if byte in _OPENING else -1
        deepest = max(deepest, depth)
        if deepest > MAX_DEPTH:
            return True
    return _longest_run(text) > MAX_RUN


MAX_RUN = 1000
"""Signs before one another, as in `- - - x`, that are parsed."""


def _longest_run(text: bytes) -> int:
    longest = run = 0
    for byte in text.translate(None, delete=b" \t\r"):
        run = run + 1 if byte in b"-+~" else 0
        longest = max(longest, run)
    return longest


_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in _OPENING + _CLOSING)
