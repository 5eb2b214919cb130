"""Runs jobs side by side, at most one in each lane, and interrupts those that nobody waits for any more."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from explorer.reader.memory import held
from explorer.reader.protocol import ORDERED_LANES, Failed, Outcome, Overtaken, Progress, Request

INSISTENCE = 0.05
"""Seconds between two interrupts of one job: an interrupt that meets an idle cursor is lost, so it is said again."""


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
    """One request as the function that works on it sees it."""

    def __init__(self, request: Request, report: Callable[[Progress], None] = lambda progress: None) -> None:
        self.request = request
        self._report = report
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._is_over = False
        self._interruptibles: list[Interruptible] = []
        self.held = held()
        """Bytes that the process held when the request came."""

    @property
    def args(self) -> Mapping[str, Any]:
        """The arguments of the request."""
        return self.request.args

    @property
    def deadline(self) -> float | None:
        """Seconds the asker is going to wait, if it told."""
        return self.request.deadline

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
        self._report(Progress(self.request.id, dict(progress)))

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


class Lanes:
    """At most one running job a lane; in an ordered lane the next waits its turn, in any other it takes over.

    `run_job` works in a thread of its own and returns the outcome; `answer` is called once for every request, from any
    thread, and answers of one lane come in the order in which its jobs ended. `after` is called once a lane
    is idle, with the first job that was cancelled meanwhile, else the last.
    """

    def __init__(
        self,
        run_job: Callable[[Job], Outcome],
        answer: Callable[[Outcome], None],
        report: Callable[[Progress], None] = lambda progress: None,
        ordered: frozenset[str] = ORDERED_LANES,
        after: Callable[[Job, "Lanes"], object] = lambda job, lanes: None,
    ) -> None:
        self._after = after
        self._run_job = run_job
        self._answer = answer
        self._report = report
        self._ordered = ordered
        self._lock = threading.Lock()
        self._running: dict[str, Job] = {}
        self._waiting: dict[str, deque[Job]] = {}
        self._unwanted: set[Job] = set()
        self._has_unwanted = threading.Condition(self._lock)
        threading.Thread(target=self._insist, name="interrupter", daemon=True).start()

    def submit(self, request: Request) -> None:
        """Starts a job, or lines it up behind the one that its lane runs."""
        job = Job(request, self._report)
        lane = request.lane
        with self._lock:
            dropped = () if lane in self._ordered else self._overtake(lane)
            is_first = lane not in self._running
            if is_first:
                self._running[lane] = job
            else:
                self._waiting.setdefault(lane, deque()).append(job)
        self._answer_overtaken(dropped)
        if is_first:
            self._start(job)

    def cancel(self, lane: str, number: int | None = None) -> None:
        """Interrupts and drops all jobs of a lane, or the one with this number; an ordered lane goes on."""
        if lane in self._ordered:
            return
        with self._lock:
            dropped = self._overtake(lane, number)
        self._answer_overtaken(dropped)

    def _overtake(self, lane: str, number: int | None = None) -> tuple[Job, ...]:
        """Cancels the lane's jobs (under the lock) and returns those that had not begun."""
        running = self._running.get(lane)
        if running is not None and number in (None, running.request.id):
            running.cancel()
            self._unwanted.add(running)
            self._has_unwanted.notify()
        waiting = self._waiting.get(lane, deque())
        dropped = tuple(job for job in waiting if number in (None, job.request.id))
        for job in dropped:
            waiting.remove(job)
        return dropped

    def _answer_overtaken(self, dropped: tuple[Job, ...]) -> None:
        for job in dropped:
            self._answer(Overtaken(job.request.id))

    def _start(self, job: Job) -> None:
        try:
            threading.Thread(target=self._work, args=(job,), name=f"lane {job.request.lane}", daemon=True).start()
        except (RuntimeError, MemoryError):
            with self._lock:
                del self._running[job.request.lane]
            self._answer(
                Failed(
                    job.request.id, "The reader has no room for another job.", "Close other programs, then try again."
                )
            )

    def _work(self, first: Job) -> None:
        job: Job | None = first
        ended = first
        while job is not None:
            ended = ended if ended.is_cancelled else job
            outcome = Overtaken(job.request.id) if job.is_cancelled else self._run_job(job)
            self._answer(outcome if job.end() else Overtaken(job.request.id))
            job = self._next(job)
        self._after(ended, self)

    def running(self) -> tuple[Request, ...]:
        """Returns the requests that are being worked on."""
        with self._lock:
            return tuple(job.request for job in self._running.values())

    def _next(self, ended: Job) -> Job | None:
        lane = ended.request.lane
        with self._lock:
            self._unwanted.discard(ended)
            waiting = self._waiting.get(lane)
            if not waiting:
                self._waiting.pop(lane, None)
                del self._running[lane]
                return None
            self._running[lane] = waiting.popleft()
            return self._running[lane]

    def _insist(self) -> None:
        """Interrupts unwanted jobs again and again until each has ended."""
        while True:
            with self._lock:
                while not self._unwanted:
                    self._has_unwanted.wait()
                unwanted = tuple(self._unwanted)
            ended = {job for job in unwanted if not job.interrupt()}
            with self._lock:
                self._unwanted -= ended
                self._has_unwanted.wait(INSISTENCE)
