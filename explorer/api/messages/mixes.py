"""Requests about a mix: what it draws from, and its export."""

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.api.requests import Done, Request
from explorer.mixing.figures import TierStock
from explorer.mixing.mix import Budget, Mix


@dataclass(frozen=True)
class StageStocks:
    """What each tier has to give to each stage."""

    stock: Mapping[str, tuple[TierStock, ...]]


@dataclass(frozen=True)
class StockRequest(Request[StageStocks], name="stock", channel="stats", seconds=None):
    """What the tiers have to give to the stages of a mix."""

    mix: Mix


@dataclass(frozen=True)
class TargetRequest(Request[Done], name="target"):
    """Whether an export may be written to a path; fails with the reason where it may not."""

    target: str


@dataclass(frozen=True)
class Seal:
    """What the manifest of an export is known by."""

    sha256: str
    created: str


@dataclass(frozen=True)
class Exported:
    """An export that was written."""

    out: str
    rows: int
    tokens: int
    seal: Seal


@dataclass(frozen=True)
class LabelPosition:
    """Up to which decision the labels of an export are read."""

    events: int
    sha256: str


@dataclass(frozen=True)
class ExportRequest(Request[Exported], name="export", seconds=None):
    """Writes a stage of a mix to `target`."""

    mix: Mix
    stage: str
    target: str
    formats: tuple[str, ...]
    labels: LabelPosition
    budget: Budget | None = None


@dataclass(frozen=True)
class Tracked:
    """How an export compares with the baseline, in a sentence; empty where nothing was judged."""

    sentence: str


@dataclass(frozen=True)
class TrackRequest(Request[Tracked], name="track", seconds=None):
    """Measures the export of a stage that carries a seal, next to the baseline."""

    mix: Mix
    stage: str
    seal: Seal
    budget: Budget | None = None
