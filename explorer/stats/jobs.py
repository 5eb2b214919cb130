"""The question that the stats screen asks of an open index, and `corpus stats` in its own process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from explorer.errors import BadInput
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.reader.serve import JobFunction
from explorer.stats.baselines import Baseline, listed, pin
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

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "PageWish":
        """Reads a wish as it came through a pipe."""
        groups = tuple(Group.of(group) for group in told.get("groups", ())) or (Group("all"),)
        return cls(str(told["page"]), groups, told.get("baseline"), told.get("language"))


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


def stats_jobs(session: Session) -> dict[str, JobFunction]:
    """Returns the jobs on statistics of one open index by name."""
    return {
        "stats": lambda job: build_page(session, job, PageWish.of(job.args)).as_json(),
        "pin": lambda job: _told(pin(session, job, job.args["name"], job.args["filter"], job.args["accepted"])),
        "baselines": lambda _: {"baselines": [_told(each) for each in listed(session.place.workspace)]},
    }


def _told(baseline: Baseline) -> dict[str, Any]:
    return {
        "name": baseline.name,
        "filter": baseline.filter,
        "samples": baseline.samples,
        "tokens": baseline.tokens,
        "languages": list(baseline.languages),
    }
