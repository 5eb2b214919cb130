"""Walking through a corpus: views, facets, orders, finding, copying, help."""

import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from textual.command import CommandPalette

from explorer.screens.shared.workbench import Workbench
from tests.corpora import corpus_of, indexed, row
from tests.journeys.corpus import NEEDLE, Journey, Row
from tests.journeys.story import Story, StoryApp, told
from widgets.prompts import Ask, KeySheet, Pick
from widgets.visible import visible

SIZES = ((80, 24), (120, 35), (160, 45))


def rows_where(journey: Journey, holds: object) -> list[int]:
    return [number for number, row in enumerate(journey.rows) if holds(row)]  # type: ignore[operator]


def is_wanted(row: Row) -> bool:
    return row["tier"] == 4 and row["language"] == "Rust" and len(row["content"]) > 200


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_views_follow_filters_and_facets(journey: Journey, size: tuple[int, int]) -> None:
    async with told(journey.place, size) as story:
        await story.until_read()
        assert story.rows_shown()[:5] == [0, 1, 2, 3, 4]
        assert f"row 1 of {len(journey.rows)}" in story.status
        assert "# sample 0 in" in story.text
        wanted = rows_where(journey, is_wanted)
        await story.filter("tier = 4 and language = 'Rust' and bytes > 200")
        await story.until_rows(len(wanted))
        await story.until(lambda: story.rows_shown()[: len(wanted)] == wanted[: len(story.rows_shown())], "the rows")
        assert f"of {len(wanted)} (of {len(journey.rows)})" in story.status
        assert story.app.focused is story.browse.table

        await story.filter("tier = 4 and langage = 'Rust'")
        await story.until_text("langage")
        await story.until(lambda: story.browse.query(".filter-note.-error"), "the error")
        assert story.browse.table.row_count == len(wanted)
        assert story.browse.filter_bar.text == "tier = 4 and langage = 'Rust'"
        await story.press("escape")
        assert story.browse.filter_bar.text == "tier = 4 and language = 'Rust' and bytes > 200"
        assert not story.browse.query(".filter-note.-error")
        assert story.app.focused is story.browse.table

        await story.press("escape")
        await story.until_rows(len(journey.rows))
        if size[0] == 120:
            await facets_follow(story, journey)


async def facets_follow(story: Story, journey: Journey) -> None:
    await story.until(lambda: story.facet("tier").get("none"), "the facets")
    for tier in (1, 2, 3, 4, None):
        key = "none" if tier is None else str(tier)
        assert story.facet("tier")[key] == len(rows_where(journey, lambda row, tier=tier: row["tier"] == tier))
    await story.press("shift+tab", "shift+tab", "shift+tab")
    await story.until(lambda: getattr(story.app.focused, "id", None) == "facet-tier", "the tier facet")
    # Two values chosen one right after the other: the second must not forget the first.
    story.app.focused.action_choose()  # type: ignore[union-attr]
    await story.press("j", "space")
    chosen = rows_where(journey, lambda row: row["tier"] in (1, 2))
    await story.until_rows(len(chosen))
    assert getattr(story.app.focused, "cursor", None) == 1, "the facet pane keeps its cursor"
    languages = {
        language: len(rows_where(journey, lambda row, it=language: row["tier"] in (1, 2) and row["language"] == it))
        for language in ("Python", "Rust", "C", "Go")
    }
    await story.until(lambda: {key: story.facet("language").get(key) for key in languages} == languages, "the counts")
    await story.press("space")
    await story.until_rows(len(rows_where(journey, lambda row: row["tier"] == 1)))
    await story.press("escape")
    await story.until(lambda: story.app.focused is story.browse.table, "the table")
    await story.press("escape")
    await story.until_rows(len(journey.rows))


async def test_each_order_is_what_sorting_in_python_gives(journey: Journey) -> None:
    by_language = sorted(range(len(journey.rows)), key=lambda number: journey.rows[number]["language"])
    async with told(journey.place, (160, 45)) as story:
        columns = [column.key for column in story.browse.table.columns]
        await story.press(*["l"] * columns.index("language"), "o")
        await story.until(lambda: story.browse._wish.sort == (("language", False),), "the order")
        await story.until_text("row 1 of")  # another order is read from its beginning
        await story.until(lambda: story.rows_shown()[:20] == by_language[:20], "ascending")
        await story.press("o")
        await story.until(lambda: story.browse._wish.sort == (("language", True),), "descending")
        await story.press("g")
        await story.until(
            lambda: story.rows_shown() and journey.rows[story.rows_shown()[0]]["language"] == "Rust", "z-a"
        )
        await story.press("o")
        await story.until(lambda: not story.browse._wish.sort, "the corpus's own order")
        await story.press("O")
        await story.until(lambda: isinstance(story.app.screen, Pick), "the columns")
        await story.type("stars")
        await story.until(lambda: story.browse._wish.sort == (("stars", False),), "the order")
        await story.press("g")
        by_stars = sorted(range(len(journey.rows)), key=lambda number: (journey.rows[number]["stars"], number))
        await story.until(lambda: story.rows_shown()[:20] == by_stars[:20], "by any column")
        assert "by stars ▲" in story.status


