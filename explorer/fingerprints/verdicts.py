"""What a curator judged of a cluster, as it stands on the label of each member.

A judgement is named by the samples it was about, and puts each of them into a part: samples of one judgement that stand
in different parts do not belong together, whatever their similarity. In the part `=` they were confirmed to be
duplicates. A label keeps all judgements of its sample, parted by blanks, as `5d3f09ab:1 91c2e07d:=`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

SAME = "="
"""The part of those that a curator confirmed to be duplicates of each other."""


def confirming(members: Mapping[str, str | None]) -> dict[str, str]:
    """Returns the judgements of every member (id to what it holds so far) once all are confirmed to be duplicates."""
    name = _name(members, SAME)
    return {member: _with(before, name, SAME) for member, before in members.items()}


def parting(members: Mapping[str, str | None], parts: Iterable[Sequence[str]]) -> dict[str, str]:
    """Returns the judgements of every member once they are parted; `parts` name each member once."""
    listed = tuple(tuple(part) for part in parts)
    name = _name(members, "|".join(str(sorted(part)) for part in listed))
    return {
        member: _with(members[member], name, str(number)) for number, part in enumerate(listed, 1) for member in part
    }


def entries(text: str | None) -> dict[str, str]:
    """Reads the judgements of a label: name to part; words that are none are passed over."""
    pairs = (word.partition(":") for word in (text or "").split())
    return {name: part for name, colon, part in pairs if colon and part}


def are_parted(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tells whether a judgement put two samples into different parts."""
    return any(name in other and other[name] != part for name, part in one.items())


def _name(members: Iterable[str], kind: str) -> str:
    text = "\x1f".join((kind, *sorted(members)))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _with(before: str | None, name: str, part: str) -> str:
    return " ".join(f"{each}:{of}" for each, of in {**entries(before), name: part}.items())
