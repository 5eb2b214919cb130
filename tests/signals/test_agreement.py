"""Agreement is that of the textbook definitions, and its interval that of repositories drawn again."""

import statistics
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.quality import agreement
from explorer.quality.agreement import Agreement, measure_agreement
from explorer.quality.resampling import Interval, as_list, number_groups, resample

Floats = npt.NDArray[np.float64]


def mid_ranks(values: Sequence[float]) -> list[float]:
    return [sum(each < value for each in values) + (sum(each == value for each in values) + 1) / 2 for value in values]


def rho_of(first: Sequence[float], second: Sequence[float]) -> float:
    return statistics.correlation(mid_ranks(first), mid_ranks(second))


def area_of(firsts: Sequence[float], lasts: Sequence[float]) -> float:
    wins = sum((one > other) + (one == other) / 2 for one in firsts for other in lasts)
    return wins / (len(firsts) * len(lasts))


def left_over(values: Sequence[float], explained_by: Sequence[float]) -> Floats:
    """What a straight line through the mid-ranks leaves unexplained."""
    known = np.column_stack((np.ones(len(values)), mid_ranks(explained_by)))
    ranks = np.array(mid_ranks(values))
    return ranks - known @ np.linalg.lstsq(known, ranks, rcond=None)[0]


class Labels:
    """Made-up labels: quality falls with the tier, repositories and languages have their ways."""

    def __init__(self, count: int = 160, strength: float = 1.0, repos: int = 20, seed: int = 5) -> None:
        chance = np.random.default_rng(seed)
        self.tiers = chance.integers(1, 5, count)
        self.comments = chance.random(count).round(1)
        self.repos = [f"team/{number}" for number in chance.integers(0, repos, count)]
        self.languages: list[str | None] = list(chance.choice(["Python", "Go"], count, p=[0.85, 0.15]))
        noise = chance.normal(size=count) + self.comments
        self.quality = (10 * (noise - strength * self.tiers)).round()

    def agreement(self, rounds: int = 60) -> Agreement:
        return measure_agreement(
            self.quality,
            self.tiers,
            self.repos,
            comment_share=self.comments,
            languages=self.languages,
            rounds=rounds,
        )


def test_figures_follow_their_definitions() -> None:
    labels = Labels()
    found, goodness = labels.agreement(), -labels.tiers
    assert (found.labels, found.repos) == (160, 20)
    assert found.rho.value == pytest.approx(rho_of(labels.quality, goodness))
    one, four = (list(labels.quality[labels.tiers == tier]) for tier in (1, 4))
    assert found.auc.value == pytest.approx(area_of(one, four))
    partial = statistics.correlation(
        list(left_over(labels.quality, labels.comments)), list(left_over(goodness, labels.comments))
    )
    assert found.rho_beyond_comments.value == pytest.approx(partial)


def test_figures_are_those_of_the_libraries() -> None:
    stats = pytest.importorskip("scipy.stats")
    metrics = pytest.importorskip("sklearn.metrics")
    labels = Labels(seed=6)
    found = labels.agreement()
    assert found.rho.value == pytest.approx(stats.spearmanr(labels.quality, -labels.tiers).statistic)
    ends = np.isin(labels.tiers, (1, 4))
    wanted = metrics.roc_auc_score(labels.tiers[ends] == 1, labels.quality[ends])
    assert found.auc.value == pytest.approx(wanted)


def test_languages_are_told_apart() -> None:
    labels = Labels()
    python, go = labels.agreement().languages
    of_python = np.array([language == "Python" for language in labels.languages])
    assert (python.language, python.labels) == ("Python", of_python.sum())
    assert python.rho.value == pytest.approx(rho_of(labels.quality[of_python], -labels.tiers[of_python]))
    assert (go.language, go.rho.value, go.rho.missing) == ("Go", None, agreement.TOO_FEW)


def repeated(labels: Labels, drawn: Sequence[int]) -> tuple[list[float], list[float]]:
    """Quality and goodness of the samples of drawn repositories, as often as these were drawn."""
    groups = number_groups(labels.repos)
    rows = [row for group in drawn for row in np.flatnonzero(groups == group)]
    return [labels.quality[row] for row in rows], [-float(labels.tiers[row]) for row in rows]


