"""Suggests a tier as curators gave it so far: a model that starts from the rules and moves away with evidence."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from explorer.errors import BadInput
from explorer.quality.resampling import Names, number_groups
from explorer.tier_suggestion.deciding import TIERS, Decision, decide, softmax
from explorer.tier_suggestion.encoding import Encoding, Evidence
from explorer.tier_suggestion.reading import Floats, Truths
from explorer.tier_suggestion.temperature import fit_temperature, negative_log_likelihood

Integers = npt.NDArray[np.int64]

STRENGTHS = (0.02, 0.1, 0.3, 1.0)
"""The inverse strengths of regularisation that are tried, from the strongest on."""
FOLDS = 5
TREES_FROM = 2000
"""With fewer labels trees are not tried."""
_SMALLEST = 1e-6
"""No tier is less likely than this while models are compared: one surprise must not decide alone."""


class Model(Protocol):
    """Gives every sample one logit a tier; -inf for a tier that it never saw."""

    def logits(self, z: Floats) -> Floats:
        """Returns samples x 4 for an encoded matrix."""
        ...


@dataclass(frozen=True)
class Linear:
    """A multinomial logistic regression: logits = z x coefficients + intercepts."""

    coefficients: Floats
    """4 x columns."""
    intercepts: Floats

    def logits(self, z: Floats) -> Floats:
        """Returns samples x 4."""
        return z @ self.coefficients.T + self.intercepts


@dataclass(frozen=True)
class Trees:
    """Boosted trees; they explain nothing exactly."""

    classifier: Any

    def logits(self, z: Floats) -> Floats:
        """Returns samples x 4."""
        logits = np.full((len(z), len(TIERS)), -np.inf)
        with _one_thread():
            shares = np.asarray(self.classifier.predict_proba(z), np.float64)
        logits[:, self.classifier.classes_ - 1] = np.log(np.maximum(shares, _SMALLEST))
        return logits


Fit = Callable[[Floats, Integers], Model]


class Contribution(NamedTuple):
    """What one column adds to the logit of a tier."""

    name: str
    points: float


@dataclass(frozen=True)
class Learned:
    """A fitted model with its encoding and temperature, and how it did on repositories that it had not seen."""

    encoding: Encoding
    model: Model
    temperature: float
    strength: float
    """The inverse strength of regularisation that was chosen."""
    loss: float
    """Mean negative log-likelihood of the held-out labels, temperature applied."""
    held_out: Floats
    """Labels x 4: probabilities of each label's sample by models that had not seen its repository."""

    def logits(self, evidence: Evidence) -> Floats:
        """Returns samples x 4, divided by the temperature."""
        found = [self.model.logits(self.encoding.apply(portion)) for portion in evidence.portions()]
        return np.concatenate(found or [np.empty((0, len(TIERS)))]) / self.temperature

    def decide(self, evidence: Evidence, barred: Truths) -> Decision:
        """Suggests a tier for each sample; the tiers that rules bar (samples x 4) stay barred."""
        return decide(self.logits(evidence), barred)

    def held_out_tiers(self, barred: Truths) -> npt.NDArray[np.int8]:
        """The tiers that would have been suggested for the labelled samples: what a trial compares."""
        return decide(np.log(self.held_out), barred).tier

    def explain(self, evidence: Evidence, row: int, tier: int) -> tuple[Contribution, ...]:
        """Returns what each column adds to a tier of one sample, the largest first; nothing where trees decided.

        The points and the tier's intercept sum up to its logit before the temperature.
        """
        if not isinstance(self.model, Linear):
            return ()
        z = self.encoding.apply(evidence.take(slice(row, row + 1)))[0]
        points = self.model.coefficients[tier - 1] * z
        order = np.argsort(-np.abs(points), kind="stable")
        return tuple(Contribution(self.encoding.names[at], float(points[at])) for at in order)


def learn(evidence: Evidence, tiers: Any, repos: Names, *, seed: int = 0, trees_from: int = TREES_FROM) -> Learned:
    """Learns from labelled samples: one entry of each argument a sample, tiers 1 to 4, null repositories stand alone.

    Strength and temperature are chosen on repositories that a model did not see. The same labels and seed give the
    same model. BadInput where there are fewer than two tiers or two repositories, or scikit-learn is not installed.
    """
    given, groups = np.asarray(tiers, np.int64), number_groups(repos)
    _check(given, groups)
    with _one_thread():
        return _learn(evidence, given, _split(groups), seed, trees_from)


