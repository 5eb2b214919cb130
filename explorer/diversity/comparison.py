"""What a comparison of a group with a human baseline has found."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

GAPS = ("entropy", "name_entropy", "subword_entropy")
"""Figures in bits that are set beside the baseline's by their difference."""
DISTANCES = ("divergence", "surprise")
"""Figures that are a distance from the baseline."""
SPREAD = "spread_"
"""Begins the name of how far an axis of style is spread: the ratio of quartile ranges."""


class Figure(NamedTuple):
    """One figure of a group beside the baseline's."""

    value: float
    """Median over the repeats, as `baseline`; NaN where it is not known."""
    baseline: float
    against: float
    """Median of ratio, difference or distance, whichever it is."""
    low: float
    """The middle 95 % of it, with `high`."""
    high: float
    null_low: float
    """What the other half of the baseline comes to: 5 %, 50 % and 95 % of the repeats."""
    null: float
    null_high: float


@dataclass(frozen=True)
class Comparison:
    """A group beside a baseline in one language."""

    too_small: str
    """Why nothing is judged, in words; empty where it is."""
    budget: int
    """Tokens of each half."""
    units: int
    baseline_units: int
    samples: int
    baseline_samples: int
    figures: Mapping[str, Figure]
    held: tuple[float, float] = (0.0, 0.0)
    """How many samples the budget holds: of the group, of the baseline; medians over the repeats."""
    conventions: tuple[tuple[float, float], ...] = ()
    """Share of each convention among distinct names: of the group, of the baseline."""
    paradigms: tuple[tuple[float, float], ...] = ()
    """Mean share of each paradigm, of the group and of the baseline; last the Hill number of each text's foremost."""
    axes: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] = field(
        default_factory=dict[str, tuple[tuple[float, ...], tuple[float, ...]]]
    )
    """Known values, lower quartile, median, upper quartile of each axis: of the group, of the baseline."""
    densities: Mapping[str, tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]] = field(
        default_factory=dict[str, tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]]
    )
    """Middles of bins of some axes, and the share of texts in each: of the group, of the baseline."""
    spectrum: Mapping[int, int] = field(default_factory=dict[int, int])
    """How many types of the group's half were seen how often."""

    def as_json(self) -> dict[str, Any]:
        """Returns the comparison as JSON holds it, NaN as null."""
        told = asdict(self)
        told["figures"] = {name: list(figure) for name, figure in self.figures.items()}
        return _plain(told)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Comparison":
        """Reads what `as_json` gave."""
        fields: dict[str, Any] = dict(told)
        fields["figures"] = {name: Figure(*map(_number, each)) for name, each in told["figures"].items()}
        fields["held"] = (float(told["held"][0]), float(told["held"][1]))
        fields["conventions"] = tuple((float(one), float(two)) for one, two in told["conventions"])
        fields["paradigms"] = tuple((_number(one), _number(two)) for one, two in told["paradigms"])
        fields["axes"] = {name: (_numbers(one), _numbers(two)) for name, (one, two) in told["axes"].items()}
        fields["densities"] = {name: tuple(map(_numbers, each)) for name, each in told["densities"].items()}
        fields["spectrum"] = {int(seen): int(kinds) for seen, kinds in told["spectrum"].items()}
        return cls(**fields)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _numbers(values: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(map(_number, values))
