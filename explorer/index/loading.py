"""Makes `index.duckdb` from the parts, beside the old one, and puts it in its place in one step."""

import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

from explorer import __version__
from explorer.corpus.files import Quarantined
from explorer.corpus.survey import SourceFile
from explorer.corpus.workspace import Workspace, sync_directory
from explorer.index.parts import CONTENT_GROUP_ROWS
from explorer.index.work import Slice
from explorer.signals.licences import read_licence
from queries.loading import FactRow, FileRow, PlacedPart, Places, QuarantineRow, RowGroupRow, load

MEMORY_LIMIT = "2GB"
"""What loading may hold before it spills to the workspace."""


def load_index(
    workspace: Workspace,
    sources: Sequence[SourceFile],
    pieces: Sequence[Slice],
    quarantined: Sequence[Quarantined],
    threads: int,
) -> None:
    """Builds the index of some finished slices; readers of the old one keep it until they close it."""
    temporary = workspace.index.with_name(f".index.{os.getpid()}.tmp")
    _forget(temporary)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": threads,
        "temp_directory": str(workspace.root / ".spill.tmp"),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    try:
        with duckdb.connect(temporary, config=config) as connection:
            connection.execute("set enable_progress_bar = false")
            load(connection, _parts(pieces), _places(sources, pieces, quarantined), read_licence)
            connection.execute("checkpoint")
        _sync(temporary)
        os.replace(temporary, workspace.index)
        sync_directory(workspace.root)
    finally:
        _forget(temporary)


def _forget(temporary: Path) -> None:
    temporary.unlink(missing_ok=True)
    temporary.with_name(f"{temporary.name}.wal").unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parts(pieces: Sequence[Slice]) -> list[PlacedPart]:
    placed: list[PlacedPart] = []
    base = 0
    for piece in pieces:
        placed.append(PlacedPart(str(piece.part), base))
        base += piece.rows
    return placed


def _places(sources: Sequence[SourceFile], pieces: Sequence[Slice], quarantined: Sequence[Quarantined]) -> Places:
    numbers = {source.file.name: number for number, source in enumerate(sources)}
    files = [
        FileRow(numbers[source.file.name], source.file.name, source.file.rows, source.file.size) for source in sources
    ]
    return Places(
        files=files,
        row_groups=_row_groups(pieces, numbers),
        quarantine=[QuarantineRow(*file) for file in quarantined],
        facts=[FactRow("version", __version__), FactRow("content_group_rows", str(CONTENT_GROUP_ROWS))],
    )


def _row_groups(pieces: Sequence[Slice], numbers: dict[str, int]) -> list[RowGroupRow]:
    rows: list[RowGroupRow] = []
    base = 0
    for piece in pieces:
        first = base
        copy = piece.content.name if piece.content else None
        for number, group in zip(piece.row_groups, piece.groups, strict=True):
            rows.append(RowGroupRow(base, group.rows, numbers[piece.source.file.name], number, copy, first))
            base += group.rows
    return rows
