"""All events of all sessions in the order in which they fold, with every curator's undo stack."""

from collections import defaultdict

from explorer.labels.reading import Event
from explorer.labels.undo import UndoStack


class Timeline:
    """The events read so far."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.stacks: defaultdict[str, UndoStack] = defaultdict(UndoStack)
        self._arrived: list[Event] = []

    def add(self, event: Event) -> None:
        """Take in an event in any order; `settle` puts it in its place."""
        self._arrived.append(event)

    def settle(self) -> None:
        """Put what arrived in order; only what arrives late makes the stacks replay from the start."""
        arrived, self._arrived = sorted(self._arrived), []
        is_late = bool(self.events and arrived and arrived[0] < self.events[-1])
        self.events += arrived
        if is_late:
            self.events.sort()
            self.stacks.clear()
            arrived = self.events
        for event in arrived:
            self.stacks[event.who].replay(event)

    def is_undone(self, event: Event) -> bool:
        """Tell whether the curator of an event took it back."""
        return self.stacks[event.who].is_undone(event)
