"""`corpus info`, `find`, `show`: looking without a screen."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import json_option, path_argument, raw_option, unmasked_option
from explorer.cli.output import aligned, csv_lines, emit, emit_json, json_text
from explorer.cli.wording import gap_lines, wiped_lines
from widgets.numbers import count, counted, percent, size, tokens

if TYPE_CHECKING:
    from explorer.cli.opening import Opened

REASONS = frozenset(("quality", "gates", "licensing", "findings"))
"""Parts of a document that have lines of their own."""

DEFAULT_COLUMNS = ("row", "id", "tier", "origin", "language", "tokens", "repo", "path")


@click.command("info", short_help="Counts and tokens by tier, origin, language, licence.")
@path_argument
@raw_option
@json_option
def info_command(path: str, workspace: str | None, as_json: bool) -> None:
    """Counts and tokens of the corpus at PATH, and the state of its workspace."""
    from explorer.cli.opening import opened

    with opened(path, workspace) as corpus:
        document = info(corpus)
    emit_json(document) if as_json else emit(told(document))


def info(corpus: "Opened") -> dict[str, Any]:
    """Returns the document of `corpus info --json`."""
    from explorer.api.browse import describe
    from explorer.api.messages.browse import DescribeRequest
    from explorer.cli.opening import job
    from explorer.columns import meaning_of
    from explorer.corpus.changes import find_changes
    from queries import browse

    session, asks = corpus.session, job()
    described = describe(session, asks, DescribeRequest())
    labels = corpus.book.counts()
    with session.cursor(asks) as cursor:
        groups = {
            name: browse.facet(cursor, name, (), 1000)
            for name in ("tier", "origin", "language", "license_class", "license")
        }
        gates = browse.gates(cursor)
    sums = {
        name: {_key(row.value): {"samples": row.samples, "tokens": row.tokens} for row in rows}
        for name, rows in groups.items()
    }
    none = {"samples": 0, "tokens": 0}
    return {
        "name": described.name,
        "workspace": described.workspace,
        **described.totals._asdict(),
        "files": described.files,
        "not_utf8": described.not_utf8,
        "quarantined": [row._asdict() for row in described.quarantined],
        "not_kept": [row._asdict() for row in described.not_kept],
        "unread": [row._asdict() for row in described.unread],
        "tiers": {key: sums["tier"].get(key, none) for key in ("1", "2", "3", "4", "none")},
        "origins": sums["origin"],
        "languages": sums["language"],
        "license_classes": sums["license_class"],
        "licenses": sums["license"],
        "gates": {str(row.value): {"samples": row.samples, "tokens": row.tokens} for row in gates},
        "clusters": {
            "exact": described.exact_clusters,
            "near": described.near_clusters,
            "samples": described.clustered,
            "tokens_removable": described.tokens_removable,
            "threshold": session.clusters.policy.threshold,
        },
        "wiped": wiped_lines(session),
        "labels": {
            "events": labels.events,
            "samples": labels.samples,
            "conflicts": labels.conflicts,
            "unreadable": labels.unreadable,
            "stale": corpus.labelled.stale,
            "by_content": corpus.labelled.by_content,
            "orphans": corpus.labelled.orphans,
            "report": list(corpus.book.report()),
        },
        "mapping": described.mapping,
        "columns": described.columns,
        "meanings": {name: meaning for name in described.columns if (meaning := meaning_of(name))},
        "changes": find_changes(session.place).told(),
    }


def _key(value: Any) -> str:
    return "none" if value is None else str(value)


def told(document: dict[str, Any]) -> str:
    """Lays the figures of a corpus out for people."""
    exact = document["tokens_exact"]
    lines = [
        f"{document['name']}: {counted(document['samples'], 'sample')}, {tokens(document['tokens'], exact)} tokens, "
        f"{size(document['bytes'])} in {counted(document['files'], 'file')}",
        f"workspace {document['workspace']}",
        "",
    ]
    for title, name in (
        ("tier", "tiers"),
        ("origin", "origins"),
        ("language", "languages"),
        ("licence", "license_classes"),
        ("gate", "gates"),
    ):
        lines += [_table(title, document[name], document, exact), ""]
    clusters, labels = document["clusters"], document["labels"]
    lines.append(
        f"{counted(clusters['samples'], 'sample')} in clusters: {counted(clusters['exact'], 'group')} of exact copies, "
        f"{counted(clusters['near'], 'cluster')} of near-duplicates at a similarity of {clusters['threshold']:g}; "
        f"a mix leaves out {tokens(clusters['tokens_removable'], exact)} tokens of them."
    )
    lines += document["wiped"]
    lines.append(
        f"{count(labels['events'])} label events on {count(labels['samples'])} samples, "
        f"{count(labels['conflicts'])} in conflict."
    )
    lines += _attachment(labels)
    lines += labels["report"]
    if document["not_utf8"]:
        lines.append(f"{count(document['not_utf8'])} samples are not UTF-8: kept as they are, never exported.")
    lines += [f"left out  {file['file']}: {file['reason']}" for file in document["quarantined"]]
    lines += gap_lines(document["not_kept"], document["unread"])
    lines += filter(None, [document["changes"]])
    return "\n".join(lines)


def _attachment(labels: dict[str, Any]) -> Iterator[str]:
    """Says which labels did not simply find their sample."""
    if labels["stale"]:
        yield f"Stale labels, the content under their id has changed: {count(labels['stale'])}."
    if labels["by_content"]:
        yield f"Labels that found their sample by its content, since the id is gone: {count(labels['by_content'])}."
    if labels["orphans"]:
        yield f"Orphans, labels kept though their sample is no longer in the corpus: {count(labels['orphans'])}."


def _table(title: str, sums: dict[str, dict[str, int]], document: dict[str, Any], exact: bool) -> str:
    total = document["tokens"] or 1
    shown = [(key, row) for key, row in sums.items() if row["samples"]]
    rows = [
        (key, count(row["samples"]), tokens(row["tokens"], exact), percent(row["tokens"] / total))
        for key, row in shown[:12]
    ]
    rest = [row for _, row in shown[12:]]
    if rest:
        rows.append(
            (
                f"{len(rest)} more",
                count(sum(row["samples"] for row in rest)),
                tokens(sum(row["tokens"] for row in rest), exact),
                percent(sum(row["tokens"] for row in rest) / total),
            )
        )
    return aligned([(title, "samples", "tokens", "share"), *rows], right=(1, 2, 3))


@click.command("find", short_help="Rows of the samples that pass a filter.")
@path_argument
@click.argument("filter_text", metavar="[FILTER]", default="")
@click.option("--columns", metavar="NAMES", help="Column names, parted by commas; `content` reads the text.")
@click.option("--sort", default="", metavar="NAMES", help="Column names, parted by commas; -tokens is descending.")
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N", default=50, show_default=True, help="Rows at most; 0 is all."
)
@click.option("--format", "form", type=click.Choice(("table", "jsonl", "csv")), default="table", show_default=True)
@unmasked_option
@raw_option
@json_option
def find_command(
    path: str,
    workspace: str | None,
    filter_text: str,
    columns: str | None,
    sort: str,
    limit: int,
    form: str,
    unmasked: bool,
    as_json: bool,
) -> None:
    """List the samples of PATH that pass FILTER, a condition such as "tier = 4 and tokens > 1000"."""

    from explorer.cli.opening import opened

    names = tuple(name.strip() for name in columns.split(",")) if columns else DEFAULT_COLUMNS
    with opened(path, workspace) as corpus:
        rows = found(corpus, filter_text, names, _sort_keys(sort), limit or None, unmasked)
        if as_json:
            listed = list(rows)
            emit_json({"samples": _total(corpus, filter_text), "rows": listed})
        elif form == "jsonl":
            for row in rows:
                emit(json_text(row))
        elif form == "csv":
            csv_lines(names, rows)
        else:
            _emit_table(names, list(rows), _total(corpus, filter_text))


def _emit_table(names: tuple[str, ...], rows: list[dict[str, Any]], total: int) -> None:
    emit(aligned([names, *([_cell(row[name]) for name in names] for row in rows)]))
    emit(f"{count(len(rows))} of {count(total)} samples")


def _total(corpus: "Opened", filter_text: str) -> int:
    from explorer.cli.opening import job
    from explorer.selection import Selection

    return corpus.session.totals(job(), Selection(filter_text)).samples


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _sort_keys(text: str) -> tuple[tuple[str, bool], ...]:
    return tuple((name.strip().lstrip("-"), name.strip().startswith("-")) for name in text.split(",") if name.strip())


def found(
    corpus: "Opened",
    filter_text: str,
    names: tuple[str, ...],
    sort: tuple[tuple[str, bool], ...],
    limit: int | None,
    unmasked: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yields the rows that pass, as JSON can hold them; `content` is read from the corpus when it is asked for."""
    from explorer.cli.opening import job
    from explorer.open_corpus.values import plain, shown, shown_text, text_of
    from explorer.selection import Selection
    from queries import browse

    session, asks = corpus.session, job()
    plain_names = [name for name in names if name != "content"]
    session.check_columns(plain_names)
    conditions = session.filters(asks, Selection(filter_text))
    with session.cursor(asks) as cursor:
        for values in browse.rows(cursor, ["row", *plain_names], conditions, sort, session.columns, limit):
            row = dict(zip(plain_names, map(plain if unmasked else shown, values[1:]), strict=True))
            if "content" in names:
                row["content"] = (text_of if unmasked else shown_text)(session.content.read(values[0]))
            yield {name: row[name] for name in names}


