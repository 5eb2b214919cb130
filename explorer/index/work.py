"""Cuts a corpus into slices and names the part that each becomes."""

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer.corpus.files import RowGroup
from explorer.corpus.survey import SourceFile
from explorer.corpus.workspace import Workspace
from explorer.index.batches import VERSION
from explorer.own_files import is_regular

SLICE_BYTES = 128 << 20
"""Uncompressed bytes of a slice of a large file. Slices are the units of work, progress and resumption."""
SMALL_BYTES = 1 << 20
"""A file of no more uncompressed bytes shares a slice with its neighbours: a part costs more than its rows."""
BUNDLED_BYTES = 16 << 20
"""Bytes after which a slice takes no further file."""
BUNDLED_FILES = 256
"""Files of a slice at most."""
USUAL_FILES = 64
"""Files of a slice on average, where they are small."""
CONTENT_GROUP_ROWS = 200
"""Rows of a row group in a copy of the text: one sample opens in about a millisecond."""
MAX_ROW_GROUP_BYTES = 48 << 20
"""A row group larger than this is too slow to open one sample from; its text is copied."""
LEAST_PATIENCE = 120.0
MOST_PATIENCE = 900.0


@dataclass(frozen=True)
class Options:
    """What shapes the parts of an index."""

    exact_tokens: bool
    copy_content: str
    """`auto` copies the text of files with large row groups, `copy` of all, `source` of none."""
    parse: bool
    """Whether Python is parsed, which costs more than all else."""


@dataclass(frozen=True)
class FileRows:
    """Some consecutive row groups of one file."""

    source: SourceFile
    row_groups: tuple[int, ...]

    @property
    def groups(self) -> tuple[RowGroup, ...]:
        """The row groups themselves."""
        return tuple(self.source.file.row_groups[number] for number in self.row_groups)

    @property
    def rows(self) -> int:
        """How many rows they have."""
        return sum(group.rows for group in self.groups)

    @property
    def bytes(self) -> int:
        """Their uncompressed bytes, all columns."""
        return sum(group.bytes for group in self.groups)


@dataclass(frozen=True)
class Slice:
    """Row groups of one large file, or several small files whole, in the corpus's order; and where their part goes."""

    base: Path
    files: tuple[FileRows, ...]
    options: Options
    part: Path
    content: Path | None
    """Where the text is copied to, if it is."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its files."""
        return tuple(rows.source.file.name for rows in self.files)

    @property
    def rows(self) -> int:
        """Rows of the slice."""
        return sum(rows.rows for rows in self.files)

    @property
    def bytes(self) -> int:
        """Uncompressed bytes of the slice, all columns."""
        return sum(rows.bytes for rows in self.files)

    @property
    def patience(self) -> float:
        """Seconds of processor time after which work on it without progress is a hang: ten for a million bytes."""
        return min(LEAST_PATIENCE + self.bytes / 1e5, MOST_PATIENCE)

    def is_done(self) -> bool:
        """Tells whether the part lies there whole: parts appear under their name only when they are."""
        return is_regular(self.part) and (self.content is None or is_regular(self.content))

    def alone(self) -> tuple["Slice", ...]:
        """Returns a slice for each file, so that one that cannot be read costs no other."""
        content = self.content.parent if self.content else None
        return tuple(_slice(self.base, (rows,), self.options, self.part.parent, content) for rows in self.files)


def slices(base: Path, sources: Iterable[SourceFile], workspace: Workspace, options: Options) -> tuple[Slice, ...]:
    """Cuts large files into slices and bundles small ones, in the order of the corpus's rows; empty files give none."""
    found: list[Slice] = []
    for files in _grouped(sources):
        content = workspace.content if _copies_content(files[0].source, options) else None
        found.append(_slice(base, files, options, workspace.parts, content))
    return tuple(found)


def _grouped(sources: Iterable[SourceFile]) -> Iterator[tuple[FileRows, ...]]:
    """Yields what makes a slice: each piece of a large file by itself, neighbouring small files together."""
    bundle: list[FileRows] = []
    for source in sources:
        pieces = [FileRows(source, numbers) for numbers in _packed(source.file.row_groups)]
        is_large = sum(piece.bytes for piece in pieces) > SMALL_BYTES
        if bundle and (is_large or not _fits(bundle, source)):
            yield tuple(bundle)
            bundle = []
        if is_large:
            yield from ((piece,) for piece in pieces)
            continue
        bundle += pieces
        if bundle and _ends_bundle(source.file.name):
            yield tuple(bundle)
            bundle = []
    if bundle:
        yield tuple(bundle)


def _fits(bundle: list[FileRows], source: SourceFile) -> bool:
    """Whether a part can hold the rows of another file: it has the same columns, and there is room."""
    first = bundle[0].source
    is_alike = (source.mapping, source.own) == (first.mapping, first.own)
    return is_alike and len(bundle) < BUNDLED_FILES and sum(rows.bytes for rows in bundle) < BUNDLED_BYTES


def _ends_bundle(name: str) -> bool:
    """Whether a bundle ends with a file: its name alone decides, so that a new file changes one bundle, not all."""
    return zlib.crc32(os.fsencode(name)) % USUAL_FILES == 0


def _slice(base: Path, files: tuple[FileRows, ...], options: Options, parts: Path, content: Path | None) -> Slice:
    key = _key(files, options)
    return Slice(base, files, options, parts / f"{key}.parquet", content / f"{key}.parquet" if content else None)


def _copies_content(source: SourceFile, options: Options) -> bool:
    if options.copy_content != "auto":
        return options.copy_content == "copy"
    return any(
        group.bytes > MAX_ROW_GROUP_BYTES and group.rows > CONTENT_GROUP_ROWS for group in source.file.row_groups
    )


def _packed(groups: tuple[RowGroup, ...]) -> Iterator[tuple[int, ...]]:
    pending: list[int] = []
    weight = 0
    for number, group in enumerate(groups):
        if group.rows:
            pending.append(number)
            weight += group.bytes
        if weight >= SLICE_BYTES:
            yield tuple(pending)
            pending, weight = [], 0
    if pending:
        yield tuple(pending)


def _key(files: tuple[FileRows, ...], options: Options) -> str:
    """Names a part by all it depends on, so that a changed file, mapping or version gets a new one."""
    keys = [_key_of(rows.source, rows.row_groups, options) for rows in files]
    if len(keys) == 1:
        return keys[0]
    return f"{hashlib.sha256(' '.join(keys).encode()).hexdigest()[:24]}-{0:06d}"


def _key_of(source: SourceFile, numbers: tuple[int, ...], options: Options) -> str:
    depends = {
        "version": VERSION,
        "file": source.file.name,
        "state": source.file.fingerprint,
        "row_groups": [numbers[0], numbers[-1]],
        "mapping": source.mapping.columns,
        "own": [(own.name, own.source, own.kind) for own in source.own],
        "exact_tokens": options.exact_tokens,
        "parse": options.parse,
    }
    digest = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
    return f"{digest[:24]}-{numbers[0]:06d}"
