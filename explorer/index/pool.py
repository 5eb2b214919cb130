"""A pool of worker processes that expects its workers to die: a file may crash or hang whoever reads it."""

import resource
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

from explorer.errors import ExplorerError
from explorer.index.watch import Watch

_CONTEXT = get_context("spawn")

MEMORY_LIMIT = 6 << 30
"""Address space of a worker, of which its libraries take two gigabytes: a file that wants more is set aside."""

STALL_SECONDS = 60.0
"""A worker that sleeps for so long over a task without a word is killed; waiting for a core is no sleep."""

WORK_SECONDS = 60.0
"""Processor time that a task may take without a word, unless the caller gives it more."""

START_SECONDS = 900.0
"""A worker may sleep for so long before its first word: nothing of a task is to blame for it."""

Function = Callable[[Any, Callable[[Any], None]], Any]
"""What a worker runs: a task and a way to report progress in, a result out; importable by name."""


class Done(NamedTuple):
    """A task ended well."""

    task: Any
    result: Any


class Advanced(NamedTuple):
    """A task goes on."""

    task: Any
    note: Any


class Failed(NamedTuple):
    """A task could not be done, and why in words."""

    task: Any
    reason: str


class Lost(Failed):
    """Time, memory or a death ended the task, twice: its input may well be sound."""

    __slots__ = ()


Outcome = Done | Advanced | Failed


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    watch: Watch
    task: Any = None
    is_busy: bool = False
    has_begun: bool = False
    """Whether it works on its task: before, it starts up and loads its libraries."""


