"""Shuffles the rows of a mix into shards of bounded size, the same bytes every time."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.errors import Refused
from explorer.exporting.writers import SCHEMA
from explorer.job import Job
from explorer.open_corpus.content import ContentStore
from queries import mixing

SHARD_BYTES = 256 << 20
"""Bytes of text a shard aims at; one shard at a time is held in memory."""
MAX_SHARDS = 500
"""Shards that are open at a time; a mix of more than 125 GB gets larger ones."""
PENDING_BYTES = 256 << 20
"""Text of all shards together that may wait in memory."""
_CHUNK_ROWS = 1024


class Row(NamedTuple):
    """One copy of a chosen sample, and its place in the shuffled mix."""

    order: int
    values: dict[str, Any]


class Shuffle:
    """Deals rows to shards by a hash of family, id and copy number, then sorts each shard by it."""

    def __init__(self, spool: Path, family: str, text_bytes: int) -> None:
        """Makes as many shards as `text_bytes` fill; `spool` is an empty directory for what waits on disk."""
        self.shards = min(max(-(-text_bytes // SHARD_BYTES), 1), MAX_SHARDS)
        self._spool = spool
        self._salt = f"{family}\x1fshuffle\x1f".encode("utf-8", "surrogatepass")
        self._pending: list[list[dict[str, Any]]] = [[] for _ in range(self.shards)]
        self._pending_bytes = [0] * self.shards
        self._writers: list[pq.ParquetWriter | None] = [None] * self.shards

    def add(self, values: dict[str, Any]) -> None:
        """Takes one row (the columns of an export)."""
        order = self._order(values["id"], values["copy"])
        shard = order * self.shards >> 64
        self._pending[shard].append({**values, "order": order - (1 << 63)})
        self._pending_bytes[shard] += len(values["text"])
        if self._pending_bytes[shard] > PENDING_BYTES // self.shards:
            self._flush(shard)

    def tables(self) -> Iterator[pa.Table]:
        """Yields the shards in order, each sorted."""
        for shard in range(self.shards):
            yield self._table(shard).sort_by([("order", "ascending"), ("id", "ascending")]).drop_columns(["order"])

    def close(self) -> None:
        """Removes what waited on disk."""
        for shard, writer in enumerate(self._writers):
            if writer is not None:
                writer.close()
                self._path(shard).unlink(missing_ok=True)

    def _order(self, sample: str, copy: int) -> int:
        key = self._salt + sample.encode("utf-8", "surrogatepass") + b"\x1f%d" % copy
        return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big")

    def _path(self, shard: int) -> Path:
        return self._spool / f"{shard:05d}.parquet"

    def _flush(self, shard: int) -> None:
        table = pa.Table.from_pylist(self._pending[shard], schema=_SPOOLED)
        writer = self._writers[shard]
        if writer is None:
            writer = self._writers[shard] = pq.ParquetWriter(self._path(shard), _SPOOLED, compression="lz4")
        writer.write_table(table)
        self._pending[shard].clear()
        self._pending_bytes[shard] = 0

    def _table(self, shard: int) -> pa.Table:
        waiting = pa.Table.from_pylist(self._pending[shard], schema=_SPOOLED)
        self._pending[shard] = []
        writer = self._writers[shard]
        if writer is None:
            return waiting
        writer.close()
        with pq.ParquetFile(self._path(shard)) as parquet:
            spooled = parquet.read()
        self._path(shard).unlink()
        self._writers[shard] = None
        return pa.concat_tables([spooled, waiting])


_SPOOLED = SCHEMA.append(pa.field("order", pa.int64()))


def rows_of(cursor: duckdb.DuckDBPyConnection, job: Job, content: ContentStore, stage: str) -> Iterator[dict[str, Any]]:
    """Yields the rows of the draw in `chosen_<job id>`, copies numbered from 0, each row group decoded once."""
    for chunk in mixing.chosen_rows(cursor, job.scratch, _CHUNK_ROWS):
        job.stop_if_cancelled()
        for chosen in chunk:
            yield from _copies(chosen, content, stage, job)


def _copies(chosen: Sequence[Any], content: ContentStore, stage: str, job: Job) -> Iterator[dict[str, Any]]:
    row, copies, sample, tier, origin, language, licence, repo, path, created, tokens, sha256, cluster, survivor = (
        chosen
    )
    read = content.read(row, lambda file: job.report({"file": file}))
    located = content.locate(row)
    if hashlib.sha256(read).hexdigest() != sha256:
        raise Refused(
            f"{located.file} has changed since it was indexed: {sample} has another content.",
            "Run `corpus index` again; labels are kept.",
        )
    text = read.decode("utf-8")
    for copy in range(copies):
        yield {
            "id": sample,
            "text": text,
            "tier": tier,
            "stage": stage,
            "origin": origin,
            "language": language,
            "license": licence,
            "repo": repo,
            "path": path,
            "created": created,
            "tokens": tokens,
            "copy": copy,
            "sha256": sha256,
            "cluster": cluster,
            "survivor": survivor,
            "source_file": located.file,
            "source_row_group": located.row_group,
            "source_row": located.row,
        }
