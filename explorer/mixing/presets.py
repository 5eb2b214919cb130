"""Named starting points for the weights of every stage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from explorer.errors import BadInput
from explorer.mixing.figures import Stock
from explorer.mixing.mix import BLENDED, CONTINUED, FINE_TUNING, PRE_TRAINING, TIERS, Mix, StageMix, Weights
from explorer.mixing.plan import allocate
from explorer.mixing.weights import move, rounded

Starting = Callable[[StageMix, Stock], StageMix]
"""Gives a stage its start; returns it unchanged where the preset has no meaning for it."""

UNIMAX_EPOCHS = 4


@dataclass(frozen=True)
class Preset:
    """A starting point: what it does in one sentence, and where it comes from."""

    name: str
    explanation: str
    source: str
    start: Starting


def preset(name: str) -> Preset:
    """Find a preset by its name; raises `BadInput` for a name that is none."""
    for each in PRESETS:
        if each.name == name:
            return each
    raise BadInput(f"There is no preset {name!r}.", f"The presets are {', '.join(each.name for each in PRESETS)}.")


def apply_preset(name: str, mix: Mix, stock: Stock) -> Mix:
    """Start every stage of a mix from a preset; budgets and rules stay."""
    start = preset(name).start
    return replace(mix, stages=tuple(start(stage, stock) for stage in mix.stages))


def temperature(stock: Stock, heat: float) -> dict[int, float]:
    """Weigh tiers by U^(1/heat): 1 is natural, more flattens towards uniform. Empty where no tier has tokens."""
    if not heat > 0:
        raise ValueError(f"a temperature is above zero, not {heat}")
    unique = _unique(stock)
    top = max(unique.values())
    return rounded({tier: (tokens / top) ** (1 / heat) for tier, tokens in unique.items()}) if top else {}


def unimax(stock: Stock, budget: int | None = None) -> dict[int, float]:
    """Split a budget evenly, no tier read more than four times, what one cannot give passed on to the others.

    Without a budget it is as large as the stock, read once. Empty where no tier has tokens.
    """
    unique = _unique(stock)
    even = {tier: Fraction(1, len(unique)) for tier in unique}
    wanted = Fraction(sum(unique.values()) if budget is None else budget)
    drawn = allocate(even, wanted, {tier: UNIMAX_EPOCHS * tokens for tier, tokens in unique.items()}, "redistribute")
    return rounded({tier: float(share) for tier, share in drawn.items()}) if any(drawn.values()) else {}


def _unique(stock: Stock) -> dict[int, int]:
    return dict.fromkeys(TIERS, 0) | {part.tier: part.unique_tokens for part in stock if part.tier in TIERS}


def _weighted(stage: StageMix, weights: Weights) -> StageMix:
    return replace(stage, weights=dict(weights)) if weights else stage


def _fixed(table: Mapping[str, Weights]) -> Starting:
    return lambda stage, _stock: _weighted(stage, table.get(stage.name, {}))


def _natural(stage: StageMix, stock: Stock) -> StageMix:
    return _weighted(stage, temperature(stock, 1.0))


def _uniform(stage: StageMix, stock: Stock) -> StageMix:
    return _weighted(stage, {tier: 100.0 / len(TIERS) for tier in TIERS})


def _unimax(stage: StageMix, stock: Stock) -> StageMix:
    return _weighted(stage, unimax(stock, None if stage.budget == "fit" else stage.budget))


def _anneal(stage: StageMix, stock: Stock) -> StageMix:
    natural = temperature(stock, 1.0)
    if stage.name != CONTINUED or not natural:
        return stage
    annealed = {tier: 0.84 * weight + 16.0 * (tier == 1) for tier, weight in natural.items()}
    return _weighted(stage, rounded(annealed))


def _tier_1_at(share: float) -> Starting:
    """Give tier 1 a share of continued pre-training, the others keeping their present proportions."""
    return lambda stage, _stock: _weighted(stage, move(stage.weights, 1, share)) if stage.name == CONTINUED else stage


def _human(shares: Mapping[str, float]) -> Starting:
    return lambda stage, _stock: replace(stage, human_share=shares.get(stage.name, stage.human_share))


STRICT: Mapping[str, Weights] = {
    PRE_TRAINING: {1: 0.0, 2: 0.0, 3: 0.0, 4: 100.0},
    CONTINUED: {1: 0.0, 2: 60.0, 3: 40.0, 4: 0.0},
    FINE_TUNING: {1: 100.0, 2: 0.0, 3: 0.0, 4: 0.0},
}

PRESETS = (
    Preset(
        "blended",
        "Begins broad and ends narrow, with a part of the earlier tiers replayed at every step.",
        "The direction of the article; the numbers and the 10-15 % of replay are our own default.",
        _fixed(BLENDED),
    ),
    Preset(
        "strict",
        "Trains each stage on its own tiers only: 4, then 2 and 3, then 1.",
        "A sentence of the article taken literally; the 60/40 split of the middle is our own.",
        _fixed(STRICT),
    ),
    Preset(
        "natural",
        "Weighs every tier by the unique tokens it has.",
        "The usual baseline: what no weighting means.",
        _natural,
    ),
    Preset(
        "uniform",
        "Gives every tier a quarter.",
        "The uniform mixing that the article argues against; kept for comparison.",
        _uniform,
    ),
    Preset(
        "unimax-4",
        "Splits the budget evenly, reads no tier more than four times and passes on what a small one cannot give.",
        "UniMax, with a cap of 4 epochs.",
        _unimax,
    ),
    Preset(
        "anneal-84-16",
        "Gives continued pre-training 84 % of the natural mix and 16 % of tier 1 on top; other stages stay.",
        "OpenCoder's annealing, known at second hand; tier 1 stands for its algorithmic and verified part.",
        _anneal,
    ),
    Preset(
        "probe-30-70",
        "Gives tier 1, as the slice under test, 30 % of continued pre-training; other stages and proportions stay.",
        "Llama 3's way to judge a small dataset on a half-trained model.",
        _tier_1_at(30.0),
    ),
    Preset(
        "microanneal-50-50",
        "Gives tier 1, as the slice under test, half of continued pre-training; other stages and proportions stay.",
        "Olmo 3's small annealing runs, known at second hand.",
        _tier_1_at(50.0),
    ),
    Preset(
        "human-anchor",
        "Asks for 70, 70 and 80 % of human origin and warns where the plan has less; weights stay.",
        "The article's human anchor, and published runs with about 30 % of synthetic text; the numbers are our own.",
        _human({PRE_TRAINING: 70.0, CONTINUED: 70.0, FINE_TUNING: 80.0}),
    ),
)
