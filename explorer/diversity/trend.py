"""How figures move from export to export."""

from collections.abc import Sequence
from typing import Literal

from explorer.diversity.levels import LIMITS

RUN = 3
"""Exports in a row that move in the bad direction before it is said, whatever their levels."""

Direction = Literal["worse", ""]


def moves(name: str, values: Sequence[float]) -> Direction:
    """Tells whether a figure got worse in each of the last three steps, oldest value first."""
    limit = LIMITS.get(name)
    if limit is None or len(values) < RUN + 1:
        return ""
    steps = [later - earlier for earlier, later in zip(values[-RUN - 1 : -1], values[-RUN:], strict=True)]
    bad = all(step > 0 for step in steps) if limit.rises else all(step < 0 for step in steps)
    return "worse" if bad else ""
