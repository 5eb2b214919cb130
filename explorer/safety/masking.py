"""Hides secrets in what is shown, and takes them out of what is exported."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from explorer.safety.personal import EMAIL, IP_ADDRESS
from explorer.safety.secret_rules import PASSWORD, PRIVATE_KEY, URL_PASSWORD
from explorer.safety.secrets import Secret, find_secrets

MASK = "•"
SHOWN_CHARACTERS = 4
"""Characters of a secret that stay readable."""

_TOKENS = {PASSWORD: "<PASSWORD>", URL_PASSWORD: "<PASSWORD>", EMAIL: "<EMAIL>", IP_ADDRESS: "<IP>"}
_KEY_TOKEN = "<KEY>"
_KEY_BLOCK = re.compile(r"(-----BEGIN [A-Z0-9 ]+-----)(.*?)(-----END [A-Z0-9 ]+-----)?\Z", re.DOTALL)
_VISIBLE = re.compile(r"\S")


class Span(NamedTuple):
    """Part of one line that a secret takes."""

    line: int
    """From 1."""
    start: int
    """First column in characters, from 0."""
    end: int
    """The column after the last."""
    kind: str


class _Piece(NamedTuple):
    """Characters of a text that are replaced."""

    start: int
    end: int
    kind: str


def mask_secrets(text: str) -> tuple[str, tuple[Span, ...]]:
    """Returns a text whose secrets, soft ones too, show their first four characters and dots, and where they are.

    Every character keeps its line and column; line feeds and the header and footer of a private key stay. A text
    without secrets is returned itself.
    """
    pieces = [piece for secret in secrets_of(text) for piece in _masked_pieces(text, secret)]
    if not pieces:
        return text, ()
    masked = _replaced(text, pieces, [_dots(text[piece.start : piece.end]) for piece in pieces])
    return masked, tuple(_spans(text, pieces))


def mask_values(text: str) -> str:
    """Returns a short text (a path, a title, a message) with its secrets masked."""
    return mask_secrets(text)[0]


def redact(text: str) -> str:
    """Returns a text for export, with BigCode's tokens in the place of secrets, e-mail and IP addresses.

    The addresses with which authors sign their work stay.
    """
    from explorer.safety.personal import UNCOUNTED_KINDS, find_personal

    raw = _encoded(text)
    personal = [found for found in find_personal(raw) if found.kind not in UNCOUNTED_KINDS]
    secrets = find_secrets(raw)
    found = _apart([_Piece(one.start, one.end, one.kind) for one in (*secrets, *personal)])
    pieces = list(_in_characters(text, raw, found))
    return _replaced(text, pieces, [_TOKENS.get(piece.kind, _KEY_TOKEN) for piece in pieces])


def redact_secrets(text: str, secrets: Sequence[Secret]) -> str:
    """Returns a text with BigCode's tokens in the place of some secrets that lie apart, their places in characters."""
    pieces = [_Piece(one.start, one.end, one.kind) for one in sorted(secrets, key=lambda one: one.start)]
    return _replaced(text, pieces, [_TOKENS.get(piece.kind, _KEY_TOKEN) for piece in pieces])


def secrets_of(text: str) -> tuple[Secret, ...]:
    """Returns the secrets of a text, their places in characters."""
    raw = _encoded(text)
    secrets = find_secrets(raw)
    pieces = _in_characters(text, raw, [_Piece(one.start, one.end, one.kind) for one in secrets])
    return tuple(Secret(one.kind, piece.start, piece.end, one.soft) for piece, one in zip(pieces, secrets, strict=True))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _in_characters(text: str, raw: bytes, pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Yields ascending pieces, given in bytes, with their places in characters."""
    if len(raw) == len(text):
        yield from pieces
        return
    characters = read = 0
    for piece in pieces:
        characters += _count(raw, read, piece.start)
        size = _count(raw, piece.start, piece.end)
        yield _Piece(characters, characters + size, piece.kind)
        characters, read = characters + size, piece.end


def _count(raw: bytes, start: int, end: int) -> int:
    return len(raw[start:end].decode("utf-8", "surrogatepass"))


def _apart(pieces: list[_Piece]) -> list[_Piece]:
    """Returns pieces in order, without those that overlap an earlier one."""
    apart: list[_Piece] = []
    for piece in sorted(pieces):
        if not apart or apart[-1].end <= piece.start:
            apart.append(piece)
    return apart


def _masked_pieces(text: str, secret: Secret) -> Iterator[_Piece]:
    """Yields what is masked of a secret: of a private key the lines between its header and its footer."""
    start, end = secret.start, secret.end
    block = _KEY_BLOCK.match(text[start:end]) if secret.kind == PRIVATE_KEY else None
    if block:
        start, end = start + block.start(2), start + block.end(2)
    yield _Piece(start, end, secret.kind)


def _dots(secret: str) -> str:
    visible = _VISIBLE.finditer(secret)
    kept = 0
    for _, found in zip(range(SHOWN_CHARACTERS), visible, strict=False):
        kept = found.end()
    return secret[:kept] + _VISIBLE.sub(MASK, secret[kept:])


def _replaced(text: str, pieces: Sequence[_Piece], replacements: Sequence[str]) -> str:
    parts: list[str] = []
    read = 0
    for piece, replacement in zip(pieces, replacements, strict=True):
        parts += (text[read : piece.start], replacement)
        read = piece.end
    parts.append(text[read:])
    return "".join(parts)


def _spans(text: str, pieces: Iterable[_Piece]) -> Iterator[Span]:
    line, line_start, read = 1, 0, 0
    for piece in pieces:
        line += text.count("\n", read, piece.start)
        line_start = max(line_start, text.rfind("\n", read, piece.start) + 1)
        yield from _spans_of(text, piece, line, piece.start - line_start)
        read = piece.start


def _spans_of(text: str, piece: _Piece, line: int, column: int) -> Iterator[Span]:
    """Yields a span for each line of a piece that is not blank; the piece begins at a line and a column."""
    for number, part in enumerate(text[piece.start : piece.end].split("\n")):
        first = 0 if number else column
        if part.strip():
            blanks = len(part) - len(part.lstrip())
            yield Span(line + number, first + blanks, first + len(part.rstrip()), piece.kind)
