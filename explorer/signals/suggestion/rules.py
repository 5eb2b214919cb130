"""The rule table of suggested tiers: conditions over columns, points in a file, a softmax over four tiers."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.errors import BadInput

Columns = Mapping[str, Any]
"""Numpy arrays by name: float64 with NaN for what is not known, or object arrays of texts with None."""
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

TIERS = (1, 2, 3, 4)
WORDS = ("low", "medium", "high")
HIGH, MEDIUM = 0.75, 0.5
"""Probabilities from which confidence is called high or medium; no percentage is shown for them."""

EDUCATIONAL = (
    r"tutorial|course|homework|assignment|exercise|lesson|kata|leetcode|advent.?of.?code|codeforces|bootcamp|learn"
)


class RuleSet(NamedTuple):
    """The points and words of every rule."""

    version: str
    points: Mapping[str, tuple[float, float, float, float]]
    words: Mapping[str, str]
    curated: frozenset[str]


@dataclass(frozen=True)
class Suggestions:
    """What is suggested for n samples."""

    tiers: npt.NDArray[np.int8]
    confidence: Floats
    """Probability of the suggested tier, 0 to 1."""
    probabilities: Floats
    """n × 4."""
    logits: Floats
    """n × 4."""
    fired: Mapping[str, Flags]


@cache
def usual_rules() -> RuleSet:
    """Returns the rules that come with the program."""
    return read_rules((files("explorer.signals.suggestion") / "rules.toml").read_text("utf-8"), "rules.toml")


def read_rules(text: str, where: str) -> RuleSet:
    """Reads rules; raises BadInput naming what cannot be used."""
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise BadInput(f"{where} is not valid TOML: {str(error).rstrip('.')}.", "Correct that line.") from error
    points: dict[str, tuple[float, float, float, float]] = {}
    for name, row in tables.get("points", {}).items():
        if name not in CONDITIONS or not isinstance(row, list) or len(row) != len(TIERS):
            raise BadInput(f"{where}: points.{name} cannot be used.", f"Name four points of {', '.join(CONDITIONS)}.")
        points[name] = tuple(map(float, row))  # pyright: ignore[reportArgumentType]
    words = {name: str(tables.get("words", {}).get(name, name.replace("_", " "))) for name in CONDITIONS}
    return RuleSet(str(tables.get("version", "")), points, words, frozenset(map(str.lower, tables.get("curated", []))))


def suggest(columns: Columns, rules: RuleSet | None = None) -> Suggestions:
    """Suggests a tier for each sample; a synthetic one is never of tier 1.

    A rule about something that is not known does not fire, but the one about an unknown licence.
    """
    rules = rules or usual_rules()
    count = len(columns["license_class"])
    fired = {name: np.asarray(CONDITIONS[name](columns, rules), bool) for name in rules.points}
    logits = np.zeros((count, len(TIERS)))
    for name, flags in fired.items():
        logits[flags] += rules.points[name]
    probabilities = softmax(logits)
    is_synthetic = np.asarray(columns["origin"] == "synthetic", bool)
    probabilities[is_synthetic, 0] = 0.0
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    best = probabilities.argmax(axis=1)
    return Suggestions((best + 1).astype(np.int8), probabilities.max(axis=1), probabilities, logits, fired)


def softmax(logits: Floats) -> Floats:
    """Turns rows of logits into probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def reasons(found: Suggestions, number: int, rules: RuleSet | None = None) -> tuple[str, ...]:
    """Says in words why a tier is suggested: the rules that fired, what speaks most for it first."""
    rules = rules or usual_rules()
    tier = int(found.tiers[number]) - 1
    fired = [name for name, flags in found.fired.items() if flags[number] and name != "bias"]
    ordered = sorted(fired, key=lambda name: -_effect(rules.points[name], tier))
    return tuple(rules.words[name] for name in ordered) or (rules.words["bias"],)


def _effect(points: Sequence[float], tier: int) -> float:
    """How much a rule speaks for a tier beside the others."""
    return points[tier] - sum(points) / len(points)


def confidence_word(confidence: float) -> str:
    """Calls a confidence low, medium or high."""
    return WORDS[(confidence >= MEDIUM) + (confidence >= HIGH)]


# ---- conditions: what is not known compares false


def _least(name: str, least: float) -> Callable[[Columns, RuleSet], Any]:
    return lambda columns, _: columns[name] >= least


def _most(name: str, most: float) -> Callable[[Columns, RuleSet], Any]:
    return lambda columns, _: columns[name] <= most


def _matches(columns: Columns) -> Flags:
    import re

    pattern = re.compile(EDUCATIONAL, re.I)
    seen: dict[str | None, bool] = {}
    for path in columns["path"]:
        if path not in seen:
            seen[path] = bool(path and pattern.search(path))
    return np.fromiter((seen[path] for path in columns["path"]), bool, len(columns["path"]))


def _is_mature(columns: Columns) -> Any:
    return (columns["repo_stars"] >= 100) & (columns["maintenance"] >= 1)


def _is_reviewed(columns: Columns) -> Any:
    return columns["review_level"] >= 1


def _is_curated(columns: Columns, rules: RuleSet) -> Any:
    if not rules.curated:
        return np.zeros(len(columns["repo"]), bool)
    return np.array([bool(repo) and repo.lower() in rules.curated for repo in columns["repo"]], bool)


def _is_data_team(columns: Columns, _: RuleSet) -> Any:
    return (columns["source_kind"] == "data team") & _is_reviewed(columns)


def _is_self_contained(columns: Columns, _: RuleSet) -> Any:
    return (
        (columns["third_party_imports"] == 0)
        & (columns["code_lines"] < 200)
        & (columns["comment_share"] >= 0.10)
        & (columns["integrations"] == 0)
    )


def _is_machine_made(columns: Columns, _: RuleSet) -> Any:
    return (columns["machine_made"] > 0) | (columns["vendored"] > 0)


def _is_solitary(columns: Columns, _: RuleSet) -> Any:
    return (columns["repo_stars"] == 0) & (columns["maintenance"] < 0.1) & (columns["repo_contributors"] <= 1)


CONDITIONS: Mapping[str, Callable[[Columns, RuleSet], Any]] = {
    "bias": lambda columns, _: np.ones(len(columns["license_class"]), bool),
    "data_team": _is_data_team,
    "curated": _is_curated,
    "mature_reviewed": lambda columns, _: _is_mature(columns) & _is_reviewed(columns),
    "mature": lambda columns, _: _is_mature(columns) & ~_is_reviewed(columns),
    "organised": lambda columns, _: (columns["tests_share"] >= 0.5) & (columns["repo_contributors"] >= 5),
    "integrated": _least("integrations", 2),
    "educational": lambda columns, _: _matches(columns),
    "self_contained": _is_self_contained,
    "notebook": lambda columns, _: (columns["language"] == "Jupyter Notebook") & (columns["comment_share"] >= 0.5),
    "machine_made": _is_machine_made,
    "solitary": _is_solitary,
    "licence_unknown": lambda columns, _: columns["license_class"] == "unknown",
    "quality_high": _least("quality_pct", 80),
    "quality_low": _most("quality_pct", 20),
    "handling_high": _least("error_handling", 0.7),
    "handling_low": _most("error_handling", 0.2),
}
"""Every rule by its name, from the most telling."""
