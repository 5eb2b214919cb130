"""The columns of a Parquet schema as a mapping sees them: dotted names, shapes and type classes."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

SCALARS = (
    *("text", "integer", "unsigned integer", "float", "boolean", "time", "none"),
    *("decimal", "uuid", "bytes", "clock", "duration"),
)
"""Type classes of single values. `none` is a column that holds nothing but nulls, `unsigned integer` one whose values
need not fit the signed 64 bits of `integer`, `decimal` one of more than 15 digits, `bytes` one of a fixed size."""

FLOAT_DIGITS = 15
"""Decimals of so many digits are floats of 64 bits without loss."""

MOST_LEVELS = 4
"""A nested column of more levels is not kept."""

CHAT_KEYS = ({"role", "content"}, {"from", "value"})
"""The two usual spellings of a conversation's turns."""


@dataclass(frozen=True)
class ColumnRef:
    """One value a row offers: where it stands, in which shape, of which class."""

    path: tuple[str, ...]
    """Names from the top-level column inwards; a hive key has one name."""
    kind: str
    """A scalar class, `list of <class>`, `chat`, or `nested` for anything else."""
    is_hive: bool = False

    @property
    def name(self) -> str:
        """The dotted name people write."""
        return ".".join(self.path)


def column_refs(schema: pa.Schema, hive: tuple[tuple[str, str], ...] = ()) -> tuple[ColumnRef, ...]:
    """Lists what the rows of a schema offer, struct fields by dotted names, then the keys in the path."""
    refs = [ref for field in schema for ref in _walk((field.name,), field.type)]
    taken = {ref.name.lower() for ref in refs}
    refs += [ColumnRef((key,), "text", is_hive=True) for key, _ in hive if key.lower() not in taken]
    return tuple(refs)


def _walk(path: tuple[str, ...], kind: pa.DataType) -> Iterator[ColumnRef]:
    if pa.types.is_struct(kind):
        for position in range(kind.num_fields):
            child = kind.field(position)
            yield from _walk((*path, child.name), child.type)
    else:
        yield ColumnRef(path, type_class(kind))


def type_class(kind: pa.DataType) -> str:
    """Names the class of a type; types of one class hold the same values, so that none is changed by reading."""
    if isinstance(kind, pa.BaseExtensionType):
        return "uuid" if kind.extension_name == "arrow.uuid" else type_class(kind.storage_type)
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return type_class(kind.value_type)
    if is_list(kind):
        return _list_class(kind.value_type)
    if pa.types.is_decimal(kind):
        return "float" if kind.precision <= FLOAT_DIGITS else "decimal"
    for name, is_member in _CLASSES:
        if is_member(kind):
            return name
    return "nested"


def joined_class(one: str, other: str) -> str | None:
    """Returns the narrowest class that holds the values of two classes unaltered, or None where there is none."""
    if one == other or other == "none":
        return one
    if one == "none":
        return other
    inner = [kind.removeprefix(_LIST) for kind in (one, other)]
    are_lists = [kind.startswith(_LIST) for kind in (one, other)]
    if all(are_lists):
        joined = joined_class(*inner)
        return joined and f"{_LIST}{joined}"
    if any(are_lists) or "chat" in (one, other) or "nested" in (one, other):
        return None
    return "float" if {one, other} == {"integer", "float"} else "text"


_LIST = "list of "


def levels(kind: pa.DataType) -> int:
    """Counts the levels of lists, maps and structs around the values of a type."""
    depth = 0
    level = [kind]
    while level := [child.type for parent in level for child in _children(parent)]:
        depth += 1
    return depth


def _children(kind: pa.DataType) -> tuple[pa.Field, ...]:
    return tuple(kind.field(position) for position in range(kind.num_fields)) if pa.types.is_nested(kind) else ()


def _list_class(inner: pa.DataType) -> str:
    if pa.types.is_struct(inner):
        names = {inner.field(position).name for position in range(inner.num_fields)}
        return "chat" if any(keys <= names for keys in CHAT_KEYS) else "nested"
    kind = type_class(inner)
    return f"{_LIST}{kind}" if kind in SCALARS else "nested"


def is_text(kind: pa.DataType) -> bool:
    """Tells whether a type holds characters or bytes."""
    types = pa.types
    return any(
        is_kind(kind)
        for is_kind in (
            types.is_string,
            types.is_large_string,
            types.is_binary,
            types.is_large_binary,
            types.is_string_view,
            types.is_binary_view,
        )
    )


def is_list(kind: pa.DataType) -> bool:
    """Tells whether a type is a list of any layout."""
    types = pa.types
    return any(is_kind(kind) for is_kind in (types.is_list, types.is_large_list, types.is_fixed_size_list))


_CLASSES = (
    ("text", is_text),
    ("boolean", pa.types.is_boolean),
    ("unsigned integer", pa.types.is_uint64),
    ("integer", pa.types.is_integer),
    ("float", pa.types.is_floating),
    ("time", lambda kind: pa.types.is_timestamp(kind) or pa.types.is_date(kind)),
    ("clock", pa.types.is_time),
    ("duration", pa.types.is_duration),
    ("bytes", pa.types.is_fixed_size_binary),
    ("none", pa.types.is_null),
)
