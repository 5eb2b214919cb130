"""Secrets that were never anybody's, put together here so that no scanner of repositories takes fright."""

import random
import string

_DICE = random.Random(20_240_229)
LETTERS = string.ascii_letters
WORD = LETTERS + string.digits
DASHED = WORD + "-_"
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits


def drawn(alphabet: str, size: int) -> str:
    """Characters that look like a real token's: no run of them is an example or a test."""
    return "".join(_DICE.choice(alphabet) for _ in range(size))


def key_block(kind: str = "RSA ", ending: str = "\n") -> str:
    """A private key of five lines."""
    lines = ["MI" + drawn(WORD, 62), *(drawn(WORD, 64) for _ in range(3)), drawn(WORD, 22) + "=="]
    name = f"{kind}PRIVATE " + "KEY-----"
    return ending.join([f"-----BEGIN {name}", *lines, f"-----END {name}"])


HARD = {
    "AWS access key": ["AK" + "IA" + drawn(UPPER, 16), "AS" + "IA" + drawn(UPPER, 16)],
    "GitHub token": [f"gh{kind}_" + drawn(WORD, 36) for kind in "pousr"] + ["github_" + "pat_" + drawn(WORD, 82)],
    "GitLab token": [
        "gl" + "pat-" + drawn(DASHED, 20),
        "gl" + "rt-" + drawn(DASHED, 20),
        "GR1348" + "941" + drawn(WORD, 20),
    ],
    "Slack token": ["xox" + "b-" + drawn(string.digits, 12) + "-" + drawn(WORD, 24), "xa" + "pp-1-" + drawn(WORD, 40)],
    "Stripe key": [
        "sk_" + "live_" + drawn(WORD, 24),
        "rk_" + "live_" + drawn(WORD, 99),
        "wh" + "sec_" + drawn(WORD, 32),
    ],
    "Google API key": ["AI" + "za" + drawn(DASHED, 35)],
    "Google OAuth secret": ["GOC" + "SPX-" + drawn(DASHED, 28)],
    "Google OAuth token": ["ya" + "29." + drawn(DASHED, 60)],
    "JSON web token": ["ey" + "JhbGciOi" + drawn(WORD, 20) + ".ey" + "J" + drawn(DASHED, 60) + "." + drawn(DASHED, 43)],
    "npm token": ["np" + "m_" + drawn(WORD, 36)],
    "PyPI token": ["pypi-" + "AgEIcHlwaS5vcmc" + drawn(DASHED, 90)],
    "SendGrid key": ["S" + "G." + drawn(DASHED, 22) + "." + drawn(DASHED, 43)],
    "Twilio key": ["S" + "K" + drawn(HEX, 32)],
    "Anthropic key": ["sk-" + "ant-api03-" + drawn(DASHED, 93)],
    "OpenAI key": ["sk-" + drawn(WORD, 48), "sk-" + "proj-" + drawn(DASHED, 100)],
    "Hugging Face token": ["h" + "f_" + drawn(LETTERS, 34)],
    "DigitalOcean token": ["dop_" + "v1_" + drawn(HEX, 64)],
    "Shopify token": ["shp" + "at_" + drawn(HEX, 32)],
    "Square token": ["sq0" + "atp-" + drawn(DASHED, 22), "sq0" + "csp-" + drawn(DASHED, 43)],
    "Mailgun key": ["ke" + "y-" + drawn(HEX, 32)],
    "Docker token": ["dckr_" + "pat_" + drawn(DASHED, 27)],
    "RubyGems key": ["rubygems" + "_" + drawn(HEX, 48)],
    "Databricks token": ["da" + "pi" + drawn(HEX, 32)],
    "Grafana token": ["gl" + "sa_" + drawn(WORD, 32) + "_" + drawn(HEX, 8)],
    "Vault token": ["hv" + "s." + drawn(DASHED, 95)],
    "age key": ["AGE-SECRET-" + "KEY-1" + drawn(UPPER, 58)],
    "Linear key": ["lin_" + "api_" + drawn(WORD, 40)],
    "Groq key": ["gs" + "k_" + drawn(WORD, 52)],
    "New Relic key": ["NR" + "AK-" + drawn(UPPER, 27)],
    "Postman key": ["PM" + "AK-" + drawn(HEX, 24) + "-" + drawn(HEX, 34)],
    "private key": [
        key_block(),
        key_block("OPENSSH "),
        key_block(""),
        key_block("EC ", "\\n"),
        key_block("RSA ", "\r\n"),
    ],
}
"""Of each kind some, each a secret as a whole."""

IN_CONTEXT = {
    "AWS secret key": ("aws_secret_access_key = ", drawn(WORD, 40), ""),
    "Slack webhook": (
        "https://hooks.slack" + ".com/services/",
        f"T{drawn(UPPER, 9)}/B{drawn(UPPER, 9)}/{drawn(WORD, 24)}",
        "",
    ),
    "Discord webhook": ("https://discord" + ".com/api/webhooks/123456789012345678/", drawn(DASHED, 68), ""),
    "Azure account key": ("AccountName=a;Account" + "Key=", drawn(WORD, 86) + "==", ";Endpoint=x"),
    "Telegram bot token": (drawn(string.digits, 9)[:8] + "1:", "A" + "A" + drawn(DASHED, 33), ""),
    "assigned password": ('password = "', "hunter2" + drawn(WORD, 5), '"'),
    "assigned key": ("'api_key': '", drawn(WORD, 16) + "7", "'"),
    "password in a URL": ("postgres" + "://alice:", drawn(WORD, 10), "@db.internal/x"),
}
"""What a secret is only between such words: before, the secret, after."""

PLANTED = [
    *((kind, "", secret, "") for kind, secrets in HARD.items() for secret in secrets),
    *((kind, *parts) for kind, parts in IN_CONTEXT.items()),
]
"""Every kind: its name, what stands before, the secret, what stands after."""