@click.command("show", short_help="One sample: content, metadata, labels.")
@path_argument
@click.argument("sample", metavar="ID")
@unmasked_option
@raw_option
@json_option
def show_command(path: str, workspace: str | None, sample: str, unmasked: bool, as_json: bool) -> None:
    """Show the sample called ID of the corpus at PATH: its metadata, quality with reasons, labels and content."""
    from explorer.cli.opening import opened
    from explorer.cli.reasons import reason_lines

    with opened(path, workspace) as corpus:
        document = show(corpus, sample, unmasked)
    if as_json:
        emit_json(document)
        return
    hidden = {"content", "labels", "tier", "cluster", "source", "content_base64", *REASONS}
    rows = [(name, _cell(value)) for name, value in document.items() if name not in hidden and value is not None]
    tier, source = document["tier"], document["source"]
    rows.append(("tier", f"{tier['value'] or 'none'} ({tier['source'] or 'not yet tiered'})"))
    if document["cluster"] is not None:
        rows.append(("cluster", _cluster_words(document["cluster"])))
    rows.append(("source", f"{source['file']}, row group {source['row_group']}, row {source['row']}"))
    emit(aligned(rows))
    for line in reason_lines(document):
        emit(line)
    for label in document["labels"]:
        emit(
            f"label     {label['time']} {label['who']} {label['field']}: {_cell(label['old'])} → {_cell(label['new'])}"
        )
    emit("")
    emit(document["content"])


