"""One reader process as the screen holds it: its pipes, its birth and its end."""

import asyncio
import os
import shlex
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from explorer import __version__
from explorer.corpus.marker import open_log
from explorer.reader.failures import ReaderGone
from explorer.reader.protocol import LINE_LIMIT, BadLine, Ready, Reply, Wish, decode_reply, encode

START_PATIENCE = 120.0
"""Seconds in which a reader must greet: a far end behind `ssh` needs some, a busy machine more."""

END_PATIENCE = 1.0
"""Seconds to wait for the kernel to bury a killed process; one that hangs in a dead file system is left behind."""


class ReaderProcess:
    """A running reader that has greeted."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._output = process.stdout or asyncio.StreamReader()
        self.pid = process.pid
        self._nonsense = False

    @classmethod
    async def start(cls, command: Sequence[str], log: Path | None) -> Self:
        """Starts the command and waits for its greeting; raises `ReaderGone` with the reason where none comes.

        A log that cannot be written is done without.
        """
        opened = open_log(log) if log else None
        reader = cls(await _spawn(command, opened))
        hint = (
            f"Its own words are in {log}."
            if opened is not None
            else "Start it by hand to see what it says: " + shlex.join(command)
        )
        try:
            ready = await asyncio.wait_for(reader._greeting(), START_PATIENCE)
        except TimeoutError:
            await reader.end()
            raise ReaderGone(f"The reader did not greet within {START_PATIENCE:g} s.", hint) from None
        except BaseException:
            await reader.end()
            raise
        if ready is None:
            manner = await reader.end()
            raise ReaderGone(f"The reader could not start ({manner}).", hint)
        if ready.version != __version__:
            await reader.end()
            raise ReaderGone(
                f"The reader is version {ready.version}, this screen {__version__}.",
                "Install the same version on both machines.",
            )
        return reader

    async def _greeting(self) -> Ready | None:
        """Skips whatever a login shell prints before the reader speaks."""
        with suppress(ValueError):
            while line := await self._output.readline():
                with suppress(BadLine):
                    reply = decode_reply(line)
                    return reply if isinstance(reply, Ready) else None
        return None

    def send(self, wish: Wish) -> None:
        """Hands a line to the pipe without waiting; raises `BadLine` where it is too long."""
        line = encode(wish)
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(line)

    async def replies(self) -> AsyncIterator[Reply]:
        """Yields what the reader says until it ends; a line that makes no sense ends it."""
        try:
            while line := await self._output.readline():
                yield decode_reply(line)
        except (ValueError, BadLine):  # a line past the limit, or no message
            self._nonsense = True
        except ConnectionError:
            return

    def kill(self) -> None:
        """Ends the process and its children at once, stopped or not; whatever happens, `replies` ends soon."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            asyncio.get_running_loop().call_later(END_PATIENCE, self._output.feed_eof)

    async def end(self, patience: float | None = None) -> str:
        """Kills and buries the process; tells how it ended, where the kernel says so within `patience` seconds."""
        self.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(END_PATIENCE if patience is None else patience):
                await self._process.wait()
                await self._output.read()
        return "it talked nonsense" if self._nonsense else _manner(self._process.returncode)


async def _spawn(command: Sequence[str], log: int | None) -> Process:
    """Starts a process group of its own, so that Ctrl-C reaches the screen only."""
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL if log is None else log,
            limit=LINE_LIMIT,
            start_new_session=True,
        )
    except OSError as error:
        raise ReaderGone(
            f"The reader could not start: {command[0]}: {error.strerror}.", "Check the installation."
        ) from error
    finally:
        if log is not None:
            os.close(log)


def _manner(status: int | None) -> str:
    if status is None:
        return "the kernel has not let go of it"
    if status >= 0:
        return f"exit code {status}"
    with suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"
