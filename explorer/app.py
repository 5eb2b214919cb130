"""The terminal front door: two screens over one workbench."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.notifications import SeverityLevel

from explorer.corpus.workspace import Workspace
from explorer.errors import Exit, ExplorerError
from explorer.screens.browse import BrowseScreen
from explorer.screens.commands import KeyCommands
from explorer.screens.corpus_screen import CorpusScreen
from explorer.screens.mix import MixScreen
from explorer.screens.workbench import Workbench
from widgets.visible import visible

THEME = "textual-dark"


class ExplorerApp(App[int]):
    """The explorer over one corpus."""

    TITLE = "corpus"
    CSS_PATH = "explorer.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (140, "-wide")]  # noqa: RUF012 (the type is textual's)
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = App.COMMANDS | {KeyCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "show_screen('browse')", "Browse", show=False, id="screen.browse"),
        Binding("w", "show_screen('mix')", "Mix", id="screen.mix"),
        Binding("f1", "toggle_help", "Help", show=False, id="help.panel"),
        Binding("colon", "command_palette", "Command palette", show=False, id="help.palette"),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, id="screen.suspend"),
        Binding("q", "quit", "Quit", id="screen.quit"),
        Binding("ctrl+q", "quit", "Quit", show=False, id="screen.quit_too"),
    ]

    def __init__(
        self, workspace: Workspace, command: Sequence[str], *, filter_text: str | None = None, read_only: bool = False
    ) -> None:
        super().__init__()
        self.animation_level = "none"
        self.workbench = Workbench(workspace, command, read_only=read_only)
        self._screens = {
            "browse": BrowseScreen(self.workbench, filter_text),
            "mix": MixScreen(self.workbench),
        }

    def on_mount(self) -> None:
        """Paints the first frame before anything is asked of the reader."""
        theme = self.workbench.state.theme
        self.theme = theme if theme in self.available_themes else THEME
        for name, screen in self._screens.items():
            self.add_mode(name, lambda screen=screen: screen)
        self.switch_mode(self.workbench.state.screen)
        self._end_on_signals()
        self.run_worker(self._open(), group="open", exit_on_error=False)

    async def _open(self) -> None:
        try:
            await self.workbench.open(self._reader_restarted)
        except ExplorerError as error:
            self._end_with(error)
            return
        for screen in self._screens.values():
            if screen.is_attached:
                screen.corpus_opened()
        for sentence in self.workbench.book.report():
            self.notify(sentence, severity="warning", timeout=10)
        if self.workbench.book.read_only:
            self.notify(self.workbench.book.read_only, severity="warning", timeout=10)

    def _reader_restarted(self) -> None:
        if isinstance(self.screen_stack[0], CorpusScreen):
            self.screen_stack[0].reader_restarted()

    def action_show_screen(self, name: str) -> None:
        """Shows another screen."""
        if self.current_mode != name:
            self.workbench.state.screen = name
            self.switch_mode(name)

    def action_toggle_help(self) -> None:
        """Shows the help of the focused pane beside it, or takes it away."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    async def action_quit(self) -> None:
        """Leaves; every label is on disk already."""
        await self._leave(Exit.DONE)

    async def _leave(self, code: int) -> None:
        mix = self._screens["mix"]
        if isinstance(mix, MixScreen) and mix.is_attached:
            await mix.save()
        await self.workbench.close()
        self.exit(code, return_code=code)

    def watch_theme(self, theme: str) -> None:
        """Remembers the theme."""
        self.workbench.state.theme = theme

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Shows a message, made showable and never taken as markup."""
        super().notify(visible(message), title=visible(title), severity=severity, timeout=timeout, markup=False)

    def _end_with(self, error: ExplorerError) -> None:
        """Leaves with a sentence on stderr."""
        self.exit(error.exit, return_code=error.exit, message=visible(f"corpus: {error}"))

    def _end_on_signals(self) -> None:
        """Lets a closed terminal and a polite kill end the explorer as `q` does, with the terminal restored."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, lambda: asyncio.ensure_future(self._leave(Exit.FAILED)))

    def _handle_exception(self, error: Exception) -> None:
        """Ends on an unforeseen error with one line: a traceback would show samples."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "unknown place"
        words = f"corpus: an unforeseen {type(error).__name__} at {where} ended the explorer. Saved labels are safe."
        self.exit(Exit.FAILED, return_code=Exit.FAILED, message=words)
        if os.environ.get("CORPUS_DEBUG"):
            import traceback

            with (self.workbench.workspace.root / "ui.log").open("a") as log:
                traceback.print_exception(error, file=log)
