"""The weakest link of a cluster, against every way to part it in two."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from explorer.fingerprints.components import weakest_parting

Pair = tuple[int, int, float]


@st.composite
def connected(draw: st.DrawFn) -> list[Pair]:
    """Pairs that connect up to seven nodes, whose similarities may be equal."""
    nodes = draw(st.lists(st.integers(0, 1000), min_size=2, max_size=7, unique=True))
    likeness = st.sampled_from((0.6, 0.7, 0.75, 0.8, 0.9, 1.0))
    tree = [(draw(st.sampled_from(nodes[:number])), nodes[number]) for number in range(1, len(nodes))]
    more = draw(st.lists(st.sampled_from(list(combinations(nodes, 2))), max_size=12))
    ends = {(min(pair), max(pair)) for pair in [*tree, *more]}
    return draw(st.permutations([(*pair, draw(likeness)) for pair in sorted(ends)]))


def between(pairs: list[Pair], part: frozenset[int]) -> float:
    """The strongest link between a part and the rest."""
    return max(similarity for one, other, similarity in pairs if (one in part) != (other in part))


def is_connected(pairs: list[Pair], nodes: frozenset[int]) -> bool:
    reached = {min(nodes)}
    for _ in nodes:
        reached |= {end for pair in pairs for end in pair[:2] if reached & set(pair[:2])}
    return reached >= nodes


@given(connected())
def test_no_way_to_part_a_cluster_has_a_weaker_link(pairs: list[Pair]) -> None:
    nodes = frozenset(end for pair in pairs for end in pair[:2])
    found = weakest_parting(pairs)
    assert found is not None
    one, other, similarity = found
    assert (one | other, one & other) == (nodes, frozenset())
    assert min(one) == min(nodes)
    halves = (frozenset(half) for count in range(1, len(nodes)) for half in combinations(sorted(nodes), count))
    assert similarity == between(pairs, one) == min(between(pairs, half) for half in halves)


@given(connected())
def test_the_weakest_link_is_the_last_threshold_at_which_all_hold_together(pairs: list[Pair]) -> None:
    nodes = frozenset(end for pair in pairs for end in pair[:2])
    found = weakest_parting(pairs)
    assert found is not None
    similarity = found[2]
    assert is_connected([pair for pair in pairs if pair[2] >= similarity], nodes)
    assert not is_connected([pair for pair in pairs if pair[2] > similarity], nodes)


@given(connected())
def test_the_parting_does_not_depend_on_the_order_of_pairs(pairs: list[Pair]) -> None:
    assert weakest_parting(pairs) == weakest_parting(pairs[::-1]) == weakest_parting(sorted(pairs))


def test_nothing_to_part() -> None:
    assert weakest_parting([]) is None
