"""Which files a corpus has, and the gate that each must pass before a row of it is read."""

import glob
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus.workspace import ALL_PARQUET, Place

MAX_FOOTER = 64 << 20
MAX_COLUMNS = 20_000
MAX_ROW_GROUPS = 100_000
FREE_ROWS = 1_000_000
ROWS_A_BYTE = 4
"""A file may hold so many rows for a byte of its own, and `FREE_ROWS` in any case: each costs the index a thousand."""
SUFFIXES = (".parquet", ".parq", ".pq")
"""How the names of Parquet files end."""
POINTERS = {
    b"version https://git-lfs": "a Git LFS pointer, not the file itself: run `git lfs pull` in its repository",
    b"/annex/objects/": "a git-annex pointer, not the file itself: run `git annex get` in its repository",
}
"""Pointer files by their first bytes, and the command that fetches the file."""
_MAGIC = b"PAR1"
_HEAD = 64
_CACHED = ("datasets--", "models--", "spaces--")
"""How the folders of repositories in a Hugging Face cache are named."""
_TAIL = 8
"""Bytes of the footer's length and the closing magic."""


class Quarantined(NamedTuple):
    """A file that is left out, and why."""

    file: str
    """Path below the corpus's base directory."""
    reason: str


class RowGroup(NamedTuple):
    """A row group of a file: its rows and what its columns weigh uncompressed."""

    rows: int
    bytes: int


@dataclass(frozen=True)
class CorpusFile:
    """A Parquet file that passed the gate, with what identifies this state of it."""

    name: str
    """Path below the base directory, with `/`."""
    size: int
    mtime_ns: int
    footer: str
    """SHA-256 of the Parquet footer, hexadecimal."""
    row_groups: tuple[RowGroup, ...]
    schema: pa.Schema
    column_bytes: tuple[tuple[str, int], ...]
    """Uncompressed bytes of each top-level column."""
    hive: tuple[tuple[str, str], ...]
    """Partition keys that stand in the path, `lang=python`."""

    @property
    def rows(self) -> int:
        """Rows in all row groups."""
        return sum(group.rows for group in self.row_groups)

    @property
    def fingerprint(self) -> str:
        """Changes whenever the file does."""
        return f"{self.size}:{self.mtime_ns}:{self.footer}"


def list_files(place: Place) -> tuple[str, ...]:
    """Lists the files of a corpus in the order of its rows, as names below the base directory.

    Links to one file count once: the snapshots of a download cache share their files.
    """
    seen: set[str] = set()
    return tuple(name for name in sorted(set(_matches(place))) if not _is_seen(place.base / name, seen))


def _is_seen(path: Path, seen: set[str]) -> bool:
    """Whether a link leads to a file that an earlier link led to."""
    if not path.is_symlink():
        return False
    real = os.path.realpath(path)
    if real in seen:
        return True
    seen.add(real)
    return False


def _matches(place: Place) -> Iterator[str]:
    ours = place.workspace.root
    found = _walk(place) if place.pattern == ALL_PARQUET else _globbed(place)
    for name in found:
        is_ours = any(part.endswith(".corpus") for part in name.split("/")) or (place.base / name).is_relative_to(ours)
        if not is_ours:
            yield name


def _globbed(place: Place) -> Iterator[str]:
    for name in glob.iglob(place.pattern, root_dir=place.base, recursive=True):
        if not os.path.isdir(place.base / name):
            yield Path(name).as_posix()


def _walk(place: Place) -> Iterator[str]:
    """The Parquet files below the base; a linked directory is not entered, and named where it leads outside."""
    root = place.base.resolve()
    for folder, folders, files in os.walk(place.base):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = Path(folder).relative_to(place.base)
        yield from ((below / name).as_posix() for name in files if _is_parquet_name(name))
        for name in folders:
            path = Path(folder, name)
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                yield (below / name).as_posix()


