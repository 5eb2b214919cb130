"""The formats of an export: each turns a table of rows into one shard file."""

import json
from collections.abc import Callable, Iterable, Mapping
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
        ("cluster", pa.int64()),
        ("survivor", pa.bool_()),
        ("source_file", pa.string()),
        ("source_row_group", pa.int32()),
        ("source_row", pa.int64()),
    ]
)
"""A row of a mix: the text, what is known of it, and where it stands in the corpus."""

ROW_GROUP_ROWS = 10_000
_COUNTED = ("tier", "copy", "tokens")


class Tally(NamedTuple):
    """What the rows of one tier come to."""

    rows: int
    samples: int
    """Rows but second and later copies."""
    tokens: int


Tallies = Mapping[str, Tally]
"""By tier: `1` to `4`, or `none`."""


class Format(NamedTuple):
    """A way to write shards, and to count them from the files alone; `tally` raises ValueError for a foreign file."""

    name: str
    suffix: str
    write: Callable[[pa.Table, Path], None]
    tally: Callable[[Path], Tallies]


def write_parquet(table: pa.Table, path: Path) -> None:
    """Writes a shard as zstd Parquet in row groups of 10,000."""
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP_ROWS)


def tally_parquet(path: Path) -> Tallies:
    """Counts a shard, and checks that its schema is ours."""
    with pq.ParquetFile(path) as parquet:
        if not parquet.schema_arrow.equals(SCHEMA):
            raise ValueError("its columns are not those of an export")
        counted = parquet.read(columns=list(_COUNTED))
    return tally_table(counted)


def tally_table(table: pa.Table) -> Tallies:
    """Counts rows that have the columns `tier`, `copy` and `tokens`."""
    return _tallied(zip(*(table.column(name).to_pylist() for name in _COUNTED), strict=True))


def _tallied(rows: Iterable[tuple[int | None, int, int]]) -> Tallies:
    sums: dict[str, list[int]] = {}
    for tier, copy, tokens in rows:
        total = sums.setdefault(str(tier or "none"), [0, 0, 0])
        total[0] += 1
        total[1] += copy == 0
        total[2] += tokens
    return {tier: Tally(*total) for tier, total in sorted(sums.items())}


def added(tallies: Iterable[Tallies]) -> Tallies:
    """Adds up the tallies of several shards."""
    sums: dict[str, Tally] = {}
    for tally in tallies:
        for tier, part in tally.items():
            sums[tier] = Tally(*map(sum, zip(sums.get(tier, (0, 0, 0)), part, strict=True)))
    return dict(sorted(sums.items()))


def write_jsonl(table: pa.Table, path: Path) -> None:
    """Writes a shard as JSON lines: `id`, `text`, `meta`; ASCII, so that a line feed always ends a row."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        for batch in table.to_batches(max_chunksize=1000):
            lines = (json.dumps(_line(row)).replace("\x7f", "\\u007f") for row in batch.to_pylist())
            file.writelines(f"{line}\n" for line in lines)


def _line(row: dict[str, Any]) -> dict[str, Any]:
    created = row.pop("created")
    head = {"id": row.pop("id"), "text": row.pop("text")}
    return {**head, "meta": {**row, "created": created.isoformat() if created else None}}


def tally_jsonl(path: Path) -> Tallies:
    """Counts a shard, each line of which must be JSON with the keys of a row."""
    with path.open("rb") as file:
        return _tallied(_counted(number, line) for number, line in enumerate(file, 1))


def _counted(number: int, line: bytes) -> tuple[int | None, int, int]:
    try:
        row = json.loads(line)
        if set(row) == {"id", "text", "meta"}:
            return row["meta"]["tier"], row["meta"]["copy"], row["meta"]["tokens"]
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise ValueError(f"line {number:,} is no row of an export")


FORMATS = {
    "parquet": Format("parquet", ".parquet", write_parquet, tally_parquet),
    "jsonl": Format("jsonl", ".jsonl", write_jsonl, tally_jsonl),
}
