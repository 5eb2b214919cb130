"""`corpus stats`: pages of figures over groups of samples, as the screen shows them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import json_option, path_argument, raw_option
from explorer.cli.output import aligned, bar, emit, emit_json
from explorer.stats.page import PAGES
from widgets.numbers import count, percent, tokens

if TYPE_CHECKING:
    from explorer.cli.opening import Opened
    from explorer.job import Job
    from explorer.stats.groups import Group
    from explorer.stats.page import Metric, Page

ALL = "all"


@click.command("stats", short_help="Figures by page: quality, style, diversity, freshness, licences, duplicates …")
@path_argument
@click.argument("filter_text", metavar="[FILTER]", default="")
@click.option("--page", type=click.Choice((*PAGES, ALL)), default="quality", show_default=True)
@click.option("--against", metavar="FILTER", help="Set the samples that pass another filter beside them.")
@click.option("--stage", metavar="STAGE", help="For style and diversity: what the mix would draw for a stage now.")
@click.option("--by", type=click.Choice(("tier", "origin", "language")), help="Set every value side by side.")
@click.option("--baseline", metavar="NAME", help="The pinned baseline that style and diversity are compared with.")
@click.option("--language", metavar="LANGUAGE", help="The language that style and diversity compare.")
@click.option("--format", "form", type=click.Choice(("text", "markdown")), default="text", show_default=True)
@raw_option
@json_option
def stats_command(
    path: str,
    workspace: str | None,
    filter_text: str,
    page: str,
    against: str | None,
    stage: str | None,
    by: str | None,
    baseline: str | None,
    language: str | None,
    form: str,
    as_json: bool,
) -> None:
    """Show figures over the samples of PATH that pass FILTER; by default how good they are, tier by tier."""
    from explorer.cli.opening import opened
    from explorer.cli.pages import as_markdown, as_text
    from explorer.errors import BadInput
    from explorer.stats.jobs import PageWish

    if by and against is not None:
        raise BadInput("Groups are chosen twice.", "Use --by or --against, not both.")
    if stage and (by or against is not None or filter_text):
        raise BadInput("Groups are chosen twice.", "--stage is a group by itself.")
    by = by or ("tier" if page == "quality" and against is None and not stage else None)
    with opened(path, workspace) as corpus, bar("counting") as shown:
        asks = _asking(shown)
        groups = (_stage(corpus, stage),) if stage else _groups(corpus, asks, filter_text, against, by)
        names = PAGES if page == ALL else (page,)
        pages = [_built(corpus, asks, PageWish(name, groups, baseline, language)) for name in names]
        quality = _quality(corpus, asks, filter_text, by) if by and page == "quality" else {}
    if as_json:
        emit_json(_document(pages, groups, by, quality))
        return
    texts = [as_markdown(each) if form == "markdown" else as_text(each) for each in pages]
    if quality and form == "text":
        texts.insert(0, _spread(quality["groups"], by or ""))
    emit("\n\n".join(texts))


def _asking(shown: Any) -> "Job":
    from explorer.cli.opening import job

    return job(
        lambda news: shown.show(str(news["step"]), news.get("done") or 0, news.get("of")) if "step" in news else None
    )


def _built(corpus: "Opened", asks: "Job", wish: Any) -> "Page":
    from explorer.stats.jobs import build_page

    return build_page(corpus.session, asks, wish)


def _stage(corpus: "Opened", stage: str) -> "Group":
    from explorer.mixing.mix_file import current_mix
    from explorer.stats.groups import Group

    name = current_mix(corpus.session.place.workspace).stage(stage).name
    return Group(f"mix for {name}", stage=name)


def _groups(
    corpus: "Opened", asks: "Job", filter_text: str, against: str | None, by: str | None
) -> "tuple[Group, ...]":
    from explorer.open_corpus.spreading import groups_of
    from explorer.selection import Selection
    from explorer.stats.conditions import all_of, groups_by
    from explorer.stats.groups import Group

    whole = Selection(filter_text)
    first = Group(filter_text or "everything", whole)
    if against is not None:
        return first, Group(against or "everything", Selection(against))
    if by is None:
        return (first,)
    values = [row["value"] for row in groups_of(corpus.session, asks, whole, by)]
    if by == "tier":
        values.sort(key=lambda value: (value is None, value))
    named = groups_by(by, values)
    return tuple(Group(name, Selection(all_of(filter_text, text))) for name, text in named) or (first,)


def _quality(corpus: "Opened", asks: "Job", filter_text: str, by: str | None) -> dict[str, Any]:
    """Returns the spread of quality over every value of a column, however many, and the agreement."""
    from explorer.open_corpus.spreading import agreement_of, groups_of
    from explorer.selection import Selection

    groups = groups_of(corpus.session, asks, Selection(filter_text), by or "tier")
    return {"groups": groups, "agreement": agreement_of(corpus.session, asks)}


# ---- JSON


def _document(
    pages: "Sequence[Page]", groups: "Sequence[Group]", by: str | None, quality: dict[str, Any]
) -> dict[str, Any]:
    """Lays the figures out for scripts: one entry a group, the metrics of all pages in it."""
    document: dict[str, Any] = {"groups": _by_value(quality["groups"], by or "") if quality else _by_group(pages)}
    if quality:
        document["agreement"] = quality["agreement"]
    document["pages"] = [page.as_json() for page in pages]
    return document


def _by_group(pages: "Sequence[Page]") -> list[dict[str, Any]]:
    """Returns an entry a group; a page that leaves a group out has no metrics of it."""
    found: dict[str, dict[str, Any]] = {}
    for page in pages:
        for group in page.groups:
            told = {"name": group.name, "filter": group.filter}
            entry = {"group": told, "samples": group.samples, "tokens": group.tokens, "metrics": {}}
            metrics = found.setdefault(group.name, entry)["metrics"]
            metrics.update({name: _metric(metric) for name, metric in group.metrics.items()})
    return list(found.values())


def _metric(metric: "Metric") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(metric)


def _by_value(rows: Sequence[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    return [_value_document(row, by) for row in rows]


def _value_document(row: dict[str, Any], by: str) -> dict[str, Any]:
    low, middle, high = row["quartiles"] or (None, None, None)
    return {
        "group": {by: row["value"]},
        "samples": row["samples"],
        "tokens": row["tokens"],
        "metrics": {
            "quality": {"value": middle, "low": low, "high": high, "known": row["known"]},
            "quality_coverage": {"value": row["coverage"]},
        },
    }


# ---- text


def _spread(groups: Sequence[dict[str, Any]], by: str) -> str:
    """Lays out how quality is spread over every value of a column."""
    rows = [(by, "samples", "tokens", "median quality", "middle half", "weight known"), *(_row(row) for row in groups)]
    return aligned(rows, right=(1, 2, 3, 4, 5))


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    low, middle, high = row["quartiles"] or (None, None, None)
    return (
        "none" if row["value"] is None else str(row["value"]),
        count(row["samples"]),
        tokens(row["tokens"], exact=False),
        "–" if middle is None else f"{middle:.1f}",
        "–" if low is None or high is None else f"{low:.0f} – {high:.0f}",
        "–" if row["coverage"] is None else percent(row["coverage"], 0),
    )
