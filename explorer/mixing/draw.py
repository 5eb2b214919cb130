"""Choosing the samples of one tier, the same every time and nested as the draw grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Sizes = np.ndarray[Any, np.dtype[np.int64]]

TOLERANCE = 0.0002
"""Part of the wanted tokens by which a draw may miss its aim without being corrected."""


@dataclass(frozen=True)
class Draw:
    """Which samples a tier gives: every one `copies_all` times, the first `prefix` and the `fillers` once more."""

    copies_all: int
    prefix: int
    fillers: tuple[int, ...]
    """At most two positions after the prefix, ascending, that close what the prefix leaves open."""
    tokens: int
    """What all of that adds up to."""

    def copies(self, position: int) -> int:
        """Count how often the sample at a position is written."""
        return self.copies_all + (position < self.prefix) + (position in self.fillers)


class Filling(NamedTuple):
    """A way to close a gap: how far it misses, and the positions it takes."""

    error: int
    positions: tuple[int, ...]


def draw(tokens: Sequence[int], wanted: int, tolerance: int | None = None) -> Draw:
    """Draw `wanted` tokens from samples given in the order of their permanent random numbers.

    Full epochs come first, then the longest prefix that does not pass the rest. What is still missing is closed by the
    earliest later sample that fits within `tolerance` tokens (by default 0.02 %, at least 1), else by whichever of
    nothing, one sample or two comes nearest. A draw that grows keeps every sample of its prefix; only fillers change.
    Any array of integers serves as `tokens`.
    """
    import numpy as np

    sizes = np.asarray(tokens, dtype=np.int64)
    if wanted < 0 or (len(sizes) and int(sizes.min()) < 0):
        raise ValueError("tokens are counts: a draw and its samples cannot be negative")
    total = int(sizes.sum())
    if not total:
        return Draw(0, 0, (), 0)
    copies_all, rest = divmod(wanted, total)
    sums = np.cumsum(sizes)
    prefix = int(np.searchsorted(sums, rest, side="right")) if rest else 0
    gap = rest - (int(sums[prefix - 1]) if prefix else 0)
    allowed = max(1, int(wanted * TOLERANCE)) if tolerance is None else tolerance
    fillers = tuple(prefix + position for position in _fillers(sizes[prefix:], gap, allowed))
    filled = sum(int(sizes[position]) for position in fillers)
    return Draw(copies_all, prefix, fillers, wanted - gap + filled)


def _fillers(sizes: "Sizes", gap: int, allowed: int) -> tuple[int, ...]:
    """Choose what comes nearest to a gap; of equally near ways the one with fewer samples wins."""
    nothing = Filling(gap, ())
    if gap <= allowed or not len(sizes):
        return ()
    single = _single(sizes, gap, allowed)
    if single.error <= allowed:
        return single.positions
    return min(nothing, single, _pair(sizes, gap), key=lambda way: (way.error, len(way.positions))).positions


def _single(sizes: "Sizes", gap: int, allowed: int) -> Filling:
    """Find the earliest sample within the tolerance, else the earliest of the nearest ones."""
    import numpy as np

    errors = np.abs(sizes - gap)
    within = np.flatnonzero(errors <= allowed)
    position = int(within[0]) if len(within) else int(np.argmin(errors))
    return Filling(int(errors[position]), (position,))


def _pair(sizes: "Sizes", gap: int) -> Filling:
    """Find two samples whose sum is nearest to a gap, by sizes first and the earliest positions of those sizes then.

    Only distinct sizes are compared, each with the two around the size that would complete it. That suffices: of the
    nearest pair, the smaller finds the larger if their sum stays below the gap, else the larger finds the smaller.
    """
    import numpy as np

    useful = np.flatnonzero(sizes <= 2 * gap)
    if len(useful) < 2:
        return Filling(gap, ())
    distinct, first, counts = np.unique(sizes[useful], return_index=True, return_counts=True)
    best = Filling(gap, ())
    partner = np.searchsorted(distinct, gap - distinct)
    for step in (-1, 0):
        other = partner + step
        valid = (other >= 0) & (other < len(distinct))
        other = np.where(valid, other, 0)
        valid &= (other != np.arange(len(distinct))) | (counts > 1)
        errors = np.where(valid, np.abs(distinct + distinct[other] - gap), np.iinfo(np.int64).max)
        nearest = int(np.argmin(errors))
        if errors[nearest] < best.error:
            best = Filling(int(errors[nearest]), _positions(sizes, useful, first, nearest, int(other[nearest])))
    return best


def _positions(sizes: "Sizes", useful: "Sizes", first: "Sizes", one: int, other: int) -> tuple[int, int]:
    """Turn two distinct sizes into the earliest positions that have them."""
    import numpy as np

    start = int(useful[first[one]])
    if one == other:
        return start, start + 1 + int(np.argmax(sizes[start + 1 :] == sizes[start]))
    end = int(useful[first[other]])
    return min(start, end), max(start, end)
