"""How old a sample is at most: the release of the newest language feature in its code; and what in it is stale.

A feature is dated by the first release that has it. Python before a release through `__future__` or a backport, and
JavaScript through a compiler, may hold it earlier: the date is a bound for ordinary code, not a proof.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.kernels.buffers import buffers
from explorer.languages.code_kernel import Hits, find_in_code
from explorer.languages.names import name_languages
from explorer.signals.age.idioms import Idiom, Language, language, languages

_SPELLED = {"TSX": "TypeScript", "JSX": "JavaScript", "Vue": "JavaScript", "Svelte": "JavaScript"}


class Freshness(NamedTuple):
    """What the idioms of a text tell."""

    not_before: date | None
    feature: str | None
    """The newest feature and its release, such as `match statement (Python 3.10)`."""
    stale: tuple[str, ...]
    """Stale markers, each once, in the order of the text."""


_NOTHING = Freshness(None, None, ())


def read_freshness(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `not_before` (date32), `not_before_feature` (string), `stale_markers` (list of string) of each `content`.

    All are null where the content is null or of a language without idioms; the first two also where no feature is
    found. Uses `language` and `path` where the batch has them.
    """
    content = batch.column("content")
    names = _language_names(batch)
    valid = content.is_valid().to_numpy(zero_copy_only=False)
    found: list[Freshness | None] = [None] * batch.num_rows
    for name in set(names) & set(languages()):
        chosen = np.array([one == name for one in names], np.bool_) & valid
        for row in np.flatnonzero(chosen).tolist():
            found[row] = _NOTHING
        for row, freshness in _read_language(content, chosen, language(name)):
            found[row] = freshness
    columns = {
        "not_before": pa.array([one and one.not_before for one in found], pa.date32()),
        "not_before_feature": pa.array([one and one.feature for one in found], pa.string()),
        "stale_markers": pa.array([one and one.stale for one in found], pa.list_(pa.string())),
    }
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _language_names(batch: pa.RecordBatch) -> list[str | None]:
    names = name_languages(batch).column("language").to_pylist()
    return [_SPELLED.get(name, name) for name in names]


def _read_language(
    content: pa.LargeBinaryArray, chosen: npt.NDArray[np.bool_], known: Language
) -> Iterator[tuple[int, Freshness]]:
    """Yields the rows in which an anchor stands."""
    text, offsets = buffers(content)
    hits = find_in_code(text, offsets, chosen, known.lexis, known.table)
    for row, some in _by_row(hits):
        cell = text[offsets[row] : offsets[row + 1]].tobytes()
        newest = _newest(cell, some, known.idioms)
        yield row, Freshness(*newest, _stale(cell, some, known.idioms))


def _by_row(hits: Hits) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yields a row and the (anchor, place) of its hits."""
    places = zip(hits.rows.tolist(), hits.anchors.tolist(), hits.places.tolist(), strict=True)
    for row, some in groupby(places, key=lambda hit: hit[0]):
        yield row, [(anchor, place) for _, anchor, place in some]


def _newest(cell: bytes, hits: Sequence[tuple[int, int]], idioms: Sequence[Idiom]) -> tuple[date | None, str | None]:
    """Tries the hits of features, whose anchors are in order from the newest on, until one stands."""
    for anchor, place in sorted(hits):
        idiom = idioms[anchor]
        if idiom.since is None:
            break
        if name := idiom.name_at(cell, place):
            return idiom.since, f"{name} ({idiom.release})"
    return None, None


def _stale(cell: bytes, hits: Sequence[tuple[int, int]], idioms: Sequence[Idiom]) -> tuple[str, ...]:
    names = (idioms[anchor].name_at(cell, place) for anchor, place in hits if idioms[anchor].since is None)
    return tuple(dict.fromkeys(filter(None, names)))
