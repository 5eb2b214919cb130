"""Hill numbers: how many equally common kinds would be as diverse."""

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64] | npt.NDArray[np.float64]


def entropy(counts: Counts) -> float:
    """Returns Shannon's entropy in bits; NaN of nothing."""
    shares = counts[counts > 0] / counts.sum() if counts.any() else np.zeros(0)
    return float(-(shares * np.log2(shares)).sum()) if len(shares) else float("nan")


def hill(counts: Counts, order: float) -> float:
    """Returns the Hill number of an order, `(sum p^q)^(1/(1-q))`; of order 1 its limit, exp of the entropy."""
    shares = counts[counts > 0] / counts.sum() if counts.any() else np.zeros(0)
    if not len(shares):
        return float("nan")
    if order == 1:
        return float(np.exp(-(shares * np.log(shares)).sum()))
    return float((shares**order).sum() ** (1 / (1 - order)))
