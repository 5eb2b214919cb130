"""The words of labelling: what a curator may decide, about which sample, and what is answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from explorer.errors import BadInput, ExplorerError
from explorer.safety.masking import mask_values

FIELDS = ("tier", "origin", "verdict", "note", "survivor", "cluster_verdict", "accepted")
CHOICES: dict[str, tuple[int | str, ...]] = {
    "tier": (1, 2, 3, 4),
    "origin": ("human", "synthetic", "mixed", "unknown"),
    "verdict": ("keep", "drop"),
    "survivor": ("yes",),
    "accepted": (1, 2, 3, 4),
}
TEXTS = ("note", "cluster_verdict")
"""Fields that hold any text."""
NOTE_LIMIT = 10_000

Value = int | str | None
"""What one field of a label holds; None means that the curator took it back."""


class NotSaved(ExplorerError):
    """A label did not reach the disk; nothing earlier is lost."""


class SampleRef(NamedTuple):
    """The sample that a label is about: its stable id and the SHA-256 of its content in hex."""

    id: str
    sha256: str


class Change(NamedTuple):
    """One field of one sample going from one value to another, as every kind of event writes it."""

    id: str
    sha256: str
    field: str
    old: Value
    new: Value


class SampleLabel(NamedTuple):
    """What stands for one sample after all events of all curators."""

    id: str
    sha256: str
    """Content hash that the latest decision saw; another hash under this id means the label is stale."""
    tier: int | None
    origin: str | None
    verdict: str | None
    note: str | None
    survivor: str | None
    """`yes` where a curator chose this sample to survive its cluster."""
    cluster_verdict: str | None
    """What curators judged of its clusters, as `explorer.fingerprints.verdicts` writes it."""
    accepted: int | None
    """The tier that was suggested and accepted; `tier`, where it is set, goes before it."""
    who: str
    """Curator of the latest standing decision."""
    changed: str
    """UTC time of the latest standing decision; ISO 8601."""
    conflict: bool
    """Whether the latest decisions of two curators on one field differ."""

    @property
    def fields(self) -> dict[str, int | str | bool | None]:
        """What an index is told of the label: the sample, the value of each field, and whether curators differ."""
        return {name: getattr(self, name) for name in ("id", "sha256", *FIELDS, "conflict")}

    @property
    def is_empty(self) -> bool:
        """Whether every field was taken back."""
        return all(getattr(self, field) is None for field in FIELDS)


@dataclass(frozen=True, slots=True)
class Saved:
    """A decision that is on the disk; `event` is empty where everything already stood as wished."""

    event: str
    changed: tuple[SampleLabel, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Undone:
    """An event taken back or done again: the new event, and the labels as they stand now."""

    event: str
    changed: tuple[SampleLabel, ...]
    field: str
    """The one field concerned; empty where there are several."""
    samples: int


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One line of the history that a curator reads."""

    event: str
    time: str
    who: str
    op: str
    """set, clear, undo or redo; a bulk is one event."""
    field: str
    """The one field concerned; empty where there are several."""
    count: int
    """How many changes the event holds."""
    first: tuple[Change, ...]
    """The first few changes; all changes of the sample where the history of one sample is asked for."""
    reason: str
    undone: bool

    @property
    def ids(self) -> tuple[str, ...]:
        """The first few samples concerned."""
        return tuple(dict.fromkeys(change.id for change in self.first))


class LabelCounts(NamedTuple):
    """How much the journals hold."""

    events: int
    samples: int
    conflicts: int
    unreadable: int


class Position(NamedTuple):
    """One state of all journals, to be named in a receipt: events read, and a SHA-256 over the heads of the chains."""

    events: int
    sha256: str


def is_value(field: str, value: object) -> bool:
    """Tell whether a known field may hold a value."""
    if value is None:
        return True
    if field in TEXTS:
        return type(value) is str
    return type(value) in (int, str) and value in CHOICES[field]


def check_value(field: str, value: Value) -> Value:
    """Return the value to store: an empty note is no note, and a secret in one is masked.

    Raises BadInput for what the field cannot hold.
    """
    if field not in FIELDS:
        raise BadInput(f"There is no label field {field!r}.", f"Use one of: {', '.join(FIELDS)}.")
    if not is_value(field, value):
        choices = ", ".join(map(str, CHOICES.get(field, ("a text",))))
        raise BadInput(f"{value!r} is no {field}.", f"Use one of: {choices}; or nothing, to take the label back.")
    if isinstance(value, str) and len(value) > NOTE_LIMIT:
        name = field.replace("_", " ")
        raise BadInput(f"The {name} has {len(value):,} characters.", f"A {name} holds at most {NOTE_LIMIT:,}.")
    return (mask_values(value) if field == "note" and isinstance(value, str) else value) or None


def check_samples(samples: Iterable[SampleRef]) -> tuple[SampleRef, ...]:
    """Return each sample once; raises BadInput where the content hash is none."""
    once = tuple({sample.id: sample for sample in samples}.values())
    for sample in once:
        if len(sample.sha256) != 64 or not set(sample.sha256) <= set("0123456789abcdef"):
            raise BadInput(f"Sample {sample.id!r} comes without the SHA-256 of its content.", "Index the corpus again.")
    return once


def only_field(changes: Iterable[Change]) -> str:
    """Name the one field that some changes concern, or nothing."""
    fields = {change.field for change in changes}
    return fields.pop() if len(fields) == 1 else ""
