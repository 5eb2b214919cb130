"""The keys that decide, and the queue that brings every decision to disk in order before it is shown as saved."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual.binding import Binding, BindingType
from textual.message import Message

from explorer.errors import ExplorerError
from explorer.labels.decisions import SampleLabel, SampleRef, Saved, Undone, Value
from explorer.screens.shared.workbench import Workbench

CLEAR = "clear"
"""Stands for the field of a decision that takes all of a label back."""

UNDO, REDO = "undo", "redo"
"""Stand for the field of a wish to take the latest decision back, or to do it again."""

_TIERS = Binding.Group("tier", compact=True)

LABEL_BINDINGS: list[BindingType] = [
    *(
        Binding(str(tier), f"label('tier', {tier})", f"Tier {tier}", id=f"label.tier_{tier}", group=_TIERS)
        for tier in (1, 2, 3, 4)
    ),
    Binding("0", "take_back", "Take my label back", show=False, id="label.take_back"),
    Binding("H", "label('origin', 'human')", "Origin human", show=False, id="label.origin_human"),
    Binding("S", "label('origin', 'synthetic')", "Origin synthetic", show=False, id="label.origin_synthetic"),
    Binding("X", "label('origin', 'mixed')", "Origin mixed", show=False, id="label.origin_mixed"),
    Binding("U", "label('origin', 'unknown')", "Origin unknown", show=False, id="label.origin_unknown"),
    Binding("plus,K", "label('verdict', 'keep')", "Verdict keep", show=False, id="label.keep"),
    Binding("minus,D", "label('verdict', 'drop')", "Verdict drop", show=False, id="label.drop"),
    Binding("t", "note", "Write a note", show=False, id="label.note", priority=True),
    Binding("L", "label_view", "Label every sample of the view", show=False, id="label.view"),
    Binding("u", "undo", "Undo", id="label.undo"),
    Binding("ctrl+r", "redo", "Redo", show=False, id="label.redo"),
]


@dataclass(frozen=True)
class Wanted:
    """A decision on its way to the disk."""

    samples: tuple[SampleRef, ...]
    field: str
    value: Value = None
    position: int | None = None
    """Where the one sample stands in the view, if it is one."""
    generation: int = 0
    """The generation of the table in which it stands there."""
    values: Mapping[SampleRef, Value] | None = None
    """The value of each sample, where they differ."""


class DecisionQueue:
    """Saves decisions one after the other, in the order of the keys; undo and redo wait their turn among them."""

    @dataclass
    class Landed(Message):
        """A decision is on disk; only now may a screen show it as saved."""

        wanted: Wanted
        changed: tuple[SampleLabel, ...]

    @dataclass
    class Turned(Message):
        """A decision was taken back or done again, unless there was none."""

        wanted: Wanted
        turned: Undone | None

    @dataclass
    class Lost(Message):
        """A decision did not reach the disk."""

        wanted: Wanted
        error: ExplorerError

    def __init__(self, workbench: Workbench) -> None:
        self.lost = 0
        """Decisions that did not reach the disk since one last did."""
        self._workbench = workbench
        self._waiting: asyncio.Queue[Wanted] = asyncio.Queue()
        self._pending = 0

    @property
    def is_settled(self) -> bool:
        """Whether nothing is on its way to the disk."""
        return not self._pending

    def put(self, wanted: Wanted) -> None:
        """Takes one more decision."""
        self._pending += 1
        self._waiting.put_nowait(wanted)

    async def settle(self) -> None:
        """Waits until everything taken so far is on disk or lost."""
        await self._waiting.join()

    async def work(self, post: Callable[[Message], object]) -> None:
        """Saves what comes, for as long as the screen lives."""
        while True:
            wanted = await self._waiting.get()
            try:
                news = await self._save(wanted)
                self.lost = 0
            except ExplorerError as error:
                news = self.Lost(wanted, error)
                self.lost += 1
            self._pending -= 1
            self._waiting.task_done()
            post(news)

    async def _save(self, wanted: Wanted) -> Message:
        bench = self._workbench
        if wanted.field in (UNDO, REDO):
            return self.Turned(wanted, await (bench.undo() if wanted.field == UNDO else bench.redo()))
        if wanted.field == CLEAR:
            saved: Saved = await bench.clear(wanted.samples)
        elif wanted.values is not None:
            saved = await bench.set_each(wanted.values, wanted.field)
        else:
            saved = await bench.set(wanted.samples, wanted.field, wanted.value)
        return self.Landed(wanted, saved.changed)


def describe(field: str, value: Value, samples: int) -> str:
    """Says what a decision does, for a confirmation or a toast."""
    many = "1 sample" if samples == 1 else f"{samples:,} samples"
    if field == CLEAR:
        return f"take the labels of {many} back"
    if field == "note":
        return f"write a note on {many}" if value else f"take the note of {many} back"
    if field == "accepted":
        return f"accept the suggested tier of {many}"
    if field == "survivor":
        return "choose the survivor of a cluster"
    if field == "cluster_verdict":
        return f"judge a cluster of {many}"
    return f"set {field} {value} on {many}"


def options() -> Sequence[tuple[str, str, str]]:
    """Lists what can be decided for a whole view, as (key, label, hint)."""
    tiers = [(f"tier {tier}", f"tier {tier}", hint) for tier, hint in _TIER_HINTS.items()]
    origins = [(f"origin {origin}", f"origin {origin}", "") for origin in ("human", "synthetic", "mixed", "unknown")]
    verdicts = [("verdict keep", "verdict keep", ""), ("verdict drop", "verdict drop", "never in a mix")]
    return [*tiers, *origins, *verdicts, (CLEAR, "take the labels back", "tier, origin, verdict and note")]


_TIER_HINTS = {1: "expert-reviewed", 2: "professional", 3: "educational", 4: "unfiltered open source"}


def read_option(key: str) -> tuple[str, Value]:
    """Reads an option's key back as field and value."""
    field, _, value = key.partition(" ")
    return field, (int(value) if field == "tier" else value or None)
