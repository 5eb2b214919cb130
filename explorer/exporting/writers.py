"""The formats of an export: each turns a table of rows into one shard file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("text", pa.large_string()),
        ("tier", pa.int8()),
        ("stage", pa.string()),
        ("origin", pa.string()),
        ("language", pa.string()),
        ("license", pa.string()),
        ("repo", pa.string()),
        ("path", pa.string()),
        ("created", pa.timestamp("us")),
        ("tokens", pa.int64()),
        ("copy", pa.int16()),
        ("sha256", pa.string()),
        ("source_file", pa.string()),
        ("source_row_group", pa.int32()),
        ("source_row", pa.int64()),
    ]
)
"""A row of a mix: the text, what is known of it, and where it stands in the corpus."""

ROW_GROUP_ROWS = 10_000


class Format(NamedTuple):
    """A way to write shards."""

    name: str
    suffix: str
    write: Callable[[pa.Table, Path], None]
    count_rows: Callable[[Path], int]


def write_parquet(table: pa.Table, path: Path) -> None:
    """Writes a shard as zstd Parquet in row groups of 10,000."""
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP_ROWS)


def count_parquet(path: Path) -> int:
    """Counts the rows of a shard by its footer, and checks that its schema is ours."""
    with pq.ParquetFile(path) as parquet:
        if not parquet.schema_arrow.equals(SCHEMA):
            raise ValueError("its columns are not those of an export")
        return parquet.metadata.num_rows


def write_jsonl(table: pa.Table, path: Path) -> None:
    """Writes a shard as JSON lines: `id`, `text`, `meta`; ASCII, so that a line feed always ends a row."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        for batch in table.to_batches(max_chunksize=1000):
            file.writelines(f"{json.dumps(_line(row))}\n" for row in batch.to_pylist())


def _line(row: dict[str, Any]) -> dict[str, Any]:
    created = row.pop("created")
    head = {"id": row.pop("id"), "text": row.pop("text")}
    return {**head, "meta": {**row, "created": created.isoformat() if created else None}}


def count_jsonl(path: Path) -> int:
    """Counts the rows of a shard, each of which must be JSON with its three keys."""
    rows = 0
    with path.open("rb") as file:
        for line in file:
            if set(json.loads(line)) != {"id", "text", "meta"}:
                raise ValueError(f"line {rows + 1} is no row of an export")
            rows += 1
    return rows


FORMATS = {
    "parquet": Format("parquet", ".parquet", write_parquet, count_parquet),
    "jsonl": Format("jsonl", ".jsonl", write_jsonl, count_jsonl),
}
