"""Hands the columns of an index to the rules, and their suggestions back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from explorer.signals.suggestion.rules import Columns, confidence_word, reasons, suggest

NUMBERS = (
    *("review_level", "repo_stars", "repo_contributors", "maintenance", "tests_share", "third_party_imports"),
    *("code_lines", "comment_share", "quality_pct", "error_handling"),
)
TEXTS = ("repo", "path", "origin", "language", "license_class")
SUGGESTABLE = (*NUMBERS, *TEXTS, "integrations", "gates", "vendored")
"""Columns of the index that the rules look at."""
_MACHINE_MADE = frozenset(("G_AUTOGEN", "G_ENCODED"))


def suggestions(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Takes `row` and the suggestable columns; returns row, suggested_tier (int8) and suggestion_confidence (float32)."""
    found = suggest(columns_of(batch))
    return pa.RecordBatch.from_arrays(
        [batch.column("row"), pa.array(found.tiers), pa.array(found.confidence.astype(np.float32))],
        names=["row", "suggested_tier", "suggestion_confidence"],
    )


def columns_of(batch: pa.RecordBatch) -> Columns:
    """Returns a batch as the rules take it."""
    columns: dict[str, Any] = {
        name: batch.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False) for name in NUMBERS
    }
    columns |= {name: np.array(batch.column(name).to_pylist(), object) for name in TEXTS}
    columns["integrations"] = _counted(batch.column("integrations"))
    columns["machine_made"] = np.array(
        [float(not _MACHINE_MADE.isdisjoint(gates or ())) for gates in batch.column("gates").to_pylist()], np.float64
    )
    columns["vendored"] = np.array([float(bool(value)) for value in batch.column("vendored").to_pylist()], np.float64)
    columns["source_kind"] = np.full(batch.num_rows, None, object)
    return columns


def _counted(column: Any) -> Any:
    return np.array([np.nan if value is None else float(len(value)) for value in column.to_pylist()], np.float64)


def explain_suggestion(known: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the confidence in a word and the reasons for the suggested tier of one sample."""
    batch = pa.RecordBatch.from_pylist([{name: known.get(name) for name in SUGGESTABLE}], schema=_SCHEMA)
    found = suggest(columns_of(batch))
    return {
        "confidence": confidence_word(float(found.confidence[0])),
        "probabilities": [round(float(value), 4) for value in found.probabilities[0]],
        "reasons": list(reasons(found, 0)),
    }


_SCHEMA = pa.schema(
    [
        *((name, pa.float64()) for name in NUMBERS),
        *((name, pa.string()) for name in TEXTS),
        ("integrations", pa.list_(pa.string())),
        ("gates", pa.list_(pa.string())),
        ("vendored", pa.bool_()),
    ]
)
