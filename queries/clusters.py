"""Clusters of near-duplicates: who stands for them, and what a screen or a command asks of them."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from queries import statement
from queries.filters import Filter, where
from queries.rows import BlastRow, ClusterRow, ClusterTotals, ClusterWish, MemberRow

Cursor = duckdb.DuckDBPyConnection

_ONE_COLUMN = "(tier), (language), (repo), (origin)"
_SLICES = f"(tier, language, repo, origin), {_ONE_COLUMN}, ()"
"""The slices that losses are summed by: all four columns, each of them, and all samples."""


@contextmanager
def registered(cursor: Cursor, name: str, **columns: Any) -> Generator[None]:
    """Lends numpy arrays of one length to statements as a table."""
    cursor.register(name, pa.table(columns))
    try:
        yield
    finally:
        cursor.unregister(name)


# ---- who stands for a cluster, while an index is loaded and afterwards


def make_ranks(cursor: Cursor, scope: str = "") -> None:
    """Defines `survivor_ranks`: the list of ranks, the lower the better, by which members of a cluster compare.

    The ranks stand in the order verdict, tier, licence class, quality, tests, newest, longest.
    """
    cursor.execute(statement("cluster_ranks", scope=scope))


def stand(cursor: Cursor, standings: str, members: str, order: Sequence[int], *, pairs: str, scope: str = "") -> None:
    """Writes down, as a table, the survivor of every part of `members` and how like it each member is.

    A member may be `confirmed` to be a duplicate of the survivor, or `parted` from it by a verdict while others still
    connect the two: it then stays in a mix.

    Members that may be drawn come before others, those a curator chose before others, those with a tier before those
    without one, then the ranks named by `order` decide, then the id.
    """
    text = statement("cluster_standings", scope=scope, standings=standings, members=members, pairs=pairs)
    cursor.execute(text, {"order": list(order)})


def unmeasured(cursor: Cursor, standings: str) -> tuple[Any, Any]:
    """Returns the pairs of a content and its survivor whose similarity no pair tells, as two int64 numpy arrays."""
    found = cursor.execute(statement("cluster_unmeasured", standings=standings)).fetchnumpy()
    return found["one"], found["other"]


def take_measured(cursor: Cursor, standings: str) -> None:
    """Fills in similarities from the table `measured` (one, other, similarity)."""
    cursor.execute(statement("cluster_measured", standings=standings))


# ---- the overlay of an open index


def lay_overlay(cursor: Cursor) -> None:
    """Makes what an open index needs to work its clusters out anew."""
    cursor.execute(statement("cluster_overlay"))
    make_ranks(cursor)


def count(cursor: Cursor) -> int:
    """Returns the highest number of a cluster of the index."""
    found = cursor.execute(statement("cluster_count")).fetchone()
    return int(found[0]) if found else 0


def of_rows(cursor: Cursor, rows: Sequence[int]) -> list[int]:
    """Returns the clusters of the index that hold some rows."""
    return [row[0] for row in cursor.execute(statement("cluster_of_rows"), {"rows": list(rows)}).fetchall()]


def gather(cursor: Cursor, number: int, clusters: Sequence[int] | None) -> None:
    """Writes down the members and the pairs of some clusters of the index, of all where None are named."""
    chosen = {"clusters": None if clusters is None else list(clusters)}
    cursor.execute(statement("cluster_members", number=str(number)), chosen)
    cursor.execute(statement("cluster_pairs", number=str(number)), chosen)


def nodes(cursor: Cursor, number: int) -> tuple[Any, list[tuple[int, str]]]:
    """Returns the gathered contents (int64, ascending) and the verdicts on those that have any."""
    found = cursor.execute(statement("cluster_nodes", number=str(number))).fetchall()
    return [node for node, _ in found], [(node, verdict) for node, verdict in found if verdict]


def edges(cursor: Cursor, number: int, threshold: float) -> tuple[Any, Any]:
    """Returns the gathered pairs at or above a threshold as two int64 numpy arrays."""
    found = cursor.execute(statement("cluster_edges", number=str(number)), {"threshold": threshold}).fetchnumpy()
    return found["one"], found["other"]


def regroup(cursor: Cursor, number: int, contents: Any, roots: Any) -> None:
    """Puts the gathered members into the parts that their contents have."""
    with registered(cursor, "roots", node=contents, root=roots):
        cursor.execute(statement("cluster_regroup", number=str(number)))


def put(cursor: Cursor, number: int, threshold: float, clusters: int, keeps_chains: bool) -> None:
    """Lays what was worked out over the index; `clusters` is the highest number that the index itself gave."""
    settings = {"threshold": threshold, "clusters": clusters, "keeps_chains": keeps_chains}
    _in_one_step(cursor, statement("cluster_put", number=str(number)), settings)


def _in_one_step(cursor: Cursor, text: str, settings: dict[str, Any]) -> None:
    cursor.begin()
    try:
        forgetting, inserting = text.split(";")[:2]
        cursor.execute(forgetting)
        cursor.execute(inserting, settings)
        cursor.commit()
    except duckdb.Error:
        cursor.rollback()
        raise


def forget(cursor: Cursor, number: int) -> None:
    """Drops what was gathered and worked out."""
    cursor.execute(statement("cluster_forget", number=str(number)))


def keep_measured(cursor: Cursor, one: Any, other: Any, similarity: Any) -> None:
    """Keeps the similarity of more pairs for as long as the index is open."""
    with registered(cursor, "measured", one=one, other=other, similarity=similarity):
        cursor.execute(statement("cluster_keep_measured"))


# ---- looking


def build_list(cursor: Cursor, number: int, filters: Sequence[Filter], wish: ClusterWish) -> ClusterTotals:
    """Writes down, as `cluster_view_<n>`, the clusters with a member that passes, in their order."""
    settings = {
        "min_size": wish.min_size,
        "cross_tier": wish.cross_tier,
        "cross_origin": wish.cross_origin,
        "cross_repo": wish.cross_repo,
        "sort": wish.sort,
    }
    cursor.execute(statement("cluster_view", number=str(number), where=where(filters)), settings)
    found = cursor.execute(statement("cluster_totals", number=str(number))).fetchone()
    return ClusterTotals(*found) if found else ClusterTotals(0, 0, 0)


def page(cursor: Cursor, number: int, first: int, most: int) -> list[ClusterRow]:
    """Returns some clusters of a list."""
    text = statement("cluster_page", number=str(number))
    return [ClusterRow(*row) for row in cursor.execute(text, {"first": first, "last": first + most - 1}).fetchall()]


def position(cursor: Cursor, number: int, cluster: int) -> int | None:
    """Tells at which position of a list a cluster stands, if it is there."""
    found = cursor.execute(statement("cluster_position", number=str(number)), {"cluster": cluster}).fetchone()
    return int(found[0]) if found else None


def forget_list(cursor: Cursor, number: int) -> None:
    """Drops a list of clusters."""
    cursor.execute(statement("cluster_forget_view", number=str(number)))


def origin_of(cursor: Cursor, cluster: int) -> int | None:
    """Returns the cluster of the index that a cluster is, or was parted from; None where there is none."""
    found = cursor.execute(statement("cluster_origin"), {"cluster": cluster}).fetchone()
    return found[0] if found else None


def members(cursor: Cursor, cluster: int, origin: int) -> list[MemberRow]:
    """Returns the members of a cluster: the survivor, then by their similarity to it."""
    found = cursor.execute(statement("cluster_one"), {"cluster": cluster, "origin": origin}).fetchall()
    return [MemberRow(*row) for row in found]


def known_pairs(cursor: Cursor, origin: int) -> list[tuple[int, int, float]]:
    """Returns every pair of contents of a cluster of the index whose similarity is known."""
    return cursor.execute(statement("cluster_known_pairs"), {"origin": origin}).fetchall()


def blast(cursor: Cursor, number: int, threshold: float, keeps_chains: bool) -> list[BlastRow]:
    """Compares what is left out of a mix now with what worked-out standings would leave out, slice by slice."""
    drawn = statement("cluster_blast", number=str(number))
    return lost_slices(cursor, drawn, {"threshold": threshold, "keeps_chains": keeps_chains})


def standing_losses(cursor: Cursor) -> list[BlastRow]:
    """Sums what a mix leaves out as near-duplicates now, by tier, language, repository and origin."""
    return lost_slices(cursor, statement("standing_losses"), {}, _ONE_COLUMN)


def lost_slices(cursor: Cursor, drawn: str, values: Mapping[str, Any], slices: str = _SLICES) -> list[BlastRow]:
    """Sums by slice what is lost now and what would be, of a statement that says both of each sample it names."""
    found = cursor.execute(statement("lost_slices", drawn=drawn, slices=slices), dict(values)).fetchall()
    return [BlastRow(*row) for row in found]


# ---- more like this


def part_files(cursor: Cursor) -> list[tuple[str, int]]:
    """Returns the names of the parts and the row that each begins with."""
    return cursor.execute(statement("part_files")).fetchall()


def likest(cursor: Cursor, row: int, rows: Any, agreement: Any, most: int) -> list[tuple[int, int, int]]:
    """Returns (row, copies, agreeing slots) of the different contents among some rows, but for `row` itself."""
    with registered(cursor, "agreeing", row=rows, agreement=agreement):
        return cursor.execute(statement("similar_rows"), {"row": row, "most": most}).fetchall()
