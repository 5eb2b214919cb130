"""The first signals: bytes, lines, tokens, and whether the bytes are UTF-8."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.kernels.buffers import buffers
from explorer.signals.counts import COUNTS, count_classes
from explorer.signals.tokens import MAX_EXACT_BYTES, count_exactly, estimate

_NEWLINES = COUNTS.index("newlines")
_HIGH_BYTES = COUNTS.index("high_bytes")


def measure(batch: pa.RecordBatch, *, exact_tokens: bool) -> pa.RecordBatch:
    """Returns `bytes`, `lines`, `tokens` (int64), `tokens_exact`, `valid_utf8` (bool) of each `content`.

    A last line without its line feed is a line. Tokens of bytes that are no UTF-8, and of texts
    beyond MAX_EXACT_BYTES, are always an estimate; only the empty text is worth nothing.
    """
    content: pa.LargeBinaryArray = batch.column("content")
    text, offsets = buffers(content)
    counts = count_classes(content)
    sizes = np.diff(offsets)
    valid = _are_valid(text, offsets, counts[:, _HIGH_BYTES])
    exact = valid & (sizes <= MAX_EXACT_BYTES) & exact_tokens
    tokens = np.maximum(estimate(counts), sizes > 0)
    if exact_tokens:
        tokens[exact] = count_exactly([_decoded(text, offsets, row) for row in np.flatnonzero(exact)])
    columns = {
        "bytes": sizes,
        "lines": counts[:, _NEWLINES] + _ends_open(text, offsets, sizes),
        "tokens": tokens,
        "tokens_exact": exact,
        "valid_utf8": valid,
    }
    return pa.RecordBatch.from_arrays([pa.array(values) for values in columns.values()], names=list(columns))


def _decoded(text: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], row: np.intp) -> str:
    return text[offsets[row] : offsets[row + 1]].tobytes().decode("utf-8")


def _are_valid(
    text: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], high_bytes: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    valid = np.ones(len(offsets) - 1, np.bool_)
    for row in np.flatnonzero(high_bytes):
        try:
            _decoded(text, offsets, row)
        except UnicodeDecodeError:
            valid[row] = False
    return valid


def _ends_open(
    text: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    filled = sizes > 0
    ends = np.zeros(len(sizes), np.int64)
    ends[filled] = text[offsets[1:][filled] - 1] != ord("\n")
    return ends
