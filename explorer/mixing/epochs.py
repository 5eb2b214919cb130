"""What repeating a tier is worth (Muennighoff et al. 2023, *Scaling Data-Constrained Language Models*)."""

import math
from collections.abc import Mapping

R_STAR = 15.387756
"""Epochs after the first at which the worth of a repeated token has fallen to 1/e: the paper's published fit."""


def effective_tokens(drawn: float, unique: float) -> float:
    """Count what drawn tokens are worth in unique ones."""
    if drawn <= unique or unique <= 0:
        return min(drawn, max(unique, 0.0))
    return unique * (1 - R_STAR * math.expm1(-(drawn / unique - 1) / R_STAR))


def marginal_value(epochs: float) -> float:
    """Tell what the next token of a tier is worth after so many epochs; a fresh one is worth 1."""
    return math.exp(-(max(epochs, 1.0) - 1) / R_STAR)


def sample_probabilities(weights: Mapping[int, float], mean_lengths: Mapping[int, float]) -> dict[int, float]:
    """Turn shares of tokens into shares of samples, for trainers that weigh samples.

    A tier without weight or without samples (a mean length of zero) gets zero; the others add up to 1.
    """
    samples = {
        tier: weight / mean_lengths[tier] if mean_lengths.get(tier, 0.0) > 0 else 0.0
        for tier, weight in weights.items()
    }
    total = math.fsum(samples.values())
    return {tier: share / total if total else 0.0 for tier, share in samples.items()}
