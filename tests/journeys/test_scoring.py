"""Seeing quality and its reasons, accepting suggestions, sliding the threshold, and never seeing a secret."""

from pathlib import Path

import pytest

from explorer.mixing.mix_file import load_mix
from explorer.screens.quality.screen import QualityScreen
from tests.corpora import corpus_of, plenty_rows, row
from tests.journeys.corpus import Journey
from tests.journeys.story import labels_of, told
from tests.signals.planted import HARD
from widgets.prompts import Confirm
from widgets.sheet import Sheet


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=str)
async def test_every_point_can_be_questioned(journey: Journey, size: tuple[int, int]) -> None:
    async with told(journey.place, size) as story:
        assert "quality" in [column.key for column in story.browse.table.columns]
        await story.until_read()
        await story.press("e")
        await story.until(lambda: isinstance(story.app.screen, Sheet), "the reasons")
        await story.until_text("Quality")
        await story.until_text("lost")
        await story.press("G", "escape")
        await story.until(lambda: not isinstance(story.app.screen, Sheet), "the table")


async def test_a_suggestion_is_accepted_by_one_key_and_taken_back(journey: Journey) -> None:
    async with told(journey.place, (160, 45)) as story:
        await story.filter("tier is null and suggested_tier is not null")
        await story.until_read()
        first = story.browse._reading.sample
        await story.press("a")
        await story.until_saved(1)
        label = labels_of(journey.place)[first["id"]]
        assert (label.accepted, label.tier) == (first["suggested_tier"], None)
        await story.press("u")
        await story.until(lambda: first["id"] not in labels_of(journey.place), "undone")


async def test_bulks_wait_for_a_record(journey: Journey) -> None:
    async with told(journey.place, (160, 45)) as story:
        await story.until_read()
        await story.press("A")
        await story.until_told("73 of 73 would do")


async def test_the_threshold_shows_its_cost_before_it_is_applied(tmp_path: Path) -> None:
    place = corpus_of(tmp_path / "corpus", plenty_rows(200))
    async with told(place, (160, 45)) as story:
        await story.press("Q")
        await story.until(lambda: isinstance(story.app.screen, QualityScreen) and story.app.screen._spread, "quality")
        await story.until_text("median")
        await story.until_text("too few labels")
        await story.press("right_square_bracket", "right")
        await story.until_text("in force is 0")
        screen = story.app.screen
        assert isinstance(screen, QualityScreen)
        await story.until(lambda: screen._radius is not None and screen._radius.whole.samples_lost > 0, "the cost")
        await story.press("enter")
        await story.until(lambda: isinstance(story.app.screen, Confirm), "the question")
        await story.press("y")
        await story.until(lambda: place.workspace.mix.exists(), "mix.toml")
        assert load_mix(place.workspace.mix).gates.least_quality == 6


async def test_a_secret_is_lit_and_masked_wherever_it_is_looked_at(tmp_path: Path) -> None:
    secret = HARD["AWS access key"][0]
    text = f"# a\nkey = {secret!r}\n" + "x = 1\n" * 12
    place = corpus_of(tmp_path / "corpus", [row(text, path=f"{secret}.py", repo="a/b", license="MIT", tier=1)])
    async with told(place, (160, 45)) as story:
        await story.until_text("1 secret masked")
        await story.until_text(f"{secret[:4]}••")
        assert secret not in story.text
        assert story.browse.code._lit
        await story.press("e")
        await story.until(lambda: isinstance(story.app.screen, Sheet), "the reasons")
        await story.press("G")
        await story.until_text("AWS access key")
        assert secret not in story.text
