"""The groups of samples that the stats screen can set side by side."""

from collections.abc import Mapping, Sequence

from explorer.api.messages.stats import BaselineShown, GroupAsked
from explorer.stats.conditions import all_of, is_one_of

BY = ("tier", "origin", "language")
TYPED = "typed"
"""Key of a filter that is still to be typed."""
ALONE = "alone"
"""Key of no second group."""


EVERYTHING = GroupAsked("everything")

FIXED = (
    EVERYTHING,
    *(GroupAsked(f"tier {tier}", f"tier = {tier}") for tier in (1, 2, 3, 4)),
    GroupAsked("human", "origin = 'human'"),
    GroupAsked("synthetic", "origin = 'synthetic'"),
)

STAGES = tuple(GroupAsked(f"mix for {stage}", "", stage) for stage in ("pre-training", "continued", "fine-tuning"))
"""What the mix would draw now."""


def view_group(filter_text: str, facets: Mapping[str, Sequence[str | int | None]]) -> GroupAsked | None:
    """Returns the group of what the browse screen shows; None where it shows everything."""
    chosen = (is_one_of(name, tuple(values)) for name, values in facets.items() if values)
    text = all_of(filter_text, *chosen)
    return GroupAsked("the view", text) if text else None


def options_of(groups: Sequence[GroupAsked]) -> list[tuple[str, str, str]]:
    """Returns groups as a prompt lists them."""
    hints = ("as the mix draws now" if group.stage else group.filter for group in groups)
    return [(str(number), group.name, hint) for number, (group, hint) in enumerate(zip(groups, hints, strict=True))]


def baseline_groups(listed: Sequence[BaselineShown]) -> list[GroupAsked]:
    """Returns the pinned baselines as groups."""
    return [GroupAsked(f"baseline {each.name}", each.filter) for each in listed]
