"""Makes `index.duckdb` from the parts, beside the old one, and puts it in its place in one step."""

import glob
import os
import signal
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from types import FrameType

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from explorer import __version__
from explorer.corpus import marker
from explorer.corpus.files import Quarantined
from explorer.corpus.marker import Marker
from explorer.corpus.survey import NotKept, SourceFile, unread_fields
from explorer.corpus.workspace import Workspace, sync_directory, sync_file
from explorer.errors import ExplorerError, Refused
from explorer.fingerprints.policy import Policy
from explorer.index.judging import Judge
from explorer.index.pairing import Pairing
from explorer.index.work import CONTENT_GROUP_ROWS, Slice
from explorer.own_files import check_regular
from explorer.quality.score import Scale
from queries.loading import (
    Clustering,
    FactRow,
    FileRow,
    Gaps,
    MisplacedRows,
    NotKeptRow,
    PartFileRow,
    PlacedPart,
    Places,
    QuarantineRow,
    RowGroupRow,
    gaps_of_index,
    load,
)

LAYOUT = 4
"""Raised whenever the tables of an index change, so that an older one is loaded anew from its parts."""
MEMORY_LIMIT = "2GB"
"""What loading may hold before it spills to the workspace."""


def load_index(
    workspace: Workspace,
    sources: Sequence[SourceFile],
    pieces: Sequence[Slice],
    quarantined: Sequence[Quarantined],
    not_kept: Sequence[NotKept],
    pairing: Pairing,
    scale: Scale,
    threads: int,
) -> None:
    """Builds the index of some finished slices; readers of the old one keep it until they close it.

    Raises ExplorerError where the engine cannot: no room, or parts that are damaged, which are then removed.
    """
    temporary = marker.temporary_of(workspace.index)
    marker.record(workspace.root, temporary.name, f"{temporary.name}.wal", workspace.index.name)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": threads,
        "temp_directory": str(pairing.spill),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    try:
        with _heeding_interrupts(), duckdb.connect(temporary, config=config) as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute("set timezone = 'UTC'")  # a date without an offset means the same on every machine
            clustering = Clustering(pairing, pairing.threshold, Policy().ranks)
            places = _places(sources, pieces, quarantined, not_kept, pairing.threshold, scale)
            load(connection, _parts(pieces), places, Judge(scale), clustering)
            connection.execute("checkpoint")
        os.chmod(temporary, 0o600)
        sync_file(temporary)
        os.replace(temporary, workspace.index)
        sync_directory(workspace.root)
    except (duckdb.Error, OSError, MisplacedRows) as error:
        raise _cannot_load(error, workspace, pieces) from error
    finally:
        _forget(temporary)


def read_gaps(workspace: Workspace) -> Gaps:
    """Returns what the index of a workspace does not hold of the columns of its corpus."""
    with duckdb.connect(":memory:") as connection:
        return gaps_of_index(connection, str(workspace.index))


@contextmanager
def _heeding_interrupts() -> Generator[None]:
    """Lets Ctrl-C end loading as Ctrl-C: the engine makes errors of its own of an interrupt that it meets."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler or not _is_main_thread():
        yield
        return
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, hear)
    try:
        yield
    except Exception as error:
        if heard:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _cannot_load(error: Exception, workspace: Workspace, pieces: Sequence[Slice]) -> ExplorerError:
    damaged = [piece.part for piece in pieces if not _is_whole(piece)]
    listed = Marker.read(workspace.root)
    strange = [part for part in damaged if listed is None or not listed.remove(f"parts/{part.name}")]
    if strange:
        return Refused(f"{strange[0]} is damaged, and is not a file of ours.", "Move it away, then run it again.")
    if damaged:
        return ExplorerError(
            f"{len(damaged):,} parts of the index were damaged and have been removed.",
            "Run `corpus index` again: only these are read anew.",
        )
    reason = " ".join(str(error).split())[:300]
    return ExplorerError(
        f"The index could not be built: {reason}", "What was read is kept; make room and run it again."
    )


def _is_whole(piece: Slice) -> bool:
    """Reads a part from end to end; one that the machine does not let us read is not called damaged."""
    try:
        check_regular(piece.part)
        with pq.ParquetFile(piece.part) as part:
            return sum(batch.num_rows for batch in part.iter_batches()) == piece.rows
    except MemoryError:
        return True
    except (pa.ArrowException, OSError, ValueError) as error:
        return isinstance(error, OSError) and bool(error.errno) and not isinstance(error, FileNotFoundError)


def _forget(temporary: Path) -> None:
    temporary.unlink(missing_ok=True)
    temporary.with_name(f"{temporary.name}.wal").unlink(missing_ok=True)


def _bases(pieces: Sequence[Slice]) -> list[int]:
    """The rows of the index that the slices begin with."""
    return list(accumulate((piece.rows for piece in pieces[:-1]), initial=0))


def _parts(pieces: Sequence[Slice]) -> list[PlacedPart]:
    return [PlacedPart(glob.escape(str(piece.part)), base) for piece, base in zip(pieces, _bases(pieces), strict=True)]


def _places(
    sources: Sequence[SourceFile],
    pieces: Sequence[Slice],
    quarantined: Sequence[Quarantined],
    not_kept: Sequence[NotKept],
    threshold: float,
    scale: Scale,
) -> Places:
    numbers = {source.file.name: number for number, source in enumerate(sources)}
    files = [
        FileRow(numbers[source.file.name], source.file.name, source.file.rows, source.file.size) for source in sources
    ]
    return Places(
        files=files,
        row_groups=_row_groups(pieces, numbers),
        quarantine=[QuarantineRow(_storable(file.file), _storable(file.reason)) for file in quarantined],
        not_kept=[
            NotKeptRow(_storable(lost.column), lost.reason, len(lost.files), _storable(next(iter(lost.files), "")))
            for lost in not_kept
        ],
        unread=unread_fields(sources),
        facts=[
            FactRow("version", __version__),
            FactRow("content_group_rows", str(CONTENT_GROUP_ROWS)),
            FactRow("threshold", repr(threshold)),
            FactRow("score_version", scale.version),
            FactRow("scale", scale.digest),
        ],
        part_files=[PartFileRow(piece.part.name, base) for piece, base in zip(pieces, _bases(pieces), strict=True)],
    )


def _storable(text: str) -> str:
    """Spells out what stands in a file name that is no UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _row_groups(pieces: Sequence[Slice], numbers: dict[str, int]) -> list[RowGroupRow]:
    rows: list[RowGroupRow] = []
    base = 0
    for piece in pieces:
        first = base
        copy = piece.content.name if piece.content else None
        for wanted in piece.files:
            file = numbers[wanted.source.file.name]
            for number, group in zip(wanted.row_groups, wanted.groups, strict=True):
                rows.append(RowGroupRow(base, group.rows, file, number, copy, first))
                base += group.rows
    return rows
