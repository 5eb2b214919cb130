"""The keys that decide, and the queue that brings every decision to disk in order before it is shown as saved."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.binding import Binding, BindingType
from textual.message import Message

from explorer.errors import ExplorerError
from explorer.labels.decisions import SampleLabel, SampleRef, Saved, Value
from explorer.screens.workbench import Workbench

CLEAR = "clear"
"""Stands for the field of a decision that takes all of a label back."""

SLOW = 0.1
"""Seconds after which a decision that is not on disk yet is told to be on its way."""

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
    Binding("t", "note", "Write a note", show=False, id="label.note"),
    Binding("L", "label_view", "Label every sample of the view", show=False, id="label.view"),
    Binding("u", "undo", "Undo", id="label.undo"),
    Binding("ctrl+r", "redo", "Redo", show=False, id="label.redo"),
]


@dataclass(frozen=True)
class Wanted:
    """A decision on its way to the disk."""

    samples: tuple[SampleRef, ...]
    field: str
    value: Value
    positions: tuple[int, ...] = ()
    """Where the samples stand in the view, if that is known."""


class DecisionQueue:
    """Saves decisions one after the other, in the order of the keys."""

    @dataclass
    class Landed(Message):
        """A decision is on disk; only now may a screen show it as saved."""

        wanted: Wanted
        changed: tuple[SampleLabel, ...]

    @dataclass
    class Lost(Message):
        """A decision did not reach the disk."""

        wanted: Wanted
        error: ExplorerError

    @dataclass
    class Waiting(Message):
        """A decision takes longer than usual."""

        wanted: Wanted

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._waiting: asyncio.Queue[Wanted] = asyncio.Queue()

    def put(self, wanted: Wanted) -> None:
        """Takes one more decision."""
        self._waiting.put_nowait(wanted)

    async def work(self, post: Callable[[Message], object]) -> None:
        """Saves what comes, for as long as the screen lives."""
        while True:
            wanted = await self._waiting.get()
            saving = asyncio.ensure_future(self._save(wanted))
            done, _ = await asyncio.wait({saving}, timeout=SLOW)
            if not done:
                post(self.Waiting(wanted))
            try:
                saved = await saving
            except ExplorerError as error:
                post(self.Lost(wanted, error))
            else:
                post(self.Landed(wanted, saved.changed))

    async def _save(self, wanted: Wanted) -> Saved:
        if wanted.field == CLEAR:
            return await self._workbench.clear(wanted.samples)
        return await self._workbench.set(wanted.samples, wanted.field, wanted.value)


def describe(field: str, value: Value, samples: int) -> str:
    """Says what a decision does, for a confirmation or a toast."""
    many = "1 sample" if samples == 1 else f"{samples:,} samples"
    if field == CLEAR:
        return f"take the labels of {many} back"
    if field == "note":
        return f"write a note on {many}" if value else f"take the note of {many} back"
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
