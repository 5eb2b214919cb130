"""The figures of every page, held to plain Python over the rows of a small corpus."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from explorer.api.messages.stats import GroupAsked, StatsRequest
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from explorer.stats.groups import Group
from explorer.stats.jobs import PAGES, PageWish, build_page
from explorer.stats.page import Page, Section
from tests.corpora import answered, corpus_of, job, odd_rows, plenty_rows, row

STORED = ("overview", "quality", "freshness", "licences", "duplicates")
Samples = list[dict[str, Any]]

GROUPS: tuple[tuple[Group, Callable[[dict[str, Any]], bool]], ...] = (
    (Group("all"), lambda one: True),
    (Group("tier 4", Selection("tier = 4")), lambda one: one["tier"] == 4),
    (Group("Rust or none", Selection("language = 'Rust' or tier is null")),
     lambda one: one["language"] == "Rust" or one["tier"] is None),
    (Group("nothing", Selection("tokens < 0")), lambda one: False),
)  # fmt: skip


def rows_of_every_kind() -> list[dict[str, Any]]:
    code = "import distutils\nimport optparse\n\ndef f(x: int | None) -> str:\n    return f'{x}'\n" + "y = 1\n" * 12
    rows = [
        row(code + f"z = {n}\n" * 30, path=f"n{n}.py", repo="a/b", language="Python", license="MIT", tier=1 + n % 4,
            origin=("human", "synthetic")[n % 2])
        for n in range(12)
    ]  # fmt: skip
    rows.append(
        row("# SPDX-License-Identifier: GPL-3.0-only\n" + code, path="g.py", repo="x" * 300, license="MIT", tier=2)
    )
    rows.append(row(code, path="long.py", language="L" * 300, license='it\'s \\ a "licence"', tier=3))
    return rows


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    directory = tmp_path_factory.mktemp("stats") / "corpus"
    opened = Session(corpus_of(directory, odd_rows(), plenty_rows(80), rows_of_every_kind()))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def samples(session: Session) -> Samples:
    return [session.sample(job(), number) for number in range(session.samples)]


@pytest.fixture(scope="module")
def page_of(session: Session) -> Callable[[str], Page]:
    built: dict[str, Page] = {}

    def build(name: str) -> Page:
        if name not in built:
            built[name] = build_page(session, job(), PageWish(name, tuple(group for group, _ in GROUPS)))
        return built[name]

    return build


def parts(samples: Samples) -> list[Samples]:
    return [[one for one in samples if holds(one)] for _, holds in GROUPS]


def section(page: Page, title: str) -> Section:
    return next(each for each in page.sections if each.title.startswith(title))


def counts(page: Page, title: str) -> dict[str, tuple[int, ...]]:
    return {row.cells[0]: row.counts for row in section(page, title).rows}


def counted(samples: Samples, key: Callable[[dict[str, Any]], Any]) -> dict[Any, tuple[int, ...]]:
    tables = [Counter(key(one) for one in part) for part in parts(samples)]
    return {value: tuple(table[value] for table in tables) for value in tables[0]}


def hill(part: Samples, column: str) -> tuple[int, float | None, float | None]:
    weights: dict[Any, int] = defaultdict(int)
    for one in part:
        if one[column] is not None:
            weights[one[column]] += one["tokens"]
    whole = sum(weights.values())
    shares = [weight / whole for weight in weights.values() if weight]
    if not shares:
        return 0, None, None
    return len(shares), math.exp(-sum(p * math.log(p) for p in shares)), 1 / sum(p * p for p in shares)


@pytest.mark.parametrize("name", STORED)
def test_every_line_opens_what_it_says(session: Session, page_of: Callable[[str], Page], name: str) -> None:
    page = page_of(name)
    opened = 0
    for each in page.sections:
        for line in each.rows:
            assert (line.filter is not None) == bool(line.counts)
            assert len(line.cells) == len(each.heads)
            for group, told in zip(page.groups, line.counts, strict=False):
                found = session.totals(job(), Selection(f"({group.filter or 'true'}) and ({line.filter})"))
                assert found.samples == told, (each.title, line, group.name)
                opened += 1
    assert opened > 20


@pytest.mark.parametrize("name", STORED)
def test_a_page_goes_through_the_pipe(session: Session, page_of: Callable[[str], Page], name: str) -> None:
    groups = tuple(GroupAsked(group.name, group.wish.filter) for group, _ in GROUPS)
    assert answered(session, StatsRequest(name, groups)) == page_of(name)


@pytest.mark.parametrize("name", STORED)
def test_groups_are_what_they_hold(samples: Samples, page_of: Callable[[str], Page], name: str) -> None:
    for group, part in zip(page_of(name).groups, parts(samples), strict=True):
        assert (group.samples, group.tokens) == (len(part), sum(one["tokens"] for one in part))


def test_pages_stand_in_their_order() -> None:
    order = ("overview", "quality", "style", "diversity", "freshness", "licences", "duplicates")
    assert [name for name in order if name in PAGES] == list(PAGES)


def test_the_overview(session: Session, samples: Samples, page_of: Callable[[str], Page]) -> None:
    page = page_of("overview")
    tiers = {
        ("no tier" if value is None else f"tier {value}"): n for value, n in counted(samples, _get("tier")).items()
    }
    assert counts(page, "Tiers") == tiers
    assert counts(page, "Origins") == counted(samples, _get("origin"))
    rows = {row.cells[0] + str(place // 4): row.cells[1:] for place, row in enumerate(section(page, "How many").rows)}
    for place, column in enumerate(("repo", "language", "license")):
        effective, dominant = rows[f"  effective{place}"], rows[f"  dominant{place}"]
        for number, part in enumerate(parts(samples)):
            richness, one, two = hill(part, column)
            assert section(page, "How many").rows[4 * place].cells[number + 1] == f"{richness:,}"
            assert effective[number] == ("–" if one is None else f"{one:,.1f}")
            assert dominant[number] == ("–" if two is None else f"{two:,.1f}")
    for group, part in zip(page.groups, parts(samples), strict=True):
        assert group.metrics["effective_repositories"].value == pytest.approx(hill(part, "repo")[1])


def test_each_cell_of_the_map_opens_its_samples(session: Session, samples: Samples) -> None:
    page = build_page(session, job(), PageWish("overview", (Group("all"),)))
    chart = section(page, "Tiers over languages").chart
    assert chart is not None
    whole = sum(one["tokens"] for one in samples)
    for line, values in zip(chart.filters, chart.series, strict=True):
        for text, value in zip(line, values, strict=True):
            tokens = session.totals(job(), Selection(text)).tokens if text else 0
            assert value == pytest.approx(tokens / whole)


def test_the_lines_of_one_group_hold_its_whole(session: Session, samples: Samples) -> None:
    page = build_page(session, job(), PageWish("overview", (Group("all"),)))
    for title in ("Tiers", "Origins", "Languages"):
        rows = section(page, title).rows
        assert sum(row.counts[0] for row in rows) == len(samples)
        assert [row.cells[1] for row in rows] == [f"{row.counts[0]:,}" for row in rows]


def test_the_page_on_quality(samples: Samples, page_of: Callable[[str], Page]) -> None:
    page = page_of("quality")
    figures = {row.cells[0]: row.cells[1:] for row in section(page, "Quality").rows}
    for number, part in enumerate(parts(samples)):
        known = [one["quality"] for one in part if one["quality"] is not None]
        assert figures["quality known"][number] == f"{len(known):,}"
        if known:
            low, middle, high = statistics.quantiles(known, n=4, method="inclusive")
            told = page.groups[number].metrics["quality"]
            assert (told.low, told.value, told.high) == pytest.approx((low, middle, high), abs=1e-3)
            covered = statistics.fmean(one["quality_coverage"] for one in part)
            assert page.groups[number].metrics["quality_coverage"].value == pytest.approx(covered, abs=1e-5)
        else:
            assert (figures["median"][number], figures["weight known"][number]) == ("–", "–")
            assert page.groups[number].metrics["quality"].why
    told = counts(page, "Gates")
    for code in {gate for one in samples for gate in one["gates"]}:
        assert told[code] == tuple(sum(code in one["gates"] for one in part) for part in parts(samples))
    assert told["no gate"] == tuple(sum(not one["gates"] for one in part) for part in parts(samples))
    chart = section(page, "Quality").chart
    assert chart is not None
    for curve in chart.curves:
        assert sum(share for _, share in curve.points) == pytest.approx(100)
    assert section(page, "Agreement").rows[0].cells == ("all languages", "–", "too few labels")


def test_the_page_on_freshness(samples: Samples, page_of: Callable[[str], Page]) -> None:
    page = page_of("freshness")
    years = counted(samples, lambda one: "no date" if one["created"] is None else one["created"][:4])
    assert counts(page, "Year") == years
    turns = counted(
        samples,
        lambda one: "no date" if one["created"] is None
        else "before December 2022" if one["created"] < "2022-12" else "since then",
    )  # fmt: skip
    assert counts(page, "Before and after") == {"before December 2022": (0,) * 4, "since then": (0,) * 4, **turns}
    assert list(counts(page, "Year"))[-1] == "no date"
    bounds = counted(samples, lambda one: "not known" if one["not_before"] is None else one["not_before"][:4])
    assert counts(page, "Not written before") == bounds
    markers = {marker for one in samples for marker in one["stale_markers"] or ()}
    assert markers
    for marker, told in counts(page, "Stale markers").items():
        assert told == tuple(sum(marker in (one["stale_markers"] or ()) for one in part) for part in parts(samples))


def test_the_page_on_licences(samples: Samples, page_of: Callable[[str], Page]) -> None:
    page = page_of("licences")
    assert counts(page, "Classes") == counted(samples, _get("license_class"))
    duties = counts(page, "Conflicts")
    for label, column in (
        ("evidence in conflict", "license_conflict"),
        ("attribution required", "attribution_required"),
    ):
        assert duties[label] == tuple(sum(bool(one[column]) for one in part) for part in parts(samples))
    evidence = counts(page, "Evidence")
    columns = ("header_license", "nearest_license", "stated_license")
    for label, column in zip(list(evidence)[:3], columns, strict=True):
        assert evidence[label] == tuple(sum(one[column] is not None for one in part) for part in parts(samples))
    none = tuple(sum(all(one[column] is None for column in columns) for one in part) for part in parts(samples))
    assert evidence["none of the three"] == none
    assert "not known" in counts(page, "Licences")


def test_the_page_on_duplicates(samples: Samples, page_of: Callable[[str], Page]) -> None:
    page = page_of("duplicates")
    assert any(one["redundant"] for one in samples)
    for number, part in enumerate(parts(samples)):
        told = page.groups[number].metrics
        gone = [one for one in part if one["redundant"]]
        left = sum(one["tokens"] for one in part if not one["redundant"])
        if part:
            assert told["near_duplicate_share"].value == pytest.approx(len(gone) / len(part))
            assert told["duplication_factor"].value == pytest.approx(sum(one["tokens"] for one in part) / left)
        else:
            assert (told["near_duplicate_share"].value, told["duplication_factor"].value) == (None, None)
        assert told["tokens_removable"].value == sum(one["tokens"] for one in gone)
    clustered = [one for one in samples if one["cluster"] is not None]
    sizes = counts(page, "Samples by the size")
    assert sum(each[0] for each in sizes.values()) == len(clustered)
    met: dict[int, set[str]] = defaultdict(set)
    for one in clustered:
        met[one["cluster"]].add("none" if one["tier"] is None else str(one["tier"]))
    across = Counter(" + ".join(sorted(met[one["cluster"]])) for one in clustered if len(met[one["cluster"]]) > 1)
    assert {label: told[0] for label, told in counts(page, "Clusters across tiers").items()} == across
    assert across


def _get(column: str) -> Callable[[dict[str, Any]], Any]:
    return lambda one: one[column]
