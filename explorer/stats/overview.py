"""The page that says what there is: counts, how many values they really lie on, tiers over languages."""

from collections.abc import Sequence
from typing import Any

from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.stats.conditions import is_value
from explorer.stats.jobs import PageWish
from explorer.stats.page import Chart, Metric, Page, Row, Section
from explorer.stats.tables import Counting, both, figure, name_of, ratio_of, share_of, tier_order
from queries import stats
from queries.stats import Hill, PairRow
from widgets.numbers import count, tokens

DIVERSE = (("repo", "repositories"), ("language", "languages"), ("license", "licences"))
MOST_LANGUAGES = 8
"""Columns of the heat map."""
MOST_MAPS = 2
"""Groups that have a heat map of their own."""
EFFECTIVE = (
    "Effective: so many, all with equally many tokens, would be as diverse (exponential of the entropy of the tokens). "
    "Dominant weighs the large ones more (1 / sum of squared shares). Samples of which it is not known are left out.",
)


def build(session: Session, job: Job, wish: PageWish) -> Page:
    """Builds the page from stored columns."""
    counting = Counting(session, job, wish.groups)
    hills = {column: counting.each(_hill(column)) for column, _ in DIVERSE}
    sections = (
        _sums(counting),
        _diversity(counting, hills),
        counting.table("Tiers", "tier", counting.by_value("tier", name=_tier, order=tier_order)),
        counting.table("Origins", "origin", counting.by_value("origin")),
        counting.table("Languages", "language", counting.by_value("language", name=_language)),
        *_maps(counting),
    )
    metrics = [
        {f"effective_{noun}": Metric(hills[column][place].effective) for column, noun in DIVERSE}
        for place in range(len(counting.groups))
    ]
    return Page("overview", "Overview", counting.figures(metrics), sections)


def _hill(column: str) -> Any:
    return lambda cursor, filters: stats.hill(cursor, filters, column)


def _sums(counting: Counting) -> Section:
    totals = counting.totals
    rows = (
        Row(("samples", *(count(total.samples) for total in totals)), "true", "", tuple(t.samples for t in totals)),
        Row(("tokens", *(tokens(total.tokens, total.tokens_exact) for total in totals))),
    )
    return Section("All in all", ("", *counting.names), rows)


def _diversity(counting: Counting, hills: dict[str, list[Hill]]) -> Section:
    title = "How many, and how many they come to"
    if len(counting.groups) == 1:
        whole = counting.totals[0].samples
        rows = [_one(noun, column, hills[column][0], whole) for column, noun in DIVERSE]
        heads = ("", "number", "effective", "dominant", "known of samples")
        return Section(title, heads, tuple(rows), None, EFFECTIVE)
    rows = [row for column, noun in DIVERSE for row in _several(noun, column, hills[column], counting)]
    return Section(title, ("", *counting.names), tuple(rows), None, EFFECTIVE)


def _one(noun: str, column: str, hill: Hill, samples: int) -> Row:
    orders = (figure(order, 1) for order in (hill.effective, hill.dominant))
    known = share_of(ratio_of(hill.samples, samples))
    return Row((noun, count(hill.richness), *orders, known), f"{column} is not null", "", (hill.samples,))


def _several(noun: str, column: str, hills: list[Hill], counting: Counting) -> tuple[Row, ...]:
    known = tuple(hill.samples for hill in hills)
    shares = (share_of(ratio_of(part, of.samples)) for part, of in zip(known, counting.totals, strict=True))
    return (
        Row((noun, *(count(hill.richness) for hill in hills)), f"{column} is not null", "", known),
        Row(("  effective", *(figure(hill.effective, 1) for hill in hills))),
        Row(("  dominant", *(figure(hill.dominant, 1) for hill in hills))),
        Row(("  known of samples", *shares)),
    )


def _maps(counting: Counting) -> list[Section]:
    """One heat map a group, of few groups."""
    found = counting.each(lambda cursor, filters: stats.pairs(cursor, filters, "tier", "language"))
    drawn = found if len(found) <= MOST_MAPS else found[:1]
    return [
        _map(rows, counting.names[place], len(found) > 1, counting.totals[place].tokens)
        for place, rows in enumerate(drawn)
        if rows
    ]


def _map(pairs: Sequence[PairRow], name: str, is_named: bool, whole: int) -> Section:
    weights: dict[str | None, int] = {}
    for row in pairs:
        weights[row.other] = weights.get(row.other, 0) + row.tokens
    languages = sorted(weights, key=lambda language: -weights[language])[:MOST_LANGUAGES]
    tiers = sorted({row.one for row in pairs}, key=tier_order)
    cells = {(row.one, row.other): row for row in pairs}
    series = tuple(
        tuple(
            ratio_of(cells[tier, language].tokens, whole) if (tier, language) in cells else 0.0
            for language in languages
        )
        for tier in tiers
    )
    filters = tuple(
        tuple(
            both(is_value("tier", tier), is_value("language", language)) if (tier, language) in cells else None
            for language in languages
        )
        for tier in tiers
    )
    title = f"Tiers over languages, % of the tokens{f' of {name}' if is_named else ''}"
    labels = tuple(_tier(tier) for tier in tiers)
    chart = Chart(
        "heat", title, labels, (name,), series, tuple(_language(each) for each in languages), filters
    )  # fmt: skip
    more = len(weights) - len(languages)
    words = (f"{more} more {'language' if more == 1 else 'languages'} with fewer tokens.",) if more else ()
    return Section(title, (), (), chart, words)


def _tier(value: Any) -> str:
    return "no tier" if value is None else f"tier {value}"


def _language(value: Any) -> str:
    return "not named" if value is None else name_of(value)
