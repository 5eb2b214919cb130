"""The page that says how good samples are: the spread of quality, its parts, the gates, agreement with curators."""

from typing import Any

from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.open_corpus.spreading import agreement_of
from explorer.stats.conditions import holds
from explorer.stats.jobs import PageWish
from explorer.stats.page import Chart, Curve, Level, Metric, Page, Row, Section
from explorer.stats.tables import UNKNOWN, Counting, Line, Pair, figure, ratio_of, share_of
from queries import quality, stats
from queries.stats import CountRow, Quartiles
from widgets.numbers import count, counted

DIMENSIONS = ("hygiene", "documentation", "error_handling", "structure", "provenance", "low_risk")
BIN = 10
"""Points of quality in one line of the table."""
FINE_BIN = 5
"""Points of quality between two points of a curve."""
LEAST_DRAWN = 20
"""Samples of known quality that a group has at least before its curve says anything."""
LEAST_COVERAGE = 0.6
"""Share of the weight below which a score rests on too little."""


def build(session: Session, job: Job, wish: PageWish) -> Page:
    """Builds the page from stored columns."""
    counting = Counting(session, job, wish.groups)
    spread = counting.each(lambda cursor, filters: stats.quartiles(cursor, filters, ("quality", *DIMENSIONS)))
    coverage = counting.each(lambda cursor, filters: stats.mean(cursor, filters, "quality_coverage"))
    fine = counting.each(_fine_bins)
    sections = (
        _quality(counting, [each[0] for each in spread], coverage, fine),
        counting.table("Samples by quality", "quality", _bins(counting), by="samples"),
        _dimensions(counting, [each[1:] for each in spread]),
        _gates(counting),
        _agreement(agreement_of(session, job)),
    )
    metrics = [_metrics(each, share) for each, share in zip(spread, coverage, strict=True)]
    return Page("quality", "Quality", counting.figures(metrics), sections)


def _metrics(spread: list[Quartiles], coverage: float | None) -> dict[str, Metric]:
    score, *parts = spread
    why = "" if score.known else "the quality of no sample is known"
    return {
        "quality": Metric(score.middle, low=score.low, high=score.high, why=why),
        "quality_known": Metric(score.known),
        "quality_coverage": Metric(coverage, level=_coverage_level(coverage)),
        **{name: Metric(part.middle) for name, part in zip(DIMENSIONS, parts, strict=True)},
    }


def _coverage_level(coverage: float | None) -> Level:
    return "amber" if coverage is not None and coverage < LEAST_COVERAGE else ""


def _bins(counting: Counting) -> list[Line]:
    ranges = [(low, low + BIN) for low in range(0, 100, BIN)]
    lines = [
        (f"{low} – {high}", f"quality >= {low} and quality {'<=' if high == 100 else '<'} {high}")
        for low, high in ranges
    ]
    return counting.held([*lines, ("not known", "quality is null")])


def _quality(
    counting: Counting, spread: list[Quartiles], coverage: list[float | None], fine: list[list[int]]
) -> Section:
    totals = counting.totals
    known = tuple(each.known for each in spread)
    rows = (
        Row(("samples", *(count(total.samples) for total in totals)), "true", "", tuple(t.samples for t in totals)),
        Row(("quality known", *map(count, known)), "quality is not null", "", known),
        Row(("lowest quarter below", *(figure(each.low, 1) for each in spread))),
        Row(("median", *(figure(each.middle, 1) for each in spread))),
        Row(("highest quarter above", *(figure(each.high, 1) for each in spread))),
        Row(
            ("weight known", *(share_of(share) for share in coverage)),
            None,
            "amber" if any(map(_coverage_level, coverage)) else "",
        ),
    )
    curves = tuple(
        Curve(name, _points(fine[place], spread[place].known))
        for place, name in enumerate(counting.names)
        if spread[place].known >= LEAST_DRAWN
    )
    chart = (
        Chart("curves", f"% of samples in each {FINE_BIN} points of quality", curves=curves, limits=(0, 100))
        if curves
        else None
    )
    few = [name for place, name in enumerate(counting.names) if spread[place].known < LEAST_DRAWN]
    words = [f"No curve for {', '.join(few)}: fewer than {LEAST_DRAWN} samples of known quality."] if few else []
    words.append("Weight known is the share of the score's weight whose signals are known, on average.")
    return Section("Quality, 0 to 100", ("", *counting.names), rows, chart, tuple(words))