def _learn(
    evidence: Evidence, given: Integers, folds: list[tuple[Integers, Integers]], seed: int, trees_from: int
) -> Learned:
    candidates = [_try(evidence, given, folds, _linear(strength), strength) for strength in STRENGTHS]
    best = min(candidates, key=lambda candidate: candidate.loss)
    if len(given) >= trees_from:
        best = min(best, _try(evidence, given, folds, _trees(seed), 1.0), key=lambda candidate: candidate.loss)
    encoding = Encoding.fit(evidence)
    model = best.fit(encoding.apply(evidence), given)
    return Learned(encoding, model, best.temperature, best.strength, best.loss, best.held_out)


class _Candidate(NamedTuple):
    fit: Fit
    strength: float
    temperature: float
    loss: float
    held_out: Floats


def _check(tiers: Integers, groups: Integers) -> None:
    if len(np.unique(tiers)) < 2 or groups.max(initial=-1) < 1 or not np.isin(tiers, TIERS).all():
        raise BadInput("There is nothing to learn from.", "Label samples of two tiers and two repositories at least.")
    try:
        # Loaded before anything is fitted: only libraries that are loaded can be held to one thread.
        import_module("sklearn.ensemble")
    except ImportError as error:
        raise BadInput("scikit-learn is not installed.", "Install the extra `learn`, or go on with rules.") from error


def _one_thread() -> AbstractContextManager[Any]:
    """Keeps the libraries' threads from waiting for each other: so small a problem is ten times faster without."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def _split(groups: Integers) -> list[tuple[Integers, Integers]]:
    from sklearn.model_selection import GroupKFold

    folds = GroupKFold(min(FOLDS, len(np.unique(groups))))
    return list(folds.split(groups, groups=groups))


def _try(
    evidence: Evidence, tiers: Integers, folds: list[tuple[Integers, Integers]], fit: Fit, strength: float
) -> _Candidate:
    logs = np.empty((len(tiers), len(TIERS)))
    for seen, unseen in folds:
        logs[unseen] = _predict_unseen(evidence, tiers, seen, unseen, fit)
    temperature = fit_temperature(logs, tiers - 1)
    loss = negative_log_likelihood(logs / temperature, tiers - 1)
    return _Candidate(fit, strength, temperature, loss, softmax(logs / temperature))


def _predict_unseen(evidence: Evidence, tiers: Integers, seen: Integers, unseen: Integers, fit: Fit) -> Floats:
    """Log-probabilities of samples by a model, and an encoding, that know the other samples only."""
    known = evidence.take(seen)
    encoding = Encoding.fit(known)
    model = fit(encoding.apply(known), tiers[seen])
    shares = softmax(model.logits(encoding.apply(evidence.take(unseen))))
    return np.log(np.maximum(shares, _SMALLEST))


def _linear(strength: float) -> Fit:
    def fit(z: Floats, tiers: Integers) -> Model:
        present = np.unique(tiers)
        coefficients = np.zeros((len(TIERS), z.shape[1]))
        intercepts = np.full(len(TIERS), -np.inf)
        if len(present) == 1:
            intercepts[present - 1] = 0.0
            return Linear(coefficients, intercepts)
        found = _regress(z, tiers, strength)
        coefficients[present - 1], intercepts[present - 1] = found
        return Linear(coefficients, intercepts)

    return fit


def _regress(z: Floats, tiers: Integers, strength: float) -> tuple[Floats, Floats]:
    """Fits one row of coefficients and one intercept for each tier present."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = LogisticRegression(C=strength, max_iter=1000).fit(z, tiers)
    coefficients, intercepts = np.asarray(found.coef_), np.asarray(found.intercept_)
    if len(coefficients) == 1:  # of two tiers only their difference is fitted
        return np.concatenate((-coefficients, coefficients)) / 2, np.concatenate((-intercepts, intercepts)) / 2
    return coefficients, intercepts


def _trees(seed: int) -> Fit:
    def fit(z: Floats, tiers: Integers) -> Model:
        from sklearn.ensemble import HistGradientBoostingClassifier

        if len(np.unique(tiers)) == 1:
            return _linear(1.0)(z, tiers)
        settings: dict[str, Any] = {"early_stopping": False, "random_state": seed}
        return Trees(HistGradientBoostingClassifier(**settings).fit(z, tiers))

    return fit
