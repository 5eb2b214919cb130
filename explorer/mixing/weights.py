"""Moving one weight, and rounding many so that they add up to 100."""

import math
from collections.abc import Mapping

from explorer.mixing.mix import UNTIERED, Weights

FULL = 1000
"""A hundred percent in tenths, the step of every weight we compute."""


def rounded(shares: Mapping[int, float], total: int = FULL) -> dict[int, float]:
    """Scale shares to percent with one decimal that add up to `total` tenths exactly, by the largest remainders.

    Shares are finite, not negative, and at least one is above zero; a share of zero stays zero.
    """
    top = max(shares.values())
    scaled = {tier: share / top for tier, share in shares.items()}
    whole = math.fsum(scaled.values())
    exact = {tier: share * total / whole for tier, share in scaled.items()}
    tenths = {tier: math.floor(share) for tier, share in exact.items()}
    by_remainder = sorted(exact, key=lambda tier: (tenths[tier] - exact[tier], tier))
    for tier in by_remainder[: total - sum(tenths.values())]:
        tenths[tier] += 1
    return {tier: count / 10 for tier, count in tenths.items()}


def move(weights: Weights, tier: int, value: float, give_way: bool = True) -> dict[int, float]:
    """Set a tier's weight in percent, with one decimal and held between 0 and 100.

    With `give_way` the others change in proportion so that all add up to 100: a tier at zero stays there, unless all
    the others are at zero and have to share the rest evenly. Without it only this weight changes.
    """
    if not math.isfinite(value):
        raise ValueError(f"a weight is a number of percent, not {value}")
    value = round(min(max(value, 0.0), 100.0), 1)
    if not give_way:
        return {**weights, tier: value}
    others = {other: weight for other, weight in weights.items() if other != tier}
    if not any(others.values()):
        others = {other: float(other != UNTIERED) for other in others}
    if not any(others.values()):
        return {**weights, tier: 100.0}
    given = rounded(others, FULL - round(value * 10))
    return {each: given.get(each, value) for each in {**weights, tier: value}}
