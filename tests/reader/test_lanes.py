"""Jobs in lanes, without a process around them."""

import threading
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.job import Cancelled, Job
from explorer.reader.lanes import Lanes, RequestedJob
from explorer.reader.protocol import Done, Failed, Outcome, Overtaken, Request
from tests.patience import PATIENCE


class Answers:
    """Collects outcomes and lets a test wait for a number of them."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self._changed = threading.Condition()

    def take(self, outcome: Outcome) -> None:
        with self._changed:
            self.outcomes.append(outcome)
            self._changed.notify_all()

    def wait(self, number: int) -> list[Outcome]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.outcomes) >= number, PATIENCE)
            return list(self.outcomes)


def work(job: RequestedJob) -> Outcome:
    """Works for so many steps, unless cancelled."""
    for _ in range(job.args.get("steps", 0)):
        if job.is_cancelled:
            break
        time.sleep(0.001)
    return Done(job.request.id, {})


SUBMITS = st.tuples(st.just("submit"), st.sampled_from(("page", "count", "write")), st.integers(0, 4))
CANCELS = st.tuples(st.just("cancel"), st.sampled_from(("page", "count", "write")), st.just(0))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(SUBMITS, SUBMITS, CANCELS), max_size=14))
def test_every_request_is_answered_once_and_a_lane_runs_one_job(moves: list[tuple[str, str, int]]) -> None:
    answers, running, crowded = Answers(), Counter[str](), list[str]()
    lock = threading.Lock()

    def run(job: RequestedJob) -> Outcome:
        lane = job.request.lane
        with lock:
            running[lane] += 1
            crowded.extend([lane] * (running[lane] > 1))
        outcome = work(job)
        with lock:
            running[lane] -= 1
        return outcome

    lanes = Lanes(run, answers.take)
    last: dict[str, int | None] = {}
    sent: dict[int, str] = {}
    for number, (move, lane, steps) in enumerate(moves):
        if move == "submit":
            sent[number], last[lane] = lane, number
            lanes.submit(Request(number, lane, "work", {"steps": steps}))
        else:
            lanes.cancel(lane)
            last[lane] = last.get(lane) if lane == "write" else None
    outcomes = answers.wait(len(sent))

    assert not crowded
    assert sorted(outcome.id for outcome in outcomes) == sorted(sent)
    done = [outcome.id for outcome in outcomes if isinstance(outcome, Done)]
    assert {number for number in last.values() if number is not None} <= set(done)
    assert [number for number in done if sent[number] == "write"] == [n for n in sent if sent[n] == "write"]


def test_an_interrupt_that_meets_an_idle_cursor_is_said_again() -> None:
    """A cursor loses the interrupts that come before its query starts; the first three are lost here."""
    answers, begun, interrupted = Answers(), threading.Event(), threading.Event()
    lost: list[None] = []

    def interrupt() -> None:
        if len(lost) < 3:
            lost.append(None)
        else:
            interrupted.set()

    def run(job: RequestedJob) -> Outcome:
        with job.on_interrupt(interrupt):
            begun.set()
            assert interrupted.wait(PATIENCE)
        return Done(job.request.id, {})

    lanes = Lanes(run, answers.take)
    lanes.submit(Request(1, "page", "run", {}))
    assert begun.wait(PATIENCE)
    lanes.cancel("page")
    assert answers.wait(1) == [Overtaken(1)]


def test_a_job_cancelled_before_it_registers_never_starts_its_query() -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        job.on_interrupt(lambda: None)
    with pytest.raises(Cancelled):
        job.stop_if_cancelled()


def test_nothing_is_interrupted_after_its_block() -> None:
    job = Job()
    calls: list[str] = []
    with job.on_interrupt(lambda: calls.append("outer")):
        with job.on_interrupt(lambda: calls.append("inner")):
            job.cancel()
            assert job.interrupt()
        assert job.interrupt()
    assert job.interrupt()
    assert calls == ["outer", "inner", "outer"]
    assert not job.end()
    assert not job.interrupt()


def test_the_end_of_a_block_waits_for_an_interrupt_under_way() -> None:
    """So the cursor can be closed after the block: nobody is inside its interrupt any more."""
    job = Job()
    inside, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def interrupt() -> None:
        inside.set()
        go_on.wait(PATIENCE)
        order.append("interrupted")

    block = job.on_interrupt(interrupt)
    interrupter = threading.Thread(target=job.interrupt)
    interrupter.start()
    assert inside.wait(PATIENCE)

    def close() -> None:
        with block:
            pass
        order.append("closed")

    closer = threading.Thread(target=close)
    closer.start()
    go_on.set()
    interrupter.join(PATIENCE)
    closer.join(PATIENCE)
    assert order == ["interrupted", "closed"]


def test_an_interrupt_that_fails_does_not_save_the_other_jobs() -> None:
    answers, ends = Answers(), {1: threading.Event(), 2: threading.Event()}
    begun = threading.Barrier(3)

    def run(job: RequestedJob) -> Outcome:
        def interrupt() -> None:
            ends[job.request.id].set()
            raise RuntimeError("connection closed")

        job.on_interrupt(interrupt)
        begun.wait(PATIENCE)
        assert ends[job.request.id].wait(PATIENCE)
        return Done(job.request.id, {})

    lanes = Lanes(run, answers.take)
    lanes.submit(Request(1, "page", "run", {}))
    lanes.submit(Request(2, "count", "run", {}))
    begun.wait(PATIENCE)
    lanes.cancel("page")
    lanes.cancel("count")
    assert {outcome.id for outcome in answers.wait(2) if isinstance(outcome, Overtaken)} == {1, 2}


def test_cancelling_one_job_leaves_the_other_of_its_lane() -> None:
    answers, begun, go_on = Answers(), threading.Event(), threading.Event()

    def run(job: RequestedJob) -> Outcome:
        if job.request.id == 1:
            begun.set()
            go_on.wait(PATIENCE)
        return Done(job.request.id, {})

    lanes = Lanes(run, answers.take)
    lanes.submit(Request(1, "page", "run", {}))
    assert begun.wait(PATIENCE)
    lanes.submit(Request(2, "page", "run", {}))
    lanes.cancel("page", 1)
    go_on.set()
    assert answers.wait(2) == [Overtaken(1), Done(2, {})]


def test_no_room_for_a_thread_is_said_and_the_lane_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers()
    lanes = Lanes(work, answers.take)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", _no_room)
        lanes.submit(Request(1, "page", "work", {}))
    lanes.submit(Request(2, "page", "work", {}))
    first, second = answers.wait(2)
    assert isinstance(first, Failed)
    assert "no room" in first.title
    assert second == Done(2, {})


def _no_room(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")
