"""What every screen shares: the bar on top, the line at the bottom, asking the reader, telling trouble in words."""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Static
from textual.worker import NoActiveWorker, Worker, WorkerState, get_current_worker

from explorer.api.calls import call
from explorer.api.messages.browse import KeysOfSelectionRequest, KeysRequest, Totals
from explorer.api.messages.reasons import SuggestedInBulkRequest, SuggestedRequest
from explorer.api.requests import ProgressReport, Request
from explorer.errors import ExplorerError
from explorer.reader.client import ReaderGone, Superseded
from explorer.screens.shared.unforeseen import place_of
from explorer.screens.shared.workbench import Workbench
from widgets import numbers, safe
from widgets.prompts import Key, KeyGroup, KeySheet
from widgets.status_line import StatusLine

GROUPS = (
    "label",
    "cluster",
    "mix",
    "stats",
    "page",
    "view",
    "code",
    "diff",
    "table",
    "weights",
    "facets",
    "screen",
    "help",
)
"""Groups of keys in the order in which they are listed; the others follow."""

TABS = (("browse", "b"), ("clusters", "c"), ("quality", "Q"), ("stats", "%"), ("mix", "w"))

DECIDING = (KeysRequest, KeysOfSelectionRequest, SuggestedRequest, SuggestedInBulkRequest)
"""Questions that a decision waits for."""

ASKS, ACTS = "asks", "acts"
"""Groups of the workers of those keys that open a question, or act, once the reader has answered."""

ASKING = frozenset((ASKS, "apply", "explain", "export", "similar"))
"""Groups of workers that open a question; keys wait until it stands."""

ACTING = frozenset((ACTS, "range", "turned"))
"""Groups of workers that act on rows or move the cursor; keys wait until it is done."""

TOO_LATE = "Nothing was decided: the index was read again meanwhile. Press the key again."

Answer = TypeVar("Answer")


class _Unanswered(Exception):
    """The reader gave no answer that can be used."""


class Reloaded(Message):
    """What other processes changed has been read again."""


