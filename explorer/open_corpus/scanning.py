"""Carries out the clauses of a filter that read the text of the samples."""

import time

import duckdb
import pyarrow as pa

from explorer.job import Job
from explorer.open_corpus.content import ContentStore
from explorer.open_corpus.values import text_of
from queries import browse
from queries.filters import Filter

REPORT_SECONDS = 0.1
"""Seconds between two words on how far it is: each is drawn by the screen."""


def scan_content(
    job: Job, cursor: duckdb.DuckDBPyConnection, content: ContentStore, number: int, light: list[Filter], heavy: Filter
) -> int:
    """Adds the rows whose text passes to `matched_<number>`, row group by row group; returns how many there are.

    Only row groups that hold samples passing the light clauses are read. Reports `rows_done`, `rows`, `matches`.
    """
    groups = browse.candidates(cursor, light)
    rows = sum(count for _, count, _ in groups)
    done = matches = 0
    told = 0.0
    for batch in content.scan([base for base, *_ in groups], lambda file: job.report({"file": file})):
        job.stop_if_cancelled()
        size = len(batch.content)
        table = pa.table(
            {"row": pa.array(range(batch.first, batch.first + size), pa.int64()), "content": as_text(batch.content)}
        )
        matches += browse.match_content(cursor, number, table, [*light, heavy], batch.first, batch.first + size - 1)
        done += size
        if time.monotonic() - told > REPORT_SECONDS or done == rows:
            told = time.monotonic()
            job.report({"rows_done": done, "rows": rows, "matches": matches})
    return matches


def as_text(content: pa.LargeBinaryArray) -> pa.LargeStringArray:
    """Returns contents as text for a filter; bytes that are no UTF-8 become replacement characters."""
    filled = content.fill_null(b"")
    try:
        return filled.cast(pa.large_string())
    except (pa.ArrowInvalid, UnicodeError):
        return pa.array([text_of(value) for value in filled.to_pylist()], pa.large_string())
