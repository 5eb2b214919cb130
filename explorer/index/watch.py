"""Tells a process that hangs from one that waits for its turn: what counts is its own work, not the clock."""

import os
import time
from pathlib import Path
from typing import NamedTuple

_LOOK_SECONDS = 0.5
"""Seconds between two looks at a process."""
_BELIEVED_SECONDS = 2.0
"""A look counts for no more: the one who looks may have been kept waiting himself."""
_BLIND_PATIENCE = 10.0
"""How many times longer a process may be silent on a system that does not show what it does."""
_ASLEEP = frozenset("SITtZX")
"""States of a thread that neither runs, nor waits for a core, nor for a disk."""


class Seen(NamedTuple):
    """What the system shows of a process."""

    worked: float
    """Seconds of processor time since it began, all threads."""
    is_asleep: bool
    """Whether none of its threads has anything to do."""
    is_ready: bool
    """Whether one of its threads runs or waits for a core."""


class Watch:
    """How long one process has worked and slept since its last word."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._looked = 0.0
        self._last: Seen | None = None
        self.hear()

    def hear(self) -> None:
        """Begins to count again."""
        self._heard = time.monotonic()
        self._from: float | None = None
        self._slept = 0.0

    def trouble(self, asleep: float, working: float) -> str:
        """Says why it is to be given up: it slept too long, or worked too long; empty where it may go on."""
        now = time.monotonic()
        if now - self._looked < min(_LOOK_SECONDS, asleep / 2):
            return ""
        since, self._looked = min(now - max(self._looked, self._heard), _BELIEVED_SECONDS), now
        seen = look(self._pid)
        if seen is None:
            silent = now - self._heard
            return _no_answer(asleep) if silent > max(asleep, working) * _BLIND_PATIENCE else ""
        return self._count(seen, since, asleep, working)

    def _count(self, seen: Seen, since: float, asleep: float, working: float) -> str:
        last, self._last = self._last, seen
        if self._from is None:
            self._from = seen.worked
        elif seen.is_asleep and last is not None and seen.worked == last.worked:
            self._slept += since
        if self._slept > asleep:
            return _no_answer(asleep)
        if seen.worked - self._from > working:
            return f"reading it came no further in {working:.0f} seconds of work"
        return ""


def _no_answer(seconds: float) -> str:
    return f"reading it gave no answer for {seconds:.0f} seconds"


def look(pid: int) -> Seen | None:
    """Looks at a process; None where the system shows nothing of it."""
    threads = Path("/proc", str(pid), "task")
    try:
        worked = sum(_fields(threads.parent / "stat")[11:13], start=0.0) / os.sysconf("SC_CLK_TCK")
        states = {_state(thread / "stat") for thread in threads.iterdir()}
    except (OSError, ValueError, IndexError):
        return None
    return Seen(worked, states <= _ASLEEP, "R" in states)


def _fields(stat: Path) -> list[float]:
    """The numbers after a process's name and state; its name may hold anything."""
    words = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
    return [0.0, *(float(word) for word in words[1:])]


def _state(stat: Path) -> str:
    return stat.read_text("utf-8", "replace").rpartition(")")[2].split()[0]
