"""What a mix would draw from the stock, in exact arithmetic, with no row read or written."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from explorer.mixing.consequences import change_warnings, stage_warnings
from explorer.mixing.epochs import effective_tokens, marginal_value, sample_probabilities
from explorer.mixing.figures import Level, PlanWarning, StagePlan, Stock, TierPlan, TierStock
from explorer.mixing.mix import TIERS, UNTIERED, Budget, Mix, Rules, StageMix, WhenShort

__all__ = ["Level", "PlanWarning", "StagePlan", "Stock", "TierPlan", "TierStock", "allocate", "plan_mix", "plan_stage"]

Shares = Mapping[int, Fraction]


@dataclass(frozen=True)
class Allocation:
    """How a budget falls on the tiers."""

    budget: Fraction
    weights: Shares
    caps: Mapping[int, int]
    drawn: Shares


def plan_mix(mix: Mix, stock: Stock | Mapping[str, Stock], gates_run: bool = False) -> tuple[StagePlan, ...]:
    """Plan every stage of a mix in order.

    The stock may be given per stage, since a repository's cap leaves less of a small stage. `gates_run` tells whether
    duplicates, licences and quality gates were checked on tier 4.
    """
    by_stage = stock if isinstance(stock, Mapping) else {stage.name: stock for stage in mix.stages}
    plans = tuple(plan_stage(stage, by_stage[stage.name], mix.rules, gates_run) for stage in mix.stages)
    changes = ((), *(change_warnings(before, after) for before, after in pairwise(plans)))
    return tuple(replace(plan, warnings=plan.warnings + more) for plan, more in zip(plans, changes, strict=True))


def plan_stage(stage: StageMix, stock: Stock, rules: Rules, gates_run: bool = False) -> StagePlan:
    """Plan one stage: whole tokens per tier, rounded down so that more budget never draws less of any tier."""
    tiers = (*TIERS, UNTIERED) if rules.include_untiered else TIERS
    held = {part.tier: part for part in stock}
    parts = {tier: held.get(tier, TierStock(tier, 0, 0, 0, 0)) for tier in tiers}
    allocation = _allocation(stage, parts, rules)
    tier_plans = _tier_plans(stage, parts, allocation)
    drawn = sum(part.drawn_tokens for part in tier_plans)
    plan = StagePlan(
        stage=stage.name,
        asked_budget=stage.budget,
        asked_sum=math.fsum(stage.weights.get(tier, 0.0) for tier in tiers),
        budget=math.floor(allocation.budget),
        drawn_tokens=drawn,
        shortfall_tokens=math.floor(allocation.budget - sum(allocation.drawn.values())),
        effective_tokens=math.fsum(part.effective_tokens for part in tier_plans),
        budget_max=_budget_max(allocation),
        human_share=_human_share(tier_plans, drawn),
        tiers=tier_plans,
    )
    return replace(plan, warnings=stage_warnings(stage, plan, rules, gates_run))


def allocate(weights: Shares, budget: Fraction, caps: Mapping[int, int], when_short: WhenShort) -> dict[int, Fraction]:
    """Share a budget out by weights that add up to 1, no tier getting more than its cap.

    `keep` lowers the budget until the weights fit; a tier with nothing to give cannot lower it, its part stays undrawn.
    `redistribute` fills up the tiers like vessels: what one cannot hold flows to the others in proportion.
    """
    if when_short == "keep":
        fitting = min(
            (caps[tier] / weight for tier, weight in weights.items() if weight and caps[tier]), default=budget
        )
        lowered = min(budget, fitting)
        return {tier: weight * lowered if caps[tier] else Fraction(0) for tier, weight in weights.items()}
    drawn = dict.fromkeys(weights, Fraction(0))
    active = {tier: weight for tier, weight in weights.items() if weight}
    rest = budget
    while active:
        level = rest / sum(active.values())
        full = [tier for tier, weight in active.items() if weight * level > caps[tier]]
        if not full:
            return drawn | {tier: weight * level for tier, weight in active.items()}
        for tier in full:
            drawn[tier] = Fraction(caps[tier])
            rest -= caps[tier]
            del active[tier]
    return drawn


def _allocation(stage: StageMix, parts: Mapping[int, TierStock], rules: Rules) -> Allocation:
    asked = {tier: _exact(stage.weights.get(tier, 0.0)) for tier in parts}
    total = sum(asked.values())
    weights = {tier: weight / total if total else Fraction(0) for tier, weight in asked.items()}
    cap = _exact(rules.epoch_cap)
    caps = {tier: math.floor(cap * part.unique_tokens) for tier, part in parts.items()}
    budget = _resolved(stage.budget, weights, parts, rules.when_short)
    return Allocation(budget, weights, caps, allocate(weights, budget, caps, rules.when_short))


def _exact(number: float) -> Fraction:
    """Read a float as the decimal a person wrote, so that 0.1 is a tenth."""
    return Fraction(repr(float(number)))


def _resolved(budget: Budget, weights: Shares, parts: Mapping[int, TierStock], when_short: WhenShort) -> Fraction:
    if budget != "fit":
        return Fraction(budget)
    full = {tier: weight for tier, weight in weights.items() if weight and parts[tier].unique_tokens}
    once = min((parts[tier].unique_tokens / weight for tier, weight in full.items()), default=Fraction(0))
    return once * sum(full.values()) if when_short == "redistribute" else once


def _budget_max(allocation: Allocation) -> int | None:
    limits = [allocation.caps[tier] / weight for tier, weight in allocation.weights.items() if weight]
    return math.floor(min((limit for limit in limits if limit), default=Fraction(-1))) if any(limits) else None


def _tier_plans(stage: StageMix, parts: Mapping[int, TierStock], allocation: Allocation) -> tuple[TierPlan, ...]:
    drawn = {tier: math.floor(share) for tier, share in allocation.drawn.items()}
    realised = {tier: float(share) for tier, share in allocation.drawn.items()}
    lengths = {tier: part.unique_tokens / part.unique_samples for tier, part in parts.items() if part.unique_samples}
    probabilities = sample_probabilities(realised, lengths)
    total = math.fsum(realised.values())
    return tuple(
        _tier_plan(
            part,
            allocation,
            drawn[tier],
            asked=float(stage.weights.get(tier, 0.0)),
            realised=100 * realised[tier] / total if total else 0.0,
            probability=probabilities[tier],
        )
        for tier, part in parts.items()
    )


def _tier_plan(
    part: TierStock, allocation: Allocation, drawn: int, *, asked: float, realised: float, probability: float
) -> TierPlan:
    weight, cap, unique = allocation.weights[part.tier], allocation.caps[part.tier], part.unique_tokens
    wanted = weight * allocation.budget
    epochs = drawn / unique if unique else 0.0
    return TierPlan(
        tier=part.tier,
        asked=asked,
        weight=float(100 * weight),
        realised=realised,
        available_samples=part.unique_samples,
        available_tokens=unique,
        largest_sample=part.largest_sample,
        wanted_tokens=math.floor(wanted),
        drawn_tokens=drawn,
        cap_tokens=cap,
        shortfall_tokens=max(0, math.floor(wanted - allocation.drawn[part.tier])),
        epochs=epochs,
        effective_tokens=effective_tokens(drawn, unique),
        marginal_value=marginal_value(epochs),
        sample_probability=probability,
        feasible_share=float(min(Fraction(100), 100 * cap / allocation.budget)) if allocation.budget else 100.0,
        human_tokens=part.human_tokens,
    )


def _human_share(parts: tuple[TierPlan, ...], drawn: int) -> float | None:
    counted = [(part, part.human_tokens) for part in parts if part.drawn_tokens]
    known = [part.drawn_tokens * human / part.available_tokens for part, human in counted if human is not None]
    return 100 * math.fsum(known) / drawn if drawn and len(known) == len(counted) else None
