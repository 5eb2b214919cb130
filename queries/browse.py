"""Questions a browse screen or a command asks of an index that is attached as `corpus`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb

from queries import statement
from queries.filters import Clause, Filter, literal, order_by, quoted, where
from queries.rows import FacetRow, SampleKey, Totals

Cursor = duckdb.DuckDBPyConnection


class PlaceRow(NamedTuple):
    """Where consecutive rows of the index stand."""

    base: int
    rows: int
    row_group: int
    content: str | None
    content_base: int
    file: int
    name: str


class Attached(NamedTuple):
    """Where a label went: to a row, or nowhere."""

    id: str
    row: int | None
    stale: bool
    by_content: bool


def attach_index(connection: Cursor, path: str) -> None:
    """Attaches an index read-only and lays the empty label overlay over it."""
    connection.execute(statement("attach", path=literal(path)))
    connection.execute(statement("browse_overlay"))
    connection.execute(statement("gates_barred"))


def columns(cursor: Cursor) -> dict[str, str]:
    """Returns the public columns of `samples` with their types, without `content`."""
    return dict(cursor.execute(statement("browse_columns")).fetchall())


def build_view(
    cursor: Cursor, view: int, filters: Sequence[Filter], keys: Sequence[tuple[str, bool]], known: Mapping[str, str]
) -> int:
    """Writes down the rows of a view in their order, as table `view_<n>`; returns how many there are."""
    cursor.execute(statement("browse_view", view=str(view), where=where(filters), order=order_by(keys, known)))
    return _number(cursor.execute(statement("browse_view_size", view=str(view))).fetchone())


def forget_view(cursor: Cursor, view: int) -> None:
    """Drops the table of a view, if there is one."""
    cursor.execute(statement("browse_forget", view=str(view)))


def page(cursor: Cursor, view: int | None, first: int, count: int, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """Returns (position, values …) of some rows of a view; view None is the corpus in its own order."""
    selected = ", ".join(f"samples.{quoted(name)}" for name in names)
    text = (
        statement("browse_page_in_order", columns=selected)
        if view is None
        else statement("browse_page", view=str(view), columns=selected)
    )
    return cursor.execute(text, {"first": first, "last": first + count - 1}).fetchall()


def totals(cursor: Cursor, filters: Sequence[Filter]) -> Totals:
    """Counts the samples that pass some filters."""
    row = cursor.execute(statement("browse_totals", where=where(filters))).fetchone()
    return Totals(*row) if row else Totals(0, 0, 0, True)


def facet(cursor: Cursor, column: str, filters: Sequence[Filter], most: int) -> list[FacetRow]:
    """Counts samples and tokens for each value of a column, most frequent first, at most `most` values."""
    text = statement("browse_facet", column=quoted(column), where=where(filters))
    return [FacetRow(*row) for row in cursor.execute(text, {"most": most}).fetchall()]


def gates(cursor: Cursor) -> list[FacetRow]:
    """Counts the samples behind each gate, most first; one behind two gates counts at both."""
    return [FacetRow(*row) for row in cursor.execute(statement("gate_counts")).fetchall()]


def position(cursor: Cursor, view: int | None, row: int) -> int | None:
    """Tells at which position of a view a row stands, if it is there."""
    if view is None:
        return row
    found = cursor.execute(statement("browse_position", view=str(view)), {"row": row}).fetchone()
    return int(found[0]) if found else None


def row_of_id(cursor: Cursor, sample: str) -> int | None:
    """Finds the row of a sample by its id."""
    found = cursor.execute(statement("browse_row_of_id"), {"id": sample}).fetchone()
    return int(found[0]) if found else None


def rows_of_ids(cursor: Cursor, ids: Sequence[str]) -> list[tuple[str, int]]:
    """Finds the rows of those ids that exist."""
    found = cursor.execute(statement("browse_rows_of_ids"), {"ids": list(ids)}).fetchall()
    return [(str(sample), int(row)) for sample, row in found]


def sample(cursor: Cursor, row: int) -> dict[str, Any]:
    """Returns every public column of one sample; empty where the row does not exist."""
    cursor.execute(statement("browse_sample"), {"row": row})
    names = [column[0] for column in cursor.description or ()]
    found = cursor.fetchone()
    return dict(zip(names, found, strict=True)) if found else {}


def rows(
    cursor: Cursor,
    names: Sequence[str],
    filters: Sequence[Filter],
    keys: Sequence[tuple[str, bool]],
    known: Mapping[str, str],
    most: int | None,
) -> Iterator[tuple[Any, ...]]:
    """Yields the values of some columns for the samples that pass, in order."""
    text = statement(
        "browse_rows",
        columns=", ".join(quoted(name) for name in names),
        where=where(filters),
        order=order_by(keys, known),
        limit=f"limit {int(most)}" if most is not None else "",
    )
    cursor.execute(text)
    while chunk := cursor.fetchmany(4096):
        yield from chunk


def keys_of(cursor: Cursor, filters: Sequence[Filter]) -> list[SampleKey]:
    """Returns id and hexadecimal SHA-256 of the samples that pass, in row order."""
    text = statement("browse_refs_of_view", where=where(filters))
    return [SampleKey(*row) for row in cursor.execute(text).fetchall()]


def keys_of_rows(cursor: Cursor, wanted: Sequence[int]) -> list[SampleKey]:
    """Returns id and hexadecimal SHA-256 of some rows, in row order."""
    found = cursor.execute(statement("browse_refs_of_rows"), {"rows": list(wanted)}).fetchall()
    return [SampleKey(row[0], row[1]) for row in found]


def keys_of_ids(cursor: Cursor, ids: Sequence[str]) -> list[SampleKey]:
    """Returns id and hexadecimal SHA-256 of the ids that exist."""
    return [SampleKey(*row) for row in cursor.execute(statement("browse_known_ids"), {"ids": list(ids)}).fetchall()]


def places(cursor: Cursor) -> list[PlaceRow]:
    """Returns where all rows stand, in row order."""
    return [PlaceRow(*row) for row in cursor.execute(statement("places")).fetchall()]


def candidates(cursor: Cursor, filters: Sequence[Filter]) -> list[tuple[int, int, int]]:
    """Returns (first row, rows, passing samples) of the row groups that hold samples which pass."""
    text = statement("content_candidates", where=where(filters))
    return [(int(base), int(count), int(hits)) for base, count, hits in cursor.execute(text).fetchall()]


def start_matches(cursor: Cursor, view: int) -> None:
    """Makes the empty table `matched_<n>` for the rows whose content passes."""
    cursor.execute(statement("content_matches", view=str(view)))


def forget_matches(cursor: Cursor, view: int) -> None:
    """Drops the table of matches, if there is one."""
    cursor.execute(statement("content_forget", view=str(view)))


def matched(view: int) -> Filter:
    """Returns the filter of the rows in `matched_<n>`."""
    text = statement("content_matched", view=str(int(view))).strip()
    return Filter(text, (Clause(text, frozenset(("row",))),))


def match_content(cursor: Cursor, view: int, batch: Any, filters: Sequence[Filter], first: int, last: int) -> int:
    """Adds the rows of an Arrow table (row bigint, content text) that pass to `matched_<n>`; returns their number."""
    cursor.register("content_batch", batch)
    try:
        text = statement("content_match", view=str(view), where=where(filters))
        return _number(cursor.execute(text, {"first": first, "last": last}).fetchone())
    finally:
        cursor.unregister("content_batch")


def attach_labels(cursor: Cursor, labels: Mapping[str, Sequence[Any]]) -> list[Attached]:
    """Finds the rows of labels, given by columns `id` and `sha256`.

    A label goes to the sample of its id (stale where the content there changed), else to the only sample of its
    content unless that one has a label of its own or the label of a lower id, else nowhere.
    """
    found = cursor.execute(
        statement("labels_attach"), {name: list(values) for name, values in labels.items()}
    ).fetchall()
    return [Attached(*row) for row in found]


def put_labels(cursor: Cursor, labels: Mapping[str, Sequence[Any]]) -> None:
    """Replaces the overlay of some rows: columns `row`, the fields of a label, `stale`, `by_content`."""
    cursor.begin()
    try:
        cursor.execute(statement("labels_forget_rows"), {"rows": list(labels["row"])})
        cursor.execute(statement("labels_put"), {name: list(values) for name, values in labels.items()})
        cursor.commit()
    except duckdb.Error:
        cursor.rollback()
        raise


def facts(cursor: Cursor) -> dict[str, str]:
    """Returns what is known of the whole index."""
    return dict(cursor.execute(statement("facts")).fetchall())


def quarantine(cursor: Cursor) -> list[tuple[str, str]]:
    """Returns the files that were left out, with their reasons."""
    return cursor.execute(statement("quarantine")).fetchall()


def summary(cursor: Cursor) -> dict[str, int]:
    """Counts files, contents that are no UTF-8, clusters, and what a mix leaves out of them."""
    row = cursor.execute(statement("summary")).fetchone()
    names = (
        *("files", "not_utf8", "exact_clusters", "near_clusters", "clustered"),
        *("tokens_removable", "kept_members"),
    )
    return dict(zip(names, row or (), strict=False))


def _number(row: tuple[Any, ...] | None) -> int:
    return int(row[0]) if row else 0
