"""How long the reader takes for a page of statistics over stored columns, against its largest sum in plain DuckDB."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from explorer.cli.opening import job
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from explorer.stats.groups import Group
from explorer.stats.jobs import PageWish, build_page
from explorer.stats.page import Page
from tests.bench._common import cache_of, emit, median_seconds, parser, say
from tests.bench._corpora import synthetic_corpus

SIZES = (1_000_000,)
QUICK_SIZES = (20_000,)
PAGES = ("overview", "quality", "freshness", "licences", "duplicates")
TIERS = tuple(Group(f"tier {tier}", Selection(f"tier = {tier}")) for tier in (1, 2, 3, 4))
PLAIN = """
    select tier, language, origin, license, count(*) as samples, sum(tokens) as tokens
    from samples
    group by all
"""


def page_of(session: Session, name: str, groups: tuple[Group, ...]) -> Page:
    """Asks for a page as the screen does."""
    return build_page(session, job(), PageWish(name, groups))


def plain(session: Session) -> list[tuple[Any, ...]]:
    """Counts in one statement what most of the overview is made of."""
    with session.cursor(job()) as cursor:
        return cursor.execute(PLAIN).fetchall()


def compare(session: Session, rows: int) -> None:
    """Raises RuntimeError where the two ways count differently: then their times say nothing."""
    tiers: dict[str, int] = {}
    for tier, _, _, _, samples, _ in plain(session):
        name = "no tier" if tier is None else f"tier {tier}"
        tiers[name] = tiers.get(name, 0) + samples
    sections = {section.title: section for section in page_of(session, "overview", (Group("all"),)).sections}
    found = {row.cells[0]: row.counts[0] for row in sections["Tiers"].rows}
    if found != tiers or sum(found.values()) != rows:
        raise RuntimeError(f"the page counts {found}, plain SQL {tiers}")


def measure(cache: Path, rows: int, options: Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Measures every page on an index of so many rows."""
    session = Session(synthetic_corpus(cache, rows))
    try:
        compare(session, rows)
        reference = {"seconds": median_seconds(lambda: plain(session), options.runs)}
        figures: dict[str, Any] = {}
        for name in PAGES:
            whole = median_seconds(lambda name=name: page_of(session, name, (Group("all"),)), options.runs)
            tiers = median_seconds(lambda name=name: page_of(session, name, TIERS), options.runs)
            figures[name] = {"one_group_seconds": whole, "four_tiers_seconds": tiers}
            say(f"{rows:,} rows, {name}: {figures[name]}; plain {reference}")
    finally:
        session.close()
    return figures, reference


def main() -> None:
    options = parser(__doc__, runs=5)
    options.add_argument("--rows", type=int, nargs="+", default=SIZES, help="sizes of the indexes")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.rows, chosen.runs = QUICK_SIZES, 1
    with cache_of(chosen) as cache:
        measured = {f"rows_{rows}": measure(cache, rows, chosen) for rows in chosen.rows}
    largest = f"rows_{max(chosen.rows)}"
    figures = {size: figures for size, (figures, _) in measured.items()}
    reference = {size: reference for size, (_, reference) in measured.items()}
    emit(
        "stats",
        figures,
        reference={"what": "one statement that groups by tier, language, origin and licence", **reference},
        ratio=figures[largest]["overview"]["one_group_seconds"] / reference[largest]["seconds"],
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
