"""`corpus serve`: the reader process of an open screen; the UI starts it, here or at the far end of `ssh`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import path_argument

if TYPE_CHECKING:
    from explorer.job import Job
    from explorer.mixing.mix import Mix
    from explorer.open_corpus.session import Session


@click.command("serve", short_help="Answer a screen's questions over stdin and stdout.")
@path_argument
@click.option("--base", metavar="DIR", hidden=True, help="Where the corpus lies, in place of what the workspace says.")
@click.option("--pattern", metavar="GLOB", hidden=True, help="Which files of DIR.")
@click.option("--read-only", is_flag=True, hidden=True, help="Keep nothing in the workspace.")
def serve_command(path: str, workspace: str | None, base: str | None, pattern: str | None, read_only: bool) -> None:
    """Answer a screen's questions about the corpus at PATH over stdin and stdout until the pipe closes."""
    from explorer.api.browse import session_jobs
    from explorer.api.clusters import cluster_jobs
    from explorer.api.reasons import reason_jobs
    from explorer.cli.opening import follow_mix, job
    from explorer.corpus.workspace import locate, place_of_workspace
    from explorer.open_corpus.session import Session
    from explorer.reader.serve import serve
    from explorer.stats.jobs import stats_jobs

    place = place_of_workspace(path, base, pattern) if base else locate(path, workspace)
    session = Session(place, keeps=not read_only)
    follow_mix(session, job())
    serve(
        {
            **session_jobs(session),
            **cluster_jobs(session),
            **reason_jobs(session),
            **stats_jobs(session),
            "stock": lambda job: stock(session, job),
            "target": lambda job: target(session, job),
            "export": lambda job: export(session, job),
            "track": lambda job: track_export(session, job),
        }
    )


def stock(session: "Session", job: "Job") -> dict[str, Any]:
    """What each tier has to give to each stage of the `mix` → `stock`: for each stage a list of tiers."""
    from dataclasses import asdict

    from explorer.exporting.drawing import stock_of

    found = stock_of(session, job, mix_of(job.args["mix"]))
    return {"stock": {stage: [asdict(tier) for tier in tiers] for stage, tiers in found.items()}}


def target(session: "Session", job: "Job") -> dict[str, Any]:
    """Whether an export may be written to `target`: fails with the reason where it may not."""
    from explorer.exporting.staging import check_target

    check_target(Path(str(job.args["target"])), session.place)
    return {}


def export(session: "Session", job: "Job") -> dict[str, Any]:
    """Writes `stage` of the `mix` to `target` in `formats`, labels read at position `labels` → the receipt."""
    from explorer.exporting.export import Wanted
    from explorer.exporting.export import export as write

    args = job.args
    wanted = Wanted(
        stage=str(args["stage"]),
        target=Path(str(args["target"])),
        formats=tuple(args["formats"]),
        budget=args.get("budget"),
        labels=dict(args["labels"]),
    )
    return write(session, job, mix_of(args["mix"]), wanted)


def track_export(session: "Session", job: "Job") -> dict[str, Any]:
    """Measures the export of `stage` of the `mix` that has the `receipt`, beside the baseline → `told`, a sentence."""
    from explorer.stats.tracking import told, track

    args = job.args
    verdicts = track(session, job, mix_of(args["mix"]), str(args["stage"]), args.get("budget"), args["receipt"])
    return {"told": told(verdicts)}


def mix_of(settings: Mapping[str, Any]) -> "Mix":
    """Reads a mix as it came through the pipe."""
    from explorer.api.clusters import policy_of
    from explorer.mixing.mix import Mix, Rules, StageMix
    from explorer.quality.gates import GateRules

    stages = tuple(
        StageMix(
            stage["name"],
            {int(tier): float(weight) for tier, weight in stage["weights"].items()},
            stage["budget"],
            stage["human_share"],
        )
        for stage in settings["stages"]
    )
    gates = GateRules(tuple(settings["gates"]["exclude"]), float(settings["gates"]["least_quality"]))
    return Mix(settings["family"], stages, Rules(**settings["rules"]), policy_of(settings["clusters"]), gates)
