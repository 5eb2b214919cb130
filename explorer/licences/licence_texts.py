"""Which licence a licence file holds: a long one by its title and phrases, a short one by the words it shares."""

import re
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pyarrow as pa

from explorer.languages.names import of_path
from explorer.licences.expressions import read_licence
from explorer.licences.headers import read_header
from explorer.tables import read_table

LEAST_SIMILARITY = 0.85
UNREAD = "NOASSERTION"
"""The licence of a file that is a licence by its name and could not be told: SPDX's name for it, of class `unknown`."""

_NAME = re.compile(r"(?:un)?licen[sc]es?|copying|(?:mit|bsd|apache|gpl|lgpl|mpl)[-_.]licen[sc]e", re.IGNORECASE)
_PROSE_LANGUAGES = {"Text", "Markdown", "reStructuredText", "HTML"}
_WORD = re.compile(r"[a-z0-9]+")
_COPYRIGHT_LINE = re.compile(r"^[\W_]*(?:copyright|©|\(c\))[^\n]*\n?", re.IGNORECASE | re.MULTILINE)
_MOST_CHARACTERS = 400_000
_TITLE_CHARACTERS = 1_000
_REFERENCE_BYTES = 3_000
"""A file up to this size may only name the licence that it means."""
_LEAST_WORDS = 5
_COMMONS_CLAUSE = "LicenseRef-scancode-commons-clause"


class LicenceText(NamedTuple):
    """What a licence file holds."""

    expression: str
    similarity: float | None
    """Shared words / all words of the file and the text it is most like; None where another rule spoke."""
    rule: str
    """The rule that spoke, in words."""


class _TextRule(NamedTuple):
    """A long licence, in words with single blanks."""

    expression: str
    title: str
    phrases: tuple[str, ...]
    absent: tuple[str, ...]


def is_licence_name(path: str | None) -> bool:
    """Tells whether a file is a licence by its name: LICENSE, LICENCE-MIT.txt, COPYING.LESSER, UNLICENSE; no code."""
    name = (path or "").replace("\\", "/").rpartition("/")[2]
    found = _NAME.match(name)
    if not found or name[found.end() : found.end() + 1] not in ("", ".", "-", "_"):
        return False
    return of_path(name) in (None, *_PROSE_LANGUAGES)


def read_licence_text(text: str) -> LicenceText | None:
    """Reads a licence file; NOASSERTION where its text is not known, None where it has next to none."""
    words = _words(text[:_MOST_CHARACTERS])
    found = _by_phrases(words) or _by_similarity(text) or _by_reference(text)
    if found is None:
        return (
            LicenceText(UNREAD, None, "a licence file that no rule knows") if words.count(" ") >= _LEAST_WORDS else None
        )
    if "commons clause" not in words or _COMMONS_CLAUSE in found.expression:
        return found
    restricted = read_licence(f"({found.expression}) AND {_COMMONS_CLAUSE}").expression
    return LicenceText(restricted, found.similarity, f"{found.rule}; the Commons Clause restricts it")


def read_licence_texts(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `license_text` (string) and `license_similarity` (float32) of the licence files by `path`, else null."""
    found: list[LicenceText | None] = [None] * batch.num_rows
    paths = batch.column("path").to_pylist() if "path" in batch.schema.names else []
    for row, path in enumerate(paths):
        if is_licence_name(path) and (content := batch.column("content")[row].as_py()):
            found[row] = read_licence_text(content[: 2 * _MOST_CHARACTERS].decode("utf-8", "replace"))
    texts = pa.array([one and one.expression for one in found], pa.string())
    similarities = pa.array([one and one.similarity for one in found], pa.float32())
    return pa.RecordBatch.from_arrays([texts, similarities], names=["license_text", "license_similarity"])


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _by_phrases(words: str) -> LicenceText | None:
    rule = next((rule for rule in _text_rules() if _holds(words, rule)), None)
    if rule is None:
        return None
    named = f'title "{rule.title}" and ' if rule.title else ""
    return LicenceText(rule.expression, None, f"{named}{len(rule.phrases)} phrases of its text")


def _holds(words: str, rule: _TextRule) -> bool:
    if rule.title not in words[:_TITLE_CHARACTERS]:
        return False
    return all(phrase in words for phrase in rule.phrases) and not any(phrase in words for phrase in rule.absent)


def _by_similarity(text: str) -> LicenceText | None:
    likeness = most_similar(text)
    if likeness is None or likeness[1] < LEAST_SIMILARITY:
        return None
    name, similarity = likeness
    return LicenceText(name, similarity, f"{similarity:.2f} of its words are those of {name}")


def most_similar(text: str) -> tuple[str, float] | None:
    """Returns the short licence most like a text, and |A ∩ B| / |A ∪ B| of the two sets of words."""
    words = _word_set(text)
    if not words:
        return None
    return max(
        ((name, len(words & known) / len(words | known)) for name, known in _short_word_sets().items()),
        key=lambda likeness: likeness[1],
    )


def _by_reference(text: str) -> LicenceText | None:
    header = read_header(text) if len(text) <= _REFERENCE_BYTES else None
    return header and LicenceText(header.expression, None, header.evidence)


def _word_set(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_COPYRIGHT_LINE.sub("", text[:_MOST_CHARACTERS]).lower()))


@cache
def short_texts() -> dict[str, str]:
    """Returns the texts of short licences by their SPDX id."""
    entries = sorted((files("explorer.licences") / "short_texts").iterdir(), key=lambda entry: entry.name)
    return {
        entry.name.removesuffix(".txt"): entry.read_text("utf-8") for entry in entries if entry.name.endswith(".txt")
    }


@cache
def _short_word_sets() -> dict[str, frozenset[str]]:
    return {name: _word_set(text) for name, text in short_texts().items()}


@cache
def _text_rules() -> tuple[_TextRule, ...]:
    return tuple(map(_text_rule, read_table("explorer.licences", "text_rules.toml")["rule"]))


def _text_rule(table: dict[str, Any]) -> _TextRule:
    phrases, absent = (tuple(map(_words, table.get(key, ()))) for key in ("phrases", "absent"))
    return _TextRule(table["expression"], _words(table["title"]), phrases, absent)
