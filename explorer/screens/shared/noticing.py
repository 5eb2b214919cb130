"""A thread that looks for news again and again, so that a slow disk never holds a key up."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Noticing(Generic[Found]):
    """Calls `look` in a thread of its own every few seconds, and `take` in the event loop with what it found."""

    def __init__(self, look: Callable[[], Found], take: Callable[[Found], None], every: float) -> None:
        self._look, self._take, self._every = look, take, every
        self._loop = asyncio.get_running_loop()
        self._stopped = threading.Event()
        threading.Thread(target=self._work, name="noticing", daemon=True).start()

    def stop(self) -> None:
        """Ends the thread after the look that is under way, without waiting for it."""
        self._stopped.set()

    def _work(self) -> None:
        while not self._stopped.wait(self._every):
            found = self._look()
            if not self._stopped.is_set():
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    self._loop.call_soon_threadsafe(self._take, found)
