"""How the samples of a view stand in the table: which columns, and what each cell says."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from explorer.labels.decisions import SampleRef
from widgets import numbers
from widgets.paged_table import Cell, Column, Row

ASKED = (
    *("row", "id", "sha256", "tier", "tier_source", "origin", "verdict", "note", "language", "tokens", "tokens_exact"),
    *("lines", "repo", "path", "license", "cluster_size", "labelled", "redundant", "quality", "gates"),
)
"""Columns that every page brings."""

TIER_STYLES = {1: "$text-success", 2: "$text-primary", 3: "$text-warning", 4: "$text-error"}
"""A colour for each tier; its digit always stands beside it."""

ORIGIN_SIGNS = {"human": "H", "synthetic": "S", "mixed": "X", "unknown": "·"}
_QUIET = "$foreground 45%"
_VERDICTS = {"keep": ("+", "$text-success bold"), "drop": ("−", "$text-error bold")}


class Line(NamedTuple):
    """A sample of a view as a page brings it, in the order of `ASKED` behind its position."""

    position: int
    row: int
    id: str
    sha256: str
    tier: int | None
    tier_source: str | None
    origin: str | None
    verdict: str | None
    note: str | None
    language: str | None
    tokens: int
    tokens_exact: bool
    lines: int
    repo: str | None
    path: str | None
    license: str | None
    cluster_size: int
    labelled: bool
    redundant: bool
    """Whether a mix leaves it out for another member of its cluster."""
    quality: float | None
    gates: list[str]

    @property
    def ref(self) -> SampleRef:
        """What a label of this sample is attached by."""
        return SampleRef(self.id, self.sha256)


def read_lines(rows: Sequence[Sequence[Any]]) -> tuple[Line, ...]:
    """Reads a page as the reader sends it."""
    return tuple(Line(*row) for row in rows)


def columns_for(width: int) -> tuple[Column, ...]:
    """Chooses the columns that a table of some cells has room for; the path always has what is left."""
    columns = [
        Column("tier", "T", 2),
        Column("origin", "O", 2),
        Column("verdict", "", 1),
        Column("language", "language", 10),
        Column("tokens", "tokens", 8, "right"),
        Column("path", "path", 16, "tail", flexible=True),
    ]
    if width >= 46:
        columns.insert(3, Column("quality", "Q", 4, "right"))
    if width >= 60:
        columns.insert(4, Column("gates", "G", 1))
    if width >= 84:
        columns.insert(-1, Column("lines", "lines", 7, "right"))
    if width >= 72:
        columns.insert(-1, Column("repo", "repo", 16 if width < 110 else 24))
    if width >= 92:
        columns.insert(-1, Column("cluster_size", "≈", 4, "right"))
    if width >= 110:
        columns.append(Column("license", "licence", 14))
    return tuple(columns)


def table_row(line: Line, columns: Sequence[Column]) -> Row:
    """Lays a sample into the cells of some columns."""
    cells: list[Cell] = [_CELLS[column.key](line) for column in columns]
    return Row(line.row, tuple(cells), style=_QUIET if line.verdict == "drop" else "")


def _tier(line: Line) -> Cell:
    mark = "•" if line.labelled else " "
    if line.tier is None:
        return (f"–{mark}", _QUIET)
    return (f"{line.tier}{mark}", f"{TIER_STYLES[line.tier]} bold")


def _origin(line: Line) -> Cell:
    return (ORIGIN_SIGNS.get(line.origin or "unknown", "·"), "$foreground 75%")


def verdict_cell(verdict: str | None, note: str | None) -> Cell:
    """Shows the verdict on a sample by one sign, or that there is a note on it."""
    if verdict in _VERDICTS:
        return _VERDICTS[verdict]
    return ("✎", "$text-accent") if note else ""


def _tokens(line: Line) -> Cell:
    return ("" if line.tokens_exact else "~") + numbers.count(line.tokens)


_BARS = "▁▂▃▄▅▆▇█"


def quality_cell(quality: float | None) -> Cell:
    """Shows a quality as a number and a bar as high as it is."""
    if quality is None:
        return ("–", _QUIET)
    style = "$text-success" if quality >= 70 else "$text-warning" if quality >= 40 else "$text-error"
    return (f"{quality:.0f}{_BARS[min(int(quality * len(_BARS) / 100), len(_BARS) - 1)]}", style)


def gates_cell(gates: Sequence[str]) -> Cell:
    """Shows how many gates a sample stands behind."""
    return (str(min(len(gates), 9)), "$text-warning bold") if gates else ""


def _copies(line: Line) -> Cell:
    """How many samples are as good as this one; quiet where a mix leaves this one out."""
    return (numbers.short(line.cluster_size), _QUIET if line.redundant else "") if line.cluster_size > 1 else ""


_CELLS = {
    "tier": _tier,
    "origin": _origin,
    "verdict": lambda line: verdict_cell(line.verdict, line.note),
    "language": lambda line: line.language or ("–", _QUIET),
    "tokens": _tokens,
    "quality": lambda line: quality_cell(line.quality),
    "gates": lambda line: gates_cell(line.gates),
    "lines": lambda line: numbers.count(line.lines),
    "repo": lambda line: (line.repo or "", "$foreground 75%"),
    "path": lambda line: line.path or (line.id, "$foreground 60%"),
    "cluster_size": _copies,
    "license": lambda line: (line.license or "–", "$foreground 60%"),
}
