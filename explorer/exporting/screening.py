"""Looks for secrets in every text that is about to leave, and refuses, drops or redacts what holds one."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from explorer.errors import BadInput, Refused
from explorer.signals.hazards.export_scan import Scan, scanning
from explorer.signals.hazards.masking import redact_spans

REFUSE, DROP, REDACT = "refuse", "drop", "redact"
ANSWERS = (REFUSE, DROP, REDACT)
NAMED = 5
"""Samples that a refusal names."""


@dataclass
class Screening:
    """What was looked for and what was found; never a secret itself."""

    answer: str
    scanner: str
    scan: Scan
    samples: list[str] = field(default_factory=list[str])
    """Ids of the samples that hold a secret, each once."""
    kinds: dict[str, int] = field(default_factory=dict[str, int])
    rows_dropped: int = 0
    tokens_dropped: int = 0

    def screened(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yields the rows of an export as they may leave; raises Refused behind the last if one may not."""
        last: tuple[str, tuple[Any, ...]] | None = None
        for row in rows:
            found = last[1] if last is not None and last[0] == row["id"] else self.scan(row["text"])
            if found and (last is None or last[0] != row["id"]):
                self.samples.append(row["id"])
                for secret in found:
                    self.kinds[secret.kind] = self.kinds.get(secret.kind, 0) + 1
            last = row["id"], found
            if not found:
                yield row
            elif self.answer == REDACT:
                yield {**row, "text": redact_spans(row["text"], found)}
            elif self.answer == DROP:
                self.rows_dropped += 1
                self.tokens_dropped += row["tokens"]
        if self.samples and self.answer == REFUSE:
            raise self._refusal()

    def _refusal(self) -> Refused:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        named = ", ".join(self.samples[:NAMED]) + (" …" if len(self.samples) > NAMED else "")
        count = len(self.samples)
        return Refused(
            f"{count:,} {'sample holds' if count == 1 else 'samples hold'} secrets ({kinds}): {named}. Nothing was written.",
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
            "tokens_dropped": self.tokens_dropped,
        }


@contextmanager
def screening(answer: str) -> Generator[Screening]:
    """Lends a screening for one export; raises BadInput for an answer that is none."""
    if answer not in ANSWERS:
        raise BadInput(f"There is no answer {answer!r} to secrets.", f"Answers are {', '.join(ANSWERS)}.")
    with scanning() as (scan, scanner):
        yield Screening(answer, scanner, scan)
