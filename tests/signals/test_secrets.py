"""Every kind of secret is found where it stands, examples are not, and no text takes long."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.kernels.literals import SHORT_BYTES
from explorer.safety import secrets
from explorer.safety.secret_rules import RULES, SOFT_KINDS
from explorer.safety.secrets import Secret, find_secrets
from tests.signals.planted import HARD, PLANTED, drawn, key_block

NONE = {
    "the example of AWS": "AKIA" + "IOSFODNN7EXAMPLE",
    "too short": "ghp_" + "a1B2c3D4e5F6g7H8i9J0",
    "one character": "ghp_" + "a" * 36,
    "counted up": "npm_" + "0123456789abcdefghij0123456789abcdef",
    "crossed out": "sk_live_" + "x" * 24,
    "a template": 'token = "${API_TOKEN_2}"',
    "a template of two braces": 'password: "{{ db_password1 }}"',
    "a placeholder": 'password = "<your-password>"',
    "to be changed": 'password = "changeme123"',
    "a test's": 'secret = "test-secret-1"',
    "a lookup": 'token = os.environ["GITHUB_TOKEN_1"]',
    "another's value": "password = self.password",
    "words": 'token_type = "access_token"; token = "access_token"',
    "an identifier": "change_token: 'abcd12f2-46da-4fdb-b8d5-fbd4c466928f'",
    "a lookup in words": '"output_token": "Jobs[-1].JobId"',
    "a path": "'token': '/oauth/access-token'",
    "a comparison": 'if token == "a1b2c3d4e5":',
    "a short one": 'password = "abc"',
    "a header only": 'if text.startswith("-----BEGIN RSA PRIVATE' + ' KEY-----"):\n    return parse(text)',
    "two headers": '("-----BEGIN RSA PRIVATE' + ' KEY-----", "-----BEGIN PRIVATE' + ' KEY-----")',
    "a key made up": key_block().replace("MI", "EXAMPLE", 1),
    "inside a word": "x" + "AKIA" + drawn("ABCDEFGH2345", 16),
    "a class name": "sk-folding-cube-container-wrapper-element",
    "a greeting": "https://alice@host/ and https://host:8080/path@2",
    "an address's template": "postgres://user:${PASSWORD}@host/db",
    "the well-known web token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6"
    + "IkpvaG4gRG9lIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV",
    "masked": "ghp_" + "•" * 36 + ' password = "hunt••••••"',
}

pieces = st.sampled_from(
    [
        *("".join(planted[1:]) for planted in PLANTED),
        *NONE.values(),
        " ",
        "\n",
        "é",
        "•",
        "x",
        '"',
        "-----",
        "eyJ",
        "sk-",
        "password",
    ]
)
texts = st.lists(pieces, max_size=8).map("".join)


def both_ways(text: bytes) -> tuple[Secret, ...]:
    """Searches with the regular expression and with the kernel, which agree."""
    short = secrets.secrets_at(text, secrets._short_hits(text))
    assert secrets.secrets_at(text, secrets._long_hits(text)) == short
    return short


def test_every_kind_is_planted() -> None:
    assert {rule.kind for rule in RULES} == {planted[0] for planted in PLANTED}


@pytest.mark.parametrize(("kind", "before", "secret", "after"), PLANTED, ids=[planted[0] for planted in PLANTED])
@pytest.mark.parametrize(("lead", "tail"), [("", ""), ('x = "', '"\n'), ("line\\n", " rest"), ("é=", "\n")])
def test_a_planted_secret_is_found(kind: str, before: str, secret: str, after: str, lead: str, tail: str) -> None:
    start = len(f"{lead}{before}".encode())

    found = both_ways(f"{lead}{before}{secret}{after}{tail}".encode())

    assert found == (Secret(kind, start, start + len(secret.encode()), kind in SOFT_KINDS),)


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert both_ways(text.encode()) == ()


def test_a_certain_secret_beats_the_assignment_around_it() -> None:
    token = HARD["GitHub token"][0]

    assert both_ways(f'token = "{token}"'.encode()) == (Secret("GitHub token", 9, 49, soft=False),)


def test_a_key_without_a_footer_ends_where_its_lines_do() -> None:
    body = key_block().rpartition("\n")[0]

    (found,) = both_ways(f"{body}\n\nA text goes on.".encode())

    assert (found.start, found.end) == (0, len(body))


@settings(deadline=None)
@given(texts)
def test_secrets_ascend_and_never_overlap(text: str) -> None:
    found = both_ways(text.encode())

    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(0 <= secret.start < secret.end <= len(text.encode()) for secret in found)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_searched(text: bytes) -> None:
    both_ways(text)


@settings(max_examples=20, deadline=None)
@given(texts)
def test_a_long_text_is_searched_as_a_short_one(text: str) -> None:
    filling = b"def f(x):\n    return x\n" * (SHORT_BYTES // 20)

    found = find_secrets(filling + text.encode())

    assert found == both_ways_after(len(filling), text)


def both_ways_after(size: int, text: str) -> tuple[Secret, ...]:
    """The secrets of a text that stands `size` bytes further down, behind a line feed."""
    return tuple(
        secret._replace(start=secret.start + size - 1, end=secret.end + size - 1)
        for secret in both_ways(b"\n" + text.encode())
    )


MANY_BYTES = 1_000_000
HOSTILE = (
    b"eyJ",
    b"-eyJ",
    b"eyJaaaaaaaaaaaa.",
    b"glpat-",
    b"glpat-xxxx",
    b"github_pat_",
    b"sk-ant-",
    b"-----BEGIN RSA PRIVATE KEY-----",
    b"-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAaaaaaaaaaaaaaaaaaaaa\n",
    b'password="',
    b"password = 'a'",
    b"s://a:",
    b"hooks.slack.com/services/T",
    b"SG.",
    b"\\n",
    b"token" + b" " * 20 + b"=",
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_megabyte_of_anchors_ends(unit: bytes) -> None:
    """What takes quadratic time would take hours here."""
    find_secrets(unit * (MANY_BYTES // len(unit)))


def test_one_line_of_ten_megabytes_is_read() -> None:
    (found,) = find_secrets(b"x = 1; " * 1_430_000 + HARD["npm token"][0].encode())

    assert found.kind == "npm token"
