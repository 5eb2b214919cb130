"""The exact hash is SHA-256 of the bytes, whatever the layout of the column."""

import hashlib

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.fingerprints.exact import content_cells, hash_content


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.binary(max_size=50)), max_size=10), st.data())
def test_hashes_are_those_of_hashlib(values: list[bytes | None], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(values)))
    length = data.draw(st.integers(0, len(values) - start))
    batch = pa.RecordBatch.from_arrays([pa.array(values, pa.large_binary())], names=["content"]).slice(start, length)
    cells = [value or b"" for value in values[start : start + length]]
    assert [bytes(cell) for cell in content_cells(batch)] == cells
    assert hash_content(batch).column("sha256").to_pylist() == [hashlib.sha256(cell).digest() for cell in cells]
