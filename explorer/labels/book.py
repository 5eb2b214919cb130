"""The label book: what screens and commands use to decide, take back and read labels."""

import contextlib
import errno
import getpass
import os
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.labels import backup, decisions
from explorer.labels.changes import clearing, inverse, repetition, setting, setting_each
from explorer.labels.decisions import (
    Change,
    HistoryEvent,
    LabelCounts,
    Position,
    SampleLabel,
    SampleRef,
    Saved,
    Undone,
    Value,
)
from explorer.labels.history import read_history
from explorer.labels.home import Home
from explorer.labels.ledger import Ledger, Touched
from explorer.labels.presence import Presence
from explorer.labels.reading import Event, Rewritten, read_again
from explorer.labels.records import Unreadable
from explorer.labels.writer import Decision, Writer
from explorer.safety.masking import mask_values

BACKUP_EVERY = 500


class LabelBook:
    """All labels of a workspace and this session's pen; safe to use from several threads.

    Reading never waits for the disk of a label being saved.
    """

    def __init__(self, directory: Path, who: str, read_only: str = "") -> None:
        """Use `open`."""
        self.directory = directory
        self.who = who
        self._journals = directory / "journal"
        self._backups = directory / "backup"
        self._ledger = Ledger(self._journals)
        self._home = Home(directory)
        self._writer = Writer(self._home, who, read_only)
        self._saving = threading.RLock()
        self._presence: Presence | None = None
        self._remarks: tuple[str, ...] = ()
        self._backup_trouble = ""
        self._since_backup = 0
        self._unseen: Touched = {}

    @classmethod
    def open(cls, directory: Path, who: str | None = None, *, only_look: bool = False) -> "LabelBook":
        """Read all journals below a directory, which the first label creates where it is missing.

        `who` is the curator: $CORPUS_CURATOR or the login name if not given. With `only_look` nothing is written, not
        even a sign that the book is open.
        """
        book = cls(directory, who or find_curator(), "it was opened to look only" if only_look else "")
        if not only_look:
            book._enter()
        with contextlib.suppress(OSError):
            book._remarks = backup.describe_losses(book._journals, book._backups)
        book._read()
        if not book.read_only:
            book._back_up()
        return book

    @property
    def read_only(self) -> str:
        """Why no label can be saved, as a sentence for a banner; empty where labels can be saved."""
        return f"read-only: {self._writer.read_only}" if self._writer.read_only else ""

    def set(self, samples: Iterable[SampleRef], field: str, value: Value, reason: str = "") -> Saved:
        """Decide one field of some samples, None takes it back; returns once it is on the disk, else raises NotSaved.

        Raises BadInput for a value that the field cannot hold. A decision that already stands is not written again.
        """
        value = decisions.check_value(field, value)
        once = decisions.check_samples(samples)
        with self._mended():
            changes = setting(self._ledger.fold, once, field, value, self.who)
            return self._save(Decision("set", changes, reason=mask_values(reason)))

    def set_each(self, values: Mapping[SampleRef, Value], field: str, reason: str = "") -> Saved:
        """Decide one field of some samples in one event, each with a value of its own; acts like `set`."""
        wanted = {sample: decisions.check_value(field, value) for sample, value in values.items()}
        decisions.check_samples(wanted)
        with self._mended():
            changes = setting_each(self._ledger.fold, wanted.items(), field, self.who)
            return self._save(Decision("set", changes, reason=mask_values(reason)))

    def clear(self, samples: Iterable[SampleRef], reason: str = "") -> Saved:
        """Take back all fields of some samples, whoever decided them; returns and raises like `set`."""
        once = decisions.check_samples(samples)
        with self._mended():
            return self._save(
                Decision("clear", clearing(self._ledger.fold, once, self.who), reason=mask_values(reason))
            )

    def undo(self) -> Undone | None:
        """Take back this curator's latest standing event, of this session or an earlier one; None where there is none.

        A sample that another curator decided since keeps that decision. Raises NotSaved like `set`.
        """
        with self._mended():
            self.refresh()
            event = self._ledger.timeline.stacks[self.who].to_undo
            if event is None:
                return None
            changes = inverse(self._ledger.fold, self._changes_of(event), self.who)
            return self._turn(Decision("undo", changes, target=event.key))

    def redo(self) -> Undone | None:
        """Do again what was undone last; None where nothing was undone since the latest decision."""
        with self._mended():
            self.refresh()
            event = self._ledger.timeline.stacks[self.who].to_redo
            if event is None:
                return None
            changes = repetition(self._ledger.fold, self._changes_of(event))
            return self._turn(Decision("redo", changes, target=event.key))

    def labels(self) -> Iterator[SampleLabel]:
        """Walk over the labels that stand, in no order."""
        ledger = self._ledger
        with ledger.lock:
            samples = tuple(ledger.fold.samples())
        return filter(None, map(self.label_of, samples))

    def label_of(self, sample: str) -> SampleLabel | None:
        """Return what stands for one sample id, if anything does."""
        ledger = self._ledger
        with ledger.lock:
            label = ledger.fold.label_of(sample)
        return label if label is not None and (label.conflict or not label.is_empty) else None

    def history(self, limit: int, id: str | None = None) -> tuple[HistoryEvent, ...]:
        """Read the latest events of all curators, newest first; of one sample if its id is given."""
        ledger = self._ledger
        with ledger.lock:
            newest_first = ledger.timeline.events[::-1]
        return read_history(self._journals, newest_first, limit, id, ledger.timeline.is_undone)

    def counts(self) -> LabelCounts:
        """Count events, samples that hold a label, samples in conflict, and lines that cannot be read."""
        ledger = self._ledger
        with ledger.lock:
            fold = ledger.fold
            return LabelCounts(len(ledger.timeline.events), fold.shown, fold.conflicts, ledger.unreadable)

    def report(self) -> tuple[str, ...]:
        """Say in sentences what a curator should know of: damage, unfinished bulks, other sessions, newer versions.

        File names in them are foreign text.
        """
        others = (self._presence.other,) if self._presence else ()
        sentences = (*others, *self._remarks, *self._ledger.report(), self._backup_trouble, *self._writer.troubles)
        return tuple(filter(None, sentences))

    def take_news(self) -> tuple[str, ...]:
        """Return what `report` says of files that were given up since it was taken last."""
        with self._saving:
            news, self._writer.news = tuple(self._writer.news), []
            return news

    def position(self) -> Position:
        """Name the state of all journals as this book has read them."""
        with self._saving, self._ledger.lock:
            return self._ledger.position(self._writer.heads())

    def refresh(self) -> tuple[SampleLabel, ...]:
        """Read what other sessions wrote meanwhile; returns the labels concerned as they stand now."""
        with self._saving:
            touched = self._read()
            for who, samples in touched.items():
                self._unseen.setdefault(who, set()).update(samples)
            return self._labels(_samples_of(touched))

    def unseen(self) -> dict[str, int]:
        """Count the samples that other sessions decided on and `take_unseen` has not returned, by curator.

        An empty name means decisions that a changed or lost journal took away.
        """
        with self._saving:
            return {who: len(samples) for who, samples in self._unseen.items() if samples}

    def take_unseen(self) -> tuple[SampleLabel, ...]:
        """Return, as they stand now, the labels that other sessions changed since this was asked last."""
        with self._saving:
            unseen, self._unseen = self._unseen, {}
            return self._labels(_samples_of(unseen))

    def check(self) -> None:
        """Make sure that what this session decided can be found again; raises NotSaved where it cannot.

        Where a file was taken away, it is written again and `report` says so.
        """
        with self._mended():
            return

    def close(self) -> None:
        """Close the journal; every label is on the disk already. Raises NotSaved where that is no longer so."""
        with self._saving:
            try:
                self._writer.close()
            finally:
                self._leave()

    def _leave(self) -> None:
        if self._presence is not None:
            self._presence.close()
            self._presence = None

    @contextlib.contextmanager
    def _mended(self) -> Generator[None]:
        """Hold the pen, with all files of this session where they should be."""
        with self._saving:
            self._writer.mend()
            self._take_rewritten()
            yield

    def _take_rewritten(self) -> None:
        if self._writer.rewritten:
            self._ledger.move(self._writer.rewritten)
            self._writer.rewritten = []
            self._leave()
            self._enter()

    def _enter(self) -> None:
        """Leave the sign of this session, which also shows whether the directory can be written."""
        if self._presence is not None:
            return
        linked = next((path for path in (self.directory, self._journals, self._backups) if path.is_symlink()), None)
        if linked is not None:
            self._writer.read_only = f"{linked} is a link, and labels are not written through links"
            return
        try:
            if self.directory.is_dir():
                self._presence = Presence(self.directory, self.who)
            elif not os.access(self.directory.parent, os.W_OK):
                self._writer.read_only = f"{self.directory} does not exist and cannot be made"
        except PermissionError:
            self._writer.read_only = f"{self.directory} cannot be written"
        except OSError as error:
            if error.errno == errno.EROFS:
                self._writer.read_only = f"{self.directory} is on a read-only file system"

    def _read(self) -> Touched:
        own = set(self._writer.heads())
        try:
            touched = self._ledger.read(own)
        except Rewritten:
            touched = self._read_afresh()
        newer = self._ledger.newer
        if newer is not None and not self._writer.read_only:
            self._writer.read_only = f"{newer[0]} was written by version {newer[1]}; update this program to label here"
        return touched

    def _read_afresh(self) -> Touched:
        before = {label.id: label for label in self.labels()}
        ledger = Ledger(self._journals)
        with contextlib.suppress(Rewritten):
            ledger.read(())
        self._ledger = ledger
        after = {label.id: label for label in self.labels()}
        return {"": {sample for sample in before | after if before.get(sample) != after.get(sample)}}

    def _save(self, decision: Decision) -> Saved:
        if not decision.changes:
            self._writer.check()
            return Saved("", (), 0)
        event = self._write(decision)
        samples = dict.fromkeys(change.id for change in decision.changes)
        return Saved(event.name, self._labels(samples), len(samples))

    def _turn(self, decision: Decision) -> Undone:
        event = self._write(decision)
        samples = dict.fromkeys(change.id for change in decision.changes)
        return Undone(event.name, self._labels(samples), decisions.only_field(decision.changes), len(samples))

    def _write(self, decision: Decision) -> Event:
        try:
            event = self._writer.write(decision, self._ledger.seq)
        finally:
            self._take_rewritten()
        self._ledger.take(event, decision.changes, self._writer.seq)
        self._enter()
        self._since_backup += 1
        if self._since_backup >= BACKUP_EVERY:
            self._back_up()
        return event

    def _changes_of(self, event: Event) -> tuple[Change, ...]:
        with contextlib.suppress(OSError, Unreadable):
            return read_again(self._journals, event)[0]
        self._writer.mend(is_thorough=True)
        self._take_rewritten()
        try:
            return read_again(self._journals, self._ledger.timeline.find(event))[0]
        except (OSError, Unreadable) as error:
            raise ExplorerError(
                f"The decision {event.name} cannot be read again.", "See `report`: its journal was changed or damaged."
            ) from error

    def _labels(self, samples: Iterable[str]) -> tuple[SampleLabel, ...]:
        with self._ledger.lock:
            found = (self._ledger.fold.label_of(sample) for sample in samples)
            return tuple(label for label in found if label is not None)

    def _back_up(self) -> None:
        self._since_backup = 0
        try:
            if self._journals.is_dir():
                backup.back_up(self._journals, self._backups)
            self._backup_trouble = ""
        except OSError as error:
            self._backup_trouble = f"The labels could not be backed up: {os.strerror(error.errno or 0)}."


def _samples_of(touched: Touched) -> frozenset[str]:
    return frozenset[str]().union(*touched.values())


def find_curator() -> str:
    """Name the curator: $CORPUS_CURATOR, else the login name."""
    try:
        return os.environ.get("CORPUS_CURATOR", "").strip() or getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
