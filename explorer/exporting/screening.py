"""Looks for secrets in every text that is about to leave, and refuses, drops or redacts what holds one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from explorer.errors import BadInput, Refused
from explorer.signals.hazards.export_scan import can_scan_for_export, scan_texts_for_export
from explorer.signals.hazards.masking import redact_secrets, secrets_of
from explorer.signals.hazards.secrets import Secret

REFUSE, DROP, REDACT = "refuse", "drop", "redact"
ANSWERS = (REFUSE, DROP, REDACT)
PORTION = 64
"""Rows that are looked through at a time."""
OWN, BOTH = "own forms", "own forms and detect-secrets"
Scan = Callable[[Sequence[str]], Sequence[Sequence[Secret]]]
NAMED = 5
"""Samples that a refusal names."""


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
    samples: dict[str, None] = field(default_factory=dict[str, None])
    """Ids of the samples that hold a secret, in order."""
    kinds: dict[str, int] = field(default_factory=dict[str, int])
    dropped: dict[int, "Dropped"] = field(default_factory=dict[int, "Dropped"])
    """What each tier (0: none) lost."""

    @property
    def rows_dropped(self) -> int:
        """Rows that were left out of the files."""
        return sum(lost.rows for lost in self.dropped.values())

    def screened(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yields the rows of an export as they may leave; raises Refused behind the last if one may not."""
        for portion in batched(rows, PORTION):
            texts = {row["id"]: row["text"] for row in portion}
            found = dict(zip(texts, self.scan(list(texts.values())), strict=True))
            for row in portion:
                yield from self._answered(row, found[row["id"]])
        if self.samples and self.answer == REFUSE:
            raise self._refusal()

    def _answered(self, row: dict[str, Any], found: Sequence[Secret]) -> Iterator[dict[str, Any]]:
        if found and row["id"] not in self.samples:
            self.samples[row["id"]] = None
            for secret in found:
                self.kinds[secret.kind] = self.kinds.get(secret.kind, 0) + 1
        if not found:
            yield row
        elif self.answer == REDACT:
            yield {**row, "text": redact_secrets(row["text"], found)}
        elif self.answer == DROP:
            lost = self.dropped.setdefault(row["tier"] or 0, Dropped())
            lost.rows += 1
            lost.tokens += row["tokens"]
            lost.samples += row["copy"] == 0

    def _refusal(self) -> Refused:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        named = ", ".join(list(self.samples)[:NAMED]) + (" …" if len(self.samples) > NAMED else "")
        count = len(self.samples)
        holders = f"{count:,} {'sample holds' if count == 1 else 'samples hold'}"
        return Refused(
            f"{holders} secrets ({kinds}): {named}. Nothing was written.",
            "Drop them by a verdict, or export with --secrets drop or --secrets redact.",
        )

    def told(self) -> dict[str, Any]:
        """Returns what a receipt says of it."""
        return {
            "scanner": self.scanner,
            "answer": self.answer,
            "samples": list(self.samples),
            "kinds": dict(self.kinds),
            "rows_dropped": self.rows_dropped,
            "tokens_dropped": sum(lost.tokens for lost in self.dropped.values()),
        }


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
