"""Masking hides secrets and moves nothing; redaction takes them out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.safety.masking import (
    MASK,
    SHOWN_CHARACTERS,
    Span,
    mask_secrets,
    mask_values,
    redact,
    secrets_of,
)
from explorer.safety.secret_rules import PRIVATE_KEY, SOFT_KINDS
from tests.signals.planted import HARD, PLANTED, key_block

GITHUB = HARD["GitHub token"][0]
REDACTED = {
    f'x = "{GITHUB}"\n': 'x = "<KEY>"\n',
    'password = "hunter2hunter7"': 'password = "<PASSWORD>"',
    "https://bob:hunter2hunter7@db.internal/": "https://bob:<PASSWORD>@db.internal/",
    "é mail jane.doe@mail.org now": "é mail <EMAIL> now",
    "server 81.2.69.142": "server <IP>",
    "# Copyright 2024 Jane Doe <jane.doe@mail.org>": "# Copyright 2024 Jane Doe <jane.doe@mail.org>",
    f"a{chr(10)}{key_block()}{chr(10)}b": "a\n<KEY>\nb",
    "nothing": "nothing",
    "": "",
}

pieces = st.sampled_from(
    [
        *("".join(planted[1:]) for planted in PLANTED),
        " ",
        "\n",
        "\r\n",
        "é",
        "😀",
        "\ud800",
        "•",
        '"',
        "-----",
        "-----BEGIN ",
        "x",
    ]
)
texts = st.one_of(st.text(st.characters(), max_size=30), st.lists(pieces, max_size=8).map("".join))


@pytest.mark.parametrize(("kind", "before", "secret", "after"), PLANTED, ids=[planted[0] for planted in PLANTED])
def test_a_secret_shows_four_characters(kind: str, before: str, secret: str, after: str) -> None:
    text = f"é\n  {before}{secret}{after}\n"

    masked, spans = mask_secrets(text)

    assert masked.splitlines()[0] == "é"
    assert {span.kind for span in spans} == {kind}
    if kind != PRIVATE_KEY:
        assert masked == f"é\n  {before}{secret[:4]}{MASK * (len(secret) - 4)}{after}\n"
        assert spans == (Span(2, len(before) + 2, len(before) + 2 + len(secret), kind),)


def test_a_private_key_keeps_its_lines() -> None:
    block = key_block()
    header, *body, footer = block.split("\n")
    text = f"key:\n{block}\nend"

    masked, spans = mask_secrets(text)

    hidden = [body[0][:4] + MASK * 60, *(MASK * len(line) for line in body[1:])]
    assert masked.split("\n") == ["key:", header, *hidden, footer, "end"]
    assert spans == tuple(Span(line, 0, len(part), PRIVATE_KEY) for line, part in enumerate(body, 3))


def test_a_text_without_secrets_is_returned_itself() -> None:
    for text in ("def f(): ...\n" * 9, "", "é\ud800"):
        assert mask_secrets(text)[0] is text


def test_a_message_is_masked() -> None:
    assert mask_values(f"cannot read /tmp/{GITHUB}.txt") == f"cannot read /tmp/ghp_{MASK * 36}.txt"


@pytest.mark.parametrize(("text", "redacted"), REDACTED.items(), ids=range(len(REDACTED)))
def test_an_export_has_tokens_instead(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@settings(deadline=None)
@given(texts)
def test_every_character_keeps_its_place(text: str) -> None:
    masked, _ = mask_secrets(text)

    assert len(masked) == len(text)
    assert all(new in (old, MASK) and (new == old or not old.isspace()) for old, new in zip(text, masked, strict=True))


@settings(deadline=None)
@given(texts)
def test_no_secret_survives(text: str) -> None:
    masked, _ = mask_secrets(text)

    for secret in secrets_of(text):
        shown = text[secret.start : secret.end]
        if secret.kind != PRIVATE_KEY:
            assert masked[secret.start : secret.end] == shown[:SHOWN_CHARACTERS] + MASK * (
                len(shown) - SHOWN_CHARACTERS
            )
    assert not secrets_of(masked)


@settings(deadline=None)
@given(texts)
def test_masking_twice_changes_nothing(text: str) -> None:
    once, _ = mask_secrets(text)

    assert mask_secrets(once) == (once, ())


@settings(deadline=None)
@given(texts)
def test_spans_lie_inside_their_lines(text: str) -> None:
    masked, spans = mask_secrets(text)

    lines = masked.split("\n")
    for span in spans:
        assert 0 <= span.start < span.end <= len(lines[span.line - 1])
        assert MASK in lines[span.line - 1][span.start : span.end] or span.end - span.start <= SHOWN_CHARACTERS
    assert sum(line.count(MASK) for line in lines) - text.count(MASK) <= sum(span.end - span.start for span in spans)


@settings(deadline=None)
@given(st.lists(pieces).map(" ".join))
def test_nothing_certain_is_left_to_redact(text: str) -> None:
    assert not [secret for secret in secrets_of(redact(text)) if secret.kind not in SOFT_KINDS]


def test_many_secrets_on_one_line_are_masked_in_time() -> None:
    masked, spans = mask_secrets(f"é {GITHUB}" * 20_000)

    assert len(spans) == 20_000
    assert GITHUB not in masked
