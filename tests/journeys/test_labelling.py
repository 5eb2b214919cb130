"""Deciding by keys: on disk before it is shown, undone, done again, and there at the next start."""

import os
import signal
import sys

import pytest

from explorer.labels.book import LabelBook
from tests.journeys.corpus import Journey
from tests.journeys.story import Story, labels_of, told
from tests.patience import have_patience
from widgets.prompts import Ask, Confirm, Pick


def tiers_of(journey: Journey) -> dict[str, int | None]:
    return {id: label.tier for id, label in labels_of(journey.place).items() if label.tier is not None}


def marked_on_screen(story: Story) -> list[int]:
    """Rows of the index that carry the sign of a label."""
    table = story.browse.table
    shown = [table.row_at(index) for index in table.visible_rows]
    return [int(row.key) for row in shown if row is not None and "•" in row.cells[0][0]]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=str)
async def test_ten_labels_three_undone_seven_at_the_next_start(journey: Journey, size: tuple[int, int]) -> None:
    async with told(journey.place, size) as story:
        await story.filter("language = 'Rust'")
        rust = [number for number, row in enumerate(journey.rows) if row["language"] == "Rust"]
        await story.until_rows(len(rust))
        await story.press("1", "2", "3", "4", "1")
        await story.until_read()
        await story.press("enter", "2", "3", "4", "1", "2")  # in the code view the same keys decide
        await story.until_saved(10)
        assert story.app.focused is story.browse.code
        decided = dict(zip(rust, (1, 2, 3, 4, 1, 2, 3, 4, 1, 2), strict=False))
        assert tiers_of(journey) == {journey.rows[row]["id"]: tier for row, tier in decided.items()}
        await story.press("u", "u", "u")
        await story.until_saved(7)
        kept = dict(list(decided.items())[:7])
        assert tiers_of(journey) == {journey.rows[row]["id"]: tier for row, tier in kept.items()}
        await story.until_text(f"row 8 of {len(rust)}")
        await story.press("escape", "g")
        await story.until(lambda: marked_on_screen(story) == list(kept)[: len(marked_on_screen(story))] != [], "marks")
        await story.press("j", "j")
    async with told(journey.place, size) as story:
        await story.until_rows(len(rust))
        await story.until_saved(7)
        assert story.browse.filter_bar.text == "language = 'Rust'"
        await story.until_text(f"row 3 of {len(rust)}")
        assert marked_on_screen(story) == list(kept)[: len(marked_on_screen(story))]
        await story.press("u")  # of the run before
        await story.until_saved(6)
        await story.press("ctrl+r")
        await story.until_saved(7)
        await story.until_text(f"row 7 of {len(rust)}")
        await story.press("0")
        await story.until_saved(6)
    assert len(tiers_of(journey)) == 6


