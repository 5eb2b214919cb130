"""What a curator should know before drawing a plan, in words with the numbers."""

from collections.abc import Iterator, Mapping

from explorer.mixing.epochs import marginal_value
from explorer.mixing.figures import Level, PlanWarning, StagePlan, TierPlan
from explorer.mixing.mix import CONTINUED, FINE_TUNING, UNTIERED, Rules, StageMix
from explorer.mixing.wording import amount, percent, sentence, tier_words, times

CHEAP_EPOCHS = 4
"""Repeating up to here changed the loss negligibly in published runs."""
MANY_EPOCHS = 16
WORN_VALUE = 0.4
SMALL_TIER = 10_000_000
SMALL_TIER_EPOCHS = 2
TAIL_SHARE = 10.0
ABRUPT_CHANGE = 60.0
REPLAY_SHARE = 10.0
NOTICED = 0.05
"""Percent that one decimal does not show."""

SEVERITY: Mapping[Level, int] = {"red": 0, "amber": 1, "info": 2}


def stage_warnings(stage: StageMix, plan: StagePlan, rules: Rules, gates_run: bool) -> tuple[PlanWarning, ...]:
    """Collect what one stage's plan brings with it, the gravest first."""
    found = (
        *_about_weights(stage, plan, rules),
        *_about_supply(plan, rules),
        *(warning for part in plan.tiers if part.drawn_tokens for warning in _about_repeats(plan, part)),
        *_about_tiers(plan, gates_run),
        *_about_origin(stage, plan),
    )
    return tuple(sorted(found, key=lambda warning: SEVERITY[warning.level]))


def change_warnings(before: StagePlan, after: StagePlan) -> tuple[PlanWarning, ...]:
    """Tell whether a stage leaves the one before it abruptly.

    Measured on what is drawn: more than 60 points change hands, and the tier that led before keeps less than 10 %.
    """
    if not before.drawn_tokens or not after.drawn_tokens:
        return ()
    moved = sum(abs(part.realised - before.share(part.tier)) for part in after.tiers) / 2
    leader = max(before.tiers, key=lambda part: part.realised)
    replay = after.share(leader.tier)
    if moved <= ABRUPT_CHANGE + NOTICED or replay >= REPLAY_SHARE - NOTICED:
        return ()
    text = (
        f"{percent(moved)} of the tokens change tiers after {before.stage}, and {tier_words(leader.tier)}, which led "
        f"there with {percent(leader.realised)}, keeps {percent(replay)}; replay at least {percent(REPLAY_SHARE)}."
    )
    return (_warning(after, "amber", "abrupt", text),)


def _warning(plan: StagePlan, level: Level, code: str, text: str, tier: int | None = None) -> PlanWarning:
    return PlanWarning(level, code, plan.stage, tier, sentence(text))


def _about_weights(stage: StageMix, plan: StagePlan, rules: Rules) -> Iterator[PlanWarning]:
    untiered = stage.weights.get(UNTIERED, 0.0)
    if untiered and not rules.include_untiered:
        text = f"the untiered part has a weight of {percent(untiered)} but the rules leave untiered samples out."
        yield _warning(plan, "amber", "untiered", text, UNTIERED)
    if not plan.asked_sum:
        yield _warning(plan, "amber", "no-weights", "no tier has a weight, so nothing is drawn.")
    elif abs(plan.asked_sum - 100) > NOTICED:
        scaled = ", ".join(
            f"{tier_words(part.tier)} {percent(part.asked)} becomes {percent(part.weight)}"
            for part in plan.tiers
            if part.asked
        )
        text = f"the weights add up to {percent(plan.asked_sum)} and are scaled to 100 %: {scaled}."
        yield _warning(plan, "info", "scaled", text)


def _about_supply(plan: StagePlan, rules: Rules) -> Iterator[PlanWarning]:
    keeps = rules.when_short == "keep"
    for part in plan.tiers:
        if part.weight and not part.available_tokens:
            text = (
                f"{tier_words(part.tier)} is asked for {percent(part.weight)} but has no tokens to draw; "
                f"{'its part stays undrawn' if keeps else 'the other tiers share its part'}."
            )
            yield _warning(plan, "red", "empty", text, part.tier)
        elif part.is_over_cap:
            yield _warning(plan, "red", "infeasible", _short_text(plan, part, rules), part.tier)
    if not keeps and plan.asked_sum and plan.shortfall_tokens:
        text = (
            f"{amount(plan.drawn_tokens)} of {amount(plan.budget)} tokens can be drawn: every weighted tier is at its "
            f"cap of {times(rules.epoch_cap)} epochs; {amount(plan.shortfall_tokens)} are missing."
        )
        yield _warning(plan, "red", "shortfall", text)


