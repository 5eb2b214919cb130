"""Cuts a corpus into slices of row groups and names the part that each becomes."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer.corpus.files import RowGroup
from explorer.corpus.survey import SourceFile
from explorer.corpus.workspace import Workspace
from explorer.index.batches import VERSION
from explorer.own_files import is_regular

SLICE_BYTES = 128 << 20
"""Uncompressed bytes of a slice, the unit of work, progress and resumption."""
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
class Slice:
    """Some consecutive row groups of one file, and where their part goes."""

    base: Path
    source: SourceFile
    row_groups: tuple[int, ...]
    options: Options
    part: Path
    content: Path | None
    """Where the text is copied to, if it is."""

    @property
    def rows(self) -> int:
        """Rows of the slice."""
        return sum(group.rows for group in self.groups)

    @property
    def bytes(self) -> int:
        """Uncompressed bytes of the slice, all columns."""
        return sum(group.bytes for group in self.groups)

    @property
    def groups(self) -> tuple[RowGroup, ...]:
        """The row groups themselves."""
        return tuple(self.source.file.row_groups[number] for number in self.row_groups)

    @property
    def patience(self) -> float:
        """Seconds of processor time after which work on it without progress is a hang: ten for a million bytes."""
        return min(LEAST_PATIENCE + self.bytes / 1e5, MOST_PATIENCE)

    def is_done(self) -> bool:
        """Tells whether the part lies there whole: parts appear under their name only when they are."""
        return is_regular(self.part) and (self.content is None or is_regular(self.content))


def slices(base: Path, sources: Iterable[SourceFile], workspace: Workspace, options: Options) -> tuple[Slice, ...]:
    """Cuts every file into slices, in the order of the corpus's rows; empty files give none."""
    return tuple(piece for source in sources for piece in _slices_of(base, source, workspace, options))


def _slices_of(base: Path, source: SourceFile, workspace: Workspace, options: Options) -> Iterator[Slice]:
    copies = _copies_content(source, options)
    for numbers in _packed(source.file.row_groups):
        key = _key(source, numbers, options)
        content = workspace.content / f"{key}.parquet" if copies else None
        yield Slice(base, source, numbers, options, workspace.parts / f"{key}.parquet", content)


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


def _key(source: SourceFile, numbers: tuple[int, ...], options: Options) -> str:
    """Names a part by all it depends on, so that a changed file, mapping or version gets a new one."""
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
