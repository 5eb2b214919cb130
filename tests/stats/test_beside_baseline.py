"""The pages on style and diversity over an open index."""

import re
import shutil
from collections.abc import Mapping, Sequence

import pytest

from explorer.api.requests import from_json
from explorer.cli import run
from explorer.errors import BadInput
from explorer.job import Cancelled, Job
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from explorer.stats.groups import Group
from explorer.stats.jobs import PageWish, build_page
from explorer.stats.page import Page, Section
from explorer.stats.trend import Point, recorded
from queries import browse
from tests.corpora import job
from tests.stats.human_and_not import HUMAN

EVERYTHING = Group("all")
PEOPLE = Group("people", Selection("origin = 'human'"))
MADE = Group("made", Selection("origin = 'synthetic'"))


def page(session: Session, name: str, groups: Sequence[Group], **wish: str) -> Page:
    built = build_page(session, job(), PageWish(name, tuple(groups), **wish))
    assert from_json(built.as_json(), Page) == built
    return built


def words(built: Page) -> str:
    return "\n".join(word for section in built.sections for word in section.words)


def section(built: Page, title: str) -> Section:
    return next(each for each in built.sections if each.title.startswith(title))


def test_without_a_baseline_nothing_is_compared(mixed: Session) -> None:
    for name in ("style", "diversity"):
        built = page(mixed, name, [EVERYTHING])
        assert built.sections[0].title == "No baseline is pinned yet"
        assert "corpus baseline PATH pin" in words(built)


def test_two_groups_are_compared_without_a_verdict(mixed: Session) -> None:
    built = page(mixed, "diversity", [MADE, PEOPLE])
    assert [group.name for group in built.groups] == ["made"]
    metrics = built.groups[0].metrics
    assert metrics["types"].ratio is not None
    assert metrics["types"].ratio < 0.8
    assert {metrics[name].level for name in ("types", "hapaxes", "verdict")} == {""}
    assert "no frozen human baseline" in words(built)


def test_what_a_forgetful_generator_makes_is_red(pinned: Session) -> None:
    metrics = page(pinned, "diversity", [MADE]).groups[0].metrics
    assert {metrics[name].level for name in ("types", "hapaxes", "verdict")} == {"red"}
    types = metrics["types"]
    assert types.low is not None
    assert types.ratio is not None
    assert types.high is not None
    assert types.low < types.ratio < types.high < 1
    assert metrics["synthetic_share"].value == 1


def test_the_baseline_beside_itself_is_green_on_every_page(pinned: Session) -> None:
    people = Group("people", Selection(f"{HUMAN} and language = 'Python'"))
    for name in ("style", "diversity"):
        built = page(pinned, name, [people])
        assert {metric.level for metric in built.groups[0].metrics.values()} <= {"green", ""}
        assert {row.level for each in built.sections for row in each.rows} <= {"green", "quiet", ""}


def test_it_says_on_what_it_rests(pinned: Session) -> None:
    told = words(page(pinned, "diversity", [MADE]))
    assert re.search(r"made: 240 of 240 samples in 2\d\d sources, beside 240 in 40; halves of", told)
    assert "small: 40 repositories" in told
    assert "no share of synthetic data is proven safe" in told
    assert "who, or what, wrote a single sample" in told


def test_a_language_that_is_too_small_has_no_verdict(pinned: Session) -> None:
    built = page(pinned, "diversity", [PEOPLE], language="Go")
    assert built.groups[0].metrics["types"].why.startswith("n too small")
    assert section(built, "Verdict").rows[0].cells[2].startswith("n too small")


def test_samples_that_are_gone_are_told_of(pinned: Session) -> None:
    with pinned.cursor(job()) as cursor:
        cursor.execute("create or replace view samples as select * from corpus.samples where false")
    assert "240 of its 240 samples are gone" in words(page(pinned, "diversity", [EVERYTHING]))


def test_what_wrote_it_is_counted_where_the_corpus_says_so(pinned: Session) -> None:
    built = page(pinned, "diversity", [MADE])
    written = section(built, "What wrote it")
    assert [row.cells[0] for row in written.rows] == ["large", "small"]
    assert written.rows[0].level in ("amber", "red")
    depths = section(built, "Generations away")
    assert [(row.cells, row.level) for row in depths.rows] == [
        (("1", "80"), "green"),
        (("2", "80"), "amber"),
        (("3", "80"), "red"),
    ]


def test_every_line_opens_the_samples_that_it_counts(pinned: Session) -> None:
    built = page(pinned, "diversity", [MADE])
    for row in (*section(built, "What wrote it").rows, *section(built, "Generations away").rows):
        filters = pinned.filters(job(), Selection(f"({MADE.wish.filter}) and ({row.filter})"))
        with pinned.cursor(job()) as cursor:
            assert f"{browse.totals(cursor, filters).samples:,}" == row.cells[1]


