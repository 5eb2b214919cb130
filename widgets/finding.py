"""Places in lines of text: matches of a pattern, and lines with hidden characters."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from widgets.visible import hidden_characters

MATCHES_KEPT = 10_000


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
        text = "\n".join(lines)
        if not (count := hidden_characters(text)):
            continue
        total += count
        # A line ends at its line feed: put it back, or the CR of a CRLF would count as hidden.
        found = (number for number, line in enumerate(lines, first) if hidden_characters(line + "\n"))
        numbers += [number for number, _ in zip(found, range(MATCHES_KEPT), strict=False)]
    return Hidden(total, tuple(numbers[:MATCHES_KEPT]))
