"""What a curator asks of each training stage: weights, budget and rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from explorer.errors import BadInput
from explorer.fingerprints.policy import Policy
from explorer.quality.gates import GateRules

PRE_TRAINING = "pre-training"
CONTINUED = "continued"
FINE_TUNING = "fine-tuning"
STAGES = (PRE_TRAINING, CONTINUED, FINE_TUNING)

UNTIERED = 0
"""Stands among the tiers for samples that have none yet."""
TIERS = (1, 2, 3, 4)

Weights = Mapping[int, float]
"""A stage's weights: tier to percent of its tokens."""

Budget = int | Literal["fit"]
"""Tokens of a stage, or `fit`: the largest draw in which no tier with samples repeats."""

WhenShort = Literal["keep", "redistribute"]


def tier_key(tier: int) -> str:
    """Name a tier as files and JSON do: `1` to `4`, or `none`."""
    return "none" if tier == UNTIERED else str(tier)


@dataclass(frozen=True)
class StageMix:
    """One stage as asked for; weights that do not add up to 100 are scaled by the plan, which says so."""

    name: str
    weights: Weights
    budget: Budget = "fit"
    human_share: float = 0.0
    """Least percent of the drawn tokens that people should have written, 0 for any; checked, never enforced."""


@dataclass(frozen=True)
class Rules:
    """What holds for every stage of a mix; samples with the verdict `drop` never enter one."""

    epoch_cap: float = 4.0
    """How often a tier may be repeated at most, 1 or more."""
    repo_share: float = 100.0
    """Percent of a stage that one repository may fill; 100 is no limit."""
    when_short: WhenShort = "keep"
    """Where a tier passes its cap: `keep` the weights and lower the budget, or `redistribute` its rest."""
    include_untiered: bool = False
    """Whether samples without a tier may be drawn, under a weight of their own."""


@dataclass(frozen=True)
class Mix:
    """Everything `mix.toml` says; `family` seeds the draw, so that all mixes of one family are nested."""

    family: str
    stages: tuple[StageMix, ...]
    rules: Rules = field(default_factory=Rules)
    clusters: Policy = field(default_factory=Policy)
    """Which near-duplicates a mix leaves out."""
    gates: GateRules = field(default_factory=GateRules)
    """Which samples it holds back for what was measured of them."""

    def stage(self, name: str) -> StageMix:
        """Find a stage by its name; raises `BadInput` for a name that is none."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise BadInput(f"There is no stage {name!r}.", f"The stages are {', '.join(STAGES)}.")

    def with_stage(self, changed: StageMix) -> "Mix":
        """Put a changed stage in the place of the one with its name."""
        self.stage(changed.name)
        return replace(self, stages=tuple(changed if stage.name == changed.name else stage for stage in self.stages))


BLENDED: Mapping[str, Weights] = {
    PRE_TRAINING: {1: 5.0, 2: 20.0, 3: 10.0, 4: 65.0},
    CONTINUED: {1: 15.0, 2: 45.0, 3: 25.0, 4: 15.0},
    FINE_TUNING: {1: 75.0, 2: 15.0, 3: 10.0, 4: 0.0},
}
"""The weights a mix begins with: broad first, narrow last, with some replay of what came before."""


def default_mix(family: str = "corpus") -> Mix:
    """Begin a mix that a curator has not touched yet."""
    return Mix(family, tuple(StageMix(name, dict(BLENDED[name])) for name in STAGES))
