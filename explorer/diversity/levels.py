"""When a figure is green, amber or red: defaults of policy, since no share of synthetic data is proven safe.

A figure that lies in the human range, where the halves of the baseline lie beside one another, is green whatever the
limits say: with few repositories human code differs from human code by as much.
"""

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

from explorer.diversity.comparison import SPREAD, Figure

Level = Literal["", "green", "amber", "red"]
"""Empty where nothing is judged."""

POLICY = "The limits are policy defaults; no share of synthetic data is proven safe."
NO_VERDICT = "Nothing here says who, or what, wrote a single sample."


class Limit(NamedTuple):
    """From where on a figure is amber and red."""

    amber: float
    red: float
    rises: bool = False
    """Whether more is worse."""


LIMITS: Mapping[str, Limit] = {
    "types": Limit(0.90, 0.75),
    "hapaxes": Limit(0.80, 0.50),
    "entropy": Limit(-0.10, -0.40),
    "tail_cover": Limit(0.92, 0.80),
    "effective_samples": Limit(0.85, 0.60),
    "compression": Limit(1.10, 1.30, rises=True),
}
"""Of ratios, and of the entropy's gap in bits; set by what a mild cut of the vocabulary did to real code."""
SPREAD_LIMIT = Limit(0.75, -math.inf)
SYNTHETIC_SHARES: Mapping[str, Limit] = {
    "pre-training": Limit(0.30, 0.50, rises=True),
    "continued": Limit(0.30, 0.50, rises=True),
    "fine-tuning": Limit(0.20, 0.50, rises=True),
}
"""Share of synthetic tokens by stage."""
TOP_GENERATOR = Limit(0.60, 0.90, rises=True)
"""Share that the foremost generator has of the synthetic tokens."""
LINEAGE_DEPTH = Limit(1.5, 2.5, rises=True)
"""Generations that a sample is away from human code: 2 is amber, 3 and more is red."""
ALARM = ("types", "hapaxes")
"""What moves first when tails are cut; the rest is context."""


def judge(name: str, figure: Figure) -> Level:
    """Tells how a figure stands; empty for one that has no limits, or no value."""
    limit = SPREAD_LIMIT if name.startswith(SPREAD) else LIMITS.get(name)
    if limit is None or math.isnan(figure.against):
        return ""
    in_human_range = figure.against <= figure.null_high if limit.rises else figure.against >= figure.null_low
    reaches = name == "types" and figure.high >= figure.null_low
    return "green" if in_human_range or reaches else judge_value(figure.against, limit)


def judge_value(value: float, limit: Limit) -> Level:
    """Tells how a plain value stands to its limits."""
    if math.isnan(value):
        return ""
    if limit.rises:
        return "red" if value > limit.red else "amber" if value > limit.amber else "green"
    return "red" if value < limit.red else "amber" if value < limit.amber else "green"


def kept_level(human_tokens: int, before: int, *, synthetic_grew: bool) -> Level:
    """Tells whether a mix keeps the human tokens of the one before; fewer, and more synthetic ones, is replacement."""
    if human_tokens >= before:
        return "green"
    return "red" if synthetic_grew else "amber"


def overall(levels: Mapping[str, Level]) -> Level:
    """Returns the verdict over the alarms: red of one red, amber of two amber, else green; empty of nothing judged."""
    known = [level for level in levels.values() if level]
    if not known:
        return ""
    if "red" in known:
        return "red"
    return "amber" if known.count("amber") > 1 else "green"
