"""The terminal front door: three screens over one workbench."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual._context import active_message_pump
from textual.actions import ActionParseResult
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.dom import DOMNode
from textual.notifications import SeverityLevel
from textual.screen import ModalScreen
from textual.worker import WorkerFailed

from explorer.api.calls import call
from explorer.api.messages.browse import ChangesRequest
from explorer.corpus.marker import open_log
from explorer.errors import Exit, ExplorerError
from explorer.reader.client import Superseded
from explorer.safety.masking import mask_values
from explorer.screens.browse.screen import BrowseScreen, ClusterWanted, VisitEnded
from explorer.screens.clusters.screen import ClustersScreen, SampleWanted
from explorer.screens.mix.screen import MixScreen
from explorer.screens.quality.screen import QualityScreen
from explorer.screens.shared.commands import KeyCommands
from explorer.screens.shared.corpus_screen import CorpusScreen, Reloaded
from explorer.screens.shared.key_gate import KeyGate
from explorer.screens.shared.labelling_screen import LabellingScreen
from explorer.screens.shared.unforeseen import place_of
from explorer.screens.shared.workbench import Workbench
from explorer.screens.stats.screen import SamplesWanted, StatsScreen
from widgets.visible import hide_with, visible

THEME = "textual-dark"

NOTICING = 1.0
"""Seconds between two looks for what other processes changed."""

LAST_DECISIONS = 5.0
"""Seconds in which decisions that are on their way may still reach the disk when the explorer is left."""

LAST_WORDS = 2.0
"""Seconds in which a terminal must take the last words of an explorer that was told to end."""


class ExplorerApp(App[int]):
    """The explorer over one corpus."""

    TITLE = "corpus"
    CSS_PATH = "explorer.tcss"
    NOTIFICATION_TIMEOUT = 3
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-medium"), (140, "-wide")]  # noqa: RUF012 (the type is textual's)
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = App.COMMANDS | {KeyCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "show_screen('browse')", "Browse", id="screen.browse"),
        Binding("c", "show_screen('clusters')", "Clusters", id="screen.clusters"),
        Binding("Q", "show_screen('quality')", "Quality", id="screen.quality"),
        Binding("percent_sign", "show_screen('stats')", "Stats", id="screen.stats", key_display="%"),
        Binding("w", "show_screen('mix')", "Mix", id="screen.mix"),
        Binding("f1", "toggle_help", "Help", show=False, id="help.panel"),
        Binding("ctrl+p,colon", "command_palette", "Command palette", show=False, id="help.palette"),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, id="screen.suspend"),
        Binding("q", "quit", "Quit", id="screen.quit"),
        Binding("ctrl+q", "quit", "Quit", show=False, id="screen.quit_too"),
    ]

    def __init__(self, workbench: Workbench, *, filter_text: str | None = None, notices: bool | None = None) -> None:
        """`notices` says whether changes by other processes are looked for; None leaves it to a real terminal."""
        super().__init__()
        hide_with(mask_values)
        self._notices = notices
        self.animation_level = "none"
        self.workbench = workbench
        self._told_aside: frozenset[str] = frozenset()
        self._is_leaving = False
        self.key_gate = KeyGate(self, workbench, super().on_event)
        self._generation = 0
        self._screens: dict[str, CorpusScreen] = {
            "browse": BrowseScreen(self.workbench, filter_text),
            "clusters": ClustersScreen(self.workbench),
            "quality": QualityScreen(self.workbench),
            "stats": StatsScreen(self.workbench),
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
        self.run_worker(self.key_gate.work, group="keys")
        self.run_worker(self._open, group="open")

    async def on_event(self, event: events.Event) -> None:
        """Lets input wait its turn, so that no key takes effect before those pressed ahead of it."""
        if self.key_gate.takes(event):
            self.key_gate.put(event)
        elif not (self._is_leaving and isinstance(event, events.Key)):
            await super().on_event(event)

    async def _open(self) -> None:
        try:
            await self.workbench.open(self._reader_restarted, self._tell)
        except ExplorerError as error:
            await self._end_with(error)
            return
        for screen in self._screens.values():
            if screen.is_attached:
                screen.corpus_opened()
        for sentence in self.workbench.book.report():
            self.notify(sentence, severity="warning", timeout=10)
        if self.workbench.read_only:
            self.notify(self.workbench.read_only, severity="warning", timeout=10)
        if self._notices or (self._notices is None and not self.is_headless):
            self.workbench.notice(self._show_news, NOTICING)
        await self._tell_changes()

    def _show_news(self) -> None:
        """Shows on every screen what other processes changed, or that nothing is new any more."""
        for screen in self._screens.values():
            if screen.is_attached:
                screen.show_news()

    @on(Reloaded)
    def _take_reloaded(self) -> None:
        """Asks once more whether the corpus is what was indexed."""
        self._show_news()
        self.run_worker(self._tell_changes, group="changes", exclusive=True)

    async def _tell_changes(self) -> None:
        """Says where the files of the corpus are no longer those that were indexed."""
        with contextlib.suppress(ExplorerError, Superseded):
            told = await call(self.workbench.reader, ChangesRequest())
            if told.sentence:
                self.notify(told.sentence, severity="warning", timeout=15)

    def _reader_restarted(self) -> None:
        if not self.workbench.is_reloading:
            self.notify("The reader stopped and was started again; labels are safe.", severity="warning")
        for file in sorted(self.workbench.set_aside - self._told_aside):
            self.notify(
                f"The reader has died on {file} {self.workbench.reader.deaths[file]} times; it is not opened any more. "
                "Set it aside: move it out of the corpus, then run `corpus index` again.",
                severity="error",
                timeout=20,
            )
        self._told_aside |= self.workbench.set_aside
        is_other_index, self._generation = self._generation != self.workbench.generation, self.workbench.generation
        for screen in self._screens.values():
            if screen.is_attached:
                screen.show_top_bar()
                if is_other_index:
                    screen.index_replaced()
                screen.reader_restarted()

    def pop_screen(self) -> AwaitComplete:
        """Takes the uppermost window away; one that is already gone, as after a second enter, takes no other along."""
        asking = active_message_pump.get(None)
        if isinstance(asking, ModalScreen) and asking is not self.screen:
            return AwaitComplete()
        return super().pop_screen()

    def _tell(self, error: ExplorerError) -> None:
        self.notify(str(error), severity="error", timeout=8)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leaves out the key of the screen that is on show."""
        return not (action == "show_screen" and parameters == (self.current_mode,))

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Lets a question that an action asks stand before the next key, which else would label a sample."""
        is_done = await super().run_action(action, default_namespace, namespaces)
        await asyncio.sleep(0)
        return is_done

    def action_show_screen(self, name: str) -> None:
        """Shows another screen."""
        if self.current_mode != name:
            self.workbench.state.screen = name
            self.switch_mode(name)

    @on(SampleWanted)
    def _show_sample(self, event: SampleWanted) -> None:
        """Shows a sample where it can be read."""
        browse = self._screens["browse"]
        if isinstance(browse, BrowseScreen):
            self.workbench.state.row = event.row
            self.action_show_screen("browse")
            if browse.is_attached:
                browse.show_sample(event.row)

    @on(SamplesWanted)
    def _show_samples(self, event: SamplesWanted) -> None:
        """Shows the samples behind a figure; `esc` there comes back."""
        browse = self._screens["browse"]
        if isinstance(browse, BrowseScreen):
            browse.visit(event.filter)
            self.action_show_screen("browse")

    @on(VisitEnded)
    def _end_visit(self) -> None:
        """Comes back from the samples behind a figure."""
        self.action_show_screen("stats")

    @on(ClusterWanted)
    def _show_cluster(self, event: ClusterWanted) -> None:
        """Shows the clusters, that of a sample first."""
        clusters = self._screens["clusters"]
        if isinstance(clusters, ClustersScreen) and event.cluster is not None:
            clusters.show_cluster(event.cluster, event.row)
        self.action_show_screen("clusters")

    def action_toggle_help(self) -> None:
        """Shows the help of the focused pane beside it, or takes it away."""
        if self.screen.query("HelpPanel"):
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    async def action_quit(self) -> None:
        """Leaves; every label is on disk already."""
        await self._leave(Exit.DONE)

    def action_help_quit(self) -> None:
        """Answers ctrl+c, which copies a selection and does not quit."""
        self.notify("q quits · ctrl+c copies what is selected")

    async def _leave(self, code: int) -> None:
        """Lets what was decided reach the disk, stops the reader and ends."""
        if self._is_leaving:
            return
        self._is_leaving = True
        self.key_gate.close()
        for screen in self._screens.values():
            if isinstance(screen, LabellingScreen) and screen.is_attached:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(screen.decisions.settle(), LAST_DECISIONS)
            if isinstance(screen, MixScreen) and screen.is_attached:
                await screen.save()
        message: Text | None = None
        try:
            await self.workbench.close()
        except ExplorerError as error:
            code, message = error.exit, Text(visible(f"corpus: {error}"))
        self.exit(code, return_code=code, message=message)

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

    async def _end_with(self, error: ExplorerError) -> None:
        """Leaves with a sentence on stderr."""
        self._is_leaving = True
        self.key_gate.close()
        await self.workbench.close()
        self.exit(error.exit, return_code=error.exit, message=Text(visible(f"corpus: {error}")))

    def _end_on_signals(self) -> None:
        """Lets a closed terminal and a polite kill end the explorer as `q` does, with the terminal restored.

        Writing to a terminal that is gone never returns, so the process ends by itself when it takes too long.
        """
        loop = asyncio.get_running_loop()

        def take(number: int, frame: object) -> None:
            _end_within(LAST_DECISIONS + LAST_WORDS)
            loop.call_soon_threadsafe(lambda: asyncio.ensure_future(self._leave_on_signal()))

        if not self.is_headless:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, take)

    async def _leave_on_signal(self) -> None:
        await self._leave(Exit.FAILED)
        _end_within(LAST_WORDS)

    def _handle_exception(self, error: Exception) -> None:
        """Ends on an unforeseen error with one line: a traceback would show samples."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        if isinstance(error, WorkerFailed):
            error = error.error if isinstance(error.error, Exception) else error
        words = f"corpus: an unforeseen {place_of(error)} ended the explorer. Saved labels are safe."
        self.exit(Exit.FAILED, return_code=Exit.FAILED, message=Text(words))
        if os.environ.get("CORPUS_DEBUG"):
            import traceback

            descriptor = open_log(self.workbench.workspace.root / "ui.log")
            if descriptor is not None:
                with os.fdopen(descriptor, "a") as log:
                    log.write(mask_values("".join(traceback.format_exception(error))))


def _end_within(seconds: float) -> None:
    """Ends the process after a while, whatever it is doing; every label that was shown as saved is on disk."""
    timer = threading.Timer(seconds, os._exit, (Exit.FAILED,))
    timer.daemon = True
    timer.start()
