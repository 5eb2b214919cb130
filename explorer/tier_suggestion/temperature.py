"""One temperature that makes stated probabilities as frequent as they say."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LOG_BOUNDS = (-1.5, 3.0)
"""Between which logarithms the temperature is searched."""
_GOLDEN = (sqrt(5) - 1) / 2
_TOLERANCE = 1e-5


def fit_temperature(log_probabilities: Floats, classes: npt.NDArray[np.int64]) -> float:
    """Returns the T that makes softmax(log p / T) most likely; 1 where there is nothing to fit.

    `log_probabilities` is samples x classes, finite, and held out: of models that did not see the sample.
    The loss is convex in 1/T (Guo et al. 2017 scale a network's logits so), therefore has one valley in log T.
    """
    if not len(classes):
        return 1.0
    return exp(_find_minimum(lambda log_t: negative_log_likelihood(log_probabilities / exp(log_t), classes)))


def negative_log_likelihood(logits: Floats, classes: npt.NDArray[np.int64]) -> float:
    """The mean of -log softmax(logits) at the true class."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(classes)), classes]
    return float(logs.mean())


def _find_minimum(loss: Callable[[float], float]) -> float:
    """Golden-section search of a one-valley function inside LOG_BOUNDS."""
    low, high = LOG_BOUNDS
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    while high - low > _TOLERANCE:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = loss(right)
    return (low + high) / 2