async def test_origin_verdict_and_note_have_keys(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.press("H", "S", "X", "U", "plus", "minus", "K", "D")
        await story.until_saved(8)
        await story.press("t")
        await story.until(lambda: isinstance(story.app.screen, Ask), "the note")
        await story.type("look \x1b]52;c;x\x07 again [red]")
        await story.until_saved(9)
        await story.press("k")
        await story.until_text("look ␛]52;c;x␇ again [red]")
        await story.press("t")
        await story.until(lambda: isinstance(story.app.screen, Ask), "the note")
        await story.press("enter")  # unchanged: nothing to write, the cursor stays
        await story.until_text("row 9 of")
        labels = labels_of(journey.place)
        ids = [row["id"] for row in journey.rows[:9]]
        assert [labels[id].origin for id in ids[:4]] == ["human", "synthetic", "mixed", "unknown"]
        assert [labels[id].verdict for id in ids[4:8]] == ["keep", "drop", "keep", "drop"]
        assert labels[ids[8]].note == "look \x1b]52;c;x\x07 again [red]"
        book = LabelBook.open(journey.place.workspace.labels, only_look=True)
        assert book.counts().events == 9
        book.close()


async def test_many_are_labelled_only_by_the_letter_that_is_shown(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.press("space", "space", "j", "v", "j", "j", "v")
        await story.until_text("5 marked")
        await story.press("2")
        await story.until(lambda: isinstance(story.app.screen, Confirm), "the question")
        assert "Set tier 2 on 5 samples?" in story.text
        await story.press("enter", "2")
        assert isinstance(story.app.screen, Confirm)
        await story.press("n")
        await story.until(lambda: story.app.screen is story.browse, "no question")
        assert not labels_of(journey.place)
        assert "5 marked" in story.status
        await story.press("2")
        await story.until(lambda: isinstance(story.app.screen, Confirm), "the question")
        await story.press("y")
        await story.until_saved(5)
        await story.until(lambda: "marked" not in story.status, "no marks")
        assert tiers_of(journey) == {journey.rows[row]["id"]: 2 for row in (0, 1, 3, 4, 5)}
        await story.press("u")
        await story.until_saved(0)

        await story.filter("tier = 3 and origin = 'human'")
        wanted = [row["id"] for row in journey.rows if row["tier"] == 3 and row["origin"] == "human"]
        await story.until_rows(len(wanted))
        await story.press("L")
        await story.until(lambda: isinstance(story.app.screen, Pick), "what to decide")
        await story.type("verdict drop")
        await story.until_text(f"Set verdict drop on {len(wanted)} samples?")
        await story.press("y")
        await story.until_saved(len(wanted))
        labels = labels_of(journey.place)
        assert set(labels) == set(wanted)
        assert {label.verdict for label in labels.values()} == {"drop"}


async def test_keys_decide_in_their_order_even_without_a_pause(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.press("4")
        await story.until_saved(1)
        story.browse.action_label("tier", 1)
        story.browse.action_undo()
        story.browse.action_label("tier", 2)
        story.browse.action_undo()
        story.browse.action_redo()
        assert "saving …" in str(story.browse._status.render())
        await story.until_saved(2)
    assert tiers_of(journey) == {"s0000": 4, "s0002": 2}


async def test_leaving_at_once_loses_no_key(journey: Journey) -> None:
    async with told(journey.place) as story:
        for _ in range(30):
            story.browse.action_label("tier", 1)
        await story.app._leave(0)
    assert len(tiers_of(journey)) == 30


async def test_the_last_row_keeps_the_cursor_and_the_place_in_the_code(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.filter("id = 'h0038'")  # a hundred thousand lines
        await story.until_rows(1)
        await story.until_read()
        await story.until(lambda: story.browse.code.line_count > 90_000, "the lines")
        story.browse.code.go_to_line(1500)
        top = story.browse.code.top_line
        await story.press("1")
        await story.until_saved(1)
        await story.until_text("1 (your label)")
        assert story.browse.code.top_line == top


async def test_a_failing_disk_is_told_and_nothing_is_shown_as_saved(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with told(journey.place) as story:
        await story.press("1")
        await story.until_saved(1)
        with monkeypatch.context() as broken:

            def full(*_: object) -> int:
                raise OSError(28, "No space left on device")

            broken.setattr(os, "pwrite", full)
            await story.press("2")
            await story.until_told("NOT saved")
            await story.until_text("1 labelled · the last 1 NOT saved")
        assert tiers_of(journey) == {"s0000": 1}
        await story.press("3")
        await story.until_saved(2)
    assert tiers_of(journey) == {"s0000": 1, "s0002": 3}


async def test_read_only_has_a_banner_and_refuses_with_a_reason(journey: Journey) -> None:
    async with told(journey.place, read_only=True) as story:
        await story.until_text(" read-only ")
        for key in ("1", "0", "t", "L", "u", "ctrl+r", "plus"):
            before = len(story.app.told)
            await story.press(key)
            assert "read-only: it was opened to look only" in story.app.told[before:]
        await story.press("w")
        await story.until_text("effective")
        await story.press("right")
        await story.until_text("read-only")
    assert not labels_of(journey.place)
    assert not journey.place.workspace.mix.exists()


async def test_a_dead_reader_comes_back_with_every_label(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.press("1", "2")
        await story.until_saved(2)
        await story.filter("tier_source = 'label'")
        await story.until_rows(2)
        pid = story.app.workbench.reader.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await story.until_told("The reader stopped and was started again; labels are safe.")
        await story.until(lambda: story.app.workbench.reader.is_up, "the reader")
        await story.press("f5")
        await story.until_rows(2)
        assert marked_on_screen(story) == [0, 1]
        await story.press("3")
        await story.until_saved(2)
    assert tiers_of(journey) == {"s0000": 3, "s0001": 2}


async def test_a_reader_that_hangs_delays_no_label_and_is_replaced(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with told(journey.place) as story:
        await story.until_read()
        have_patience(monkeypatch, 1.0)
        pid = story.app.workbench.reader.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        await story.press("1", "2")
        await story.until_saved(2)  # while nobody answers
        assert tiers_of(journey) == {"s0000": 1, "s0001": 2}
        await story.until_told("The reader stopped and was started again")
        have_patience(monkeypatch)
        await story.until(lambda: marked_on_screen(story) == [0, 1], "the marks")
        assert story.app.workbench.reader.pid != pid


ABORTING = """
import os
from explorer.open_corpus.content import ContentStore
read = ContentStore.read
def fatal(self, row, report=lambda _: None):
    if self.locate(row).file == "part-1.parquet":
        report("part-1.parquet")
        os.abort()
    return read(self, row, report)
ContentStore.read = fatal
from explorer.cli import run
raise SystemExit(run(["serve", {root!r}]))
"""


async def test_a_file_that_kills_the_reader_twice_is_named_and_not_opened_again(journey: Journey) -> None:
    command = (sys.executable, "-c", ABORTING.format(root=str(journey.place.workspace.root)))
    async with told(journey.place, command=command) as story:
        await story.press("G")
        await story.until_told("The reader has died on part-1.parquet 2 times")
        assert "Set it aside" in story.told
        await story.until_text("not opened: the reader has died on part-1.parquet")
        await story.until(lambda: story.browse.table.highlighted, "the row under the cursor")
        await story.press("k", "1")
        await story.until_saved(1)
        await story.press("g")
        await story.until_text("# sample 0 in")
        assert story.app.workbench.reader.is_up


@pytest.mark.parametrize("key", ["O", "ctrl+g", "t", "L"])
async def test_what_is_typed_before_a_question_stands_decides_nothing(journey: Journey, key: str) -> None:
    """The keys come faster than the window opens: they are lost rather than taken for labels."""
    async with told(journey.place) as story:
        await story.until(lambda: story.browse.table.row_count, "rows")
        before = story.app.workbench.decisions
        for typed in (key, "2", "3", "H"):
            story.app.simulate_key(typed)
        await story.until(lambda: len(story.app.screen_stack) > 1, "the question")
        await story.press("escape")
        await story.until(lambda: len(story.app.screen_stack) == 1, "the end of the question")
        await story.browse.decisions.settle()
        assert story.app.workbench.decisions == before


async def test_a_journal_that_is_taken_away_is_told_and_loses_no_label(journey: Journey) -> None:
    journals = journey.place.workspace.labels / "journal"
    async with told(journey.place) as story:
        await story.press("1", "2")
        await story.until_saved(2)
        for path in journals.iterdir():
            path.unlink()
        await story.press("3")
        await story.until_saved(3)
        await story.until_told("2 decisions of this session are written again")
        assert sorted(tiers_of(journey).values()) == [1, 2, 3]
        journals.rename(journals.with_name("aside"))
        journals.symlink_to(journals.with_name("aside"))
        for path in journals.iterdir():
            path.unlink()
        await story.press("4")
        await story.until_text("the last 1 NOT saved")
        await story.until_told("is a link")
        journals.unlink()
        await story.press("g", "u")
        await story.until_saved(2)
    assert sorted(tiers_of(journey).values()) == [1, 2]


async def test_a_journal_taken_away_from_an_idle_session_is_written_on_leaving(journey: Journey) -> None:
    journals = journey.place.workspace.labels / "journal"
    async with told(journey.place) as story:
        await story.press("1", "2")
        await story.until_saved(2)
        for path in journals.iterdir():
            path.unlink()
    assert sorted(tiers_of(journey).values()) == [1, 2]


async def test_leaving_without_a_place_for_the_labels_says_so_and_fails(journey: Journey) -> None:
    labels = journey.place.workspace.labels
    async with told(journey.place) as story:
        await story.press("1", "2")
        await story.until_saved(2)
        labels.rename(labels.with_name("aside"))
        labels.write_text("strange")
    assert story.app.return_code == 1
    labels.unlink()
    labels.with_name("aside").rename(labels)
    assert sorted(tiers_of(journey).values()) == [1, 2]
