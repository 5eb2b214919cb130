"""Reads the history back from the journals, event by event or for one sample."""

import itertools
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from explorer.labels import disk
from explorer.labels.decisions import Change, HistoryEvent, only_field
from explorer.labels.journal import SUFFIX
from explorer.labels.reading import Event, read_again
from explorer.labels.records import Unreadable

SHOWN = 3
"""Changes of a long event that its line of the history names."""


def read_history(
    journals: Path, events: Sequence[Event], limit: int, sample: str | None, is_undone: Callable[[Event], bool]
) -> tuple[HistoryEvent, ...]:
    """Read the first so many of some events, of one sample if asked; those that cannot be read again are left out."""
    chosen = iter(events) if sample is None else naming(journals, events, sample)
    found = (read_event(journals, event, sample, is_undone(event)) for event in chosen)
    return tuple(itertools.islice((event for event in found if event is not None), limit))


def read_event(journals: Path, event: Event, sample: str | None, undone: bool) -> HistoryEvent | None:
    """Read one event for the history; None where it is gone or does not concern the sample."""
    try:
        changes, reason = read_again(journals, event)
    except (OSError, Unreadable):
        return None
    first = changes[:SHOWN] if sample is None else tuple(change for change in changes if change.id == sample)
    if sample is not None and not first:
        return None
    return line_of(event, changes, first, reason, undone)


def line_of(
    event: Event, changes: tuple[Change, ...], first: tuple[Change, ...], reason: str, undone: bool
) -> HistoryEvent:
    """Put together one line of the history."""
    field = only_field(changes)
    return HistoryEvent(event.name, event.time, event.who, event.op, field, len(changes), first, reason, undone)


def naming(journals: Path, events: Sequence[Event], sample: str) -> Iterator[Event]:
    """Choose the events whose lines name a sample, without reading a million records for one."""
    needle = json.dumps(sample).encode("ascii")
    by_session: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_session[event.journal].append(event)
    found: set[Event] = set()
    for session, own in by_session.items():
        own.sort(key=lambda event: event.offset)
        found |= set(find_in(journals / f"{session}{SUFFIX}", own, needle))
    return (event for event in events if event in found)


def find_in(path: Path, events: Sequence[Event], needle: bytes) -> Iterator[Event]:
    """Find the events of one journal that hold some bytes."""
    offsets = [event.offset for event in events]
    try:
        with disk.opened(path, disk.READ) as fd, open(fd, "rb", closefd=False) as file:
            offset = 0
            for line in file:
                if needle in line:
                    place = bisect_right(offsets, offset) - 1
                    if place >= 0:
                        yield events[place]
                offset += len(line)
    except OSError:
        return
