"""The blast radius of a cluster policy: what it leaves out of every slice of the corpus, and when that is too much."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from queries.rows import BlastRow

ALARM_SAMPLES = 20
"""Samples that a slice has at least before its loss raises the alarm: of three copies two are always lost."""

WIPED_PERCENT = 50.0
"""Percent of the tokens of a slice that near-duplicates may leave out before it is named unasked."""

MOST_WIPED = 5
"""Slices that are named."""

ACCEPTED = "accept loss"
"""What a curator types to apply a policy in spite of the alarm."""

_NAMES: Mapping[int, tuple[str, ...]] = {
    0: ("tier", "language", "repo", "origin"),
    7: ("tier",),
    11: ("language",),
    13: ("repo",),
    14: ("origin",),
    15: (),
}
"""The columns that name a slice of each kind."""


@dataclass(frozen=True)
class Loss:
    """A slice, and what is left out of it now and under a policy; sizes are tokens."""

    columns: tuple[str, ...]
    """What names it: all four columns, one of them, or none for the whole corpus."""
    values: tuple[str, ...]
    samples: int
    tokens: int
    samples_lost_now: int
    tokens_lost_now: int
    samples_lost: int
    tokens_lost: int

    @classmethod
    def of(cls, row: BlastRow) -> "Loss":
        """Returns the loss of a slice."""
        columns = _NAMES[row.kind]
        named = (getattr(row, name) for name in columns)
        values = tuple("none" if value is None else str(value) for value in named)
        return cls(
            columns,
            values,
            row.samples,
            row.tokens,
            row.samples_lost_now,
            row.tokens_lost_now,
            row.samples_lost,
            row.tokens_lost,
        )

    @property
    def name(self) -> str:
        """What people call the slice; its values are foreign text."""
        if not self.columns:
            return "all samples"
        return " · ".join(
            f"{column} {value}" if column == "tier" or len(self.columns) == 1 else value
            for column, value in zip(self.columns, self.values, strict=True)
        )

    @property
    def share(self) -> float:
        """The part of its tokens that is left out, 0 to 1."""
        return self.tokens_lost / self.tokens if self.tokens else 0.0

    @property
    def share_now(self) -> float:
        """The part that is left out now."""
        return self.tokens_lost_now / self.tokens if self.tokens else 0.0

    @property
    def is_wiped(self) -> bool:
        """Whether the slice is large enough to name and loses most of its tokens."""
        return self.samples >= ALARM_SAMPLES and 100 * self.share > WIPED_PERCENT

    def raises_alarm(self, percent: float) -> bool:
        """Tells whether the slice loses more than so many percent, and more than it does now."""
        is_worse = self.tokens_lost > self.tokens_lost_now
        return is_worse and self.samples >= ALARM_SAMPLES and 100 * self.share > percent


def wiped_words(losses: Sequence[Loss]) -> list[str]:
    """Says of each slice how much of it near-duplicates leave out; its name is foreign text."""
    lines = [
        f"{loss.name}: near-duplicates leave out {loss.samples_lost:,} of {loss.samples:,} samples, "
        f"{100 * loss.share:.0f}% of its tokens"
        for loss in losses[:MOST_WIPED]
    ]
    more = len(losses) - len(lines)
    return [*lines, f"{more:,} more slices lose most of their tokens to near-duplicates"] if more > 0 else lines


@dataclass(frozen=True)
class BlastRadius:
    """All that a policy would leave out, beside what is left out now."""

    whole: Loss
    slices: tuple[Loss, ...]
    """Tier × language × repository × origin, the biggest loss first."""
    sums: tuple[Loss, ...]
    """Each tier, language, repository and origin by itself, the biggest loss first."""
    incomplete: tuple[Loss, ...]
    """Repositories of which a part is left out, the biggest loss first."""
    alarms: tuple[Loss, ...]

    @classmethod
    def of(cls, slices: Iterable[BlastRow], percent: float) -> "BlastRadius":
        """Sums up the losses of slices; `percent` is what raises the alarm."""
        losses = [Loss.of(row) for row in slices]
        whole = next(loss for loss in losses if not loss.columns)
        sums = _of_columns(losses, 1)
        return cls(
            whole,
            _of_columns(losses, 4),
            sums,
            tuple(loss for loss in sums if loss.columns == ("repo",) and 0 < loss.samples_lost < loss.samples),
            tuple(loss for loss in losses if loss.columns and loss.raises_alarm(percent)),
        )


def _of_columns(losses: Sequence[Loss], count: int) -> tuple[Loss, ...]:
    chosen = (loss for loss in losses if len(loss.columns) == count)
    return tuple(sorted(chosen, key=lambda loss: (-loss.tokens_lost, -loss.tokens_lost_now)))
