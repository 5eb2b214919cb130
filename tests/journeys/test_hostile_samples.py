"""A corpus that means harm: every sample is walked through, and nothing of it reaches the terminal or acts."""

import re
import sys

import pytest
from textual.pilot import Pilot

from explorer.screens.shared.workbench import Workbench
from tests.journeys.corpus import Journey
from tests.journeys.story import Story, StoryApp
from tests.journeys.terminal import Terminal, corpus_open
from tests.widgets.payloads import PAYLOADS, forbidden_in

TEXTUALS_OWN = re.compile(
    r"\x1b\[[0-9;:?<>=]*[ !$]?[@-~]|\x1b\]22;[a-z-]*(?:\x07|\x1b\\)|\x1b_G[^\x1b]*\x1b\\|\x1b[=>78]|\x1b\(B"
)
HOSTILE = "id >= 'h' and id < 'i'"
SENT = [text for text in PAYLOADS.values() if forbidden_in(text) and "\x1b" in text]


def ids(journey: Journey) -> list[str]:
    return [row["id"] for row in journey.rows if row["id"].startswith("h")]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals here")
def test_no_byte_of_a_payload_reaches_the_terminal(journey: Journey) -> None:
    with Terminal(corpus_open(journey.place.base, "--filter", HOSTILE), (160, 45)) as terminal:
        for number, sample in enumerate(ids(journey)):
            terminal.until(lambda sample=sample: f" {sample} " in terminal.text, sample)
            if number % 12 == 0:
                terminal.send("y")
                terminal.until("may hold control")
                terminal.send("\x1b")
                terminal.until(lambda: "may hold control" not in terminal.text, "the screen")
            terminal.send("j")
        terminal.send("oo")
        terminal.until("▼")
        terminal.send("w")
        terminal.until("effective")
        terminal.send("b?")
        terminal.until("type to narrow")
        terminal.send("\x1b")
        terminal.until(lambda: "type to narrow" not in terminal.text, "the screen")
        terminal.send("q")
        assert terminal.end() == 0
    raw = bytes(terminal.raw)
    for payload in SENT:
        assert payload.encode("utf-8", "replace") not in raw, payload
    assert b"\x1b]2;" not in raw
    assert b"\x1b]52" not in raw
    left = TEXTUALS_OWN.sub("", raw.decode())
    assert not forbidden_in(left) - {hex(ord("\n")), hex(ord("\r"))}


class Watched(StoryApp):
    """The explorer; it counts the actions that foreign text would like to run."""

    acted = 0

    def action_pwn(self) -> None:
        self.acted += 1

    def action_bell(self) -> None:
        self.acted += 1


async def click_everywhere(story: Story, pilot: Pilot[int]) -> None:
    for selector in ("#table", "#code", "#about"):
        widget = story.browse.query_one(selector)
        for x in range(1, max(2, widget.size.width - 1), 24):
            await pilot.click(widget, offset=(x, min(1, widget.size.height - 1)))


async def test_clicks_on_hostile_cells_do_nothing(journey: Journey) -> None:
    command = (sys.executable, "-m", "explorer", "serve", str(journey.place.workspace.root))
    app = Watched(Workbench(journey.place.workspace, command), filter_text=HOSTILE)
    async with app.run_test(size=(120, 35)) as pilot:
        story = Story(app, pilot)
        await story.until_rows(len(ids(journey)))
        for place in [number for number, text in enumerate(PAYLOADS) if "markup" in text]:
            story.browse.table.go_to(place)
            await story.until_read()
            await click_everywhere(story, pilot)
        found = {style.meta.get("@click") for style in styles_of(app) if style.meta}
        assert found <= {None}
        assert not [style.link for style in styles_of(app) if style.link]
        assert app.acted == 0
        await story.press("escape")
        story.browse.table.go_to(5)
        await story.until_read()
        await pilot.click("#table", offset=(30, 3), times=2)
        await story.until(lambda: app.focused is story.browse.code, "a double click opens the code")
        await app._leave(0)
    assert "nobody foresaw" not in story.told


def styles_of(app: StoryApp) -> list:  # type: ignore[type-arg]
    strips = app.screen._compositor.render_strips()
    return [segment.style for strip in strips for segment in strip if segment.style is not None]
