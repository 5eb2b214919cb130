"""More like this: the samples most like one, whatever the threshold, with their exact similarity."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.errors import BadInput, ExplorerError
from explorer.fingerprints.jaccard import similarities
from explorer.fingerprints.minhash import PERMUTATIONS, sign, slots_of
from explorer.fingerprints.shingles import WIDTH, ShingleSets, shingle_sets
from explorer.fingerprints.similar import agreements
from explorer.index.parts import read_signatures
from explorer.job import Job
from explorer.kernels.buffers import buffers
from explorer.open_corpus.content import ContentStore
from explorer.open_corpus.session import Session
from explorer.own_files import Damaged
from queries import clusters

LOOKED_AT = 60
"""Different contents, the likest by their signatures, whose exact similarity is worked out at least."""
LEAST_ROWS = 20_000
"""Rows of the corpus, the likest by their signatures, that compete for that: many of them may be copies."""
FIRST_LOOK = 4
"""So many times as many contents are measured as are wanted: an estimate misplaces some."""


class Similar(NamedTuple):
    """A content like another one."""

    row: int
    """The first row that has it."""
    similarity: float
    copies: int
    """Samples with this very content, but for the one asked about."""


def find_similar(session: Session, job: Job, row: int, most: int) -> list[Similar]:
    """Returns the contents most like a row's, the likest first; reports how much of the signatures has been seen.

    Raises BadInput for a text of fewer than five words: it has no shingles to compare.
    """
    text, offsets = _buffers(session.content, job, [row])
    signed = sign(text, offsets)
    if not signed.shingles[0]:
        raise BadInput(
            f"The sample has fewer than {WIDTH} words, too few to compare.", "Its exact copies are in its cluster."
        )
    rows, agreement = _agreeing(session, job, signed.slots[0])
    with session.cursor(job) as cursor:
        found = clusters.likest(cursor, row, rows, agreement, max(most * FIRST_LOOK, LOOKED_AT))
    sets = sets_of(session.content, job, [row, *(other for other, *_ in found)])
    others = np.arange(1, len(found) + 1)
    exact = similarities(sets, np.zeros(len(found), np.int64), others)
    similar = [Similar(other, float(alike), copies) for (other, copies, _), alike in zip(found, exact, strict=True)]
    return sorted((one for one in similar if one.similarity), key=lambda one: (-one.similarity, one.row))[:most]


def sets_of(content: ContentStore, job: Job, rows: Sequence[int]) -> ShingleSets:
    """Reads the texts of some rows and returns their sets of shingles, in the order of `rows`."""
    return shingle_sets(*_buffers(content, job, rows))


def _buffers(
    content: ContentStore, job: Job, rows: Sequence[int]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    texts: list[bytes] = []
    for row in rows:
        job.stop_if_cancelled()
        texts.append(content.read(row, lambda file: job.report({"file": file})))
    return buffers(pa.array(texts, pa.large_binary()))


def _agreeing(
    session: Session, job: Job, signature: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The rows whose signatures agree with one in most slots, at least `LEAST_ROWS` if there are, and in how many."""
    counts = np.zeros(session.samples, np.uint8)
    for first, column in _signatures(session, job):
        counts[first : first + len(column)] = agreements(slots_of(column), signature) * _are_there(column)
        job.report({"rows_done": first + len(column), "rows": session.samples})
    at_least = np.cumsum(np.bincount(counts, minlength=PERMUTATIONS + 2)[::-1])[::-1]
    least = max(1, int(np.argmax(at_least[1:] < LEAST_ROWS)))
    rows = np.flatnonzero(counts >= least)
    return rows, counts[rows].astype(np.int64)


def _are_there(column: pa.FixedSizeBinaryArray) -> npt.NDArray[np.uint8]:
    return column.is_valid().to_numpy(zero_copy_only=False).astype(np.uint8)


def _signatures(session: Session, job: Job) -> Iterator[tuple[int, pa.FixedSizeBinaryArray]]:
    """The signatures of the whole corpus, a row group of a part at a time, each with its first row."""
    with session.cursor(job) as cursor:
        parts = clusters.part_files(cursor)
    for name, base in parts:
        try:
            for portion in read_signatures(session.place.workspace.parts / name, base):
                job.stop_if_cancelled()
                yield portion
        except (pa.ArrowException, OSError, Damaged) as error:
            raise ExplorerError(
                f"The part {name} of the index cannot be read.", "Delete it and run `corpus index` again."
            ) from error
