"""The language features and stale markers that are looked for, one table a language, read from `idioms.toml`."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from explorer.kernels.anchors import BRACKET, LINE_START, WORD_END, Anchor, AnchorTable, anchor_table
from explorer.languages.code_kernel import Lexis
from explorer.tables import read_table

_MOST_TRIES = 40
"""Places of an anchor in one text at which its pattern is tried."""


_WORD_OF = re.compile(r"\w[\w.:/]*\w(?:!(?=\())?")
"""The word of an anchor, as names tell it."""


class Idiom(NamedTuple):
    """A feature or a stale marker."""

    name: str
    since: date | None
    """Release of the feature; None for a stale marker."""
    release: str
    """Name of the release, such as `Python 3.12`."""
    pattern: re.Pattern[bytes] | None

    def name_at(self, text: bytes, place: int) -> str | None:
        """Returns the idiom's name if it stands at a place, with the words of its pattern; else None."""
        if self.pattern is None:
            return self.name
        match = self.pattern.match(text, place)
        if match is None:
            return None
        return self.name.replace("{}", match[1].decode("ascii", "replace")) if match.re.groups else self.name


class Language(NamedTuple):
    """What is looked for in a language."""

    lexis: Lexis
    table: AnchorTable
    idioms: tuple[Idiom, ...]
    """That of each anchor; features from the newest to the oldest, then stale markers."""


def languages() -> tuple[str, ...]:
    """Returns the names of the languages that have a table."""
    return tuple(_tables())


@cache
def language(name: str) -> Language:
    """Builds what is looked for in a language."""
    pairs: list[tuple[Anchor, Idiom]] = []
    for entry, idiom in sorted(_features(name), key=lambda feature: feature[1].since or date.min, reverse=True):
        pairs += _pairs(entry, idiom)
    for entry in _entries(name, "stale"):
        pairs += _pairs(entry, _idiom(entry, None, ""))
    lexis = sum(Lexis[word] for word in _tables()[name]["lexis"])
    return Language(Lexis(lexis), anchor_table([anchor for anchor, _ in pairs]), tuple(idiom for _, idiom in pairs))


def _tables() -> dict[str, dict[str, Any]]:
    return read_table("explorer.signals.age", "idioms.toml")


def _lineage(name: str) -> list[str]:
    base = _tables()[name].get("extends")
    return [name, *(_lineage(base) if base else ())]


def _entries(name: str, kind: str) -> list[dict[str, Any]]:
    return [entry for one in _lineage(name) for entry in _tables()[one][kind]]


def _features(name: str) -> list[tuple[dict[str, Any], Idiom]]:
    found: list[tuple[dict[str, Any], Idiom]] = []
    for one in _lineage(name):
        releases = _tables()[one]["releases"]
        for entry in _tables()[one]["features"]:
            since = entry["since"]
            label = since if since.startswith("ES") else f"{one} {since}"
            found.append((entry, _idiom(entry, releases[since], label)))
    return found


def _idiom(entry: dict[str, Any], since: date | None, release: str) -> Idiom:
    pattern = entry.get("pattern")
    return Idiom(entry["name"], since, release, re.compile(pattern.encode()) if pattern else None)


def _pairs(entry: dict[str, Any], idiom: Idiom) -> Iterator[tuple[Anchor, Idiom]]:
    """Yields each anchor with its idiom, which has the anchor's word in its name where no pattern finds another."""
    for text in entry["anchors"]:
        word = _WORD_OF.search(text)
        own = idiom if idiom.pattern or not word else idiom._replace(name=idiom.name.replace("{}", word[0]))
        yield _anchor(text, own), own


def _anchor(text: str, idiom: Idiom) -> Anchor:
    """Reads an anchor: `^` asks for the beginning of a line, `*` lets a word go on, `~[` asks for a word and `[`."""
    bare = text.removeprefix("^").removesuffix("*").removesuffix("~[").encode()
    flags = LINE_START * text.startswith("^") | BRACKET * text.endswith("~[")
    if not text.endswith("*") and re.search(rb"\w$", bare):
        flags |= WORD_END
    return Anchor(bare, flags, 1 if idiom.pattern is None else _MOST_TRIES)