def _short_text(plan: StagePlan, part: TierPlan, rules: Rules) -> str:
    asked = (
        f"{tier_words(part.tier)} is asked for {amount(part.wanted_tokens)} tokens and has "
        f"{amount(part.available_tokens)}, at {times(rules.epoch_cap)} epochs {amount(part.cap_tokens)}"
    )
    if rules.when_short == "keep":
        return f"{asked}; to keep the weights, {amount(plan.drawn_tokens)} of {amount(plan.budget)} tokens are drawn."
    return f"{asked}; it fills {percent(part.realised)} instead of {percent(part.weight)}, the other tiers the rest."


def _about_repeats(plan: StagePlan, part: TierPlan) -> Iterator[PlanWarning]:
    worth = percent(100 * part.marginal_value)
    read = f"{tier_words(part.tier)} is read {times(part.epochs)} times"
    if part.epochs > MANY_EPOCHS or part.marginal_value < WORN_VALUE:
        text = f"{read}: its next token is worth {worth} of a fresh one. Lower its weight or the budget."
        yield _warning(plan, "red", "worn", text, part.tier)
    elif part.epochs > CHEAP_EPOCHS:
        yield _warning(plan, "amber", "repeat", f"{read}: its next token is worth {worth} of a fresh one.", part.tier)
    elif part.epochs > 1:
        cheap = percent(100 * marginal_value(CHEAP_EPOCHS))
        text = f"{read}; up to {CHEAP_EPOCHS} epochs the next token keeps at least {cheap} of its worth."
        yield _warning(plan, "info", "repeat", text, part.tier)
    if part.available_tokens < SMALL_TIER and part.epochs > SMALL_TIER_EPOCHS:
        text = (
            f"{tier_words(part.tier)} has only {amount(part.available_tokens)} tokens and is read {times(part.epochs)} "
            f"times; a tier below {amount(SMALL_TIER)} bears less repetition."
        )
        yield _warning(plan, "amber", "small-tier", text, part.tier)
    if part.largest_sample > part.drawn_tokens:
        text = (
            f"one sample of {tier_words(part.tier)} holds {amount(part.largest_sample)} tokens where only "
            f"{amount(part.drawn_tokens)} are drawn; it stays out, and the draw may miss its aim."
        )
        yield _warning(plan, "info", "coarse", text, part.tier)


def _about_tiers(plan: StagePlan, gates_run: bool) -> Iterator[PlanWarning]:
    tail = plan.share(4)
    if plan.stage == FINE_TUNING and tail > TAIL_SHARE:
        if tail > max(part.realised for part in plan.tiers if part.tier != 4):
            text = f"tier 4 leads fine-tuning with {percent(tail)}; unfiltered code should not dominate it."
            yield _warning(plan, "red", "tail", text, 4)
        else:
            text = f"tier 4 makes up {percent(tail)} of fine-tuning; keep unfiltered code within {percent(TAIL_SHARE)}."
            yield _warning(plan, "amber", "tail", text, 4)
    higher = plan.share(1) + plan.share(2)
    if plan.stage in (CONTINUED, FINE_TUNING) and plan.share(3) > higher + NOTICED:
        text = f"tier 3 has {percent(plan.share(3))}, tiers 1 and 2 together {percent(higher)}; balance it with them."
        yield _warning(plan, "amber", "tier-3-heavy", text, 3)
    part = plan.tier(4)
    if part and part.drawn_tokens and not gates_run:
        text = (
            f"{amount(part.drawn_tokens)} tokens come from tier 4, which no licence or quality gate has checked; "
            "only near-duplicates are taken out. Look at what it holds, or take tier 4 out."
        )
        yield _warning(plan, "red", "ungated", text, 4)


def _about_origin(stage: StageMix, plan: StagePlan) -> Iterator[PlanWarning]:
    if not stage.human_share or not plan.drawn_tokens:
        return
    least = percent(stage.human_share)
    if plan.human_share is None:
        text = f"at least {least} should be written by people, but the origin of what is drawn was not counted."
        yield _warning(plan, "amber", "human", text)
    elif plan.human_share < stage.human_share:
        written = percent(plan.human_share)
        text = f"people wrote {written} of what is drawn, {least} is asked for; label origins or move weights."
        yield _warning(plan, "red", "human", text)
