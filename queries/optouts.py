"""What its owners want in no training data, laid over an index."""

from collections.abc import Sequence

import duckdb

from queries import statement

Cursor = duckdb.DuckDBPyConnection


def lay_optouts(cursor: Cursor, entries: Sequence[tuple[str, str, int]]) -> int:
    """Marks the samples that entries (kind, value, line) name, and no others; returns how many there are."""
    columns = {name: [entry[place] for entry in entries] for place, name in enumerate(("kind", "value", "line"))}
    cursor.begin()
    try:
        cursor.execute(statement("optout_forget"))
        if entries:
            cursor.execute(statement("optout_put"), columns)
            cursor.execute(statement("optout_apply"))
        cursor.commit()
    except duckdb.Error:
        cursor.rollback()
        raise
    found = cursor.execute(statement("optout_count")).fetchone()
    return int(found[0]) if found else 0
