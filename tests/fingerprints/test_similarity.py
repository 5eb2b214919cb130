"""Exact similarities are those of Python's sets; components those of a walk from every node."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.fingerprints.components import components, pairs_within
from explorer.fingerprints.jaccard import similarities
from explorer.fingerprints.shingles import ShingleSets, shingle_sets
from tests.fingerprints import twins
from tests.fingerprints.twins import edges, jaccard, words, wordy

small_sets = st.lists(
    st.frozensets(st.one_of(st.integers(0, 9), st.integers((1 << 64) - 5, (1 << 64) - 1))), max_size=6
)


def packed(sets: list[frozenset[int]]) -> ShingleSets:
    identities = np.array([value for one in sets for value in sorted(one)], np.uint64)
    return ShingleSets(identities, np.cumsum([0, *map(len, sets)]).astype(np.int64))


def every_pair(count: int) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.divmod(np.arange(count * count, dtype=np.int64), max(count, 1))
    return left, right


@settings(deadline=None)
@given(small_sets)
def test_similarities_are_those_of_sets(sets: list[frozenset[int]]) -> None:
    left, right = every_pair(len(sets))
    wanted = [jaccard(sets[one], sets[other]) for one, other in zip(left, right, strict=True)]
    assert similarities(packed(sets), left, right).tolist() == wanted


@settings(deadline=None)
@given(st.lists(wordy, max_size=4))
def test_similarities_of_texts_are_those_of_their_shingles_as_words(texts: list[bytes]) -> None:
    left, right = every_pair(len(texts))
    wanted = [jaccard(words(texts[one]), words(texts[other])) for one, other in zip(left, right, strict=True)]
    assert similarities(shingle_sets(*edges(texts)), left, right).tolist() == wanted


def test_a_similarity_at_the_threshold_is_the_number_itself() -> None:
    """What is 7/10 must not fall below 0.7 by a rounding."""
    for shared, whole in ((7, 10), (1, 2), (3, 4), (17, 20), (63, 90), (9, 9)):
        sets = [frozenset(range(whole)), frozenset(range(shared))]
        (found,) = similarities(packed(sets), np.array([0]), np.array([1]))
        assert found == shared / whole
        assert found >= float(f"{shared / whole:.4g}")


graphs = st.integers(1, 14).flatmap(
    lambda count: st.tuples(
        st.just(count), st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20)
    )
)


def roots_of(count: int, pairs: list[tuple[int, int]]) -> np.ndarray:
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    return components(count, ends[:, 0].copy(), ends[:, 1].copy())


@settings(deadline=None)
@given(graphs, st.randoms())
def test_components_are_those_of_a_walk_in_any_order_of_pairs(
    graph: tuple[int, list[tuple[int, int]]], chance: object
) -> None:
    count, pairs = graph
    wanted = twins.components(count, pairs)
    assert roots_of(count, pairs).tolist() == wanted
    chance.shuffle(pairs)  # pyright: ignore[reportAttributeAccessIssue]
    assert roots_of(count, [pair[::-1] for pair in pairs]).tolist() == wanted


def test_a_long_chain_is_one_component() -> None:
    forth = np.arange(200_000, dtype=np.int64)
    for left, right in ((forth[:-1], forth[1:]), (forth[:0:-1].copy(), forth[-2::-1].copy())):
        assert not components(len(forth), left, right).any()


@settings(deadline=None)
@given(graphs, st.integers(0, 6))
def test_pairs_within_are_all_pairs_of_small_components(graph: tuple[int, list[tuple[int, int]]], most: int) -> None:
    count, pairs = graph
    roots = roots_of(count, pairs)
    left, right = pairs_within(roots, most)
    sizes = np.bincount(roots, minlength=count)
    wanted = {
        (one, other)
        for one in range(count)
        for other in range(one + 1, count)
        if roots[one] == roots[other] and sizes[roots[one]] <= most
    }
    found = list(zip(left.tolist(), right.tolist(), strict=True))
    assert len(found) == len(wanted)
    assert set(found) == wanted


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_has_no_pairs(count: int) -> None:
    none = np.zeros(0, np.int64)
    assert components(count, none, none).tolist() == list(range(count))
    assert [len(side) for side in pairs_within(components(count, none, none), 9)] == [0, 0]
    assert len(similarities(packed([]), none, none)) == 0
