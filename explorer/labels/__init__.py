"""The precious part: the journal of a curator's decisions, its fold, undo and bulk."""

from explorer.labels.book import LabelBook
from explorer.labels.decisions import (
    FIELDS,
    Change,
    HistoryEvent,
    LabelCounts,
    NotSaved,
    Position,
    SampleLabel,
    SampleRef,
    Saved,
    Undone,
    Value,
)

__all__ = [
    "FIELDS",
    "Change",
    "HistoryEvent",
    "LabelBook",
    "LabelCounts",
    "NotSaved",
    "Position",
    "SampleLabel",
    "SampleRef",
    "Saved",
    "Undone",
    "Value",
]
