"""Stories on the stats screen: pages, groups, the samples behind a figure and the way back."""

import asyncio
from pathlib import Path

import pytest

from explorer.screens.stats.screen import StatsScreen
from tests.journeys.corpus import Journey
from tests.journeys.story import Story, told
from widgets.prompts import Ask, Pick


def screen_of(story: Story) -> StatsScreen:
    screen = story.app._screens["stats"]
    assert isinstance(screen, StatsScreen)
    return screen


async def until_page(story: Story, name: str, *groups: str) -> None:
    screen = screen_of(story)
    await story.until(
        lambda: (
            screen._page is not None
            and screen._page.name == name
            and (not groups or tuple(group.name for group in screen._page.groups) == groups)
            and screen.column._blocks
        ),
        f"the page {name}",
    )


async def pick(story: Story, key: str, option: str) -> None:
    await story.press(key)
    await story.until(lambda: isinstance(story.app.screen, Pick), "the choice")
    await story.type(option)
    await story.until(lambda: not isinstance(story.app.screen, Pick), "the end of the choice")


async def go_to(story: Story, block: str, label: str) -> None:
    """Moves the cursor to a line by keys."""
    screen = screen_of(story)
    await story.press("g")
    for _ in range(200):
        chosen = screen.column.chosen
        if chosen is not None:
            where = screen.column._blocks[chosen[0]]
            if where.title.startswith(block) and where.lines[chosen[1]].cells[0] == label:
                return
        await story.press("j")
    raise AssertionError(f"no line {label} in {block}\n{story.text}")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_pages_turn_and_a_figure_opens_its_samples(journey: Journey, size: tuple[int, int]) -> None:
    rows = sum(one["tier"] == 2 for one in journey.rows)
    async with told(journey.place, size) as story:
        await story.press("percent_sign")
        await until_page(story, "overview")
        await story.until_text("All in all")
        await go_to(story, "Tiers", "tier 2")
        await story.until_text(f"{rows:,} samples of everything · tier = 2")
        await story.press("enter")
        await story.until_rows(rows)
        assert story.browse._wish.filter == "tier = 2"
        await story.press("escape")
        await story.until(lambda: story.app.current_mode == "stats", "the way back")
        await story.until_text(f"{rows:,} samples of everything · tier = 2")
        assert story.browse._wanted.filter == ""

        for key, name in (("2", "quality"), ("tab", "freshness"), ("right_square_bracket", "licences"),
                          ("7", "duplicates"), ("left_square_bracket", "licences"), ("1", "overview")):  # fmt: skip
            await story.press(key)
            if name == "freshness":  # pages that are not there are passed over
                await story.until(lambda: screen_of(story)._page_name != "quality", "another page")
                await story.press("5")
            await until_page(story, name)
        await story.until_text(f"{rows:,} samples of everything · tier = 2")


async def test_groups_stand_side_by_side_and_each_opens_its_own(journey: Journey) -> None:
    human = sum(one["origin"] == "human" and one["tier"] == 1 for one in journey.rows)
    async with told(journey.place, (120, 35)) as story:
        await story.filter("language = 'Rust'")
        rust = sum(one["language"] == "Rust" for one in journey.rows)
        await story.until_rows(rust)
        await story.press("percent_sign")
        await until_page(story, "overview", "everything")
        await pick(story, "a", "tier 1")
        await until_page(story, "overview", "tier 1")
        await pick(story, "v", "the view")
        await until_page(story, "overview", "tier 1", "the view")
        page = screen_of(story)._page
        assert page is not None
        assert page.groups[1].samples == rust
        await pick(story, "v", "human")
        await until_page(story, "overview", "tier 1", "human")
        await go_to(story, "Origins", "human")
        await story.until_text(f"{human:,} samples of tier 1 · origin = 'human'")
        await story.press("enter")
        await story.until_rows(human)
        await story.press("escape")
        await story.until(lambda: story.app.current_mode == "stats", "the way back")
        await story.until(lambda: story.browse._wish.filter == "language = 'Rust'", "the view before")
        await pick(story, "v", "only the first")
        await until_page(story, "overview", "tier 1")
        await pick(story, "B", "origin")
        await until_page(story, "overview")
        await story.until(
            lambda: screen_of(story)._page is not None and len(screen_of(story)._page.groups) > 1, "groups"
        )
        page = screen_of(story)._page
        assert page is not None
        assert sum(group.samples for group in page.groups) == len(journey.rows)


