"""Reads the rows of a file as batches of one canonical shape, whatever the corpus calls its columns."""

import ast
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from explorer.corpus.columns import ColumnRef, column_refs, is_list, is_text
from explorer.corpus.mapping import resolve
from explorer.corpus.raw_rows import RawRows
from explorer.corpus.survey import SourceFile

_compute: Any = pyarrow.compute  # its functions are made at run time

BATCH_BYTES = 8 << 20
"""Bytes a batch aims at; one sample larger than this is a batch of its own."""
MAX_BATCH_ROWS = 4096

_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""What a partition key says where it has no value."""

_OWN_TYPES = {
    "integer": pa.int64(),
    "unsigned integer": pa.uint64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "none": pa.null(),
}
"""Arrow types of the classes that are not kept as text."""

_TIER = re.compile(r"(?:tier)?[\s_-]*([1-4])(?:\.0+)?", re.IGNORECASE)
"""A tier as people write it: 2, 2.0, tier 2, Tier-2."""


class PlacedBatch(NamedTuple):
    """A canonical batch and where its rows stand in the file."""

    row_group: int
    first_row: int
    """Position of the first row inside the row group."""
    batch: pa.RecordBatch


@dataclass(frozen=True)
class _Plan:
    """The columns to take from a file, resolved once."""

    fields: tuple[tuple[str, ColumnRef], ...]
    own: tuple[tuple[str, str, ColumnRef], ...]
    tops: tuple[str, ...]
    hive: dict[str, str | None]
    text: str | None
    """The top-level column that is the content, where it is plain text."""


def read_batches(
    base: Path, source: SourceFile, row_groups: Sequence[int], *, content_only: bool = False
) -> Iterator[PlacedBatch]:
    """Yields the rows of some row groups in order, a few megabytes at a time.

    Columns: `content` large_binary; `given_id`, `path`, `repo`, `language`, `license`, `created`, `origin`,
    `origin_evidence` large_string; `tier` int8; `unread_tier` and `unread_origin`, large_string, what was given where
    it is no tier and no origin; then the corpus's own columns under their public names. With `content_only` just
    `content`.
    """
    plan = _plan(source, content_only)
    # A dictionary of one large value can stand for terabytes of rows: it is expanded a portion at a time.
    with RawRows(base / source.file.name, plan.tops, plan.text) as file:
        for number in row_groups:
            first = 0
            for raw in file.batches(number, _batch_rows(source, number)):
                for portion in _portions(raw, plan.text):
                    yield PlacedBatch(number, first, _canonical(portion, plan))
                    first += portion.num_rows


def _batch_rows(source: SourceFile, row_group: int) -> int:
    group = source.file.row_groups[row_group]
    mean = max(group.bytes // max(group.rows, 1), 1)
    return min(max(BATCH_BYTES // mean, 1), MAX_BATCH_ROWS)


def _portions(raw: pa.RecordBatch, text: str | None) -> Iterator[pa.RecordBatch]:
    """Cuts a batch where its text, written out, passes the bytes of a batch."""
    if text is None:
        yield raw
        return
    ends = np.cumsum(_sizes(raw.column(raw.schema.get_field_index(text))))
    start, done = 0, 0
    while start < raw.num_rows:
        stop = max(int(np.searchsorted(ends, done + BATCH_BYTES, side="right")), start + 1)
        yield raw.slice(start, stop - start)
        start, done = stop, int(ends[stop - 1])


def _sizes(column: pa.Array) -> npt.NDArray[np.int64]:
    if pa.types.is_dictionary(column.type):
        sizes = _lengths(column.dictionary).take(column.indices)
    else:
        sizes = _lengths(column)
    return _compute.fill_null(sizes, 0).cast(pa.int64()).to_numpy(zero_copy_only=False)


def _lengths(texts: pa.Array) -> pa.Array:
    is_view = pa.types.is_string_view(texts.type) or pa.types.is_binary_view(texts.type)
    return _compute.binary_length(texts.cast(pa.large_binary()) if is_view else texts)


def _plan(source: SourceFile, content_only: bool) -> _Plan:
    refs = column_refs(source.file.schema, source.file.hive)
    columns = source.mapping.as_dict()
    wanted = {"content": columns["content"]} if content_only else columns
    fields = tuple((field, ref) for field, name in wanted.items() if (ref := resolve(refs, name)) is not None)
    own = (
        ()
        if content_only
        else tuple((own.name, own.kind, ref) for own in source.own if (ref := resolve(refs, own.source)))
    )
    used = (*(ref for _, ref in fields), *(ref for *_, ref in own))
    tops = dict.fromkeys(ref.path[0] for ref in used if not ref.is_hive)
    hive = {key: None if value == _NO_VALUE else value for key, value in source.file.hive}
    return _Plan(fields, own, tuple(tops), hive, _plain_text(dict(fields)["content"]))


def _plain_text(content: ColumnRef) -> str | None:
    return content.path[0] if content.kind == "text" and len(content.path) == 1 else None


def _canonical(raw: pa.RecordBatch, plan: _Plan) -> pa.RecordBatch:
    arrays: dict[str, pa.Array] = {}
    for field, ref in plan.fields:
        name = "given_id" if field == "id" else field
        given = _take(raw, ref, plan.hive)
        arrays[name] = _FIELD_READERS.get(field, _as_text)(given)
        if field in _PARTIAL:
            arrays[f"unread_{field}"] = _unread(given, arrays[name])
    for name, kind, ref in plan.own:
        arrays[name] = _own_values(_take(raw, ref, plan.hive), kind)
    return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))


def _take(raw: pa.RecordBatch, ref: ColumnRef, hive: dict[str, str | None]) -> pa.Array:
    if ref.is_hive:
        return pa.repeat(pa.scalar(hive[ref.path[0]], pa.large_string()), raw.num_rows)
    column = raw.column(raw.schema.get_field_index(ref.path[0]))
    for name in ref.path[1:]:
        column = _compute.struct_field(column, name)
    return _unwrapped(column)


def _unwrapped(column: pa.Array) -> pa.Array:
    """Returns the plain values of an extension type, a dictionary or runs; a UUID stays what it is."""
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return column if kind.extension_name == "arrow.uuid" else _unwrapped(column.storage)
    if pa.types.is_dictionary(kind):
        return _unwrapped(column.dictionary_decode())
    return _unwrapped(_compute.run_end_decode(column)) if pa.types.is_run_end_encoded(kind) else column


def _as_bytes(column: pa.Array) -> pa.Array:
    if is_list(column.type):
        return _chat_text(column)
    return column.cast(pa.large_binary())


def _chat_text(column: pa.Array) -> pa.Array:
    """The assistant's turns of each conversation, a blank line between them; null where there is none."""
    turns = [_assistant_turns(conversation) for conversation in column.to_pylist()]
    return pa.array(
        [text.encode("utf-8", "surrogatepass") if text is not None else None for text in turns], pa.large_binary()
    )


