"""The facets beside the table, and what a chosen one means for the view."""

from collections.abc import Sequence
from typing import Any

from explorer.screens.browse.rows import TIER_STYLES
from explorer.screens.shared.state import SavedState
from widgets.facets import Facet

FACETS = ("tier", "origin", "language")
TITLES = {"tier": "tier", "origin": "origin", "language": "language"}
NONE = "none"
"""Key of a missing value."""

_TIER_NAMES = {"1": "1 expert", "2": "2 professional", "3": "3 educational", "4": "4 unfiltered", NONE: "– not tiered"}
_ALWAYS = {"tier": ("1", "2", "3", "4", NONE), "origin": ("human", "synthetic", "mixed", "unknown")}
"""Values that are listed even when no sample has them."""

Wish = dict[str, Any]


def wish_of(state: SavedState) -> Wish:
    """Returns the view that was on the screen last."""
    facets = {
        name: [_value(name, key) for key in keys] for name, keys in state.facets.items() if name in FACETS and keys
    }
    return {"filter": state.filter, "facets": facets, "sort": [list(state.sort)] if state.sort else []}


def keys_of(wish: Wish) -> dict[str, list[str]]:
    """Returns the chosen facet keys of a wish."""
    return {name: [_key(value) for value in values] for name, values in wish["facets"].items()}


def toggled(wish: Wish, name: str, key: str) -> Wish:
    """Returns a wish with one value of a facet added, or taken out if it was there."""
    value = _value(name, key)
    chosen = list(wish["facets"].get(name, ()))
    chosen = [each for each in chosen if each != value] if value in chosen else [*chosen, value]
    facets = {each: values for each, values in wish["facets"].items() if each != name}
    return {**wish, "facets": {**facets, name: chosen} if chosen else facets}


def rows_of(name: str, counted: Sequence[Sequence[Any]], wish: Wish, exact: bool) -> tuple[list[Facet], frozenset[str]]:
    """Returns the rows of a facet list, and which are chosen; a chosen value stays listed when nothing has it."""
    counts = {_key(value): (samples, tokens) for value, samples, tokens in counted}
    chosen = [_key(value) for value in wish["facets"].get(name, ())]
    keys = dict.fromkeys((*_ALWAYS.get(name, ()), *counts, *chosen))
    facets = [
        Facet(key, _label(name, key), *counts.get(key, (0, 0)), _style(name, key), exact or key not in counts)
        for key in keys
    ]
    return facets, frozenset(chosen)


def _label(name: str, key: str) -> str:
    if name == "tier":
        return _TIER_NAMES.get(key, key)
    return "– not named" if key == NONE else key


def _style(name: str, key: str) -> str:
    return TIER_STYLES.get(int(key), "") if name == "tier" and key.isdecimal() else ""


def _key(value: str | int | None) -> str:
    return NONE if value is None else str(value)


def _value(name: str, key: str) -> str | int | None:
    if key == NONE:
        return None
    return int(key) if name == "tier" and key.isdecimal() else key
