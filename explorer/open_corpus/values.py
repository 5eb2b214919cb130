"""Turns what the engine returns into what JSON can hold."""

import base64
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from explorer.safety.masking import mask_values


def plain(value: Any) -> Any:
    """Returns a value as JSON can hold it: times in ISO 8601, bytes in hexadecimal, no NaN."""
    if isinstance(value, str | int | bool) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return _plain_rest(value)


def _plain_rest(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return float(value)
    return value.total_seconds() if isinstance(value, timedelta) else str(value)


def shown(value: Any) -> Any:
    """Returns a value as JSON can hold it, every secret in it masked."""
    found = plain(value)
    return _masked(found) if isinstance(found, str | list | dict) else found


KEYS = frozenset(("id", "sha256"))
"""Columns that samples are known by, which stay as they are."""


def shown_as(name: str, value: Any) -> Any:
    """Returns the value of a column as `shown` does, but those that samples are known by unaltered."""
    return plain(value) if name in KEYS else shown(value)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_values(value)
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    return {name: _masked(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def shown_text(content: bytes) -> str:
    """Returns bytes as text for a screen, every secret in it masked."""
    return mask_values(text_of(content))


def text_of(content: bytes) -> str:
    """Returns bytes as text for a screen or JSON; bytes that are no UTF-8 become replacement characters."""
    return content.decode("utf-8", "replace")


def base64_of(content: bytes) -> str:
    """Returns bytes as base64, for JSON that must not alter them."""
    return base64.b64encode(content).decode("ascii")
