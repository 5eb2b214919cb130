"""What would be left of rare things if a generator wrote the corpus again, over and over: an illustration, no forecast.

A type seen k times is written again a Poisson number of times with mean k in each generation of equal size, so that it
is still there after m generations with probability 1 - f_m^k, where f_0 = 0 and f_{m+1} = exp(f_m - 1).
"""

import math
from collections.abc import Mapping


def survival(seen: int, generations: int) -> float:
    """Returns the probability that a type seen so often is still there after so many generations."""
    lost = 0.0
    for _ in range(generations):
        lost = math.exp(lost - 1)
    return 1 - lost**seen


def surviving_share(spectrum: Mapping[int, int], generations: int) -> float:
    """Returns which share of types is expected to be left; `spectrum` counts types by how often they were seen."""
    types = sum(spectrum.values())
    left = sum(number * survival(seen, generations) for seen, number in spectrum.items())
    return left / types if types else float("nan")