def _is_parquet_name(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def gate(base: Path, name: str) -> CorpusFile | Quarantined:
    """Checks a file before any row is read: kind, size, magic, footer, schema limits; says in words what fails."""
    reason = _refuse_kind(base, name)
    if reason:
        return Quarantined(name, reason)
    try:
        return _read_footer(base, name)
    except _Unfit as unfit:
        return Quarantined(name, str(unfit))
    except (pa.ArrowException, OSError, ValueError, UnicodeError, MemoryError) as error:
        return Quarantined(name, f"its footer cannot be read ({_first_line(error)})")


class _Unfit(Exception):
    """A limit of the gate is passed."""


def _refuse_kind(base: Path, name: str) -> str:
    path = base / name
    try:
        status = path.stat()
        real = path.resolve()
        os.fsencode(name).decode("utf-8")
    except OSError as error:
        return f"it cannot be opened ({error.strerror})"
    except UnicodeDecodeError:
        return "its name is not UTF-8; rename it"
    if not any(real.is_relative_to(root) for root in _roots(base)):
        return "it is a link to a place outside the corpus"
    return "" if stat.S_ISREG(status.st_mode) else "it is not a regular file"


def _roots(base: Path) -> tuple[Path, ...]:
    """Where the files of a corpus may lie: below its base; for a snapshot of a Hugging Face cache, its `blobs` too."""
    real = base.resolve()
    repos = (folder.parent for folder in (real, *real.parents) if folder.name == "snapshots")
    return (real, *(repo / "blobs" for repo in repos if repo.name.startswith(_CACHED)))


def _read_footer(base: Path, name: str) -> CorpusFile:
    path = base / name
    status = path.stat()
    footer = _footer_bytes(path, status.st_size)
    with pq.ParquetFile(path, memory_map=False) as parquet:
        metadata = parquet.metadata
        _check_counts(metadata, status.st_size)
        schema = parquet.schema_arrow
    _check_columns(schema)
    groups, weights = _weigh(metadata, schema)
    return CorpusFile(
        name=name,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        footer=hashlib.sha256(footer).hexdigest(),
        row_groups=groups,
        schema=schema,
        column_bytes=tuple(weights.items()),
        hive=hive_keys(name),
    )


def _footer_bytes(path: Path, size: int) -> bytes:
    if size == 0:
        raise _Unfit("it is empty (0 bytes)")
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if size < len(_MAGIC) + _TAIL or not head.startswith(_MAGIC):
            raise _Unfit(_what_else(head))
        file.seek(-_TAIL, os.SEEK_END)
        tail = file.read(_TAIL)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != _MAGIC:
            raise _Unfit("it is cut off or damaged: the closing magic bytes are missing")
        if length > min(MAX_FOOTER, size - _TAIL - len(_MAGIC)):
            raise _Unfit(f"its footer claims {length:,} bytes, more than fits")
        file.seek(-_TAIL - length, os.SEEK_END)
        return file.read(length)


def _what_else(head: bytes) -> str:
    """Says what a file is that is not Parquet, from its first bytes."""
    if head.startswith(b"PARE"):
        return "its footer is encrypted"
    pointer = next((words for start, words in POINTERS.items() if head.startswith(start)), None)
    return f"it is {pointer}" if pointer else "it is not a Parquet file"


def _check_counts(metadata: pq.FileMetaData, size: int) -> None:
    if metadata.num_rows > max(FREE_ROWS, size * ROWS_A_BYTE):
        raise _Unfit(f"it unfolds to {metadata.num_rows:,} rows from {size:,} bytes, more than any real text does")
    if metadata.num_columns > MAX_COLUMNS:
        raise _Unfit(f"it has {metadata.num_columns:,} columns; at most {MAX_COLUMNS:,} are looked at")
    if metadata.num_row_groups > MAX_ROW_GROUPS:
        raise _Unfit(f"it has {metadata.num_row_groups:,} row groups; at most {MAX_ROW_GROUPS:,} are read")


def _check_columns(schema: pa.Schema) -> None:
    names = schema.names
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unfit(f"two of its columns are called {twice!r}")


def _weigh(metadata: pq.FileMetaData, schema: pa.Schema) -> tuple[tuple[RowGroup, ...], dict[str, int]]:
    groups: list[RowGroup] = []
    weights: dict[str, int] = {}
    tops = _tops(metadata, schema)
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        if group.num_rows < 0 or group.num_rows > metadata.num_rows:
            raise _Unfit(f"row group {number} claims {group.num_rows:,} rows of {metadata.num_rows:,}")
        groups.append(RowGroup(group.num_rows, group.total_byte_size))
        for position in range(group.num_columns):
            weight = group.column(position).total_uncompressed_size
            weights[tops[position]] = weights.get(tops[position], 0) + weight
    return tuple(groups), weights


def _tops(metadata: pq.FileMetaData, schema: pa.Schema) -> tuple[str, ...]:
    """The top-level column of each leaf column; a name may hold dots of its own."""
    names = set(schema.names)
    paths = (metadata.schema.column(position).path for position in range(metadata.num_columns))
    return tuple(_top(path, names) for path in paths)


def _top(path: str, names: set[str]) -> str:
    words = path.split(".")
    heads = (".".join(words[:length]) for length in range(len(words), 0, -1))
    return next((head for head in heads if head in names), words[0])


def hive_keys(name: str) -> tuple[tuple[str, str], ...]:
    """Reads the partition keys of a path: `lang=python/part-0.parquet` has `lang` = `python`."""
    from urllib.parse import unquote

    pairs = (folder.partition("=") for folder in name.split("/")[:-1] if "=" in folder)
    return tuple((unquote(key), unquote(value)) for key, _, value in pairs if key)


def _first_line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 160 else f"{text[:159]}…"
