"""A mix and its plan for scripts and for people."""

from collections.abc import Sequence
from typing import Any

from explorer.mixing.figures import StagePlan, TierPlan
from explorer.mixing.mix import UNTIERED, Mix, tier_key
from explorer.mixing.wording import amount, percent, times

COLUMNS = ("tier", "asked", "drawn", "available", "tokens", "epochs", "effective", "next token", "samples")


def as_json(mix: Mix, plans: Sequence[StagePlan]) -> dict[str, Any]:
    """Describe a plan for `--json`; weights and shares are percent, sizes tokens, probabilities and values 0 to 1."""
    rules = mix.rules
    return {
        "family": mix.family,
        "rules": {
            "epoch_cap": rules.epoch_cap,
            "repo_share": rules.repo_share,
            "when_short": rules.when_short,
            "include_untiered": rules.include_untiered,
        },
        "stages": {plan.stage: _stage_json(mix, plan) for plan in plans},
    }


def as_text(mix: Mix, plans: Sequence[StagePlan]) -> str:
    """Lay a plan out for the command line: one table per stage, then its warnings."""
    return "\n\n".join(_stage_text(mix, plan) for plan in plans) + "\n"


def _stage_json(mix: Mix, plan: StagePlan) -> dict[str, Any]:
    return {
        "budget": plan.budget,
        "asked_budget": plan.asked_budget,
        "asked_sum": plan.asked_sum,
        "drawn_tokens": plan.drawn_tokens,
        "shortfall_tokens": plan.shortfall_tokens,
        "effective_tokens": plan.effective_tokens,
        "wasted_tokens": plan.wasted_tokens,
        "efficiency": plan.efficiency,
        "budget_max": plan.budget_max,
        "human_share": plan.human_share,
        "human_share_asked": mix.stage(plan.stage).human_share,
        "tiers": {tier_key(part.tier): _tier_json(part) for part in plan.tiers},
        "warnings": [
            {
                "level": warning.level,
                "code": warning.code,
                "tier": None if warning.tier is None else tier_key(warning.tier),
                "text": warning.text,
            }
            for warning in plan.warnings
        ],
    }


def _tier_json(part: TierPlan) -> dict[str, Any]:
    return {
        "weight": part.weight,
        "asked_weight": part.asked,
        "realised_weight": part.realised,
        "available_tokens": part.available_tokens,
        "available_samples": part.available_samples,
        "wanted_tokens": part.wanted_tokens,
        "drawn_tokens": part.drawn_tokens,
        "shortfall_tokens": part.shortfall_tokens,
        "epochs": part.epochs,
        "effective_tokens": part.effective_tokens,
        "marginal_value": part.marginal_value,
        "sample_probability": part.sample_probability,
        "feasible_share": part.feasible_share,
    }


def _stage_text(mix: Mix, plan: StagePlan) -> str:
    rows = [COLUMNS, *(_tier_cells(part) for part in plan.tiers), _total_cells(plan)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    aligned = (tuple(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    table = [("  " + "  ".join(cells)).rstrip() for cells in aligned]
    marks = [f"  {warning.level.upper():<5}  {warning.text}" for warning in plan.warnings]
    return "\n".join((_heading(mix, plan), *table, *marks))


def _heading(mix: Mix, plan: StagePlan) -> str:
    budget = f"{amount(plan.budget)} tokens" + (" (fit)" if plan.asked_budget == "fit" else "")
    missing = f", {amount(plan.shortfall_tokens)} not drawn" if plan.shortfall_tokens else ""
    most = "" if plan.budget_max is None else f", at most {amount(plan.budget_max)} within the cap"
    cap = times(mix.rules.epoch_cap)
    return f"{plan.stage}: {budget}{missing}{most} of {cap} epochs" if most else f"{plan.stage}: {budget}{missing}"


def _tier_cells(part: TierPlan) -> tuple[str, ...]:
    return (
        "none" if part.tier == UNTIERED else str(part.tier),
        percent(part.asked),
        percent(part.realised),
        amount(part.available_tokens),
        amount(part.drawn_tokens),
        f"{part.epochs:.2f}",
        amount(round(part.effective_tokens)),
        f"{part.marginal_value:.2f}",
        percent(100 * part.sample_probability),
    )


def _total_cells(plan: StagePlan) -> tuple[str, ...]:
    available = sum(part.available_tokens for part in plan.tiers)
    return (
        "all",
        percent(plan.asked_sum),
        percent(100.0 if plan.drawn_tokens else 0.0),
        amount(available),
        amount(plan.drawn_tokens),
        f"{plan.drawn_tokens / available if available else 0:.2f}",
        amount(round(plan.effective_tokens)),
        "",
        "",
    )