class CorpusScreen(Screen[None]):
    """A screen over an open corpus; a screen gives its `body` and is told when the reader has restarted."""

    ESCAPE_TO_MINIMIZE = False
    TAB = ""
    """Name of the screen among the tabs."""
    LOADING: ClassVar[frozenset[str]] = frozenset()
    """Groups of workers that bring what keys act on."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "keys", "Keys", id="help.keys", key_display="?"),
        Binding("f5", "reload", "Read again what changed", show=False, id="view.reload"),
    ]
    DEFAULT_CSS = """
    CorpusScreen {
        & > .top-bar { height: 1; background: $primary 25%; padding: 0 1; }
        & > .top-bar > .corpus-name { width: 1fr; height: 1; }
        & > .top-bar > .tabs { width: auto; height: 1; }
        & > .status-bar { background: $panel; padding: 0 1; color: $foreground 85%; }
        & Footer { background: $surface; }
    }
    """

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self.workbench = workbench
        self._corpus_name = Static(classes="corpus-name", markup=False)
        self._tabs = Static(classes="tabs", markup=False)
        self._status = StatusLine(classes="status-bar")
        self._status_parts: tuple[Content, Content | None] = (Content(""), None)

    def body(self) -> ComposeResult:
        """Gives what stands between the bars."""
        yield from ()

    def compose(self) -> ComposeResult:
        """Frames the body."""
        with Horizontal(classes="top-bar"):
            yield self._corpus_name
            yield self._tabs
        yield from self.body()
        yield self._status
        yield Footer(show_command_palette=False)

    def corpus_opened(self) -> None:
        """Takes note that the reader has described the corpus."""
        self.show_top_bar()

    def reader_restarted(self) -> None:
        """Takes note that a dead reader is back and knows no view any more."""

    def show_top_bar(self) -> None:
        """Shows the corpus's name and counts, and which screen this is."""
        described = self.workbench.described
        if described:
            totals = described.totals
            counts = f"{numbers.counted(totals.samples, 'sample')} · {self._tokens(totals)} tokens"
            aside = len(described.quarantined)
            left_out = f" · {aside} {'file' if aside == 1 else 'files'} left out" if aside else ""
            name = Content.assemble(safe.line(described.name, "bold", 40), Content(f"  {counts}{left_out}"))
            if self.workbench.read_only:
                name = Content.assemble((" read-only ", "bold $background on $warning"), " ", name)
        else:
            name = Content("opening …")
        self._corpus_name.update(name)
        self._tabs.update(Content("  ").join(self._tab(*tab) for tab in TABS))

    @staticmethod
    def _tokens(totals: Totals) -> str:
        return numbers.tokens(totals.tokens, totals.tokens_exact)

    def _tab(self, name: str, key: str) -> Content:
        style = "bold reverse" if name == self.TAB else "$foreground 75%"
        return Content.styled(f" {name} " if name == self.TAB else f" {key} {name} ", style)

    def index_replaced(self) -> None:
        """Takes note that the reader has another index open: what is known of rows is void."""

    def show_again(self) -> object:
        """Asks again for everything on show."""

    def show_status(self, left: Content, right: Content | None = None) -> None:
        """Shows the line at the bottom, what changed elsewhere first."""
        self._status_parts = (left, right)
        who = self.workbench.book.who if self.workbench.is_open else ""
        news = self.workbench.news.told(who)
        if news:
            left = Content.assemble(safe.line(news, "bold $text-primary"), " · " if left.plain else "", left)
        self._status.show(left, right)

    def show_news(self) -> None:
        """Shows in the bottom line what changed elsewhere, or that nothing has any more."""
        self.show_status(*self._status_parts)

    # ---- keys

    @property
    def is_acting(self) -> bool:
        """Whether a key is still taking effect, so that the next one must wait."""
        return False

    def holds(self, key: str, running: frozenset[str], begun: frozenset[str]) -> bool:
        """Tells whether a key must wait for what running groups of workers bring; `begun` are those since it came."""
        return bool(begun & self.LOADING)

    def action_of(self, key: str) -> str:
        """Names the action of a key here, without its arguments; empty where it has none."""
        active = self.active_bindings.get(key)
        return active.binding.action.partition("(")[0] if active is not None else ""

    # ---- reading again

    def action_reload(self) -> None:
        """Reads again what other processes changed, and shows everything again."""
        if self.workbench.described and not self.workbench.is_reloading:
            self.run_worker(self._reload, group="reload", exit_on_error=False)

    async def _reload(self) -> None:
        if self.workbench.is_reloading:
            return
        generation = self.workbench.generation
        try:
            is_restarted = await self.workbench.catch_up()
        except ExplorerError as error:
            self.tell(error)
            return
        if generation != self.workbench.generation:
            samples = numbers.counted(self.workbench.samples, "sample")
            self.notify(f"The new index is open: {samples}.")
        if not is_restarted:
            self.show_again()
        self.post_message(Reloaded())

    # ---- asking

    async def asked(
        self,
        request: Request[Answer],
        *,
        channel: str | None = None,
        on_progress: Callable[[ProgressReport], None] | None = None,
    ) -> Answer | None:
        """Asks the reader; None if the request was superseded, or failed, which the screen has said.

        `channel` takes the place of the request's own, so that it does not supersede another of its kind.
        """
        try:
            return await self._answer(request, channel, on_progress)
        except _Unanswered:
            self._count_unanswered()
            return None

    async def _answer(
        self,
        request: Request[Answer],
        channel: str | None,
        on_progress: Callable[[ProgressReport], None] | None,
    ) -> Answer | None:
        bench, generation = self.workbench, self.workbench.generation
        try:
            found = await call(bench.reader, request, channel=channel, on_progress=on_progress)
        except Superseded:
            return None
        except ReaderGone as gone:
            # One that is being restarted is told of once, by the app, not by each ask that it took along.
            if bench.reader.is_down and not bench.is_reloading:
                self.tell(gone)
            elif isinstance(request, DECIDING):
                self.notify(TOO_LATE, severity="warning")
            raise _Unanswered from gone
        except ExplorerError as error:
            self.tell(error)
            raise _Unanswered from error
        if generation == bench.generation:
            return found
        # The question named rows of an index that is no longer open: the answer is about other samples.
        if isinstance(request, DECIDING):
            self.notify(TOO_LATE, severity="warning")
        raise _Unanswered

    def _count_unanswered(self) -> None:
        """Takes note that a question to the curator will not open, so that keys meant for it do nothing else."""
        try:
            self.workbench.unanswered += get_current_worker().group in ASKING
        except NoActiveWorker:
            return

    def tell(self, error: ExplorerError) -> None:
        """Says what went wrong and what to do."""
        self.notify(str(error), severity="error", timeout=8)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Says that a job of the screen failed in a way that nobody foresaw; the screen goes on."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            self.notify(f"This went wrong in a way nobody foresaw: {place_of(error)}.", severity="error", timeout=10)

    # ---- help

    def action_keys(self) -> None:
        """Lists the keys that work here."""
        self.app.push_screen(KeySheet(self._key_groups()))

    def _key_groups(self) -> tuple[KeyGroup, ...]:
        groups: dict[str, dict[str, tuple[list[str], str, str]]] = {}
        for key, active in self.active_bindings.items():
            binding = active.binding
            if binding.system or not binding.description:
                continue
            title = (binding.id or "app.").partition(".")[0]
            why_not = "" if active.enabled else "not now"
            keys, _, _ = groups.setdefault(title, {}).setdefault(binding.action, ([], binding.description, why_not))
            keys.append(
                self.app.get_key_display(binding) if binding.key_display is None else binding.key_display or key
            )
        return tuple(
            KeyGroup(title, tuple(Key(" ".join(dict.fromkeys(keys)), text, why) for keys, text, why in found.values()))
            for title, found in sorted(groups.items(), key=lambda group: _rank(group[0]))
        )


def _rank(group: str) -> int:
    return GROUPS.index(group) if group in GROUPS else len(GROUPS)
