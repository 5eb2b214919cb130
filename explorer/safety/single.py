"""Searches one long text with the compiled kernel."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from explorer.kernels.literal_matcher import AnchorTable, anchor_table, find_anchors
from explorer.kernels.literals import Anchor

ALL_BANKS = (1 << 64) - 1


def places_in(text: bytes, anchors: tuple[Anchor, ...], bank: int = ALL_BANKS) -> Iterator[tuple[int, int]]:
    """Yields the place and the number of every anchor of the wanted banks in a text, ascending."""
    cells = np.frombuffer(text, np.uint8)
    offsets = np.array([0, len(text)], np.int64)
    hits = find_anchors(cells, offsets, np.array([bank], np.uint64), _table(anchors), most=len(text))
    return zip(hits.places.tolist(), hits.anchors.tolist(), strict=True)


@cache
def _table(anchors: tuple[Anchor, ...]) -> AnchorTable:
    return anchor_table(anchors)
