"""What other processes change under an open screen: noticed, told in the bottom line, taken in by `f5`."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer import app as application
from explorer.corpus.workspace import Place
from tests.journeys.corpus import SCHEMA, Journey, plain_rows
from tests.journeys.story import Story, labels_of, told
from tests.journeys.test_labelling import tiers_of


@asynccontextmanager
async def noticing(place: Place, size: tuple[int, int] = (120, 35), **settings: Any) -> AsyncIterator[Story]:
    """Tells a story in which changes by others are looked for."""
    async with told(place, size, notices=True, **settings) as story:
        yield story


async def label(place: Place, where: str, curator: str) -> None:
    """Labels some samples tier 2 in a process of its own."""
    await run("label", str(place.base), "--where", where, "--tier", "2", curator=curator)


async def run(*words: str, curator: str = "ana") -> None:
    """Runs a command in a process of its own, to its end."""
    command = (sys.executable, "-m", "explorer", *words)
    environment = {**os.environ, "CORPUS_CURATOR": curator}
    ran = await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


async def grow(journey: Journey, first: bool = True) -> None:
    """Adds three samples to the corpus, before all others or after them, and indexes it again."""
    rows = [{**row, "id": f"new{place}"} for place, row in enumerate(plain_rows(3))]
    name = "part-.parquet" if first else "part-9.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), journey.place.base / name)
    await run("index", str(journey.place.base), "--tokens", "estimate")


def id_under_cursor(story: Story) -> str | None:
    """The id of the sample whose row is under the cursor."""
    row = story.browse.table.highlighted
    line = story.browse._lines.get(int(row.key)) if row is not None else None
    return line.id if line is not None else None


@pytest.mark.parametrize("curator", ["ana", "ann"])
async def test_labels_of_another_process_are_told_and_shown_by_one_key(journey: Journey, curator: str) -> None:
    where = " elsewhere" if curator == "ann" else ""
    async with noticing(journey.place) as story:
        await story.press("1")
        await story.until_saved(1)
        await run(
            "label",
            str(journey.place.base),
            "--where",
            "id in ('s0003', 's0004', 's0005')",
            "--tier",
            "2",
            curator=curator,
        )
        await story.until(lambda: f"{curator} saved 3 labels{where} · f5 shows them" in story.status, "the notice")
        await story.press("f5")
        await story.until(lambda: "f5" not in story.status, "the end of the notice")
        await story.until(lambda: {3, 4, 5} <= labelled_on_screen(story), "the labels")
        await story.until_saved(4)
        await story.press("u")  # the latest decision of this curator, in whichever session
        await story.until_saved(1 if curator == "ann" else 3)
    assert len(labels_of(journey.place)) == (1 if curator == "ann" else 3)


def labelled_on_screen(story: Story) -> set[int]:
    """The rows on the screen that hold a label of a curator."""
    return {row for row in story.rows_shown() if row in story.browse._lines and story.browse._lines[row].labelled}


async def test_what_this_session_writes_is_no_news(journey: Journey) -> None:
    looks: list[str] = []
    async with noticing(journey.place) as story:
        bench = story.app.workbench
        for keys in (("1", "2", "3"), ("w", "right", "b"), ("4", "u")):
            await story.press(*keys)
        await story.until_saved(3)
        await story.until(lambda: story.mix._mix == story.mix._on_disk, "the mix")
        for _ in range(3):
            looks.append((await asyncio.to_thread(bench._look)).told("ann"))
        assert bench.news.told("ann") == ""
    assert looks == ["", "", ""]
    assert len(tiers_of(journey)) == 3


async def test_a_rebuilt_index_is_told_and_opened_by_one_key_on_the_same_sample(journey: Journey) -> None:
    whole = len(journey.rows)
    async with noticing(journey.place, (80, 24)) as story:
        await story.press("1", "j", "j", "space", "space", "j")
        await story.until_saved(1)
        await story.until_read()
        cursor, marked = id_under_cursor(story), sorted(int(key) for key in story.browse.table.marked)
        assert cursor is not None
        assert marked
        await grow(journey)
        await story.until(lambda: "The index was rebuilt · f5 reloads" in story.status, "the notice")
        assert story.browse.table.row_count == whole
        await story.press("f5")
        await story.until_rows(whole + 3)
        await story.until(lambda: id_under_cursor(story) == cursor, "the cursor on its sample")
        assert sorted(int(key) for key in story.browse.table.marked) == [row + 3 for row in marked]
        await story.until(lambda: "f5" not in story.status, "the end of the notice")
        await story.until(lambda: f"{whole + 3:,} samples" in story.text, "the new count")
        await story.until_read()
        await story.press("M", "2")
        await story.until_saved(2)
        await story.press("u", "u")
        await story.until_saved(0)
    assert labels_of(journey.place) == {}


async def test_a_reader_that_dies_after_a_rebuild_takes_no_mark_to_another_sample(journey: Journey) -> None:
    async with noticing(journey.place) as story:
        await story.press("j", "space", "j")
        await story.until(lambda: story.browse.table.marked, "a mark")
        await story.until_read()
        cursor = id_under_cursor(story)
        await grow(journey)
        pid = story.app.workbench.reader.pid
        assert pid is not None
        os.kill(pid, 9)
        await story.until_told("The reader stopped and was started again")
        await story.until_rows(len(journey.rows) + 3)
        await story.until(lambda: id_under_cursor(story) == cursor, "the cursor on its sample")
        await story.until_told("1 mark could not be kept.")
        assert not story.browse.table.marked


async def test_an_index_that_is_deleted_is_told_and_everything_goes_on(journey: Journey) -> None:
    workspace = journey.place.workspace
    kept = workspace.root / "kept.duckdb"
    async with noticing(journey.place, (80, 24)) as story:
        workspace.index.rename(kept)
        await story.until(lambda: "The index is gone · what is shown is from before" in story.status, "the notice")
        await story.press("j", "1", "f5", "j")
        await story.until_saved(1)
        await story.filter("tier = 2")
        await story.until_rows(sum(row["tier"] == 2 for row in journey.rows) - (journey.rows[1]["tier"] == 2))
        kept.rename(workspace.index)
        await story.until(lambda: "index" not in story.status, "the end of the notice")
    assert tiers_of(journey) == {"s0001": 1}


async def test_a_workspace_that_is_taken_away_whole_ends_nothing(journey: Journey) -> None:
    root = journey.place.workspace.root
    async with noticing(journey.place) as story:
        await story.until_read()
        shutil.move(root, root.with_name("away"))
        await story.until(lambda: "The index is gone" in story.status, "the notice")
        await story.press("f5", "j", "j")
        await story.until_read()
        shutil.move(root.with_name("away"), root)
        await story.until(lambda: "index" not in story.status, "the end of the notice")


async def test_a_mix_that_is_edited_elsewhere_is_told_and_read(journey: Journey) -> None:
    async with noticing(journey.place) as story:
        await story.press("w", "right")
        await story.until_text("saved in mix.toml")
        await run("mix", str(journey.place.base), "--least-quality", "7")
        await story.until(lambda: "mix.toml was changed · f5 reloads" in story.status, "the notice")
        await story.press("f5")
        await story.until(lambda: "f5" not in story.status, "the end of the notice")
        assert story.mix._mix.gates.least_quality == 7


async def test_a_name_of_another_curator_is_shown_as_text(journey: Journey) -> None:
    async with noticing(journey.place) as story:
        await run(
            "label",
            str(journey.place.base),
            "--where",
            "id = 's0003'",
            "--tier",
            "2",
            curator="[red]x[/] \x1b[31m\u202e",
        )
        await story.until(lambda: "[red]x[/]" in story.status and "saved 1 label ·" in story.status, "the notice")
        assert "\x1b" not in story.text
        assert "\u202e" not in story.text


async def test_nothing_is_looked_for_unless_it_is_asked_for(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "NOTICING", 0.01)
    async with told(journey.place) as story:
        assert story.app.workbench._noticing is None
