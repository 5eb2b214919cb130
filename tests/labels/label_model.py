"""The oracle: labels as a plain dictionary with two stacks, for one curator after another."""

import hashlib
import random
from pathlib import Path

from explorer.labels import FIELDS, LabelBook, SampleRef
from explorer.labels.decisions import CHOICES, TEXTS

State = dict[tuple[str, str], int | str]
Operation = tuple[str, tuple[SampleRef, ...], str, int | str | None]


def ref(number: int) -> SampleRef:
    return SampleRef(f"sample-{number}", hashlib.sha256(str(number).encode()).hexdigest())


def read_state(book: LabelBook) -> State:
    return {
        (label.id, field): value
        for label in book.labels()
        for field in FIELDS
        if (value := getattr(label, field)) is not None
    }


def look(directory: Path) -> LabelBook:
    return LabelBook.open(directory, "onlooker", only_look=True)


class PlainLabels:
    """What the labels must be after some operations."""

    def __init__(self) -> None:
        self.state: State = {}
        self.next_curator()

    def next_curator(self) -> None:
        self.own: State = {}
        self.done: list[list[tuple[tuple[str, str], object, object]]] = []
        self.undone: list[list[tuple[tuple[str, str], object, object]]] = []

    def put(self, key: tuple[str, str], value: object) -> None:
        for values in (self.state, self.own):
            values.pop(key, None)
            if value is not None:
                values[key] = value

    def run(self, operation: Operation) -> None:
        name, samples, field, value = operation
        if name == "undo" and self.done:
            self.undone.append(self.done.pop())
            for key, old, _ in self.undone[-1]:
                self.put(key, old)
        elif name == "redo" and self.undone:
            self.done.append(self.undone.pop())
            for key, _, new in self.done[-1]:
                self.put(key, new)
        elif name in ("set", "clear"):
            fields = (field,) if name == "set" else FIELDS
            wanted = None if name == "clear" else value
            self.decide([(sample.id, each) for sample in samples for each in fields], wanted)

    def is_settled(self, key: tuple[str, str], value: object) -> bool:
        return self.state.get(key) == value == self.own.get(key)

    def decide(self, keys: list[tuple[str, str]], value: object) -> None:
        changes = [(key, self.state.get(key), value) for key in keys if not self.is_settled(key, value)]
        if changes:
            self.done.append(changes)
            self.undone.clear()
            for key, _, new in changes:
                self.put(key, new)


def run(book: LabelBook, operation: Operation) -> None:
    name, samples, field, value = operation
    if name == "set":
        book.set(samples, field, value)
    elif name == "clear":
        book.clear(samples)
    else:
        getattr(book, name)()


def random_operations(seed: int, largest: int = 1) -> list[Operation]:
    """A walk of 4,000 operations that another process can make again from the seed."""
    chance = random.Random(seed)
    operations: list[Operation] = []
    for number in range(4000):
        samples = tuple(ref(chance.randrange(40)) for _ in range(chance.choice((1, 1, largest))))
        samples = tuple(dict.fromkeys(samples))
        name = chance.choice(("set",) * 8 + ("clear", "undo", "undo", "redo"))
        field = chance.choice(FIELDS)
        value = chance.choice((*CHOICES.get(field, ()), f"note {number}" if field in TEXTS else None))
        operations.append((name, samples, field, value))
    return operations
