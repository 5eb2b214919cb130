"""Tells a story over the app in this process: keys in, screen text out, waiting for conditions only."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.pilot import Pilot

import explorer
from explorer.app import ExplorerApp
from explorer.corpus.workspace import Place
from explorer.labels.book import LabelBook
from explorer.labels.decisions import SampleLabel
from explorer.screens.browse.screen import BrowseScreen
from explorer.screens.mix.screen import MixScreen
from explorer.screens.shared.workbench import Workbench
from tests.patience import PATIENCE

CHARACTERS = {"space": " ", "equals_sign": "=", "enter": "\r"}
"""What some keys type."""


class StoryApp(ExplorerApp):
    """The explorer; it remembers what it told."""

    CSS_PATH = Path(explorer.__file__).with_name("explorer.tcss")

    def __init__(self, *args: Any, **settings: Any) -> None:
        self.told: list[str] = []
        super().__init__(*args, **settings)

    def notify(self, message: str, **settings: Any) -> None:
        self.told.append(message)
        super().notify(message, **settings)


class Story:
    """One run of the explorer and its curator."""

    def __init__(self, app: StoryApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def browse(self) -> BrowseScreen:
        screen = self.app._screens["browse"]
        assert isinstance(screen, BrowseScreen)
        return screen

    @property
    def mix(self) -> MixScreen:
        screen = self.app._screens["mix"]
        assert isinstance(screen, MixScreen)
        return screen

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def status(self) -> str:
        """The line above the footer."""
        return self.text.split("\n")[-2]

    @property
    def told(self) -> str:
        """Everything that was told so far."""
        return "\n".join(self.app.told)

    async def press(self, *keys: str) -> None:
        """Presses keys one right after the other, and lets the screen take the last one."""
        for key in keys[:-1]:
            self.app.simulate_key(key)
        await self.pilot.press(keys[-1])
        await self._taken()
        gate = self.app.key_gate
        await self.until(lambda: gate.is_idle or gate.is_holding, "the keys")

    async def burst(self, *keys: str) -> None:
        """Sends keys all at once, as a slow line delivers them, and waits until each has taken effect."""
        await self.send(*keys)
        await self.until(lambda: self.app.key_gate.is_idle, f"the end of {keys}")

    async def send(self, *keys: str) -> None:
        """Sends keys all at once, and waits until the app has them."""
        for key in keys:
            self.app.post_message(events.Key(key, CHARACTERS.get(key)))
        await self._taken()

    async def _taken(self) -> None:
        taken = asyncio.Event()
        self.app.call_later(taken.set)
        await taken.wait()

    async def type(self, text: str) -> None:
        """Puts a text into the focused input and enters it."""
        self.app.focused.value = text  # type: ignore[union-attr]
        await self.press("enter")

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Waits for a condition."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"never came: {what}\n{self.told}\n{self.text}")
            await self.pilot.pause(0.02)

    async def until_text(self, text: str) -> None:
        """Waits for a text on the screen."""
        await self.until(lambda: text in self.text, text)

    async def until_told(self, text: str) -> None:
        """Waits for a notice."""
        await self.until(lambda: text in self.told, text)

    async def until_rows(self, rows: int) -> None:
        """Waits for a view of so many rows, with the row under the cursor on the screen."""
        table = self.browse.table
        await self.until(
            lambda: table.row_count == rows and (not rows or table.highlighted is not None), f"{rows} rows"
        )

    async def until_read(self) -> None:
        """Waits for the sample under the cursor to be the one that is read."""
        table, reading = self.browse.table, self.browse._reading
        await self.until(lambda: table.highlighted is not None and reading.row == table.highlighted.key, "the sample")

    async def until_saved(self, labels: int) -> None:
        """Waits for the status line to tell so many labels, all of them saved."""
        await self.until_text(f"{labels:,} labelled · all saved")

    async def filter(self, text: str) -> None:
        """Types a filter."""
        await self.press("slash")
        await self.until(lambda: self.browse.filter_bar.has_focus_within, "the filter bar")
        await self.type(text)

    def facet(self, name: str) -> dict[str, int]:
        """The counts of a facet as they stand beside the table."""
        from widgets.facets import FacetList

        return {facet.key: facet.count for facet in self.browse.query_one(f"#facet-{name}", FacetList).facets}

    def rows_shown(self) -> list[int]:
        """The rows of the index that stand on the screen, from above."""
        table = self.browse.table
        return [int(row.key) for index in table.visible_rows if (row := table.row_at(index)) is not None]


@asynccontextmanager
async def told(
    place: Place,
    size: tuple[int, int] = (120, 35),
    *,
    command: tuple[str, ...] = (),
    read_only: bool = False,
    **settings: Any,
) -> AsyncIterator[Story]:
    """Opens the explorer over a corpus, waits for its first rows, and quits at the end."""
    command = command or (sys.executable, "-m", "explorer", "serve", str(place.workspace.root))
    app = StoryApp(Workbench(place.workspace, command, read_only=read_only), **settings)
    async with app.run_test(size=size) as pilot:
        story = Story(app, pilot)
        try:
            await story.until(lambda: app.workbench.described, "the corpus")
            if app.workbench.state.screen == "browse":
                await story.until(lambda: story.browse._is_shown and story.browse.table.highlighted, "the first rows")
            yield story
        finally:
            await app._leave(0)
            await asyncio.sleep(0)
    assert "nobody foresaw" not in story.told, story.told


def labels_of(place: Place) -> dict[str, SampleLabel]:
    """What the journals hold, read by a book of its own."""
    book = LabelBook.open(place.workspace.labels, only_look=True)
    try:
        return {label.id: label for label in book.labels()}
    finally:
        book.close()
