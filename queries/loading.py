"""Builds the tables of an index from its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

import duckdb

from queries import clusters, quality, statement
from queries.filters import literal, quoted
from queries.names import free_name
from queries.quality import Formula
from queries.rows import NotKeptRow, QuarantineRow, UnreadRow

SUGGESTED_ROWS = 500_000
"""Samples that tiers are suggested for at a time."""


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


class IndexFileRow(NamedTuple):
    """A derived file that an index was loaded from, or reads texts from."""

    name: str
    kind: str
    """`part`, or `copy` of the text."""


class LicenceRow(NamedTuple):
    """What is claimed of a sample's licence, and what that comes to."""

    given: str | None
    """What the corpus says."""
    header: str | None
    """The expression at the head of the text."""
    nearest: str | None
    """The licence of the nearest licence file up the path."""
    expression: str | None
    license_class: str
    conflict: bool
    attribution_required: bool


def files_of_index(connection: duckdb.DuckDBPyConnection, path: str) -> list[IndexFileRow]:
    """Lists the parts and copies of an index that is not open yet; raises duckdb.Error where it is none of ours."""
    connection.execute(statement("attach", path=literal(path)))
    return [IndexFileRow(*row) for row in connection.execute(statement("files_of_index")).fetchall()]


class Gaps(NamedTuple):
    """What an index does not hold of the columns of its corpus."""

    not_kept: list[NotKeptRow]
    unread: list[UnreadRow]


def gaps(cursor: duckdb.DuckDBPyConnection) -> Gaps:
    """Returns the columns that an index does not keep, and the values that could not be read as a field."""
    return Gaps(
        [NotKeptRow(*row) for row in cursor.execute(statement("not_kept")).fetchall()],
        [UnreadRow(*row) for row in cursor.execute(statement("unread")).fetchall()],
    )


def gaps_of_index(connection: duckdb.DuckDBPyConnection, path: str) -> Gaps:
    """Returns the gaps of an index that is not open yet."""
    connection.execute(statement("attach", path=literal(path)))
    return gaps(connection)


class Places(NamedTuple):
    """All that is known of an index beside its samples."""

    files: Sequence[FileRow]
    row_groups: Sequence[RowGroupRow]
    quarantine: Sequence[QuarantineRow]
    not_kept: Sequence[NotKeptRow]
    unread: Sequence[tuple[str, str]]
    """Fields that a column of another class is named for, each with the column that keeps it."""
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


class Judging(Protocol):
    """Whoever judges what is known of the samples of an index that is being loaded."""

    formula: Formula
    """What their quality is made of."""
    percentiles: Sequence[str]
    """Signals whose percentile among comparable samples is kept."""
    signals: Sequence[str]
    """Columns of the parts that quality and suggestions are made of, without `tests_share`."""
    suggestable: Sequence[str]
    """Columns that a suggestion is made of."""

    def license(self, given: str | None, header: str | None, nearest: str | None) -> tuple[str | None, str, bool, bool]:
        """Returns expression and class, whether the claims conflict, and whether the authors must be named."""
        ...

    def folders(
        self, files: Sequence[tuple[str, str, str, float | None]]
    ) -> list[tuple[str, str, str, str, float | None]]:
        """Takes licence files: repo, path, licence, similarity; returns repo, folder, path, licence, similarity."""
        ...

    def suggest(self, columns: Any) -> Any:
        """Takes an Arrow record batch of `row` and the suggestable columns; returns one of row, tier, confidence."""
        ...


class MisplacedRows(Exception):
    """The engine broke the promise that rows keep their order."""


Row = TypeVar("Row", bound=tuple)


def load(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[PlacedPart],
    places: Places,
    judging: Judging,
    clustering: Clustering,
) -> None:
    """Fills an empty database from the parts, which hold at least one row.

    Raises MisplacedRows if a row would not stand at its own position.
    """
    connection.execute(statement("load_places"))
    _insert(connection, "files", FileRow, places.files)
    _insert(connection, "row_groups", RowGroupRow, places.row_groups)
    _insert(connection, "quarantine", QuarantineRow, places.quarantine)
    _insert(connection, "not_kept", NotKeptRow, places.not_kept)
    _insert(connection, "facts", FactRow, places.facts)
    _insert(connection, "part_files", PartFileRow, places.part_files)
    _insert(connection, "parts", PartRow, [PartRow(number, part.base) for number, part in enumerate(parts)])
    paths = [part.path for part in parts]
    _load_samples(connection, paths, judging, clustering, places.unread)


