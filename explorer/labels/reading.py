"""Reads a journal file line by line, from where it was left, and keeps account of what cannot be trusted."""

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from explorer.labels import disk
from explorer.labels.decisions import Change
from explorer.labels.records import START, Newer, Record, Unreadable, chain, parse

CANNOT_SYNC = (errno.EINVAL, errno.EROFS, errno.EBADF, errno.ENOTSUP)
"""A read-only file system has nothing left to sync."""


class Event(NamedTuple):
    """One decision in one journal; the tuple order is the order in which all sessions fold."""

    seq: int
    session: str
    """The session that decided."""
    offset: int
    """Where its first line begins, to read it again."""
    who: str
    time: str
    op: str
    size: int
    """How many changes it holds."""
    target: tuple[str, int] | None
    """Session and seq of the event that an undo or redo is about."""
    file: str = ""
    """The journal that holds it, where that is not the first one of its session: the first one was lost."""

    @property
    def journal(self) -> str:
        """The journal that holds the event."""
        return self.file or self.session

    @property
    def name(self) -> str:
        """The public name of the event."""
        return f"{self.session}:{self.seq}"

    @property
    def key(self) -> tuple[str, int]:
        """What an undo or redo calls the event."""
        return self.session, self.seq


EventChanges = tuple[Event, Sequence[Change]]


class Batch:
    """A bulk while its parts come in."""

    def __init__(self, begin: Record, offset: int) -> None:
        self.begin = begin
        self.offset = offset
        self.parts = 0
        self.changes: list[Change] = []

    def add(self, part: Record) -> None:
        """Take the changes of one part."""
        self.parts += 1
        self.changes += part.changes

    @property
    def is_whole(self) -> bool:
        """Whether every part announced is there."""
        return self.parts == self.begin.about.parts


class Rewritten(Exception):
    """A file no longer continues what was read from it; everything must be read again."""


class JournalReader:
    """What is known of one journal file so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.session = path.stem
        self.end = 0
        """End of the last whole line."""
        self.head = START
        self.lines = 0
        self.seq = 0
        self.torn = 0
        """Bytes after the last whole line: a record that was never confirmed."""
        self.unreadable: list[int] = []
        self.gaps: list[int] = []
        """Where a readable line does not follow the readable line before it."""
        self.newer: Counter[int] = Counter()
        self.batch: Batch | None = None
        self.abandoned = 0
        self.rewritten: set[str] = set()
        """Journals that were lost and whose decisions were written again here."""
        self.is_unconfirmed = False
        """Whether the disk refused to confirm what was read."""
        self._was_readable = True

    def read(self) -> Iterator[EventChanges]:
        """Read what was added; raises OSError where the file cannot be read, Rewritten where it was changed."""
        with disk.opened(self.path, disk.READ) as fd:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            if status.st_size < self.end:
                raise Rewritten
            self.is_unconfirmed = not is_confirmed(fd)
            with open(fd, "rb", closefd=False) as file:
                file.seek(self.end)
                yield from self._read_lines(file)

    @property
    def is_current(self) -> bool:
        """Whether the file is no longer than when it was read last."""
        return self.lines > 0 and self.path.lstat().st_size == self.end + self.torn

    def _read_lines(self, file: BinaryIO) -> Iterator[EventChanges]:
        self.torn = 0
        first = self.end > 0
        for line in file:
            if not line.endswith(b"\n"):
                self.torn = len(line)
                return
            line = line[:-1]
            try:
                record = parse(line)
            except (Unreadable, Newer) as problem:
                self._set_aside(problem)
            else:
                self._check_chain(record, first)
                yield from self._take(record)
            first = False
            self.end += len(line) + 1
            self.head = chain(line)
            self.lines += 1

    def _set_aside(self, problem: Unreadable | Newer) -> None:
        if isinstance(problem, Newer):
            self.newer[problem.version] += 1
        else:
            self.unreadable.append(self.end)
        self._was_readable = isinstance(problem, Newer)

    def _check_chain(self, record: Record, first: bool) -> None:
        if record.prev != self.head and self._was_readable:
            if first:
                raise Rewritten
            self.gaps.append(self.end)
        self._was_readable = True

    def _take(self, record: Record) -> Iterator[EventChanges]:
        self.seq = max(self.seq, record.seq)
        batch = self.batch
        if batch is not None:
            if record.about.batch == batch.begin.seq and record.op != "commit":
                batch.add(record)
                return
            self.batch = None
            if record.about.batch == batch.begin.seq or batch.is_whole:
                # A session writes on only after a commit, so a whole bulk that is followed by more was committed.
                yield self._finish(batch)
            else:
                self.abandoned += 1
        if record.op == "begin":
            self.batch = Batch(record, self.end)
        elif record.op != "commit" and not record.about.batch:
            yield self._event(record, self.end, record.op, len(record.changes)), record.changes

    def _finish(self, batch: Batch) -> EventChanges:
        return self._event(batch.begin, batch.offset, batch.begin.about.of, len(batch.changes)), batch.changes

    def _event(self, record: Record, offset: int, op: str, count: int) -> Event:
        first, target = record.about.session, record.about.target
        if not first or first == self.session:
            return Event(record.seq, self.session, offset, record.who, record.time, op, count, target)
        self.rewritten.add(first)
        return Event(record.seq, first, offset, record.who, record.time, op, count, target, self.session)


def is_confirmed(fd: int) -> bool:
    """Sync what another session wrote before trusting it: it may have died before its own sync."""
    try:
        disk.sync(fd)
    except OSError as error:
        return error.errno in CANNOT_SYNC
    return True


def read_again(directory: Path, event: Event) -> tuple[tuple[Change, ...], str]:
    """Read the changes and the reason of one event from its file; raises OSError or Unreadable."""
    with disk.opened(directory / f"{event.journal}.jsonl", disk.READ) as fd, open(fd, "rb", closefd=False) as file:
        file.seek(event.offset)
        first = parse(file.readline().rstrip(b"\n"))
        changes = first.changes
        if first.op == "begin":
            changes = [change for part in read_parts(file, first) for change in part.changes]
    if first.seq != event.seq:
        raise Unreadable
    return tuple(Change(*change) for change in changes), first.about.reason


def read_parts(file: BinaryIO, begin: Record) -> Iterator[Record]:
    """Read the readable parts of a bulk."""
    for line in file:
        try:
            record = parse(line.rstrip(b"\n"))
        except (Unreadable, Newer):
            continue
        if record.about.batch != begin.seq or record.op == "commit":
            return
        yield record
