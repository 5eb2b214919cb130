"""Suggests a tier by rules: those that fire add points to each tier, and a softmax makes probabilities of the sums."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.errors import BadInput
from explorer.tier_suggestion.columns import Suggestable
from explorer.tier_suggestion.conditions import Clause, Known, read_clause
from explorer.tier_suggestion.deciding import TIERS, Decision, decide
from explorer.tier_suggestion.reading import Floats, Truths

WORDS = ("low", "medium", "high")
_WORD_LIMITS = (0.5, 0.75)
LABELS_FOR_PERCENT = 300
"""With fewer labels a confidence is no measured frequency, and is told in a word."""

_KEYS = frozenset(("name", "when", "points", "bars", "all", "any"))


@dataclass(frozen=True)
class Rule:
    """What must hold, in words and in clauses, and the points that it then gives to each tier."""

    name: str
    when: str
    points: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    all_of: tuple[Clause, ...] = ()
    any_of: tuple[Clause, ...] = ()
    """At least one must hold; no clause asks for nothing."""
    bars: tuple[int, ...] = ()
    """Tiers that are never suggested where the rule fires."""


@dataclass(frozen=True)
class Rulebook:
    """All rules, and the points that every sample starts with."""

    start: Rule
    rules: tuple[Rule, ...]

    @property
    def all(self) -> tuple[Rule, ...]:
        """The rules in order, then the start: the reason that is left where none of them fires."""
        return (*self.rules, self.start)

    @property
    def effects(self) -> Floats:
        """What each of `all` gives a tier beyond what it gives the tiers on average: float64, rules x 4."""
        points = np.array([rule.points for rule in self.all], np.float64)
        return points - points.mean(axis=1, keepdims=True)


class Reason(NamedTuple):
    """A rule that fired, in words, and its effect on the suggested tier: below 0 it speaks against it."""

    name: str
    when: str
    effect: float


@dataclass(frozen=True)
class Suggestions:
    """Of each sample: the suggested tier, how sure, and what led to it."""

    tier: npt.NDArray[np.int8]
    confidence: npt.NDArray[np.float32]
    """The probability of the suggested tier."""
    probabilities: npt.NDArray[np.float32]
    """Samples x 4."""
    fired: Truths
    """Samples x rules, in the order of `rulebook.rules`."""
    logits: Floats
    """Samples x 4: the sums of points, bars not yet applied."""
    barred: Truths
    """Samples x 4: the tiers that may not be suggested."""
    rulebook: Rulebook

    def overruled(self, decision: Decision) -> Suggestions:
        """Puts another decision about the same samples in the place of the rules' own; reasons then speak of that."""
        tier, confidence, probabilities = decision
        return replace(self, tier=tier, confidence=confidence, probabilities=probabilities)

    def reasons(self, row: int) -> tuple[Reason, ...]:
        """The rules that fired for one sample, the largest effect on its suggested tier first."""
        listed, parents = self._reason_order(slice(row, row + 1))
        effects = self.rulebook.effects[:, self.tier[row] - 1]
        rules = self.rulebook.all
        return tuple(Reason(rules[at].name, rules[at].when, float(effects[at])) for at in listed[: len(parents)])

    def reason_names(self) -> pa.LargeListArray:
        """The names of `reasons` of every sample: large_list<large_string>, never empty."""
        listed, parents = self._reason_order(slice(None))
        offsets = np.concatenate(([0], np.cumsum(np.bincount(parents, minlength=len(self.tier)))))
        names = pa.array([rule.name for rule in self.rulebook.all], pa.large_string())
        return pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), names.take(pa.array(listed)))

    def _reason_order(self, rows: slice) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Positions of rules, in the order of reasons, one sample after the other; and the samples they belong to."""
        order = np.argsort(-self.rulebook.effects, axis=0, kind="stable").T[self.tier[rows] - 1]
        fired = self.fired[rows]
        with_start = np.column_stack((fired, ~fired.any(axis=1)))
        parents, places = np.nonzero(np.take_along_axis(with_start, order, axis=1))
        return order[parents, places], parents


def suggest(columns: Suggestable, rulebook: Rulebook | None = None) -> Suggestions:
    """Suggests a tier for each sample of a batch."""
    rulebook = rulebook or default_rules()
    known = Known(columns)
    fired = np.zeros((columns.rows, len(rulebook.rules)), np.bool_, order="F")
    logits = np.tile(np.array(rulebook.start.points, np.float64), (columns.rows, 1))
    barred = np.zeros((columns.rows, len(TIERS)), np.bool_)
    for at, rule in enumerate(rulebook.rules):
        fires = fired[:, at]
        fires[:] = _fires(rule, known)
        logits[fires] += rule.points
        for tier in rule.bars:
            barred[:, tier - 1] |= fires
    return Suggestions(*decide(logits, barred), fired, logits, barred, rulebook)


def say_confidence(confidence: float, labels: int) -> str:
    """Words a confidence: low, medium or high, and in percent only where enough labels stand behind it."""
    if labels >= LABELS_FOR_PERCENT:
        return f"{confidence:.0%}"
    return WORDS[sum(confidence >= limit for limit in _WORD_LIMITS)]


def _fires(rule: Rule, known: Known) -> Truths:
    fires = np.ones(known.rows, np.bool_)
    for clause in rule.all_of:
        fires &= known.satisfies(clause)
    if rule.any_of:
        fires &= np.logical_or.reduce([known.satisfies(clause) for clause in rule.any_of])
    return fires


@cache
def default_rules() -> Rulebook:
    """The rules that come with the program."""
    return read_rules(files("explorer.tier_suggestion").joinpath("rules.toml").read_text("utf-8"))


def read_rules(text: str) -> Rulebook:
    """Reads a rule file; BadInput with what is wrong where it is none."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"The rules are not readable TOML: {error}.") from error
    try:
        return _read_rulebook(written)
    except (TypeError, AttributeError) as error:
        raise BadInput("The rules are not laid out as rules are.", "Start from the file that comes along.") from error


def _read_rulebook(written: Mapping[str, Any]) -> Rulebook:
    named = {table: written.get(table, {}) for table in ("lists", "patterns")}
    rules = tuple(_read_rule(rule, named) for rule in written.get("rule", ()))
    start = _read_rule({"name": "nothing known", **written.get("start", {})}, named)
    if len({rule.name for rule in rules}) < len(rules):
        raise BadInput("Two rules have the same name.", "Name each rule differently.")
    if not set(TIERS) - {tier for rule in rules for tier in rule.bars}:
        raise BadInput("The rules together bar every tier.", "Leave one tier that no rule bars.")
    return Rulebook(start, rules)


def _read_rule(written: Mapping[str, Any], named: Mapping[str, Mapping[str, Any]]) -> Rule:
    name, when = written.get("name", ""), written.get("when", "")
    if not (isinstance(name, str) and isinstance(when, str) and name and when and set(written) <= _KEYS):
        raise BadInput(f"A rule cannot be read: {dict(written)}.", f"It has {', '.join(sorted(_KEYS))}.")
    points, bars = written.get("points", [0, 0, 0, 0]), written.get("bars", [])
    if not _are_numbers(points) or len(points) != len(TIERS) or not set(bars) <= set(TIERS):
        raise BadInput(f"The rule `{name}` gives no four points, or bars a tier that there is not.")
    all_of, any_of = (tuple(read_clause(clause, named) for clause in written.get(kind, ())) for kind in ("all", "any"))
    one, two, three, four = map(float, points)
    return Rule(name, when, (one, two, three, four), all_of, any_of, tuple(bars))


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) and np.isfinite(value) for value in values)
