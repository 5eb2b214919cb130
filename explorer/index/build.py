"""Builds or refreshes an index: gate, survey, slices, parts, loading; what is done is never done again."""

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from explorer.corpus import marker
from explorer.corpus.files import CorpusFile, Quarantined, gate, list_files
from explorer.corpus.marker import Marker
from explorer.corpus.survey import Survey, describe_fields, survey
from explorer.corpus.workspace import Place, Workspace
from explorer.errors import BadInput, ExplorerError
from explorer.fingerprints.policy import LOWEST_THRESHOLD, THRESHOLD
from explorer.index.admission import admit
from explorer.index.loading import LAYOUT, load_index, read_gaps
from explorer.index.lock import only_builder
from explorer.index.pairing import LostFile, Pairing
from explorer.index.parts import Advance, index_slice, our_own_trouble
from explorer.index.pool import Advanced, Done, Failed, Lost, Pool
from explorer.index.preparing import Preparing
from explorer.index.work import Options, Slice, slices
from explorer.quality.scale import current_scale
from explorer.signals.tokens import can_count_exactly
from queries.loading import Gaps


@dataclass(frozen=True)
class Wishes:
    """What the caller asks of an index."""

    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    workers: int | None = None
    """Worker processes; None takes one a core, 0 works in this process."""
    content: str = "auto"
    signals: str = "full"
    """`full` parses Python, `quick` does not."""
    exact_tokens: bool | None = None
    """None counts exactly where the extra `tokens` is installed."""
    threshold: float | None = None
    """From which similarity on pairs are kept; None keeps to the last build's, or the usual one."""


@dataclass(frozen=True)
class Progress:
    """How far a build is; `phase` is `checking`, `preparing`, `reading`, `comparing` or `loading`."""

    phase: str
    files: int = 0
    files_done: int = 0
    rows: int = 0
    rows_done: int = 0
    bytes_done: int = 0
    """Bytes of text read in this run."""
    fresh_rows: int = 0
    """Rows read in this run; the others were there already."""
    seconds: float = 0.0


Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Built:
    """What a build came to."""

    files: int
    rows: int
    fresh_rows: int
    bytes: int
    seconds: float
    quarantined: tuple[Quarantined, ...]
    mapping: Mapping[str, str | None]
    gaps: Gaps
    lost: tuple[Quarantined, ...] = ()
    """Those of `quarantined` that time, memory or a death left out: they may well be sound."""


def build_index(place: Place, wishes: Wishes | None = None, report: Report | None = None) -> Built:
    """Builds the index of a corpus, or refreshes it where something changed.

    Raises BadInput where there are no files or no file maps, ExplorerError where every file had to be set aside or
    another process is building.
    """
    return _Build(place, wishes or Wishes(), report or (lambda _: None)).run()


