"""`corpus label`, `undo`, `redo`, `history`: decisions without a screen."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import json_option, path_argument, raw_option
from explorer.cli.output import aligned, emit, emit_json, say
from explorer.errors import BadInput, Refused
from widgets.numbers import count

if TYPE_CHECKING:
    from explorer.cli.opening import Opened
    from explorer.labels.decisions import SampleRef, Undone

Decision = tuple[str, int | str | None]


@click.command("label", short_help="Decide tier, origin, verdict or note of many samples.")
@path_argument
@click.option("--where", "where_text", metavar="FILTER", help="The samples that pass a filter.")
@click.option(
    "--ids", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="The ids in a file, one a line."
)
@click.option("--tier", type=click.Choice(("1", "2", "3", "4")))
@click.option("--origin", type=click.Choice(("human", "synthetic", "mixed", "unknown")))
@click.option("--verdict", type=click.Choice(("keep", "drop")))
@click.option("--note", metavar="TEXT")
@click.option("--clear", is_flag=True, help="Take the labels of these samples back instead.")
@click.option(
    "--expect", type=click.IntRange(min=0), metavar="COUNT", help="Refuse unless exactly so many samples match."
)
@click.option("--reason", default="", metavar="TEXT", help="Kept with the decision.")
@json_option
def label_command(
    path: str,
    workspace: str | None,
    where_text: str | None,
    ids: str | None,
    expect: int | None,
    reason: str,
    clear: bool,
    as_json: bool,
    **fields: str | None,
) -> None:
    """Decide one or more fields of many samples of PATH; each field is one event that `corpus undo` takes back."""
    from explorer.cli.opening import opened

    decisions = _decisions(fields, clear)
    _warn(note=fields.get("note"), reason=reason)
    with opened(path, workspace, only_look=False) as corpus:
        samples = _samples(corpus, where_text, ids)
        _check(len(samples), expect, as_json)
        if clear:
            saved = [corpus.book.clear(samples, reason)]
        else:
            saved = [corpus.book.set(samples, field, value, reason) for field, value in decisions]
        changed = len({label.id for each in saved for label in each.changed})
        counts = corpus.book.counts()
    if as_json:
        emit_json({"changed": changed, "count": len(samples), "events": counts.events})
    else:
        emit(f"{count(changed)} of {count(len(samples))} samples changed; every decision is on disk.")


def _warn(**texts: str | None) -> None:
    """Says that a secret in what was typed is not kept."""
    from explorer.safety.masking import mask_values

    for name, text in texts.items():
        if text and mask_values(text) != text:
            say(f"The {name} holds a secret, which is masked before it is saved.")


def _decisions(fields: dict[str, str | None], clear: bool) -> list[Decision]:
    from explorer.labels.decisions import check_value

    decisions: list[Decision] = [
        (field, check_value(field, int(value) if field == "tier" else value))
        for field, value in fields.items()
        if value is not None
    ]
    if clear == bool(decisions):
        raise BadInput(
            "Nothing to decide was named." if not clear else "--clear goes alone.",
            "Give --tier, --origin, --verdict or --note.",
        )
    return decisions


def _samples(corpus: "Opened", where_text: str | None, ids: str | None) -> "list[SampleRef]":
    from explorer.cli.opening import job
    from explorer.labels.decisions import SampleRef
    from explorer.selection import Selection
    from queries import browse

    if (where_text is None) == (ids is None):
        raise BadInput("Name the samples by --where FILTER or by --ids FILE.")
    if where_text is not None:
        if not where_text.strip():
            raise BadInput("--where is empty.", "Write --where true to mean every sample.")
        return [SampleRef(*key) for key in corpus.session.keys(job(), Selection(where_text))]
    assert ids is not None
    wanted = _listed(Path(ids))
    with corpus.session.cursor(job()) as cursor:
        found = [SampleRef(*key) for key in browse.keys_of_ids(cursor, wanted)]
    missing = set(wanted) - {ref.id for ref in found}
    if missing:
        raise BadInput(
            f"{count(len(missing))} of {count(len(wanted))} ids are not in the corpus, as {min(missing)!r}.",
            "Nothing was changed; correct the file.",
        )
    return found


def _listed(path: Path) -> list[str]:
    """Reads ids, one a line, each once."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 at byte {error.start}.", "Write one id a line.") from None
    return list(dict.fromkeys(filter(None, text.split("\n"))))


def _check(samples: int, expect: int | None, as_json: bool) -> None:
    if expect is not None and samples != expect:
        raise Refused(
            f"{count(samples)} samples match, not {count(expect)}.", "Nothing was changed; look at the filter."
        )
    if expect is None and samples > 1 and sys.stdin.isatty() and not as_json:
        click.confirm(f"Label {count(samples)} samples?", abort=True, err=True)


def _turn_command(name: str, words: str) -> click.Command:
    @click.command(name, short_help=words)
    @path_argument
    @json_option
    def command(path: str, workspace: str | None, as_json: bool) -> None:
        from explorer.cli.opening import opened_book
        from explorer.cli.placing import find

        with opened_book(find(path, workspace)) as book:
            turned = book.undo() if name == "undo" else book.redo()
        _emit_turned(name, turned, as_json)

    command.help = (
        f"{words}\n\nWorks on the decisions of this curator ($CORPUS_CURATOR, or the login name), across restarts."
    )
    return command


def _emit_turned(name: str, turned: "Undone | None", as_json: bool) -> None:
    past = "undone" if name == "undo" else "redone"
    if as_json:
        document = (
            {"events": 1, "samples": turned.samples, "field": turned.field} if turned else {"events": 0, "samples": 0}
        )
        emit_json({past: document})
    elif turned is None:
        emit(f"There is nothing to {name}.")
    else:
        emit(f"{past.capitalize()}: {turned.field or 'label'} of {count(turned.samples)} samples.")


undo_command = _turn_command("undo", "Take your latest decision back.")
redo_command = _turn_command("redo", "Do again what was undone last.")


@click.command("history", short_help="The latest decisions, newest first.")
@path_argument
@click.option("--limit", type=click.IntRange(min=1), metavar="N", default=50, show_default=True)
@click.option("--id", "sample", metavar="ID", help="Only the decisions on one sample.")
@raw_option
@json_option
def history_command(path: str, workspace: str | None, limit: int, sample: str | None, as_json: bool) -> None:
    """List the latest decisions on the samples of PATH, newest first."""
    from explorer.cli.placing import find
    from explorer.labels.book import LabelBook

    book = LabelBook.open(find(path, workspace).workspace.labels, only_look=True)
    events = [_event(event) for event in book.history(limit, sample)]
    report = book.report()
    book.close()
    if as_json:
        emit_json({"events": events, "report": list(report)})
        return
    rows = [
        (e["time"], e["who"], e["op"], e["field"] or "all", count(e["count"]), e["change"], e["state"]) for e in events
    ]
    emit(aligned([("time", "who", "did", "field", "samples", "change", ""), *rows], right=(4,)))
    for sentence in report:
        emit(sentence)


def _event(event: Any) -> dict[str, Any]:
    first = event.first[0] if event.first else None
    return {
        "event": event.event,
        "time": event.time,
        "who": event.who,
        "op": event.op,
        "field": event.field,
        "count": event.count,
        "ids": list(event.ids),
        "change": f"{_shown(first.old)} → {_shown(first.new)}" if first else "",
        "reason": event.reason,
        "undone": event.undone,
        "state": "undone" if event.undone else "",
    }


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
