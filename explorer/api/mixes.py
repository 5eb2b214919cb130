"""Answers requests about a mix and its export."""

from pathlib import Path

from explorer.api.messages.mixes import (
    Exported,
    ExportRequest,
    Seal,
    StageStocks,
    StockRequest,
    TargetRequest,
    Tracked,
    TrackRequest,
)
from explorer.api.requests import Done, to_json
from explorer.exporting.drawing import stock_of
from explorer.exporting.export import Wanted
from explorer.exporting.export import export as write
from explorer.exporting.staging import check_target
from explorer.job import Job
from explorer.open_corpus.session import Session


def stock(session: Session, job: Job, asked: StockRequest) -> StageStocks:
    """What each tier has to give to each stage."""
    return StageStocks({stage: tuple(tiers) for stage, tiers in stock_of(session, job, asked.mix).items()})


def target(session: Session, job: Job, asked: TargetRequest) -> Done:
    """Whether an export may be written there."""
    check_target(Path(asked.target), session.place)
    return Done()


def export(session: Session, job: Job, asked: ExportRequest) -> Exported:
    """Writes a stage of the mix."""
    wanted = Wanted(asked.stage, Path(asked.target), asked.formats, asked.budget, labels=to_json(asked.labels))
    manifest = write(session, job, asked.mix, wanted)
    seal = Seal(manifest["sha256"], manifest["created"])
    return Exported(manifest["out"], manifest["rows"], manifest["tokens"], seal)


def track_export(session: Session, job: Job, asked: TrackRequest) -> Tracked:
    """Measures an export next to the baseline."""
    from explorer.stats.tracking import told, track  # loads the compiled kernels, which few sessions need

    verdicts = track(session, job, asked.mix, asked.stage, asked.budget, asked.seal.sha256, asked.seal.created)
    return Tracked(told(verdicts))


HANDLERS = (stock, target, export, track_export)
