"""Clusters of near-duplicates: who stands for them, and what a screen or a command asks of them."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from queries import statement

Cursor = duckdb.DuckDBPyConnection


@contextmanager
def registered(cursor: Cursor, name: str, **columns: Any) -> Generator[None]:
    """Lends numpy arrays of one length to statements as a table."""
    cursor.register(name, pa.table(columns))
    try:
        yield
    finally:
        cursor.unregister(name)


def make_ranks(cursor: Cursor, scope: str = "") -> None:
    """Defines `survivor_ranks`: the list of ranks, the lower the better, by which members of a cluster compare.

    The ranks stand in the order verdict, tier, licence class, quality, tests, newest, longest.
    """
    cursor.execute(statement("cluster_ranks", scope=scope))


def stand(cursor: Cursor, standings: str, members: str, order: Sequence[int], *, pairs: str, scope: str = "") -> None:
    """Writes down, as a table, the survivor of every part of `members` and how like it each member is.

    Members that may be drawn come before others, those a curator chose before others, then the ranks named by `order`
    decide, then the id.
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
