"""Says why an export would hold no row, so that none is written."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from explorer.errors import Refused
from explorer.exporting.drawing import Chosen, held_back
from explorer.job import Job
from explorer.mixing.figures import StagePlan
from explorer.mixing.mix import Mix
from explorer.mixing.wording import tier_words
from explorer.open_corpus.session import Session
from queries import mixing
from widgets.numbers import counted


class Smallest(NamedTuple):
    """The smallest sample that a stage could draw, and a budget that draws one."""

    tokens: int
    tier: int
    budget: int


def nothing_drawn(session: Session, job: Job, mix: Mix, drawn: Chosen) -> Refused:
    """Names what keeps a stage from drawing anything, while the tables of its draw still exist."""
    plan = drawn.plan
    begun = f"The {plan.stage} mix draws nothing:"
    if not any(part.asked for part in plan.tiers):
        return Refused(f"{begun} no tier has a weight.", "Give a tier a weight with `corpus mix`.")
    sizes = _smallest_of_tiers(session, job, plan)
    if not sizes:
        return _no_sample(session, job, mix, begun)
    smallest = smallest_sample(plan, sizes)
    part = plan.tier(smallest.tier)
    share = part.drawn_tokens if part else 0
    return Refused(
        f"{begun} the budget of {counted(plan.budget, 'token')} is too small. The smallest sample that could be drawn "
        f"has {counted(smallest.tokens, 'token')}; {tier_words(smallest.tier)}, which holds it, gets "
        f"{counted(share, 'token')} of the budget.",
        f"Give a budget of {counted(smallest.budget, 'token')} or more.",
    )


def nothing_left(rows: int) -> Refused:
    """Refuses an export whose rows were all dropped for their secrets."""
    return Refused(
        f"Nothing is left to export: every row that was drawn ({rows:,}) holds a secret and would be dropped.",
        "Export with --secrets redact, or draw other samples.",
    )


def smallest_sample(plan: StagePlan, sizes: Mapping[int, int]) -> Smallest:
    """Finds the smallest sample among the smallest ones of the tiers, and the least budget that surely draws one.

    A part of the budget that is as large as a sample draws it; a part of one token counts as none.
    """
    weights = {part.tier: Fraction(repr(part.asked)) for part in plan.tiers}
    total = sum(weights.values())
    tokens, tier = min((tokens, tier) for tier, tokens in sizes.items())
    budget = min(math.ceil(max(tokens, 2) * total / weights[tier]) for tier, tokens in sizes.items())
    return Smallest(tokens, tier, budget)


def _smallest_of_tiers(session: Session, job: Job, plan: StagePlan) -> dict[int, int]:
    """Returns the tokens of the smallest sample of each tier that has a weight and samples to give."""
    sizes: dict[int, int] = {}
    with session.cursor(job) as cursor:
        for part in plan.tiers:
            _, tokens = mixing.tier_in_order(cursor, job.scratch, part.tier)
            if part.asked and len(tokens):
                sizes[part.tier] = int(tokens.min())
    return sizes


def _no_sample(session: Session, job: Job, mix: Mix, begun: str) -> Refused:
    held = held_back(session, job, mix)
    cause = f"{begun} no tier with a weight has a sample that may be drawn."
    if not held:
        return Refused(cause, "Set tiers or weights first; `corpus mix PATH` shows what each tier has to give.")
    most = ", ".join(f"{row.reason} {row.samples:,}" for row in held[:3])
    return Refused(
        f"{cause} In the whole corpus, gates hold samples back ({most}).",
        "Open gates under [gates] in mix.toml, keep samples by a verdict, or set tiers and weights.",
    )