def test_a_comparison_is_kept_until_something_it_rests_on_changes(pinned: Session) -> None:
    kept = sorted(pinned.place.workspace.measured.glob("*.json"))
    assert len(kept) == 1
    first = page(pinned, "diversity", [MADE])
    reports: list[dict[str, object]] = []
    again = build_page(pinned, job(reports), PageWish("diversity", (MADE,)))
    assert again == first
    assert not reports
    assert page(pinned, "style", [MADE]).groups[0].metrics
    assert sorted(pinned.place.workspace.measured.glob("*.json")) == kept
    page(pinned, "diversity", [Group("some", Selection("origin = 'synthetic' and row % 2 = 0"))])
    assert len(list(pinned.place.workspace.measured.glob("*.json"))) == 2


def test_what_was_kept_and_is_damaged_is_measured_again(pinned: Session) -> None:
    first = page(pinned, "diversity", [MADE])
    (kept,) = pinned.place.workspace.measured.glob("*.json")
    assert first.groups[0].metrics["types"].ratio is not None
    kept.write_text('{"figures": 3}')
    assert page(pinned, "diversity", [MADE]) == first


def test_progress_is_told_and_a_cancelled_page_ends(pinned: Session) -> None:
    reports: list[dict[str, object]] = []

    def hear(progress: Mapping[str, object]) -> None:
        reports.append(dict(progress))
        if str(reports[-1].get("step", "")).startswith("comparing"):
            asked.cancel()

    asked = Job(report=hear)
    with pytest.raises(Cancelled):
        build_page(pinned, asked, PageWish("diversity", (EVERYTHING,)))
    steps = [report["step"] for report in reports if "step" in report]
    assert steps[0] == "reading all"
    assert steps[-1] == "comparing all"
    assert len(list(pinned.place.workspace.measured.glob("*.json"))) == 1


def test_an_unknown_baseline_is_bad_input(pinned: Session) -> None:
    with pytest.raises(BadInput, match="There is no baseline 'nobody'"):
        page(pinned, "diversity", [MADE], baseline="nobody")


def test_a_stage_is_compared_as_it_would_be_drawn(pinned: Session) -> None:
    from dataclasses import replace

    from explorer.mixing.mix_file import current_mix, save_mix
    from tests.corpora import OPEN

    workspace = pinned.place.workspace
    before = current_mix(workspace)
    save_mix(workspace.mix, replace(before, gates=OPEN), before)
    built = page(pinned, "diversity", [Group("fine-tuning", stage="fine-tuning", budget="fit")])
    assert built.groups[0].samples > 50
    with pytest.raises(BadInput, match="is not made of a mix"):
        page(pinned, "overview", [Group("fine-tuning", stage="fine-tuning")])
    assert built.groups[0].metrics["types"].value is not None


def test_two_stages_at_once_are_refused(pinned: Session) -> None:
    """Their draws would stand in one table, so that one would be told as the other."""
    stages = [Group(stage, stage=stage) for stage in ("pre-training", "fine-tuning")]
    with pytest.raises(BadInput, match="Only one stage"):
        page(pinned, "diversity", stages)


def test_the_command_shows_a_comparison_and_keeps_none(pinned: Session, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = pinned.place.workspace
    shutil.rmtree(workspace.measured)
    before = {path: path.lstat().st_mtime_ns for path in (workspace.root, *workspace.root.rglob("*"))}
    assert run(["stats", str(pinned.place.base), "origin = 'synthetic'", "--page", "diversity"]) == 0
    assert "people" in capsys.readouterr().out
    assert {path: path.lstat().st_mtime_ns for path in (workspace.root, *workspace.root.rglob("*"))} == before


def test_a_trend_is_drawn_of_exports_measured_alike(pinned: Session) -> None:
    from explorer.stats.trend import record

    for number, value in enumerate((1.0, 0.97, 0.94, 0.92), 1):
        record(
            pinned.place.workspace,
            [Point(str(number), f"2026-0{number}-01", "pre-training", "Python", name, value, value - 0.1, value + 0.1,
                   "green", "abc") for name in ("types", "hapaxes")],
        )  # fmt: skip
    with (pinned.place.workspace.exports / "diversity.jsonl").open("a") as file:
        file.write("{torn\n")
    assert len(recorded(pinned.place.workspace)) == 8
    trend = section(page(pinned, "diversity", [MADE]), "From export to export")
    assert [(row.cells[0], row.cells[2], row.level) for row in trend.rows] == [
        ("types", "worse 3 times in a row", "amber"),
        ("types seen once", "worse 3 times in a row", "amber"),
    ]
    assert trend.chart is not None
    assert trend.chart.curves[0].points == ((1, 1.0), (2, 0.97), (3, 0.94), (4, 0.92))
