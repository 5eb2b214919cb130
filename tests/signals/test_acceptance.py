"""The limits from which on suggestions may be taken over are Wilson's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.tier_suggestion.acceptance import LIMITS, bulk_allowed, judge_limits, lowest_limit, wilson_lower

counts = st.integers(1, 3000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(("correct", "of"), [(73, 73), (120, 121), (160, 162), (246, 251)])
def test_these_allow_a_bulk_and_one_wrong_suggestion_more_does_not(correct: int, of: int) -> None:
    assert bulk_allowed(correct, of)
    assert not bulk_allowed(correct - 1, of)


@pytest.mark.parametrize(("correct", "of"), [(73, 73), (109, 110), (140, 142), (170, 173), (198, 202), (225, 230)])
def test_the_fewest_that_allow_a_bulk(correct: int, of: int) -> None:
    assert bulk_allowed(correct, of)
    assert not bulk_allowed(correct - 1, of - 1), "one right suggestion less"


def test_nothing_tried_allows_nothing() -> None:
    assert wilson_lower(0, 0) == 0
    assert not bulk_allowed(0, 0)


@given(counts)
def test_the_bound_solves_the_equation_of_the_score_test(pair: tuple[int, int]) -> None:
    """The lowest share p from which the observed one is not further away than z standard errors."""
    correct, of = pair
    lower = wilson_lower(correct, of, 1.96)
    assert 0 <= lower <= correct / of
    distance = correct / of - lower
    assert distance == pytest.approx(1.96 * math.sqrt(lower * (1 - lower) / of), abs=1e-7)


@given(counts)
def test_one_more_right_suggestion_lifts_the_bound(pair: tuple[int, int]) -> None:
    correct, of = pair
    assert wilson_lower(correct + 1, of + 1) > wilson_lower(correct, of)


@given(st.lists(st.tuples(st.sampled_from([0.3, *LIMITS, 1.0]), st.booleans()), max_size=40))
def test_limits_count_what_is_at_least_so_sure(labels: list[tuple[float, bool]]) -> None:
    confidence = np.array([sure for sure, _ in labels], np.float32)
    found = judge_limits(confidence, np.array([right for _, right in labels], bool), wanted=0.6)
    for limit, theta in zip(found, LIMITS, strict=True):
        sure = [right for confident, right in labels if confident >= theta]
        assert (limit.theta, limit.correct, limit.of) == (theta, sum(sure), len(sure))
        assert limit.lower == wilson_lower(sum(sure), len(sure))
        assert limit.is_allowed == (limit.lower >= 0.6)


def test_the_lowest_limit_that_passes_is_taken() -> None:
    confidence = np.repeat([0.62, 0.8, 0.96], [50, 100, 80])
    right = np.concatenate((np.arange(50) < 30, np.arange(100) < 99, np.arange(80) < 80))
    lowest = lowest_limit(judge_limits(confidence, right))
    assert lowest is not None
    assert (lowest.theta, lowest.correct, lowest.of) == (0.65, 179, 180)


def test_no_limit_passes_without_enough_labels() -> None:
    assert lowest_limit(judge_limits([0.99] * 72, [True] * 72)) is None
    assert lowest_limit(judge_limits([], [])) is None
    assert lowest_limit(judge_limits([float("nan")] * 100, [True] * 100)) is None
