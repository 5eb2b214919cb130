"""A pool of worker processes that expects its workers to die: a file may crash or hang whoever reads it."""

import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

_CONTEXT = get_context("spawn")

STALL_SECONDS = 18.0
"""A worker that says nothing for so long is killed."""

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


Outcome = Done | Advanced | Failed


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    task: Any = None
    is_busy: bool = False
    last_word: float = field(default_factory=time.monotonic)


class Pool:
    """Runs tasks in worker processes; a dead or silent worker costs its task, never the run."""

    def __init__(self, workers: int) -> None:
        """Makes a pool; with no workers the tasks run in this process, for input that is trusted."""
        self._size = workers
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

    def run(self, function: Function, tasks: Iterable[Any]) -> Iterator[Outcome]:
        """Yields what becomes of each task, in the order it happens; a task whose worker died is tried once more."""
        if not self._size:
            yield from _run_here(function, tasks)
            return
        waiting = deque(tasks)
        given_up: set[int] = set()
        while waiting or any(worker.is_busy for worker in self._workers):
            self._hand_out(function, waiting)
            for outcome, died in self._listen():
                if died and id(outcome.task) not in given_up:
                    given_up.add(id(outcome.task))
                    waiting.append(outcome.task)
                else:
                    yield outcome

    def _hand_out(self, function: Function, waiting: deque[Any]) -> None:
        while waiting and len(self._workers) < self._size:
            self._workers.append(_start())
        for worker in self._workers:
            if waiting and not worker.is_busy:
                worker.task = waiting.popleft()
                worker.is_busy = True
                worker.last_word = time.monotonic()
                worker.pipe.send((function, worker.task))

    def _listen(self) -> Iterator[tuple[Outcome, bool]]:
        """Waits for a word of any worker; yields outcomes and whether the worker died of the task."""
        busy = [worker for worker in self._workers if worker.is_busy]
        ready = connection.wait([worker.pipe for worker in busy], timeout=1.0)
        for worker in busy:
            if worker.pipe in ready:
                yield self._hear(worker)
            elif time.monotonic() - worker.last_word > STALL_SECONDS:
                self._drop(worker)
                yield Failed(worker.task, f"reading it gave no answer for {STALL_SECONDS:.0f} seconds"), False

    def _hear(self, worker: _Worker) -> tuple[Outcome, bool]:
        worker.last_word = time.monotonic()
        try:
            kind, word = worker.pipe.recv()
        except (EOFError, OSError):
            self._drop(worker)
            return Failed(worker.task, f"reading it stopped the reader ({_cause(worker.process)})"), True
        if kind == "note":
            return Advanced(worker.task, word), False
        worker.is_busy = False
        return (Done(worker.task, word) if kind == "done" else Failed(worker.task, word)), False

    def _drop(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        worker.is_busy = False
        self._workers.remove(worker)


def _run_here(function: Function, tasks: Iterable[Any]) -> Iterator[Outcome]:
    for task in tasks:
        notes: list[Any] = []
        try:
            result = function(task, notes.append)
        except Exception as error:
            yield Failed(task, reason_of(error))
            continue
        yield from (Advanced(task, note) for note in notes)
        yield Done(task, result)


def _start() -> _Worker:
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(pipe: Connection) -> None:
    """The life of a worker: one task after another until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            function, task = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = ("done", function(task, lambda note: pipe.send(("note", note))))
        except BrokenPipeError:
            return
        except Exception as error:
            answer = ("failed", reason_of(error))
        pipe.send(answer)


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
