"""Builds the tables of an index from its parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

import duckdb

from queries import clusters, statement


class PlacedPart(NamedTuple):
    """A part, and the position in the index of its first row."""

    path: str
    base: int


class FileRow(NamedTuple):
    """A file of the corpus."""

    file: int
    name: str
    rows: int
    bytes: int


class RowGroupRow(NamedTuple):
    """Where consecutive rows of the index stand: a row group of a file, and in which copy of the text, if any."""

    base: int
    rows: int
    file: int
    row_group: int
    content: str | None
    content_base: int
    """Position in the index of the first row of the copy."""


class QuarantineRow(NamedTuple):
    """A file that was left out, and why."""

    file: str
    reason: str


class FactRow(NamedTuple):
    """Something that is known of the whole index."""

    name: str
    value: str


class PartRow(NamedTuple):
    """A part by its position in the list that is read, and where its rows begin in the index."""

    part: int
    base: int


class PartFileRow(NamedTuple):
    """A part by its file name, and where its rows begin in the index."""

    name: str
    base: int


class LicenceRow(NamedTuple):
    """A licence text of the corpus, its SPDX expression and its class."""

    given: str
    expression: str
    license_class: str


class Places(NamedTuple):
    """All that is known of an index beside its samples."""

    files: Sequence[FileRow]
    row_groups: Sequence[RowGroupRow]
    quarantine: Sequence[QuarantineRow]
    facts: Sequence[FactRow]
    part_files: Sequence[PartFileRow]


class Pairs(NamedTuple):
    """Pairs of contents, each named by its first row, the lower one left, with their exact similarity.

    Three numpy arrays of one length: int64, int64, float64.
    """

    left: Any
    right: Any
    similarity: Any


class Comparing(Protocol):
    """Whoever finds near-duplicates for an index that is being loaded."""

    def find(self, contents: Any) -> Pairs:
        """Returns the pairs that make clusters, and all others inside small ones; takes and returns numpy arrays."""
        ...

    def measure(self, left: Any, right: Any) -> Any:
        """Returns the similarity of pairs of contents that a cluster connects."""
        ...

    def clusters_of(self, pairs: Any) -> tuple[Any, Any]:
        """Returns every content that a pair connects with others, and the one that stands for its cluster."""
        ...


@dataclass(frozen=True)
class Clustering:
    """How clusters are found, and the usual policy for their survivors."""

    comparing: Comparing
    threshold: float
    order: Sequence[int]
    """Positions in the list of ranks, from 1, the weightiest first."""


class MisplacedRows(Exception):
    """The engine broke the promise that rows keep their order."""


Row = TypeVar("Row", bound=tuple)


def load(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[PlacedPart],
    places: Places,
    read_licence: Callable[[str], tuple[str, str]],
    clustering: Clustering,
) -> None:
    """Fills an empty database from the parts, which hold at least one row.

    `read_licence` turns a licence text into its expression and class. Raises MisplacedRows if a row would not stand
    at its own position.
    """
    connection.execute(statement("load_places"))
    _insert(connection, "files", FileRow, places.files)
    _insert(connection, "row_groups", RowGroupRow, places.row_groups)
    _insert(connection, "quarantine", QuarantineRow, places.quarantine)
    _insert(connection, "facts", FactRow, places.facts)
    _insert(connection, "part_files", PartFileRow, places.part_files)
    _insert(connection, "parts", PartRow, [PartRow(number, part.base) for number, part in enumerate(parts)])
    paths = [part.path for part in parts]
    _insert(connection, "licences", LicenceRow, _licences(connection, paths, read_licence))
    _load_samples(connection, paths, clustering)


def _licences(
    connection: duckdb.DuckDBPyConnection, paths: list[str], read_licence: Callable[[str], tuple[str, str]]
) -> list[LicenceRow]:
    given = connection.execute(statement("load_licence_names"), {"parts": paths}).fetchall()
    return [LicenceRow(text, *read_licence(text)) for (text,) in given]


def _load_samples(connection: duckdb.DuckDBPyConnection, paths: list[str], clustering: Clustering) -> None:
    answer = connection.execute(statement("load_given_ids"), {"parts": paths}).fetchone()
    given_ids = bool(answer and answer[0])
    connection.execute(statement("load_ordinals"), {"parts": paths})
    _load_clusters(connection, paths, given_ids, clustering)
    settings = {"parts": paths, "given_ids": given_ids, "threshold": clustering.threshold}
    connection.execute(statement("load_samples"), settings)
    _insert(connection, "facts", FactRow, [FactRow("ids", "given" if given_ids else "hash")])
    misplaced = connection.execute(statement("load_misplaced")).fetchone()
    if misplaced is None or misplaced[0]:
        raise MisplacedRows(f"{misplaced[0] if misplaced else 'all'} rows do not stand at their position")


def _load_clusters(
    connection: duckdb.DuckDBPyConnection, paths: list[str], given_ids: bool, clustering: Clustering
) -> None:
    """Compares the contents and writes down who belongs together, who survives, and how like it each other one is."""
    comparing = clustering.comparing
    connection.execute(statement("load_contents"), {"parts": paths})
    proven = comparing.find(connection.execute(statement("load_long_contents")).fetchnumpy()["node"])
    nodes, roots = comparing.clusters_of(proven)
    clusters.make_ranks(connection, "temp")
    connection.execute(statement("load_tested_repos"), {"parts": paths})
    with clusters.registered(connection, "roots", node=nodes, root=roots):
        connection.execute(statement("load_clustered"), {"parts": paths, "given_ids": given_ids})
    with clusters.registered(connection, "proven", one=proven.left, other=proven.right, similarity=proven.similarity):
        clusters.stand(connection, "standings", "clustered", clustering.order, scope="temp", pairs="proven")
        left, right = clusters.unmeasured(connection, "standings")
        measured = comparing.measure(left, right)
        with clusters.registered(connection, "measured", one=left, other=right, similarity=measured):
            clusters.take_measured(connection, "standings")
            connection.execute(statement("load_members"))
            connection.execute(statement("load_pairs"))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, kind: type[Row], rows: Sequence[Row]) -> None:
    """Adds rows by columns in one statement: a thousand times faster than one statement a row."""
    fields: tuple[str, ...] = kind._fields  # pyright: ignore[reportAttributeAccessIssue]
    columns = {name: [row[position] for row in rows] for position, name in enumerate(fields)}
    connection.execute(statement(f"insert_{table}"), columns)
