"""How long the reader takes for a page at any depth of any order, against `order by … limit … offset`."""

import random
import statistics
from argparse import Namespace
from pathlib import Path
from typing import Any, NamedTuple

from explorer.cli.opening import job
from explorer.open_corpus.session import Session, View
from explorer.screens.browse.rows import ASKED
from explorer.selection import Selection
from queries.filters import quoted
from tests.bench._common import cache_of, emit, median_seconds, parser, say, seconds_of, spread_ms
from tests.bench._corpora import synthetic_corpus
from widgets.page_store import PAGE_SIZE

SIZES = (1_000_000, 10_000_000)
QUICK_SIZES = (20_000,)


class Case(NamedTuple):
    """A view to page through, and the same in plain SQL."""

    name: str
    wish: Selection
    clauses: str


CASES = (
    Case("unsorted", Selection(), "order by row"),
    Case("sorted", Selection(sort=(("tokens", True),)), "order by tokens desc nulls last, row"),
    Case("filtered", Selection(filter="language = 'Python' and tokens > 1000"), "where {} order by row"),
)
DEPTHS = {"start": 0.0, "middle": 0.5, "end": 0.98}
"""Share of the view before which no page begins; pages are drawn from the next two percent."""


def measure(session: Session, case: Case, pages: int, plain_pages: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Pages through a view at every depth; returns its figures and those of the plain way."""
    views: list[View] = []
    figures: dict[str, Any] = {}
    if not case.wish.is_whole_corpus:
        builds = [seconds_of(lambda: views.append(session.show_view(job(), case.wish))) for _ in range(3)]
        figures["build_view_seconds"] = statistics.median(builds)
    view = views[-1] if views else session.show_view(job(), case.wish)
    plain: dict[str, Any] = {}
    for depth, share in DEPTHS.items():
        draw = random.Random(depth)
        span = max(int(view.rows * 0.02) - PAGE_SIZE, 1)
        firsts = [int(view.rows * share) + draw.randrange(span) for _ in range(pages)]
        page_of(session, view, firsts[0])
        figures[depth] = spread_ms([seconds_of(lambda at=at: page_of(session, view, at)) for at in firsts], 50, 95)
        compare(session, case, view, firsts[0])
        times = [seconds_of(lambda at=at: plain_page_of(session, case, at)) for at in firsts[:plain_pages]]
        plain[depth] = {"p50_ms": statistics.median(times) * 1e3}
    return {"rows": view.rows, **figures}, plain


def page_of(session: Session, view: View, first: int) -> list[tuple[Any, ...]]:
    """Asks for a page as the screen does."""
    return session.page(job(), view.number, first, PAGE_SIZE, ASKED)


def plain_page_of(session: Session, case: Case, first: int) -> list[tuple[Any, ...]]:
    """Asks for the same page without a view that was written down."""
    columns = ", ".join(quoted(name) for name in ASKED)
    clauses = case.clauses.format(case.wish.filter)
    with session.cursor(job()) as cursor:
        return cursor.execute(f"select {columns} from samples {clauses} limit {PAGE_SIZE} offset {first}").fetchall()


def compare(session: Session, case: Case, view: View, first: int) -> None:
    """Raises RuntimeError where the two ways give different pages: then their times say nothing."""
    ours = [row[1:] for row in page_of(session, view, first)]
    if ours != plain_page_of(session, case, first):
        raise RuntimeError(f"the {case.name} page at {first:,} is not the one that plain SQL gives")


def measure_size(cache: Path, rows: int, options: Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Measures every case on an index of so many rows."""
    place = synthetic_corpus(cache, rows)
    session = Session(place)
    figures: dict[str, Any] = {"index_mb": place.workspace.index.stat().st_size / 1e6}
    plain: dict[str, Any] = {}
    try:
        for case in CASES:
            figures[case.name], plain[case.name] = measure(session, case, options.pages, options.runs)
            say(f"{rows:,} rows, {case.name}: {figures[case.name]}; plain {plain[case.name]}")
        for case in CASES:
            seconds = median_seconds(lambda wish=case.wish: session.facets(job(), wish), 3)
            figures[case.name]["facets_seconds"] = seconds
    finally:
        session.close()
    return figures, plain


def main() -> None:
    options = parser(__doc__, runs=3)
    options.add_argument("--rows", type=int, nargs="+", default=SIZES, help="sizes of the indexes")
    options.add_argument("--pages", type=int, default=200, help="pages read at every depth")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.rows, chosen.pages = QUICK_SIZES, 5
    with cache_of(chosen) as cache:
        measured = {f"rows_{rows}": measure_size(cache, rows, chosen) for rows in chosen.rows}
    figures = {size: figures for size, (figures, _) in measured.items()}
    plain = {size: plain for size, (_, plain) in measured.items()}
    largest = f"rows_{max(chosen.rows)}"
    emit(
        "paging",
        {"page_rows": PAGE_SIZE, "columns": len(ASKED), **figures},
        reference={"what": "order by … limit … offset on the same table; ratio: sorted, middle, largest size", **plain},
        ratio=plain[largest]["sorted"]["middle"]["p50_ms"] / figures[largest]["sorted"]["middle"]["p50_ms"],
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
