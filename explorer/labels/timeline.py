"""All events of all sessions in the order in which they fold, with every curator's undo stack."""

from collections import defaultdict
from collections.abc import Sequence

from explorer.labels.reading import Event
from explorer.labels.undo import UndoStack


class Timeline:
    """The events read so far."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.stacks: defaultdict[str, UndoStack] = defaultdict(UndoStack)
        self._arrived: list[Event] = []
        self._again: dict[tuple[str, int], Event] = {}

    def add(self, event: Event) -> None:
        """Take in an event in any order; `settle` puts it in its place."""
        self._arrived.append(event)

    def move(self, events: Sequence[Event]) -> None:
        """Take note that events lie in another file than before; older copies that are read later do not count."""
        self._again.update((event.key, event) for event in events)
        self._arrived += events
        self.settle()

    def settle(self) -> None:
        """Put what arrived in order; only what arrives late makes the stacks replay from the start."""
        arrived, self._arrived = sorted(self._arrived), []
        arrived, is_late = self._drop_doubles(arrived)
        is_late = is_late or bool(self.events and arrived and arrived[0] < self.events[-1])
        self.events += arrived
        if is_late:
            self.events.sort()
            self.stacks.clear()
            arrived = self.events
        for event in arrived:
            self.stacks[event.who].replay(event)

    def find(self, event: Event) -> Event:
        """Return an event as it lies now, where it was written again in another file."""
        return self._again.get(event.key, event)

    def _drop_doubles(self, arrived: list[Event]) -> tuple[list[Event], bool]:
        """Keep one of each event that is also written again in another file; tell whether one was known already."""
        for event in arrived:
            if event.file:
                self._again.setdefault(event.key, event)
        if not self._again:
            return arrived, False
        kept = [event for event in arrived if self._again.get(event.key, event) is event]
        if not any(event.file for event in kept):
            return kept, False
        known = len(self.events)
        self.events = [event for event in self.events if self._again.get(event.key, event) is event]
        return kept, len(self.events) < known

    def is_undone(self, event: Event) -> bool:
        """Tell whether the curator of an event took it back."""
        return self.stacks[event.who].is_undone(event)
