"""Whether Python parses, and nothing that a text can hold brings the interpreter down."""

import ast
import symtable
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.kernels.buffers import buffers
from explorer.kernels.compiling import kernel

MAX_BYTES = 200_000
"""A longer text is not parsed."""
MAX_DEPTH = 90
"""Brackets inside one another that are parsed; the parser itself gives up a little later."""
MAX_RUN = 1000
"""Signs before one another, as in `- - - x`, that are parsed."""
REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError, UnicodeError, LookupError, OverflowError)
"""What the parser raises for a text that is not Python."""

_OPENS, _CLOSES, _SIGN, _BLANK, _NUL = range(1, 6)


def _byte_roles() -> npt.NDArray[np.uint8]:
    roles = np.zeros(256, np.uint8)
    for role, listed in ((_OPENS, b"([{"), (_CLOSES, b")]}"), (_SIGN, b"-+~"), (_BLANK, b" \t\r"), (_NUL, b"\0")):
        roles[list(listed)] = role
    return roles


_ROLES = _byte_roles()
_name_all: Any = symtable.symtable  # takes bytes too


def parse_verdicts(content: pa.LargeBinaryArray, numbers: Iterable[int]) -> list[bool | None]:
    """Tells for some texts of a column whether each is Python; None where one is too long to ask."""
    text, offsets = buffers(content)
    whole = text.data
    verdicts: list[bool | None] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in numbers:
            start, end = int(offsets[number]), int(offsets[number + 1])
            if end - start > MAX_BYTES:
                verdicts.append(None)
            else:
                verdicts.append(bool(_is_harmless(text, start, end, _ROLES)) and _parses(bytes(whole[start:end])))
    return verdicts


def _parses(text: bytes) -> bool:
    """Asks the compiler for the names of a text, which takes half the time of a tree.

    It refuses more than the parser does, as two arguments of one name; what it refuses the parser decides.
    """
    if _has_names(text):
        return True
    try:
        ast.parse(text)
    except REFUSALS:
        return False
    return True


def _has_names(text: bytes) -> bool:
    """Stands one call deeper than the parser is asked, so that it never has more room for depth than the parser."""
    try:
        _name_all(text, "", "exec")
    except REFUSALS:
        return False
    return True


@kernel
def _is_harmless(text: Any, start: int, end: int, roles: Any) -> bool:
    """Guards the parser: a chain of brackets or operators that is deep enough ends in its C stack."""
    depth = run = 0
    for at in range(start, end):
        role = roles[text[at]]
        if role == 0:
            run = 0
        elif role == _SIGN:
            run += 1
            if run > MAX_RUN:
                return False
        elif role != _BLANK:
            run = 0
            depth += 1 if role == _OPENS else -1
            if depth > MAX_DEPTH or role == _NUL:
                return False
    return True
