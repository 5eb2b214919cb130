"""Agreement of quality with tiers: ranks by a plain definition, intervals that hold the truth, too few labels said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.signals.agreement import LEAST_LABELS, agreements, auc, mid_ranks, partial_spearman, spearman

floats = st.lists(st.integers(0, 6).map(float), min_size=2, max_size=30)


@given(floats)
def test_ranks_share_their_mean_among_ties(values: list[float]) -> None:
    plain = [
        sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2 for value in values
    ]
    assert mid_ranks(np.array(values)).tolist() == plain


@given(floats, floats)
def test_auc_counts_pairs(better: list[float], worse: list[float]) -> None:
    pairs = [(one > other) + (one == other) / 2 for one in better for other in worse]
    assert auc(np.array(better), np.array(worse)) == pytest.approx(sum(pairs) / len(pairs))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=30))
def test_spearman_is_the_correlation_of_ranks(pairs: list[tuple[int, int]]) -> None:
    one, other = (np.array(side, np.float64) for side in zip(*pairs, strict=True))
    if len(set(one)) > 1 and len(set(other)) > 1:
        assert spearman(one, other) == pytest.approx(np.corrcoef(mid_ranks(one), mid_ranks(other))[0, 1])


def test_what_a_third_explains_is_taken_out() -> None:
    chance = np.random.default_rng(1)
    comments = chance.normal(size=400)
    one, other = comments + 0.1 * chance.normal(size=400), comments + 0.1 * chance.normal(size=400)
    assert spearman(one, other) > 0.9
    assert abs(partial_spearman(one, other, comments)) < 0.2


def made(count: int, repos: int, strength: float) -> tuple[np.ndarray, ...]:
    chance = np.random.default_rng(3)
    tier = chance.integers(1, 5, count)
    quality = 80 - strength * tier + chance.normal(0, 5, count)
    language = np.array(["Python", "Go"], object)[(chance.random(count) < 0.1).astype(int)]
    repo = np.array([f"r{number}" for number in chance.integers(0, repos, count)], object)
    return quality, tier, language, repo, chance.random(count)


def test_agreement_is_told_with_its_interval_and_by_language() -> None:
    whole, python, go = agreements(*made(300, 40, 6.0))
    assert (whole.language, whole.labels, python.language, go.language) == (None, 300, "Python", "Go")
    assert whole.rho is not None
    assert whole.auc is not None
    assert 0.6 < whole.rho.low <= whole.rho.value <= whole.rho.high < 1
    assert whole.auc.value > 0.9
    assert not whole.rho.says_nothing
    assert not go.enough or go.labels >= 30


def test_no_agreement_says_nothing() -> None:
    whole, *_ = agreements(*made(300, 40, 0.0))
    assert whole.rho is not None
    assert whole.rho.says_nothing


def test_too_few_labels_are_called_so() -> None:
    whole, *rest = agreements(*made(LEAST_LABELS - 1, 10, 6.0))
    assert (whole.enough, whole.rho, whole.auc) == (False, None, None)
    assert rest
