"""Finds the near-duplicates of a corpus: candidates from the signatures, proof from the texts, read a second time."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.corpus.reading import read_batches
from explorer.errors import ExplorerError
from explorer.fingerprints.bands import candidates
from explorer.fingerprints.components import components, pairs_within
from explorer.fingerprints.jaccard import similarities
from explorer.fingerprints.minhash import PERMUTATIONS, slots_of
from explorer.fingerprints.shingles import ShingleSets, shingle_sets
from explorer.index.parts import ChangedFile, has_changed, our_own_trouble, read_signatures
from explorer.index.pool import Advanced, Done, Failed, Lost, Pool
from explorer.index.work import Slice
from explorer.kernels.buffers import buffers
from queries.loading import Pairs

Rows = npt.NDArray[np.int64]
"""Rows of the index, ascending unless told otherwise."""

WHOLE_CLUSTER = 128
"""Contents of a cluster up to which each is compared with each, so that any of them may survive."""
HELD_BYTES = 1 << 30
"""Signatures beyond this lie in a file of the workspace while they are compared."""


class LostFile(ExplorerError):
    """A file that was read before could not be read a second time; `file` and `reason` say which and why.

    With `is_lost` time, memory or a death is the cause.
    """

    def __init__(self, file: str, reason: str, *, is_lost: bool = False) -> None:
        super().__init__(f"{file} could not be read a second time: {reason}.", "Run `corpus index` again.")
        self.file = file
        self.reason = reason
        self.is_lost = is_lost


Report = Callable[[int, int], None]
"""Is told how many rows have been compared, and how many there are."""


class Pairing:
    """Compares the contents of finished slices; what it reads again lies in `spill` until the directory is removed."""

    def __init__(self, pieces: Sequence[Slice], pool: Pool, spill: Path, threshold: float, report: Report) -> None:
        self._pieces = tuple(pieces)
        self._bases = np.array([0, *accumulate(piece.rows for piece in pieces)], np.int64)
        self._pool = pool
        self.spill = spill
        """An empty folder for what memory cannot hold."""
        self.threshold = threshold
        """The least similarity that makes a pair."""
        self._report = report
        self._sets = ShingleSets(np.zeros(0, np.uint64), np.zeros(1, np.int64))
        self._have_sets: Rows = np.zeros(0, np.int64)

    def find(self, contents: Rows) -> Pairs:
        """Returns the pairs at or above the threshold among contents, given by their first rows in an order that does
        not depend on the order of files; and every other pair inside a cluster of at most `WHOLE_CLUSTER` contents.

        Raises LostFile where a text cannot be read again.
        """
        found = candidates(self._slots(contents), self.threshold, max(self._pool.size, 1))
        left, right, similarity = self._proven(contents, found.left, found.right)
        roots = components(len(contents), left, right)
        more_left, more_right = _unknown(len(contents), (left, right), pairs_within(roots, WHOLE_CLUSTER))
        rest = similarities(self._sets, self._placed(contents, more_left), self._placed(contents, more_right))
        one = contents[np.concatenate([left, more_left])]
        other = contents[np.concatenate([right, more_right])]
        return Pairs(np.minimum(one, other), np.maximum(one, other), np.concatenate([similarity, rest]))

    def measure(self, left: Rows, right: Rows) -> npt.NDArray[np.float64]:
        """Returns the exact similarity of more pairs of contents that `find` has read, named by their first rows."""
        return similarities(self._sets, np.searchsorted(self._have_sets, left), np.searchsorted(self._have_sets, right))

    def clusters_of(self, pairs: Pairs) -> tuple[Rows, Rows]:
        """Returns every content that a pair at or above the threshold connects, and the lowest one of its cluster."""
        kept = pairs.similarity >= self.threshold
        nodes, ends = np.unique(np.stack([pairs.left[kept], pairs.right[kept]]), return_inverse=True)
        left, right = ends.reshape(2, -1)
        return nodes, nodes[components(len(nodes), left, right)]

    def _proven(self, contents: Rows, left: Rows, right: Rows) -> Pairs:
        """Reads the texts of candidates again and keeps the pairs that are as like as the threshold asks."""
        self._have_sets = np.unique(contents[np.unique(np.concatenate([left, right]))])
        self._sets = self._read_sets(self._have_sets)
        found = similarities(self._sets, self._placed(contents, left), self._placed(contents, right))
        kept = found >= self.threshold
        return Pairs(left[kept], right[kept], found[kept])

    def _placed(self, contents: Rows, numbers: Rows) -> Rows:
        """Where the sets of some contents stand among those that were read."""
        return np.searchsorted(self._have_sets, contents[numbers])

    def _slots(self, contents: Rows) -> npt.NDArray[np.uint32]:
        """Brings the signatures of contents together, in their order."""
        slots = self._room(len(contents))
        order = np.argsort(contents, kind="stable")
        rows = contents[order]
        for piece, base in zip(self._pieces, self._bases, strict=False):
            for first, column in read_signatures(piece.part, int(base)):
                low, high = np.searchsorted(rows, [first, first + len(column)])
                slots[order[low:high]] = slots_of(column)[rows[low:high] - first]
        return slots

    def _room(self, count: int) -> npt.NDArray[np.uint32]:
        shape = (count, PERMUTATIONS)
        if count * PERMUTATIONS * 4 <= HELD_BYTES:
            return np.empty(shape, np.uint32)
        return np.lib.format.open_memmap(self.spill / "signatures.npy", "w+", np.uint32, shape)

    def _read_sets(self, rows: Rows) -> ShingleSets:
        """Reads the texts of some rows again in worker processes and returns their shingles, in the order of rows."""
        if not len(rows):
            return ShingleSets(np.zeros(0, np.uint64), np.zeros(1, np.int64))
        tasks = list(self._tasks(rows))
        counts: dict[Path, npt.NDArray[np.int64]] = {}
        done: dict[Path, int] = {}
        touched: dict[Path, str] = {}
        lost: list[LostFile] = []
        # The run is heard to its end, that no worker answers into the next one.
        wanted = takewhile(lambda _: not lost, tasks)
        for outcome in self._pool.run(shingle_rows, wanted, lambda task: task.piece.patience):
            match outcome:
                case Failed(task=task, reason=reason):
                    name = touched[task.out] if task.out in touched else str(task.piece.names[0])
                    lost.append(LostFile(name, reason, is_lost=isinstance(outcome, Lost)))
                case Done(task=task, result=result):
                    counts[task.out] = result
                    done[task.out] = len(task.rows)
                case Advanced(task=task, note=note):
                    if isinstance(note, str):
                        touched[task.out] = note
                    else:
                        done[task.out] = int(note)
            self._report(sum(done.values()), len(rows))
        if lost:
            raise lost[0]
        return _joined([task.out for task in tasks], [counts[task.out] for task in tasks], self.spill / "sets")

    def _tasks(self, rows: Rows) -> Iterator["SetsTask"]:
        edges = np.searchsorted(rows, self._bases)
        for number, piece in enumerate(self._pieces):
            low, high = edges[number], edges[number + 1]
            if low < high:
                yield SetsTask(piece, rows[low:high] - self._bases[number], self.spill / f"sets-{number}")


@dataclass(frozen=True)
class SetsTask:
    """Some rows of a slice whose shingles are wanted, and the file they go to."""

    piece: Slice
    rows: Rows
    """Positions in the slice, ascending."""
    out: Path


def shingle_rows(task: SetsTask, report: Callable[[int | str], None]) -> npt.NDArray[np.int64]:
    """Writes the shingle identities (uint64) of the task's rows to its file; returns how many each row has.

    Reports the name of each file before it is read, then how many rows are done.

    Raises ChangedFile where the file is no longer the one that was indexed, ExplorerError where there is no room.
    """
    piece = task.piece
    counts: list[npt.NDArray[np.int64]] = []
    done = 0
    with our_own_trouble():
        file = pa.OSFile(str(task.out), "wb")
    with file:
        for first, content in _wanted_batches(piece, task.rows, report):
            stop = int(np.searchsorted(task.rows, first + len(content)))
            sets = shingle_sets(*buffers(content.take(pa.array(task.rows[done:stop] - first))))
            with our_own_trouble():
                file.write(sets.identities.tobytes())
            counts.append(np.diff(sets.offsets))
            done = stop
            report(done)
    if done < len(task.rows):
        raise ChangedFile("it changed while it was read")
    return np.concatenate(counts)


def _wanted_batches(
    piece: Slice, rows: Rows, report: Callable[[str], None]
) -> Iterator[tuple[int, pa.LargeBinaryArray]]:
    """The texts of the row groups that hold some rows, each with the position of its first row in the slice."""
    base = 0
    for wanted in piece.files:
        low, high = np.searchsorted(rows, [base, base + wanted.rows])
        if low < high:
            report(wanted.source.file.name)
            starts = base + np.array([0, *accumulate(group.rows for group in wanted.groups)], np.int64)
            held = np.unique(np.searchsorted(starts, rows[low:high], side="right") - 1)
            first_of = {wanted.row_groups[number]: int(starts[number]) for number in held}
            for placed in read_batches(piece.base, wanted.source, list(first_of), content_only=True):
                yield first_of[placed.row_group] + placed.first_row, placed.batch.column("content")
            if has_changed(piece.base, wanted.source):
                raise ChangedFile("it changed while it was read")
        base += wanted.rows


def _joined(files: Sequence[Path], counts: Sequence[npt.NDArray[np.int64]], goal: Path) -> ShingleSets:
    """Puts the sets of all files behind one another in one file and maps it."""
    with goal.open("wb") as whole:
        for path in files:
            with path.open("rb") as file:
                shutil.copyfileobj(file, whole, 1 << 20)
            path.unlink()
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate(counts))])
    identities = np.memmap(goal, np.uint64, "r") if offsets[-1] else np.zeros(0, np.uint64)
    return ShingleSets(identities, offsets)


def _unknown(count: int, known: tuple[Rows, Rows], wanted: tuple[Rows, Rows]) -> tuple[Rows, Rows]:
    """The wanted pairs that are not known yet."""
    keys = wanted[0] * count + wanted[1]
    is_new = np.isin(keys, known[0] * count + known[1], invert=True)
    return wanted[0][is_new], wanted[1][is_new]
