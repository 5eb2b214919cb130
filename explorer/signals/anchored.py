"""Looks for patterns only where the bytes stand that they cannot match without."""

from collections.abc import Iterator

MOST_LINES, LONGEST_LINE = 500, 1000
"""Lines that are looked at for one anchor, and how much of each on either side of it."""


def lines_with(text: bytes, anchor: bytes, more: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yields the lines that hold an anchor with where they begin, each once, and `more` bytes behind each."""
    place, found = text.find(anchor), 0
    while place >= 0 and found < MOST_LINES:
        start = max(text.rfind(b"\n", 0, place) + 1, place - LONGEST_LINE)
        end = text.find(b"\n", place)
        end = len(text) if end < 0 else end
        yield start, text[start : min(end, place + LONGEST_LINE) + more]
        place = text.find(anchor, end)
        found += 1
