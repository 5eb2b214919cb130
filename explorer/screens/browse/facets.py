"""The facets beside the table, and what a chosen one means for the view."""

from collections.abc import Sequence
from dataclasses import replace

from explorer.api.messages.browse import FacetRow
from explorer.screens.browse.rows import TIER_STYLES
from explorer.screens.shared.state import SavedState
from explorer.selection import FACETS, Selection
from widgets.facets import Facet

TITLES = {"tier": "tier", "origin": "origin", "language": "language"}
NONE = "none"
"""Key of a missing value."""

_TIER_NAMES = {"1": "1 expert", "2": "2 professional", "3": "3 educational", "4": "4 unfiltered", NONE: "– not tiered"}
_ALWAYS = {"tier": ("1", "2", "3", "4", NONE), "origin": ("human", "synthetic", "mixed", "unknown")}
"""Values that are listed even when no sample has them."""


def selection_of(state: SavedState) -> Selection:
    """Returns the view that was on the screen last."""
    facets = {
        name: tuple(_value(name, key) for key in keys) for name, keys in state.facets.items() if name in FACETS and keys
    }
    sort = ((str(state.sort[0]), bool(state.sort[1])),) if state.sort else ()
    return Selection(state.filter, facets, sort)


def keys_of(chosen: Selection) -> dict[str, list[str]]:
    """Returns the keys of the facet values that are chosen."""
    return {name: [_key(value) for value in values] for name, values in chosen.facets.items()}


def toggled(before: Selection, name: str, key: str) -> Selection:
    """Returns a selection with one value of a facet added, or taken out if it was there."""
    value = _value(name, key)
    chosen = before.facets.get(name, ())
    chosen = tuple(each for each in chosen if each != value) if value in chosen else (*chosen, value)
    facets = {each: values for each, values in before.facets.items() if each != name}
    return replace(before, facets={**facets, name: chosen} if chosen else facets)


def rows_of(
    name: str, counted: Sequence[FacetRow], asked: Selection, exact: bool
) -> tuple[list[Facet], frozenset[str]]:
    """Returns the rows of a facet list, and which are chosen; a chosen value stays listed when nothing has it."""
    counts = {_key(value): (samples, tokens) for value, samples, tokens in counted}
    chosen = [_key(value) for value in asked.facets.get(name, ())]
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
