"""The steps to a verdict on a whole cluster: what it means, yes or no."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from explorer.api.messages.clusters import SplitRequest
from explorer.labels.judging import Member, judging
from explorer.screens.shared.labelling import Wanted
from widgets import numbers
from widgets.prompts import Confirm

if TYPE_CHECKING:
    from explorer.screens.clusters.screen import ClustersScreen

_TITLES = {
    "duplicates": "These are duplicates",
    "different": "These are not duplicates",
    "split": "Part the cluster in two",
}
_MEANINGS = {
    "duplicates": "Members that only a chain connects with the survivor are left out of a mix as well.",
    "different": "Each member stands on its own from now on; only exact copies stay together.",
    "split": "Each part gets a survivor of its own.",
}


async def ask_verdict(screen: "ClustersScreen", verdict: str) -> Wanted | None:
    """Returns the decision that a verdict is, once it was confirmed."""
    cluster = screen.cluster
    if cluster is None:
        return None
    members = cluster.members
    parts: Sequence[Sequence[str]] = ()
    meaning = _MEANINGS[verdict]
    if verdict == "split":
        found = await screen.asked(SplitRequest(cluster.cluster))
        if found is None:
            return None
        if not found.parts:
            screen.notify("All members have the same content: there is no link to part it at.", severity="warning")
            return None
        parts = found.parts
        sizes = " and ".join(numbers.count(len(part)) for part in parts)
        meaning = f"{meaning}\n\nThe weakest link is {found.similarity:.3f}; it parts {sizes}."
    title = f"{_TITLES[verdict]} ({numbers.counted(len(members), 'member')})"
    if not await screen.app.push_screen_wait(Confirm(title, f"{meaning}\n\nOne undo (u) takes it back.")):
        return None
    values = judging([Member.of(member) for member in members], verdict, parts)
    return Wanted(tuple(values), "cluster_verdict", values=values)
