"""Finds what is often a security weakness: calls and settings that a careful reviewer would ask about."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from explorer.kernels.literals import SHORT_BYTES, Anchor, AnchorSearch
from explorer.safety.weakness_rules import FAMILIES, WeaknessRule, family_of, weakness_rules

FIRST_FAMILY_BIT = 1
"""The bit of the first family's anchors; that of the secrets comes before."""

_REACH = 200
_COMMENT_REACH = 400
_QUOTED = re.compile(rb"\"(?:[^\"\\]|\\.)*+(?:\"|$)|'(?:[^'\\]|\\.)*+(?:'|$)|`[^`]*+(?:`|$)")
_SLASHES = re.compile(rb"//|/\*|^\s*\*(?!\w)")
_COMMENTS = {
    "python": re.compile(rb"#"),
    "c": re.compile(rb"//|/\*|^\s*\*(?!\w)|^\s*#\s*define\s+\w*$"),
    "ruby": re.compile(rb"#"),
    "shell": re.compile(rb"(?:^|\s)#"),
    "php": re.compile(rb"//|/\*|^\s*\*|#(?!\[)"),
}


class Weakness(NamedTuple):
    """A weakness in a text."""

    rule: str
    severity: str
    """`high`, `medium` or `low`."""
    line: int
    """From 1."""


WeaknessHit = tuple[int, WeaknessRule]
"""A place and the rule to try there."""


def find_weaknesses(text: bytes, language: str | None) -> tuple[Weakness, ...]:
    """Returns the weaknesses of a text in its order, each rule once a line; none for a language without rules."""
    family = family_of(language)
    if family is None:
        return ()
    hits = _short_hits(text, family) if len(text) < SHORT_BYTES else _long_hits(text, family)
    return weaknesses_at(text, hits)


def weaknesses_at(text: bytes, hits: Iterable[WeaknessHit]) -> tuple[Weakness, ...]:
    """Returns the weaknesses at some hits, which ascend, in time linear in the text and in the hits."""
    found: dict[Weakness, None] = {}
    line, read = 1, 0
    for place, rule in hits:
        if _matches(text, place, rule):
            line += text.count(b"\n", read, place)
            read = place
            found[Weakness(rule.name, rule.severity, line)] = None
    return tuple(found)


def _matches(text: bytes, place: int, rule: WeaknessRule) -> bool:
    if not rule.pattern.match(text, place):
        return False
    return (rule.near is None or _is_near(text, place, rule.near)) and not _is_commented(text, place, rule.family)


def _is_near(text: bytes, place: int, near: re.Pattern[bytes]) -> bool:
    first = max(_line_start(text, place, _REACH), place - _REACH)
    feed = text.find(b"\n", place, place + _REACH)
    return near.search(text[first : feed if feed >= 0 else place + _REACH]) is not None


def _is_commented(text: bytes, place: int, family: str) -> bool:
    """Tells whether a comment begins before a place on its line, outside quotes, or C defines a name there."""
    before = text[_line_start(text, place, _COMMENT_REACH) : place]
    marks = _COMMENTS.get(family, _SLASHES)
    return marks.search(before) is not None and marks.search(_QUOTED.sub(b"''", before)) is not None


def _line_start(text: bytes, place: int, reach: int) -> int:
    """Returns where the line of a place begins, or what lies `reach` bytes before it if that is nearer."""
    first = max(place - reach, 0)
    return max(text.rfind(b"\n", first, place) + 1, first)


@cache
def weakness_anchors() -> tuple[tuple[Anchor, ...], tuple[WeaknessRule, ...]]:
    """Returns every anchor of the table, under the bit of its family, and the rule of each."""
    pairs = [(Anchor(text, family_bit(rule.family)), rule) for rule in weakness_rules() for text in rule.anchors]
    anchors, rules = zip(*pairs, strict=True)
    return anchors, rules


def family_bit(family: str) -> int:
    """Returns the bit that the anchors of a family carry."""
    return 1 << (FIRST_FAMILY_BIT + list(FAMILIES).index(family))


@cache
def _short_search(family: str) -> tuple[AnchorSearch, tuple[WeaknessRule, ...]]:
    bit = family_bit(family)
    anchors, rules = weakness_anchors()
    own = [(anchor, rule) for anchor, rule in zip(anchors, rules, strict=True) if anchor.bank == bit]
    return AnchorSearch([anchor for anchor, _ in own]), tuple(rule for _, rule in own)


def _short_hits(text: bytes, family: str) -> Iterator[WeaknessHit]:
    search, rules = _short_search(family)
    return ((hit.place, rules[hit.number]) for hit in search.search(text))


def _long_hits(text: bytes, family: str) -> Iterator[WeaknessHit]:
    from explorer.safety.single import places_in

    anchors, rules = weakness_anchors()
    return ((place, rules[number]) for place, number in places_in(text, anchors, family_bit(family)))
