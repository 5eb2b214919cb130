"""The quality of a sample, 0 to 100, as weights and curves over its signals; every point lost names its rule."""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from explorer.columns import DIMENSIONS, PERCENTILE_SUFFIX, PERCENTILES, WEIGHABLE
from explorer.errors import BadInput
from explorer.own_files import Damaged, parse_toml
from explorer.quality.gates import GATES

Row = Mapping[str, Any]
"""The columns of a sample by name; None where something is not known."""

SHOWN_LOSSES, SHOWN_GAINS = 5, 3
_LEAST_WEIGHT = 1e-6
"""A smaller weight counts as none."""
_LEAST_STEP, _MOST_VALUE = 1e-9, 1e15
"""Between the values of two points of a curve, and the largest value of one."""


@dataclass(frozen=True)
class Signal:
    """How a column's value is turned into a desirability from 0 to 1."""

    column: str
    weight: float
    rule: str
    """What is best, in words."""
    curve: tuple[tuple[float, float], ...] = ()
    """Points of value and desirability, the values rising; empty where another form holds."""
    is_percentile: bool = False
    is_decay: bool = False
    log: float | None = None

    @property
    def source(self) -> str:
        """The column that holds what the curve is over."""
        return self.column + PERCENTILE_SUFFIX if self.is_percentile else self.column

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The points of the curve; those of a percentile go straight up."""
        return ((0.0, 0.0), (1.0, 1.0)) if self.is_percentile else self.curve

    def desirability(self, row: Row) -> float | None:
        """Works out the desirability for a sample; None where its value is not known."""
        value = row.get(self.source)
        if value is None:
            return None
        if self.is_decay:
            return math.exp(-value)
        if self.log is not None:
            return min(math.log1p(max(value, 0)) / math.log1p(self.log), 1.0)
        return interpolated(float(value), self.points)


@dataclass(frozen=True)
class Dimension:
    """Signals that belong together and their weight in the whole."""

    name: str
    weight: float
    signals: tuple[Signal, ...]
    least: tuple[tuple[str, float], ...] = ()
    """Columns that must reach a value, else the dimension is not known."""
    any_of: tuple[str, ...] = ()
    """Columns of which one must be known, else the dimension is not."""

    def is_known(self, row: Row) -> bool:
        """Tells whether the dimension can be judged for a sample at all."""
        reached = all((row.get(column) or 0) >= least for column, least in self.least)
        return reached and (not self.any_of or any(row.get(column) is not None for column in self.any_of))

    def parts(self, row: Row) -> list[tuple[Signal, float]]:
        """Lists the signals that are known for a sample with their desirabilities."""
        if not self.is_known(row):
            return []
        found = ((signal, signal.desirability(row)) for signal in self.signals)
        return [(signal, worth) for signal, worth in found if worth is not None and signal.weight > 0]


@dataclass(frozen=True)
class Scale:
    """All that makes a quality: dimensions and the caps behind gates."""

    version: str
    dimensions: tuple[Dimension, ...]
    caps: tuple[tuple[str, float], ...]
    digest: str
    """Tells one scale from another."""


@dataclass(frozen=True)
class Points:
    """What one signal costs a sample or brings it."""

    signal: Signal
    dimension: str
    points: float
    value: float


@dataclass(frozen=True)
class Score:
    """The quality of a sample with its reasons."""

    quality: float | None
    coverage: float
    dimensions: Mapping[str, float]
    """The part of each known dimension, 0 to 1."""
    lost: tuple[Points, ...]
    """All losses, the largest first; with `capped` they add up to 100 less the quality."""
    gained: tuple[Points, ...]
    capped: tuple[str, float] | None
    """The gate that cut the quality off, and the points that it cost."""


def interpolated(value: float, points: Sequence[tuple[float, float]]) -> float:
    """Reads a curve through points at a value: straight between them, level beyond them."""
    if value <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if value <= right:
            return low + (value - left) * (high - low) / (right - left)
    return points[-1][1]


def score(scale: Scale, row: Row) -> Score:
    """Works the quality of a sample out with every point that it loses and gains."""
    known = [(dimension, parts) for dimension in scale.dimensions if (parts := dimension.parts(row))]
    coverage = sum(dimension.weight for dimension, _ in known)
    if not coverage:
        return Score(None, 0.0, {}, (), (), None)
    worth = {dimension.name: _weighed(parts) for dimension, parts in known}
    quality = 100 * sum(dimension.weight * worth[dimension.name] for dimension, _ in known) / coverage
    lost = sorted(_shares(known, row, coverage, lost=True), key=lambda part: -part.points)
    gained = sorted(_shares(known, row, coverage, lost=False), key=lambda part: -part.points)
    capped = _cap(scale, row, quality)
    return Score(
        quality - (capped[1] if capped else 0.0),
        coverage / sum(dimension.weight for dimension in scale.dimensions),
        worth,
        tuple(lost),
        tuple(gained),
        capped,
    )


def _weighed(parts: Sequence[tuple[Signal, float]]) -> float:
    return sum(signal.weight * worth for signal, worth in parts) / sum(signal.weight for signal, _ in parts)


def _shares(
    known: Sequence[tuple[Dimension, list[tuple[Signal, float]]]], row: Row, coverage: float, *, lost: bool
) -> Iterator[Points]:
    """Shares out what each dimension costs, or brings, among its signals."""
    for dimension, parts in known:
        whole = sum(signal.weight for signal, _ in parts)
        for signal, worth in parts:
            share = 100 * dimension.weight / coverage * signal.weight * (1 - worth if lost else worth) / whole
            if share > 0:
                yield Points(signal, dimension.name, share, float(row[signal.column]))


def _cap(scale: Scale, row: Row, quality: float) -> tuple[str, float] | None:
    gates = row.get("gates") or ()
    tightest = min(((cap, gate) for gate, cap in scale.caps if gate in gates), default=None)
    return (tightest[1], quality - tightest[0]) if tightest and quality > tightest[0] else None


# ---- the file


@cache
def usual_scale() -> Scale:
    """Returns the scale that comes with the program."""
    return read_scale((files("explorer.quality") / "quality.toml").read_text("utf-8"), "quality.toml")


def read_scale(text: str, where: str) -> Scale:
    """Reads a scale; raises BadInput naming the place in the file and what to write there."""
    try:
        tables = parse_toml(text)
    except Damaged as damage:
        raise BadInput(f"{where} cannot be used: {damage}.", "Correct that line, or move the file away.") from None
    reading = _Reading(where)
    version, caps = reading.version(tables.get("version", "")), reading.caps(tables.get("caps", {}))
    dimensions = tuple(reading.dimension(name, tables.get(name)) for name in DIMENSIONS if name in tables)
    if not sum(dimension.weight for dimension in dimensions) > 0:
        raise BadInput(f"{where}: no dimension has a weight.", f"Give a weight to one of {', '.join(DIMENSIONS)}.")
    digest = hashlib.sha256(repr((dimensions, caps)).encode()).hexdigest()[:16]
    return Scale(version, dimensions, caps, digest)


class _Reading:
    """Reads the tables of one file, naming it in every complaint."""

    def __init__(self, where: str) -> None:
        self._where = where

    def dimension(self, name: str, table: Any) -> Dimension:
        table = self._table(name, table)
        signals = table.get("signals", [])
        if not isinstance(signals, list) or not signals:
            raise self._bad(f"{name}.signals", "a list of signals")
        least = self._table(f"{name}.least", table.get("least", {}))
        return Dimension(
            name,
            self.weight(f"{name}.weight", table.get("weight")),
            tuple(self.signal(f"{name}.signals[{place}]", signal) for place, signal in enumerate(signals, 1)),
            tuple(
                (self.column(f"{name}.least", column), self.number(f"{name}.least.{column}", value, 1e9))
                for column, value in least.items()
            ),
            tuple(self.column(f"{name}.any", column) for column in self._list(f"{name}.any", table.get("any", []))),
        )

    def signal(self, place: str, table: Any) -> Signal:
        table = self._table(place, table)
        column = self.column(f"{place}.column", table.get("column"))
        for name in ("percentile", "decay"):
            if not isinstance(table.get(name, False), bool):
                raise self._bad(f"{place}.{name}", "true or false")
        forms = [form for form in ("curve", "percentile", "decay", "log") if table.get(form)]
        if len(forms) != 1:
            raise self._bad(place, "exactly one of curve, percentile, decay and log")
        if "percentile" in forms and column not in PERCENTILES:
            raise self._bad(f"{place}.percentile", f"it only for {', '.join(sorted(PERCENTILES))}")
        return Signal(
            column=column,
            weight=self.weight(f"{place}.weight", table.get("weight")),
            rule=self._text(f"{place}.rule", table.get("rule", column)),
            curve=self._curve(place, table["curve"]) if "curve" in forms else (),
            is_percentile="percentile" in forms,
            is_decay="decay" in forms,
            log=self.number(f"{place}.log", table["log"], 1e12, least=1e-3) if "log" in forms else None,
        )

    def caps(self, table: Any) -> tuple[tuple[str, float], ...]:
        caps = self._table("caps", table)
        unknown = next((gate for gate in caps if gate not in GATES), None)
        if unknown is not None:
            raise self._bad(f"caps.{unknown}", f"one of {', '.join(GATES)}")
        return tuple((gate, self.number(f"caps.{gate}", cap, 100)) for gate, cap in caps.items())

    def version(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self._bad("version", "a number or a text")
        return str(value)

    def column(self, place: str, name: Any) -> str:
        if not isinstance(name, str) or name not in WEIGHABLE:
            raise self._bad(place, f"one of {', '.join(sorted(WEIGHABLE))}")
        return name

    def weight(self, place: str, value: Any) -> float:
        weight = self.number(place, value, 1)
        return weight if weight >= _LEAST_WEIGHT else 0.0

    def number(self, place: str, value: Any, most: float, least: float = 0) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self._bad(place, f"a number from {least:g} to {most:g}")
        return float(value)

    def _curve(self, place: str, points: Any) -> tuple[tuple[float, float], ...]:
        pairs = points if isinstance(points, list) else []
        are_numbers = all(
            isinstance(pair, list) and len(pair) == 2 and all(type(each) in (int, float) for each in pair)
            for pair in pairs
        )
        usable = are_numbers and all(abs(value) <= _MOST_VALUE and 0 <= worth <= 1 for value, worth in pairs)
        curve = tuple((float(value), float(worth)) for value, worth in pairs) if usable else ()
        rising = all(right[0] - left[0] >= _LEAST_STEP for left, right in pairwise(curve))
        if len(curve) < 2 or not rising:
            raise self._bad(f"{place}.curve", "two or more points [value, desirability], values rising, 0 to 1")
        return curve

    def _list(self, place: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self._bad(place, "a list")
        return value

    def _text(self, place: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self._bad(place, "a text")
        return value

    def _table(self, place: str, table: Any) -> dict[str, Any]:
        if not isinstance(table, dict):
            raise self._bad(place, "a table")
        return table

    def _bad(self, place: str, wish: str) -> BadInput:
        return BadInput(f"{self._where}: {place} cannot be used.", f"Write {wish} there.")
