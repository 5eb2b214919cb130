"""The numbers a plan is made from, and the numbers it gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from explorer.mixing.mix import Budget


@dataclass(frozen=True)
class TierStock:
    """What the corpus holds of one tier; unique is what exact duplicates, dropped samples and caps leave of it."""

    tier: int
    samples: int
    tokens: int
    unique_samples: int
    unique_tokens: int
    largest_sample: int = 0
    """Tokens of the largest sample that may be drawn."""
    human_tokens: int | None = None
    """How many of the unique tokens are of human origin; `None` where nobody counted."""


Stock = Sequence[TierStock]

Level = Literal["info", "amber", "red"]


@dataclass(frozen=True)
class PlanWarning:
    """One consequence that a curator should know of; `tier` is `None` where it concerns the whole stage."""

    level: Level
    code: str
    stage: str
    tier: int | None
    text: str


@dataclass(frozen=True)
class TierPlan:
    """What one tier gives to a stage. Weights and shares are percent, sizes are tokens."""

    tier: int
    asked: float
    """The weight as the mix says it."""
    weight: float
    """The same, scaled so that the stage adds up to 100."""
    realised: float
    """The share of what is really drawn."""
    available_samples: int
    available_tokens: int
    largest_sample: int
    wanted_tokens: int
    """What the weight makes of the budget."""
    drawn_tokens: int
    """What the caps leave of that, or what other tiers passed on."""
    cap_tokens: int
    shortfall_tokens: int
    epochs: float
    effective_tokens: float
    marginal_value: float
    sample_probability: float
    feasible_share: float
    """The largest weight that this budget can honour within the cap."""
    human_tokens: int | None

    @property
    def is_over_cap(self) -> bool:
        """Whether the weight asks for more than the cap allows."""
        return self.wanted_tokens > self.cap_tokens


@dataclass(frozen=True)
class StagePlan:
    """What a stage would draw, and what to know about it."""

    stage: str
    asked_budget: Budget
    asked_sum: float
    """What the weights add up to as asked."""
    budget: int
    """The budget in tokens, with `fit` resolved."""
    drawn_tokens: int
    shortfall_tokens: int
    effective_tokens: float
    budget_max: int | None
    """The largest budget that keeps these weights inside the caps; `None` where no weighted tier has samples."""
    human_share: float | None
    """Percent of the drawn tokens that are of human origin, as far as every drawn tier was counted."""
    tiers: tuple[TierPlan, ...]
    warnings: tuple[PlanWarning, ...] = ()

    @property
    def wasted_tokens(self) -> float:
        """Drawn tokens that repetition makes worth nothing."""
        return self.drawn_tokens - self.effective_tokens

    @property
    def efficiency(self) -> float:
        """What a drawn token is worth on average, 0 to 1."""
        return self.effective_tokens / self.drawn_tokens if self.drawn_tokens else 1.0

    def tier(self, tier: int) -> TierPlan | None:
        """Find a tier's part; `None` where the stage neither weighs it nor has it in stock."""
        return next((each for each in self.tiers if each.tier == tier), None)

    def share(self, tier: int) -> float:
        """Tell how many percent of the drawn tokens come from a tier."""
        part = self.tier(tier)
        return part.realised if part else 0.0
