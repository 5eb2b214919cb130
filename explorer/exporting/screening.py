"""Looks for secrets in every text that is about to leave, and refuses, drops or redacts what holds one.

A row is searched in all its columns, and the receipt in all its names and values.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from explorer.errors import BadInput, Refused
from explorer.safety.export_scan import can_scan_for_export, scan_texts_for_export, worth_a_scan
from explorer.safety.masking import redact_secrets, secrets_of
from explorer.safety.secrets import Secret

REFUSE, DROP, REDACT = "refuse", "drop", "redact"
ANSWERS = (REFUSE, DROP, REDACT)
PORTION = 64
"""Rows that are looked through at a time."""
OWN, BOTH = "own forms", "own forms and detect-secrets"
Scan = Callable[[Sequence[str]], Sequence[Sequence[Secret]]]
NAMED = 5
"""Samples that a refusal names."""
NAMES = frozenset(("id", "source_file"))
"""Columns that others refer to: a redacted value stays apart from every other."""
RECEIPT = "receipt"
"""Stands for the receipt where findings are counted by column."""
_MADE_HERE = frozenset(("sha256", "stage"))
"""Columns that no corpus has a say in."""
_REMEMBERED = 50_000
_REMEMBERED_CHARACTERS = 500
"""Texts that are remembered, and the longest of them: licences, languages and repositories come again and again."""

Found = Mapping[str, Sequence[Secret]]
"""What each column, or each text, holds."""


@dataclass
class Dropped:
    """What a tier lost to secrets."""

    rows: int = 0
    samples: int = 0
    tokens: int = 0


@dataclass
class Screening:
    """What was looked for and what was found; never a secret itself."""

    answer: str
    scanner: str
    scan: Scan
    samples: dict[str, str] = field(default_factory=dict[str, str])
    """Ids of the samples that hold a secret, in order, and how each is written."""
    kinds: dict[str, int] = field(default_factory=dict[str, int])
    columns: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    """Findings by column and kind; copies of a sample count once."""
    dropped: dict[int, "Dropped"] = field(default_factory=dict[int, "Dropped"])
    """What each tier (0: none) lost."""
    _known: dict[str, Sequence[Secret]] = field(default_factory=dict[str, Sequence[Secret]])

    @property
    def rows_dropped(self) -> int:
        """Rows that were left out of the files."""
        return sum(lost.rows for lost in self.dropped.values())

    def screened(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yields the rows of an export as they may leave; raises Refused behind the last if one may not."""
        for portion in batched(rows, PORTION):
            found = self._found({text for row in portion for _, text in _texts(row)})
            for row in portion:
                yield from self._answered(row, {name: found[text] for name, text in _texts(row) if found[text]})
        if self.samples and self.answer == REFUSE:
            raise self._refusal()

    def name(self, text: str) -> str:
        """Returns a name as an export writes it: itself, or redacted in a form that no other name has."""
        return _named(text, self._found({text})[text])

    def cleaned(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Returns a document with every secret in its names and values redacted; raises Refused if none may be."""
        found = {text: secrets for text, secrets in self._found(set(_texts_within(document))).items() if secrets}
        self._count({RECEIPT: [secret for secrets in found.values() for secret in secrets]} if found else {})
        if found and self.answer == REFUSE:
            raise Refused(
                f"The receipt would hold secrets ({self._kinds_told()}), in the names of files, columns or settings.",
                "Rename what holds them, or export with --secrets redact.",
            )
        return _replaced(document, {text: _named(text, secrets) for text, secrets in found.items()})

    def _found(self, texts: set[str]) -> dict[str, Sequence[Secret]]:
        """Scans each text once; short ones are remembered, and scanned only where something hints at a secret."""
        known = {text: self._known[text] for text in texts if text in self._known}
        new = [text for text in texts if text not in known]
        short = [text for text in new if len(text) <= _REMEMBERED_CHARACTERS]
        scanned = [*worth_a_scan(short), *(text for text in new if len(text) > _REMEMBERED_CHARACTERS)]
        found = {**dict.fromkeys(short, ()), **dict(zip(scanned, self.scan(scanned) if scanned else (), strict=True))}
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self._known.update({text: found[text] for text in short})
        return {**known, **found}

    def _answered(self, row: dict[str, Any], found: Found) -> Iterator[dict[str, Any]]:
        if found and row["id"] not in self.samples:
            self.samples[row["id"]] = _named(row["id"], found.get("id", ()))
            self._count(found)
        if not found:
            yield row
        elif self.answer == REDACT:
            yield {**row, **{name: _redacted(name, row[name], secrets) for name, secrets in found.items()}}
        elif self.answer == DROP:
            lost = self.dropped.setdefault(row["tier"] or 0, Dropped())
            lost.rows += 1
            lost.tokens += row["tokens"]
            lost.samples += row["copy"] == 0

    def _count(self, found: Found) -> None:
        for column, secrets in found.items():
            counts = self.columns.setdefault(column, {})
            for secret in secrets:
                counts[secret.kind] = counts.get(secret.kind, 0) + 1
                self.kinds[secret.kind] = self.kinds.get(secret.kind, 0) + 1

    def _kinds_told(self) -> str:
        return ", ".join(
            f"{kind} in {column} {count}"
            for column, counts in sorted(self.columns.items())
            for kind, count in sorted(counts.items())
        )

    def _refusal(self) -> Refused:
        named = ", ".join(list(self.samples.values())[:NAMED]) + (" …" if len(self.samples) > NAMED else "")
        count = len(self.samples)
        holders = f"{count:,} {'sample holds' if count == 1 else 'samples hold'}"
        return Refused(
            f"{holders} secrets ({self._kinds_told()}): {named}.",
            "Drop them by a verdict, or export with --secrets drop or --secrets redact.",
        )

    def told(self) -> dict[str, Any]:
        """Returns what a receipt says of it."""
        return {
            "scanner": self.scanner,
            "answer": self.answer,
            "samples": list(self.samples.values()),
            "kinds": dict(self.kinds),
            "columns": {column: dict(counts) for column, counts in self.columns.items()},
            "rows_dropped": self.rows_dropped,
            "tokens_dropped": sum(lost.tokens for lost in self.dropped.values()),
        }


def _texts(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in row.items() if isinstance(value, str) and name not in _MADE_HERE)


def _texts_within(value: Any) -> Iterator[str]:
    """Yields every text of a document, names too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _texts_within(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts_within(inner)


def _replaced(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {names.get(str(name), name): _replaced(inner, names) for name, inner in value.items()}
    return [_replaced(inner, names) for inner in value] if isinstance(value, list | tuple) else value


def _redacted(column: str, text: str, secrets: Sequence[Secret]) -> str:
    return _named(text, secrets) if column in NAMES else redact_secrets(text, secrets)


def _named(text: str, secrets: Sequence[Secret]) -> str:
    """Returns a name with its secrets redacted and a hash of the whole name behind, so that no two become one."""
    if not secrets:
        return text
    mark = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return f"{redact_secrets(text, secrets)}#{mark}"


def screening(answer: str) -> Screening:
    """Begins the screening of one export; raises BadInput for an answer that is none."""
    if answer not in ANSWERS:
        raise BadInput(f"There is no answer {answer!r} to secrets.", f"Answers are {', '.join(ANSWERS)}.")
    return Screening(answer, BOTH, scan_texts_for_export) if can_scan_for_export() else Screening(answer, OWN, _scan)


def _scan(texts: Sequence[str]) -> list[list[Secret]]:
    return [[secret for secret in secrets_of(text) if not secret.soft] for text in texts]


def batched(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Yields rows some at a time."""
    left = iter(rows)
    while portion := list(islice(left, size)):
        yield portion
