"""The pool outlives its workers."""

import os
import signal
from pathlib import Path

import pytest

from explorer.errors import ExplorerError
from explorer.index import pool as pools
from explorer.index.pool import Advanced, Done, Failed, Lost, Pool
from tests.index.pool_tasks import act


def test_dead_failing_and_greedy_tasks_cost_only_themselves(tmp_path: Path) -> None:
    marker = tmp_path / "died once"
    tasks = ["one", "abort", "fail", f"abort-once {marker}", "hoard", "exit", "two", "three"]
    with Pool(2) as pool:
        outcomes = list(pool.run(act, tasks))
    assert {o.task: o.result for o in outcomes if isinstance(o, Done)} == {
        task: f"did {task}" for task in ("one", "two", "three", tasks[3])
    }
    assert {o.task: o.reason for o in outcomes if isinstance(o, Failed)} == {
        "abort": "reading it stopped the reader (SIGABRT)",
        "exit": "reading it stopped the reader (exit code 7)",
        "fail": "reading it failed: two lines of \x1b[31mred",
        "hoard": "reading it needs more memory than there is",
    }
    began = [o.task for o in outcomes if isinstance(o, Advanced)]
    assert {task: began.count(task) for task in tasks} == {
        task: 2 if task.startswith(("abort", "exit", "hoard")) else 1 for task in tasks
    }


def test_a_worker_that_sleeps_is_killed_and_its_task_tried_again_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with Pool(2) as pool:
        assert [o for o in pool.run(act, ["warm", "up"]) if isinstance(o, Done)]
        monkeypatch.setattr(pools, "STALL_SECONDS", 1.0)
        outcomes = list(pool.run(act, ["hang", "one"]))
    assert [o.task for o in outcomes if isinstance(o, Advanced)].count("hang") == 2
    ended = [o for o in outcomes if not isinstance(o, Advanced)]
    assert sorted(ended) == [Failed("hang", "reading it gave no answer for 1 seconds"), Done("one", "did one")]
    assert [type(o) for o in ended if o.task == "hang"] == [Lost]


def test_a_worker_that_works_without_end_is_killed() -> None:
    with Pool(1) as pool:
        outcomes = [o for o in pool.run(act, ["spin", "one"], lambda _: 0.5) if not isinstance(o, Advanced)]
    assert outcomes == [Done("one", "did one"), Lost("spin", "reading it came no further in 0 seconds of work")]


def test_what_a_worker_does_before_its_first_word_is_not_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A start that takes longer than any silence costs nothing."""
    monkeypatch.setattr(pools, "STALL_SECONDS", 0.02)
    with Pool(2) as pool:
        assert {o.task for o in pool.run(act, ["one", "two"], lambda _: 60.0) if isinstance(o, Done)} == {"one", "two"}


def test_tasks_that_are_tried_again_run_alone(tmp_path: Path) -> None:
    """Each leaves a file while it runs and tells how many there are."""
    tasks = [f"crowd-abort {tmp_path} {number}" for number in range(4)]
    with Pool(3) as pool:
        outcomes = list(pool.run(act, tasks))
    assert {o.task: o.result for o in outcomes if isinstance(o, Done)} == {task: f"did {task}" for task in tasks}
    assert sorted(path.read_text() for path in tmp_path.glob("*.alone")) == ["1"] * 4


def test_workers_that_died_while_idle_are_replaced() -> None:
    with Pool(2) as pool:
        list(pool.run(act, ["one", "two"]))
        for worker in pool._workers:  # pyright: ignore[reportPrivateUsage]
            worker.process.kill()
            worker.process.join()
        assert {o.task for o in pool.run(act, ["three", "four"]) if isinstance(o, Done)} == {"three", "four"}


@pytest.mark.parametrize("workers", [0, 1])
def test_trouble_that_is_not_the_tasks_ends_the_run(workers: int) -> None:
    with Pool(workers) as pool, pytest.raises(ExplorerError, match="No room") as error:
        list(pool.run(act, ["one", "refuse", "two"]))
    assert error.value.hint == "Make some."


def test_tasks_are_taken_one_by_one() -> None:
    failed: set[str] = set()
    tasks = (task for task in ("fail 1", "fail 2", "one") if not (failed and task.startswith("fail")))
    done: list[str] = []
    with Pool(1) as pool:
        for outcome in pool.run(act, tasks):
            if isinstance(outcome, Failed):
                failed.add(outcome.task)
            elif isinstance(outcome, Done):
                done.append(outcome.task)
    assert (failed, done) == ({"fail 1"}, ["one"])


def test_workers_ignore_the_terminals_interrupt_and_leave_with_the_pool() -> None:
    with Pool(2) as pool:
        list(pool.run(act, ["one", "two"]))
        pids = [worker.process.pid or 0 for worker in pool._workers]  # pyright: ignore[reportPrivateUsage]
        for pid in pids:
            os.kill(pid, signal.SIGINT)
        assert len([o for o in pool.run(act, ["three", "four"]) if isinstance(o, Done)]) == 2
        assert pids == [worker.process.pid for worker in pool._workers]  # pyright: ignore[reportPrivateUsage]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
