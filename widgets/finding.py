"""Places in lines of text: matches of a pattern, and lines with hidden characters."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from widgets.visible import hidden_characters

MATCHES_KEPT = 10_000
BATCH_LINES = 500
PIECE = 200_000

_NESTED_REPEAT = re.compile(r"(?<!\\)\([^()]*(?<!\\)(?:[+*]|\{\d*,\d*\})[^()]*(?<!\\)\)(?:[+*]|\{\d*,\d*\})")


class BadPattern(ValueError):
    """A search pattern that does not compile; its text says why."""


class Match(NamedTuple):
    """A match by the number of its line and its offsets in the raw line."""

    line: int
    start: int
    end: int


class Hidden(NamedTuple):
    """How many hidden characters some lines have, and the numbers of the first of these lines."""

    total: int
    lines: tuple[int, ...]


Windows = tuple[tuple[int, Sequence[str]], ...]


def compile_pattern(pattern: str, regex: bool) -> re.Pattern[str]:
    """Compile a search; capitals count only where the pattern has one."""
    if regex and _NESTED_REPEAT.search(pattern):
        raise BadPattern("A repeat inside a repeated group can search forever; write it without one of the two.")
    flags = re.IGNORECASE if pattern == pattern.lower() else re.NOFLAG
    try:
        return re.compile(pattern if regex else re.escape(pattern), flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise BadPattern(f"This is not a regular expression: {error}.") from error


def find_matches(windows: Windows, pattern: re.Pattern[str], columns: int) -> tuple[Match, ...]:
    """Find the first matches in the part of each line that is shown."""
    matches: list[Match] = []
    for first, lines in windows:
        for number, line in enumerate(lines, first):
            found = pattern.finditer(line[:columns])
            matches += [Match(number, each.start(), each.end()) for each in found if each.end() > each.start()]
            if len(matches) >= MATCHES_KEPT:
                return tuple(matches[:MATCHES_KEPT])
    return tuple(matches)


def find_hidden(windows: Windows) -> Hidden:
    """Count hidden characters and name the lines that have them."""
    total = 0
    numbers: list[int] = []
    for first, lines in windows:
        for start in range(0, len(lines), BATCH_LINES):
            batch = lines[start : start + BATCH_LINES]
            if count := sum(map(hidden_characters, _pieces("\n".join(batch) + "\n"))):
                total += count
                numbers += _hidden_lines(first + start, batch)
    return Hidden(total, tuple(numbers[:MATCHES_KEPT]))


def _pieces(text: str) -> Iterator[str]:
    """Cut a text so that no single call holds the interpreter for long; a CRLF stays whole."""
    start = 0
    while start < len(text):
        end = start + PIECE
        end += text[end - 1 : end + 1] == "\r\n"
        yield text[start:end]
        start = end


def _hidden_lines(first: int, lines: Sequence[str]) -> list[int]:
    # A line ends at its line feed: put it back, or the CR of a CRLF would count as hidden.
    return [number for number, line in enumerate(lines, first) if any(map(hidden_characters, _pieces(line + "\n")))]
