"""The lines between the screen and its reader."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.reader import protocol
from explorer.reader.protocol import (
    BadLine,
    Cancel,
    Done,
    Failed,
    Overtaken,
    Progress,
    Quit,
    Ready,
    Reply,
    Request,
    Wish,
    decode_reply,
    decode_wish,
    encode,
)

TEXT = st.text(st.characters(codec=None, categories=None))
NUMBERS = st.integers(0, 2**53)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
BODIES = st.dictionaries(TEXT, VALUES, max_size=4)
WISHES = st.one_of(
    st.builds(Request, NUMBERS, TEXT, TEXT, BODIES, st.none() | st.floats(0, 1e6)),
    st.builds(Cancel, TEXT, st.none() | NUMBERS),
    st.just(Quit()),
)
REPLIES = st.one_of(
    st.builds(Ready, TEXT, NUMBERS),
    st.builds(Progress, NUMBERS, BODIES),
    st.builds(Done, NUMBERS, BODIES),
    st.builds(Failed, NUMBERS, TEXT, TEXT),
    st.builds(Overtaken, NUMBERS),
)


def spelled(value: Any) -> Any:
    """The value with every surrogate pair joined to its character, as UTF-16 itself joins them."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    if isinstance(value, dict):
        return {spelled(key): spelled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [spelled(inner) for inner in value]
    return value


def fields(message: Wish | Reply) -> dict[str, Any]:
    return {name: spelled(getattr(message, name)) for name in message.__slots__}


@given(WISHES)
def test_a_wish_arrives_as_it_was_sent(wish: Wish) -> None:
    arrived = decode_wish(encode(wish))
    assert type(arrived) is type(wish)
    assert fields(arrived) == fields(wish)


@given(REPLIES)
def test_a_reply_arrives_as_it_was_sent(reply: Reply) -> None:
    arrived = decode_reply(encode(reply))
    assert type(arrived) is type(reply)
    assert fields(arrived) == fields(reply)


@given(REPLIES | WISHES)
def test_a_message_is_one_line_of_ascii(message: Wish | Reply) -> None:
    line = encode(message)
    assert line.isascii()
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert b"\r" not in line


@given(st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_other_line_is_refused_with_a_sentence(line: bytes) -> None:
    for decode in (decode_wish, decode_reply):
        try:
            decode(line)
        except BadLine as error:
            assert error.title.endswith(".")  # noqa: PT017


@pytest.mark.parametrize(
    "line",
    [b"[]", b"{}", b'{"id": 1}', b'{"id": [], "lane": 1, "job": 1, "args": {}}', b"{", b"\xff", b"[" * 100_000, b""],
)
def test_lines_that_look_alike_are_refused(line: bytes) -> None:
    with pytest.raises(BadLine):
        decode_wish(line)
    with pytest.raises(BadLine):
        decode_reply(line)


def test_a_line_past_the_cap_is_refused_and_says_how_large_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LINE_LIMIT", 2**20)
    assert len(encode(Done(1, {"text": "x" * (2**20 - 60)}))) <= 2**20
    with pytest.raises(BadLine, match=r"3 MB passes the 1 MB"):
        encode(Done(1, {"text": "x" * (3 * 2**20)}))


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}, {(1, 2): 3}])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(BadLine, match="cannot be written as JSON"):
        encode(Done(1, {"value": value}))


def test_the_wire_format_is_the_documented_one() -> None:
    said = [
        encode(message).decode().strip()
        for message in (
            Request(7, "page", "rows", {"first": 0}, 10.0),
            Request(8, "page", "rows", {}),
            Cancel("page"),
            Cancel("page", 7),
            Quit(),
            Ready("0.1.0", 4242),
            Progress(7, {"file": "a.parquet"}),
            Done(7, {"rows": []}),
            Failed(7, "It failed.", "Try again."),
            Overtaken(7),
        )
    ]
    assert said == [
        '{"id":7,"lane":"page","job":"rows","args":{"first":0},"deadline":10.0}',
        '{"id":8,"lane":"page","job":"rows","args":{}}',
        '{"cancel":"page"}',
        '{"cancel":"page","id":7}',
        '{"quit":true}',
        '{"ready":{"version":"0.1.0","pid":4242}}',
        '{"id":7,"progress":{"file":"a.parquet"}}',
        '{"id":7,"ok":{"rows":[]}}',
        '{"id":7,"error":{"title":"It failed.","hint":"Try again."}}',
        '{"id":7,"superseded":true}',
    ]
