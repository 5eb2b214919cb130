"""The licence that the first lines of a file name."""

import re
from functools import lru_cache
from typing import NamedTuple

from explorer.signals.evidence.phrases import HEADER_PHRASES, PROPRIETARY, RESERVED, Phrase, fold_phrase, folded

HEAD_LINES = 40
HEAD_BYTES = 8192
_SPDX = re.compile(rb"SPDX-License-Identifier:[ \t]*([^\r\n]+)", re.I)
_BEHIND = re.compile(rb"\s*(?:\*/|-->|[\"'`,;]|\*\)|#\}|=#).*$|[\s.]+$")
"""What may stand behind an expression: the end of a comment or of a string."""
ANCHORS = (
    *(b"licen", b"permission", b"redistribution", b"reserved", b"confidential", b"unencumbered", b"publicdomain"),
    *(b"cc0", b"terms", b"unauthorized", b"contributor", b"'as-is'", b"bsd", b"commons"),
)
"""Without any of these, in small letters, no phrase can occur."""
_FOLDED = [(phrase, [fold_phrase(words) for words in phrase.words]) for phrase in HEADER_PHRASES]


class Header(NamedTuple):
    """What the head of a file says of its licence."""

    expression: str
    words: str
    """The rule that spoke, with the line it was found on."""


def read_header(text: bytes) -> Header | None:
    """Reads the licence from the first 40 lines (8 kB at most); None where they name none."""
    head = text[: _end_of_line(text, HEAD_LINES)][:HEAD_BYTES]
    small = head.lower()
    found = [place for anchor in ANCHORS if (place := small.find(anchor)) >= 0]
    if not found:
        return None
    spdx = _SPDX.search(head)
    if spdx:
        line = head.count(b"\n", 0, spdx.start()) + 1
        expression = _BEHIND.sub(b"", spdx[1]).decode("utf-8", "replace").strip()
        return Header(expression, f"SPDX-License-Identifier, line {line}")
    return _by_phrase(head, head.count(b"\n", 0, min(found)) + 1)


def _by_phrase(head: bytes, line: int) -> Header | None:
    text = folded(head)
    found = _find(text)
    if found is not None:
        return Header(found.expression, f"“{found.words[0]}”, about line {line}")
    if RESERVED in text and "licen" not in text:
        return Header(PROPRIETARY, f"“{RESERVED}” and no licence, about line {line}")
    return None


@lru_cache(4096)
def _find(text: str) -> Phrase | None:
    return next((phrase for phrase, words in _FOLDED if all(part in text for part in words)), None)


def _end_of_line(text: bytes, lines: int) -> int:
    place = -1
    for _ in range(lines):
        place = text.find(b"\n", place + 1)
        if place < 0:
            return len(text)
    return place
