"""An ask's time: a reader that is kept from its cores gets all of it, one that hangs or works too long does not."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from explorer.index.watch import Seen
from explorer.reader import asks
from explorer.reader.asks import Ask, Asks
from explorer.reader.protocol import Request

SECONDS = 0.05
STARVED = Seen(0.0, is_asleep=False, is_ready=True)
ASLEEP = Seen(0.0, is_asleep=True, is_ready=False)
ON_A_DISK = Seen(0.0, is_asleep=False, is_ready=False)


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asks, "LOOK_PAUSE", 0.01)


async def looks_until_expired(look: Callable[[], Seen | None], most: int = 200) -> int | None:
    """How often a reader was looked at until an ask expired; None where it was not, after so many looks."""
    looks = 0
    ended = asyncio.Event()
    expired: list[Ask] = []

    def count() -> Seen | None:
        nonlocal looks
        looks += 1
        if looks > most:
            ended.set()
        return look()

    def expire(ask: Ask) -> None:
        expired.append(ask)
        ended.set()

    open_asks = Asks(expire, count)
    ask = Ask(Request(1, "page", "rows", {}, SECONDS), None)
    open_asks.add(ask)
    await ended.wait()
    open_asks.take_all()
    ask.answer.cancel()
    return looks if expired == [ask] else None


async def test_a_reader_that_waits_for_a_core_is_waited_for() -> None:
    assert await looks_until_expired(lambda: STARVED) is None


@pytest.mark.parametrize("seen", [ASLEEP, ON_A_DISK, None])
async def test_one_that_hangs_or_is_not_seen_is_given_up(seen: Seen | None) -> None:
    looks = await looks_until_expired(lambda: seen)
    assert looks is not None
    assert looks <= 2 + SECONDS / asks.LOOK_PAUSE


async def test_one_that_has_worked_its_time_is_ended_however_busy() -> None:
    def work() -> Iterator[Seen]:
        for step in range(1000):
            yield STARVED._replace(worked=step * SECONDS / 20)

    steps = work()
    looks = await looks_until_expired(lambda: next(steps))
    assert looks is not None
    assert looks <= 22


async def test_work_for_others_hides_no_hang() -> None:
    """A lane that hangs while other lanes trickle."""
    worked = iter(range(1000))
    looks = await looks_until_expired(lambda: ASLEEP._replace(worked=next(worked) * SECONDS / 100))
    assert looks is not None
    assert looks <= 2 + SECONDS / asks.LOOK_PAUSE