async def test_a_filter_is_typed_and_a_bad_one_told(journey: Journey) -> None:
    async with told(journey.place, (100, 30)) as story:
        await story.press("percent_sign")
        await until_page(story, "overview")
        for text in ("tokens > 100 [bold]", "tokens > 100"):
            await story.press("a")
            await story.until(lambda: isinstance(story.app.screen, Pick), "the choice")
            await story.type("to be typed")
            await story.until(lambda: isinstance(story.app.screen, Ask), "the input")
            await story.type(text)
            if "[" in text:
                await story.until_text("nothing was counted")
                assert "Traceback" not in story.text
        await until_page(story, "overview", "tokens > 100")


async def test_a_label_changes_the_figures(journey: Journey) -> None:
    async with told(journey.place, (120, 35)) as story:
        await story.until_read()
        await story.press("percent_sign")
        await until_page(story, "overview")
        before = {row.cells[0]: row.counts for row in screen_of(story)._page.sections[2].rows}  # type: ignore[union-attr]
        await story.press("b")
        await story.until(lambda: story.app.current_mode == "browse", "browse")
        first = journey.rows[0]["tier"]
        wanted = 2 if first == 1 else 1
        await story.press(str(wanted))
        await story.until_saved(1)
        await story.press("percent_sign")

        def changed() -> bool:
            page = screen_of(story)._page
            now = {row.cells[0]: row.counts for row in page.sections[2].rows} if page else {}
            return bool(now) and now[f"tier {wanted}"][0] == before[f"tier {wanted}"][0] + 1

        await story.until(changed, "the new count")


async def test_counting_can_be_stopped(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    async with told(journey.place, (100, 30)) as story:
        ask = story.app.workbench.reader.ask
        cancelled = asyncio.Event()

        async def slow(job: str, **settings: object) -> object:
            if job == "stats" and not cancelled.is_set():
                settings["on_progress"]({"step": "comparing", "done": 1, "of": 4})  # type: ignore[operator]
                await cancelled.wait()
                from explorer.reader.client import Superseded

                raise Superseded("stopped")
            return await ask(job, **settings)  # type: ignore[arg-type]

        monkeypatch.setattr(story.app.workbench.reader, "ask", slow)
        monkeypatch.setattr(story.app.workbench.reader, "cancel", lambda lane: cancelled.set())
        await story.press("percent_sign")
        await story.until_text("comparing · 25%")
        await story.until_text("esc stops")
        await story.press("escape")
        await story.until_text("F5 counts again")
        await story.press("f5")
        await until_page(story, "overview")


async def test_nothing_that_a_corpus_says_is_markup(tmp_path: Path) -> None:
    from tests.corpora import corpus_of, row

    name = "[bold]x[/] \x1b[31m\u202e"
    text = "x = 1\n" * 12
    place = corpus_of(tmp_path / "corpus", [row(f"{text}# {n}\n", language=name, license=name) for n in range(3)])
    async with told(place, (120, 35)) as story:
        await story.press("percent_sign")
        await until_page(story, "overview")
        await go_to(story, "Languages", name)
        await story.until_text("[bold]x[/]")
        assert "\x1b" not in story.text
        assert "\u202e" not in story.text
        await story.press("enter")
        await story.until_rows(3)


async def test_human_code_is_pinned_and_what_forgets_rare_words_is_red(tmp_path: Path) -> None:
    from tests.stats.human_and_not import corpus

    async with told(corpus(tmp_path / "mixed"), (140, 45)) as story:
        await story.press("percent_sign")
        await until_page(story, "overview")
        await story.press("4")
        await story.until_text("No baseline is pinned yet")
        await pick(story, "a", "human")
        await until_page(story, "diversity")
        await story.press("P")
        await story.until(lambda: isinstance(story.app.screen, Pick), "the choice")
        await story.type("pin human as a baseline")
        await story.until(lambda: isinstance(story.app.screen, Ask), "the name")
        await story.type("people")
        await story.until(lambda: "neither dated before" in story.told, "the refusal")
        await story.press("P")
        await story.until(lambda: isinstance(story.app.screen, Pick), "the choice")
        await story.type("all the same")
        await story.until(lambda: isinstance(story.app.screen, Ask), "the name")
        await story.type("people")
        await story.until(lambda: "Pinned 260 samples as people" in story.told, "the baseline")
        await story.until_text("nothing narrows beyond what human code does")
        await pick(story, "a", "synthetic")
        await until_page(story, "diversity", "synthetic")
        await story.until_text("its tails are cut")
        await story.until_text("no share of synthetic data is proven safe")
        await pick(story, "L", "Go")
        await story.until_text("n too small")
        await pick(story, "L", "Python")
        await story.until_text("its tails are cut")
        await go_to(story, "What wrote it", "large")
        await story.press("enter")
        await story.until_rows(216)
        await story.press("escape")
        await story.until(lambda: story.app.current_mode == "stats", "the way back")
        await story.press("3")
        await until_page(story, "style", "synthetic")
        await story.until_text("How names are written")
