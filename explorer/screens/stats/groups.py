"""The groups of samples that the stats screen can set side by side."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from explorer.stats.conditions import all_of, is_one_of

BY = ("tier", "origin", "language")
TYPED = "typed"
"""Key of a filter that is still to be typed."""
ALONE = "alone"
"""Key of no second group."""


class GroupWish(NamedTuple):
    """A group by its name and its filter, as the reader takes it."""

    name: str
    filter: str = ""
    stage: str | None = None
    """The stage of the mix whose draw it is, for the pages that compare."""

    def told(self) -> dict[str, str | None]:
        """Returns the group as it goes through the pipe."""
        return {"name": self.name, "filter": self.filter, "stage": self.stage}


EVERYTHING = GroupWish("everything")

FIXED = (
    EVERYTHING,
    *(GroupWish(f"tier {tier}", f"tier = {tier}") for tier in (1, 2, 3, 4)),
    GroupWish("human", "origin = 'human'"),
    GroupWish("synthetic", "origin = 'synthetic'"),
)

STAGES = tuple(GroupWish(f"mix for {stage}", "", stage) for stage in ("pre-training", "continued", "fine-tuning"))
"""What the mix would draw now."""


def view_group(filter_text: str, facets: Mapping[str, Sequence[str | int | None]]) -> GroupWish | None:
    """Returns the group of what the browse screen shows; None where it shows everything."""
    chosen = (is_one_of(name, tuple(values)) for name, values in facets.items() if values)
    text = all_of(filter_text, *chosen)
    return GroupWish("the view", text) if text else None


def options_of(groups: Sequence[GroupWish]) -> list[tuple[str, str, str]]:
    """Returns groups as a prompt lists them."""
    hints = ("as the mix draws now" if group.stage else group.filter for group in groups)
    return [(str(number), group.name, hint) for number, (group, hint) in enumerate(zip(groups, hints, strict=True))]


def baseline_groups(listed: Sequence[Mapping[str, Any]]) -> list[GroupWish]:
    """Returns the pinned baselines as groups."""
    return [GroupWish(f"baseline {each['name']}", str(each["filter"])) for each in listed]
