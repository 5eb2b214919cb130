"""How like one another the samples of a group are, by how many slots of their MinHash signatures agree.

The share of slots that agree is a positive semidefinite kernel: it is the scaled Gram matrix of one-hot vectors.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.kernels.compiling import kernel

PAIRS = 200_000

Slots = npt.NDArray[np.uint32]


class Pairs(NamedTuple):
    """Random pairs of different samples and the square of each pair's likeness, 0 to 1."""

    one: npt.NDArray[np.int64]
    other: npt.NDArray[np.int64]
    squares: npt.NDArray[np.float64]


def draw_pairs(slots: Slots, seed: int, most: int = PAIRS) -> Pairs:
    """Draws pairs of a group; all of them where there are no more than `most`."""
    samples = len(slots)
    if samples * (samples - 1) // 2 <= most:
        one, other = np.triu_indices(samples, 1)
    else:
        chance = np.random.default_rng(seed)
        one = chance.integers(0, samples, most)
        other = (one + chance.integers(1, samples, most)) % samples
    one, other = one.astype(np.int64), other.astype(np.int64)
    squares = np.zeros(len(one))
    _square(slots, one, other, squares)
    return Pairs(one, other, squares)


@kernel
def _square(slots: Any, one: Any, other: Any, squares: Any) -> None:
    width = slots.shape[1]
    for pair in range(len(one)):
        agree = 0
        for slot in range(width):
            agree += slots[one[pair], slot] == slots[other[pair], slot]
        share = agree / width
        squares[pair] = share * share


def effective_samples(pairs: Pairs, chosen: npt.NDArray[np.bool_], samples: int) -> float:
    """Returns the order-2 Vendi score of `samples` samples like those chosen: 1 / mean of squared likeness.

    The mean goes over all ordered pairs, a sample with itself among them, so that it depends on how many samples there
    are: groups are compared at the same number. NaN where no pair was drawn among the chosen.
    """
    among = chosen[pairs.one] & chosen[pairs.other]
    if not samples or not among.any():
        return float("nan")
    return 1 / (1 / samples + (1 - 1 / samples) * float(pairs.squares[among].mean()))


def vendi(slots: Slots) -> float:
    """Returns the Vendi score of order 1: exp of the entropy of the eigenvalues of likeness / samples; quadratic."""
    agree = (slots[:, None, :] == slots[None, :, :]).mean(axis=2)
    values = np.linalg.eigvalsh(agree / len(slots))
    values = values[values > 1e-12]
    return float(np.exp(-(values * np.log(values)).sum()))
