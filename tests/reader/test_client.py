"""What the screen may rely on while its reader works."""

import asyncio
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from explorer.reader.client import DeadlinePassed, Reader, ReaderFailed, ReaderGone, Superseded
from explorer.reader.protocol import LINE_LIMIT, BadLine

from .conftest import PATIENCE, MakeReader

LONG_QUERY = "select count(*) from range(100000) a, range(100000) b where (a.range * b.range) % 7 = 3"


async def outcome(reader: Reader, job: str, **how: Any) -> dict[str, Any] | str:
    """The answer, or the name of what was raised."""
    try:
        return await reader.ask(job, **how)
    except (Superseded, ReaderFailed, ReaderGone) as error:
        return type(error).__name__


async def test_an_answer_comes_back(reader: Reader) -> None:
    told = {"text": "\udcff\ud800 é ￿ \x00\x1b[2J", "nested": [{"deep": None}, 1.5, True]}
    assert await reader.ask("echo", **told) == told


async def test_the_latest_of_many_wins(reader: Reader) -> None:
    asks: list[asyncio.Task[Any]] = []
    for key in range(9):
        asks.append(asyncio.create_task(outcome(reader, "wait", seconds=3600 if key < 8 else 0.1)))
        await asyncio.sleep(0.02)
    assert await asyncio.gather(*asks) == ["Superseded"] * 8 + [{"seconds": 0.1}]


async def test_lanes_do_not_disturb_each_other(reader: Reader) -> None:
    slow = asyncio.create_task(outcome(reader, "wait", lane="count", seconds=0.5))
    assert await reader.ask("echo", lane="page", first=1) == {"first": 1}
    assert await reader.ask("echo", lane="page", first=2) == {"first": 2}
    assert await slow == {"seconds": 0.5}


async def test_an_ordered_lane_does_everything_in_order(reader: Reader) -> None:
    asks = [asyncio.create_task(reader.ask("note", lane="write", value=value)) for value in range(8)]
    await asyncio.sleep(0)
    reader.cancel("write")
    answers = await asyncio.gather(*asks)
    assert [answer["seen"] for answer in answers] == [list(range(number + 1)) for number in range(8)]
    assert not any(answer["cancelled"] for answer in answers)


async def test_an_ordered_lane_goes_on_when_its_asker_went_away(reader: Reader) -> None:
    first = asyncio.create_task(reader.ask("note", lane="write", value=1, seconds=0.2))
    second = asyncio.create_task(reader.ask("note", lane="write", value=2))
    await asyncio.sleep(0.05)
    first.cancel()
    second.cancel()
    assert (await reader.ask("note", lane="write", value=3))["seen"] == [1, 2, 3]


async def test_waiting_for_an_ordered_lane_does_not_count_as_time_of_the_job(reader: Reader) -> None:
    first = asyncio.create_task(reader.ask("note", lane="write", value=0, seconds=4))
    asks = [reader.ask("note", lane="write", value=value, deadline=3) for value in range(1, 5)]
    await asyncio.sleep(0)
    assert [answer["seen"][-1] for answer in await asyncio.gather(first, *asks)] == list(range(5))
    assert not reader.deaths
    assert reader.is_up


async def test_cancelling_a_lane_supersedes_its_asks(reader: Reader) -> None:
    asks = [asyncio.create_task(outcome(reader, "wait", lane="stats")) for _ in range(2)]
    other = asyncio.create_task(outcome(reader, "wait", lane="page", seconds=0.3))
    await asyncio.sleep(0.05)
    reader.cancel("stats")
    assert await asyncio.gather(*asks) == ["Superseded"] * 2
    assert await other == {"seconds": 0.3}


async def test_an_asker_that_goes_away_frees_the_lane(reader: Reader) -> None:
    asking = asyncio.create_task(reader.ask("hold", file="a.parquet", deadline=None))
    while reader.last_file("page") is None:
        await asyncio.sleep(0.01)
    asking.cancel()
    async with asyncio.timeout(PATIENCE):
        while reader.last_file("page") is not None:
            await asyncio.sleep(0.01)
    assert await reader.ask("echo", after=True) == {"after": True}


