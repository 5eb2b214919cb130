"""Connected components of pairs, the same whatever the order of the pairs."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit


def components(count: int, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Returns for each of `count` nodes the lowest node that pairs (left[i], right[i]) connect it with."""
    parents = np.arange(count, dtype=np.int64)
    _join(parents, left, right)
    return parents


@njit(inline="always")
def _root(parents: Any, node: Any) -> Any:
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node


@njit(nogil=True, cache=True)
def _join(parents: Any, left: Any, right: Any) -> None:
    for place in range(len(left)):
        one, other = _root(parents, left[place]), _root(parents, right[place])
        if one < other:
            parents[other] = one
        elif other < one:
            parents[one] = other
    for node in range(len(parents)):
        parents[node] = _root(parents, node)


def pairs_within(roots: npt.NDArray[np.int64], most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Returns every pair of nodes of one component, the lower node first, for components of at most `most` nodes."""
    order = np.argsort(roots, kind="stable")
    edges = np.flatnonzero(np.diff(roots[order], prepend=-1, append=-1))
    sizes = np.diff(edges)
    chosen = (sizes > 1) & (sizes <= most)
    count = int((sizes[chosen] * (sizes[chosen] - 1) // 2).sum())
    left, right = np.empty(count, np.int64), np.empty(count, np.int64)
    _list_pairs(order, edges[:-1][chosen], sizes[chosen], left, right)
    return left, right


@njit(nogil=True, cache=True)
def _list_pairs(order: Any, starts: Any, sizes: Any, left: Any, right: Any) -> None:
    filled = 0
    for component in range(len(starts)):
        start, end = starts[component], starts[component] + sizes[component]
        for place in range(start, end):
            for behind in range(place + 1, end):
                left[filled], right[filled] = order[place], order[behind]
                filled += 1
