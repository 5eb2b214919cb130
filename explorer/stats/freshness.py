"""The page that says how old samples are: their dates, the newest feature in them, and what in them is stale."""

from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.stats.conditions import holds
from explorer.stats.jobs import PageWish
from explorer.stats.page import Metric, Page, Row, Section
from explorer.stats.tables import Counting, Line, Pair, figure, name_of, ratio_of, share_of
from queries import stats
from widgets.numbers import count

TURN = "2022-12-01"
"""From here on, code on public sites may have been written with a public chat model (released 30 November 2022)."""
MOST_YEARS = 40
MOST_MARKERS = 15


def build(session: Session, job: Job, wish: PageWish) -> Page:
    """Builds the page from stored columns."""
    counting = Counting(session, job, wish.groups)
    turns = counting.held(
        [
            ("before December 2022", f"created < '{TURN}'"),
            ("since then", f"created >= '{TURN}'"),
            ("no date", "created is null"),
        ]
    )
    sections = (
        counting.table("Before and after public chat models", "dated", turns, by="samples", words=_turn_words()),
        counting.table(
            "Year",
            "year",
            counting.by_value("year", name=_year, most=MOST_YEARS, order=_time, by="samples"),
            by="samples",
        ),
        counting.table(
            "Where the date comes from",
            "column",
            counting.by_value(
                "date_source", name=lambda value: "no date" if value is None else name_of(value), by="samples"
            ),
            by="samples",
        ),
        counting.table(
            "Not written before",
            "year",
            counting.by_value("not_before_year", name=_feature_year, most=MOST_YEARS, order=_time, by="samples"),
            by="samples",
            words=(
                "The release of the newest language feature in the code; it needs no date, and bounds it from below.",
            ),
        ),
        counting.table(
            "Newest feature",
            "feature",
            counting.by_value("not_before_feature", only="not_before_feature is not null", by="samples"),
            by="samples",
        ),
        _stale(counting),
        _markers(counting),
    )
    metrics = [
        {
            name: Metric(ratio_of(line.counts[place].samples, total.samples))
            for name, line in zip(("dated_before_2022_12", "dated_since_2022_12", "undated"), turns, strict=True)
        }
        for place, total in enumerate(counting.totals)
    ]
    return Page("freshness", "Freshness", counting.figures(metrics), sections)


def _turn_words() -> tuple[str, ...]:
    return (
        "The first chat model was open to everybody on 30 November 2022. A date is the corpus's own word; a sample "
        "without one is on neither side.",
    )


def _year(value: int | None) -> str:
    return "no date" if value is None else str(value)


def _feature_year(value: int | None) -> str:
    return "not known" if value is None else str(value)


def _time(value: int | None) -> tuple[bool, int]:
    return value is None, value or 0


def _stale(counting: Counting) -> Section:
    found = [
        each[0] for each in counting.each(lambda cursor, filters: stats.quartiles(cursor, filters, ("stale_density",)))
    ]
    known = tuple(each.known for each in found)
    (stale,) = counting.held([("some stale marker", "stale_density > 0")])
    some = tuple(pair.samples for pair in stale.counts)
    rows = (
        Row(("density known", *map(count, known)), "stale_density is not null", "", known),
        Row(("some stale marker", *map(count, some)), stale.filter, "", some),
        Row(
            (
                "  of those known",
                *(share_of(ratio_of(part, whole)) for part, whole in zip(some, known, strict=True)),
            )
        ),
        Row(("lowest quarter below", *(figure(each.low) for each in found))),
        Row(("median", *(figure(each.middle) for each in found))),
        Row(("highest quarter above", *(figure(each.high) for each in found))),
    )
    words = ("Stale markers per 100 lines of code: idioms that a newer release replaced or forbids.",)
    return Section("Stale density", ("", *counting.names), rows, None, words)


def _markers(counting: Counting) -> Section:
    tables = [
        {row.value: Pair(row.samples, row.tokens) for row in rows}
        for rows in counting.each(lambda cursor, filters: stats.listed(cursor, filters, "stale_markers"))
    ]
    names = {name for table in tables for name in table}
    lines = [
        Line(name_of(name), holds("stale_markers", name), tuple(table.get(name, Pair(0, 0)) for table in tables))
        for name in names
    ]
    lines.sort(key=lambda line: (-sum(pair.samples for pair in line.counts), line.label))
    more = len(lines) - MOST_MARKERS
    words = (f"{count(more)} more, each in fewer samples.",) if more > 0 else ()
    return counting.table("Stale markers", "marker", lines[:MOST_MARKERS], by="samples", words=words)
