"""From the logits of four tiers to the one that is suggested, whoever worked them out."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.tier_suggestion.reading import Floats, Truths

TIERS = (1, 2, 3, 4)


class Decision(NamedTuple):
    """The suggested tier of each sample, and how likely each tier is."""

    tier: npt.NDArray[np.int8]
    confidence: npt.NDArray[np.float32]
    """The probability of the suggested tier."""
    probabilities: npt.NDArray[np.float32]
    """Samples x 4."""


def decide(logits: Floats, barred: Truths) -> Decision:
    """Suggests the likeliest tier that is not barred; what a barred tier had goes to the rest.

    Both are samples x 4; of each sample one tier with a finite logit must be left. Between equals the higher number,
    the more cautious one, wins.
    """
    allowed = np.where(barred, -np.inf, logits)
    probabilities = softmax(allowed)
    tier = len(TIERS) - np.argmax(allowed[:, ::-1], axis=1)
    confidence = probabilities.max(axis=1, initial=0.0)
    return Decision(tier.astype(np.int8), confidence.astype(np.float32), probabilities.astype(np.float32))


def softmax(logits: Floats) -> Floats:
    """Turns rows of logits into rows of probabilities; at least one logit of a row must be finite."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
