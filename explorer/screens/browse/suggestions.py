"""Accepting suggested tiers: of a sample, of the marked ones, or of a view where enough were right before."""

from typing import TYPE_CHECKING

from explorer.api.messages.reasons import Suggested, SuggestedInBulk, SuggestedInBulkRequest, SuggestedRequest
from explorer.labels.decisions import SampleRef, Value
from explorer.screens.shared.labelling import Wanted
from explorer.selection import Selection
from widgets import numbers
from widgets.prompts import Confirm

if TYPE_CHECKING:
    from explorer.screens.browse.screen import BrowseScreen


async def accept_rows(screen: "BrowseScreen", rows: list[int], position: int | None) -> bool:
    """Accepts the suggested tiers of some rows; tells whether there were any."""
    found = await screen.asked(SuggestedRequest(tuple(rows)))
    if found is None:
        return False
    values = values_of(found)
    if not values:
        screen.notify("No tier is suggested here.")
        return False
    if len(rows) > 1 and not await _agree(screen, values):
        return False
    place = position if len(values) == 1 else None
    generation = screen.table.generation
    screen.decisions.put(
        Wanted(tuple(values), "accepted", next(iter(values.values())), place, generation, values=values)
    )
    return True


async def accept_view(screen: "BrowseScreen", wish: Selection) -> None:
    """Accepts what is suggested for every sample of a view without a tier, where their record allows it."""
    found = await screen.asked(SuggestedInBulkRequest(wish))
    if found is None:
        return
    limit = found.limit
    if limit is None:
        screen.notify(found.why_not, severity="warning", timeout=10)
        return
    values = values_of(found)
    if not values:
        screen.notify(f"No sample without a tier here has a suggestion of at least {100 * limit.theta:.0f}%.")
        return
    if await _agree(screen, values, f"{limit.correct} of {limit.of} such suggestions agreed with your own tiers."):
        screen.decisions.put(Wanted(tuple(values), "accepted", values=values))


def values_of(found: Suggested | SuggestedInBulk) -> dict[SampleRef, Value]:
    """Returns the suggested tier of each sample."""
    return {SampleRef(sample, sha256): tier for sample, sha256, tier in found.keys}


async def _agree(screen: "BrowseScreen", values: dict[SampleRef, Value], record: str = "") -> bool:
    counts = {tier: sum(value == tier for value in values.values()) for tier in (1, 2, 3, 4)}
    listed = ", ".join(f"tier {tier}: {numbers.count(count)}" for tier, count in counts.items() if count)
    title = f"Accept the suggested tiers of {numbers.counted(len(values), 'sample')}?"
    body = "\n".join(filter(None, (listed, record, "One undo (u) takes all of it back.")))
    return await screen.app.push_screen_wait(Confirm(title, body))
