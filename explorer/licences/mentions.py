"""What a rule finds in the prose of a header, and how several findings make one expression."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from explorer.licences.expressions import read_licence

_CHOICE = re.compile(
    r"\b(?:dual(?:ly)?|triple|double)[- ]licen[sc]|\bat your (?:choice|election)\b|\byour choice of\b|\balternatively\b"
    r"|\bchoose between\b|\bat your option\b(?!\W{0,2} any)|\beither (?!express|version|v\d)"
)
_OR_BETWEEN = re.compile(r"(?:^|[^a-z])or(?![a-z])|/")
_NEAR = 120
"""Characters between two names that an `or` may join."""


class Mention(NamedTuple):
    """A licence that the text names."""

    expression: str
    start: int
    end: int
    is_whole: bool = True
    """Whether it is the licence's own text; else it is only named."""


def combine(text: str, mentions: Sequence[Mention]) -> str:
    """Returns the expression of all mentions in their order, joined by OR where a choice is given, else by AND."""
    ordered = sorted(mentions, key=lambda mention: mention.start)
    expressions = list(dict.fromkeys(mention.expression for mention in ordered))
    if len(expressions) == 1:
        return expressions[0]
    joint = " OR " if _gives_choice(text, ordered) else " AND "
    return read_licence(joint.join(f"({one})" if " " in one else one for one in expressions)).expression


def _gives_choice(text: str, ordered: Sequence[Mention]) -> bool:
    if _CHOICE.search(text):
        return True
    gaps = [(one.end, other.start) for one, other in pairwise(ordered) if other != one]
    return all(end - start <= _NEAR and _OR_BETWEEN.search(text[start:end]) for start, end in gaps)


def outermost(mentions: Sequence[Mention]) -> list[Mention]:
    """Leaves out what lies within another mention, and of equal places all but the first."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept
