"""This session's pen: turns a decision into records, and finds a new file where the disk loses one."""

import errno
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from explorer.labels.decisions import Change, NotSaved
from explorer.labels.journal import Draft, Journal, SyncFailed
from explorer.labels.reading import Event
from explorer.labels.records import LAST_SEQ

LARGEST_RECORD = 10_000
"""Changes in one record; more go out in parts between `begin` and `commit`."""
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
FULL = (errno.ENOSPC, errno.EDQUOT)


class Decision(NamedTuple):
    """What is to be written as one event."""

    op: str
    changes: tuple[Change, ...]
    target: tuple[str, int] | None = None
    reason: str = ""


class Writer:
    """Writes decisions to a journal of its own, created at the first one."""

    def __init__(self, journals: Path, who: str, read_only: str = "") -> None:
        self.read_only = read_only
        """Why nothing can be written; empty where it can."""
        self.trouble = ""
        """A sentence about a file that was given up."""
        self.seq = 0
        self._who = who
        self._directory = journals
        self._journal: Journal | None = None
        self._retired: dict[str, tuple[int, str]] = {}

    def check(self) -> None:
        """Raise NotSaved where nothing can be written."""
        if self.read_only:
            raise NotSaved(f"read-only: {self.read_only}.", "Labels are shown, none can be changed here.")

    def write(self, decision: Decision, seen: int) -> Event:
        """Write one decision after the highest seq seen anywhere; returns once it is on the disk, else raises NotSaved.

        Where the disk does not confirm it, a new file gets the same decision once more.
        """
        self.check()
        seq = max(seen, self.seq) + 1
        if seq + len(decision.changes) > LAST_SEQ:
            raise NotSaved(
                "label NOT saved: the journals have run out of numbers.", "A damaged journal claims the last."
            )
        try:
            return self._write(decision, seq)
        except SyncFailed as first:
            self.trouble = f"The disk did not confirm a label ({first}); labels go on in a new file."
        try:
            return self._write(decision, seq)
        except SyncFailed as second:
            self.read_only = f"the disk does not confirm what is written ({second}); check it and restart"
            raise NotSaved(f"label NOT confirmed on disk: {second}.", "Earlier labels are safe. Restart.") from second

    def heads(self) -> dict[str, tuple[int, str]]:
        """Name the journals written here, with their lines and the hash of the last one."""
        journal = self._journal
        return self._retired if journal is None else {**self._retired, journal.session: (journal.lines, journal.head)}

    def close(self) -> None:
        """Close the journal; a later decision would open another."""
        self._retire()

    def _write(self, decision: Decision, seq: int) -> Event:
        try:
            journal = self._journal = self._journal or Journal(self._directory)
            offset, time = journal.end, datetime.now(UTC).isoformat(timespec="milliseconds")
            journal.append(self._draft(decision, seq, time), seq)
        except OSError as error:
            raise self._explain(error) from error
        finally:
            if self._journal is not None and self._journal.is_poisoned:
                self._retire()
        self.seq = journal.seq
        count = len(decision.changes)
        return Event(seq, journal.session, offset, self._who, time, decision.op, count, decision.target)

    def _explain(self, error: OSError) -> NotSaved:
        if error.errno in FORBIDDEN:
            self.read_only = f"{self._directory.parent} cannot be written"
            return NotSaved(f"read-only: {self.read_only}.", "The label was NOT saved; earlier labels are safe.")
        if error.errno in FULL:
            return NotSaved("label NOT saved: disk full.", "Earlier labels are safe. Free some space and label again.")
        return NotSaved(f"label NOT saved: {os.strerror(error.errno or 0)}.", "Earlier labels are safe. Label again.")

    def _draft(self, decision: Decision, seq: int, time: str) -> list[list[Draft]]:
        common: dict[str, object] = {"t": time, "who": self._who}
        about: dict[str, object] = {}
        if decision.target is not None:
            about["target"] = decision.target
        if decision.reason:
            about["reason"] = decision.reason
        if len(decision.changes) <= LARGEST_RECORD:
            return [[{**common, "op": decision.op, **about, "changes": decision.changes}]]
        parts = [{**common, "op": decision.op, "batch": seq, "changes": part} for part in cut(decision.changes)]
        begin = {**common, "op": "begin", "of": decision.op, "parts": len(parts), **about}
        return [[begin, *parts], [{**common, "op": "commit", "batch": seq}]]

    def _retire(self) -> None:
        if self._journal is not None:
            self._retired = self.heads()
            self._journal.close()
            self._journal = None


def cut(changes: tuple[Change, ...]) -> Iterable[tuple[Change, ...]]:
    """Cut changes into parts of one record each."""
    return (changes[start : start + LARGEST_RECORD] for start in range(0, len(changes), LARGEST_RECORD))