def _load_samples(
    connection: duckdb.DuckDBPyConnection,
    paths: list[str],
    judging: Judging,
    clustering: Clustering,
    others: Sequence[tuple[str, str]],
) -> None:
    answer = connection.execute(statement("load_given_ids"), {"parts": paths}).fetchone()
    given_ids = bool(answer and answer[0])
    connection.execute(statement("load_ordinals"), {"parts": paths})
    connection.execute(statement("load_tested_repos"), {"parts": paths})
    _judge(connection, paths, given_ids, judging)
    _load_clusters(connection, paths, clustering)
    unread = _unread(connection, paths, given_ids, others)
    _insert(connection, "unread", UnreadRow, unread)
    shown = "".join(f", {_UNREAD[row.field]} as {quoted(row.column)}" for row in unread if row.field in _UNREAD)
    connection.execute(statement("load_samples", unread=shown), {"parts": paths, "threshold": clustering.threshold})
    _insert(connection, "facts", FactRow, [FactRow("ids", "given" if given_ids else "hash")])
    misplaced = connection.execute(statement("load_misplaced")).fetchone()
    if misplaced is None or misplaced[0]:
        raise MisplacedRows(f"{misplaced[0] if misplaced else 'all'} rows do not stand at their position")


_UNREAD = {
    "id": "placed.given_id",
    "tier": "placed.unread_tier",
    "origin": "placed.unread_origin",
    "created": "case when placed.moment is null then placed.created end",
}
"""What was given for a field that not every value can be read as."""


def _unread(
    connection: duckdb.DuckDBPyConnection, paths: list[str], given_ids: bool, others: Sequence[tuple[str, str]]
) -> list[UnreadRow]:
    """Counts what was given and could not be read, by field, and names the column that keeps it.

    `others` are fields with the column of another class that keeps what was given for them. Ids count as unread
    where they repeat or are missing, so that the samples have others.
    """
    kept = [column for _, column in others]
    counts = "".join(f", count({quoted(name)}), any_value({quoted(name)}::varchar)" for name in kept)
    found = connection.execute(statement("load_unread", others=counts), {"parts": paths}).fetchone() or ()
    pairs = list(zip(found[::2], found[1::2], strict=True))
    names = {row[0].lower() for row in connection.execute(statement("load_names"), {"parts": paths}).fetchall()}
    names.discard("given_id")  # a name of ours
    rows = [
        UnreadRow(field, free_name(f"given_{field}", names), samples, example)
        for field, (samples, example) in zip(_UNREAD, pairs, strict=False)
        if samples and not (field == "id" and given_ids)
    ]
    rows += [
        UnreadRow(field, column, samples, example)
        for (field, column), (samples, example) in zip(others, pairs[len(_UNREAD) :], strict=True)
        if samples
    ]
    return rows


def _judge(connection: duckdb.DuckDBPyConnection, paths: list[str], given_ids: bool, judging: Judging) -> None:
    """Writes down licence, gates, quality and suggested tier of every sample."""
    files = connection.execute(statement("load_licence_files"), {"parts": paths}).fetchall()
    folders = judging.folders(files)
    names = ("repo", "directory", "path", "license", "similarity")
    columns = {name: [folder[place] for folder in folders] for place, name in enumerate(names)}
    connection.execute(statement("load_licence_folders"), columns)
    for step in ("load_nearest", "load_touched"):
        connection.execute(statement(step), {"parts": paths})
    claims = connection.execute(statement("load_licence_claims"), {"parts": paths}).fetchall()
    _insert(connection, "licences", LicenceRow, [_licence_row(judging, *claim) for claim in claims])
    signals = ", ".join(quoted(signal) for signal in judging.signals)
    connection.execute(statement("load_judged", signals=signals), {"parts": paths, "given_ids": given_ids})
    quality.take_percentiles(connection, judging.percentiles)
    quality.score(connection, judging.formula, judging.percentiles)
    _suggest(connection, judging)


def _licence_row(judging: Judging, given: str | None, header: str | None, nearest: str | None) -> LicenceRow:
    return LicenceRow(given, header, nearest, *judging.license(given, header, nearest))


def _suggest(connection: duckdb.DuckDBPyConnection, judging: Judging) -> None:
    columns = ", ".join(quoted(column) for column in judging.suggestable)
    connection.execute(statement("load_suggested"))
    text = statement("load_suggestable", columns=columns)
    first = 0
    while (batch := _first_batch(connection, text, first)) is not None:
        connection.register("suggestions", judging.suggest(batch))
        connection.execute(statement("load_put_suggested"))
        connection.unregister("suggestions")
        first += SUGGESTED_ROWS


def _first_batch(connection: duckdb.DuckDBPyConnection, text: str, first: int) -> Any:
    """Returns some rows as one record batch, None behind the last."""
    found = connection.sql(text, params={"first": first, "count": SUGGESTED_ROWS}).to_arrow_table().combine_chunks()
    return found.to_batches()[0] if found.num_rows else None


def _load_clusters(connection: duckdb.DuckDBPyConnection, paths: list[str], clustering: Clustering) -> None:
    """Compares the contents and writes down who belongs together, who survives, and how like it each other one is."""
    comparing = clustering.comparing
    connection.execute(statement("load_contents"), {"parts": paths})
    proven = comparing.find(connection.execute(statement("load_long_contents")).fetchnumpy()["node"])
    nodes, roots = comparing.clusters_of(proven)
    clusters.make_ranks(connection, "temp")
    with clusters.registered(connection, "roots", node=nodes, root=roots):
        connection.execute(statement("load_clustered"), {"parts": paths})
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
