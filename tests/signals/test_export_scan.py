"""The scan before an export finds what our bank finds and what the plugins of detect-secrets find."""

import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.safety import export_scan
from explorer.safety.export_scan import (
    MOST_PIECES,
    can_scan_for_export,
    scan_for_export,
    scan_texts_for_export,
)
from explorer.safety.secret_rules import SOFT_KINDS
from tests.signals.planted import DASHED, HEX, PLANTED, WORD, drawn

pytestmark = pytest.mark.skipif(not can_scan_for_export(), reason="the extra `safety` is not installed")

THEIRS = {
    "Artifactory Credentials": ('key = "', "AK" + "C" + drawn(WORD, 70), '"'),
    "Basic Auth Credentials": ("https://bob:", drawn(WORD, 12), "@host.net/"),
    "Cloudant Credentials": ("cloudant_password = '", drawn(HEX, 64), "'"),
    "Discord Bot Token": ("", "M" + drawn(WORD, 23) + "." + drawn(DASHED, 6) + "." + drawn(WORD, 27), ""),
    "IBM Cloud IAM Key": ("ibm_cloud_iam_api_key: ", drawn(WORD, 44), ""),
    "IBM COS HMAC Credentials": ("cos_secret_access_key = ", drawn(HEX, 48), ""),
    "Mailchimp Access Key": ("", drawn(HEX, 32) + "-us" + "12", ""),
    "SoftLayer Credentials": ('softlayer_api_key = "', drawn(HEX, 64), '"'),
    "Twilio API Key": ("", "A" + "C" + drawn(HEX, 32), ""),
    "Telegram Bot Token": ("", drawn(string.digits, 9).replace("0", "1") + ":B" + drawn(WORD, 34), ""),
    "AWS Access Key": ("aws key is '", drawn(WORD, 40), "'"),
}
"""What our bank does not know."""
HARD_PLANTED = [planted for planted in PLANTED if planted[0] not in SOFT_KINDS]

texts = st.lists(
    st.sampled_from(
        [*("".join(parts) for parts in THEIRS.values()), *("".join(parts[1:]) for parts in HARD_PLANTED), "x = 1", "é"]
    ),
    max_size=5,
).map("\n".join)


@pytest.mark.parametrize(("kind", "parts"), THEIRS.items(), ids=THEIRS)
def test_the_plugins_find_what_the_bank_does_not_know(kind: str, parts: tuple[str, str, str]) -> None:
    before, secret, after = parts
    text = f"é\n{before}{secret}{after}\nx"

    (found,) = scan_for_export(text)

    assert (found.kind, found.soft) == (kind, False)
    assert text[found.start : found.end] in f"{before}{secret}{after}"
    assert secret in text[found.start : found.end]


def test_what_the_bank_finds_blocks_an_export() -> None:
    scanned = scan_texts_for_export(f"é\n{before}{secret}{after}\n" for _, before, secret, after in HARD_PLANTED)

    for (kind, before, secret, _), found in zip(HARD_PLANTED, scanned, strict=True):
        start = 2 + len(before)
        assert (found[0].kind, found[0].start, found[0].end) == (kind, start, start + len(secret))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1\n" * 50,
        "password = 'hunter2hunter7'",
        'if line == "-----BEGIN RSA PRIVATE' + ' KEY-----":',
        "https://user:${PASSWORD}@host/",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "key = '550e8400-e29b-41d4-a716-446655440000'",
    ],
)
def test_what_is_harmless_passes(text: str) -> None:
    assert scan_for_export(text) == ()


def test_a_comment_cannot_excuse_a_secret() -> None:
    line = "".join(THEIRS["Mailchimp Access Key"]) + "  # pragma: allowlist" + " secret"

    assert len(scan_for_export(line)) == 1


@settings(max_examples=25, deadline=None)
@given(texts)
def test_findings_ascend_inside_the_text(text: str) -> None:
    found = scan_for_export(text)

    assert all(0 <= secret.start < secret.end <= len(text) for secret in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_a_secret_on_a_long_line_is_found() -> None:
    secret = "".join(THEIRS["Mailchimp Access Key"])

    (found,) = scan_for_export(f"{'x = 1; ' * 400_000} {secret};{'y = 2; ' * 1000}")

    assert found.end - found.start == len(secret)


@pytest.mark.parametrize("unit", ["://a:b@", "aws key '", "password" + " " * 60, "eyJ", "sk-", "//:_authToken=npm_"])
def test_hostile_texts_end(unit: str) -> None:
    scan_for_export(unit * (200_000 // len(unit)))
    assert len(list(export_scan._pieces("AKC0123456789 " * 90_000))) <= MOST_PIECES


def test_the_settings_of_others_are_left_alone() -> None:
    from detect_secrets.settings import get_settings

    before = get_settings().json()
    scan_for_export("x")

    assert get_settings().json() == before


def test_without_the_extra_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_scan, "find_spec", lambda _: None)

    with pytest.raises(ExplorerError, match="detect-secrets"):
        scan_for_export("x")
