"""Keys take effect in their order: a burst does what the same keys do one by one."""

import asyncio
import random
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from explorer.corpus.workspace import Place, locate
from explorer.errors import BadInput
from tests.journeys.corpus import Journey
from tests.journeys.story import Story, labels_of, told
from widgets.prompts import Ask, Confirm, Pick

LASTING = frozenset(("decisions", "keys", "noticing"))
"""Groups of workers that live as long as their screen."""

KEYS = ("j", "j", "k", "g", "G", "pagedown", "space", "space", "1", "2", "4", "H", "D", "0", "u", "ctrl+r", "y", "n")
"""Keys of a random burst; `y` answers a question where one stands and opens the copies elsewhere."""


def letters(text: str) -> list[str]:
    return ["space" if letter == " " else letter for letter in text]


async def at_rest(story: Story) -> None:
    """Waits until every key has taken effect and nothing is under way."""

    def is_resting() -> bool:
        running = {worker.group for worker in story.app.workers if not worker.is_finished} - LASTING
        is_asking = story.app.screen is not story.browse
        return story.app.key_gate.is_idle and story.browse.decisions.is_settled and (is_asking or not running)

    await story.until(is_resting, "rest")


@contextmanager
def unanswered(story: Story, job: str) -> Generator[asyncio.Event]:
    """Lets the reader fail at a job once the event is set; the other jobs are answered."""
    reader, failing = story.app.workbench.reader, asyncio.Event()
    real = reader.ask

    async def ask(asked: str, **args: Any) -> Any:
        if asked != job:
            return await real(asked, **args)
        await failing.wait()
        raise BadInput("The reader did not answer.", "Press the key again.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "ask", ask)
        yield failing


async def test_moves_then_a_note_three_times(journey: Journey) -> None:
    async with told(journey.place) as story:
        for moves in (4, 2, 3):
            await story.burst("g", *"j" * moves, "t", *letters(f"after {moves}"), "enter")
        await story.until_saved(3)
    notes = {id: label.note for id, label in labels_of(journey.place).items()}
    assert notes == {f"s{moves:04}": f"after {moves}" for moves in (2, 3, 4)}


async def test_a_filter_is_typed_whole_and_the_next_key_acts_on_its_first_rows(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.burst("j", "slash", *letters("language"), "space", "equals_sign", *"'Rust'", "enter", "j", "1")
        await story.until_saved(1)
    rust = [row["id"] for row in journey.rows if row["language"] == "Rust"]
    assert set(labels_of(journey.place)) == {rust[1]}


async def test_yes_to_marked_rows_waits_for_the_question(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.burst("space", "space", "j", "space", "1", "y", "j", "2")
        await story.until_saved(4)
        assert story.app.screen is story.browse
    tiers = {id: label.tier for id, label in labels_of(journey.place).items()}
    assert tiers == {"s0000": 1, "s0001": 1, "s0003": 1, "s0005": 2}


async def test_keys_for_a_question_that_never_opens_are_dropped_by_name(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.burst("space", "space")
        with unanswered(story, "keys") as failing:
            await story.send("1", "y", "j", "4")
            await story.until(lambda: story.app.key_gate.is_holding, "a held key")
            failing.set()
            await story.until_told("Keys not used: y j 4")
        await at_rest(story)
        assert "did not open" in story.told
        assert story.app.screen is story.browse
        assert story.browse.table.cursor == 2
        await story.burst("1", "y")  # the same keys work as soon as the reader answers
        await story.until_saved(2)
    assert set(labels_of(journey.place)) == {"s0000", "s0001"}


async def test_esc_gives_up_a_question_that_does_not_come(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.burst("space", "space")
        with unanswered(story, "keys") as failing:
            await story.send("1", "y", "4")
            await story.until_told("Keys wait for a question to open")
            await story.send("escape", "j")
            await story.until_told("Keys not used: y 4 (you gave up waiting with esc)")
            await at_rest(story)
            failing.set()
        assert story.app.screen is story.browse
        assert story.browse.table.cursor == 3  # what came after esc is used
        assert len(story.browse.table.marked) == 2
    assert not labels_of(journey.place)


async def test_ctrl_q_leaves_while_keys_wait(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.burst("space", "space")
        with unanswered(story, "keys"):
            await story.send("1", "y", "ctrl+q")
            await story.until(lambda: story.app._is_leaving, "the end")
    assert not labels_of(journey.place)


async def test_ctrl_q_overtakes_no_label(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.send("1", "2", "ctrl+q")
        await story.until(lambda: story.app._is_leaving, "the end")
    assert set(labels_of(journey.place)) == {"s0000", "s0001"}


async def test_two_hundred_keys_over_pages_of_rows(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.burst(*("1", "j") * 100)
        await story.until_saved(100)
        assert story.browse.table.cursor == 200
    assert set(labels_of(journey.place)) == {journey.rows[row]["id"] for row in range(0, 200, 2)}


async def test_a_key_after_undo_acts_on_the_undone_sample(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.burst("1", "1", "1", "G", "u", "2", "u", "u", "4")
        await story.until_saved(2)
    tiers = {id: label.tier for id, label in labels_of(journey.place).items()}
    assert tiers == {"s0000": 1, "s0001": 4}


async def test_enter_takes_the_option_that_was_typed_before_the_list_stood(journey: Journey) -> None:
    async with told(journey.place) as story:
        await story.burst("O", *"tokens", "enter", "1")
        await story.until_saved(1)
        first = story.rows_shown()[0]
    assert set(labels_of(journey.place)) == {journey.rows[first]["id"]}


async def _outcome(place: Place, keys: list[str], *, at_once: bool) -> tuple[Any, ...]:
    """What keys leave behind: labels, the row under the cursor, the marks and the question that stands."""
    async with told(place) as story:
        if at_once:
            await story.burst(*keys)
        else:
            for key in keys:
                await story.burst(key)
                await at_rest(story)
        await at_rest(story)
        table, screen = story.browse.table, story.app.screen
        question = screen.title_text if isinstance(screen, Ask | Confirm | Pick) else ""
        left = (table.cursor, sorted(map(int, table.marked)), question)
    labels = {id: (label.tier, label.origin, label.verdict, label.note) for id, label in labels_of(place).items()}
    return labels, *left


@pytest.mark.parametrize("seed", range(6))
async def test_a_random_burst_does_what_its_keys_do_one_by_one(journey: Journey, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    keys: list[str] = []
    for _ in range(30):
        keys += ["t", *"seen", "enter"] if chance.random() < 0.1 else [chance.choice(KEYS)]
    other = locate(str(shutil.copytree(journey.place.base, tmp_path / "other")))
    assert await _outcome(journey.place, keys, at_once=True) == await _outcome(other, keys, at_once=False)
