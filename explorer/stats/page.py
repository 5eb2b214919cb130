"""What a page of statistics says: sections of rows, the chart that each is drawn as, and figures for scripts.

A page goes through the reader's pipe as JSON; the screen draws it, the command prints it as text or Markdown.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Level = Literal["", "green", "amber", "red", "quiet"]
"""How a figure stands to its limits; `quiet` is context, or what cannot be judged."""

PAGES = ("overview", "quality", "style", "diversity", "freshness", "licences", "duplicates")
"""Every page by name, in the order of the screen."""
COMPARING = ("style", "diversity")
"""The pages that compare with a baseline, and that a stage of the mix can be a group of."""

ChartKind = Literal["bars", "curves", "heat"]


@dataclass(frozen=True)
class Row:
    """One line of a section, all cells as people read them."""

    cells: tuple[str, ...]
    filter: str | None = None
    """The samples behind the line, as a filter that the browse screen can show; None where it stands for none."""
    level: Level = ""
    counts: tuple[int, ...] = ()
    """How many samples of each group are behind the line; empty where it stands for none."""


@dataclass(frozen=True)
class Curve:
    """A line through points, for a group or a slice of one."""

    label: str
    points: tuple[tuple[float, float], ...]
    low: tuple[float, ...] = ()
    """Lower edge of the band around the points; empty without one."""
    high: tuple[float, ...] = ()
    """Upper edge of the band."""


@dataclass(frozen=True)
class Chart:
    """What a section is drawn as.

    `bars`: `labels` names the bars and `series` holds for each group one value a bar. `curves`: `curves` over `limits`.
    `heat`: `labels` names the lines of a matrix, `columns` its columns, `series` is the matrix, line by line.
    """

    kind: ChartKind
    title: str
    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """The groups that `series` stand for."""
    series: tuple[tuple[float | None, ...], ...] = ()
    columns: tuple[str, ...] = ()
    filters: tuple[tuple[str | None, ...], ...] = ()
    """For a heat map: the samples behind each cell."""
    curves: tuple[Curve, ...] = ()
    limits: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class Section:
    """A titled table, drawn as a chart where people would rather look than read; without rows it is only words."""

    title: str
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    chart: Chart | None = None
    words: tuple[str, ...] = ()
    """Sentences under the table: on what it rests, and what it does not say."""


@dataclass(frozen=True)
class Metric:
    """One figure of a group, for scripts; what is not known is None."""

    value: float | None
    baseline: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    level: str = ""
    why: str = ""
    """Why there is no value or no verdict, in words."""


@dataclass(frozen=True)
class GroupFigures:
    """What one group comes to."""

    name: str
    filter: str
    samples: int
    tokens: int
    metrics: Mapping[str, Metric] = field(default_factory=dict[str, Metric])


@dataclass(frozen=True)
class Page:
    """A page over some groups of samples."""

    name: str
    title: str
    groups: tuple[GroupFigures, ...]
    sections: tuple[Section, ...]

    def as_json(self) -> dict[str, Any]:
        """Returns the page as JSON holds it."""
        return asdict(self)
