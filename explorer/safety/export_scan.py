"""The scan before an export: our own bank of formats and the format plugins of detect-secrets.

Of its plugins those are used that know exact formats. Left out are the ones that guess by entropy or by keyword; public
addresses, which are no secrets; private keys, of which it finds headers and we find keys; and OpenAI's and web tokens,
whose patterns take quadratic time, and which our bank knows.
"""

import re
from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock
from typing import Any, NamedTuple

from explorer.errors import ExplorerError
from explorer.safety.allowed import is_made_up
from explorer.safety.masking import secrets_of
from explorer.safety.secrets import Secret, texts_with_anchors

PLUGINS = (
    "ArtifactoryDetector",
    "AWSKeyDetector",
    "AzureStorageKeyDetector",
    "BasicAuthDetector",
    "CloudantDetector",
    "DiscordBotTokenDetector",
    "GitHubTokenDetector",
    "GitLabTokenDetector",
    "IbmCloudIamDetector",
    "IbmCosHmacDetector",
    "MailchimpDetector",
    "NpmDetector",
    "PypiTokenDetector",
    "SendGridDetector",
    "SlackDetector",
    "SoftlayerDetector",
    "SquareOAuthDetector",
    "StripeDetector",
    "TelegramBotTokenDetector",
    "TwilioKeyDetector",
)
FILTERS = ("is_potential_uuid", "is_likely_id_string", "is_templated_secret", "is_sequential_string")
"""BigCode's four: what they recognise is no secret. A comment that allows a line is nothing that we trust."""

MOST_PIECES = 2_000
"""Pieces of one text that detect-secrets is shown; beyond, our bank alone judges."""

_LONG_LINE = 500
_BEFORE, _AFTER = 80, 200
_SHORTEST_SECRET = 8
"""Some plugins name a prefix (`ghp`) for the whole token, which our bank finds itself."""

_WORTH_A_LOOK = re.compile(
    r"AKC[a-zA-Z0-9]{10}|AP[\dA-F][a-zA-Z0-9]{8}|A3T[A-Z0-9]{17}|A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}|AccountKey="
    r"|://[^\s:/?#@]{1,200}:[^\s/?#@]{1,200}@|[MNO][\w-]{23,25}\.[\w-]{6}\.|gh[pousr]_|GR1348941|gl[a-z]{2,5}-[\w-]{20}"
    r"|[0-9a-z]{32}-us\d|:_authToken=|pypi-|SG\.[\w-]{22}\.|(?i:xox[abposr]-|hooks\.slack|api\.softlayer)|sq0csp-"
    r"|[rs]k_live_|\d{8,10}:[\w-]{35}|AC[a-z0-9]{32}|SK[a-z0-9]{32}"
    r"|(?i:key|pwd|pass|password|pw|token)[\"'\]]{0,2} {0,20}(?:[:=> ]|=>|:=|::) {0,20}[\"']?"
    r"(?i:[\w-]{44}|[a-f0-9]{48}|[a-z]{24})"
    r"|(?i:aws)(?=.{0,90}?['\"][0-9a-zA-Z/+]{40}['\"])"
)

_ONE_AT_A_TIME = Lock()
"""detect-secrets keeps its settings in the module, so that two scans would take each other's."""


class _Piece(NamedTuple):
    """A part of a text, inside one line."""

    start: int
    text: str


def can_scan_for_export() -> bool:
    """Tells whether the extra `safety` is installed."""
    return find_spec("detect_secrets") is not None


def scan_for_export(text: str) -> tuple[Secret, ...]:
    """Returns the certain secrets of a text, their places in characters; raises ExplorerError without the extra."""
    return scan_texts_for_export([text])[0]


def scan_texts_for_export(texts: Iterable[str]) -> tuple[tuple[Secret, ...], ...]:
    """Returns the certain secrets of each text, under one setting up of detect-secrets; raises as `scan_for_export`."""
    if not can_scan_for_export():
        raise ExplorerError(
            "The scan for secrets before an export needs detect-secrets, which is not installed.",
            "Install it with `pip install 'corpus-explorer[safety]'`.",
        )
    with _ONE_AT_A_TIME, _settings():
        return tuple(map(_scan, texts))


def worth_a_scan(texts: Sequence[str]) -> list[str]:
    """Returns those of some texts that may hold a secret; all of them are searched together."""
    anchored = texts_with_anchors([text.encode("utf-8", "surrogatepass") for text in texts])
    return [text for number, text in enumerate(texts) if number in anchored or _WORTH_A_LOOK.search(text)]


@contextmanager
def _settings() -> Generator[None]:
    from detect_secrets.settings import transient_settings

    filters = [{"path": f"detect_secrets.filters.heuristic.{name}"} for name in FILTERS]
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS], "filters_used": filters}):
        yield


def _scan(text: str) -> tuple[Secret, ...]:
    """Finds the secrets of a text; what our bank finds stands as it does, and of theirs only what lies apart."""
    found = [secret for secret in secrets_of(text) if not secret.soft]
    theirs = {secret for piece in _pieces(text) for secret in _theirs(piece)}
    starts = [secret.start for secret in found]
    for secret in sorted(theirs, key=_longest_first):
        place = bisect_left(starts, secret.end)
        if not place or found[place - 1].end <= secret.start:
            found.insert(place, secret)
            starts.insert(place, secret.start)
    return tuple(found)


def _longest_first(secret: Secret) -> tuple[int, int, str]:
    return secret.start, -secret.end, secret.kind


def _pieces(text: str) -> Iterator[_Piece]:
    """Yields the lines that are worth a look, of long ones the parts; at most MOST_PIECES."""
    read = 0
    for _ in range(MOST_PIECES):
        found = _WORTH_A_LOOK.search(text, read)
        if found is None:
            return
        start, read = _bounds(text, found.start(), found.end())
        yield _Piece(start, text[start:read])


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the line around a match, or what stands close by where that is long."""
    low = max(start - _LONG_LINE, 0)
    feed = text.rfind("\n", low, start)
    first = feed + 1 if feed >= 0 or low == 0 else start - _BEFORE
    last = text.find("\n", end, first + _LONG_LINE)
    if last < 0:
        last = len(text) if len(text) <= first + _LONG_LINE else end + _AFTER
    return first, last


def _theirs(piece: _Piece) -> Iterator[Secret]:
    from detect_secrets.core.scan import scan_line

    for potential in scan_line(piece.text):
        value: Any = potential.secret_value
        if value and len(value) >= _SHORTEST_SECRET and not is_made_up(value.encode("utf-8", "surrogatepass")):
            yield from _places(piece, value, potential.type)


def _places(piece: _Piece, value: str, kind: str) -> Iterator[Secret]:
    place = piece.text.find(value)
    while place >= 0:
        start = piece.start + place
        yield Secret(kind, start, start + len(value), soft=False)
        place = piece.text.find(value, place + len(value))
