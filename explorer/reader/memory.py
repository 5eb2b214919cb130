"""What a process holds in memory, and a guard that sees when it is too much: the engine does not count all it takes."""

import ctypes
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

LIMIT = 5_000_000_000
"""Bytes that a process that reads an index may hold: four thousand million of the engine, the rest for all else."""
TITLE = "This needs more memory than 4 GB."
HINT = "Narrow the filter."
KEPT = 1 << 30
"""What an interrupted job may leave behind, in bytes."""

_LOOK_SECONDS = 0.1
_REST_SECONDS = 0.5


def held() -> int:
    """Returns the bytes that this process holds for itself alone; 0 where the system does not show it."""
    try:
        with open("/proc/self/statm", "rb") as file:
            _, resident, shared, *_ = (int(word) for word in file.read().split())
    except (OSError, ValueError):
        return 0
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def give_back() -> None:
    """Hands memory that is free back to the system."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def guard(too_much: Callable[[], object], limit: int | None = None) -> threading.Event:
    """Calls `too_much` from a thread once the process holds more than `limit`; setting the event ends the guard."""
    ended = threading.Event()
    most = LIMIT if limit is None else limit

    def look() -> None:
        while not ended.wait(_LOOK_SECONDS):
            if held() > most:
                too_much()
                return

    threading.Thread(target=look, name="memory guard", daemon=True).start()
    return ended


def has_given_back(before: int) -> bool:
    """Tells whether the process holds little more than `before` again, which a moment after a job may take."""
    for _ in range(4):
        give_back()
        if held() <= before + KEPT:
            return True
        time.sleep(_REST_SECONDS)
    return False
