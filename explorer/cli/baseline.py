"""`corpus baseline`: pins human code as the measure of diversity."""

from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import json_option, path_argument
from explorer.cli.output import aligned, emit, emit_json
from explorer.errors import BadInput
from widgets.numbers import count, tokens

if TYPE_CHECKING:
    from explorer.stats.baselines import Baseline

ACTIONS = ("list", "pin", "show", "remove")


@click.command("baseline", short_help="Pin human code as the measure of diversity; list what is pinned.")
@path_argument
@click.argument("action", metavar="[list|pin|show|remove]", type=click.Choice(ACTIONS), default="list")
@click.argument("name", metavar="[NAME]", default="")
@click.argument("filter_text", metavar="[FILTER]", default="")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="small,undated,tiers",
    help="Pin all the same: fewer than 200 repositories or 2M tokens, dates unknown or late, tiers but 1 and 2.",
)
@json_option
def baseline_command(
    path: str,
    workspace: str | None,
    action: str,
    name: str,
    filter_text: str,
    accepted: tuple[str, ...],
    as_json: bool,
) -> None:
    """Pin the samples of PATH that pass FILTER as a human baseline called NAME, or list, show, remove baselines.

    A baseline is frozen as ids and hashes: what is added to the corpus later, or labelled, never changes it.
    """
    if action != "list" and not name:
        raise BadInput(f"Which baseline shall I {action}?", f"`corpus baseline PATH {action} NAME`.")
    if action == "list":
        _list(path, workspace, as_json)
    elif action == "pin":
        _tell(_pin(path, workspace, name, filter_text, accepted), "pinned", as_json)
    else:
        _tell(_kept(path, workspace, name, action), "removed" if action == "remove" else "", as_json)


def _list(path: str, workspace: str | None, as_json: bool) -> None:
    from explorer.cli.placing import find
    from explorer.stats.baselines import listed

    found = listed(find(path, workspace).workspace)
    if as_json:
        emit_json({"baselines": [_document(each) for each in found]})
        return
    if not found:
        emit("No baseline is pinned. `corpus baseline PATH pin NAME FILTER` pins one.")
        return
    rows = [("name", "id", "samples", "tokens", "pinned", "filter")]
    rows += [
        (each.name, each.digest, count(each.samples), tokens(each.tokens, exact=False), each.created[:10], each.filter)
        for each in found
    ]
    emit(aligned(rows, right=(2, 3)))


def _pin(path: str, workspace: str | None, name: str, filter_text: str, accepted: tuple[str, ...]) -> "Baseline":
    from explorer.cli.opening import job, opened
    from explorer.stats.baselines import pin

    with opened(path, workspace) as corpus:
        exceptions = [each for text in accepted for each in text.split(",") if each]
        return pin(corpus.session, job(), name, filter_text, exceptions)


def _kept(path: str, workspace: str | None, name: str, action: str) -> "Baseline":
    from explorer.cli.placing import find
    from explorer.stats.baselines import load, remove

    place = find(path, workspace).workspace
    return remove(place, name) if action == "remove" else load(place, name)[0]


def _tell(baseline: "Baseline", done: str, as_json: bool) -> None:
    if as_json:
        emit_json(_document(baseline))
        return
    emit(f"Baseline {baseline.name} ({baseline.digest}) {done}".rstrip() + f": {count(baseline.samples)} samples.")
    rows = [("language", "samples", "tokens", "repositories", "")]
    rows += [
        (
            language,
            count(of["samples"]),
            tokens(of["tokens"], exact=False),
            count(of["repositories"]),
            "small" if baseline.is_small(language) else "",
        )
        for language, of in baseline.languages.items()
    ]
    emit(aligned(rows, right=(1, 2, 3)))
    if baseline.undated:
        emit(f"{count(baseline.undated)} samples are not dated before chat models were public.")
    if baseline.low_tiers:
        emit(f"{count(baseline.low_tiers)} samples are of another tier than 1 and 2.")


def _document(baseline: "Baseline") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(baseline)
