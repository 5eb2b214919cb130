"""Connected components of pairs, the same whatever the order of the pairs."""

from collections.abc import Sequence
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


def weakest_parting(
    pairs: Sequence[tuple[int, int, float]],
) -> tuple[frozenset[int], frozenset[int], float] | None:
    """Parts the one component of some pairs at its weakest link; None where no pair is left to part.

    The weakest link is the least similarity on the strongest tree that connects all nodes: every other connection
    between the two parts is weaker still. Returns the part with the lowest node, the other one, and that similarity.
    """
    tree = _strongest_tree(pairs)
    if not tree:
        return None
    *rest, (one, other, weakest) = tree
    parts = sorted((_reached(one, rest), _reached(other, rest)), key=min)
    return parts[0], parts[1], weakest


def _reached(start: int, tree: Sequence[tuple[int, int, float]]) -> frozenset[int]:
    """Every node that a tree connects with one."""
    near: dict[int, list[int]] = {}
    for one, other, _ in tree:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    reached, open_ends = {start}, [start]
    while open_ends:
        further = [node for node in near.get(open_ends.pop(), ()) if node not in reached]
        reached.update(further)
        open_ends += further
    return frozenset(reached)


def _strongest_tree(pairs: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """The pairs that connect all nodes by the greatest similarities, the weakest last (Kruskal)."""
    parents = {node: node for pair in pairs for node in pair[:2]}

    def root(node: int) -> int:
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    tree: list[tuple[int, int, float]] = []
    for one, other, similarity in sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])):
        ends = root(one), root(other)
        if ends[0] != ends[1]:
            parents[max(ends)] = min(ends)
            tree.append((one, other, similarity))
    return tree


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
