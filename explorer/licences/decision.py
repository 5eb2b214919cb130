"""Which licence holds for a sample, from its header, the nearest licence file and the corpus's own word for it.

The header beats the licence file, which beats the metadata. This is evidence, no legal advice.
"""

from itertools import combinations
from typing import NamedTuple

from explorer.licences.expressions import alternatives, read_licence
from explorer.licences.headers import ALL_RIGHTS_RESERVED
from explorer.licences.licence_texts import UNREAD

UNKNOWN = "unknown"
_SAYS_NOTHING = frozenset({"", "none", "null", "nan", "other", "unknown", "noassertion", "no-license", "no license"})
_NO_NOTICE = frozenset({"0BSD", "MIT-0", "BlueOak-1.0.0", "CC0-1.0", "Unlicense", "WTFPL"})
"""Licences that ask for no copyright line to be kept, beside whatever is in the public domain."""


class Evidence(NamedTuple):
    """One piece of evidence."""

    kind: str
    """`header`, `directory` or `metadata`."""
    expression: str
    license_class: str
    words: str
    """What was found, for a person to read."""


class Decision(NamedTuple):
    """What holds for a sample."""

    expression: str | None
    """None where nothing is known."""
    license_class: str
    evidence: tuple[Evidence, ...]
    """In the order in which it counts."""
    conflict: bool
    """Two pieces of evidence contradict each other."""
    attribution_required: bool
    """The copyright line must be kept; so it is for whatever is unknown."""


def decide(given: str | None, header: str | None, nearest: tuple[str, str, float | None] | None) -> Decision:
    """Decides by `given` (the corpus's column), `header` and `nearest` (path, expression, similarity).

    A conflict are two pieces of evidence neither of which offers all that the other names. What names no licence that
    is known contradicts nothing; it decides only where nothing that counts less knows better: an unread tag or licence
    file decides, as it may forbid; words that merely keep all rights do not, nor does a licence file in the root that
    could not be read while the metadata, which are about that file, name a licence.
    """
    evidence = tuple(filter(None, (_header(header), _directory(nearest), _metadata(given))))
    if not evidence:
        return Decision(None, UNKNOWN, (), False, True)
    yielding = {ALL_RIGHTS_RESERVED, *([UNREAD] if nearest and "/" not in nearest[0].strip("./") else ())}
    decisive = [one for one in evidence if one.expression not in yielding]
    is_known = any(one.license_class != UNKNOWN for one in decisive)
    chosen = decisive[0] if is_known else evidence[0]
    conflict = any(contradicts(one, other) for one, other in combinations(evidence, 2))
    return Decision(chosen.expression, chosen.license_class, evidence, conflict, asks_for_notice(chosen.expression))


def contradicts(one: Evidence, other: Evidence) -> bool:
    """Tells whether two pieces of evidence exclude each other: neither offers by OR all that the other names."""
    if UNKNOWN in (one.license_class, other.license_class):
        return False
    choices, others = alternatives(one.expression), alternatives(other.expression)
    return not (choices <= others or others <= choices)


def asks_for_notice(expression: str) -> bool:
    """Tells whether the copyright line must be kept: not if one alternative is free of that."""
    return all(
        choice not in _NO_NOTICE and read_licence(choice).license_class != "public domain"
        for choice in alternatives(expression)
    )


def _header(expression: str | None) -> Evidence | None:
    if not expression or expression.upper() == UNREAD:
        return None
    return _evidence("header", expression, f"header: {expression}")


def _directory(nearest: tuple[str, str, float | None] | None) -> Evidence | None:
    if nearest is None:
        return None
    path, expression, similarity = nearest
    likeness = "" if similarity is None else f", {similarity:.2f} of its words"
    return _evidence("directory", expression, f"{path}: {expression}{likeness}")


def _metadata(given: str | None) -> Evidence | None:
    if given is None or given.strip().lower() in _SAYS_NOTHING:
        return None
    return _evidence("metadata", given, f"metadata: {given.strip()}")


def _evidence(kind: str, expression: str, words: str) -> Evidence:
    licence = read_licence(expression)
    return Evidence(kind, licence.expression, licence.license_class, words)
