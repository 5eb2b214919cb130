"""The asks that wait for an answer, who is first in each lane, and how long each may still wait."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from explorer.reader.protocol import ORDERED_LANES, Request

OVERTAKEN_PATIENCE = 5.0
"""Seconds that a job may go on after it was cancelled or a newer one took its lane."""

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


class Asks:
    """All asks of one reader process, in the order they were sent; `expire` is called with one whose time is up.

    An ask's time runs from when it is first in its lane: the ones behind wait for the lane, not for their job.
    """

    def __init__(self, expire: Callable[[Ask], None]) -> None:
        self._expire = expire
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
        self._stop(ask)
        ask.due = loop.time() + seconds
        ask.timer = loop.call_at(ask.due, self._expire, ask)

    def _stop(self, ask: Ask) -> None:
        if ask.timer is not None:
            ask.timer.cancel()
            ask.timer = None
