"""The exact hash of a sample's content."""

import hashlib
from itertools import pairwise

import pyarrow as pa


def hash_content(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `sha256` (32 bytes) of each `content`; a missing content counts as the empty one."""
    digests = [hashlib.sha256(cell).digest() for cell in content_cells(batch)]
    return pa.RecordBatch.from_arrays([pa.array(digests, pa.binary(32))], names=["sha256"])


def content_cells(batch: pa.RecordBatch) -> list[memoryview]:
    """Returns the bytes of each `content` without copying them; a missing one is empty."""
    column = batch.column("content")
    offsets_buffer, values_buffer = column.buffers()[1:3]
    if values_buffer is None:
        return [memoryview(b"")] * len(column)
    offsets = memoryview(offsets_buffer).cast("q")[column.offset : column.offset + len(column) + 1]
    values = memoryview(values_buffer)
    return [values[start:end] for start, end in pairwise(offsets)]