class NothingLeft(ExplorerError):
    """No file of the corpus can be used; `quarantined` names each with its reason."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.quarantined = tuple(Quarantined(file, reason) for file, reason in sorted(reasons.items()))
        file, reason = self.quarantined[0]
        if len(reasons) == 1:
            super().__init__(f"{file} cannot be used: {reason}.", "Nothing was indexed.")
        else:
            super().__init__(f"None of the {len(reasons):,} files can be used.", "Nothing was indexed.")


class _Build:
    """One run over a corpus."""

    def __init__(self, place: Place, wishes: Wishes, report: Report) -> None:
        self._place = place
        self._wishes = wishes
        self._report = report
        self._started = time.monotonic()
        self._workers = wishes.workers if wishes.workers is not None else os.cpu_count() or 1
        self._reasons: dict[str, str] = {}
        self._lost: set[str] = set()
        self._threshold = _threshold_of(wishes, place)

    def run(self) -> Built:
        workspace = self._place.workspace
        names = list_files(self._place)
        if not names:
            raise BadInput(f"There are no Parquet files in {self._place.base / self._place.pattern}.", "Name others.")
        options = self._options()
        admit(workspace)
        with only_builder(workspace.lock):
            sweep(workspace)
            with Pool(self._workers) as pool:
                found = survey(self._gate(pool, names), self._wishes.mapping)
                self._reasons |= {file: reason for file, reason in found.quarantined}
                return self._load(pool, found, slices(self._place.base, found.sources, workspace, options))

    def _options(self) -> Options:
        exact = self._wishes.exact_tokens
        if exact and not can_count_exactly():
            raise BadInput(
                "Exact token counts need toktok-rs.", "Install the extra `tokens`, or use --tokens estimate."
            )
        return Options(
            can_count_exactly() if exact is None else exact, self._wishes.content, self._wishes.signals == "full"
        )

    def _gate(self, pool: Pool, names: tuple[str, ...]) -> tuple[CorpusFile, ...]:
        fit: dict[str, CorpusFile] = {}
        tasks = [(self._place.base, name) for name in names]
        for done, outcome in enumerate(pool.run(_gate_task, tasks)):
            name = outcome.task[1]
            match outcome:
                case Done(result=CorpusFile() as file):
                    fit[name] = file
                case Done(result=Quarantined(reason=reason)) | Failed(reason=reason):
                    self._leave_out(name, reason, is_lost=isinstance(outcome, Lost))
                case _:
                    pass
            self._report(Progress("checking", len(names), min(done + 1, len(names)), seconds=self._elapsed()))
        if not fit:
            raise NothingLeft(self._reasons)
        return tuple(fit[name] for name in names if name in fit)

    def _read(self, pool: Pool, pieces: tuple[Slice, ...], fresh: dict[Path, Advance]) -> tuple[Slice, ...]:
        """Makes the missing parts and returns the slices they are of; `fresh` takes what was read of each in this run.

        A slice of several files that cannot be read, or of which one is set aside, falls apart into one a file.
        """
        broken: frozenset[Path] = frozenset()
        while True:
            pieces = tuple(one for piece in pieces for one in self._apart(piece, broken))
            if not (broken := self._read_once(pool, pieces, fresh)):
                return pieces

    def _apart(self, piece: Slice, broken: frozenset[Path]) -> tuple[Slice, ...]:
        is_broken = piece.part in broken or not self._reasons.keys().isdisjoint(piece.names)
        return piece.alone() if is_broken and len(piece.files) > 1 else (piece,)

    def _read_once(self, pool: Pool, pieces: tuple[Slice, ...], fresh: dict[Path, Advance]) -> frozenset[Path]:
        """Tries to make the missing parts; returns those of several files that could not be made."""
        todo = [piece for piece in pieces if not piece.is_done()]
        fresh |= {piece.part: Advance(0, 0) for piece in todo}
        made = sum(advance.rows for advance in fresh.values())
        ready = sum(piece.rows for piece in pieces) - sum(piece.rows for piece in todo) - made
        left = Counter(name for piece in todo for name in piece.names)
        broken: set[Path] = set()
        files = len({name for piece in pieces for name in piece.names})
        frame = Progress("reading", files, rows=sum(piece.rows for piece in pieces))
        wanted = (piece for piece in todo if self._reasons.keys().isdisjoint(piece.names))
        for outcome in pool.run(index_slice, wanted, lambda piece: piece.patience):
            piece: Slice = outcome.task
            match outcome:
                case Advanced(note=Advance() as advance):
                    fresh[piece.part] = advance
                case Advanced(note=Preparing()):
                    self._report(replace(frame, phase="preparing", seconds=self._elapsed()))
                    continue
                case Failed() if len(piece.files) > 1:
                    broken.add(piece.part)
                    fresh[piece.part] = Advance(0, 0)
                case Failed(reason=reason):
                    (name,) = piece.names
                    self._leave_out(name, reason, is_lost=isinstance(outcome, Lost))
                    fresh[piece.part] = Advance(0, 0)
                    left[name] = 0
                case _:
                    left.subtract(piece.names)
            rows_read = sum(advance.rows for advance in fresh.values())
            self._report(
                replace(
                    frame,
                    files_done=frame.files - sum(count > 0 for count in left.values()),
                    rows_done=ready + rows_read,
                    bytes_done=sum(advance.bytes for advance in fresh.values()),
                    fresh_rows=rows_read,
                    seconds=self._elapsed(),
                )
            )
        return frozenset(broken)

    def _leave_out(self, file: str, reason: str, *, is_lost: bool) -> None:
        """Sets a file aside for the first reason that is found."""
        if file not in self._reasons:
            self._reasons[file] = reason
            if is_lost:
                self._lost.add(file)

    def _load(self, pool: Pool, found: Survey, pieces: tuple[Slice, ...]) -> Built:
        """Reads and loads; a file that cannot be read a second time is left out and the rest is loaded again."""
        fresh: dict[Path, Advance] = {}
        while True:
            pieces = self._read(pool, pieces, fresh)
            try:
                return self._load_rest(pool, found, pieces, fresh)
            except LostFile as lost:
                self._leave_out(lost.file, lost.reason, is_lost=lost.is_lost)

    def _load_rest(self, pool: Pool, found: Survey, pieces: tuple[Slice, ...], fresh: dict[Path, Advance]) -> Built:
        workspace = self._place.workspace
        sources = tuple(source for source in found.sources if source.file.name not in self._reasons)
        kept = tuple(piece for piece in pieces if self._reasons.keys().isdisjoint(piece.names))
        quarantined = tuple(Quarantined(file, reason) for file, reason in sorted(self._reasons.items()))
        if not kept and quarantined:
            raise NothingLeft(self._reasons)
        if not kept:
            raise ExplorerError("The corpus has no rows.", "There is nothing to index.")
        scale = current_scale(workspace)
        state = _state_of(kept, quarantined, self._threshold, scale.digest)
        rows = sum(piece.rows for piece in kept)
        if workspace.describe().get("state") != state or not workspace.index.exists():
            self._report(Progress("loading", len(sources), len(sources), rows, rows, seconds=self._elapsed()))
            with spill_folder(workspace) as spill:
                pairing = Pairing(kept, pool, spill, self._threshold, self._comparing)
                load_index(workspace, sources, kept, quarantined, found.not_kept, pairing, scale, max(self._workers, 1))
        workspace.write_description(self._description(found, sources, state))
        forget_other_parts(workspace, kept)
        return Built(
            files=len(sources),
            rows=rows,
            fresh_rows=sum(advance.rows for advance in fresh.values()),
            bytes=sum(advance.bytes for advance in fresh.values()),
            seconds=self._elapsed(),
            quarantined=quarantined,
            mapping=describe_fields(found.mapping),
            gaps=read_gaps(workspace),
            lost=tuple(file for file in quarantined if file.file in self._lost),
        )

    def _comparing(self, done: int, rows: int) -> None:
        self._report(Progress("comparing", rows=rows, rows_done=done, seconds=self._elapsed()))

    def _description(self, found: Survey, sources: Iterable[Any], state: str) -> dict[str, Any]:
        return {
            **self._place.described_base(),
            "pattern": self._place.pattern,
            "mapping": describe_fields(found.mapping),
            "own_columns": {own.name: own.source for own in found.own},
            "options": {
                "content": self._wishes.content,
                "exact_tokens": self._options().exact_tokens,
                "threshold": self._threshold,
                "signals": self._wishes.signals,
            },
            "state": state,
            "quarantined": dict(sorted(self._reasons.items())),
            "files": {
                source.file.name: {
                    "size": source.file.size,
                    "mtime_ns": source.file.mtime_ns,
                    "footer_sha256": source.file.footer,
                    "rows": source.file.rows,
                    "row_groups": len(source.file.row_groups),
                    "mapping": source.mapping.as_dict(),
                }
                for source in sources
            },
        }

    def _elapsed(self) -> float:
        return time.monotonic() - self._started


def _threshold_of(wishes: Wishes, place: Place) -> float:
    """The wished threshold, else the one of the last build, else the usual one."""
    wished = wishes.threshold
    if wished is None:
        kept = place.workspace.describe().get("options", {}).get("threshold")
        return kept if isinstance(kept, float) and LOWEST_THRESHOLD <= kept <= 1 else THRESHOLD
    if not LOWEST_THRESHOLD <= wished <= 1:
        raise BadInput(f"{wished:g} is no similarity to compare at.", f"Name one from {LOWEST_THRESHOLD:g} to 1.")
    return float(wished)


def _gate_task(task: tuple[Path, str], _: Callable[[Any], None]) -> CorpusFile | Quarantined:
    return gate(*task)


def _state_of(pieces: Iterable[Slice], quarantined: Iterable[Quarantined], threshold: float, scale: str) -> str:
    digest = hashlib.sha256(f"layout {LAYOUT} threshold {threshold!r} scale {scale}\n".encode())
    for piece in pieces:
        digest.update(f"{piece.part.name} {piece.content is not None}\n".encode())
    for file in quarantined:
        digest.update(f"{file.file}: {file.reason}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@contextmanager
def spill_folder(workspace: Workspace) -> Generator[Path]:
    """Lends a new folder for what loading cannot hold in memory, and removes it."""
    spill = workspace.root / marker.temporary_of(Path("spill")).name
    marker.record(workspace.root, spill.name)
    with our_own_trouble():
        spill.mkdir(mode=0o700)
    try:
        yield spill
    finally:
        if listed := Marker.read(workspace.root):
            listed.remove(spill.name)


def sweep(workspace: Workspace) -> None:
    """Removes what a killed run left behind, as far as the marker lists it; called while the lock is held."""
    if listed := Marker.read(workspace.root):
        for name in listed.temporaries():
            listed.remove(name)


def forget_other_parts(workspace: Workspace, kept: Iterable[Slice]) -> None:
    """Removes parts and copies that no slice of the corpus needs any more, as far as the marker lists them."""
    root = workspace.root
    needed = {path.relative_to(root).as_posix() for piece in kept for path in (piece.part, piece.content) if path}
    listed = Marker.read(root)
    if listed is None:
        return
    for name in listed.parts():
        if name not in needed:
            listed.remove(name)
    # A part of an earlier version is used under a name that says all it depends on, which proves whose it is.
    marker.record(root, *sorted(needed - listed.names))
    marker.tidy(root)
