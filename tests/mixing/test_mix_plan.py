"""A plan against the published check tables, an independent formula, and the laws every plan obeys."""

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.mixing.epochs import R_STAR, effective_tokens, marginal_value, sample_probabilities
from explorer.mixing.mix import (
    BLENDED,
    CONTINUED,
    FINE_TUNING,
    PRE_TRAINING,
    STAGES,
    UNTIERED,
    Mix,
    Rules,
    StageMix,
    default_mix,
)
from explorer.mixing.plan import StagePlan, TierStock, allocate, plan_mix, plan_stage
from explorer.mixing.presets import STRICT

BILLION = 10**9


def stock_of(*tokens: int, length: int = 1000) -> tuple[TierStock, ...]:
    """Tiers 1, 2, … with so many unique tokens in samples of one length."""
    counts = [max(1, count // length) if count else 0 for count in tokens]
    return tuple(
        TierStock(tier, samples, count, samples, count)
        for tier, (count, samples) in enumerate(zip(tokens, counts, strict=True), 1)
    )


def codes(plan: StagePlan) -> set[tuple[str, str]]:
    return {(warning.level, warning.code) for warning in plan.warnings}


weights = st.lists(st.integers(0, 1000), min_size=4, max_size=4).map(
    lambda tenths: {tier: count / 10 for tier, count in enumerate(tenths, 1)}
)
stocks = st.lists(st.integers(0, 10**13), min_size=4, max_size=4).map(lambda tokens: stock_of(*tokens))
rules = st.builds(
    Rules, epoch_cap=st.sampled_from((1.0, 1.5, 4.0, 7.3)), when_short=st.sampled_from(("keep", "redistribute"))
)
budgets = st.integers(1, 10**14)


@pytest.mark.parametrize(
    ("epochs", "effective", "next_token"),
    [
        (1, 1.00, 1.00),
        (2, 1.97, 0.94),
        (3, 2.88, 0.88),
        (4, 3.73, 0.82),
        (5, 4.52, 0.77),
        (8, 6.62, 0.63),
        (10, 7.81, 0.56),
        (16, 10.58, 0.38),
        (20, 11.91, 0.29),
        (40, 15.17, 0.08),
    ],
)
def test_repetition_is_worth_what_the_table_says(epochs: int, effective: float, next_token: float) -> None:
    assert effective_tokens(epochs * 1e6, 1e6) / 1e6 == pytest.approx(effective, abs=0.005)
    assert marginal_value(epochs) == pytest.approx(next_token, abs=0.005)


@given(st.floats(1, 60))
def test_marginal_value_is_the_slope_of_effective_tokens(epochs: float) -> None:
    slope = (effective_tokens(epochs + 1e-5, 1.0) - effective_tokens(epochs, 1.0)) / 1e-5
    assert slope == pytest.approx(marginal_value(epochs), rel=1e-4)
    assert effective_tokens(epochs, 1.0) <= min(epochs, 1 + R_STAR)


def test_shares_of_tokens_become_shares_of_samples() -> None:
    shares, lengths = {1: 0.4, 2: 0.3, 3: 0.2, 4: 0.1}, {1: 900.0, 2: 700.0, 3: 250.0, 4: 600.0}
    probabilities = sample_probabilities(shares, lengths)
    assert [round(value, 3) for value in probabilities.values()] == [0.242, 0.233, 0.435, 0.091]
    tokens = {tier: probabilities[tier] * lengths[tier] for tier in shares}
    assert {tier: count / sum(tokens.values()) for tier, count in tokens.items()} == pytest.approx(shares)


@pytest.mark.parametrize(
    ("when_short", "drawn"), [("redistribute", (8.0, 25.2, 12.6, 4.2)), ("keep", (8.0, 4.8, 2.4, 0.8))]
)
def test_a_short_tier_passes_on_or_lowers_the_budget(when_short: str, drawn: tuple[float, ...]) -> None:
    stage = StageMix(PRE_TRAINING, {1: 50.0, 2: 30.0, 3: 15.0, 4: 5.0}, 50 * BILLION)
    stock = stock_of(2 * BILLION, 20 * BILLION, 8 * BILLION, 300 * BILLION)
    plan = plan_stage(stage, stock, Rules(when_short=when_short))  # pyright: ignore[reportArgumentType]
    assert tuple(part.drawn_tokens / BILLION for part in plan.tiers) == drawn
    assert plan.budget_max == 16 * BILLION
    assert plan.tiers[0].feasible_share == pytest.approx(16.0)
    assert plan.tiers[0].shortfall_tokens == 17 * BILLION
    assert ("red", "infeasible") in codes(plan)


@given(weights, stocks, rules, budgets)
def test_tokens_are_conserved_and_capped(weights: dict[int, float], stock: tuple, rules: Rules, budget: int) -> None:
    plan = plan_stage(StageMix(PRE_TRAINING, weights, budget), stock, rules)
    assert plan.drawn_tokens == sum(part.drawn_tokens for part in plan.tiers)
    assert 0 <= plan.budget - plan.drawn_tokens - plan.shortfall_tokens < len(plan.tiers)
    for part in plan.tiers:
        assert 0 <= part.drawn_tokens <= Fraction(str(rules.epoch_cap)) * part.available_tokens
        assert part.effective_tokens <= part.drawn_tokens * (1 + 1e-12)
        assert part.asked or not part.drawn_tokens
    assert 0 <= plan.efficiency <= 1 + 1e-12
    if plan.drawn_tokens:
        assert math.fsum(part.sample_probability for part in plan.tiers) == pytest.approx(1)
        assert math.fsum(part.realised for part in plan.tiers) == pytest.approx(100)


@given(weights, stocks, rules, budgets, budgets)
def test_more_budget_never_draws_less(
    weights: dict[int, float], stock: tuple, rules: Rules, budget: int, more: int
) -> None:
    small = plan_stage(StageMix(PRE_TRAINING, weights, budget), stock, rules)
    large = plan_stage(StageMix(PRE_TRAINING, weights, budget + more), stock, rules)
    assert all(
        less.drawn_tokens <= greater.drawn_tokens for less, greater in zip(small.tiers, large.tiers, strict=True)
    )


@given(weights, stocks, rules, st.sampled_from((1, 2, 3, 4)), st.integers(1, 1000), budgets)
def test_more_weight_never_draws_less_of_that_tier(
    weights: dict[int, float], stock: tuple, rules: Rules, tier: int, tenths: int, budget: int
) -> None:
    rules = replace(rules, when_short="redistribute")
    before = plan_stage(StageMix(PRE_TRAINING, weights, budget), stock, rules)
    heavier = {**weights, tier: weights[tier] + tenths / 10}
    after = plan_stage(StageMix(PRE_TRAINING, heavier, budget), stock, rules)
    assert after.tiers[tier - 1].drawn_tokens >= before.tiers[tier - 1].drawn_tokens


@given(weights, stocks, budgets)
def test_keep_keeps_the_proportions(weights: dict[int, float], stock: tuple, budget: int) -> None:
    plan = plan_stage(StageMix(PRE_TRAINING, weights, budget), stock, Rules(when_short="keep"))
    levels = [part.drawn_tokens / part.weight for part in plan.tiers if part.weight and part.available_tokens]
    slack = [1 / part.weight for part in plan.tiers if part.weight]
    assert not levels or max(levels) - min(levels) <= max(slack) + 1e-9 * max(levels)


@given(weights, stocks, budgets)
def test_filling_leaves_nobody_hungry_beside_a_full_glass(weights: dict[int, float], stock: tuple, budget: int) -> None:
    total = sum(weights.values()) or 1.0
    shares = {tier: Fraction(weight) / Fraction(total) for tier, weight in weights.items()}
    caps = {part.tier: 4 * part.unique_tokens for part in stock}
    drawn = allocate(shares, Fraction(budget), caps, "redistribute")
    open_levels = {drawn[tier] / share for tier, share in shares.items() if share and drawn[tier] < caps[tier]}
    assert len(open_levels) <= 1
    level = next(iter(open_levels), None)
    full = [drawn[tier] / share for tier, share in shares.items() if share and drawn[tier] == caps[tier]]
    assert level is None or all(each <= level for each in full)
    assert sum(drawn.values()) == min(budget, sum(caps[tier] for tier, share in shares.items() if share))


@given(weights, stocks, rules)
def test_fit_is_the_largest_draw_without_repeats(weights: dict[int, float], stock: tuple, rules: Rules) -> None:
    plan = plan_stage(StageMix(PRE_TRAINING, weights), stock, rules)
    drawable = [part for part in plan.tiers if part.asked and part.available_tokens]
    assert all(part.epochs <= 1 for part in plan.tiers)
    assert any(part.drawn_tokens == part.available_tokens for part in drawable) or not drawable


@given(weights, stocks, rules, st.one_of(budgets, st.just("fit")))
def test_every_warning_is_a_sentence_and_the_gravest_comes_first(
    weights: dict[int, float], stock: tuple, rules: Rules, budget: int
) -> None:
    mix = Mix("f", tuple(StageMix(stage, weights, budget) for stage in STAGES), rules)
    for plan in plan_mix(mix, stock):
        grades = [("red", "amber", "info").index(warning.level) for warning in plan.warnings]
        assert grades == sorted(grades)
        assert all(w.text.endswith(".") and not w.text[0].islower() and w.stage == plan.stage for w in plan.warnings)


@pytest.mark.parametrize(
    ("epochs", "expected"),
    [
        (1.0, None),
        (1.5, ("info", "repeat")),
        (4.0, ("info", "repeat")),
        (4.01, ("amber", "repeat")),
        (15.0, ("amber", "repeat")),
        (15.2, ("red", "worn")),
        (17.0, ("red", "worn")),
    ],
)
def test_repeats_are_graded(epochs: float, expected: tuple[str, str] | None) -> None:
    stage = StageMix(PRE_TRAINING, {1: 100.0}, int(epochs * BILLION))
    plan = plan_stage(stage, stock_of(BILLION), Rules(epoch_cap=100.0))
    assert codes(plan) == ({expected} if expected else set())


def test_a_small_tier_bears_less() -> None:
    small, large = (
        plan_stage(StageMix(PRE_TRAINING, {1: 100.0}, int(2.1 * tokens)), stock_of(tokens), Rules())
        for tokens in (9_000_000, 11_000_000)
    )
    assert ("amber", "small-tier") in codes(small)
    assert ("amber", "small-tier") not in codes(large)


@pytest.mark.parametrize(
    ("stage", "weights", "expected"),
    [
        (FINE_TUNING, {1: 40.0, 4: 60.0}, {("red", "tail")}),
        (FINE_TUNING, {1: 60.0, 4: 40.0}, {("amber", "tail")}),
        (FINE_TUNING, {1: 90.0, 4: 10.0}, set()),
        (PRE_TRAINING, {1: 10.0, 4: 90.0}, set()),
        (FINE_TUNING, {1: 20.0, 2: 20.0, 3: 60.0}, {("amber", "tier-3-heavy")}),
        (CONTINUED, {1: 20.0, 2: 20.0, 3: 60.0}, {("amber", "tier-3-heavy")}),
        (PRE_TRAINING, {3: 100.0}, set()),
        (CONTINUED, {1: 20.0, 2: 30.0, 3: 50.0}, set()),
        (CONTINUED, {1: 20.0, 2: 30.0}, {("info", "scaled")}),
        (CONTINUED, {1: 100.0, UNTIERED: 5.0}, {("amber", "untiered")}),
        (CONTINUED, {}, {("amber", "no-weights")}),
    ],
)
def test_the_shape_of_a_stage_is_judged(stage: str, weights: dict[int, float], expected: set) -> None:
    stock = stock_of(*[BILLION] * 4)
    assert codes(plan_stage(StageMix(stage, weights, 10**6), stock, Rules(), gates_run=True)) == expected


def test_tier_4_without_gates_is_red() -> None:
    stage = StageMix(PRE_TRAINING, {4: 100.0}, 10**6)
    stock = stock_of(*[BILLION] * 4)
    assert ("red", "ungated") in codes(plan_stage(stage, stock, Rules()))
    assert ("red", "ungated") not in codes(plan_stage(stage, stock, Rules(), gates_run=True))


def test_a_tier_without_samples_is_told_and_its_part_goes_where_the_rule_says() -> None:
    stage = StageMix(FINE_TUNING, {1: 75.0, 2: 25.0}, 1000)
    kept, passed_on = (
        plan_stage(stage, stock_of(0, 10**6, 0, 0), Rules(when_short=answer)) for answer in ("keep", "redistribute")
    )
    assert ("red", "empty") in codes(kept) & codes(passed_on)
    assert (kept.drawn_tokens, kept.shortfall_tokens) == (250, 750)
    assert (passed_on.drawn_tokens, passed_on.shortfall_tokens) == (1000, 0)


def test_a_budget_beyond_all_caps_is_told() -> None:
    stage = StageMix(PRE_TRAINING, {1: 50.0, 2: 50.0}, 10_000)
    plan = plan_stage(stage, stock_of(1000, 1000, 10**6), Rules(when_short="redistribute"))
    assert (plan.drawn_tokens, plan.shortfall_tokens) == (8000, 2000)
    assert ("red", "shortfall") in codes(plan)


@pytest.mark.parametrize(
    ("human", "expected"),
    [(BILLION, set()), (700_000_000, set()), (699_999_999, {("red", "human")}), (None, {("amber", "human")})],
)
def test_the_human_share_is_checked(human: int | None, expected: set) -> None:
    stock = [replace(part, human_tokens=human) for part in stock_of(BILLION, BILLION)]
    stage = StageMix(PRE_TRAINING, {1: 50.0, 2: 50.0}, 10**6, human_share=70.0)
    assert codes(plan_stage(stage, stock, Rules())) == expected


def test_a_sample_larger_than_the_draw_makes_it_coarse() -> None:
    stock = [replace(part, largest_sample=100_000) for part in stock_of(BILLION)]
    fine, coarse = (plan_stage(StageMix(PRE_TRAINING, {1: 100.0}, n), stock, Rules()) for n in (100_000, 99_999))
    assert codes(fine) == set()
    assert codes(coarse) == {("info", "coarse")}


def test_untiered_samples_are_drawn_only_on_request() -> None:
    stock = (*stock_of(10**6), TierStock(UNTIERED, 1000, 10**6, 1000, 10**6))
    stage = StageMix(PRE_TRAINING, {1: 50.0, UNTIERED: 50.0}, 1000)
    without, included = (plan_stage(stage, stock, Rules(include_untiered=answer)) for answer in (False, True))
    assert without.tier(UNTIERED) is None
    assert without.drawn_tokens == 1000
    assert included.share(UNTIERED) == 50.0


@pytest.mark.parametrize(("table", "abrupt"), [(BLENDED, [False] * 3), (STRICT, [False, True, True])])
def test_an_abrupt_stage_is_told(table: dict, abrupt: list[bool]) -> None:
    mix = Mix("f", tuple(StageMix(stage, table[stage]) for stage in STAGES))
    plans = plan_mix(mix, stock_of(*[BILLION] * 4), gates_run=True)
    assert [("amber", "abrupt") in codes(plan) for plan in plans] == abrupt


def test_replay_makes_a_large_change_gentle() -> None:
    stages = (StageMix(PRE_TRAINING, {4: 100.0}), StageMix(CONTINUED, {1: 90.0, 4: 10.0}))
    replayed, forgotten = (
        plan_mix(Mix("f", (stages[0], last)), stock_of(*[BILLION] * 4))[-1]
        for last in (stages[1], replace(stages[1], weights={1: 91.0, 4: 9.0}))
    )
    assert ("amber", "abrupt") not in codes(replayed)
    assert ("amber", "abrupt") in codes(forgotten)


@pytest.mark.parametrize(("lead", "abrupt"), [(64.0, False), (66.0, True)])
def test_a_change_is_large_above_60_points(lead: float, abrupt: bool) -> None:
    stages = (StageMix(PRE_TRAINING, {1: 100 - lead, 4: lead}), StageMix(CONTINUED, {1: 95.0, 4: 5.0}))
    plan = plan_mix(Mix("f", stages), stock_of(*[BILLION] * 4))[-1]
    assert (("amber", "abrupt") in codes(plan)) == abrupt


def test_a_stage_may_have_a_stock_of_its_own() -> None:
    by_stage = {stage: stock_of(*[10 ** (6 + number)] * 4) for number, stage in enumerate(STAGES)}
    plans = plan_mix(default_mix(), by_stage)
    assert [plan.tiers[0].available_tokens for plan in plans] == [10**6, 10**7, 10**8]
