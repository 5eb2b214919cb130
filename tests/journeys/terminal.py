"""The explorer behind a real pseudo-terminal, with an emulated screen that a story can read."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pyte

from tests.patience import PATIENCE

UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[>=<?][0-9;]*[upqm]|\x1b\[\?[0-9;]*\$p|\x1b_[^\x1b]*\x1b\\|\x1bP[^\x1b]*\x1b\\")
LEFT = b"\x1b[?1049l"
"""What a program sends that gives the screen back."""


class Terminal:
    """A program that owns a terminal; use it as a context."""

    def __init__(self, command: Sequence[str], size: tuple[int, int] = (120, 35), **environment: str) -> None:
        self.size = size
        self.raw = bytearray()
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        settings = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=settings,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self.hang_up()

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen; `display` of pyte fails while half of a wide character has been overwritten."""
        return [
            "".join(self.screen.buffer[y][x].data for x in range(self.screen.columns)) for y in range(self.screen.lines)
        ]

    @property
    def status(self) -> str:
        """The line above the footer."""
        return self.lines[-2]

    def send(self, keys: str) -> None:
        """Types."""
        os.write(self.master, keys.encode())

    def pump(self, seconds: float) -> bool:
        """Takes what the program writes next, and tells whether it may still write."""
        if not select.select([self.master], [], [], seconds)[0]:
            return self.process.poll() is None
        try:
            chunk = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.raw += chunk
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", chunk))
        return bool(chunk)

    def until(self, condition: Callable[[], object] | str, what: str = "") -> None:
        """Waits until the screen shows a text, or a condition holds."""
        holds = (lambda: condition in self.text) if isinstance(condition, str) else condition
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end or not (self.pump(0.05) or holds()):
                raise AssertionError(f"never came: {condition if isinstance(condition, str) else what}\n{self.text}")

    def end(self) -> int:
        """Waits for the program to end and takes everything it wrote."""
        end = time.monotonic() + PATIENCE
        while self.pump(0.05):
            if time.monotonic() > end:
                raise AssertionError(f"never ended: {self.process.args}\n{self.text}")
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Ends the program at once, as a power cut would."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def hang_up(self) -> None:
        """Closes the terminal."""
        with suppress(OSError):
            os.close(self.master)


def corpus_open(*arguments: str | Path) -> list[str]:
    """The command line of the explorer."""
    return [sys.executable, "-m", "explorer", "open", *map(str, arguments)]


def children_of(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def all_end(pids: list[int]) -> bool:
    """Whether some processes end, which takes the system a moment where they lost their parent."""
    end = time.monotonic() + PATIENCE
    while any(map(runs, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    return not any(map(runs, pids))


def runs(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