def _assistant_turns(conversation: list[dict[str, str | None]] | None) -> str | None:
    said = [
        turn.get("content", turn.get("value")) or ""
        for turn in conversation or ()
        if (turn.get("role", turn.get("from")) or "").lower() in ("assistant", "gpt", "model")
    ]
    return "\n\n".join(said) if said else None


def _as_text(column: pa.Array) -> pa.Array:
    """Returns values as text: whole floats without a point, nested values as JSON, fixed bytes in hexadecimal.

    Bytes that are not UTF-8 become replacement characters here, in metadata only.
    """
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        whole = column.cast(pa.timestamp("us"), safe=False)
        return _compute.strftime(whole, format="%Y-%m-%dT%H:%M:%S").cast(pa.large_string())
    write = _writer(kind)
    if write is None:
        return column.cast(pa.large_string())
    return pa.array([None if value is None else write(value) for value in column.to_pylist()], pa.large_string())


def _writer(kind: pa.DataType) -> Callable[[Any], str] | None:
    """Returns what writes a value of a type as text, None where Arrow does."""
    if _is_bytes(kind):
        return _shown
    if pa.types.is_fixed_size_binary(kind):
        return bytes.hex
    if pa.types.is_map(kind):
        return _map_as_json
    if isinstance(kind, pa.BaseExtensionType):
        return str
    return _as_json if pa.types.is_nested(kind) else None


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda other: _shown(other) if _is_raw(other) else str(other))


