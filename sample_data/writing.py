"""Streams rows into one Parquet file that appears whole or not at all."""

import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .rows import Row

if TYPE_CHECKING:
    from pyarrow import Schema, Table
    from pyarrow.parquet import ParquetWriter

ROWS_PER_GROUP = 1_000
BYTES_PER_GROUP = 24_000_000
"""A group ends early at this size, so that memory stays small whatever the files are."""


def write_rows(target: Path, rows: Iterable[Row]) -> None:
    """Writes the rows to `target` by way of a temporary file beside it."""
    with _written_whole(target) as temporary, _open_writer(temporary) as writer:
        for group in _group(rows):
            writer.write_table(_to_table(group, writer.schema))


def demo_schema() -> "Schema":
    """The Arrow schema of every file of the demo corpus."""
    import pyarrow as pa

    types = {"content": pa.binary(), "tier": pa.int8(), "created": pa.timestamp("us", tz="UTC")}
    required = {"content", "path", "origin", "origin_evidence"}
    return pa.schema([pa.field(name, types.get(name, pa.string()), name not in required) for name in Row._fields])


def is_demo_file(path: Path) -> bool:
    """Whether a path is a regular file with the columns of a demo corpus."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return path.is_file() and not path.is_symlink() and pq.read_schema(path).equals(demo_schema())
    except (pa.ArrowException, OSError):
        return False


@contextmanager
def _written_whole(target: Path) -> Generator[Path]:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        with temporary.open("r+b") as written:
            os.fsync(written.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _open_writer(path: Path) -> "ParquetWriter":
    import pyarrow.parquet as pq

    # Only the repetitive columns gain from a dictionary; for contents it would hold every text twice in memory.
    repetitive: Any = [name for name in Row._fields if name not in ("content", "path")]
    return pq.ParquetWriter(path, demo_schema(), compression="zstd", use_dictionary=repetitive)


def _to_table(rows: list[Row], schema: "Schema") -> "Table":
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _group(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(row.content)
        if len(group) >= ROWS_PER_GROUP or size >= BYTES_PER_GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group
