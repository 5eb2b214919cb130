"""The screen's side of the reader: asks it, watches it, kills it at a deadline and starts it again."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from typing import Any

from explorer.errors import ExplorerError
from explorer.index.watch import Seen, look
from explorer.reader.asks import Ask, Asks, OnProgress
from explorer.reader.failures import DeadlinePassed, ReaderFailed, ReaderGone, Superseded
from explorer.reader.process import ReaderProcess
from explorer.reader.protocol import (
    ORDERED_LANES,
    Cancel,
    Done,
    Failed,
    Outcome,
    Overtaken,
    Progress,
    Ready,
    Reply,
    Request,
)

__all__ = ["DeadlinePassed", "Reader", "ReaderFailed", "ReaderGone", "Superseded"]

KILL_PATIENCE = 1.0
"""Seconds between the interrupt at a deadline and SIGKILL."""

DEATHS_ALLOWED = 5
"""So many deaths within `DEATHS_WINDOW` seconds and the reader stays down until somebody restarts it."""

DEATHS_WINDOW = 30.0

START_ATTEMPTS = 3
"""So many starts in a row may fail before the reader stays down."""

START_PAUSE = 0.2
"""Seconds between two of them."""

STOP_PATIENCE = 0.1
"""Seconds that `stop` waits for the kernel after the kill."""

AGAIN = "It is being started again; ask once more."


class Reader:
    """A reader that survives its own deaths.

    `command` starts the process (`ssh host corpus serve …` will do), `log` takes its stderr. After a death another is
    started and `on_restart` tells it what the old one knew; only its own asks get through until it returns. A reader
    that dies too often, or whose `on_restart` fails, stays down: asks raise the reason until `restart`.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path | None = None,
        on_restart: Callable[["Reader"], Awaitable[None]] | None = None,
    ) -> None:
        self.deaths: Counter[str] = Counter()
        """How often the reader died while a job read a file.

        A job that hangs is blamed alone where it named a file; else every file that was being read counts.
        """
        self._command = tuple(command)
        self._log = log
        self._on_restart = on_restart
        self._numbers = count(1)
        self._asks = Asks(self._interrupt_expired, self._look)
        self._process: ReaderProcess | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._down: ReaderGone | None = ReaderGone("The reader has not been started.")
        self._settled = asyncio.Event()
        self._settled.set()
        self._replayed: ReaderProcess | None = None
        self._replaying: ContextVar[ReaderProcess | None] = ContextVar("replaying", default=None)
        self._hung: Ask | None = None
        self._recent_deaths: deque[float] = deque(maxlen=DEATHS_ALLOWED)
        self._files: dict[str, str] = {}
        self._last_words = ""

    @property
    def is_up(self) -> bool:
        """Whether an ask would be sent at once; neither up nor down means that it is being started."""
        return self._settled.is_set() and self._down is None

    @property
    def is_down(self) -> bool:
        """Whether asks fail until `restart` is called."""
        return self._down is not None

    @property
    def pid(self) -> int | None:
        """The process on this machine, if one runs."""
        return self._process.pid if self._process else None

    def last_file(self, lane: str) -> str | None:
        """Returns the file that the lane's job reads, or was reading when the reader last died."""
        being_read = [ask.file for ask in self._asks.in_lane(lane) if ask.file]
        return being_read[0] if being_read else self._files.get(lane)

    async def start(self) -> None:
        """Starts the process; raises `ReaderGone` where it does not come up."""
        process = await ReaderProcess.start(self._command, self._log)
        self._process = process
        self._supervisor = asyncio.create_task(self._supervise(process), name="reader")
        self._open_gate()

    async def restart(self) -> None:
        """Starts another process, in place of the one that runs if any, replay included; raises why it stays down."""
        await self.stop()
        self._recent_deaths.clear()
        self._down = None
        self._settled.clear()
        self._supervisor = asyncio.create_task(self._supervise(None), name="reader")
        await self._gate()

    async def stop(self) -> None:
        """Kills the process at once; open asks raise `ReaderGone`."""
        supervisor, self._supervisor = self._supervisor, None
        self._stay_down(ReaderGone("The reader has been stopped."))
        if self._process is not None:
            self._process.kill()
        if supervisor is not None:
            supervisor.cancel()
            await asyncio.wait((supervisor,))
        if self._process is not None:
            await self._process.end(STOP_PATIENCE)
            self._process = None
        for ask in self._asks.take_all():
            _fail(ask, ReaderGone("The reader has been stopped."))

    async def ask(
        self,
        job: str,
        /,
        *,
        lane: str = "page",
        deadline: float | None = 10.0,
        on_progress: OnProgress | None = None,
        **args: Any,
    ) -> dict[str, Any]:
        """Runs a job and returns its answer.

        Raises `Superseded` when a newer ask took the lane or it was cancelled, `ReaderFailed` with the job's own words,
        `DeadlinePassed` when it was interrupted at its deadline, `ReaderGone` when the reader ended before it answered,
        `BadLine` when the request is too large. A job that ignores the interrupt at its deadline costs the process, in
        an ordered lane too.
        """
        process = await self._way_in()
        ask = Ask(Request(next(self._numbers), lane, job, args, deadline), on_progress)
        process.send(ask.request)
        self._asks.add(ask)
        try:
            return dict(await ask.answer)
        except asyncio.CancelledError:
            self._abandon(ask)
            raise

    def cancel(self, lane: str) -> None:
        """Drops what a lane does and waits for: those asks raise `Superseded`; an ordered lane goes on."""
        if lane not in ORDERED_LANES and self._process is not None:
            self._process.send(Cancel(lane))
            self._asks.hurry(*self._asks.in_lane(lane))

    def _abandon(self, ask: Ask) -> None:
        is_open = self._asks.get(ask.request.id) is ask
        if is_open and ask.request.lane not in ORDERED_LANES and self._process is not None:
            self._process.send(Cancel(ask.request.lane, ask.request.id))
            self._asks.hurry(ask)

    async def _way_in(self) -> ReaderProcess:
        """Returns the process to ask: at once for the asks of a replay, for all others when the reader is up."""
        replaying = self._replaying.get()
        if replaying is None or replaying is not self._replayed:
            return await self._gate()
        if replaying is not self._process:
            raise ReaderGone("The reader stopped while it was told what it has to know.", AGAIN)
        return replaying

    async def _gate(self) -> ReaderProcess:
        while not self._settled.is_set():
            await self._settled.wait()
        if self._down is not None or self._process is None:
            reason = self._down or ReaderGone("The reader is not running.")
            raise ReaderGone(reason.title, reason.hint)
        return self._process

    def _open_gate(self) -> None:
        self._down = None
        self._settled.set()

    def _stay_down(self, reason: ReaderGone) -> None:
        self._down = reason
        self._settled.set()

    def _look(self) -> Seen | None:
        return look(self._process.pid) if self._process is not None else None

    def _interrupt_expired(self, ask: Ask) -> None:
        """Interrupts a job whose time is up, and gives it one last moment."""
        if self._process is not None:
            ask.has_expired = True
            self._process.send(Cancel(ask.request.lane, ask.request.id))
            self._asks.after(KILL_PATIENCE, ask, self._kill_for)

    def _kill_for(self, ask: Ask) -> None:
        if self._process is not None:
            self._hung = ask
            self._process.kill()

    async def _supervise(self, process: ReaderProcess | None) -> None:
        """Follows the process to its end, and every one after it until one stays down."""
        reason = ReaderGone("The reader is no longer watched over.", "Restart it.")
        try:
            if process is not None:
                await self._listen(process)
            while not self._is_dying_in_a_loop():
                await self._live_again()
            times = f"The reader stopped {DEATHS_ALLOWED} times within {DEATHS_WINDOW:g} s"
            reason = ReaderGone(f"{times} and stays down.", f"{self._last_words} Restart it once the cause is gone.")
        except _StaysDown as error:
            reason = error.reason
        finally:
            if self._down is None:
                self._stay_down(reason)

    def _is_dying_in_a_loop(self) -> bool:
        deaths = self._recent_deaths
        return len(deaths) == DEATHS_ALLOWED and _now() - deaths[0] < DEATHS_WINDOW

    async def _live_again(self) -> None:
        """Follows a new process from its birth, through the replay of what the last one knew, to its end."""
        process = self._process = await self._start_again()
        listening = asyncio.create_task(self._listen(process), name="reader listening")
        try:
            if await self._replay(process):
                self._open_gate()
            await listening
        finally:
            listening.cancel()
            await asyncio.wait((listening,))

    async def _start_again(self) -> ReaderProcess:
        for _ in range(START_ATTEMPTS - 1):
            with suppress(ReaderGone):
                return await ReaderProcess.start(self._command, self._log)
            await asyncio.sleep(START_PAUSE)
        try:
            return await ReaderProcess.start(self._command, self._log)
        except ReaderGone as error:
            raise _StaysDown(error) from error

    async def _replay(self, process: ReaderProcess) -> bool:
        """Lets the owner tell a new process what it has to know; answers whether it heard it all."""
        if self._on_restart is None:
            return self._process is process
        self._replayed = process
        token = self._replaying.set(process)
        try:
            await self._on_restart(self)
        except ReaderGone:
            process.kill()
            return False
        except Exception as error:
            process.kill()
            title, hint = (error.title, error.hint) if isinstance(error, ExplorerError) else (type(error).__name__, "")
            raise _StaysDown(ReaderGone(f"The reader could not be brought back: {title}", hint)) from error
        finally:
            self._replayed = None
            self._replaying.reset(token)
        return self._process is process

    async def _listen(self, process: ReaderProcess) -> None:
        """Hands out what a process says until its end, then tells everybody who still waits."""
        async for reply in process.replies():
            self._take(reply)
        self._settled.clear()
        self._process = None
        self._bury(await process.end())

    def _bury(self, manner: str) -> None:
        """Counts a death, lays it at the door of the files being read, and fails every open ask."""
        hung, self._hung = self._hung, None
        asks = self._asks.take_all()
        suspects = (hung,) if hung is not None and hung.file else asks
        self._recent_deaths.append(_now())
        self._files = {ask.request.lane: ask.file for ask in asks if ask.file}
        self.deaths.update({ask.file for ask in suspects if ask.file})
        self._last_words = _obituary(hung, manner, None)
        for ask in asks:
            file = ask.file if ask in suspects else None
            _fail(ask, ReaderGone(_obituary(hung, manner, file), AGAIN, file))

    def _take(self, reply: Reply) -> None:
        match reply:
            case Ready():
                return
            case Progress(number, progress):
                self._pass_on(number, progress)
            case outcome:
                ask = self._asks.close(outcome.id)
                if ask is not None:
                    _settle(ask, outcome)

    def _pass_on(self, number: int, progress: dict[str, Any]) -> None:
        ask = self._asks.get(number)
        if ask is None:
            return
        ask.file = progress.get("file", ask.file)
        if ask.on_progress is not None and not ask.answer.done():
            try:
                ask.on_progress(progress)
            except Exception as error:  # the asker's own mistake: it shall see it, and the other asks go on
                _fail(ask, error)


class _StaysDown(Exception):
    def __init__(self, reason: ReaderGone) -> None:
        super().__init__(reason.title)
        self.reason = reason


def _settle(ask: Ask, outcome: Outcome) -> None:
    match outcome:
        case Done(_, found):
            if not ask.answer.done():
                ask.answer.set_result(found)
        case Failed(_, title, hint):
            _fail(ask, ReaderFailed(title, hint))
        case Overtaken():
            _fail(ask, _late(ask) if ask.has_expired and not ask.is_unwanted else Superseded())


def _obituary(hung: Ask | None, manner: str, file: str | None) -> str:
    place = f" on {file}" if file else ""
    return f"The reader stopped answering{place} and was ended." if hung else f"The reader stopped ({manner}){place}."


def _late(ask: Ask) -> DeadlinePassed:
    title = f"The reader did not finish {ask.request.job!r} within {ask.request.deadline:g} s and interrupted it."
    return DeadlinePassed(title, "Narrow the filter, then ask again.")


def _fail(ask: Ask, error: Exception) -> None:
    if not ask.answer.done():
        ask.answer.set_exception(error)


def _now() -> float:
    return asyncio.get_running_loop().time()
