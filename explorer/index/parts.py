"""Turns one slice of a corpus into its part: runs in a worker, touches nothing but its own two files."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus import marker
from explorer.corpus.reading import read_batches
from explorer.corpus.survey import SourceFile
from explorer.corpus.workspace import sync_directory, sync_file
from explorer.errors import ExplorerError, Refused
from explorer.index.batches import batch_functions, index_batch
from explorer.index.preparing import Preparing, prepare
from explorer.index.work import CONTENT_GROUP_ROWS, Slice
from explorer.own_files import Damaged, check_regular, open_regular

_PART_GROUP_ROWS = 65_536
_GATHERED_BYTES = 1 << 20
_GATHERED_ROWS = 1_000
FREE_BYTES = 256 << 20
BYTES_A_BYTE = 1000
"""A file may unfold to so many bytes of text for a byte of its own, and to `FREE_BYTES` in any case."""


class Advance(NamedTuple):
    """Progress of a slice: rows and bytes of text so far."""

    rows: int
    bytes: int


class ChangedFile(Exception):
    """The file is not the one that passed the gate."""


class Unfolds(Exception):
    """The texts of a file unfold to more than a file of its size may."""


def index_slice(piece: Slice, report: Callable[[Advance | Preparing], None]) -> int:
    """Writes the part of a slice and, where asked for, the copy of its text; returns the rows written.

    Both files get their final name only when they are whole and on disk. Raises ChangedFile where the file gave
    another number of rows than its footer said.
    """
    prepare(report)
    functions = batch_functions(exact_tokens=piece.options.exact_tokens, parse=piece.options.parse)
    rows = size = 0
    with ExitStack() as files:
        part = files.enter_context(_whole_file(piece.part))
        copy = files.enter_context(_whole_file(piece.content)) if piece.content else None
        for batch in _gathered(_checked(piece)):
            indexed = index_batch(batch, functions)
            part.write(indexed)
            if copy is not None:
                copy.write(batch.select(["content"]))
            rows += indexed.num_rows
            size += _bytes_of(batch)
            report(Advance(rows, size))
    return rows


def _checked(piece: Slice) -> Iterator[pa.RecordBatch]:
    """Yields the rows of each file in turn and, after its last, makes sure that it is the file that was let in."""
    for wanted in piece.files:
        rows = size = 0
        for placed in read_batches(piece.base, wanted.source, wanted.row_groups):
            size += _bytes_of(placed.batch)
            if size > max(FREE_BYTES, wanted.source.file.size * BYTES_A_BYTE):
                raise Unfolds("its texts unfold to far more than any real file of its size holds")
            rows += placed.batch.num_rows
            yield placed.batch
        if rows != wanted.rows:
            raise ChangedFile(f"it gave {rows:,} rows where its footer says {wanted.rows:,}")
        if has_changed(piece.base, wanted.source):
            raise ChangedFile("it changed while it was read")


def _gathered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Joins batches of small files: measuring a batch costs more than measuring a few rows."""
    pending: list[pa.RecordBatch] = []
    size = rows = 0
    for batch in batches:
        pending.append(batch)
        size += _bytes_of(batch)
        rows += batch.num_rows
        if size >= _GATHERED_BYTES or rows >= _GATHERED_ROWS:
            yield _joined(pending)
            pending, size, rows = [], 0, 0
    if pending:
        yield _joined(pending)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def has_changed(base: Path, source: SourceFile) -> bool:
    """Tells whether a file has another size or time than when it passed the gate."""
    file = source.file
    status = (base / file.name).stat()
    return (status.st_size, status.st_mtime_ns) != (file.size, file.mtime_ns)


def read_signatures(part: Path, base: int) -> Iterator[tuple[int, pa.FixedSizeBinaryArray]]:
    """Yields the `signature` column of a part by row groups, each with the row of the index it begins with.

    `base` is that of the part's first row.
    """
    check_regular(part)
    with pq.ParquetFile(part) as parquet:
        for number in range(parquet.num_row_groups):
            column = parquet.read_row_group(number, columns=["signature"], use_threads=False).column(0)
            yield base, column.combine_chunks()
            base += len(column)


def _bytes_of(batch: pa.RecordBatch) -> int:
    offsets = batch.column("content").buffers()[1]
    column = batch.column("content")
    edges = memoryview(offsets).cast("q")
    return edges[column.offset + len(column)] - edges[column.offset]


class _Collector:
    """Gathers small batches into row groups of an even size."""

    def __init__(self, path: Path, group_rows: int) -> None:
        self._path = path
        self._group_rows = group_rows
        self._writer: pq.ParquetWriter | None = None
        self._pending: list[pa.RecordBatch] = []
        self._rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Takes a batch; writes a row group whenever one is full."""
        self._pending.append(batch)
        self._rows += batch.num_rows
        with our_own_trouble():
            while self._rows >= self._group_rows:
                self._flush(self._group_rows)

    def close(self) -> None:
        """Writes what is left and the footer."""
        with our_own_trouble():
            if self._rows:
                self._flush(self._rows)
            if self._writer is not None:
                self._writer.close()

    def abandon(self) -> None:
        """Lets go of an unfinished file, whatever state it is in."""
        if self._writer is not None and self._writer.is_open:
            with suppress(OSError):
                self._writer.close()

    def _flush(self, rows: int) -> None:
        table = pa.Table.from_batches(self._pending)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd", compression_level=1)
        self._writer.write_table(table.slice(0, rows), row_group_size=rows)
        rest = table.slice(rows)
        self._pending = rest.to_batches() if rest.num_rows else []
        self._rows = rest.num_rows


@contextmanager
def our_own_trouble() -> Generator[None]:
    """Tells trouble with the workspace from trouble with the corpus: the one ends the run, the other costs a file."""
    try:
        yield
    except OSError as error:
        raise ExplorerError(
            f"The workspace cannot be written: {error.strerror or error}.",
            "Make room, or name another place with --workspace DIR; what was finished is kept.",
        ) from error


def _begun(path: Path) -> Path:
    """Makes the temporary file of a part or a copy, both listed in the marker; never in the place of a stranger's."""
    root = path.parent.parent
    temporary = marker.temporary_of(path)
    names = [f"{path.parent.name}/{each.name}" for each in (path, temporary)]
    if not marker.may_write(root, names[0]) and not _is_our_form(path):
        raise Refused(f"{path} is not a file of ours, and it is not replaced.", "Move it away, then index again.")
    with our_own_trouble():
        marker.record(root, *names)
        temporary.touch(mode=0o600, exist_ok=False)
    return temporary


def _is_our_form(path: Path) -> bool:
    """Whether a file that no marker lists has the columns of a part, or of a copy of the text."""
    try:
        with open_regular(path) as file:
            names = pq.read_schema(file).names
    except (Damaged, OSError, pa.ArrowException):
        return False
    return names == ["content"] if path.parent.name == "content" else "signature" in names


@contextmanager
def _whole_file(path: Path) -> Generator[_Collector]:
    """Opens a Parquet file that appears under its name only when it is complete and on disk."""
    temporary = _begun(path)
    collector = _Collector(temporary, CONTENT_GROUP_ROWS if path.parent.name == "content" else _PART_GROUP_ROWS)
    try:
        yield collector
        collector.close()
        with our_own_trouble():
            sync_file(temporary)
            os.replace(temporary, path)
            sync_directory(path.parent)
    finally:
        collector.abandon()
        temporary.unlink(missing_ok=True)
