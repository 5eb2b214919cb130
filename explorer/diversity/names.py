"""How names are written, and the words that they are made of."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

CONVENTIONS = ("snake", "camel", "Pascal", "UPPER", "single letter", "one word", "other")
"""`one word` is lower case alone, which fits snake and camel alike."""
SNAKE, CAMEL, PASCAL, UPPER, SINGLE, WORD, OTHER = range(len(CONVENTIONS))

_FORMS = (
    (SINGLE, re.compile(r"[^\W\d_]\Z")),
    (WORD, re.compile(r"[a-z][a-z0-9]*\Z")),
    (UPPER, re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\Z")),
    (SNAKE, re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+\Z")),
    (CAMEL, re.compile(r"[a-z][a-z0-9]*([A-Z][a-zA-Z0-9]*)+\Z")),
    (PASCAL, re.compile(r"[A-Z][a-zA-Z0-9]*[a-z][a-zA-Z0-9]*\Z")),
)
_SUBWORD = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")
"""Letters beyond ASCII count as small ones."""


def convention(name: str) -> int:
    """Tells how a name is written; underscores at either end do not count."""
    bare = name.strip("_")
    return next((kind for kind, form in _FORMS if form.match(bare)), OTHER)


def subwords(name: str) -> tuple[str, ...]:
    """Returns the words of a name in lower case: `parseHTTPBody_2` is parse, http, body, 2."""
    return tuple(word.lower() for word in _SUBWORD.findall(name))


class Names(NamedTuple):
    """The distinct names among the types of a vocabulary."""

    types: npt.NDArray[np.int64]
    """Number of the type of each name."""
    conventions: npt.NDArray[np.int64]
    of_subword: npt.NDArray[np.int64]
    """Which name each subword stands in, as a place in `types`."""
    subwords: npt.NDArray[np.int64]
    """Number of each subword."""
    kinds: int
    """How many different subwords there are."""


def look_at(types: npt.NDArray[np.int64], names: Sequence[str]) -> Names:
    """Tells of the names of some types how they are written and what they are made of."""
    numbers: dict[str, int] = {}
    places: list[int] = []
    found: list[int] = []
    for place, name in enumerate(names):
        for word in subwords(name):
            places.append(place)
            found.append(numbers.setdefault(word, len(numbers)))
    written = np.fromiter((convention(name) for name in names), np.int64, len(names))
    return Names(types, written, np.array(places, np.int64), np.array(found, np.int64), len(numbers))


def convention_shares(names: Names, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Returns for each convention its share of the distinct names that were seen."""
    seen = counts[names.types] > 0
    found = np.bincount(names.conventions[seen], minlength=len(CONVENTIONS))
    return found / max(int(found.sum()), 1)


def subword_counts(names: Names, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Returns how often each subword was seen, as often as the names it stands in."""
    weights = counts[names.types][names.of_subword]
    return np.bincount(names.subwords, weights=weights, minlength=names.kinds).astype(np.float64)
