"""The question that the stats screen asks of an open index, and `corpus stats` in its own process."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from explorer.errors import BadInput
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.stats.groups import Group
from explorer.stats.page import COMPARING, PAGES, Page


@dataclass(frozen=True)
class PageWish:
    """Which page, over which groups."""

    page: str
    groups: tuple[Group, ...]
    baseline: str | None = None
    """Name of the pinned baseline that the groups are compared with; None takes the one pinned last, if any."""
    language: str | None = None
    """The language that is compared; None takes the one with the most tokens."""


Builder = Callable[[Session, Job, PageWish], Page]


def build_page(session: Session, job: Job, wish: PageWish) -> Page:
    """Builds a page; reports `step`, `done` and `of` where that takes long. Raises BadInput for an unknown page."""
    if wish.page not in PAGES:
        raise BadInput(f"There is no page {wish.page!r}.", f"Pages are {', '.join(PAGES)}.")
    if wish.page not in COMPARING and any(group.stage for group in wish.groups):
        raise BadInput(f"The page {wish.page} is not made of a mix.", f"These are: {', '.join(COMPARING)}.")
    if sum(group.stage is not None for group in wish.groups) > 1:
        raise BadInput("Only one stage of the mix can be compared at a time.", "Set samples of a filter beside it.")
    build: Builder = import_module(f"explorer.stats.{wish.page}").build
    return build(session, job, wish)
