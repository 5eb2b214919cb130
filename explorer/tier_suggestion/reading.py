"""How each kind of column is read: as numbers, as texts, or as lists of texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

_compute: Any = pyarrow.compute  # its functions are made at run time

Column = pa.Array | pa.ChunkedArray | npt.NDArray[Any] | None
"""Values of a whole batch, null (or NaN) where unknown; None where nothing is known of any sample."""
Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def as_numbers(column: Column, rows: int) -> Floats:
    """Reads numbers, truths (1 and 0) and lists (their lengths) as float64; what is none of these is NaN."""
    values = _as_arrow(column)
    if values is not None and _is_list(values.type):
        values = _compute.list_value_length(values)
    if values is None or not _is_number(values.type):
        return np.full(rows, np.nan)
    return np.asarray(_compute.cast(values, pa.float64(), safe=False).to_numpy(zero_copy_only=False))


def as_texts(column: Column, rows: int) -> pa.Array:
    """Reads text as large_string; a column of anything else is all null."""
    values = _as_arrow(column)
    if values is not None and pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if values is None or not _is_text(values.type):
        return pa.nulls(rows, pa.large_string())
    return values.cast(pa.large_string())


def hold_any(column: Column, rows: int, wanted: list[str]) -> Truths:
    """Tells which lists of texts hold at least one of some texts."""
    found = np.zeros(rows, np.bool_)
    values = _as_arrow(column)
    if values is None or not _is_list(values.type) or not _is_text(values.type.value_type):
        return found
    lengths = as_truths(_compute.list_value_length(values), np.int64)
    hits = as_truths(_compute.is_in(_compute.list_flatten(values), pa.array(wanted, values.type.value_type)))
    found[np.repeat(np.arange(rows), lengths)[hits]] = True
    return found


def as_truths(values: pa.Array, dtype: type[Any] = np.bool_) -> npt.NDArray[Any]:
    """Reads an Arrow column of truths (or counts) with null as false (or 0)."""
    return np.asarray(_compute.fill_null(values, False if dtype is np.bool_ else 0)).astype(dtype)


def _as_arrow(column: Column) -> pa.Array | None:
    if column is None:
        return None
    if isinstance(column, np.ndarray):
        return pa.array(column, from_pandas=True)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _is_any(*questions: Callable[[pa.DataType], bool]) -> Callable[[pa.DataType], bool]:
    return lambda kind: any(question(kind) for question in questions)


_is_number = _is_any(pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_decimal)
_is_text = _is_any(pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
_is_list = _is_any(pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
