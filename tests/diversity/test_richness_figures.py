"""Figures of vocabularies against their definitions in plain Python."""

import math
from collections import Counter
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from explorer.diversity import richness
from explorer.diversity.hill import entropy, hill
from explorer.diversity.redundancy import self_repetition
from explorer.diversity.series import HEAPS_POINTS, Series, count, number_alike

KINDS = 12
FILES = st.lists(st.lists(st.integers(0, KINDS - 1), max_size=12), min_size=1, max_size=6)
COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=20)
close = pytest.approx


def series_of(files: list[list[int]]) -> Series:
    firsts = np.concatenate([[0], np.cumsum([len(file) for file in files])]).astype(np.int64)
    return Series(np.array(list(chain(*files)), np.int32), firsts)


def shares_of(counts: list[int]) -> list[float]:
    return [each / sum(counts) for each in counts if each]


def array(counts: list[int]) -> np.ndarray:
    return np.array(counts, np.int64)


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=9), min_size=1, max_size=4))
@settings(deadline=None)
def test_equal_hashes_have_equal_numbers_in_all_arrays(arrays: list[list[int]]) -> None:
    numbered, kinds = number_alike(*(np.array(each, np.uint64) for each in arrays))
    pairs = set(zip(chain(*arrays), chain(*(each.tolist() for each in numbered)), strict=True))

    assert [len(each) for each in numbered] == [len(each) for each in arrays]
    assert {number for _, number in pairs} == set(range(kinds))
    assert len(pairs) == kinds == len(set(chain(*arrays)))


@given(FILES, st.integers(0, 80), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_things_are_counted_up_to_a_budget(files: list[list[int]], budget: int, random: object) -> None:
    order = list(range(len(files)))
    random.shuffle(order)  # type: ignore[attr-defined]
    chosen = order[: max(len(order) - 1, 1)]
    read = list(chain(*(files[file] for file in chosen)))

    counted = count(series_of(files), array(chosen), budget, KINDS)

    seen = Counter(read[:budget])
    assert counted.counts.tolist() == [seen[number] for number in range(KINDS)]
    stops = [max(budget >> (HEAPS_POINTS - 1 - point), 1) if budget else 0 for point in range(HEAPS_POINTS)]
    assert counted.growth.tolist() == [len(set(read[:stop])) for stop in stops]


@given(COUNTS)
def test_types_hapaxes_and_estimates_are_their_definitions(counts: list[int]) -> None:
    how_often = Counter(counts)
    once, twice, seen = how_often[1], how_often[2], sum(1 for each in counts if each)

    assert richness.types(array(counts)) == seen
    assert richness.hapaxes(array(counts)) == once
    assert richness.unseen_mass(array(counts)) == close(once / sum(counts) if sum(counts) else 0)
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    assert richness.chao1(array(counts)) == close(seen + unseen)


@given(COUNTS.flatmap(lambda one: st.tuples(st.just(one), st.lists(st.integers(0, 9), min_size=len(one)))))
def test_a_tail_is_what_was_seen_two_to_five_times(both: tuple[list[int], list[int]]) -> None:
    ours, theirs = both[0], both[1][: len(both[0])]
    band = [place for place, each in enumerate(ours) if 2 <= each <= 5]

    tail = richness.tail(array(ours))
    cover = richness.tail_cover(tail, array(theirs))

    assert np.flatnonzero(tail).tolist() == band
    wanted = sum(theirs[place] > 0 for place in band) / len(band) if band else math.nan
    assert cover == close(wanted, nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=20))
def test_divergences_are_their_definitions(pairs: list[tuple[int, int]]) -> None:
    ours, theirs = [one for one, _ in pairs], [other for _, other in pairs]
    told = richness.divergence(array(ours), array(theirs))
    surprise = richness.surprise(array(ours), array(theirs))

    known = [(one + 0.5, other + 0.5) for one, other in pairs if one + other >= 5]
    if known:
        one_sum, other_sum = sum(one for one, _ in known), sum(other for _, other in known)
        wanted = sum(one / one_sum * math.log2(one / one_sum / (other / other_sum)) for one, other in known)
        assert surprise == close(wanted, abs=1e-12)
        assert surprise >= -1e-12
    else:
        assert math.isnan(surprise)
    if not sum(ours) or not sum(theirs):
        assert math.isnan(told)
        return
    total = 0.0
    for one, other in pairs:
        p, q = one / sum(ours), other / sum(theirs)
        total += sum(share / 2 * math.log2(share / ((p + q) / 2)) for share in (p, q) if share)
    assert told == close(total, abs=1e-12)
    assert -1e-12 <= told <= 1 + 1e-12
    assert told == close(richness.divergence(array(theirs), array(ours)), abs=1e-12)


