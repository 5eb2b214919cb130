"""What the claims about a sample's licence come to; every claim is kept as evidence."""

from functools import lru_cache
from typing import NamedTuple

from explorer.signals.licences import read_licence

UNKNOWN = "unknown"
_ATTRIBUTION = ("CC-BY", "ODC-By", "OGL")
"""Licences that are called permissive and yet want the authors named with every copy."""


class NearestLicence(NamedTuple):
    """The nearest licence file up the path."""

    path: str
    expression: str
    similarity: float


class Evidence(NamedTuple):
    """One claim about the licence of a sample."""

    kind: str
    """`header`, `licence file` or `corpus`."""
    expression: str | None
    license_class: str
    words: str


class Decision(NamedTuple):
    """What holds for a sample: the strongest claim."""

    expression: str | None
    license_class: str
    evidence: tuple[Evidence, ...]
    """All claims, the strongest first."""
    conflict: bool
    """Whether two claims cannot both be true."""
    attribution_required: bool


@lru_cache(65536)
def decide(given: str | None, header: str | None, nearest: NearestLicence | None) -> Decision:
    """Weighs claims: the head of the file goes before the nearest licence file, and that before the corpus.

    A claim that cannot be read is `unknown`, never permissive, and gives way to one that can.
    """
    evidence = tuple(_claims(given, header, nearest))
    known = [claim for claim in evidence if claim.license_class != UNKNOWN]
    first = known[0] if known else evidence[0] if evidence else Evidence("", None, UNKNOWN, "")
    return Decision(
        first.expression,
        first.license_class,
        evidence,
        any(not _agree(first, other) for other in known[1:]),
        any(mark in (first.expression or "") for mark in _ATTRIBUTION),
    )


def _claims(given: str | None, header: str | None, nearest: NearestLicence | None) -> list[Evidence]:
    claims: list[Evidence] = []
    if header and header.strip():
        claims.append(_claim("header", header, "the first lines of the file say so"))
    if nearest is not None:
        where = f"{nearest.path} is the nearest licence file" if nearest.path else "the nearest licence file says so"
        claims.append(_claim("licence file", nearest.expression, where))
    if given and given.strip():
        claims.append(_claim("corpus", given, "the corpus says so"))
    return claims


def _claim(kind: str, text: str, words: str) -> Evidence:
    found = read_licence(text)
    return Evidence(kind, found.expression, found.license_class, words)


def _agree(one: Evidence, other: Evidence) -> bool:
    """Whether two claims can both be true: the same expression, or one that is among the choices of the other."""
    if one.expression == other.expression or _family(one.expression) == _family(other.expression):
        return True
    return bool(_choices(one.expression) & _choices(other.expression))


def _choices(expression: str | None) -> frozenset[str]:
    return frozenset(part.strip(" ()") for part in (expression or "").split(" OR "))


def _family(expression: str | None) -> str:
    """`GPL-2.0-only` and `GPL-2.0-or-later` are the same text, which a licence file cannot tell apart."""
    return (expression or "").removesuffix("-only").removesuffix("-or-later")
