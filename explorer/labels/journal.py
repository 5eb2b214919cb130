"""The one file that a session writes: append, sync, roll back, and never trust a file whose sync failed."""

import contextlib
import os
import re
import secrets
import socket
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from explorer.labels import disk
from explorer.labels.records import START, VERSION, chain, encode

SUFFIX = ".jsonl"
RESERVE = 64 * 1024
NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

Draft = Mapping[str, object]
"""A record before the journal gives it its place: all but `v`, `seq` and `prev`."""


class SyncFailed(Exception):
    """The disk did not confirm what was written; this file takes no more."""


def name_session() -> str:
    """Make a name that no other session on any machine has."""
    started = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    host = re.sub(r"[^A-Za-z0-9.]+", "_", socket.gethostname())[:40] or "host"
    return f"{started}-{host}-{os.getpid()}-{secrets.token_hex(4)}"


class Journal:
    """The journal of one session; written by nobody else."""

    def __init__(self, directory: Path) -> None:
        """Create the file; raises OSError and leaves nothing behind where that fails."""
        disk.make_directory(directory)
        self.session = name_session()
        self.path = directory / f"{self.session}{SUFFIX}"
        self.seq = 0
        self.end = 0
        self.head = START
        self.lines = 0
        self.is_poisoned = False
        self._reserved = 0
        self._fd = os.open(self.path, NEW, disk.PRIVATE_FILE)
        try:
            disk.sync_directory(directory)
        except BaseException:
            self._forsake()
            raise
        self._reserve()

    def append(self, groups: Sequence[Sequence[Draft]], seq: int) -> None:
        """Write groups of records, each on the disk before the next begins.

        The first record takes `seq`. Raises OSError where nothing was saved and the journal goes on as before,
        SyncFailed where the file is lost for writing.
        """
        before = self.seq, self.end, self.head, self.lines
        try:
            for group in groups:
                for draft in group:
                    self._write(draft, seq)
                    seq += 1
                self._sync()
        except BaseException:
            self.seq, self.end, self.head, self.lines = before
            self._roll_back()
            raise
        self._reserve()

    def close(self) -> None:
        """Give the reserve back and close the file."""
        with contextlib.suppress(OSError):
            if not self.is_poisoned:
                os.ftruncate(self._fd, self.end)
            os.close(self._fd)

    def _write(self, draft: Draft, seq: int) -> None:
        line = encode({"v": VERSION, "seq": seq, "prev": self.head, **draft})
        disk.write_at(self._fd, line + b"\n", self.end)
        self.seq, self.end, self.head, self.lines = seq, self.end + len(line) + 1, chain(line), self.lines + 1

    def _sync(self) -> None:
        try:
            disk.sync(self._fd)
        except OSError as error:
            self.is_poisoned = True
            raise SyncFailed(os.strerror(error.errno or 0)) from error

    def _roll_back(self) -> None:
        try:
            os.ftruncate(self._fd, self.end)
        except OSError:
            self.is_poisoned = True
        self._reserved = 0

    def _reserve(self) -> None:
        if self.end + RESERVE // 4 > self._reserved:
            disk.reserve(self._fd, self.end, RESERVE)
            self._reserved = self.end + RESERVE

    def _forsake(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._fd)
            self.path.unlink()
