"""This session's pen: turns a decision into records, and finds a new file where the disk loses one."""

import errno
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from explorer.labels.decisions import Change, NotSaved
from explorer.labels.home import Astray, Home
from explorer.labels.journal import Displaced, Draft, Journal, SyncFailed
from explorer.labels.reading import Event
from explorer.labels.records import LAST_SEQ

LARGEST_RECORD = 10_000
"""Changes in one record; more go out in parts between `begin` and `commit`."""
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
FULL = (errno.ENOSPC, errno.EDQUOT)
ATTEMPTS = 5
"""Files that one decision may be written to where each vanishes at once."""
MOST_TROUBLES = 20
"""Sentences that are kept; the oldest go first."""


class Decision(NamedTuple):
    """What is to be written as one event."""

    op: str
    changes: tuple[Change, ...]
    target: tuple[str, int] | None = None
    reason: str = ""


class Kept(NamedTuple):
    """A decision that was answered as saved, kept to be written again where its file is lost."""

    event: Event
    decision: Decision


class Writer:
    """Writes decisions to a journal of its own, created at the first one."""

    def __init__(self, home: Home, who: str, read_only: str = "") -> None:
        self.read_only = read_only
        """Why nothing can be written; empty where it can."""
        self.troubles: list[str] = []
        """Sentences about files that were given up, the latest last."""
        self.news: list[str] = []
        """Those of them that nobody has taken yet."""
        self.rewritten: list[Event] = []
        """Events that lie in another file than before, for the book to take note of."""
        self.seq = 0
        self._who = who
        self._home = home
        self._journal: Journal | None = None
        self._written: dict[Journal, list[Kept]] = {}

    def check(self) -> None:
        """Raise NotSaved where nothing can be written."""
        if self.read_only:
            raise NotSaved(f"read-only: {self.read_only}.", "Labels are shown, none can be changed here.")

    def write(self, decision: Decision, seen: int) -> Event:
        """Write one decision after the highest seq seen anywhere; returns once it is on the disk, else raises NotSaved.

        Where the disk does not confirm it, a new file gets the same decision once more. Where the name of a file no
        longer leads to it, a new file gets all that this session decided.
        """
        self.check()
        seq = max(seen, self.seq) + 1
        if seq + len(decision.changes) > LAST_SEQ:
            raise NotSaved(
                "label NOT saved: the journals have run out of numbers.", "A damaged journal claims the last."
            )
        is_second = False
        for _ in range(ATTEMPTS):
            try:
                self._mend()
                return self._write(decision, seq)
            except Displaced:
                continue
            except SyncFailed as failed:
                self._note_sync(failed, is_second)
                is_second = True
        raise NotSaved("label NOT saved: its file is taken away again and again.", "Earlier labels are safe.")

    def mend(self, *, is_thorough: bool = False) -> None:
        """Write again what this session decided where its file is lost; raises NotSaved where that cannot be."""
        for _ in range(ATTEMPTS):
            try:
                self._mend(is_thorough=is_thorough)
            except Displaced:
                continue
            except SyncFailed as failed:
                raise self._not_kept(f"the disk does not confirm what is written ({failed})") from failed
            return
        raise self._not_kept("their file is taken away again and again")

    def heads(self) -> dict[str, tuple[int, str]]:
        """Name the journals written here, with their lines and the hash of the last one."""
        return {journal.session: (journal.lines, journal.head) for journal in self._written}

    def close(self) -> None:
        """Close the journals; a later decision would open another. Raises NotSaved where decisions are lost."""
        try:
            self.mend(is_thorough=True)
        finally:
            for journal in self._written:
                journal.close()
            self._journal = None
            self._written = {}

    def _mend(self, *, is_thorough: bool = False) -> None:
        lost = {journal: loss for journal in self._written if (loss := journal.find_loss(is_thorough=is_thorough))}
        if not lost:
            return
        kept = sorted(each for journal in lost for each in self._written[journal])
        if kept:
            self._write_again(kept, lost)
        for journal in lost:
            del self._written[journal]
            if journal is self._journal:
                self._journal = None
            journal.close()

    def _write_again(self, kept: list[Kept], lost: dict[Journal, str]) -> None:
        try:
            fresh = Journal(self._home)
        except Astray as astray:
            raise self._not_kept(str(astray)) from astray
        except OSError as error:
            raise self._not_kept(os.strerror(error.errno or 0)) from error
        drafts = ((self._draft(each.decision, each.event, fresh), each.event.seq) for each in kept)
        try:
            starts = fresh.append_each(drafts)
        except BaseException as error:
            fresh.discard()
            if isinstance(error, OSError):
                raise self._not_kept(os.strerror(error.errno or 0)) from error
            raise
        events = [
            each.event._replace(offset=start, file=fresh.session) for each, start in zip(kept, starts, strict=True)
        ]
        self._written[fresh] = [Kept(event, each.decision) for event, each in zip(events, kept, strict=True)]
        self._journal = fresh
        self.rewritten += events
        what = "; ".join(f"{journal.path} {loss}" for journal, loss in lost.items())
        self._tell(f"{what}: {count_decisions(len(kept))} of this session are written again in {fresh.path.name}.")

    def _not_kept(self, why: str) -> NotSaved:
        count = count_decisions(sum(map(len, self._written.values())))
        return NotSaved(
            f"label NOT saved: the journal of this session was taken away and {why}.",
            f"{count} of this session may be lost as well: put the directory back, then label again.",
        )

    def _note_sync(self, failed: SyncFailed, is_second: bool) -> None:
        if not is_second:
            self._tell(f"The disk did not confirm a label ({failed}); labels go on in a new file.")
            return
        self.read_only = f"the disk does not confirm what is written ({failed}); check it and restart"
        raise NotSaved(f"label NOT confirmed on disk: {failed}.", "Earlier labels are safe. Restart.") from failed

    def _write(self, decision: Decision, seq: int) -> Event:
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        event = Event(seq, "", 0, self._who, time, decision.op, len(decision.changes), decision.target)
        try:
            journal = self._journal = self._journal or Journal(self._home)
            kept = self._written.setdefault(journal, [])
            event = event._replace(session=journal.session, offset=journal.end)
            journal.append(self._draft(decision, event, journal), seq)
        except Astray as astray:
            raise NotSaved(f"label NOT saved: {astray}.", "Earlier labels are safe.") from astray
        except OSError as error:
            raise self._explain(error) from error
        finally:
            if self._journal is not None and self._journal.is_poisoned:
                self._journal = None
        self.seq = journal.seq
        kept.append(Kept(event, decision))
        return event

    def _explain(self, error: OSError) -> NotSaved:
        if error.errno in FORBIDDEN:
            self.read_only = f"{self._home.labels} cannot be written"
            return NotSaved(f"read-only: {self.read_only}.", "The label was NOT saved; earlier labels are safe.")
        if error.errno in FULL:
            return NotSaved("label NOT saved: disk full.", "Earlier labels are safe. Free some space and label again.")
        return NotSaved(f"label NOT saved: {os.strerror(error.errno or 0)}.", "Earlier labels are safe. Label again.")

    def _draft(self, decision: Decision, event: Event, journal: Journal) -> list[list[Draft]]:
        common: dict[str, object] = {"t": event.time, "who": event.who}
        about: dict[str, object] = {}
        if event.session != journal.session:
            about["session"] = event.session
        if decision.target is not None:
            about["target"] = decision.target
        if decision.reason:
            about["reason"] = decision.reason
        if len(decision.changes) <= LARGEST_RECORD:
            return [[{**common, "op": decision.op, **about, "changes": decision.changes}]]
        parts = [{**common, "op": decision.op, "batch": event.seq, "changes": part} for part in cut(decision.changes)]
        begin = {**common, "op": "begin", "of": decision.op, "parts": len(parts), **about}
        return [[begin, *parts], [{**common, "op": "commit", "batch": event.seq}]]

    def _tell(self, sentence: str) -> None:
        self.troubles = [*self.troubles, sentence][-MOST_TROUBLES:]
        self.news = [*self.news, sentence][-MOST_TROUBLES:]


def cut(changes: tuple[Change, ...]) -> Iterable[tuple[Change, ...]]:
    """Cut changes into parts of one record each."""
    return (changes[start : start + LARGEST_RECORD] for start in range(0, len(changes), LARGEST_RECORD))


def count_decisions(count: int) -> str:
    """Count decisions in words."""
    return f"{count:,} {'decision' if count == 1 else 'decisions'}"
