"""The one pure function from a canonical batch to what the index keeps of it; any executor may run it."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from explorer.corpus.identity import sample_hash
from explorer.fingerprints.exact import hash_content
from explorer.fingerprints.minhash import fingerprint
from explorer.fingerprints.normal import hash_normalised
from explorer.languages.names import name_languages
from explorer.safety import find_hazards
from explorer.signals.code import measure_code
from explorer.signals.evidence import gather_licence_evidence
from explorer.signals.measures import measure

VERSION = 9
"""Raised whenever the same batch would give another answer, so that older parts are made anew."""

_GIVEN = {
    "given_id": pa.large_string(),
    "path": pa.large_string(),
    "repo": pa.large_string(),
    "language": pa.large_string(),
    "license": pa.large_string(),
    "created": pa.large_string(),
    "tier": pa.int8(),
    "unread_tier": pa.large_string(),
    "origin": pa.large_string(),
    "unread_origin": pa.large_string(),
    "origin_evidence": pa.large_string(),
}
"""Fields every part has, null where the corpus is silent."""

_LONE_RETURN = re.compile(rb"\r(?!\n)")
_compute: Any = pc  # its functions are made at run time

BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]


def batch_functions(*, exact_tokens: bool, parse: bool = True) -> tuple[BatchFunction, ...]:
    """Returns the functions whose columns the index keeps; each takes a canonical batch and answers row by row.

    The first sees the bytes as they are, the others lone carriage returns as line feeds.
    """
    return (
        hash_content,
        hash_normalised,
        fingerprint,
        lambda batch: measure(batch, exact_tokens=exact_tokens),
        lambda batch: measure_code(batch, parse=parse),
        gather_licence_evidence,
        find_hazards,
    )


def index_batch(batch: pa.RecordBatch, functions: tuple[BatchFunction, ...]) -> pa.RecordBatch:
    """Returns the metadata and signals of a canonical batch, without its content.

    The given fields come first, then what each function adds (a later column replaces an earlier one of its name),
    `hash` (the identity of a sample that has no id of its own), then the corpus's own columns.
    """
    rows = batch.num_rows
    batch = _named(batch)
    columns = {name: _column_or_nulls(batch, name, kind, rows) for name, kind in _GIVEN.items()}
    lined = with_line_feeds(batch)
    for function in functions:
        answer = function(batch if function is hash_content else lined)
        columns |= dict(zip(answer.schema.names, answer.columns, strict=True))
    columns["hash"] = _hashes(columns)
    own = (name for name in batch.schema.names if name not in columns and name != "content")
    columns |= {name: batch.column(name) for name in own}
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def with_line_feeds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns a batch in whose texts a carriage return that no line feed follows is a line feed: it ends a line.

    Every byte keeps its place. `content` is large_binary.
    """
    content = batch.column("content")
    suspects = _compute.fill_null(_compute.match_substring(content, "\r"), False).to_numpy(zero_copy_only=False)
    changed = {int(row): fixed for row in np.flatnonzero(suspects) if (fixed := _lined(content[int(row)].as_py()))}
    if not changed:
        return batch
    mask = np.zeros(len(content), np.bool_)
    mask[list(changed)] = True
    fixed = _compute.replace_with_mask(content, pa.array(mask), pa.array(list(changed.values()), pa.large_binary()))
    return batch.set_column(batch.schema.names.index("content"), "content", fixed)


def _lined(text: bytes) -> bytes | None:
    """Returns a text with line feeds for its lone carriage returns; None where it has none."""
    fixed, count = _LONE_RETURN.subn(b"\n", text)
    return fixed if count else None


def _named(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns a batch whose languages are named, since what is measured depends on them."""
    languages = name_languages(batch).column("language")
    if "language" not in batch.schema.names:
        return batch.append_column("language", languages)
    return batch.set_column(batch.schema.names.index("language"), "language", languages)


def _column_or_nulls(batch: pa.RecordBatch, name: str, kind: pa.DataType, rows: int) -> pa.Array:
    return batch.column(name).cast(kind) if name in batch.schema.names else pa.nulls(rows, kind)


def _hashes(columns: dict[str, pa.Array]) -> pa.Array:
    triples = zip(*(columns[name].to_pylist() for name in ("sha256", "repo", "path")), strict=True)
    return pa.array([sample_hash(*triple) for triple in triples], pa.large_string())
