"""Answers requests about pages of statistics and baselines."""

from explorer.api.messages.stats import (
    Baselines,
    BaselineShown,
    BaselinesRequest,
    PinRequest,
    StatsRequest,
)
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from explorer.stats.baselines import Baseline, listed, pin
from explorer.stats.groups import Group
from explorer.stats.jobs import PageWish, build_page
from explorer.stats.page import Page


def page(session: Session, job: Job, asked: StatsRequest) -> Page:
    """Builds a page over some groups."""
    groups = tuple(Group(group.name, Selection(group.filter), group.stage) for group in asked.groups)
    return build_page(session, job, PageWish(asked.page, groups or (Group("all"),), asked.baseline, asked.language))


def pinned(session: Session, job: Job, asked: PinRequest) -> BaselineShown:
    """Pins a baseline."""
    return _shown(pin(session, job, asked.name, asked.filter, asked.accepted))


def baselines(session: Session, job: Job, asked: BaselinesRequest) -> Baselines:
    """The pinned baselines."""
    return Baselines(tuple(map(_shown, listed(session.place.workspace))))


def _shown(baseline: Baseline) -> BaselineShown:
    return BaselineShown(baseline.name, baseline.filter, baseline.samples, baseline.tokens, tuple(baseline.languages))


HANDLERS = (page, pinned, baselines)
