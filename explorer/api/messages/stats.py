"""Requests about pages of statistics and baselines."""

from dataclasses import dataclass

from explorer.api.requests import Request
from explorer.stats.page import Page


@dataclass(frozen=True)
class GroupAsked:
    """Samples under one name: those of a filter, or what the mix draws for a stage."""

    name: str
    filter: str = ""
    stage: str | None = None


@dataclass(frozen=True)
class StatsRequest(Request[Page], name="stats", seconds=None):
    """One page of statistics over some groups."""

    page: str
    groups: tuple[GroupAsked, ...]
    baseline: str | None = None
    """Name of the pinned baseline to compare with; None takes the one pinned last, if any."""
    language: str | None = None
    """The language to compare; None takes the one with the most tokens."""


@dataclass(frozen=True)
class BaselineShown:
    """What a baseline says of itself."""

    name: str
    filter: str
    samples: int
    tokens: int
    languages: tuple[str, ...]


@dataclass(frozen=True)
class PinRequest(Request[BaselineShown], name="pin", seconds=None):
    """Pins the samples of a filter as a baseline, with the exceptions that are accepted."""

    name: str
    filter: str
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Baselines:
    """All pinned baselines, the latest first."""

    baselines: tuple[BaselineShown, ...]


@dataclass(frozen=True)
class BaselinesRequest(Request[Baselines], name="baselines"):
    """The pinned baselines."""
