"""Small loops over bytes that kernels take in."""

from typing import Any

from explorer.kernels.compiling import inlined


@inlined
def count_feeds(text: Any, start: int, end: int) -> int:
    """Counts the line feeds of a stretch of text."""
    found = 0
    for at in range(start, end):
        found += text[at] == 10
    return found
