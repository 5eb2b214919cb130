"""The tier rules: an ordered table of globs that a person can read and change."""

import fnmatch
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

from explorer.errors import BadInput

DEFAULT_RULES = Path(__file__).with_name("tiers.toml")
GLOB_KEYS = ("source", "path", "package")
RULE_KEYS = {*GLOB_KEYS, "tier", "reason"}


class Verdict(NamedTuple):
    """The tier of one sample and the reason in words."""

    tier: int | None
    reason: str


@dataclass(frozen=True)
class Rule:
    """Globs that must all match, and the verdict that follows; a key without globs matches everything."""

    globs: tuple[tuple[str, re.Pattern[str]], ...]
    verdict: Verdict

    def is_met(self, place: Mapping[str, str]) -> bool:
        """Whether every glob of the rule matches; `place` has the keys source, path and package."""
        return all(pattern.match(place[key]) for key, pattern in self.globs)


@dataclass(frozen=True)
class TierRules:
    """The rules in order: the first that matches decides."""

    rules: tuple[Rule, ...]

    def judge(self, source: str, path: str, package: str | None = None) -> Verdict:
        """The verdict on one sample; no tier and no reason where no rule matches."""
        place = {"source": source, "path": f"/{path}", "package": package or ""}
        return next((rule.verdict for rule in self.rules if rule.is_met(place)), Verdict(None, "no rule matches"))


def read_rules(path: Path | None = None) -> TierRules:
    """Reads a rule file, by default the one that comes with the demo; raises BadInput that names the faulty rule."""
    chosen = path or DEFAULT_RULES
    try:
        document = tomllib.loads(chosen.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(
            f"The tier rules in {chosen} cannot be read: {error}.", "Start from a copy of tiers.toml."
        ) from error
    entries = document.get("rule")
    if not isinstance(entries, list) or not entries:
        raise BadInput(f"The tier rules in {chosen} hold no [[rule]].", "Start from a copy of tiers.toml.")
    return TierRules(
        tuple(_read_rule(entry, place, chosen) for place, entry in enumerate(cast("list[object]", entries), 1))
    )


def _read_rule(entry: object, place: int, path: Path) -> Rule:
    try:
        return _parse_rule(entry)
    except ValueError as error:
        raise BadInput(
            f"Rule {place} in {path} cannot be used: {error}.", "Correct that rule and try again."
        ) from error


def _parse_rule(entry: object) -> Rule:
    if not isinstance(entry, dict):
        raise ValueError("it is not a [[rule]] table")
    table = cast("dict[str, object]", entry)
    if unknown := sorted(table.keys() - RULE_KEYS):
        raise ValueError(f"it has the unknown key {unknown[0]!r}")
    return Rule(tuple((key, _compile_globs(table[key])) for key in GLOB_KEYS if key in table), _parse_verdict(table))


def _parse_verdict(table: Mapping[str, object]) -> Verdict:
    tier, reason = table.get("tier"), table.get("reason")
    if tier is not None and (type(tier) is not int or tier not in (1, 2, 3, 4)):
        raise ValueError(f"its tier is {tier!r}, not 1, 2, 3 or 4")
    if not isinstance(reason, str) or not reason.strip():
        raise ValueError("it gives no reason")
    return Verdict(cast("int | None", tier), reason)


def _compile_globs(value: object) -> re.Pattern[str]:
    globs = cast("list[object]", value) if isinstance(value, list) else [value]
    if not globs or not all(isinstance(glob, str) for glob in globs):
        raise ValueError("its globs are not texts")
    return re.compile("|".join(fnmatch.translate(str(glob)) for glob in globs))
