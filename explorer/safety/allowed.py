"""Tells what only looks like a secret: examples, placeholders, values made up for tests."""

import re

_MADE_UP = re.compile(
    rb"example|test|dummy|change.?me|xxxx|placeholder|redacted|fake|abcdefgh|0123456789|123456789|987654321"
    rb"|eyJzdWIiOiIxMjM0NTY3ODkw",
    re.IGNORECASE,
)
_HOLE = re.compile(rb"\$\{|\$\(|\{\{|<[^>]{1,100}>|%\(|%s|\.\.\.|\*\*\*|\xe2\x80\xa2|\xe2\x80\xa6")
"""Where a template, or a mask, leaves something out."""
_SOFT_HOLE = re.compile(rb"^[<{$%@(\[]|[{}()<>]")
_SOFT_MADE_UP = re.compile(
    rb"your|insert|foobar|sample|mock|todo|secret|password|passwd|^(?:https?|file)://|\.(?:com|org|example)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(rb"[A-Za-z_./:\-]+")
_NO_KEY = re.compile(rb"[\[\]]|^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_FEW = 3
_TAIL = 16


def is_made_up(value: bytes) -> bool:
    """Tells whether a value of an exact format is an example or a template; linear in its length."""
    return len(set(value[-_TAIL:])) <= _FEW or bool(_MADE_UP.search(value) or _HOLE.search(value))


def is_no_password(value: bytes) -> bool:
    """Tells whether a value that is called a password is none: a placeholder, a reference, one character repeated."""
    return is_made_up(value) or bool(_SOFT_HOLE.search(value) or _SOFT_MADE_UP.search(value))


def is_no_key(value: bytes) -> bool:
    """Tells whether a value that is called a key or a token is none: words, a lookup, an identifier of a thing."""
    return is_no_password(value) or bool(_WORDS.fullmatch(value) or _NO_KEY.search(value))
