"""The sample under the cursor: brings its code and what is known of it, and says where it cannot."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from explorer.api.messages.browse import Sample, SampleRequest, Window, WindowRequest
from explorer.screens.browse import about
from explorer.screens.browse.finding import FindInCode
from explorer.screens.shared import copying
from widgets.code_view import CodeView
from widgets.text_pane import TextPane

if TYPE_CHECKING:
    from explorer.screens.browse.screen import BrowseScreen

FIRST_LINES = 2_000


class Reading:
    """Keeps the code pane and the lines below it at the sample that was asked for last."""

    def __init__(self, screen: "BrowseScreen") -> None:
        self.sample: Mapping[str, Any] = {}
        """The public columns of the sample on show; empty while there is none."""
        self.about = TextPane(id="about")
        self.find = FindInCode(screen)
        self._screen = screen

    @property
    def row(self) -> int | None:
        """The row of the index on show."""
        return self.sample.get("row")

    def load(self, row: int) -> None:
        """Shows another sample; only the latest one that was asked for arrives."""
        self._screen.run_worker(partial(self._load, row), group="sample", exclusive=True, exit_on_error=False)

    def refresh_about(self) -> None:
        """Asks again what is known of the sample; its code stays as it stands."""
        if self.row is not None:
            self._screen.run_worker(
                partial(self._load_about, self.row), group="about", exclusive=True, exit_on_error=False
            )

    def load_lines(self, event: CodeView.LinesWanted) -> None:
        """Brings more lines of a long sample."""
        self._screen.run_worker(partial(self._load_lines, event), group="lines", exit_on_error=False)

    def forget(self) -> None:
        """Shows nothing, as a view without rows does."""
        self.sample = {}
        self.find.forget()
        self._screen.code.show("", None)
        self.about.show(())

    async def _load(self, row: int) -> None:
        content: Window | None = None
        if self._screen.workbench.set_aside:
            known = await self._ask_sample(row)
            if known is not None and known.source.file not in self._screen.workbench.set_aside:
                content = await self._ask_content(row)
        else:
            known, content = await asyncio.gather(self._ask_sample(row), self._ask_content(row))
        if known is None:
            return
        self._take(known)
        self.find.forget()
        self._show_content(known.source.file, content)
        self._screen.show_place()

    async def _load_about(self, row: int) -> None:
        known = await self._ask_sample(row)
        if known is not None and self.row == row:
            self._take(known)

    async def _load_lines(self, event: CodeView.LinesWanted) -> None:
        row = self.row
        if row is None:
            return
        found = await self._screen.asked(WindowRequest(row, event.first, event.count), channel="lines")
        if found is not None and self.row == row:
            self._screen.code.add_lines(found.first, found.lines)
            self._screen.code.light([span[:3] for span in found.secrets])
            self.find.lines_came()

    async def _ask_sample(self, row: int) -> Sample | None:
        return await self._screen.asked(SampleRequest(row))

    async def _ask_content(self, row: int) -> Window | None:
        return await self._screen.asked(WindowRequest(row, 1, FIRST_LINES))

    def _take(self, known: Sample) -> None:
        self.sample = known.values
        bench = self._screen.workbench
        label = bench.book.label_of(self.sample["id"]) if bench.is_open else None
        width = self.about.scrollable_content_region.width
        self.about.show(about.about(known.values, known.source, label, width))

    def _show_content(self, file: str, content: Window | None) -> None:
        """Shows the code; where there is none, nothing, so that no other sample's code stands beside this one."""
        code, language = self._screen.code, self.sample["language"]
        if content is not None:
            notice = copying.notice_of(content)
            code.show(content.lines, language, total_lines=content.total_lines, notice=notice)
            code.light([span[:3] for span in content.secrets])
        elif file in self._screen.workbench.set_aside:
            code.show("", None, notice=f"not opened: the reader has died on {file} before")
        else:
            code.show("", None, notice="the content could not be read · F5 tries again")
