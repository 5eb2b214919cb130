"""The list of what its owners want in no training data: repositories, paths and ids."""

import re
from typing import NamedTuple

from explorer.errors import BadInput

KINDS = ("repo", "path", "id")
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?github\.com/", re.I)


class OptOut(NamedTuple):
    """One entry of the list."""

    kind: str
    """`repo`, exactly but for capitals; `path`, with `*` and `?`; `id`, exactly."""
    value: str
    line: int


def read_optouts(text: str, where: str) -> tuple[OptOut, ...]:
    """Reads a list, one entry a line: `repo NAME`, `path PATTERN` or `id ID`; `#` begins a remark.

    Raises BadInput naming the line that is none of these.
    """
    entries: list[OptOut] = []
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        kind, _, value = entry.partition(" ")
        value = value.strip()
        if kind not in KINDS or not value:
            raise BadInput(
                f"{where}, line {number}: {entry[:60]!r} names nothing.",
                "Write `repo NAME`, `path PATTERN` or `id ID`, one a line.",
            )
        entries.append(OptOut(kind, repo_name(value) if kind == "repo" else value, number))
    return tuple(entries)


def repo_name(text: str) -> str:
    """Returns a repository's name in small letters without its host."""
    return _HOST.sub("", text).removesuffix(".git").rstrip("/").lower()
