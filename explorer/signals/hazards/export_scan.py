"""The last look for secrets before a text leaves: our own forms and, where it is installed, detect-secrets."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib.util import find_spec

from explorer.signals.hazards.secrets import Secret, find_secrets, is_allowed

PLUGINS = (
    *("ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector"),
    *("DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "IbmCloudIamDetector", "JwtTokenDetector"),
    *("MailchimpDetector", "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector"),
    *("SendGridDetector", "SlackDetector", "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector"),
    "TwilioKeyDetector",
)
"""Detectors that know a form; those that guess by entropy or by a name alone are left out."""

Scan = Callable[[str], tuple[Secret, ...]]
OWN, BOTH = "forms", "forms and detect-secrets"


def has_detect_secrets() -> bool:
    """Tells whether the extra `safety` is installed."""
    return find_spec("detect_secrets") is not None


@contextmanager
def scanning() -> Generator[tuple[Scan, str]]:
    """Lends a function that finds the secrets of a text, and the name of what it looks with."""
    if not has_detect_secrets():
        yield _own, OWN
        return
    from detect_secrets.settings import transient_settings

    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS]}):
        yield _both, BOTH


def _own(text: str) -> tuple[Secret, ...]:
    return tuple(secret for secret in find_secrets(text) if not secret.is_soft)


def _both(text: str) -> tuple[Secret, ...]:
    from detect_secrets.core.scan import scan_line

    found = list(_own(text))
    start = 0
    for line in text.split("\n"):
        for guess in scan_line(line) if _may_hold(line) else ():
            value = guess.secret_value
            place = line.find(value) if value else -1
            if place >= 0 and not is_allowed(value):
                found.append(Secret(guess.type, start + place, start + place + len(value), False))
        start += len(line) + 1
    return _merged(found)


LEAST_LINE = 16
"""Characters of the shortest line that can hold one of these secrets."""


def _may_hold(line: str) -> bool:
    return len(line) >= LEAST_LINE


def _merged(found: list[Secret]) -> tuple[Secret, ...]:
    kept: list[Secret] = []
    for secret in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or secret.start >= kept[-1].end:
            kept.append(secret)
    return tuple(kept)
