"""Hides secrets without moving anything: what is masked keeps its place, so that lines and columns stay."""

from collections.abc import Sequence
from typing import NamedTuple

from explorer.signals.hazards.personal import ADDRESS, EMAIL, find_personal
from explorer.signals.hazards.secrets import Secret, find_secrets

SHOWN = 4
"""Characters of a secret that stay."""
MARK = "•"
_TOKENS = {"private key": "<KEY>", "password or key": "<PASSWORD>"}


class Span(NamedTuple):
    """Where a masked secret stands: its line from 1, its columns from 0, the last exclusive."""

    line: int
    start: int
    end: int
    kind: str


class Masked(NamedTuple):
    """A text whose secrets are hidden, and where they stand."""

    text: str
    spans: tuple[Span, ...]


def mask_secrets(text: str) -> Masked:
    """Replaces all but the first four characters of each secret by `•`; line feeds stay."""
    secrets = find_secrets(text)
    if not secrets:
        return Masked(text, ())
    pieces: list[str] = []
    reached = 0
    for secret in secrets:
        pieces += [text[reached : secret.start], _hidden(text[secret.start : secret.end])]
        reached = secret.end
    return Masked("".join([*pieces, text[reached:]]), tuple(_spans(text, secrets)))


def mask_values(text: str) -> str:
    """Hides the secrets of a short text: a path, a message, a line of a log."""
    return mask_secrets(text).text


def redact_spans(text: str, secrets: Sequence[Secret]) -> str:
    """Replaces some secrets of a text, in order, by the names of what they were."""
    pieces: list[str] = []
    reached = 0
    for secret in secrets:
        pieces += [text[reached : secret.start], _TOKENS.get(secret.kind, "<KEY>")]
        reached = secret.end
    return "".join([*pieces, text[reached:]])


def redact(text: str) -> tuple[str, int]:
    """Replaces secrets and addresses by the names of what they were, and tells how many there were."""
    found = [(secret.start, secret.end, _TOKENS.get(secret.kind, "<KEY>")) for secret in find_secrets(text)]
    found += [
        (personal.start, personal.end, "<EMAIL>" if personal.kind == EMAIL else "<IP>")
        for personal in find_personal(text)
        if personal.kind in (EMAIL, ADDRESS)
    ]
    pieces: list[str] = []
    reached = count = 0
    for start, end, name in sorted(found):
        if start >= reached:
            pieces += [text[reached:start], name]
            reached = end
            count += 1
    return "".join([*pieces, text[reached:]]), count


def _hidden(secret: str) -> str:
    return secret[:SHOWN] + "".join(mark if mark in "\r\n" else MARK for mark in secret[SHOWN:])


def _spans(text: str, secrets: tuple[Secret, ...]) -> list[Span]:
    spans: list[Span] = []
    line, begin = 1, 0
    for secret in secrets:
        line += text.count("\n", begin, secret.start)
        begin = secret.start
        for number, part in enumerate(text[secret.start : secret.end].split("\n")):
            first = secret.start - (text.rfind("\n", 0, secret.start) + 1) if number == 0 else 0
            spans.append(Span(line + number, first, first + len(part), secret.kind))
    return spans
