"""The survival of rare things against the table and a simulation of its model; runs of figures that get worse."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.diversity.levels import LIMITS
from explorer.diversity.survival import survival, surviving_share
from explorer.diversity.trend import moves

TABLE = {1: (0.63, 0.47, 0.37, 0.31, 0.27), 3: (0.95, 0.85, 0.75, 0.67, 0.61)}


@pytest.mark.parametrize("seen", TABLE)
def test_survival_is_that_of_the_table(seen: int) -> None:
    assert tuple(round(survival(seen, generation), 2) for generation in range(1, 6)) == TABLE[seen]


def test_what_is_common_stays() -> None:
    assert [round(survival(10, generation), 2) for generation in (1, 5)] == [1.00, 0.96]
    assert survival(1, 0) == 1
    assert survival(1, 1) == pytest.approx(1 - 1 / math.e)
    assert survival(0, 3) == 0


@pytest.mark.parametrize("seen", [1, 3, 10])
def test_survival_is_that_of_things_written_again_by_chance(seen: int) -> None:
    chance = np.random.default_rng(seen)
    left = np.full(200_000, seen)
    for generation in range(1, 6):
        left = chance.poisson(left)
        assert survival(seen, generation) == pytest.approx((left > 0).mean(), abs=0.005)


@given(st.integers(1, 60), st.integers(0, 30))
def test_survival_falls_with_generations_and_rises_with_counts(seen: int, generations: int) -> None:
    assert 0 < survival(seen, generations + 1) < survival(seen, generations) + 1e-15
    assert survival(seen, generations) <= survival(seen + 1, generations) <= 1


@given(st.dictionaries(st.integers(1, 30), st.integers(0, 50), max_size=8), st.integers(0, 9))
def test_the_surviving_share_is_the_mean_over_types(spectrum: dict[int, int], generations: int) -> None:
    each = [survival(seen, generations) for seen, types in spectrum.items() for _ in range(types)]

    told = surviving_share(spectrum, generations)

    assert told == pytest.approx(sum(each) / len(each) if each else math.nan, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("types", [1.0, 0.99, 0.98, 0.97], "worse"),
        ("types", [0.5, 1.0, 0.99, 0.98, 0.97], "worse"),
        ("types", [0.99, 0.98, 0.97], ""),
        ("types", [1.0, 0.99, 0.99, 0.97], ""),
        ("types", [1.0, 0.99, 0.98, 0.985], ""),
        ("types", [0.97, 0.98, 0.99, 1.0], ""),
        ("types", [1.0, math.nan, 0.98, 0.97], ""),
        ("compression", [1.0, 1.01, 1.02, 1.03], "worse"),
        ("compression", [1.03, 1.02, 1.01, 1.0], ""),
        ("divergence", [0.1, 0.2, 0.3, 0.4], ""),
        ("types", [], ""),
    ],
)
def test_three_steps_in_the_bad_direction_are_said(name: str, values: list[float], expected: str) -> None:
    assert moves(name, values) == expected


@given(st.sampled_from(sorted(LIMITS)), st.lists(st.floats(0, 2), max_size=8))
def test_only_the_last_three_steps_count(name: str, values: list[float]) -> None:
    sign = 1 if LIMITS[name].rises else -1
    steps = [sign * (later - earlier) for earlier, later in pairwise(values)][-3:]

    assert (moves(name, values) == "worse") == (len(steps) == 3 and min(steps) > 0)
