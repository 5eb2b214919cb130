"""The bank of secret formats: what each looks like, and which anchors lead to it.

Every pattern is matched where its anchor stands, and none can scan a text twice: runs are possessive or bounded, and
what may fail after an endless run begins only where that run begins.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from explorer.kernels.literals import Anchor

PRIVATE_KEY = "private key"
PASSWORD, ASSIGNED_KEY, URL_PASSWORD = "assigned password", "assigned key", "password in a URL"
SOFT_KINDS = (PASSWORD, ASSIGNED_KEY, URL_PASSWORD)
"""Kinds that may be harmless: they are told and masked, and never counted."""

_START = rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_RUN_START = rb"(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_END = rb"(?![A-Za-z0-9])"
_RUN_END = rb"(?![\w-])"
_ASSIGNED = rb"[\"'\]]{0,2}[ \t]{0,10}(?::=|=>|[:=])[ \t]{0,10}"
_QUOTED = _ASSIGNED + rb"[bBrRuUfF]{0,2}([\"'])(?P<value>[^\"'\s]{8,200})\1"


class SecretRule(NamedTuple):
    """One format."""

    kind: str
    pattern: bytes
    """Matches at an anchor; a group `value` is the secret itself where it is not the whole match."""
    anchors: tuple[bytes, ...]
    is_folded: bool = False
    is_assigned: bool = False

    @property
    def is_soft(self) -> bool:
        """Tells whether a match may well be harmless."""
        return self.kind in SOFT_KINDS


RULES = (
    SecretRule(
        "AWS access key",
        _START + rb"A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}" + _END,
        (b"AKIA", b"ASIA", b"ABIA", b"ACCA"),
    ),
    SecretRule(
        "AWS secret key",
        rb"(?i:aws_?secret_?(?:access_?)?key|secret_?access_?key)"
        + _ASSIGNED
        + rb"[\"']?(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        (b"aws_secret", b"awssecret", b"secret_access", b"secretaccess"),
        is_folded=True,
    ),
    SecretRule("GitHub token", rb"gh[pousr]_[A-Za-z0-9]{36,}+", (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_")),
    SecretRule("GitHub token", rb"github_pat_[0-9A-Za-z_]{60,}+", (b"github_pat_",)),
    SecretRule(
        "GitLab token",
        rb"gl(?:pat|ptt|dt|rt|ft|soat|cbt|imt|agent)-[\w-]{20,}+",
        (b"glpat-", b"glptt-", b"gldt-", b"glrt-", b"glft-", b"glsoat-", b"glcbt-", b"glimt-", b"glagent-"),
    ),
    SecretRule("GitLab token", rb"GR1348941[\w-]{20,}+", (b"GR1348941",)),
    SecretRule(
        "Slack token",
        rb"xox[abeoprs]-[\w-]{10,}+",
        (b"xoxa-", b"xoxb-", b"xoxe-", b"xoxo-", b"xoxp-", b"xoxr-", b"xoxs-"),
    ),
    SecretRule("Slack token", rb"xapp-[0-9]-[\w-]{20,}+", (b"xapp-",)),
    SecretRule(
        "Slack webhook",
        rb"hooks\.slack\.com/(?:services|workflows)/(?P<value>T[A-Za-z0-9_]{6,20}/B?[A-Za-z0-9_]{6,20}/[A-Za-z0-9_/]{18,}+)",
        (b"hooks.slack.com/",),
    ),
    SecretRule(
        "Discord webhook",
        rb"discord(?:app)?\.com/api/webhooks/[0-9]{15,25}/(?P<value>[\w-]{60,}+)",
        (b"discord.com/api/webhooks/", b"discordapp.com/api/webhooks/"),
    ),
    SecretRule("Stripe key", rb"[rs]k_live_[0-9A-Za-z]{24,}+", (b"sk_live_", b"rk_live_")),
    SecretRule("Stripe key", rb"whsec_[0-9A-Za-z+/]{32,}+", (b"whsec_",)),
    SecretRule("Google API key", _START + rb"AIza[\w-]{35}" + _RUN_END, (b"AIza",)),
    SecretRule("Google OAuth secret", rb"GOCSPX-[\w-]{28}" + _RUN_END, (b"GOCSPX-",)),
    SecretRule("Google OAuth token", _START + rb"ya29\.[\w-]{20,}+", (b"ya29.",)),
    SecretRule(PRIVATE_KEY, rb"BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----", (b"BEGIN ",)),
    SecretRule("JSON web token", _RUN_START + rb"eyJ[\w-]{10,}+\.eyJ[\w-]{10,}+\.[\w-]{10,}+", (b"eyJ",)),
    SecretRule("npm token", _START + rb"npm_[A-Za-z0-9]{36}" + _END, (b"npm_",)),
    SecretRule(
        "PyPI token",
        rb"pypi-(?:AgEIcHlwaS5vcmc|AgENdGVzdC5weXBpLm9yZw)[\w-]{50,}+",
        (b"pypi-AgEIcHlwaS5vcmc", b"pypi-AgENdGVzdC5weXBpLm9yZw"),
    ),
    SecretRule("Azure account key", rb"AccountKey=(?P<value>[A-Za-z0-9+/=]{80,}+)", (b"AccountKey=",)),
    SecretRule("SendGrid key", _START + rb"SG\.[\w-]{22}\.[\w-]{43}" + _RUN_END, (b"SG.",)),
    SecretRule("Twilio key", _START + rb"SK[0-9a-f]{32}" + _END, tuple(b"SK%x" % digit for digit in range(16))),
    SecretRule("Anthropic key", rb"sk-ant-[\w-]{20,}+", (b"sk-ant-",)),
    SecretRule(
        "OpenAI key",
        _START + rb"sk-(?:(?:proj|svcacct|admin|None|or-v1)-[\w-]{20,}+|[A-Za-z0-9]{32,}+)",
        (b"sk-",),
    ),
    SecretRule("Hugging Face token", _START + rb"hf_[A-Za-z0-9]{34}" + _END, (b"hf_",)),
    SecretRule("DigitalOcean token", rb"do[opr]_v1_[a-f0-9]{64}" + _END, (b"dop_v1_", b"doo_v1_", b"dor_v1_")),
    SecretRule("Telegram bot token", rb"(?<=[0-9]{8}):(?P<value>AA[\w-]{33})" + _RUN_END, (b":AA",)),
    SecretRule(
        "Shopify token",
        rb"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}" + _END,
        (b"shpat_", b"shpca_", b"shppa_", b"shpss_"),
    ),
    SecretRule("Square token", rb"sq0(?:atp-[\w-]{22}|csp-[\w-]{43})" + _RUN_END, (b"sq0atp-", b"sq0csp-")),
    SecretRule("Mailgun key", _RUN_START + rb"key-[0-9a-f]{32}" + _END, (b"key-",)),
    SecretRule("Docker token", rb"dckr_[po]at_[\w-]{27,}+", (b"dckr_pat_", b"dckr_oat_")),
    SecretRule("RubyGems key", rb"rubygems_[a-f0-9]{48}" + _END, (b"rubygems_",)),
    SecretRule("Databricks token", _START + rb"dapi[a-f0-9]{32}" + _END, (b"dapi",)),
    SecretRule("Grafana token", rb"glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}" + _END, (b"glsa_",)),
    SecretRule("Vault token", rb"hv[sb]\.[\w-]{90,}+", (b"hvs.", b"hvb.")),
    SecretRule("age key", rb"AGE-SECRET-KEY-1[0-9A-Z]{58}" + _END, (b"AGE-SECRET-KEY-1",)),
    SecretRule("Linear key", rb"lin_api_[A-Za-z0-9]{40}" + _END, (b"lin_api_",)),
    SecretRule("Groq key", _START + rb"gsk_[A-Za-z0-9]{52}" + _END, (b"gsk_",)),
    SecretRule("New Relic key", rb"NRAK-[A-Z0-9]{27}" + _END, (b"NRAK-",)),
    SecretRule("Postman key", rb"PMAK-[a-f0-9]{24}-[a-f0-9]{34}" + _END, (b"PMAK-",)),
    SecretRule(
        PASSWORD,
        rb"(?i:passw(?:or)?d)" + _QUOTED,
        (b"password", b"passwd"),
        is_folded=True,
        is_assigned=True,
    ),
    SecretRule(
        ASSIGNED_KEY,
        rb"(?i:secret(?:_?key)?|token|api[_-]?key|access_?key)" + _QUOTED,
        tuple(b"secret token api_key api-key apikey secret_key secretkey access_key accesskey".split()),
        is_folded=True,
        is_assigned=True,
    ),
    SecretRule(
        URL_PASSWORD,
        rb"[a-z]://[^\s:/?#@\"'<>]{1,100}:(?P<value>[^\s:/?#@\"'<>]{3,100})@[A-Za-z0-9\[]",
        (b"s://", b"p://", b"l://", b"b://", b"v://", b"h://", b"q://"),
    ),
)  # fmt: skip


def secret_anchors(bank: int) -> Iterator[tuple[Anchor, SecretRule]]:
    """Yields every anchor of the bank with its rule; all carry the given bit."""
    for rule in RULES:
        for text in rule.anchors:
            yield Anchor(text, bank, rule.is_folded, rule.is_assigned), rule


@cache
def compiled(pattern: bytes) -> re.Pattern[bytes]:
    """Compiles a pattern once."""
    return re.compile(pattern)
