"""Folds events into labels; the order in which journals are read makes no difference.

Each field of each sample keeps the latest decision of every curator who made one, latest by (seq, session). The latest
of all wins; where two curators' latest differ, the field is in conflict.
"""

import itertools
from collections.abc import Iterable
from typing import NamedTuple, cast

from explorer.labels.decisions import FIELDS, SampleLabel, Value
from explorer.labels.reading import Event, EventChanges


class Mark(NamedTuple):
    """The latest decision of a curator on one field of one sample."""

    event: Event
    value: Value
    sha256: str


class Fold:
    """All labels that stand."""

    def __init__(self) -> None:
        self.marks: dict[str, dict[str, Mark]] = {field: {} for field in FIELDS}
        """Per field: sample id → the winning decision."""
        self._rivals: dict[tuple[str, str], dict[str, Mark]] = {}
        """(field, id) → curator → latest decision, only where more than one curator decided."""
        self._conflicts: dict[str, set[str]] = {}
        self._standing = 0

    def apply(self, event_changes: EventChanges) -> None:
        """Take in one event; twice is as good as once."""
        event, changes = event_changes
        for sample, sha256, field, _, value in changes:
            marks = self.marks[field]
            held = marks.get(sample)
            mark = Mark(event, value, sha256)
            if held is None:
                self._place(field, sample, mark)
                continue
            if held.event.who != event.who or (field, sample) in self._rivals:
                self._contend(field, sample, held, mark)
            if held.event <= event:
                self._place(field, sample, mark)

    def label_of(self, sample: str) -> SampleLabel | None:
        """Return what stands for a sample, if a curator ever decided on it; all fields may have been taken back."""
        marks = [self.marks[field].get(sample) for field in FIELDS]
        present = [mark for mark in marks if mark is not None]
        if not present:
            return None
        latest = present[0] if len(present) == 1 else max(present, key=lambda mark: mark.event)
        tier, *texts, accepted = (mark and mark.value for mark in marks)
        return SampleLabel(
            sample,
            latest.sha256,
            cast("int | None", tier),
            *cast("list[str | None]", texts),
            accepted=cast("int | None", accepted),
            who=latest.event.who,
            changed=latest.event.time,
            conflict=sample in self._conflicts,
        )

    def mark_of(self, field: str, sample: str) -> Mark | None:
        """Return the winning decision on one field."""
        return self.marks[field].get(sample)

    def own_mark(self, field: str, sample: str, who: str) -> Mark | None:
        """Return the latest decision of one curator on one field."""
        rivals = self._rivals.get((field, sample))
        if rivals is not None:
            return rivals.get(who)
        held = self.marks[field].get(sample)
        return held if held is not None and held.event.who == who else None

    def samples(self) -> Iterable[str]:
        """Name every sample that was ever decided on, once."""
        return dict.fromkeys(itertools.chain.from_iterable(self.marks.values()))

    @property
    def conflicts(self) -> int:
        """How many samples are in conflict."""
        return len(self._conflicts)

    @property
    def shown(self) -> int:
        """How many samples hold a value or are in conflict."""
        return self._standing + sum(not self._stands(sample) for sample in self._conflicts)

    def _place(self, field: str, sample: str, mark: Mark) -> None:
        marks = self.marks[field]
        held = marks.get(sample)
        if (held is None or held.value is None) == (mark.value is None):
            marks[sample] = mark
            return
        marks.pop(sample, None)
        if not self._stands(sample):
            self._standing += -1 if mark.value is None else 1
        marks[sample] = mark

    def _stands(self, sample: str) -> bool:
        for marks in self.marks.values():
            mark = marks.get(sample)
            if mark is not None and mark.value is not None:
                return True
        return False

    def _contend(self, field: str, sample: str, held: Mark, mark: Mark) -> None:
        rivals = self._rivals.setdefault((field, sample), {held.event.who: held})
        latest = rivals.get(mark.event.who)
        if latest is None or latest.event <= mark.event:
            rivals[mark.event.who] = mark
        fields = self._conflicts.setdefault(sample, set())
        if len({rival.value for rival in rivals.values()}) > 1:
            fields.add(field)
        else:
            fields.discard(field)
        if not fields:
            del self._conflicts[sample]
