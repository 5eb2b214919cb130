"""A power cut after every call to the disk: what was answered as saved is there, whatever else was kept or lost."""

import os
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from label_model import State, look, read_state, ref

from explorer.labels import LabelBook, writer

Step = tuple[str, Path, int, bytes]


class RecordedDisk:
    """Records what a session asks of the disk, and what it answered in between."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[Step] = []
        self.answers: dict[int, State] = {}
        self.paths: dict[int, Path] = {}
        for name in ("open", "mkdir", "pwrite", "ftruncate", "fdatasync", "fsync"):
            monkeypatch.setattr(os, name, self.wrap(name, getattr(os, name)))

    def wrap(self, name: str, real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            result = real(*arguments, **named)
            self.note(name, arguments, result)
            return result

        return call

    def note(self, name: str, arguments: tuple[Any, ...], result: Any) -> None:
        if name == "mkdir":
            self.steps.append(("name", Path(arguments[0]), 0, b""))
        elif name == "open":
            self.paths[result] = Path(arguments[0])
            if arguments[1] & os.O_CREAT:
                self.steps.append(("name", Path(arguments[0]), 0, b""))
        elif name == "pwrite":
            self.steps.append(("write", self.paths[arguments[0]], arguments[2], bytes(arguments[1])[:result]))
        elif name == "ftruncate":
            self.steps.append(("cut", self.paths[arguments[0]], arguments[1], b""))
        else:
            self.steps.append(("sync", self.paths[arguments[0]], 0, b""))


class CutDisk:
    """What a disk holds after some steps and a power cut: all that was synced, and by chance some of the rest."""

    def __init__(self, steps: list[Step], chance: random.Random) -> None:
        self.chance = chance
        self.names: set[Path] = set()
        self.contents: dict[Path, bytearray] = {}
        self.waiting: defaultdict[Path, list[Step]] = defaultdict(list)
        for step in steps:
            self.take(step)
        for path, rest in self.waiting.items():
            self.lose_some(path, rest)

    def take(self, step: Step) -> None:
        kind, path, _, _ = step
        if kind == "name":
            self.waiting[path.parent].append(step)
        elif kind == "sync":
            for each in self.waiting.pop(path, ()):
                self.keep(each)
        else:
            self.waiting[path].append(step)

    def keep(self, step: Step) -> None:
        kind, path, offset, content = step
        if kind == "name":
            self.names.add(path)
            return
        held = self.contents.setdefault(path, bytearray())
        if kind == "cut":
            del held[offset:]
        elif kind == "write":
            held.extend(bytes(max(0, offset - len(held))))
            held[offset : offset + len(content)] = content

    def lose_some(self, path: Path, rest: list[Step]) -> None:
        fate = self.chance.choice(("nothing", "some", "zeros", "part"))
        for kind, place, offset, content in rest:
            if kind == "name" and self.chance.random() < 0.5:
                self.keep((kind, place, offset, content))
            elif fate == "zeros" and kind == "write":
                self.keep((kind, place, offset, bytes(len(content))))
            elif fate == "part" and kind == "write":
                self.keep((kind, place, offset, content[: self.chance.randrange(len(content) + 1)]))
            elif fate == "some" and self.chance.random() < 0.5:
                self.keep((kind, place, offset, content))

    def lay_out(self, source: Path, goal: Path) -> None:
        """Write the journals whose names, and those of all directories above, survived."""
        for path, content in self.contents.items():
            above = {each for each in (path, *path.parents) if source in each.parents}
            if path.suffix == ".jsonl" and above <= self.names:
                place = goal / path.relative_to(source)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)


@pytest.mark.parametrize("cuts", [pytest.param(100, marks=pytest.mark.campaign), 8])
def test_a_power_cut_at_any_step_loses_no_answer(cuts: int, tmp_path: Path) -> None:
    source = tmp_path / "session"
    source.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "LARGEST_RECORD", 3)
        disk = RecordedDisk(patch)
        saved: State = {}
        for number in range(12):
            if number % 6 == 0:
                book = LabelBook.open(source / "labels", "anna")
            samples = [ref(100 * number + each) for each in range(8 if number % 2 else 1)]
            book.set(samples, "tier", 2)
            saved = saved | {(sample.id, "tier"): 2 for sample in samples}
            disk.answers[len(disk.steps)] = saved
        book.close()
    check_cuts(disk, source, tmp_path, cuts)


def check_cuts(disk: RecordedDisk, source: Path, place: Path, cuts: int) -> None:
    """Cut the power so many times after each step."""
    chance = random.Random(7)
    answers = [{}, *disk.answers.values()]
    surprises = 0
    for count in range(len(disk.steps) + 1):
        answered = sum(step <= count for step in disk.answers)
        for turn in range(cuts):
            goal = place / f"{count}-{turn}"
            cut = CutDisk(disk.steps[:count], chance)
            cut.lay_out(source, goal)
            state = read_state(look(goal / "labels"))
            assert state in answers[answered : answered + 2], (count, turn)
            surprises += state != answers[answered]
    assert surprises