@pytest.mark.parametrize("before", [0, 0.3], ids=["while it runs", "before it starts"])
async def test_a_database_query_is_interrupted(reader: Reader, before: float) -> None:
    begun = asyncio.Event()
    long = asyncio.create_task(
        outcome(reader, "query", sql=LONG_QUERY, before=before, on_progress=lambda news: begun.set(), deadline=PATIENCE)
    )
    await asyncio.wait_for(begun.wait(), PATIENCE)
    assert await reader.ask("query", sql="select 42", deadline=PATIENCE) == {"found": 42}
    assert await long == "Superseded"
    assert reader.is_up


async def test_a_query_past_its_deadline_is_interrupted_and_the_reader_lives(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.reader.client.KILL_PATIENCE", PATIENCE)
    pid = reader.pid
    await reader.ask("query", sql="select 1", deadline=PATIENCE)
    with pytest.raises(DeadlinePassed, match=r"did not finish 'query' within 0\.2 s"):
        await reader.ask("query", sql=LONG_QUERY, deadline=0.2)
    assert await reader.ask("query", sql="select 42", deadline=PATIENCE) == {"found": 42}
    assert reader.pid == pid


async def test_the_time_of_an_ask_that_had_to_wait_for_its_lane_runs_too(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.reader.client.KILL_PATIENCE", PATIENCE)
    overtaken = asyncio.create_task(outcome(reader, "wait"))
    await asyncio.sleep(0.05)
    async with asyncio.timeout(PATIENCE):
        assert await outcome(reader, "wait", deadline=0.2) == "DeadlinePassed"
    assert await overtaken == "Superseded"


async def test_progress_comes_in_order_and_before_the_answer(reader: Reader) -> None:
    told: list[Any] = []
    assert await reader.ask("steps", count=500, on_progress=told.append) == {"steps": 500}
    assert told == [{"step": step} for step in range(500)]


async def test_a_mistake_in_the_askers_progress_is_the_askers(reader: Reader) -> None:
    with pytest.raises(ZeroDivisionError):
        await reader.ask("steps", count=3, on_progress=lambda news: 1 / news["step"])
    assert await reader.ask("echo", after=True) == {"after": True}


async def test_huge_answers_and_requests_pass(reader: Reader) -> None:
    size = 20 * 2**20
    assert await reader.ask("huge", size=size, deadline=PATIENCE) == {"text": "x" * size}
    assert await reader.ask("echo", text="y" * size, deadline=PATIENCE) == {"text": "y" * size}


async def test_what_is_too_large_is_refused_and_the_reader_lives(reader: Reader) -> None:
    pid = reader.pid
    with pytest.raises(ReaderFailed, match="64 MB that one line may hold"):
        await reader.ask("huge", size=LINE_LIMIT, deadline=PATIENCE)
    with pytest.raises(BadLine, match="64 MB that one line may hold"):
        await reader.ask("echo", text="x" * LINE_LIMIT)
    assert await reader.ask("echo", after=True) == {"after": True}
    assert reader.pid == pid


async def test_a_failure_brings_its_own_words(reader: Reader) -> None:
    with pytest.raises(ReaderFailed) as raised:
        await reader.ask("complain")
    assert raised.value.title == "The file a.parquet has no column content."
    assert raised.value.hint == "Name it with --map."


async def test_the_words_of_the_reader_go_to_a_private_log(reader: Reader, tmp_path: Path) -> None:
    await reader.ask("chatter")
    log = tmp_path / "reader.log"
    assert "from a child" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


async def test_the_keyboard_of_the_screen_is_not_the_readers(reader: Reader) -> None:
    assert (await reader.ask("pid"))["group"] != os.getpgid(0)


async def test_stopping_ends_a_running_job_and_its_ask(reader: Reader) -> None:
    pid = reader.pid
    assert pid is not None
    ask = asyncio.create_task(outcome(reader, "deaf", deadline=None))
    await asyncio.sleep(0.05)
    await reader.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert await ask == "ReaderGone"
    assert reader.is_down
    with pytest.raises(ReaderGone, match="has been stopped"):
        await reader.ask("echo")


async def test_a_reader_that_was_never_started_says_so(make_reader: MakeReader) -> None:
    reader = make_reader()
    with pytest.raises(ReaderGone, match="has not been started"):
        await reader.ask("echo")
    await reader.stop()


def test_the_client_loads_no_engine() -> None:
    program = "import sys, explorer.reader.client; print(*{name.split('.')[0] for name in sys.modules})"
    root = Path(__file__).parents[2]
    loaded = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert not {"duckdb", "pyarrow", "numpy", "numba", "textual"} & set(loaded.stdout.split())