def _map_as_json(pairs: list[tuple[Any, Any]]) -> str:
    """Writes a map as an object, or as pairs where a key repeats or is no text."""
    is_object = all(isinstance(key, str) for key, _ in pairs) and len({key for key, _ in pairs}) == len(pairs)
    return _as_json(dict(pairs) if is_object else pairs)


def _is_raw(value: Any) -> bool:
    return isinstance(value, bytes | bytearray | memoryview)


def _is_bytes(kind: pa.DataType) -> bool:
    return is_text(kind) and not (
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _shown(value: bytes) -> str:
    return bytes(value).decode("utf-8", "replace")


def _as_licence(column: pa.Array) -> pa.Array:
    """One expression a sample: every licence of a list applies, so they are joined by AND."""
    if is_list(column.type):
        return pa.array([_joined(licences) for licences in column.to_pylist()], pa.large_string())
    text = _as_text(column)
    if not _compute.any(_compute.starts_with(text, "[")).as_py():
        return text
    return pa.array([_joined(_listed(value)) for value in text.to_pylist()], pa.large_string())


def _listed(value: str | None) -> list[str] | None:
    """Reads `"['MIT', 'Apache-2.0']"`; any other text is a list of itself."""
    if value is None or not value.startswith("["):
        return None if value is None else [value]
    try:
        parsed = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [value]
    return [str(licence) for licence in parsed] if isinstance(parsed, list) else [value]


def _joined(licences: Sequence[str | None] | None) -> str | None:
    names = list(dict.fromkeys(name.strip() for name in licences or () if name and name.strip()))
    return names[0] if len(names) == 1 else " AND ".join(f"({name})" if " " in name else name for name in names) or None


def _as_tier(column: pa.Array) -> pa.Array:
    numbers = [_tier(value) for value in column.to_pylist()]
    return pa.array(numbers, pa.int8())


def _tier(value: object) -> int | None:
    found = _TIER.fullmatch(str(value).strip())
    return int(found[1]) if found else None


def _unread(given: pa.Array, read: pa.Array) -> pa.Array:
    """Returns as text what was given where nothing could be read from it; blank text counts as nothing given."""
    text = _as_text(given)
    is_given = _compute.not_equal(_compute.utf8_trim_whitespace(text), "")
    return _compute.if_else(_compute.and_(is_given, _compute.is_null(read)), text, None)


def _as_origin(column: pa.Array) -> pa.Array:
    known = {"human", "synthetic", "mixed", "unknown"}
    values = (value.strip().lower() if value else None for value in _as_text(column).to_pylist())
    return pa.array([value if value in known else None for value in values], pa.large_string())


def _own_values(column: pa.Array, kind: str) -> pa.Array:
    if kind.startswith("list of "):
        inner = _OWN_TYPES.get(kind.removeprefix("list of "), pa.large_string())
        return _lists(column, inner if inner != pa.null() else pa.large_string())
    target = _OWN_TYPES.get(kind, pa.large_string())
    if column.type == target:
        return column
    return _as_text(column) if target == pa.large_string() else column.cast(target, safe=False)


def _lists(column: pa.Array, inner: pa.DataType) -> pa.Array:
    if inner != pa.large_string():
        return column.cast(pa.large_list(inner), safe=False)
    values = _as_text(_unwrapped(column.flatten()))
    lengths = _compute.fill_null(_compute.list_value_length(column), 0)
    offsets = np.concatenate([[0], np.cumsum(lengths.to_numpy(zero_copy_only=False))]).astype(np.int64)
    nulls = column.is_null() if column.null_count else None
    return pa.LargeListArray.from_arrays(pa.array(offsets), values, mask=nulls)


_PARTIAL = ("tier", "origin")
"""Fields that only some values can be read as."""
_FIELD_READERS = {"content": _as_bytes, "license": _as_licence, "tier": _as_tier, "origin": _as_origin}