class Pool:
    """Runs tasks in worker processes; a dead or hanging worker costs its task, never the run.

    A task that lost its worker, or found no memory, is tried once more when nothing else runs. A worker is judged by
    its own work from its first word over a task on: on a busy machine it takes longer and nothing else happens.

    An ExplorerError of a task is no matter of that task: it ends the run.
    """

    def __init__(self, workers: int) -> None:
        """Makes a pool; with no workers the tasks run in this process, for input that is trusted."""
        self.size = workers
        self._workers: list[_Worker] = []

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    def run(
        self, function: Function, tasks: Iterable[Any], seconds: Callable[[Any], float] | None = None
    ) -> Iterator[Outcome]:
        """Yields the outcomes of the tasks as they happen; a task may work for `seconds` without a report.

        Tasks are taken when there is a worker for them, so that a caller may drop those that became pointless.
        """
        if not self.size:
            yield from _run_here(function, tasks)
            return
        queue = _Queue(tasks)
        while self._hand_out(function, queue):
            for outcome in self._listen(seconds or (lambda _: WORK_SECONDS)):
                if not (isinstance(outcome, Lost) and queue.retries(outcome.task)):
                    yield outcome

    def _hand_out(self, function: Function, queue: "_Queue") -> bool:
        """Gives every idle worker a task; tells whether any worker is busy."""
        while (busy := sum(worker.is_busy for worker in self._workers)) < self.size:
            if (task := queue.next(is_alone=not busy)) is None:
                break
            worker = next((worker for worker in self._workers if not worker.is_busy), None) or self._start()
            worker.task = task
            worker.is_busy = True
            worker.has_begun = False
            worker.watch.hear()
            # A worker that died meanwhile is heard of when its pipe is read.
            with suppress(OSError):
                worker.pipe.send((function, task))
        return any(worker.is_busy for worker in self._workers)

    def _start(self) -> _Worker:
        self._workers.append(_start())
        return self._workers[-1]

    def _listen(self, seconds: Callable[[Any], float]) -> Iterator[Outcome]:
        """Waits for a word of any worker; yields what the words come to."""
        busy = [worker for worker in self._workers if worker.is_busy]
        ready = connection.wait([worker.pipe for worker in busy], timeout=min(1.0, STALL_SECONDS / 2))
        for worker in busy:
            if worker.pipe in ready:
                yield from self._hear(worker)
            elif reason := _trouble(worker, seconds):
                self._drop(worker)
                yield Lost(worker.task, reason)

    def _hear(self, worker: _Worker) -> Iterator[Outcome]:
        worker.watch.hear()
        try:
            kind, word = worker.pipe.recv()
        except (EOFError, OSError):
            self._drop(worker)
            yield Lost(worker.task, f"reading it stopped the reader ({_cause(worker.process)})")
            return
        if kind == "begun":
            worker.has_begun = True
        elif kind == "note":
            yield Advanced(worker.task, word)
        else:
            yield self._ended(worker, kind, word)

    def _ended(self, worker: _Worker, kind: str, word: Any) -> Outcome:
        worker.is_busy = False
        if kind == "refused":
            raise ExplorerError(*word)
        if kind == "starved":
            self._drop(worker)  # what it holds of the task may never be given back
            return Lost(worker.task, word)
        return Done(worker.task, word) if kind == "done" else Failed(worker.task, word)

    def _drop(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        worker.is_busy = False
        self._workers.remove(worker)


class _Queue:
    """The tasks of a run: those that lost their worker come back once, after all others and each alone."""

    def __init__(self, tasks: Iterable[Any]) -> None:
        self._tasks = iter(tasks)
        self._again: deque[Any] = deque()
        self._tried: list[Any] = []

    def next(self, *, is_alone: bool) -> Any:
        """Takes the next task, or None where none may begin now; `is_alone` where no other runs."""
        # While one is tried again nothing else may begin, and none is left by then.
        task = next(self._tasks, None)
        return self._again.popleft() if task is None and is_alone and self._again else task

    def retries(self, task: Any) -> bool:
        """Takes a lost task back, unless it was lost before."""
        if any(task is other for other in self._tried):
            return False
        self._tried.append(task)
        self._again.append(task)
        return True


def _run_here(function: Function, tasks: Iterable[Any]) -> Iterator[Outcome]:
    for task in tasks:
        notes: list[Any] = []
        try:
            outcome: Outcome = Done(task, function(task, notes.append))
        except ExplorerError:
            raise
        except MemoryError as error:
            outcome = Lost(task, reason_of(error))
        except Exception as error:
            outcome = Failed(task, reason_of(error))
        yield from (Advanced(task, note) for note in notes)
        yield outcome


def _start() -> _Worker:
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
    # Ctrl-C reaches the whole process group; a worker that starts up has it blocked from birth.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    theirs.close()
    return _Worker(process, ours, Watch(process.pid or 0))


def _trouble(worker: _Worker, seconds: Callable[[Any], float]) -> str:
    """Says why a worker is to be given up; empty where it may go on."""
    if not worker.has_begun:
        return worker.watch.trouble(START_SECONDS, START_SECONDS)
    return worker.watch.trouble(STALL_SECONDS, seconds(worker.task))


def _serve(pipe: Connection) -> None:
    """The life of a worker: one task after another until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY_LIMIT)):
        # Where the system has a lower limit already, or none to set, that one holds.
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))
    with suppress(EOFError, OSError):
        while True:
            function, task = pipe.recv()
            pipe.send(("begun", None))
            pipe.send(_answer(function, task, lambda note: pipe.send(("note", note))))


def _answer(function: Function, task: Any, report: Callable[[Any], None]) -> tuple[str, Any]:
    try:
        return "done", function(task, report)
    except BrokenPipeError:
        raise
    except ExplorerError as error:
        return "refused", (error.title, error.hint)
    except MemoryError as error:
        return "starved", reason_of(error)
    except Exception as error:
        return "failed", reason_of(error)


def reason_of(error: BaseException) -> str:
    """Says in one line why a file could not be read."""
    if isinstance(error, MemoryError):
        return "reading it needs more memory than there is"
    text = " ".join(str(error).split())
    short = text if len(text) <= 200 else f"{text[:199]}…"
    return f"reading it failed: {short or type(error).__name__}"


def _cause(process: BaseProcess) -> str:
    code = process.exitcode
    if code is not None and code < 0 and sys.platform != "win32":
        return signal.Signals(-code).name
    return f"exit code {code}"
