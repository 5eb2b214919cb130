"""Weighing tiers by keys, with the plan redrawn, and writing what was planned."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.mixing.mix_file import load_mix
from explorer.screens.mix import screen as mix_screen
from tests.journeys.corpus import Journey
from tests.journeys.story import Story, told
from widgets.prompts import Ask, Confirm, Pick, Progress


async def to_mix(story: Story) -> None:
    await story.press("w")
    await story.until(lambda: story.mix._plans, "the plans")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=str)
async def test_weights_change_by_keys_and_the_file_keeps_its_comments(
    journey: Journey, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mix_screen, "SAVE_PAUSE", 0.01)
    path = journey.place.workspace.mix
    async with told(journey.place, size) as story:
        await to_mix(story)
        first = story.mix._mix.stages[0].weights
        plan = story.mix._plans[0]
        await story.press("right")
        await story.until_text("saved in mix.toml")
        more = story.mix._mix.stages[0].weights
        assert more[1] == pytest.approx(first[1] + 1)
        assert sum(more.values()) == pytest.approx(sum(first.values()))  # the others give way
        assert story.mix._plans[0].tier(1).drawn_tokens != plan.tier(1).drawn_tokens
        await story.press("a", "right", "right")
        await story.until_text("the others stay")
        await story.until(lambda: story.mix._mix.stages[0].weights[1] == pytest.approx(first[1] + 3), "three more")
        after = story.mix._mix.stages[0].weights
        assert {tier: after[tier] for tier in (2, 3, 4)} == {tier: more[tier] for tier in (2, 3, 4)}
        await story.press("u")
        await story.until(lambda: story.mix._mix.stages[0].weights[1] == pytest.approx(first[1] + 2), "undone")
        await story.press("ctrl+r")
        await story.until(lambda: story.mix._mix.stages[0].weights[1] == pytest.approx(first[1] + 3), "done again")
        await story.until(lambda: story.mix._mix == story.mix._on_disk, "saved")
        path.write_text("# by hand: ask Ann before changing this\n" + path.read_text())
        await story.press("f5")
        await story.press("j", "left_square_bracket")
        await story.until(lambda: story.mix._mix.stages[0].weights[2] == pytest.approx(after[2] - 5), "five less")
        await story.until(lambda: story.mix._mix == story.mix._on_disk, "saved")
        assert path.read_text().startswith("# by hand: ask Ann before changing this\n")
        assert load_mix(path).stages[0].weights == story.mix._mix.stages[0].weights


async def test_presets_and_budgets_are_asked_for(journey: Journey) -> None:
    async with told(journey.place) as story:
        await to_mix(story)
        before = story.mix._mix
        await story.press("P")
        await story.until(lambda: isinstance(story.app.screen, Pick), "the presets")
        name = story.app.screen._shown[-1]  # type: ignore[attr-defined]
        await story.type(name)
        await story.until(lambda: story.mix._mix != before, "the preset")
        for text, budget in (("50k", 50_000), ("fit", "fit")):
            await story.press("B")
            await story.until(lambda: isinstance(story.app.screen, Ask), "the budget")
            await story.type(text)
            await story.until(lambda budget=budget: story.mix._mix.stages[0].budget == budget, text)
        await story.press("B")
        await story.until(lambda: isinstance(story.app.screen, Ask), "the budget")
        told_before = len(story.app.told)
        await story.type("plenty")
        await story.until(lambda: len(story.app.told) > told_before, "what is wrong")


async def ask_export(story: Story, target: Path) -> None:
    await story.press("e")
    await story.until(lambda: isinstance(story.app.screen, Ask), "where to")
    await story.type(str(target))
    await story.until(lambda: isinstance(story.app.screen, Pick), "the format")
    await story.type("both")
    await story.until(lambda: isinstance(story.app.screen, Confirm), "the question")
    await story.press("enter", "e")
    assert isinstance(story.app.screen, Confirm)
    await story.press("y")


async def test_an_export_passes_its_own_check(journey: Journey, tmp_path: Path) -> None:
    target = tmp_path / "out [red]"
    async with told(journey.place) as story:
        await story.press("1", "D")
        await story.until_saved(2)
        await to_mix(story)
        await ask_export(story, target)
        await story.until_told("`corpus verify` checks them")
        await story.until(lambda: story.app.screen is story.mix, "the mix")
        await story.press("e")
        await story.until(lambda: isinstance(story.app.screen, Ask), "where to")
        await story.type(str(target))
        await story.until(lambda: "exists" in story.told, "a refusal")
        await story.until(lambda: isinstance(story.app.screen, Ask), "where to, once more")
        await story.press("escape")
        await story.until(lambda: story.app.screen is story.mix, "the mix")
    checked = subprocess.run(
        [sys.executable, "-m", "explorer", "verify", str(target), "--json"], capture_output=True, check=False
    )
    assert (checked.returncode, json.loads(checked.stdout)["ok"]) == (0, True), checked.stderr


SLOW = """
import time
from explorer.cli import run
from explorer.exporting import export
real = export.rows_of
def slow(*args):
    for row in real(*args):
        time.sleep(0.005)
        yield row
export.rows_of = slow
raise SystemExit(run(["serve", {root!r}]))
"""


async def test_a_stopped_export_leaves_nothing(journey: Journey, tmp_path: Path) -> None:
    command = (sys.executable, "-c", SLOW.format(root=str(journey.place.workspace.root)))
    parent = tmp_path / "exports"
    parent.mkdir()
    async with told(journey.place, command=command) as story:
        await to_mix(story)
        await ask_export(story, parent / "out")
        await story.until(lambda: isinstance(story.app.screen, Progress), "the progress")
        await story.until(lambda: list(parent.iterdir()), "its first files")
        await story.press("escape")
        await story.until_told("The export was stopped; nothing was left behind.")
        await story.until(lambda: story.app.screen is story.mix, "the mix")
    assert not list(parent.iterdir())
