"""The page that says how much of the samples is there more than once, and where."""

from typing import Any

from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.stats.conditions import is_one_of
from explorer.stats.jobs import PageWish
from explorer.stats.page import Chart, Metric, Page, Row, Section
from explorer.stats.tables import Counting, Line, Pair, figure, name_of, ratio_of, share_of, tier_order
from queries import stats
from queries.stats import CrossRow
from widgets.numbers import count, tokens

SIZES = ((2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 50), (51, None))
"""Sizes of clusters that share a line: the least and the most."""
MOST_NAMED = 150
"""Clusters that a filter may name one by one."""
MOST_CROSSINGS = 12
DEFINITION = (
    "A near-duplicate is a sample that a survivor stands for: like it enough, directly, and not kept by your verdict. "
    "The share is 1 - what stays / samples; the factor is tokens / tokens of what stays.",
)


def build(session: Session, job: Job, wish: PageWish) -> Page:
    """Builds the page from stored columns, by the policy of clusters that is in force."""
    counting = Counting(session, job, wish.groups)
    redundant, stays, clustered = counting.held_clusters(
        [
            ("near-duplicates", "redundant"),
            ("what stays", "not redundant"),
            ("in some cluster", "cluster is not null"),
        ]
    )
    gone, kept = redundant[0], stays[0]
    sections = (
        _sums(counting, gone, kept, clustered),
        *_sizes(counting),
        *(
            counting.table(
                f"Tokens removable, by {what}",
                what,
                lines,
                whole=[pair.tokens for pair in gone.counts],
                share="of removable",
            )
            for what, lines in _removable(counting)
        ),
        _crossing(counting, "tier"),
        _crossing(counting, "origin"),
    )
    metrics = [
        {
            "near_duplicate_share": Metric(ratio_of(gone.counts[place].samples, total.samples)),
            "duplication_factor": Metric(ratio_of(total.tokens, kept.counts[place].tokens)),
            "tokens_removable": Metric(gone.counts[place].tokens),
        }
        for place, total in enumerate(counting.totals)
    ]
    return Page("duplicates", "Duplicates", counting.figures(metrics), sections)


def _sums(counting: Counting, gone: Line, kept: Line, clustered: tuple[Line, tuple[int, ...]]) -> Section:
    totals = counting.totals

    def samples(line: Line) -> Row:
        found = tuple(pair.samples for pair in line.counts)
        return Row((line.label, *map(count, found)), line.filter, "", found)

    removable = (
        tokens(pair.tokens, total.tokens_exact or not pair.tokens)
        for pair, total in zip(gone.counts, totals, strict=True)
    )
    rows = (
        Row(("samples", *(count(total.samples) for total in totals)), "true", "", tuple(t.samples for t in totals)),
        samples(gone),
        Row(("  of samples", *(
            _share(pair.samples, total.samples) for pair, total in zip(gone.counts, totals, strict=True)
        ))),
        samples(kept),
        Row(("tokens removable", *removable)),
        Row(("  duplication factor", *(
            figure(ratio_of(total.tokens, pair.tokens)) for pair, total in zip(kept.counts, totals, strict=True)
        ))),
        samples(clustered[0]),
        Row(("  clusters", *map(count, clustered[1]))),
    )  # fmt: skip
    return Section("All in all", ("", *counting.names), rows, None, DEFINITION)


def _share(part: int, whole: int) -> str:
    return share_of(ratio_of(part, whole))


def _sizes(counting: Counting) -> tuple[Section, Section]:
    """The samples and the clusters of each size."""
    found = counting.held_clusters([_size(*size) for size in SIZES])
    title = "Samples by the size of their cluster"
    samples = counting.table(title, "members", [line for line, _ in found], by="samples")
    rows = tuple(Row((line.label, *map(count, clusters))) for line, clusters in found)
    series = tuple(tuple(float(clusters[place]) for _, clusters in found) for place in range(len(counting.groups)))
    chart = Chart("bars", "Clusters by size", tuple(line.label for line, _ in found), counting.names, series)
    words = ("Members are counted over the whole corpus; a cluster counts for a group that has one of them.",)
    return samples, Section("Clusters by size", ("members", *counting.names), rows, chart, words)


def _size(least: int, most: int | None) -> tuple[str, str]:
    if most is None:
        return f"{least} and more", f"cluster is not null and cluster_size >= {least}"
    if least == most:
        return str(least), f"cluster is not null and cluster_size = {least}"
    return f"{least} – {most}", f"cluster is not null and cluster_size between {least} and {most}"


def _removable(counting: Counting) -> list[tuple[str, list[Line]]]:
    def tier(value: Any) -> str:
        return "no tier" if value is None else f"tier {value}"

    return [
        ("tier", counting.by_value("tier", name=tier, order=tier_order, only="redundant")),
        ("origin", counting.by_value("origin", only="redundant")),
        ("language", counting.by_value("language", only="redundant")),
    ]


def _crossing(counting: Counting, column: str) -> Section:
    found: list[list[CrossRow]] = counting.each(
        lambda cursor, filters: stats.crossing(cursor, filters, column, MOST_NAMED)
    )
    tables = [{tuple(row.values): row for row in rows} for rows in found]
    weights = {met: sum(table[met].tokens for table in tables if met in table) for table in tables for met in table}
    order = sorted(weights, key=lambda met: (-weights[met], met))
    lines = [_crossed(met, tables) for met in order[:MOST_CROSSINGS]]
    noun = "clusters" if any(len(rows) for rows in found) else ""
    sums = [sum(row.clusters for row in rows) for rows in found]
    words = [
        f"{count(total)} clusters cross {column}s ({name})." for name, total in zip(counting.names, sums, strict=True)
    ]
    if noun and any(line.filter is None for line in lines):
        words.append(
            "Lines of more than 150 clusters cannot be opened: c shows the clusters, filters there narrow them."
        )
    return counting.table(f"Clusters across {column}s", f"{column}s that meet", lines, words=words)


def _crossed(met: tuple[Any, ...], tables: list[dict[tuple[Any, ...], CrossRow]]) -> Line:
    rows = [table.get(met) for table in tables]
    numbers = sorted({number for row in rows if row for number in row.numbers})
    is_whole = all(len(row.numbers) == row.clusters for row in rows if row)
    counts = tuple(Pair(row.samples, row.tokens) if row else Pair(0, 0) for row in rows)
    label = " + ".join(name_of(value) for value in met)
    if not is_whole or len(numbers) > MOST_NAMED:
        return Line(label, None, counts)
    return Line(label, is_one_of("cluster", tuple(numbers)), counts)
