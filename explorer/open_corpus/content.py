"""Opens the text of single samples, and reads it in bulk, from where the corpus or our copy of it lies."""

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus.columns import column_refs
from explorer.corpus.files import CorpusFile, gate
from explorer.corpus.mapping import ColumnMapping, resolve
from explorer.corpus.reading import PlacedBatch, read_batches
from explorer.corpus.survey import SourceFile
from explorer.corpus.workspace import Place
from explorer.errors import ExplorerError, Refused
from explorer.open_corpus.records import Source
from explorer.own_files import Damaged, check_regular
from queries.browse import PlaceRow

CACHED_BYTES = 256 << 20
"""Text of decoded row groups kept at hand."""


class ContentBatch(NamedTuple):
    """The text of consecutive rows of the index."""

    first: int
    content: pa.LargeBinaryArray


class ContentStore:
    """The text behind an index; safe to use from several threads."""

    def __init__(self, place: Place, places: Sequence[PlaceRow], group_rows: int) -> None:
        self._place = place
        self._places = places
        self._bases = [row.base for row in places]
        self._group_rows = group_rows
        self._files: dict[str, SourceFile] = {}
        self._described = place.workspace.describe().get("files", {})
        self._cache: OrderedDict[tuple[str, int], pa.LargeBinaryArray] = OrderedDict()
        self._lock = threading.Lock()

    def locate(self, row: int) -> Source:
        """Tells in which file and row group a row stands; raises IndexError beyond the corpus."""
        place = self._row_group_of(row)
        return Source(place.name, place.row_group, row - place.base)

    def read(self, row: int, report: Callable[[str], None] = lambda _: None) -> bytes:
        """Returns the content of one row; `report` is told the file before it is touched."""
        place = self._row_group_of(row)
        report(place.name)
        if place.content is None:
            return self._group(place)[row - place.base].as_py() or b""
        number, inside = divmod(row - place.content_base, self._group_rows)
        return self._copied_group(place.content, number)[inside].as_py() or b""

    def scan(self, bases: Sequence[int], report: Callable[[str], None]) -> Iterator[ContentBatch]:
        """Yields the text of whole row groups, named by their first rows, in batches of consecutive rows."""
        for base in bases:
            place = self._row_group_of(base)
            report(place.name)
            if place.content is None:
                for placed in self._batches(place):
                    yield ContentBatch(place.base + placed.first_row, placed.batch.column("content"))
            else:
                yield from self._scan_copy(place)

    def _scan_copy(self, place: PlaceRow) -> Iterator[ContentBatch]:
        assert place.content is not None
        first, last = place.base - place.content_base, place.base - place.content_base + place.rows - 1
        for number in range(first // self._group_rows, last // self._group_rows + 1):
            start = number * self._group_rows
            group = self._copied_group(place.content, number)
            low, high = max(first - start, 0), min(last - start + 1, len(group))
            yield ContentBatch(place.content_base + start + low, group.slice(low, high - low))

    def _row_group_of(self, row: int) -> PlaceRow:
        position = bisect_right(self._bases, row) - 1
        if position < 0 or row >= self._bases[position] + self._places[position].rows:
            raise IndexError(row)
        return self._places[position]

    def _group(self, place: PlaceRow) -> pa.LargeBinaryArray:
        return self._cached((place.name, place.row_group), lambda: self._decode(place))

    def _copied_group(self, copy: str, number: int) -> pa.LargeBinaryArray:
        return self._cached((copy, number), lambda: self._decode_copy(copy, number))

    def _decode(self, place: PlaceRow) -> pa.LargeBinaryArray:
        return pa.concat_arrays([placed.batch.column("content") for placed in self._batches(place)])

    def _batches(self, place: PlaceRow) -> Iterator[PlacedBatch]:
        source = self._source(place.name)
        try:
            yield from read_batches(self._place.base, source, [place.row_group], content_only=True)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(place.name, error, "Put a sound copy in its place, or index the corpus again.") from None

    def _decode_copy(self, copy: str, number: int) -> pa.LargeBinaryArray:
        path = self._place.workspace.content / copy
        try:
            check_regular(path)
            with pq.ParquetFile(path) as parquet:
                return parquet.read_row_group(number, columns=["content"], use_threads=False).column(0).combine_chunks()
        except (pa.ArrowException, OSError, Damaged) as error:
            raise _unreadable(str(path), error, "Delete it and run `corpus index` again.") from None

    def _cached(self, key: tuple[str, int], decode: Callable[[], pa.LargeBinaryArray]) -> pa.LargeBinaryArray:
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        group = decode()
        with self._lock:
            self._cache[key] = group
            while len(self._cache) > 1 and sum(kept.nbytes for kept in self._cache.values()) > CACHED_BYTES:
                self._cache.popitem(last=False)
        return group

    def _source(self, name: str) -> SourceFile:
        """The file as it was indexed; raises Refused where it has changed since, so that old and new never mix."""
        try:
            status = (self._place.base / name).stat()
        except OSError as error:
            raise Refused(
                f"{name} cannot be opened: {error.strerror}.", "Put it back, or index the corpus again."
            ) from error
        described = self._described.get(name)
        if described is None or (status.st_size, status.st_mtime_ns) != (described["size"], described["mtime_ns"]):
            raise Refused(f"{name} has changed since it was indexed.", "Run `corpus index` again; labels are kept.")
        with self._lock:
            if name not in self._files:
                self._files[name] = self._open(name, described)
            return self._files[name]

    def _open(self, name: str, described: dict[str, object]) -> SourceFile:
        file = gate(self._place.base, name)
        if not isinstance(file, CorpusFile):
            raise ExplorerError(f"{name} cannot be read any more: {file.reason}.", "Run `corpus index` again.")
        if file.footer != described["footer_sha256"]:
            raise Refused(f"{name} has changed since it was indexed.", "Run `corpus index` again; labels are kept.")
        mapping = described["mapping"]
        assert isinstance(mapping, dict)
        text = mapping.get("content")
        if not isinstance(text, str) or resolve(column_refs(file.schema, file.hive), text) is None:
            raise Refused(
                f"The description of the workspace names no column of {name} that holds its text.",
                "Run `corpus index` again; labels are kept.",
            )
        return SourceFile(file, ColumnMapping.of(mapping), ())


def _unreadable(name: str, error: Exception, hint: str) -> ExplorerError:
    """Names the fault of a file; where the machine refuses, `hint`, which mends a damaged file, is not given."""
    first = next(iter(str(error).splitlines()), type(error).__name__)
    if isinstance(error, FileNotFoundError):
        hint = "Put it back, or run `corpus index` again."
    elif isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno):
        hint = "The file itself may be sound: mend what the machine says, then try again."
    return ExplorerError(f"{name} cannot be read: {first[:160]}.", hint)