async def test_a_place_is_found_by_number_and_by_id(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.press("ctrl+g")
        await story.until_text("Go to")
        await story.type("123")
        await story.until_text("row 123 of")
        await story.press("ctrl+g")
        await story.until_text("Go to")
        await story.type("s0456")
        await story.until_text("row 457 of")
        await story.filter("tier = 1")
        await story.until_rows(len(rows_where(journey, lambda row: row["tier"] == 1)))
        other = next(row["id"] for row in journey.rows if row["tier"] != 1)
        await story.press("ctrl+g")
        await story.until_text("Go to")
        await story.type(other)
        await story.until_told("not in this view")
        await story.press("ctrl+g")
        await story.until_text("Go to")
        await story.type("no-such-id")
        await story.until_told("no sample has the id")


async def test_matches_are_counted_and_walked_and_sought_again_in_the_next_sample(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.press("ctrl+g")
        await story.until_text("Go to")
        await story.type("s0003")
        await story.until_read()
        await story.press("f")
        await story.until_text("Find in the code")
        await story.type(NEEDLE)
        await story.until_text("match 1 of 2")
        await story.press("n")
        await story.until_text("match 2 of 2")
        await story.press("N")
        await story.until_text("match 1 of 2")
        await story.press("j")
        await story.until_read()
        await story.until(lambda: "match" not in story.status, "no word of the sample before")
        await story.press("n")
        await story.until_text("no match")
        await story.press("f")
        await story.until_text("Find in the code")
        await story.type("/([/")
        await story.until_told("not a regular expression")


async def test_a_match_far_below_the_lines_that_are_here_is_found(journey: Journey) -> None:
    long = next(number for number, row in enumerate(journey.rows) if row["content"].count(b"\n") >= 100_000)
    async with told(journey.place) as story:
        await story.press("ctrl+g")
        await story.until_text("Go to")
        await story.type(journey.rows[long]["id"])
        await story.until(lambda: story.browse.row_read == long, "the long sample")
        await story.press("f")
        await story.until_text("Find in the code")
        await story.type("line_98765")
        await story.until_text("line_98765 = 98765")
        await story.until_text("match 1 of 1")


async def test_a_copy_is_harmless_unless_raw_is_asked_for(journey: Journey) -> None:
    hostile = next(number for number, row in enumerate(journey.rows) if b"\x1b]52" in row["content"])
    content = journey.rows[hostile]["content"].decode()
    async with told(journey.place) as story:
        for wanted, copied in (
            ("id", journey.rows[hostile]["id"]),
            ("as it is shown", visible(content)),
            ("paste it with care", content),
        ):
            await story.press("ctrl+g")
            await story.until_text("Go to")
            await story.type(str(hostile + 1))
            await story.until_text(f"row {hostile + 1} of")
            await story.until_read()
            await story.press("y")
            await story.until(lambda: isinstance(story.app.screen, Pick), "what to copy")
            await story.type(wanted)
            await story.until(lambda copied=copied: story.app.clipboard == copied, wanted)


async def test_a_copied_id_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    columns = {"id": ["a\x1b]52;c;eA==\x07", "b"], "content": ["x = 1\n", "y = 2\n"]}
    pq.write_table(pa.table(columns), tmp_path / "c" / "a.parquet")
    async with told(indexed(tmp_path / "c")) as story:
        await story.until_read()
        await story.press("y")
        await story.until(lambda: isinstance(story.app.screen, Pick), "what to copy")
        await story.type("id")
        await story.until(lambda: story.app.clipboard == "a␛]52;c;eA==␇", "the id in its visible form")


@pytest.mark.parametrize("exists", [False, True])
async def test_content_goes_into_a_file_whole_or_not_at_all(tmp_path: Path, exists: bool) -> None:
    place = corpus_of(tmp_path / "long", [row("x = [" + "1, " * 30_000 + "]\r\nend", tier=1)])
    target = tmp_path / "copy.py"
    if exists:
        target.write_text("mine")
    async with told(place) as story:
        await story.until_read()
        await story.press("y")
        await story.until(lambda: isinstance(story.app.screen, Pick), "what to copy")
        await story.type("into a file")
        await story.until(lambda: isinstance(story.app.screen, Ask), "where to")
        await story.type(str(target))
        await story.until_told("exists already" if exists else "90,011 bytes.")
    assert target.read_bytes() == (b"mine" if exists else b"x = [" + b"1, " * 30_000 + b"]\r\nend")
    assert not list(tmp_path.glob(".copy*"))


async def test_panes_zoom_and_step_back(journey: Journey) -> None:
    async with told(journey.place, (160, 45)) as story:
        await story.until_read()
        await story.press("enter")
        await story.until(lambda: story.app.focused is story.browse.code, "the code")
        await story.press("enter", "space", "v")
        assert story.app.focused is story.browse.code, "keys of the table do nothing in the code"
        assert not story.browse.table.marked
        await story.press("z")
        await story.until(lambda: story.browse.maximized is story.browse.code, "the zoom")
        await story.press("escape")
        assert story.browse.maximized is None
        await story.press("escape")
        assert story.app.focused is story.browse.table
        await story.press("p")
        assert not story.browse.query_one("#facets").display
        await story.until(
            lambda: story.browse.table.max_scroll_x == 0 and "path" in story.text, "columns that fit the new width"
        )


async def test_columns_fit_when_the_other_screen_was_shown_first(journey: Journey) -> None:
    async with told(journey.place, (160, 45)) as story:
        await story.press("w")
    async with told(journey.place, (160, 45)) as story:
        assert story.app.current_mode == "mix"
        await story.press("b")
        await story.until_rows(len(journey.rows))
        await story.until_read()
        await story.until(lambda: story.browse.table.max_scroll_x == 0, "no sideways scrolling")
        assert "path" in story.text


@pytest.mark.parametrize("size", [(80, 24)], ids=str)
async def test_help_lists_keys_and_the_palette_runs_them(journey: Journey, size: tuple[int, int]) -> None:
    async with told(journey.place, size) as story:
        await story.press("question_mark")
        await story.until(lambda: isinstance(story.app.screen, KeySheet), "the sheet")
        await story.until_text("Tier 1")
        story.app.focused.value = "undo"  # type: ignore[union-attr]
        await story.until(lambda: "Undo" in story.text and "Tier 1" not in story.text, "fewer keys")
        await story.press("escape", "f1")
        await story.until(lambda: story.browse.query("HelpPanel"), "the panel")
        await story.until_text("marks a row")
        await story.press("f1")
        await story.until(lambda: not story.browse.query("HelpPanel"), "no panel")
        await story.press("ctrl+c")
        await story.until_told("q quits")
        await story.press("colon")
        await story.until(lambda: isinstance(story.app.screen, CommandPalette), "the palette")
        story.app.focused.value = "facets on or off"  # type: ignore[union-attr]
        await story.until_text("view: facets on or off")
        await story.press("down", "enter")
        await story.until(lambda: not story.browse.query_one("#facets").display, "the command")


async def test_the_theme_and_the_place_are_remembered(journey: Journey) -> None:
    async with told(journey.place) as story:
        story.app.theme = "nord"
        await story.filter("tier = 2")
        await story.until_rows(len(rows_where(journey, lambda row: row["tier"] == 2)))
        await story.press("j", "j", "j")
        row = story.browse.table.highlighted
        assert row is not None
    saved = json.loads(journey.place.workspace.state.read_text())
    assert (saved["theme"], saved["filter"], saved["row"]) == ("nord", "tier = 2", row.key)
    async with told(journey.place) as story:
        assert story.app.theme == "nord"
        assert story.browse.filter_bar.text == "tier = 2"
        await story.until(lambda: (it := story.browse.table.highlighted) is not None and it.key == row.key, "the row")


async def test_a_bad_filter_of_the_command_line_shows_the_whole_corpus_and_says_why(journey: Journey) -> None:
    async with told(journey.place, filter_text="nonsense = 3") as story:
        await story.until_rows(len(journey.rows))
        await story.until_told("nonsense")
        assert "every sample is shown" in story.told
        assert story.browse.filter_bar.text == ""


async def test_a_good_filter_of_the_command_line_is_the_first_view(journey: Journey) -> None:
    async with told(journey.place, filter_text=f"content ~ '{NEEDLE}'") as story:
        await story.until_rows(len(rows_where(journey, lambda row: NEEDLE.encode() in row["content"])))


async def test_a_view_without_rows_says_what_to_do(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.filter("tokens < 0")
        await story.until_text("No sample passes the filter.")
        await story.press("1", "0", "t", "y", "enter", "n", "i", "u")
        await story.until_told("Nothing to undo.")
        assert not story.browse._reading.sample
        await story.press("escape", "escape")
        await story.until_rows(len(journey.rows))


async def test_keys_pressed_before_the_corpus_is_there_do_no_harm(journey: Journey) -> None:
    command = (sys.executable, "-m", "explorer", "serve", str(journey.place.base))
    app = StoryApp(Workbench(journey.place.workspace, command))
    async with app.run_test(size=(120, 35)) as pilot:
        story = Story(app, pilot)
        await story.press("1", "0", "u", "t", "L", "plus", "y", "f5")
        await story.until(lambda: app.workbench.described, "the corpus")
        await story.until(lambda: not story.browse.workbench.reader.is_down, "the reader")
        await app._leave(0)
    assert "nobody foresaw" not in story.told
