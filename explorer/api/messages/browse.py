"""Requests about the corpus, its views and its samples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from explorer.api.requests import Request
from explorer.open_corpus.records import Labelled, SavedText, Source, Text, Window
from explorer.selection import Selection
from queries.rows import FacetRow, NotKeptRow, QuarantineRow, SampleKey, Totals, UnreadRow

Value = Any
"""A value of a column: text, a number, a truth value, a list or None, as JSON holds it, its secrets masked."""

# ---- the corpus


@dataclass(frozen=True)
class Description:
    """What a screen must know before it draws."""

    name: str
    base: str
    workspace: str
    index: tuple[int, int, int, int] | None
    """The identity of the index file: another one is another index."""
    totals: Totals
    files: int
    not_utf8: int
    exact_clusters: int
    near_clusters: int
    clustered: int
    tokens_removable: int
    kept_members: int
    columns: Mapping[str, str]
    """The public columns with their types."""
    mapping: Mapping[str, Any]
    """Which column of the corpus each field was read from."""
    quarantined: tuple[QuarantineRow, ...]
    not_kept: tuple[NotKeptRow, ...]
    unread: tuple[UnreadRow, ...]


@dataclass(frozen=True)
class DescribeRequest(Request[Description], name="describe", seconds=120.0):
    """What the open corpus is."""


@dataclass(frozen=True)
class Changes:
    """Whether the files of the corpus are still those that were indexed."""

    sentence: str
    """What differs; empty where nothing does."""


@dataclass(frozen=True)
class ChangesRequest(Request[Changes], name="changes", seconds=None):
    """Whether the corpus is still what was indexed."""


# ---- views


@dataclass(frozen=True)
class ViewShown:
    """A view whose rows are written down in their order."""

    view: int | None
    """Its number; None is the whole corpus in its own order."""
    rows: int


@dataclass(frozen=True)
class ViewRequest(Request[ViewShown], name="view", seconds=None):
    """Writes down the rows of a selection."""

    selection: Selection


@dataclass(frozen=True)
class PageRows:
    """Consecutive rows of a view."""

    rows: tuple[tuple[Value, ...], ...]
    """Each the position in the view, then the values of the columns that were asked for."""


@dataclass(frozen=True)
class PageRequest(Request[PageRows], name="page"):
    """Rows of a view from position `first` on."""

    view: int | None
    first: int
    count: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class FacetCounts:
    """The values of each facet among the samples that pass everything but that facet, and what passes in all."""

    facets: Mapping[str, tuple[FacetRow, ...]]
    totals: Totals


@dataclass(frozen=True)
class FacetsRequest(Request[FacetCounts], name="facets", channel="count", seconds=None):
    """The counts beside the table."""

    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True)
class TotalsAnswer:
    """What some samples come to."""

    totals: Totals


@dataclass(frozen=True)
class TotalsRequest(Request[TotalsAnswer], name="totals", seconds=None):
    """What the samples of a selection come to."""

    selection: Selection


@dataclass(frozen=True)
class Position:
    """Where a sample is."""

    row: int
    position: int | None
    """Its position in the view; None where it is not in it."""


@dataclass(frozen=True)
class PositionRequest(Request[Position], name="position"):
    """Where a row, or the sample with an id, is in a view."""

    view: int | None
    row: int | None = None
    id: str | None = None


@dataclass(frozen=True)
class Keys:
    """What labels are attached to samples by."""

    keys: tuple[SampleKey, ...]


@dataclass(frozen=True)
class KeysRequest(Request[Keys], name="keys"):
    """The keys of some rows."""

    rows: tuple[int, ...]


@dataclass(frozen=True)
class KeysOfSelectionRequest(Request[Keys], name="keys_of_selection", channel="keys", seconds=None):
    """The keys of all samples of a selection."""

    selection: Selection


class RowOfId(NamedTuple):
    """A sample's id and its row."""

    id: str
    row: int


@dataclass(frozen=True)
class Rows:
    """The rows of the ids that are in the index."""

    rows: tuple[RowOfId, ...]


@dataclass(frozen=True)
class RowsRequest(Request[Rows], name="rows"):
    """The rows of some ids."""

    ids: tuple[str, ...]


# ---- one sample


@dataclass(frozen=True)
class Sample:
    """One sample: its public columns, without its content, and where it is."""

    values: Mapping[str, Value]
    source: Source


@dataclass(frozen=True)
class SampleRequest(Request[Sample], name="sample"):
    """One sample by its row."""

    row: int


@dataclass(frozen=True)
class WindowRequest(Request[Window], name="content"):
    """Lines of a sample from line `first` on."""

    row: int
    first: int = 1
    count: int = 5_000


@dataclass(frozen=True)
class TextRequest(Request[Text], name="text", channel="copy"):
    """The text of a sample from character `start` on."""

    row: int
    start: int = 0


@dataclass(frozen=True)
class FoundLine:
    """The next line that matches, None without one."""

    line: int | None


@dataclass(frozen=True)
class FindLineRequest(Request[FoundLine], name="find_line", channel="seek"):
    """The next line after `line` that holds a pattern, before it with `backwards`; goes round at the end."""

    row: int
    pattern: str
    line: int
    regex: bool = False
    backwards: bool = False


@dataclass(frozen=True)
class SaveRequest(Request[SavedText], name="save", seconds=None):
    """Writes the content of a sample into a new file, its secrets masked unless `unmasked`."""

    row: int
    path: str
    unmasked: bool = False


@dataclass(frozen=True)
class LabelsRequest(Request[Labelled], name="labels", channel="write", seconds=30.0):
    """Lays labels over the index: mappings of `id`, `sha256` and the fields of a label."""

    labels: tuple[Mapping[str, str | int | bool | None], ...]
