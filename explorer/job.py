"""A job: work that reports its progress and can be cancelled from another thread."""

import threading
from collections.abc import Callable, Mapping
from itertools import count
from types import TracebackType
from typing import Any, Self

_SCRATCH = count(1)


class Cancelled(Exception):
    """Ends a job that has been cancelled; a job lets it pass."""


class Interruptible:
    """What to interrupt when a job is cancelled, until its `with` block ends; the cursor is closed after that."""

    def __init__(
        self, interrupt: Callable[[], object], lock: threading.Lock, registered: list["Interruptible"]
    ) -> None:
        self.interrupt = interrupt
        self._lock = lock
        self._registered = registered

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self in self._registered:
                self._registered.remove(self)


class Job:
    """One piece of work on an open corpus: its arguments, its news, and whether anyone still waits for it."""

    def __init__(
        self,
        args: Mapping[str, Any] | None = None,
        report: Callable[[Mapping[str, Any]], object] = lambda progress: None,
        deadline: float | None = None,
    ) -> None:
        self.args: Mapping[str, Any] = {} if args is None else args
        self.deadline = deadline
        """Seconds the asker is going to wait, if it told."""
        self.scratch = next(_SCRATCH)
        """The number that names the scratch tables of this job; no other job of the process has it."""
        self._report = report
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._is_over = False
        self._interruptibles: list[Interruptible] = []

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self._is_cancelled

    def stop_if_cancelled(self) -> None:
        """Raises `Cancelled` once the job is cancelled; for loops that hold nothing to interrupt."""
        if self._is_cancelled:
            raise Cancelled

    def report(self, progress: Mapping[str, Any]) -> None:
        """Sends news to the asker; `{"file": path}` before touching a file lets a death be laid at its door."""
        self._report(dict(progress))

    def on_interrupt(self, interrupt: Callable[[], object]) -> Interruptible:
        """Has `interrupt` called when the job is cancelled, from another thread, maybe many times.

        Use it as `with job.on_interrupt(cursor.interrupt):` and close the cursor after the block; called plainly it
        holds until the job ends. Raises `Cancelled` where the job is cancelled already. Never called after the block.
        """
        with self._lock:
            self.stop_if_cancelled()
            registered = Interruptible(interrupt, self._lock, self._interruptibles)
            self._interruptibles.append(registered)
        return registered

    def cancel(self) -> None:
        """Marks the job as unwanted; `interrupt` then makes it notice."""
        with self._lock:
            self._is_cancelled = True

    def interrupt(self) -> bool:
        """Calls what is registered and answers whether the job still runs."""
        with self._lock:
            for registered in self._interruptibles:
                _press(registered.interrupt)
            return not self._is_over

    def end(self) -> bool:
        """Takes no more interrupts and answers whether the outcome is still wanted."""
        with self._lock:
            self._is_over = True
            self._interruptibles.clear()
            return not self._is_cancelled


def _press(interrupt: Callable[[], object]) -> None:
    try:
        interrupt()
    except Exception:  # a cursor closed too early must not keep the other jobs from being interrupted
        return