def test_divergence_is_one_of_what_shares_nothing_and_none_of_the_same() -> None:
    assert richness.divergence(array([3, 1, 0]), array([0, 0, 5])) == close(1)
    assert richness.divergence(array([3, 1]), array([6, 2])) == close(0)
    assert richness.surprise(array([8, 8]), array([8, 8])) == close(0)


@given(st.integers(64, 10**6), st.lists(st.integers(1, 10**6), min_size=HEAPS_POINTS, max_size=HEAPS_POINTS))
def test_the_slope_of_heaps_is_that_of_a_line_through_logarithms(budget: int, growth: list[int]) -> None:
    seen = [budget >> (HEAPS_POINTS - 1 - point) for point in range(HEAPS_POINTS)]

    slope = richness.heaps_slope(array(growth), budget)

    assert slope == close(np.polyfit(np.log(seen), np.log(growth), 1)[0], abs=1e-9)


def test_a_power_law_has_its_exponent() -> None:
    budget = 64 * 10**6
    growth = [round(3 * (budget >> (HEAPS_POINTS - 1 - point)) ** 0.7) for point in range(HEAPS_POINTS)]

    assert richness.heaps_slope(array(growth), budget) == close(0.7, abs=1e-4)
    assert math.isnan(richness.heaps_slope(array([0, *growth[1:]]), budget))
    assert math.isnan(richness.heaps_slope(array([1] * HEAPS_POINTS), 1))


@given(COUNTS)
def test_entropy_and_hill_numbers_are_their_definitions(counts: list[int]) -> None:
    assume(sum(counts))
    shares = shares_of(counts)
    bits = -sum(share * math.log2(share) for share in shares)

    assert entropy(array(counts)) == close(bits, abs=1e-12)
    assert hill(array(counts), 0) == close(len(shares))
    assert hill(array(counts), 1) == close(2**bits)
    assert hill(array(counts), 2) == close(1 / sum(share**2 for share in shares))
    assert hill(array(counts), 0.5) == close(sum(share**0.5 for share in shares) ** 2)


@given(COUNTS, st.integers(1, 9))
def test_hill_numbers_fall_with_their_order(counts: list[int], factor: int) -> None:
    assume(sum(counts))
    numbers = [hill(array(counts), order) for order in (0, 0.5, 1, 2, 3)]

    assert all(more >= less - 1e-9 for more, less in pairwise(numbers))
    assert numbers[-1] >= 1 - 1e-9
    assert hill(array(counts) * factor, 1) == close(numbers[2])


@pytest.mark.parametrize("kinds", [1, 2, 7, 1000])
@pytest.mark.parametrize("order", [0, 0.5, 1, 2, 3])
def test_equally_common_kinds_are_as_many_as_there_are(kinds: int, order: float) -> None:
    assert hill(np.full(kinds, 4), order) == close(kinds)
    assert entropy(np.full(kinds, 4)) == close(math.log2(kinds))


def test_nothing_has_no_diversity() -> None:
    nothing = array([0, 0])

    assert math.isnan(hill(nothing, 1))
    assert math.isnan(entropy(nothing))
    assert math.isnan(entropy(array([])))
    assert (richness.types(nothing), richness.unseen_mass(nothing), richness.chao1(nothing)) == (0, 0, 0)


@given(FILES, st.data())
@settings(max_examples=150, deadline=None)
def test_self_repetition_is_its_definition(files: list[list[int]], data: st.DataObject) -> None:
    runs = [sorted(set(file)) for file in files]
    chosen = data.draw(st.lists(st.integers(0, len(runs) - 1), unique=True))

    told = self_repetition(series_of(runs), array(chosen), KINDS)

    frequency = Counter(chain(*(runs[file] for file in chosen)))
    each = [math.log(1 + sum(frequency[run] - 1 for run in runs[file])) for file in chosen]
    assert told == close(sum(each) / len(each) if each else math.nan, nan_ok=True)
