"""The asks that wait for an answer, who is first in each lane, and how long each may still wait."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from explorer.index.watch import Seen
from explorer.reader.protocol import ORDERED_LANES, Request

OVERTAKEN_PATIENCE = 5.0
"""Seconds that a job may go on after it was cancelled or a newer one took its lane."""

HUNG_PATIENCE = 5.0
"""Seconds beyond its time in which a reader may prove that it was only kept waiting for a core."""

LOOK_PAUSE = 0.25
"""Seconds between two looks at a reader whose time is up."""

OnProgress = Callable[[dict[str, Any]], object]


class Ask:
    """One request on its way and the future of its answer."""

    def __init__(self, request: Request, on_progress: OnProgress | None) -> None:
        self.request = request
        self.on_progress = on_progress
        self.answer: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        self.file: str | None = None
        """The file that the job says it reads."""
        self.is_unwanted = False
        """Whether it was cancelled or overtaken on this side."""
        self.has_expired = False
        """Whether its deadline passed."""
        self.due: float | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.began: Seen | None = None
        """What the reader was seen to do when the ask's time began."""


class Asks:
    """All asks of one reader process, in the order they were sent; `expire` is called with one whose time is up.

    An ask's time runs from when it is first in its lane: the ones behind wait for the lane, not for their job. A reader
    that `look` shows to be kept from its cores gets its time all the same: the clock alone ends no ask.
    """

    def __init__(self, expire: Callable[[Ask], None], look: Callable[[], Seen | None] = lambda: None) -> None:
        self._expire = expire
        self._look = look
        self._open: dict[int, Ask] = {}

    def add(self, ask: Ask) -> None:
        """Takes an ask that is being sent; in a lane where the latest wins, the ones before must end soon."""
        lane = ask.request.lane
        before = self.in_lane(lane)
        self._open[ask.request.id] = ask
        if not before:
            self._allow(ask, ask.request.deadline)
        elif lane not in ORDERED_LANES:
            self.hurry(*before)

    def hurry(self, *asks: Ask) -> None:
        """Leaves unwanted asks only a moment to end."""
        for ask in asks:
            ask.is_unwanted = True
            self._allow(ask, OVERTAKEN_PATIENCE)

    def get(self, number: int) -> Ask | None:
        """Returns an open ask by its number."""
        return self._open.get(number)

    def close(self, number: int) -> Ask | None:
        """Takes out an answered ask and starts the clock of the next in its lane."""
        ask = self._open.pop(number, None)
        if ask is None:
            return None
        self._stop(ask)
        following = self.in_lane(ask.request.lane)
        if following and following[0].due is None:
            self._allow(following[0], following[0].request.deadline)
        return ask

    def in_lane(self, lane: str) -> tuple[Ask, ...]:
        """Returns the open asks of a lane, oldest first."""
        return tuple(ask for ask in self._open.values() if ask.request.lane == lane)

    def take_all(self) -> tuple[Ask, ...]:
        """Takes out every open ask: nobody is going to answer."""
        asks = tuple(self._open.values())
        self._open.clear()
        for ask in asks:
            self._stop(ask)
        return asks

    def _allow(self, ask: Ask, seconds: float | None) -> None:
        """Lets an ask wait so long, unless it has less time already."""
        loop = asyncio.get_running_loop()
        if seconds is None or (ask.due is not None and ask.due <= loop.time() + seconds):
            return
        ask.due = loop.time() + seconds
        self.after(seconds, ask, self._expire)

    def after(self, seconds: float, ask: Ask, do: Callable[[Ask], None]) -> None:
        """Does something with an ask that is not closed within so many seconds of the reader."""
        self._stop(ask)
        ask.began = self._look()
        wait = partial(self._look_again, ask, do, seconds, min(seconds, HUNG_PATIENCE))
        ask.timer = asyncio.get_running_loop().call_later(seconds, wait)

    def _look_again(
        self, ask: Ask, do: Callable[[Ask], None], seconds: float, left: float, last: Seen | None = None
    ) -> None:
        """Acts once the reader has worked its seconds since the ask began or has none `left`; else looks again soon.

        What is left goes by the clock, but by the reader's work while that waits for a core.
        """
        seen = self._look()
        if seen is None or ask.began is None or seen.worked - ask.began.worked >= seconds:
            do(ask)
            return
        left -= seen.worked - (last or seen).worked if seen.is_ready else LOOK_PAUSE
        if left <= 0:
            do(ask)
            return
        ask.timer = asyncio.get_running_loop().call_later(LOOK_PAUSE, self._look_again, ask, do, seconds, left, seen)

    def _stop(self, ask: Ask) -> None:
        if ask.timer is not None:
            ask.timer.cancel()
            ask.timer = None
