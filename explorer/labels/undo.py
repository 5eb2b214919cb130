"""What one curator can take back and do again, replayed from that curator's own events."""

from explorer.labels.reading import Event


class UndoStack:
    """The events that stand and those taken back, each with the latest last."""

    def __init__(self) -> None:
        self._done: list[Event] = []
        self._undone: list[Event] = []
        self._taken_back: set[tuple[str, int]] = set()

    def replay(self, event: Event) -> None:
        """Take in the curator's next event; a new decision ends what could be done again."""
        if event.op == "undo":
            self._move(event.target, self._done, self._undone)
        elif event.op == "redo":
            self._move(event.target, self._undone, self._done)
        else:
            self._done.append(event)
            self._undone.clear()

    @property
    def to_undo(self) -> Event | None:
        """The event that an undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def to_redo(self) -> Event | None:
        """The event that a redo would do again."""
        return self._undone[-1] if self._undone else None

    def is_undone(self, event: Event) -> bool:
        """Tell whether an event was taken back and not done again."""
        return event.key in self._taken_back

    def _move(self, target: tuple[str, int] | None, source: list[Event], goal: list[Event]) -> None:
        for place in range(len(source) - 1, -1, -1):
            if source[place].key == target:
                goal.append(source.pop(place))
                self._taken_back ^= {goal[-1].key}
                return
