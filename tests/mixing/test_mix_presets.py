"""The named starting points."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import BadInput
from explorer.mixing.mix import CONTINUED, STAGES, TIERS, Mix, Rules, StageMix, default_mix
from explorer.mixing.plan import TierStock, plan_stage
from explorer.mixing.presets import PRESETS, apply_preset, preset, temperature, unimax

NAMES = [each.name for each in PRESETS]


def stock_of(*tokens: int) -> tuple[TierStock, ...]:
    return tuple(TierStock(tier, count, count, count, count) for tier, count in enumerate(tokens, 1))


def weights_of(mix: Mix) -> list[tuple[float, ...]]:
    return [tuple(stage.weights[tier] for tier in TIERS) for stage in mix.stages]


stocks = st.lists(st.integers(0, 10**13), min_size=4, max_size=4).map(lambda tokens: stock_of(*tokens))
STOCK = stock_of(100, 200, 300, 400)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("blended", [(5, 20, 10, 65), (15, 45, 25, 15), (75, 15, 10, 0)]),
        ("strict", [(0, 0, 0, 100), (0, 60, 40, 0), (100, 0, 0, 0)]),
        ("natural", [(10, 20, 30, 40)] * 3),
        ("uniform", [(25, 25, 25, 25)] * 3),
        ("anneal-84-16", [(5, 20, 10, 65), (24.4, 16.8, 25.2, 33.6), (75, 15, 10, 0)]),
        ("probe-30-70", [(5, 20, 10, 65), (30, 37.1, 20.6, 12.3), (75, 15, 10, 0)]),
        ("microanneal-50-50", [(5, 20, 10, 65), (50, 26.5, 14.7, 8.8), (75, 15, 10, 0)]),
        ("human-anchor", [(5, 20, 10, 65), (15, 45, 25, 15), (75, 15, 10, 0)]),
    ],
)
def test_presets_give_the_weights_they_name(name: str, expected: list[tuple[float, ...]]) -> None:
    assert weights_of(apply_preset(name, default_mix(), STOCK)) == expected


def test_the_human_anchor_asks_for_an_origin() -> None:
    assert [stage.human_share for stage in apply_preset("human-anchor", default_mix(), STOCK).stages] == [70, 70, 80]


@given(st.sampled_from(NAMES), stocks)
def test_presets_add_up_to_100_and_leave_budget_and_rules(name: str, stock: tuple[TierStock, ...]) -> None:
    stages = tuple(StageMix(stage, {1: 40.0, 2: 30.0, 3: 20.0, 4: 10.0}, 12345) for stage in STAGES)
    mix = Mix("family", stages, Rules(epoch_cap=2.0))
    started = apply_preset(name, mix, stock)
    assert replace(started, stages=()) == replace(mix, stages=())
    assert [stage.budget for stage in started.stages] == [12345] * 3
    for stage in started.stages:
        assert sum(round(weight * 10) for weight in stage.weights.values()) == 1000


def test_presets_from_an_empty_stock_change_nothing() -> None:
    for name in ("natural", "unimax-4", "anneal-84-16"):
        assert apply_preset(name, default_mix(), stock_of(0, 0, 0, 0)) == default_mix()


@given(stocks.filter(lambda stock: any(part.unique_tokens for part in stock)), st.floats(0.2, 50))
def test_heat_flattens(stock: tuple[TierStock, ...], heat: float) -> None:
    unique = [part.unique_tokens for part in stock]
    cool, hot, melted = (temperature(stock, each) for each in (heat, heat * 2, 1e9))
    assert max(hot.values()) <= max(cool.values()) + 0.1
    assert all(bool(count) == bool(melted[tier]) for tier, count in enumerate(unique, 1))
    held = [weight for weight in melted.values() if weight]
    assert max(held) - min(held) <= 0.1 + 1e-9
    for tier, count in enumerate(unique, 1):
        assert temperature(stock, 1.0)[tier] == pytest.approx(100 * count / sum(unique), abs=0.1)


def test_heat_is_above_zero() -> None:
    with pytest.raises(ValueError, match="temperature"):
        temperature(STOCK, 0.0)


def test_unimax_evens_out_what_the_cap_allows() -> None:
    assert unimax(stock_of(10, 1000, 1000, 1000), 400) == {1: 10.0, 2: 30.0, 3: 30.0, 4: 30.0}
    assert unimax(stock_of(1000, 1000, 1000, 1000), 400) == dict.fromkeys(TIERS, 25.0)


@given(stocks, st.integers(10**3, 10**13))
def test_unimax_stays_within_its_cap(stock: tuple[TierStock, ...], budget: int) -> None:
    weights = unimax(stock, budget)
    drawable = min(budget, 4 * sum(part.unique_tokens for part in stock))
    for part in stock if weights else ():
        assert weights[part.tier] / 100 * drawable <= 4 * part.unique_tokens + drawable / 1000
    plan = plan_stage(StageMix(CONTINUED, weights, budget), stock, Rules(when_short="redistribute"))
    assert plan.drawn_tokens >= 0.98 * drawable - 4 or any(0 < part.unique_tokens < budget / 1000 for part in stock)


@pytest.mark.parametrize("each", PRESETS, ids=NAMES)
def test_presets_explain_themselves_in_one_sentence(each: object) -> None:
    known = preset(each.name)  # pyright: ignore[reportAttributeAccessIssue]
    assert known is each
    assert re.fullmatch(r"[A-Z][^.]*\.", known.explanation)
    assert known.source.endswith(".")


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="blended, strict"):
        preset("best")
    with pytest.raises(BadInput, match="fine-tuning"):
        default_mix().stage("finetuning")
