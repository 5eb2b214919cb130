"""Reads row groups as the file's writer encoded them: a text that stands once for many rows is held once."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

MIXED_BYTES = 1 << 30
"""What a batch may come to where a dictionary must be written out before anything is known of its values."""
_DICTIONARY = frozenset(("PLAIN_DICTIONARY", "RLE_DICTIONARY"))
_BESIDE_DICTIONARY = _DICTIONARY | {"PLAIN", "RLE", "BIT_PACKED"}
"""Encodings of a chunk whose values can be read as a dictionary; RLE and BIT_PACKED are those of its nulls."""


class RawRows:
    """The row groups of one file as Arrow batches.

    A `text` column comes as a dictionary where its chunk has one that can be read so, and written out elsewhere.
    """

    def __init__(self, path: Path, columns: Sequence[str], text: str | None) -> None:
        self._path = path
        self._columns = list(columns)
        self._text = text
        self._open = ExitStack()
        self._plain = self._file()
        self._encoded: pq.ParquetFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def batches(self, row_group: int, rows: int) -> Iterator[pa.RecordBatch]:
        """Yields a row group in batches of at most so many rows."""
        encodings = self._encodings(row_group)
        given = 0
        if encodings & _DICTIONARY and encodings <= _BESIDE_DICTIONARY:
            try:
                for batch in self._read(self._as_dictionary(), row_group, rows):
                    yield batch
                    given += batch.num_rows
                return
            except (pa.ArrowException, OSError):
                # A page has an encoding that the footer does not name, or is damaged: the second reading shows which.
                encodings |= {"unnamed"}
        if encodings & _DICTIONARY:
            rows = self._careful(row_group, rows)
        for batch in self._read(self._plain, row_group, rows):
            known = min(given, batch.num_rows)
            given -= known
            if known < batch.num_rows:
                yield batch.slice(known)

    def _read(self, parquet: pq.ParquetFile, row_group: int, rows: int) -> Iterator[pa.RecordBatch]:
        return parquet.iter_batches(batch_size=rows, row_groups=[row_group], columns=self._columns, use_threads=False)

    def _as_dictionary(self) -> pq.ParquetFile:
        if self._encoded is None:
            self._encoded = self._file([self._text])
        return self._encoded

    def _file(self, dictionaries: Sequence[str | None] | None = None) -> pq.ParquetFile:
        return self._open.enter_context(
            pq.ParquetFile(self._path, memory_map=False, read_dictionary=list(dictionaries) if dictionaries else None)
        )

    def _encodings(self, row_group: int) -> frozenset[str]:
        chunk = self._chunk(row_group)
        return frozenset(chunk.encodings) if chunk else frozenset()

    def _careful(self, row_group: int, rows: int) -> int:
        """The rows of a batch that stays small even where each of them is the whole chunk."""
        chunk = self._chunk(row_group)
        size = max(chunk.total_uncompressed_size, 1) if chunk else 1
        return min(rows, max(MIXED_BYTES // size, 1))

    def _chunk(self, row_group: int) -> pq.ColumnChunkMetaData | None:
        """What the footer says of the text in a row group; its column is a leaf of its own."""
        if self._text is None:
            return None
        group = self._plain.metadata.row_group(row_group)
        chunks = (group.column(number) for number in range(group.num_columns))
        return next((chunk for chunk in chunks if chunk.path_in_schema == self._text), None)