def _cluster_words(cluster: dict[str, Any]) -> str:
    role = "the survivor" if cluster["survivor"] else f"{cluster['similarity']:.3f} like the survivor"
    chain = "" if cluster["direct"] else ", by a chain only"
    fate = "left out of a mix" if cluster["redundant"] else "kept in a mix"
    return f"{cluster['cluster']}, of {count(cluster['size'])} samples; {role}{chain}; {fate}"


def show(corpus: "Opened", sample: str, unmasked: bool = False) -> dict[str, Any]:
    """Returns the document of `corpus show --json`; secrets are masked unless asked for."""
    from explorer.cli.opening import job
    from explorer.open_corpus.explaining import explained
    from explorer.open_corpus.values import base64_of, text_of
    from explorer.safety.masking import mask_secrets

    session, asks = corpus.session, job()
    row = session.row_of(asks, sample)
    values = session.sample(asks, row)
    content = session.content.read(row)
    text, secrets = mask_secrets(text_of(content))
    reasons = explained(session, asks, values)
    tier = {"value": values.pop("tier"), "source": values.pop("tier_source"), **reasons.pop("tier")}
    names = ("cluster", "cluster_size", "survivor", "similarity", "direct", "redundant")
    group = {name.removeprefix("cluster_"): values.pop(name) for name in names}
    events = [
        {
            "event": event.event,
            "time": event.time,
            "who": event.who,
            "op": event.op,
            **_change(change),
            "undone": event.undone,
        }
        for event in corpus.book.history(100, sample)
        for change in event.first
        if change.id == sample
    ]
    return {
        **values,
        "tier": tier,
        **reasons,
        "cluster": group if group["cluster"] is not None else None,
        "source": asdict(session.content.locate(row)),
        "labels": events,
        "content": text_of(content) if unmasked else text,
        **({"content_base64": base64_of(content)} if not values["valid_utf8"] and (unmasked or not secrets) else {}),
    }


def _change(change: Any) -> dict[str, Any]:
    return {"field": change.field, "old": change.old, "new": change.new}
