"""The one file that a session writes: append, sync, roll back, and never trust a file whose sync failed.

A file is believed while its name leads to it and it holds what was written: a session holds the descriptor, and the
next session has only the name.
"""

import contextlib
import hashlib
import os
import re
import secrets
import socket
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from explorer.labels import disk
from explorer.labels.home import Home
from explorer.labels.records import START, VERSION, chain, encode

SUFFIX = ".jsonl"
RESERVE = 64 * 1024
NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
READ_AT_ONCE = 1 << 20

Draft = Mapping[str, object]
"""A record before the journal gives it its place: all but `v`, `seq` and `prev`."""
Groups = Sequence[Sequence[Draft]]
"""The records of one decision; each group is on the disk before the next begins."""


class SyncFailed(Exception):
    """The disk did not confirm what was written; this file takes no more."""


class Displaced(Exception):
    """The name of the file no longer leads to what was written; the words say how."""


def name_session() -> str:
    """Make a name that no other session on any machine has."""
    started = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    host = re.sub(r"[^A-Za-z0-9.]+", "_", socket.gethostname())[:40] or "host"
    return f"{started}-{host}-{os.getpid()}-{secrets.token_hex(4)}"


class Journal:
    """The journal of one session; written by nobody else."""

    def __init__(self, home: Home) -> None:
        """Create the file; raises OSError or Astray and leaves nothing behind where that fails."""
        home.prepare()
        self.session = name_session()
        self.path = home.journals / f"{self.session}{SUFFIX}"
        self._name = str(self.path)
        self.seq = 0
        self.end = 0
        self.head = START
        self.lines = 0
        self.is_poisoned = False
        self._reserved = 0
        self._digest = hashlib.sha256()
        self._changed: int | None = None
        self._fd = os.open(self.path, NEW, disk.PRIVATE_FILE)
        try:
            disk.sync_directory(home.journals)
        except BaseException:
            self.discard()
            raise
        self._reserve()

    def append(self, groups: Groups, seq: int) -> None:
        """Write one decision; its first record takes `seq`.

        Raises OSError where nothing was saved and the journal goes on as before, SyncFailed where the file is lost for
        writing, Displaced where its name does not lead to what was written.
        """
        self.append_each([(groups, seq)])

    def append_each(self, decisions: Iterable[tuple[Groups, int]]) -> list[int]:
        """Write some decisions, all or none, and return where each begins; raises like `append`."""
        before = self.seq, self.end, self.head, self.lines, self._digest.copy()
        starts: list[int] = []
        try:
            for groups, seq in decisions:
                starts.append(self.end)
                self._write_groups(groups, seq)
            self._sync()
            self._changed = self._check_name()
        except BaseException:
            self.seq, self.end, self.head, self.lines, self._digest = before
            self._roll_back()
            raise
        if self.end + RESERVE // 4 > self._reserved:
            self._reserve()
        return starts

    def find_loss(self, *, is_thorough: bool = False) -> str:
        """Say what became of the file; empty where its name leads to what was written.

        A file that was touched since is read whole; `is_thorough` reads any.
        """
        try:
            changed = self._check_name()
            if is_thorough or changed != self._changed:
                self._check_content()
        except Displaced as displaced:
            return str(displaced)
        except OSError as error:
            return f"cannot be looked at ({os.strerror(error.errno or 0)})"
        return ""

    def close(self) -> None:
        """Give the reserve back and close the file."""
        with contextlib.suppress(OSError):
            if not self.is_poisoned and os.fstat(self._fd).st_size >= self.end:
                os.ftruncate(self._fd, self.end)
        with contextlib.suppress(OSError):
            os.close(self._fd)

    def discard(self) -> None:
        """Close a file that holds nothing anybody was promised, and remove it."""
        with contextlib.suppress(OSError, Displaced):
            self._check_name()
            self.path.unlink()
        with contextlib.suppress(OSError):
            os.close(self._fd)

    def _write_groups(self, groups: Groups, seq: int) -> None:
        for number, group in enumerate(groups):
            if number:
                self._sync()
            for draft in group:
                self._write(draft, seq)
                seq += 1

    def _write(self, draft: Draft, seq: int) -> None:
        line = encode({"v": VERSION, "seq": seq, "prev": self.head, **draft})
        disk.write_at(self._fd, line + b"\n", self.end)
        self._digest.update(line + b"\n")
        self.seq, self.end, self.head, self.lines = seq, self.end + len(line) + 1, chain(line), self.lines + 1

    def _sync(self) -> None:
        try:
            disk.sync(self._fd)
        except OSError as error:
            self.is_poisoned = True
            raise SyncFailed(os.strerror(error.errno or 0)) from error

    def _check_name(self) -> int:
        """Return when the file was changed last; raises Displaced where its name does not lead to what was written."""
        held = os.fstat(self._fd)
        try:
            named = os.lstat(self._name)
        except (FileNotFoundError, NotADirectoryError):
            raise Displaced("is gone") from None
        if (named.st_dev, named.st_ino) != (held.st_dev, held.st_ino):
            raise Displaced("was replaced by another file")
        if held.st_size < self.end:
            raise Displaced("was cut short")
        return held.st_mtime_ns

    def _check_content(self) -> None:
        digest, offset = hashlib.sha256(), 0
        while part := os.pread(self._fd, min(READ_AT_ONCE, self.end - offset), offset):
            digest.update(part)
            offset += len(part)
        if digest.digest() != self._digest.digest():
            raise Displaced("was written over")
        self._changed = os.fstat(self._fd).st_mtime_ns

    def _roll_back(self) -> None:
        self._changed, self._reserved = None, 0
        try:
            if os.fstat(self._fd).st_size > self.end:
                os.ftruncate(self._fd, self.end)
        except OSError:
            self.is_poisoned = True

    def _reserve(self) -> None:
        disk.reserve(self._fd, self.end, RESERVE)
        self._reserved = self.end + RESERVE
        self._changed = os.fstat(self._fd).st_mtime_ns
