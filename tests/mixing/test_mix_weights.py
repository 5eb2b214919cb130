"""Moving a weight by hand."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from explorer.mixing.mix import UNTIERED
from explorer.mixing.weights import move, rounded

tenths = st.lists(st.integers(0, 1000), min_size=4, max_size=4).filter(any)
weights = tenths.map(lambda counts: rounded({tier: float(count) for tier, count in enumerate(counts, 1)}))
tiers = st.sampled_from((1, 2, 3, 4))
values = st.floats(-20, 120)


def in_tenths(weights: dict[int, float]) -> int:
    """The sum in tenths, each weight having to be a whole number of them."""
    assert all(round(weight, 1) == weight for weight in weights.values())
    return sum(round(weight * 10) for weight in weights.values())


@given(st.lists(st.floats(0, 1e300), min_size=1, max_size=6).filter(any))
def test_rounding_is_exact_fair_and_leaves_zero_at_zero(shares: list[float]) -> None:
    percents = rounded(dict(enumerate(shares)))
    assert in_tenths(percents) == 1000
    top = max(shares)
    total = sum(share / top for share in shares)
    for place, share in enumerate(shares):
        assert percents[place] == pytest.approx(100 * share / top / total, abs=0.1 + 1e-9)
        assert share or not percents[place]


@given(weights, tiers, values)
def test_the_others_give_way(weights: dict[int, float], tier: int, value: float) -> None:
    moved = move(weights, tier, value)
    assert list(moved) == list(weights)
    assert in_tenths(moved) == 1000
    assert moved[tier] == round(min(max(value, 0), 100), 1)
    others = {other: weight for other, weight in weights.items() if other != tier}
    assume(any(others.values()))
    rest = (100 - moved[tier]) / sum(others.values())
    for other, weight in others.items():
        assert moved[other] == pytest.approx(weight * rest, abs=0.1 + 1e-9)
        assert weight or not moved[other]


@given(weights, tiers, values)
def test_one_weight_moves_alone(weights: dict[int, float], tier: int, value: float) -> None:
    moved = move(weights, tier, value, give_way=False)
    assert {**moved, tier: 0} == {**weights, tier: 0}
    assert moved[tier] == round(min(max(value, 0), 100), 1)


def test_the_only_weight_gives_to_all_others_but_the_untiered_part() -> None:
    moved = move({1: 100.0, 2: 0.0, 3: 0.0, 4: 0.0, UNTIERED: 0.0}, 1, 90.0)
    assert moved == {1: 90.0, 2: 3.4, 3: 3.3, 4: 3.3, UNTIERED: 0.0}


def test_a_weight_alone_stays_full() -> None:
    assert move({1: 100.0}, 1, 40.0) == {1: 100.0}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_weight_is_a_number(value: float) -> None:
    with pytest.raises(ValueError, match="percent"):
        move({1: 50.0, 2: 50.0}, 1, value)
