"""The steps from a plan to its files: where to, in which formats, yes or no, progress, and what came of it."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.api.calls import call
from explorer.api.messages.mixes import ExportRequest, LabelPosition, TargetRequest, TrackRequest
from explorer.api.requests import ProgressReport
from explorer.errors import ExplorerError
from explorer.mixing.figures import StagePlan, TierPlan
from explorer.mixing.mix import Mix
from explorer.reader.client import Superseded
from widgets import numbers
from widgets.prompts import Ask, Confirm, Pick, Progress

if TYPE_CHECKING:
    from explorer.screens.shared.corpus_screen import CorpusScreen

_FORMATS = (
    ("parquet", "Parquet", "zstd, one row a sample"),
    ("jsonl", "JSON lines", "id, text, meta; one object a line"),
    ("parquet,jsonl", "both", "the same rows twice"),
)


async def export_stage(screen: "CorpusScreen", mix: Mix, plan: StagePlan) -> None:
    """Asks what is open, then writes a stage of the mix; cancelling leaves nothing behind."""
    target = await _ask_target(screen, plan.stage)
    if target is None:
        return
    formats = await screen.app.push_screen_wait(Pick("In which format?", _FORMATS))
    if formats is None:
        return
    if await screen.app.push_screen_wait(
        Confirm(f"Write the {plan.stage} mix?", _summary(plan, target), yes_text="write")
    ):
        await _write(screen, mix, plan.stage, target, formats)


async def _ask_target(screen: "CorpusScreen", stage: str) -> str | None:
    """Asks where to until it can be written there; what was typed stays to be mended."""
    target: str | None = _suggestion(screen, stage)
    while target:
        target = await screen.app.push_screen_wait(
            Ask(f"Export {stage} to", "a directory that does not exist yet", target)
        )
        if target and await screen.asked(TargetRequest(_absolute(target))) is not None:
            return target
    return None


def _absolute(target: str) -> str:
    return str(Path(target).expanduser().absolute())


def _suggestion(screen: "CorpusScreen", stage: str) -> str:
    """Names a free directory beside the corpus."""
    described = screen.workbench.described
    base = Path(described.base if described is not None else ".")
    name = base.parent / f"{base.name}-{stage}"
    number = 2
    while name.exists():
        name = base.parent / f"{base.name}-{stage}-{number}"
        number += 1
    return str(name)


def _summary(plan: StagePlan, target: str) -> str:
    lines = [f"about {numbers.count(plan.drawn_tokens)} tokens to {target}", ""]
    lines += [_tier_line(part) for part in plan.tiers if part.drawn_tokens]
    severe = [warning.text for warning in plan.warnings if warning.level != "info"]
    return "\n".join([*lines, "", *severe])


def _tier_line(part: TierPlan) -> str:
    tokens = f"{numbers.short(part.drawn_tokens):>7} tokens"
    return f"tier {part.tier}  {part.realised:5.1f}%  {tokens}  {part.epochs:.2f} epochs"


async def _write(screen: "CorpusScreen", mix: Mix, stage: str, target: str, formats: str) -> None:
    reader, position = screen.workbench.reader, screen.workbench.book.position()
    window = Progress(f"Writing the {stage} mix", lambda: reader.cancel("export"))

    def progress(news: ProgressReport) -> None:
        if news.rows is not None:
            shown = f"{numbers.count(news.rows_done)} of {numbers.count(news.rows)} rows"
            window.update(news.rows_done / max(news.rows, 1), shown)

    screen.app.push_screen(window)
    try:
        labels = LabelPosition(position.events, position.sha256)
        request = ExportRequest(mix, stage, _absolute(target), tuple(formats.split(",")), labels)
        written = await call(reader, request, on_progress=progress)
    except Superseded:
        screen.notify(await asyncio.to_thread(stopped, Path(_absolute(target))), timeout=8)
    except ExplorerError as error:
        screen.tell(error)
    else:
        size = f"{numbers.count(written.rows)} rows, {numbers.count(written.tokens)} tokens"
        screen.notify(f"{size} in {written.out}. `corpus verify` checks them any time.", timeout=12)
        screen.run_worker(_track(screen, TrackRequest(mix, stage, written.seal)), group="track", exit_on_error=False)
    finally:
        window.dismiss()


def stopped(target: Path) -> str:
    """Says what a stopped export has left: nothing, the whole export where it was done, or a hidden folder."""
    if os.path.lexists(target):
        return f"The export was complete before it could be stopped: {target}."
    try:
        left = [path for path in target.parent.iterdir() if path.name.startswith(f".{target.name}.tmp-")]
    except OSError:
        return "The export was stopped."
    if left:
        return f"The export was stopped. {left[0]} could not be removed."
    return "The export was stopped; nothing was left behind."


async def _track(screen: "CorpusScreen", request: TrackRequest) -> None:
    """Compares the export with the baseline; the export itself does not wait for it."""
    found = await screen.asked(request)
    if found is not None and found.sentence:
        screen.notify(found.sentence, timeout=12)
