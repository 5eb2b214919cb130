"""The keys of `mix.toml`: what each may hold, and how a mix is laid out over them and back."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from explorer.errors import BadInput
from explorer.fingerprints.policy import CRITERIA, LOWEST_THRESHOLD, Policy, read_order
from explorer.mixing.mix import STAGES, TIERS, UNTIERED, Budget, Mix, Rules, StageMix, WhenShort, default_mix, tier_key
from explorer.quality.gates import GATES, OPTOUT, GateRules, read_gates

FORMAT = 1
LARGEST_BUDGET = 10**15
LONGEST_FAMILY = 200
LONGEST_SHOWN = 60

Key = tuple[str, ...]
Setting = str | int | float | bool
Settings = Mapping[Key, Setting]
"""A mix laid flat: the path of a key to its value."""

Check = Callable[[object], Setting | None]
"""Reads a value as it stands in the file; `None` where it cannot be used."""


def dotted(key: Key) -> str:
    """Write a key's path as a person finds it in the file; foreign characters are escaped."""
    return ".".join(
        part if part.replace("-", "").replace("_", "").isalnum() and part.isascii() else repr(part) for part in key
    )


def settings_of(mix: Mix) -> dict[Key, Setting]:
    """Lay a mix flat, in the order of the file."""
    rules = mix.rules
    flat: dict[Key, Setting] = {
        ("family",): mix.family,
        ("rules", "epoch_cap"): rules.epoch_cap,
        ("rules", "repo_share"): rules.repo_share,
        ("rules", "when_short"): rules.when_short,
        ("rules", "include_untiered"): rules.include_untiered,
    }
    flat["clusters", "threshold"] = mix.clusters.threshold
    flat["clusters", "survivors"] = ", ".join(mix.clusters.order)
    flat["clusters", "chains"] = "keep" if mix.clusters.keeps_chains else "drop"
    flat["clusters", "alarm"] = mix.clusters.alarm
    flat["gates", "exclude"] = ", ".join(code for code in GATES if code in mix.gates.exclude and code != OPTOUT)
    flat["gates", "least_quality"] = mix.gates.least_quality
    for stage in mix.stages:
        flat["stages", stage.name, "budget"] = stage.budget
        flat["stages", stage.name, "human_share"] = stage.human_share
        for tier, weight in (dict.fromkeys(TIERS, 0.0) | dict(stage.weights)).items():
            flat["stages", stage.name, "weights", tier_key(tier)] = weight
    return flat


def mix_of(settings: Settings) -> Mix:
    """Build a mix from checked settings; what is missing takes its default, a tier missing among weights gets none."""
    plain = default_mix()
    family = str(settings.get(("family",), plain.family))
    stages = tuple(_stage_of(stage, settings) for stage in plain.stages)
    return Mix(family, stages, _rules_of(settings), _clusters_of(settings), _gates_of(settings))


def checked(tables: Mapping[str, object], where: str) -> dict[Key, Setting]:
    """Pick the known keys out of a parsed file; raises `BadInput` naming the file, the key and what to write."""
    found: dict[Key, Setting] = {}
    for key, (check, wish) in KEYS.items():
        present, value = _look_up(tables, key, where)
        if not present:
            continue
        setting = check(value)
        if setting is None:
            raise BadInput(f"{where}: {dotted(key)} is {_shown(value)}.", f"Write {wish}.")
        found[key] = setting
    return found


def unknown_keys_of(tables: Mapping[str, object]) -> tuple[str, ...]:
    """List the keys that mean nothing to a mix, as a mistyped one would."""
    return tuple(dotted(key) for key in _leaves(tables, ()) if key not in KEYS)


def _leaves(table: Mapping[str, object], above: Key) -> list[Key]:
    leaves: list[Key] = []
    for name, value in table.items():
        key = (*above, name)
        inner = any(known[: len(key)] == key for known in KEYS if len(known) > len(key))
        leaves += _leaves(value, key) if inner and isinstance(value, Mapping) else [key]
    return leaves


def _look_up(tables: Mapping[str, object], key: Key, where: str) -> tuple[bool, object]:
    value: object = tables
    for depth, part in enumerate(key):
        if not isinstance(value, Mapping):
            raise BadInput(f"{where}: {dotted(key[:depth])} is {_shown(value)}.", "Write a table of keys there.")
        if part not in value:
            return False, None
        value = value[part]
    return True, value


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _stage_of(plain: StageMix, settings: Settings) -> StageMix:
    names = {tier_key(tier): tier for tier in (*TIERS, UNTIERED)}
    given = {
        names[key[-1]]: float(weight)
        for key, weight in settings.items()
        if key[:-1] == ("stages", plain.name, "weights")
    }
    weights = dict.fromkeys(TIERS, 0.0) | given if given else plain.weights
    return replace(
        plain,
        weights=weights,
        budget=cast("Budget", settings.get(("stages", plain.name, "budget"), plain.budget)),
        human_share=float(settings.get(("stages", plain.name, "human_share"), plain.human_share)),
    )


