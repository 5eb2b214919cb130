"""Everything the journals of a workspace say: read, folded, put in order, and told where it cannot be trusted."""

import contextlib
import gc
import hashlib
import os
import threading
from collections.abc import Collection, Generator, Sequence
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.labels.decisions import Change, Position
from explorer.labels.fold import Fold
from explorer.labels.journal import SUFFIX
from explorer.labels.reading import Event, JournalReader
from explorer.labels.timeline import Timeline

Touched = dict[str, set[str]]
"""Samples that were decided on, by curator."""

Head = tuple[int, str]
"""Number of lines of a journal and the hash of its last one."""


class Ledger:
    """The state after all events of all journals; `lock` guards `fold` and `timeline`."""

    def __init__(self, journals: Path) -> None:
        self.journals = journals
        self.fold = Fold()
        self.timeline = Timeline()
        self.lock = threading.Lock()
        self.seq = 0
        self._readers: dict[str, JournalReader] = {}
        self._failures: dict[str, str] = {}
        self._gone: set[str] = set()

    def read(self, own: Collection[str]) -> Touched:
        """Read what other sessions added and name the samples concerned, by curator.

        Raises Rewritten where a file was changed.
        """
        touched: Touched = {}
        with without_collection():
            sessions = list_sessions(self.journals)
            self._gone = self._readers.keys() - sessions
            for session in sessions:
                if session not in own:
                    reader = self._readers.setdefault(session, JournalReader(self.journals / f"{session}{SUFFIX}"))
                    self._read_one(reader, touched)
        with self.lock:
            self.timeline.settle()
        return touched

    def take(self, event: Event, changes: Sequence[Change], last_seq: int) -> None:
        """Take in an event of this session, which is on the disk."""
        with self.lock:
            self.fold.apply((event, changes))
            self.timeline.add(event)
            self.timeline.settle()
            self.seq = max(self.seq, last_seq)

    def move(self, events: Sequence[Event]) -> None:
        """Take note that events of this session lie in another file than before."""
        with self.lock:
            self.timeline.move(events)

    def position(self, own: dict[str, Head]) -> Position:
        """Name this state, given the heads of the journals that this session wrote."""
        heads = {reader.session: (reader.lines, reader.head) for reader in self._readers.values() if reader.lines}
        heads |= {session: head for session, head in own.items() if head[0]}
        digest = hashlib.sha256()
        for session, (lines, head) in sorted(heads.items()):
            digest.update(f"{session} {lines} {head}\n".encode("utf-8", "surrogateescape"))
        return Position(len(self.timeline.events), digest.hexdigest())

    @property
    def unreadable(self) -> int:
        """How many lines are not what a session wrote."""
        return sum(len(reader.unreadable) for reader in self._readers.values())

    @property
    def newer(self) -> tuple[str, int] | None:
        """A file with records of a newer version, and that version."""
        for reader in self._readers.values():
            if reader.newer:
                return reader.path.name, max(reader.newer)
        return None

    def report(self) -> tuple[str, ...]:
        """Say in sentences what cannot be trusted, file by file; names are foreign text."""
        sentences = [f"{session}{SUFFIX} cannot be read: {reason}." for session, reason in self._failures.items()]
        rewritten = {session for reader in self._readers.values() for session in reader.rewritten}
        sentences += [
            f"{session}{SUFFIX} is gone; its labels stand here, but the next session will not find them."
            for session in sorted(self._gone - rewritten)
        ]
        for reader in self._readers.values():
            sentences += describe(reader)
        return tuple(sentences)

    def _read_one(self, reader: JournalReader, touched: Touched) -> None:
        apply, add, lock = self.fold.apply, self.timeline.add, self.lock
        try:
            for event_changes in () if reader.is_current else reader.read():
                with lock:
                    apply(event_changes)
                    add(event_changes[0])
                concerned = touched.setdefault(event_changes[0].who, set())
                for change in event_changes[1]:
                    concerned.add(change[0])
        except OSError as error:
            self._failures[reader.session] = os.strerror(error.errno or 0)
        else:
            self._failures.pop(reader.session, None)
        self.seq = max(self.seq, reader.seq)


@contextlib.contextmanager
def without_collection() -> Generator[None]:
    """Spare the collector from walking a growing million of tuples, none of which is garbage, again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def list_sessions(journals: Path) -> list[str]:
    """List the sessions that left a journal."""
    try:
        names = os.listdir(journals)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ExplorerError(f"The labels in {journals} cannot be read: {os.strerror(error.errno or 0)}.") from error
    return sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX))


def describe(reader: JournalReader) -> list[str]:
    """Say what is wrong with one journal."""
    name = reader.path.name
    sentences: list[str] = []
    if reader.unreadable:
        offsets = ", ".join(map(str, reader.unreadable[:5])) + (", …" if len(reader.unreadable) > 5 else "")
        sentences.append(f"{plural(len(reader.unreadable), 'record')} unreadable in {name}:{offsets}.")
    sentences += [f"Records are missing in {name} before offset {offset}." for offset in reader.gaps[:5]]
    if reader.is_unconfirmed:
        sentences.append(f"The disk does not confirm that {name} is safe.")
    if reader.torn:
        sentences.append(f"The last {reader.torn} bytes of {name} were never confirmed as saved; they do not count.")
    if reader.batch is not None:
        sentences.append(f"A bulk of {len(reader.batch.changes):,} changes in {name} was never committed; none counts.")
    if reader.abandoned:
        sentences.append(f"{plural(reader.abandoned, 'bulk')} in {name} cannot be read whole; none of it counts.")
    sentences += [
        f"{plural(n, 'record')} in {name} written by version {version}." for version, n in reader.newer.items()
    ]
    return sentences


def plural(count: int, noun: str) -> str:
    """Count a noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
