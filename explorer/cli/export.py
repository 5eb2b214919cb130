"""`corpus export`, `verify`, `why`: the mix in files, and proof of it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import complete_paths, complete_stages, json_option, path_argument
from explorer.cli.output import Bar, bar, emit, emit_json, say
from explorer.cli.wording import wiped_lines
from explorer.errors import BadInput, ExplorerError
from widgets.numbers import count, counted, tokens

if TYPE_CHECKING:
    from explorer.exporting.export import Wanted
    from explorer.mixing.mix import Mix
    from explorer.open_corpus.session import Session


@click.command("export", short_help="Write a stage of the mix with its receipt.")
@path_argument
@click.option(
    "--stage",
    required=True,
    metavar="STAGE",
    shell_complete=complete_stages,
    help="pre-training, continued or fine-tuning.",
)
@click.option("--budget", metavar="TOKENS", help="Tokens to draw instead of the mix's budget: 1000000, 1.5M, fit.")
@click.option(
    "--out", required=True, metavar="DIR", shell_complete=complete_paths, help="A directory that does not exist yet."
)
@click.option("--format", "formats", default="parquet", show_default=True, metavar="parquet,jsonl")
@click.option("--seed", metavar="TEXT", help="The family of the draw; mixes of one family are nested.")
@click.option(
    "--secrets",
    type=click.Choice(("refuse", "drop", "redact")),
    default="refuse",
    show_default=True,
    help="What becomes of texts that hold a secret.",
)
@json_option
def export_command(
    path: str,
    workspace: str | None,
    stage: str,
    budget: str | None,
    out: str,
    formats: str,
    seed: str | None,
    secrets: str,
    as_json: bool,
) -> None:
    """Write one STAGE of the mix of PATH to DIR, with a receipt that proves where every row came from."""
    from explorer.cli.opening import job, opened
    from explorer.exporting.export import Wanted, export
    from explorer.mixing.mix_file import current_mix
    from explorer.mixing.wording import read_budget

    with opened(path, workspace, keeps=True) as corpus, bar("drawing") as shown:
        mix = current_mix(corpus.session.place.workspace)
        mix = replace(mix, family=seed) if seed else mix
        position = corpus.book.position()
        wanted = Wanted(
            stage=mix.stage(stage).name,
            target=Path(out).absolute(),
            formats=read_formats(formats),
            budget=read_budget(budget) if budget is not None else None,
            labels={"events": position.events, "sha256": position.sha256},
            secrets=secrets,
        )

        def report(progress: dict[str, Any]) -> None:
            if "leftover" in progress:
                say(f"Removing {progress['leftover']}, which a killed export left more than a day ago.")
            if "rows_done" in progress:
                shown.show("writing", progress["rows_done"], progress["rows"], f"{count(progress['rows'])} rows")

        manifest = export(corpus.session, job(report), mix, wanted)
        for line in wiped_lines(corpus.session):
            say(line)
        verdicts = _track(corpus.session, mix, wanted, manifest, shown)
    emit_json({**manifest, "diversity": verdicts}) if as_json else _tell(manifest)


def _track(session: "Session", mix: "Mix", wanted: "Wanted", manifest: dict[str, Any], shown: Bar) -> dict[str, str]:
    """Measures the export beside the pinned baseline; that it cannot is no fault of the export."""
    from explorer.cli.opening import job
    from explorer.stats.baselines import listed

    if not listed(session.place.workspace):
        return {}
    from explorer.stats.tracking import told, track

    def report(progress: dict[str, Any]) -> None:
        if "step" in progress:
            shown.show(progress["step"], progress["done"], progress["of"])

    try:
        seal = manifest["sha256"], manifest["created"]
        verdicts = track(session, job(report), mix, wanted.stage, wanted.budget, *seal)
    except ExplorerError as error:
        say(str(error))
        return {}
    if sentence := told(verdicts):
        say(sentence)
    return {language: str(level) for language, level in verdicts.items()}


def read_formats(text: str) -> tuple[str, ...]:
    """Reads the formats of an export, parted by commas; raises BadInput."""
    from explorer.exporting.writers import FORMATS

    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise BadInput(f"There is no format {', '.join(unknown) or text!r}.", f"Formats are {', '.join(FORMATS)}.")
    return names


def _tell(manifest: dict[str, Any]) -> None:
    for warning in manifest["plan"]["warnings"]:
        say(f"{warning['level'].upper():<6} {warning['text']}")
    shares = ", ".join(f"tier {tier} {part['share']:.2f}%" for tier, part in manifest["tiers"].items())
    emit(f"{count(manifest['rows'])} rows, {tokens(manifest['tokens'])} tokens in {manifest['out']}: {shares}.")
    if manifest["receipt_copy"] is None:
        say("The workspace could not take a copy of the receipt.")
    emit(f"Receipt: {manifest['receipt']}. Check it with `corpus verify {manifest['out']}`.")


@click.command("verify", short_help="Check an export against its receipt.")
@click.argument("directory", metavar="DIR", shell_complete=complete_paths)
@json_option
def verify_command(directory: str, as_json: bool) -> None:
    """Check every file of the export in DIR against its receipt: there, unchanged, whole, nothing else."""
    from explorer.exporting.verify import verify

    manifest, problems = verify(Path(directory))
    if as_json:
        emit_json(
            {"ok": not problems, "problems": list(problems), "rows": manifest["rows"], "tokens": manifest["tokens"]}
        )
    else:
        for problem in problems:
            emit(problem)
        if not problems:
            files = len(manifest["files"])
            emit(f"{counted(manifest['rows'], 'row')} in {counted(files, 'file')}: as the receipt says.")
    if problems:
        raise ExplorerError(f"{directory} is not as its receipt says.", "Export the mix again before you train on it.")


@click.command("why", short_help="Explain why a sample is in an export, or is not.")
@click.argument("directory", metavar="DIR", shell_complete=complete_paths)
@click.argument("sample", metavar="ID")
@click.option("--corpus", metavar="PATH", shell_complete=complete_paths, help="Where the corpus lies now, if it moved.")
@json_option
def why_command(directory: str, sample: str, corpus: str | None, as_json: bool) -> None:
    """Explain why the sample called ID is in the export in DIR, or why it is not."""
    from explorer.cli.opening import job, open_with_labels
    from explorer.cli.placing import find
    from explorer.exporting.why import why

    place = find(corpus, None) if corpus else None
    document = why(Path(directory), sample, job(), open_with_labels, place)
    if as_json:
        emit_json(document)
        return
    emit(f"{sample} is {'in' if document['included'] else 'not in'} {directory}.")
    for reason in document["reasons"]:
        emit(f"  {reason}")
    if source := document["source"]:
        emit(f"  It stands in {source['file']}, row group {source['row_group']}, row {source['row']}.")
