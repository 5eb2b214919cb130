"""A lone carriage return ends a line, for all that is measured; the bytes of a sample stay as they are."""

import hashlib
import re
from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from explorer.index.batches import with_line_feeds
from tests.index.corpora import index, rows, write

TEXT = """# a remark
import os


def first(one, two):
    '''Adds.'''
    return one + two


class B:
    def second(self):
        # inner
        return os
"""
UNLIKE = ("row", "id", "hash", "sha256", "cluster", "survivor", "exact_copies")
pieces = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"x", b"\xff", b"y = 1"])).map(b"".join)


@given(st.lists(st.none() | pieces, max_size=6))
def test_only_lone_carriage_returns_become_line_feeds(texts: list[bytes | None]) -> None:
    batch = pa.RecordBatch.from_arrays([pa.array(texts, pa.large_binary())], names=["content"])
    found = with_line_feeds(batch).column("content").to_pylist()
    assert found == [text if text is None else re.sub(rb"\r(?!\n)", b"\n", text) for text in texts]


def test_a_text_of_an_old_mac_is_measured_like_its_twin(tmp_path: Path) -> None:
    base = tmp_path / "c"
    write(base / "a.parquet", {"content": [TEXT, TEXT.replace("\n", "\r")], "language": ["Python", "Python"]})
    index(base)
    feeds, returns = rows(base / ".corpus")
    assert feeds["lines"] == TEXT.count("\n")
    assert feeds["functions"] == 2
    differing = {name for name in feeds if feeds[name] != returns[name]} - set(UNLIKE)
    assert not {name for name in differing if not name.startswith(("similar", "redundant", "direct"))}
    assert returns["sha256"] == hashlib.sha256(TEXT.replace("\n", "\r").encode()).digest()
