"""A reader dies in every way; the screen keeps asking."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from explorer.reader import client
from explorer.reader.client import Reader, ReaderGone, Superseded

from .conftest import JOBS, PATIENCE, MakeReader

VIOLENT = [("abort", PATIENCE), ("deaf", 1.0), ("freeze", 1.0)]


async def files_named(reader: Reader, *lanes: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while any(reader.last_file(lane) is None for lane in lanes):
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(("job", "deadline"), VIOLENT)
async def test_the_file_is_named_and_the_next_ask_succeeds(reader: Reader, job: str, deadline: float) -> None:
    pid = reader.pid
    with pytest.raises(ReaderGone, match=r"The reader stopped.* on bad\.parquet") as raised:
        await reader.ask(job, lane="content", file="bad.parquet", deadline=deadline)
    assert raised.value.file == "bad.parquet"
    assert reader.last_file("content") == "bad.parquet"
    assert reader.deaths == {"bad.parquet": 1}
    assert await reader.ask("echo", after=job) == {"after": job}
    assert reader.pid != pid


async def test_deaths_on_one_file_add_up(reader: Reader) -> None:
    for file in ("bad.parquet", "good.parquet", "bad.parquet"):
        with pytest.raises(ReaderGone):
            await reader.ask("abort", file=file)
    assert reader.deaths == {"bad.parquet": 2, "good.parquet": 1}


async def test_a_hang_is_laid_at_its_own_file_only(reader: Reader) -> None:
    innocent = asyncio.create_task(reader.ask("hold", lane="page", file="good.parquet"))
    await files_named(reader, "page")
    with pytest.raises(ReaderGone, match=r"bad\.parquet"):
        await reader.ask("deaf", lane="content", file="bad.parquet", deadline=1.0)
    with pytest.raises(ReaderGone) as raised:
        await innocent
    assert raised.value.file is None
    assert reader.deaths == {"bad.parquet": 1}


async def test_a_crash_is_laid_at_every_file_being_read(reader: Reader) -> None:
    other = asyncio.create_task(reader.ask("hold", lane="page", file="a.parquet"))
    await files_named(reader, "page")
    with pytest.raises(ReaderGone, match="SIGABRT"):
        await reader.ask("abort", lane="content", file="b.parquet")
    with pytest.raises(ReaderGone, match=r"a\.parquet"):
        await other
    assert reader.deaths == {"a.parquet": 1, "b.parquet": 1}


async def test_a_job_that_hangs_after_it_was_overtaken_is_ended(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.reader.asks.OVERTAKEN_PATIENCE", 0.1)
    hanging = asyncio.create_task(reader.ask("deaf", file="bad.parquet", deadline=None))
    await files_named(reader, "page")
    with pytest.raises(ReaderGone):
        await reader.ask("echo")
    with pytest.raises(ReaderGone, match=r"bad\.parquet"):
        await hanging
    assert await reader.ask("echo", after=True) == {"after": True}


async def test_the_new_process_knows_what_the_old_one_knew_before_anybody_asks(make_reader: MakeReader) -> None:
    async def replay(reader: Reader) -> None:
        await asyncio.sleep(0.1)
        await asyncio.gather(reader.ask("keep", lane="a", opened="corpus"), reader.ask("keep", lane="b", labels=3))

    reader = make_reader(on_restart=replay)
    await reader.start()
    with pytest.raises(ReaderGone):
        await reader.ask("abort")
    asks = [reader.ask("recall", lane=str(lane)) for lane in range(5)]
    assert await asyncio.gather(*asks) == [{"opened": "corpus", "labels": 3}] * 5


async def test_a_task_left_behind_by_a_replay_asks_like_anybody_else(make_reader: MakeReader) -> None:
    go_on, left = asyncio.Event(), list[asyncio.Task[Any]]()

    async def later(reader: Reader) -> dict[str, Any]:
        await go_on.wait()
        return await reader.ask("recall", lane="late")

    async def replay(reader: Reader) -> None:
        if not left:
            left.append(asyncio.create_task(later(reader)))
        await reader.ask("keep", told=True)

    reader = make_reader(on_restart=replay)
    await reader.start()
    for _ in range(2):
        with pytest.raises(ReaderGone):
            await reader.ask("abort")
    go_on.set()
    assert await left[0] == {"told": True}


async def test_a_replay_that_kills_is_given_up_with_a_way_back(make_reader: MakeReader) -> None:
    fatal = [True]

    async def replay(reader: Reader) -> None:
        await reader.ask("abort" if fatal[0] else "keep", file="bad.parquet", told=True)

    reader = make_reader(on_restart=replay)
    await reader.start()
    with pytest.raises(ReaderGone, match="SIGABRT"):
        await reader.ask("abort")
    with pytest.raises(ReaderGone, match=f"{client.DEATHS_ALLOWED} times") as raised:
        await reader.ask("echo")
    assert "Restart it" in raised.value.hint
    assert reader.is_down
    assert reader.deaths["bad.parquet"] == client.DEATHS_ALLOWED - 1
    with pytest.raises(ReaderGone, match=f"{client.DEATHS_ALLOWED} times"):
        await reader.restart()
    fatal[0] = False
    await reader.restart()
    assert await reader.ask("recall") == {"file": "bad.parquet", "told": True}


async def test_a_replay_that_asks_on_after_a_death_does_not_wait_for_itself(make_reader: MakeReader) -> None:
    tries: list[str] = []

    async def replay(reader: Reader) -> None:
        for job in ("abort" if not tries else "echo", "echo"):
            try:
                await reader.ask(job)
            except ReaderGone:
                tries.append(job)

    reader = make_reader(on_restart=replay)
    await reader.start()
    with pytest.raises(ReaderGone):
        await reader.ask("abort")
    async with asyncio.timeout(PATIENCE):
        assert await reader.ask("echo", after=True) == {"after": True}
    assert tries == ["abort", "echo"]


async def test_a_replay_that_fails_keeps_the_reader_down_with_its_words(make_reader: MakeReader) -> None:
    async def replay(reader: Reader) -> None:
        await reader.ask("complain")

    reader = make_reader(on_restart=replay)
    await reader.start()
    with pytest.raises(ReaderGone):
        await reader.ask("abort")
    with pytest.raises(ReaderGone, match=r"no column content") as raised:
        await reader.ask("echo")
    assert raised.value.hint == "Name it with --map."


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("/nonexistent/corpus", "serve"), "No such file"),
        ((sys.executable, "-c", "raise SystemExit(4)"), "exit code 4"),
        ((sys.executable, "-c", "print('hello')"), "exit code 0"),
        (
            (sys.executable, "-c", """print('{"ready": {"version": "0.0.1", "pid": 1}}', flush=True); input()"""),
            "version 0.0.1",
        ),
    ],
    ids=["no such command", "fails", "never greets", "another version"],
)
async def test_a_command_that_is_no_reader_is_told(
    make_reader: MakeReader, command: tuple[str, ...], reason: str
) -> None:
    reader = make_reader(*command)
    with pytest.raises(ReaderGone, match=reason):
        await reader.start()
    with pytest.raises(ReaderGone, match="has not been started"):
        await reader.ask("echo")


async def test_a_command_that_stays_silent_is_ended(make_reader: MakeReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.reader.process.START_PATIENCE", 0.2)
    with pytest.raises(ReaderGone, match=r"did not greet within 0\.2 s"):
        await make_reader("sleep", "600").start()


async def test_the_banner_of_a_login_shell_is_passed_over(make_reader: MakeReader) -> None:
    reader = make_reader("sh", "-c", 'echo "Welcome to host"; echo "{}"; exec "$@"', "sh", *JOBS)
    await reader.start()
    assert await reader.ask("echo", far=True) == {"far": True}


async def test_a_reader_that_talks_nonsense_is_replaced(make_reader: MakeReader) -> None:
    lies = """if True:
        from explorer import __version__
        print('{"ready": {"version": "%s", "pid": 1}}' % __version__, flush=True)
        input()
        print("nonsense", flush=True)
        input()
    """
    reader = make_reader(sys.executable, "-c", lies)
    await reader.start()
    with pytest.raises(ReaderGone, match="nonsense"):
        await reader.ask("echo")
    assert not reader.deaths


async def test_a_far_end_that_is_gone_for_good_is_told_to_those_who_wait(
    make_reader: MakeReader, tmp_path: Path
) -> None:
    door = tmp_path / "door"
    door.touch()
    reader = make_reader("sh", "-c", f'test -e {door} && exec "$@"', "sh", *JOBS)
    await reader.start()
    door.unlink()
    with pytest.raises(ReaderGone):
        await reader.ask("abort")
    with pytest.raises(ReaderGone, match="could not start"):
        await reader.ask("echo")
    assert reader.is_down
    door.touch()
    await reader.restart()
    assert await reader.ask("echo", back=True) == {"back": True}


async def test_a_process_that_even_sigkill_does_not_end_is_left_behind(
    make_reader: MakeReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that hangs in a dead network file system is."""
    reader = make_reader()
    await reader.start()
    stuck = reader.pid
    assert stuck is not None
    with monkeypatch.context() as patched:
        patched.setattr("explorer.reader.process.END_PATIENCE", 0.1)
        patched.setattr(os, "killpg", lambda group, number: None)
        with pytest.raises(ReaderGone, match=r"stopped answering on bad\.parquet"):
            await reader.ask("freeze", file="bad.parquet", deadline=1.0)
    try:
        assert await reader.ask("echo", after=True) == {"after": True}
        assert reader.pid != stuck
    finally:
        os.kill(stuck, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            while _is_there(stuck):
                await asyncio.sleep(0.01)


def _is_there(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def test_a_replay_that_calls_the_reader_gone_does_not_leave_it_half_open(make_reader: MakeReader) -> None:
    tries: list[None] = []

    async def replay(reader: Reader) -> None:
        tries.append(None)
        if len(tries) == 1:
            raise ReaderGone("Another reader is gone.")

    reader = make_reader(on_restart=replay)
    await reader.start()
    with pytest.raises(ReaderGone):
        await reader.ask("abort")
    async with asyncio.timeout(PATIENCE):
        assert await reader.ask("echo", after=True) == {"after": True}
    assert len(tries) == 2


async def ask_until_answered(reader: Reader) -> None:
    """Asks again while the last kill is still being noticed."""
    for _ in range(3):
        try:
            assert await reader.ask("recall") == {"kept": "corpus"}
        except ReaderGone:
            continue
        return
    raise AssertionError("the reader did not come back")


async def survive(make_reader: MakeReader, kills: int, seed: int) -> Counter[str]:
    """Kills the reader at random moments while asking; every answer that comes is the right one."""
    chance, outcomes = random.Random(seed), Counter[str]()

    async def replay(reader: Reader) -> None:
        await reader.ask("keep", kept="corpus")

    async def ask(reader: Reader, lane: str) -> None:
        try:
            assert await reader.ask("recall", lane=lane, seconds=chance.choice((0, 0.002, 0.02))) == {"kept": "corpus"}
            outcomes["answered"] += 1
        except (ReaderGone, Superseded) as error:
            outcomes[type(error).__name__] += 1

    reader = make_reader(on_restart=replay)
    await reader.start()
    await replay(reader)
    for _ in range(kills):
        asks = [asyncio.create_task(ask(reader, chance.choice(("page", "count", "write")))) for _ in range(6)]
        await asyncio.sleep(chance.uniform(0, 0.03))
        if reader.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(reader.pid, signal.SIGKILL)
        await asyncio.wait_for(asyncio.gather(*asks), PATIENCE)
    assert sum(outcomes.values()) == 6 * kills
    await ask_until_answered(reader)
    return outcomes


async def test_a_hundred_kills_lose_no_ask(make_reader: MakeReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "DEATHS_WINDOW", 0.0)
    outcomes = await survive(make_reader, 100, seed=1)
    assert outcomes["answered"]
    assert outcomes["ReaderGone"]


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(5))
async def test_five_hundred_kills_lose_no_ask(
    make_reader: MakeReader, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(client, "DEATHS_WINDOW", 0.0)
    assert (await survive(make_reader, 100, seed))["answered"]