def _fine_bins(cursor: Any, filters: Any) -> list[int]:
    """Counts the samples in each bin of quality, whatever their tier."""
    bins = [0] * (100 // FINE_BIN)
    for _, place, samples, _ in quality.spread(cursor, filters, FINE_BIN):
        if place is not None:
            bins[place] += samples
    return bins


def _points(bins: list[int], known: int) -> tuple[tuple[float, float], ...]:
    return tuple((FINE_BIN * (place + 0.5), 100 * samples / known) for place, samples in enumerate(bins))


def _dimensions(counting: Counting, spread: list[list[Quartiles]]) -> Section:
    rows: list[Row] = []
    for number, name in enumerate(DIMENSIONS):
        found = [each[number] for each in spread]
        known = tuple(each.known for each in found)
        cells = (_dimension(each, total.samples) for each, total in zip(found, counting.totals, strict=True))
        rows.append(Row((name.replace("_", " "), *cells), f"{name} is not null", "", known))
    words = ("Medians, 0 to 1, of the samples of which the part is known; behind each, the share of samples it is.",)
    series = tuple(tuple(each[number].middle for number in range(len(DIMENSIONS))) for each in spread)
    labels = tuple(name.replace("_", " ") for name in DIMENSIONS)
    chart = Chart("bars", "Parts of the score", labels, counting.names, series)
    return Section("Parts of the score", ("part", *counting.names), tuple(rows), chart, words)


def _dimension(spread: Quartiles, samples: int) -> str:
    return f"{figure(spread.middle)} {share_of(ratio_of(spread.known, samples)):>6}"


def _gates(counting: Counting) -> Section:
    tables: list[dict[str, CountRow]] = [
        {row.value: row for row in rows}
        for rows in counting.each(lambda cursor, filters: stats.listed(cursor, filters, "gates"))
    ]
    codes = {code for table in tables for code in table}
    lines = [
        Line(
            code,
            holds("gates", code),
            tuple(Pair(table[code].samples, table[code].tokens) if code in table else Pair(0, 0) for table in tables),
        )
        for code in codes
    ]
    lines.sort(key=lambda line: (-sum(pair.samples for pair in line.counts), line.label))
    free = counting.held([("no gate", "len(gates) = 0")])
    words = ("A sample behind two gates counts at both; what a mix holds back its own list of gates decides.",)
    return counting.table("Gates", "gate", [*lines, *free], by="samples", words=words)


def _agreement(found: dict[str, Any]) -> Section:
    named = (("rho", "all languages"), ("auc", "tier 1 above 4"), ("rho_beyond_comments", "beyond comments"))
    rows = [Row((title, *_estimate(found[name]))) for name, title in named]
    rows += [
        Row((f"{one['language'] or 'no language'} ({count(one['labels'])})", *_estimate(one["rho"])))
        for one in found["languages"]
    ]
    words = (
        f"Of the whole corpus: {counted(found['labels'], 'label')} of yours. Rank correlation of quality with your "
        "tiers, and how often a sample of tier 1 scores above one of tier 4; intervals of 95% over repositories.",
        f"Suggested tiers are by rules; the learned layer is off: {found['learned']}.",
    )
    return Section("Agreement with your tiers", ("", "value", "interval"), tuple(rows), None, words)


def _estimate(estimate: dict[str, Any]) -> tuple[str, str]:
    if estimate["value"] is None:
        return UNKNOWN, str(estimate["missing"])
    low, high = estimate["low"], estimate["high"]
    return f"{estimate['value']:.2f}", UNKNOWN if low is None else f"{low:.2f} – {high:.2f}"
