"""The prose of a licence as rules read it: lower case, one blank between words, no comment signs; lines are kept."""

import re
from bisect import bisect_right
from typing import NamedTuple

_LEADING = re.compile(r"^(?:[\s#/*;%!|\"'\-<>]|(?:dnl|rem)\b)+")
_TRAILING = " \t\r\f*/|#-"
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "`": "'", "\ufeff": " "})
MOST_QUOTED = 80
"""Characters of the text that a rule quotes."""


class Prose(NamedTuple):
    """A text and where its lines begin."""

    text: str
    starts: tuple[int, ...]
    first_line: int
    """Number of the first line, from 1."""

    def line_at(self, place: int) -> int:
        """Returns the number of the line that holds a place of the text."""
        return self.first_line + max(bisect_right(self.starts, place) - 1, 0)


def read_prose(text: str, first_line: int = 1) -> Prose:
    """Takes the signs of comments away and puts all lines on one."""
    lines: list[str] = []
    starts: list[int] = []
    size = 0
    for raw in text.translate(_QUOTES).lower().split("\n"):
        line = " ".join(_LEADING.sub("", raw).rstrip(_TRAILING).split())
        starts.append(size)
        if line:
            lines.append(line)
            size += len(line) + 1
    return Prose(" ".join(lines), tuple(starts), first_line)


def quoted(words: str) -> str:
    """Quotes some words of the text, a long passage by its beginning."""
    return f'"{words}"' if len(words) <= MOST_QUOTED else f'"{words[: MOST_QUOTED - 1].rstrip()}…"'