def test_the_interval_is_that_of_repositories_drawn_again() -> None:
    """Each draw of the same generator, with every sample written out as often as its repository was drawn."""
    labels, chance = Labels(repos=8), np.random.default_rng(0)
    draws = chance.multinomial(8, [1 / 8] * 8, size=60)
    values = [rho_of(*repeated(labels, np.repeat(np.arange(8), counts).tolist())) for counts in draws]
    low, high = np.quantile(values, [0.025, 0.975])
    assert labels.agreement().rho.interval == pytest.approx((low, high))


def test_the_same_labels_give_the_same_interval() -> None:
    assert Labels().agreement() == Labels().agreement()


def test_a_score_that_says_nothing_leaves_it_open() -> None:
    assert Labels(strength=0.0, seed=8).agreement(rounds=200).rho.is_open
    assert not Labels(strength=1.0).agreement(rounds=200).rho.is_open


def test_a_score_that_rewards_comments_only_loses_its_agreement() -> None:
    labels = Labels(count=400)
    labels.comments = np.random.default_rng(1).normal(size=400) - labels.tiers
    labels.quality = labels.comments + np.random.default_rng(2).normal(size=400) / 10
    found = labels.agreement(rounds=200)
    assert found.rho.value is not None
    assert found.rho.value > 0.5
    assert found.rho_beyond_comments.is_open


def test_comments_that_are_the_score_leave_nothing() -> None:
    labels = Labels()
    labels.comments = labels.quality
    assert labels.agreement().rho_beyond_comments.missing == agreement.NO_SPREAD


def with_tiers(labels: Labels, *tiers: int) -> Labels:
    labels.tiers = np.resize(tiers, len(labels.tiers))
    return labels


def with_quality(labels: Labels, value: float) -> Labels:
    labels.quality = np.full(len(labels.tiers), value)
    return labels


@pytest.mark.parametrize(
    ("labels", "rho", "auc"),
    [
        (Labels(count=99), agreement.TOO_FEW, agreement.TOO_FEW),
        (Labels(count=0), agreement.TOO_FEW, agreement.TOO_FEW),
        (with_tiers(Labels(), 2), agreement.ONE_TIER, agreement.MISSING_ENDS),
        (with_tiers(Labels(), 1, 2, 3), None, agreement.MISSING_ENDS),
        (with_quality(Labels(), 7.0), agreement.NO_SPREAD, None),
        (with_quality(Labels(), float("nan")), agreement.TOO_FEW, agreement.TOO_FEW),
        (with_tiers(Labels(), 0, 5), agreement.TOO_FEW, agreement.TOO_FEW),
    ],
)
def test_what_cannot_be_said_is_said(labels: Labels, rho: str | None, auc: str | None) -> None:
    found = labels.agreement(rounds=20)
    assert (found.rho.missing, found.auc.missing) == (rho, auc)
    assert (found.rho.value is None) == (rho is not None)


def test_unknown_values_are_left_out() -> None:
    labels, gapped = Labels(), Labels()
    gapped.quality = np.concatenate((labels.quality, [np.nan, 3.0]))
    gapped.tiers = np.concatenate((labels.tiers, [1, np.nan]))
    gapped.comments = np.concatenate((labels.comments, [0.1, 0.1]))
    gapped.repos, gapped.languages = [*labels.repos, "x", "y"], [*labels.languages, "Go", None]
    assert gapped.agreement() == labels.agreement()


def test_one_repository_has_no_interval() -> None:
    found = Labels(repos=1).agreement()
    assert found.rho.value is not None
    assert found.rho.interval is None
    assert found.rho.is_open


@settings(deadline=None)
@given(st.lists(st.none() | st.sampled_from("abc"), max_size=12))
def test_names_are_numbered_and_the_nameless_stand_alone(names: list[str | None]) -> None:
    for held in (
        names,
        pa.array(names, pa.large_string()),
        np.array(names, object),
        pa.chunked_array([names], "string"),
    ):
        numbers = number_groups(held).tolist()
        assert as_list(held) == names
        assert set(numbers) == set(range(len(set(numbers))))
        for one, first in zip(names, numbers, strict=True):
            together = [number == first for number in numbers]
            assert sum(together) == (names.count(one) if one is not None else 1)


def test_an_interval_needs_groups_and_figures() -> None:
    groups = np.array([0, 1, 2])
    assert resample(lambda drawn: drawn[:, 0], np.zeros(3, np.int64)) is None
    assert resample(lambda drawn: drawn[:, 0], np.zeros(0, np.int64)) is None
    assert resample(lambda drawn: np.full(len(drawn), np.nan), groups, rounds=10) is None
    assert resample(lambda drawn: drawn.sum(axis=1), groups, rounds=10) == Interval(3, 3)
