"""Runs jobs side by side, at most one in each lane, and interrupts those that nobody waits for any more."""

import threading
from collections import deque
from collections.abc import Callable

from explorer.job import Job
from explorer.reader.memory import held
from explorer.reader.protocol import ORDERED_LANES, Failed, Outcome, Overtaken, Progress, Request

INSISTENCE = 0.05
"""Seconds between two interrupts of one job: an interrupt that meets an idle cursor is lost, so it is said again."""


class RequestedJob(Job):
    """A job that a request over the wire asked for."""

    def __init__(self, request: Request, send: Callable[[Progress], None]) -> None:
        super().__init__(request.args, lambda news: send(Progress(request.id, dict(news))), request.deadline)
        self.request = request
        self.held = held()
        """Bytes that the process held when the request came."""


class Lanes:
    """At most one running job a lane; in an ordered lane the next waits its turn, in any other it takes over.

    `run_job` works in a thread of its own and returns the outcome; `answer` is called once for every request, from any
    thread, and answers of one lane come in the order in which its jobs ended. `after` is called once a lane
    is idle, with the first job that was cancelled meanwhile, else the last.
    """

    def __init__(
        self,
        run_job: Callable[[RequestedJob], Outcome],
        answer: Callable[[Outcome], None],
        report: Callable[[Progress], None] = lambda progress: None,
        ordered: frozenset[str] = ORDERED_LANES,
        after: Callable[[RequestedJob, "Lanes"], object] = lambda job, lanes: None,
    ) -> None:
        self._after = after
        self._run_job = run_job
        self._answer = answer
        self._report = report
        self._ordered = ordered
        self._lock = threading.Lock()
        self._running: dict[str, RequestedJob] = {}
        self._waiting: dict[str, deque[RequestedJob]] = {}
        self._unwanted: set[RequestedJob] = set()
        self._has_unwanted = threading.Condition(self._lock)
        threading.Thread(target=self._insist, name="interrupter", daemon=True).start()

    def submit(self, request: Request) -> None:
        """Starts a job, or lines it up behind the one that its lane runs."""
        job = RequestedJob(request, self._report)
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

    def _overtake(self, lane: str, number: int | None = None) -> tuple[RequestedJob, ...]:
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

    def _answer_overtaken(self, dropped: tuple[RequestedJob, ...]) -> None:
        for job in dropped:
            self._answer(Overtaken(job.request.id))

    def _start(self, job: RequestedJob) -> None:
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

    def _work(self, first: RequestedJob) -> None:
        job: RequestedJob | None = first
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

    def _next(self, ended: RequestedJob) -> RequestedJob | None:
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
