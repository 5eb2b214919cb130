"""Secrets in a text: keys and tokens by their published forms, passwords by the names they are given."""

import re
from collections.abc import Iterator
from typing import NamedTuple

MOST_SECRETS = 1000
"""Secrets of one text that are looked for."""


class Secret(NamedTuple):
    """A secret by its kind and where it stands, in bytes of the text or in characters as the text was given."""

    kind: str
    start: int
    end: int
    is_soft: bool
    """Whether only a name says so: a password in quotes may be an example."""


class Form(NamedTuple):
    """How a kind of secret is written, and the characters that it cannot be written without."""

    kind: str
    anchor: str
    pattern: re.Pattern[str]


def _form(kind: str, anchor: str, pattern: str) -> Form:
    return Form(kind, anchor, re.compile(pattern))


FORMS = (
    _form("AWS access key", "AKIA", r"(?<![A-Za-z0-9])AKIA[0-9A-Z]{16}(?![A-Za-z0-9])"),
    _form("AWS temporary key", "ASIA", r"(?<![A-Za-z0-9])ASIA[0-9A-Z]{16}(?![A-Za-z0-9])"),
    _form("GitHub token", "gh", r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36,255}"),
    _form("GitHub fine-grained token", "github_pat_", r"github_pat_[0-9A-Za-z_]{60,255}"),
    _form("GitLab token", "glpat-", r"glpat-[\w-]{20,64}"),
    _form("Slack token", "xox", r"xox[abprs]-[\w-]{10,250}"),
    _form("Slack webhook", "hooks.slack.com/", r"hooks\.slack\.com/services/T\w{8,12}/B\w{8,12}/\w{20,30}"),
    _form("Stripe key", "sk_live_", r"[rs]k_live_[0-9a-zA-Z]{24,128}"),
    _form("Google key", "AIza", r"AIza[\w-]{35}(?![\w-])"),
    _form("SendGrid key", "SG.", r"(?<!\w)SG\.[\w-]{22}\.[\w-]{43}"),
    _form("OpenAI key", "sk-", r"(?<![\w-])sk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,74}T3BlbkFJ[A-Za-z0-9_-]{20,74}"),
    _form("Anthropic key", "sk-ant-", r"sk-ant-[a-z0-9]{2,8}-[\w-]{80,120}"),
    _form("Hugging Face token", "hf_", r"(?<!\w)hf_[A-Za-z]{34}(?!\w)"),
    _form("DigitalOcean token", "do", r"do[opr]_v1_[a-f0-9]{64}"),
    _form("Twilio key", "SK", r"(?<!\w)SK[0-9a-f]{32}(?!\w)"),
    _form("JSON web token", "eyJ", r"(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{10,4000}"),
    _form("npm token", "npm_", r"(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)"),
    _form("PyPI token", "pypi-AgEIcHlwaS5vcmc", r"(?<![\w-])pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}"),
    _form("Azure account key", "AccountKey=", r"AccountKey=[A-Za-z0-9+/=]{80,100}"),
    _form("private key", "PRIVATE KEY", r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
)
"""Secrets that their form gives away."""

_KEY_END = re.compile(r"-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----")
MOST_KEY = 20_000
"""Characters that a private key has at most."""

PASSWORD = re.compile(
    r"(?i)(?<![A-Za-z])(?:passw(?:or)?d|pwd|secret|token|api_?key|secret_?key|access_?key)[\"']?\s{0,8}(?:[:=]|=>|:=)\s{0,8}"
    r"([\"'])([^\"'\s]{8,200})\1"
)
"""A password, token or key in quotes."""
PASSWORD_ANCHORS = ("passw", "pwd", "secret", "token", "key")

_ALLOWED = re.compile(
    r"(?i)example|dummy|changeme|change_me|placeholder|xxxx|\*\*\*|your[_-]|<[^>]*>|\$\{|\{\{|\{[a-z_]\w*\}|%\(|%s|test|fake|sample"
    r"|todo|insert|redacted|process\.env|os\.environ|getenv|0123456789|1234567890|abcdefgh"
)


def find_secrets(text: str) -> tuple[Secret, ...]:
    """Finds the secrets of a text in order, none inside another; spans are in characters."""
    found = [*_hard(text), *_soft(text)]
    found.sort(key=lambda secret: (secret.start, secret.is_soft, -secret.end))
    return tuple(_apart(found))


def _hard(text: str) -> Iterator[Secret]:
    for form in FORMS:
        if form.anchor not in text:
            continue
        for number, match in enumerate(form.pattern.finditer(text)):
            if number >= MOST_SECRETS:
                break
            if form.kind == "private key":
                yield _private_key(text, match)
            elif not is_allowed(match[0]):
                yield Secret(form.kind, match.start(), match.end(), False)


def _private_key(text: str, match: re.Match[str]) -> Secret:
    """A key from its first line to its last; one without an end is only its first line."""
    end = _KEY_END.search(text, match.end(), match.end() + MOST_KEY)
    return Secret("private key", match.start(), end.end() if end else match.end(), False)


def _soft(text: str) -> Iterator[Secret]:
    lower = text.lower()
    if not any(anchor in lower for anchor in PASSWORD_ANCHORS):
        return
    for number, match in enumerate(PASSWORD.finditer(text)):
        if number >= MOST_SECRETS:
            break
        if not is_allowed(match[2]):
            yield Secret("password or key", match.start(2), match.end(2), True)


def is_allowed(value: str) -> bool:
    """Tells whether what looks like a secret is one of documentation: a placeholder, or the same sign over and over."""
    return bool(_ALLOWED.search(value)) or len(set(value[4:])) < 4


def _apart(found: list[Secret]) -> Iterator[Secret]:
    reached = 0
    for secret in found:
        if secret.start >= reached:
            yield secret
            reached = secret.end