def _rules_of(settings: Settings) -> Rules:
    plain = Rules()
    return Rules(
        epoch_cap=float(settings.get(("rules", "epoch_cap"), plain.epoch_cap)),
        repo_share=float(settings.get(("rules", "repo_share"), plain.repo_share)),
        when_short=cast("WhenShort", settings.get(("rules", "when_short"), plain.when_short)),
        include_untiered=bool(settings.get(("rules", "include_untiered"), plain.include_untiered)),
    )


def _clusters_of(settings: Settings) -> Policy:
    plain = Policy()
    order = read_order(str(settings.get(("clusters", "survivors"), "")))
    return Policy(
        threshold=float(settings.get(("clusters", "threshold"), plain.threshold)),
        order=order or plain.order,
        keeps_chains=settings.get(("clusters", "chains"), "keep") == "keep",
        alarm=float(settings.get(("clusters", "alarm"), plain.alarm)),
    )


def _gates_of(settings: Settings) -> GateRules:
    plain = GateRules()
    exclude = settings.get(("gates", "exclude"))
    return GateRules(
        plain.exclude if exclude is None else read_gates(str(exclude)) or (),
        float(settings.get(("gates", "least_quality"), plain.least_quality)),
    )


def _exclude(value: object) -> str | None:
    codes = read_gates(value) if isinstance(value, str) else None
    return None if codes is None else ", ".join(code for code in codes if code != OPTOUT)


def _survivors(value: object) -> str | None:
    order = read_order(value) if isinstance(value, str) else None
    return ", ".join(order) if order else None


def _number(least: float, most: float, above: bool = False) -> Check:
    """Accept a number from `least`, or only above it, to `most`."""

    def check(value: object) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            return None
        return None if above and value == least else float(value)

    return check


def _budget(value: object) -> Budget | None:
    if value == "fit":
        return "fit"
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= LARGEST_BUDGET:
        return None
    return int(value) if value == math.floor(value) else None


def _family(value: object) -> str | None:
    usable = isinstance(value, str) and 0 < len(value) <= LONGEST_FAMILY and value.isprintable()
    return str(value) if usable else None


def _either(*choices: Setting) -> Check:
    return lambda value: next((choice for choice in choices if value == choice and type(value) is type(choice)), None)


_WEIGHT = (_number(0, 100), "a percentage from 0 to 100")

KEYS: Mapping[Key, tuple[Check, str]] = {
    ("format",): (_either(FORMAT), f"{FORMAT}, the only format this version reads"),
    ("family",): (_family, f"a text in quotes of 1 to {LONGEST_FAMILY} printable characters"),
    ("rules", "epoch_cap"): (_number(1, 1000), "a number from 1 to 1000"),
    ("rules", "repo_share"): (_number(0, 100, above=True), "a percentage above 0 and up to 100"),
    ("rules", "when_short"): (_either("keep", "redistribute"), '"keep" or "redistribute"'),
    ("rules", "include_untiered"): (_either(True, False), "true or false"),
    ("clusters", "threshold"): (_number(LOWEST_THRESHOLD, 1), f"a similarity from {LOWEST_THRESHOLD:g} to 1"),
    ("clusters", "survivors"): (_survivors, f"some of {', '.join(CRITERIA)}, each once, parted by commas"),
    ("clusters", "chains"): (_either("keep", "drop"), '"keep" or "drop"'),
    ("clusters", "alarm"): _WEIGHT,
    ("gates", "exclude"): (_exclude, f"some of {', '.join(GATES)}, each once, parted by commas; or nothing"),
    ("gates", "least_quality"): _WEIGHT,
    **{
        ("stages", stage, key): check
        for stage in STAGES
        for key, check in {
            "budget": (_budget, f'a whole number of tokens from 1 to {LARGEST_BUDGET}, or "fit"'),
            "human_share": _WEIGHT,
        }.items()
    },
    **{("stages", stage, "weights", tier_key(tier)): _WEIGHT for stage in STAGES for tier in (*TIERS, UNTIERED)},
}
