"""Anchors: short literal strings of which any finding needs one, so that patterns are tried nowhere else.

A long text is searched by a compiled kernel, a short one by a regular expression, which spares small tools the kernel.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

SHORT_BYTES = 1 << 17
"""Below this, a text is searched without the kernel."""


class Anchor(NamedTuple):
    """A string to look for."""

    text: bytes
    """At least three bytes; `[A-Za-z0-9_-]` follows where it is exactly three."""
    bank: int = 1
    """One bit: whoever searches names the bits that are wanted."""
    is_folded: bool = False
    """Whether case does not matter."""
    is_assigned: bool = False
    """Whether only an anchor counts that a quoted value is assigned to: `token = "`, `"token": '`."""


class AnchorHit(NamedTuple):
    """Where an anchor begins in a text."""

    place: int
    number: int
    """Position of the anchor in the sequence that was searched for."""


_ASSIGNMENT = re.compile(rb"[\"'\]]{0,2}[ \t]{0,10}(?::=|=>|[:=])[ \t]{0,10}[bBrRuUfF]{0,2}[\"']")


class AnchorSearch:
    """Finds anchors in short texts, at every place where one begins, also inside another."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self._by_start: dict[int, list[tuple[int, Anchor]]] = {}
        for number, anchor in enumerate(anchors):
            self._by_start.setdefault(_fold(anchor.text[0]), []).append((number, anchor))
        self._any = re.compile(b"|".join(_alternatives(anchors)))

    def search(self, text: bytes) -> Iterator[AnchorHit]:
        """Yields where anchors begin, ascending."""
        lower = text.lower()
        found = self._any.search(lower)
        while found:
            place = found.start()
            for number, anchor in self._by_start[_fold(lower[place])]:
                if _is_at(text, lower, place, anchor):
                    yield AnchorHit(place, number)
            found = self._any.search(lower, place + 1)


def _fold(byte: int) -> int:
    return byte | 0x20


def _alternatives(anchors: Iterable[Anchor]) -> list[bytes]:
    return [re.escape(text) for text in sorted({anchor.text.lower() for anchor in anchors})]


def _is_at(text: bytes, lower: bytes, place: int, anchor: Anchor) -> bool:
    if not (lower if anchor.is_folded else text).startswith(anchor.text, place):
        return False
    return not anchor.is_assigned or _ASSIGNMENT.match(text, place + len(anchor.text)) is not None
