"""Candidates are the pairs that share a band and agree enough; a crowded bucket costs no more than its rows."""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.fingerprints.bands import (
    LEADERS,
    RECALL,
    WHOLE_BUCKET,
    Bands,
    Candidates,
    candidates,
    choose_bands,
    least_agreement,
)
from explorer.fingerprints.components import components
from explorer.fingerprints.minhash import PERMUTATIONS

Slots = npt.NDArray[np.uint32]
Pairs = set[tuple[int, int]]
thresholds = st.floats(0.5, 1.0)


@given(thresholds)
def test_bands_are_the_longest_that_find_enough(threshold: float) -> None:
    cut = choose_bands(threshold)
    assert cut.bands == PERMUTATIONS // cut.rows
    assert cut.recall(threshold) >= RECALL
    for rows in range(cut.rows + 1, 17):
        assert Bands(PERMUTATIONS // rows, rows).recall(threshold) < RECALL


@given(thresholds, thresholds)
def test_what_is_more_alike_is_found_more_surely(one: float, other: float) -> None:
    low, high = sorted((one, other))
    cut = choose_bands(low)
    assert 0 <= cut.recall(low) <= cut.recall(high) <= 1
    assert choose_bands(low).rows <= choose_bands(high).rows
    assert least_agreement(low) <= least_agreement(high)


@given(thresholds)
def test_an_estimate_seldom_falls_below_the_least_agreement(threshold: float) -> None:
    least = least_agreement(threshold)
    below = sum(
        math.comb(PERMUTATIONS, same) * threshold**same * (1 - threshold) ** (PERMUTATIONS - same)
        for same in range(least)
    )
    assert 1 <= least <= PERMUTATIONS
    assert below < 0.006


def families(seed: int, sizes: Iterable[int], *, alone: int = 200) -> Slots:
    """Rows that agree with the first of their family in a random share of slots, and rows of their own, mixed."""
    chance = np.random.default_rng(seed)
    blocks = [chance.integers(0, 1 << 32, (alone, PERMUTATIONS), np.uint32)]
    for size in sizes:
        rows = chance.integers(0, 1 << 32, (size, PERMUTATIONS), np.uint32)
        blocks.append(np.where(chance.random(rows.shape) < chance.uniform(0.4, 0.97, (size, 1)), rows[0], rows))
    rows = np.concatenate(blocks)
    return rows[chance.permutation(len(rows))]


def as_set(found: Candidates) -> Pairs:
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs), "each pair once"
    assert all(left < right for left, right in pairs)
    return set(pairs)


def by_definition(slots: Slots, threshold: float) -> Pairs:
    """All pairs that agree in a whole band and in enough slots."""
    cut, least = choose_bands(threshold), least_agreement(threshold)
    found: Pairs = set()
    for one in range(len(slots)):
        same = slots[one + 1 :] == slots[one]
        shares = same[:, : cut.bands * cut.rows].reshape(-1, cut.bands, cut.rows).all(2).any(1)
        found |= {(one, one + 1 + int(other)) for other in np.flatnonzero(shares & (same.sum(1) >= least))}
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.85, 1.0])
def test_small_buckets_give_exactly_the_pairs_of_the_definition(seed: int, threshold: float) -> None:
    slots = families(seed, [2, 3, 5, 8, 13, 21])
    assert as_set(candidates(slots, threshold)) == by_definition(slots, threshold)


@pytest.mark.parametrize("seed", range(3))
def test_alike_rows_are_found(seed: int) -> None:
    slots = families(seed, [20] * 20)
    wanted = {
        (one, other) for one, other in by_definition(slots, 0.5) if (slots[one] == slots[other]).sum() >= 0.75 * 128
    }
    assert len(wanted) > 300
    assert len(wanted & as_set(candidates(slots, 0.7))) >= 0.98 * len(wanted)


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.9])
def test_the_order_of_rows_changes_nothing_in_small_buckets(threshold: float) -> None:
    slots = families(5, [2, 4, 9, 20])
    order = np.random.default_rng(1).permutation(len(slots))
    moved = as_set(candidates(slots[order], threshold))
    back = {tuple(sorted((int(order[left]), int(order[right])))) for left, right in moved}
    assert back == as_set(candidates(slots, threshold))


@pytest.mark.parametrize("threshold", [0.5, 0.7, 1.0])
def test_threads_change_nothing(threshold: float) -> None:
    slots = families(9, [2, 3, 20, 60, 400, 400])
    alone = candidates(slots, threshold, 1)
    for threads in (2, 5):
        together = candidates(slots, threshold, threads)
        np.testing.assert_array_equal(together.left, alone.left)
        np.testing.assert_array_equal(together.right, alone.right)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_rows(count: int) -> None:
    assert as_set(candidates(families(1, [], alone=count), 0.7)) == set()


def test_equal_rows_meet_each_other_where_they_are_few_and_in_a_star_where_they_are_many() -> None:
    row = families(1, [], alone=1)
    few = as_set(candidates(np.repeat(row, WHOLE_BUCKET, 0), 0.7))
    assert few == {(one, other) for other in range(WHOLE_BUCKET) for one in range(other)}
    assert as_set(candidates(np.repeat(row, 20_000, 0), 0.7)) == {(0, other) for other in range(1, 20_000)}


def test_of_equal_rows_the_first_looks_for_others() -> None:
    row = families(1, [], alone=1)
    near = row.copy()
    near[0, :20] += 1
    found = as_set(candidates(np.concatenate([row, near, row, near]), 0.7))
    assert found == {(0, 2), (1, 3), (0, 1)}


def test_a_pair_that_a_crowded_bucket_passed_over_is_found_in_a_later_one() -> None:
    slots = families(3, [], alone=40)
    slots[:, :5] = 7
    slots[31] = slots[30]
    slots[31, -3:] += 1
    assert len(slots) > WHOLE_BUCKET
    assert LEADERS < 30
    assert as_set(candidates(slots, 0.7)) == {(30, 31)}


def test_families_below_a_common_head_are_told_apart_and_whole() -> None:
    """Half of every signature comes from the same boilerplate, as from a long licence text on top of short files."""
    chance = np.random.default_rng(14)
    slots = families(4, [], alone=20_000)
    head = chance.integers(0, 1 << 32, PERMUTATIONS, np.uint32)
    is_head = np.repeat(chance.random((2_000, PERMUTATIONS)) < 0.5, 10, 0)
    body = np.repeat(slots[:2_000], 10, 0)
    slots = np.where(is_head, head, np.where(chance.random(slots.shape) < 0.95, body, slots))
    found = candidates(slots, 0.7, 2)
    is_tied = components(len(slots), found.left, found.right).reshape(2_000, 10)
    tied = sum(len(np.unique(one)) == 1 for one in is_tied)
    assert tied >= 0.9 * len(is_tied)
    assert (found.left // 10 == found.right // 10).all(), "the head alone makes no pair"


@pytest.mark.parametrize("agreement", [0.75, 0.9, 0.99])
def test_the_work_in_a_crowded_bucket_grows_with_its_rows(agreement: float) -> None:
    chance = np.random.default_rng(12)
    slots = families(2, [], alone=20_000)
    slots = np.where(chance.random(slots.shape) < agreement, slots[0], slots)
    found = candidates(slots, 0.7, 2)
    as_set(found)
    assert len(found.left) <= (WHOLE_BUCKET // 2 + choose_bands(0.7).bands) * len(slots)
    roots = components(len(slots), found.left, found.right)
    assert (roots == 0).mean() > (0.5 if agreement < 0.8 else 0.99)
