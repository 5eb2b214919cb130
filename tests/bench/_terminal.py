"""The explorer behind a real pseudo-terminal, with the moment of every byte it writes."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from typing import Self

import pyte

from explorer.corpus.workspace import Place
from tests.bench._common import ROOT, children_of

COLUMNS, LINES = 160, 45
PATIENCE = 60.0
"""Seconds until a screen that does not answer is called broken."""

_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_=>])")
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[>=<?][0-9;]*[upqm]|\x1b\[\?[0-9;]*\$p")
_ROW = re.compile(rb"r(\d{8})")


class Silent(Exception):
    """The screen did not answer in time; the message is what it showed."""


class Terminal:
    """A program on a terminal of its own, which it is asked to leave at the end."""

    def __init__(self, command: Sequence[str]) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        plain = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = {**plain, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.moment = time.perf_counter()
        """When the program was started or got its latest key."""
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.pid = self._process.pid
        self._written = bytearray()
        self._mark = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        end = time.perf_counter() + 5
        while self._process.poll() is None and time.perf_counter() < end:
            self._read(0.05)
        if self._process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._ours)

    def press(self, keys: str) -> None:
        """Sends keys; what is written from now on is their answer."""
        self._mark = len(self._written)
        self.moment = time.perf_counter()
        os.write(self._ours, keys.encode())

    def answer(self) -> bytes:
        """Returns what was written since the latest key, without control sequences."""
        return _SEQUENCE.sub(b"", bytes(self._written[self._mark :]))

    def rows_shown(self) -> set[int]:
        """Returns the rows of a synthetic corpus that were painted since the latest key."""
        return {int(number) for number in _ROW.findall(self.answer())}

    def seconds_until(self, is_there: Callable[[], object], patience: float = PATIENCE) -> float:
        """Returns the seconds from the latest key to the bytes that make something true; raises Silent."""
        end = time.perf_counter() + patience
        while time.perf_counter() < end:
            if self._read(end - time.perf_counter()):
                now = time.perf_counter()
                if is_there():
                    return now - self.moment
            elif self._process.poll() is not None:
                break
        raise Silent("\n".join(self.screen()))

    def settle(self, quiet: float = 0.05, most: float = 5.0) -> None:
        """Reads until nothing was written for a while."""
        end = time.perf_counter() + most
        while time.perf_counter() < end and self._read(quiet):
            pass

    def screen(self) -> tuple[str, ...]:
        """Returns the lines that stand on the screen."""
        screen = pyte.Screen(COLUMNS, LINES)
        pyte.ByteStream(screen).feed(_UNKNOWN_TO_PYTE.sub(b"", bytes(self._written)))
        return tuple(screen.display)

    def reader_pid(self) -> int:
        """Returns the reader process of the screen."""
        (reader,) = (pid for pid in children_of(self.pid) if b"\0serve\0" in _command_of(pid))
        return reader

    def _read(self, seconds: float) -> bytes:
        """Reads what is there, or waits for it; nothing where the time is over or the program has ended."""
        if not select.select([self._ours], [], [], max(seconds, 0.0))[0]:
            return b""
        try:
            chunk = os.read(self._ours, 1 << 16)
        except OSError:  # the other end is closed
            time.sleep(0.01)
            return b""
        self._written += chunk
        return chunk


def _command_of(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def explorer_on(place: Place) -> Terminal:
    """Opens a corpus as for the first time."""
    place.workspace.state.unlink(missing_ok=True)
    return Terminal((sys.executable, "-m", "explorer", "open", str(place.workspace.root)))
