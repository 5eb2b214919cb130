"""Keys one at a time: each takes effect before the next is looked at, so that a burst does what single keys do."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen
from textual.worker import Worker

from explorer.screens.shared.corpus_screen import ACTING, ASKING, CorpusScreen
from explorer.screens.shared.workbench import Workbench

LOADING = 2.0
"""Seconds that a key waits at most for rows or for a screen; it is used then all the same."""

ESCAPE = "escape"

GIVING_UP = 1.0
"""Seconds after which `esc` and `ctrl+q` no longer wait but give up what the keys before them wait for."""

SPEAKING = 1.0
"""Seconds after which a wait is told."""

PAUSE = 0.005
"""Seconds between two looks at what a key waits for."""

REACHED = 1.0
"""Seconds in which a pane takes the messages before it; one that is taken away never does."""

MOST_NAMED = 20
"""Dropped keys that a notice names."""


class Wait(Enum):
    """What a key waits for."""

    QUESTION = "question"
    ACTION = "action"
    ROWS = "rows"


@dataclass
class Held:
    """An event on its way, when it came, and how many questions had failed by then."""

    event: events.Event
    came: float
    failed: int

    @property
    def gives_up(self) -> bool:
        """Whether it is a key that does not wait for long."""
        return isinstance(self.event, events.Key) and self.event.key in (ESCAPE, "ctrl+q")

    @property
    def name(self) -> str:
        """What the curator pressed."""
        if isinstance(self.event, events.Key):
            character = self.event.character or ""
            return character if character.isprintable() and character.strip() else self.event.key
        return "a paste" if isinstance(self.event, events.Paste) else "the mouse"


class KeyGate:
    """Lets input through one event at a time, and holds it while a question or the rows it is meant for are coming."""

    def __init__(
        self, app: App[Any], workbench: Workbench, let_through: Callable[[events.Event], Awaitable[None]]
    ) -> None:
        self._app = app
        self._workbench = workbench
        self._let_through = let_through
        self._waiting: deque[Held] = deque()
        self._arrived = asyncio.Event()
        self._is_busy = False
        self._is_holding = False
        self._is_closed = False
        self._given_up = False
        self._screen: Screen[Any] | None = None
        self._opened: WeakSet[Worker[Any]] = WeakSet()
        """Workers whose question stood already."""
        self._begun: WeakKeyDictionary[Worker[Any], float] = WeakKeyDictionary()
        """When each worker was first seen after a key."""
        self._late: WeakSet[Worker[Any]] = WeakSet()
        """Workers that a key has waited for in vain; no other one does."""

    @property
    def is_idle(self) -> bool:
        """Whether every key so far has taken effect."""
        return not (self._is_busy or self._waiting)

    @property
    def is_holding(self) -> bool:
        """Whether a key waits for something other than its turn."""
        return self._is_holding

    @staticmethod
    def takes(event: events.Event) -> bool:
        """Tells whether an event waits its turn; the mere movement of a mouse does not."""
        is_input = isinstance(event, events.Key | events.Paste | events.MouseEvent) and not isinstance(
            event, events.MouseMove
        )
        return is_input and not event.is_forwarded

    def put(self, event: events.Event) -> None:
        """Takes one more event, unless the app is being left."""
        if self._is_closed:
            return
        self._waiting.append(Held(event, time.monotonic(), self._workbench.unanswered))
        self._arrived.set()

    def close(self) -> None:
        """Lets nothing through any more, as the screens are being taken away."""
        self._is_closed = True
        self._waiting.clear()

    async def work(self) -> None:
        """Lets events through for as long as the app lives."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            self._is_busy = True
            while self._waiting:
                await self._hold()
                self._drop_orphans()
                if self._waiting:
                    await self._pass(self._waiting.popleft())
            self._is_busy = False

    async def _pass(self, held: Held) -> None:
        done = asyncio.Event()

        async def handle() -> None:
            try:
                await self._let_through(held.event)
            finally:
                done.set()

        self._screen = self._app.screen
        if self._app.call_later(handle):
            await done.wait()
            await self._flush()
        now = time.monotonic()
        for worker in self._app.workers:
            self._begun.setdefault(worker, now)

    async def _flush(self) -> None:
        """Waits until the panes have taken the key, then until they have taken what it sent them."""
        for _ in range(2):
            for pump in list(self._panes()):
                reached = asyncio.Event()
                if pump.call_later(reached.set):
                    try:
                        await asyncio.wait_for(reached.wait(), REACHED)
                    except TimeoutError:
                        continue

    def _panes(self) -> Iterator[MessagePump]:
        """The focused pane and what stands around it, out to the app."""
        yield from (self._app.focused or self._app.screen).ancestors_with_self

    # ---- waiting

    async def _hold(self) -> None:
        """Waits until the next event can take effect where it is meant to."""
        begun = time.monotonic()
        is_told = False
        while self._waiting and (wait := self._wait_of(self._waiting[0])) is not None:
            now = time.monotonic()
            if any(held.gives_up and now - held.came > GIVING_UP for held in self._waiting):
                self._give_up(wait)
                break
            if wait is Wait.ROWS and now - begun > LOADING:
                self._late.update(self._app.workers)
                break
            if now - begun > SPEAKING and not is_told:
                is_told = True
                self._app.notify(f"Keys wait for {_WORDS[wait]} · esc gives up.", timeout=3)
            self._is_holding = True
            await asyncio.sleep(PAUSE)
        self._is_holding = False

    def _wait_of(self, held: Held) -> Wait | None:
        screen = self._app.screen
        workers = [worker for worker in self._app.workers if not worker.is_finished]
        asking = [worker for worker in workers if worker.group in ASKING]
        if isinstance(screen, ModalScreen):
            self._opened.update(asking)
            return None if self._is_ready(screen) else Wait.ROWS
        wait = self._acting(screen, asking, workers)
        if wait is None:
            self._given_up = False
        elif not self._given_up:
            return wait
        return None if self._is_ready(screen) and not self._is_loading(screen, held, workers) else Wait.ROWS

    @staticmethod
    def _acting(screen: Screen[Any], asking: list[Worker[Any]], workers: list[Worker[Any]]) -> Wait | None:
        if asking:
            return Wait.QUESTION
        is_acting = isinstance(screen, CorpusScreen) and screen.is_acting
        return Wait.ACTION if is_acting or any(worker.group in ACTING for worker in workers) else None

    def _is_ready(self, screen: Screen[Any]) -> bool:
        """Whether a screen that has just come can take keys."""
        if screen is self._screen:
            return True
        has_focus = screen.focused is not None or not screen.focus_chain
        return bool(screen.children) and has_focus and getattr(screen, "is_ready", True)

    def _is_loading(self, screen: Screen[Any], held: Held, workers: list[Worker[Any]]) -> bool:
        if not isinstance(screen, CorpusScreen) or not isinstance(held.event, events.Key):
            return False
        here = [worker for worker in workers if worker.node is screen and worker not in self._late]
        running = frozenset(worker.group for worker in here)
        # One that began before the key came was in sight when it was pressed: the curator did not wait for it.
        begun = frozenset(worker.group for worker in here if self._begun.get(worker, held.came) > held.came)
        return screen.holds(held.event.key, running, begun)

    # ---- giving up

    def _give_up(self, wait: Wait) -> None:
        """Gives up waiting: a question that has not opened yet never will, and keys for it are dropped."""
        if wait is Wait.ROWS:
            # The rows are only late: the keys before esc still act where the cursor is, esc takes the latest step back.
            return
        for worker in list(self._app.workers):
            if worker.group in ASKING and worker not in self._opened:
                worker.cancel()
        self._given_up = True
        dropped: list[Held] = []
        while self._waiting and not self._waiting[0].gives_up:
            dropped.append(self._waiting.popleft())
        if self._waiting and self._waiting[0].name == ESCAPE:
            self._waiting.popleft()
        self._tell_dropped(dropped, "you gave up waiting with esc")

    def _drop_orphans(self) -> None:
        """Drops the keys that came before a question failed, unless another stands in its place."""
        failed = self._workbench.unanswered
        if isinstance(self._app.screen, ModalScreen):
            for held in self._waiting:
                held.failed = failed
            return
        orphans = [held for held in self._waiting if held.failed < failed]
        if orphans:
            self._waiting = deque(held for held in self._waiting if held.failed >= failed)
            self._tell_dropped(orphans, "the question they were meant for did not open")

    def _tell_dropped(self, dropped: list[Held], reason: str) -> None:
        if not dropped:
            return
        names = " ".join(held.name for held in dropped[:MOST_NAMED])
        more = f" and {len(dropped) - MOST_NAMED:,} more" if len(dropped) > MOST_NAMED else ""
        self._app.notify(f"Keys not used: {names}{more} ({reason}).", severity="warning", timeout=10)


_WORDS = {
    Wait.QUESTION: "a question to open",
    Wait.ACTION: "what was pressed before to be done",
    Wait.ROWS: "what is being read",
}
