"""Filters as text, for the samples behind a line of a page."""

import hashlib
from collections.abc import Sequence

LONGEST = 200
"""Characters of a value beyond which a filter names it by its hash."""


def is_value(column: str, value: str | int | None) -> str:
    """Returns the filter for the samples whose column has a value, or none."""
    name = _name(column)
    if value is None:
        return f"{name} is null"
    if isinstance(value, str) and len(value) > LONGEST:
        return f"md5({name}) = '{hashlib.md5(value.encode()).hexdigest()}'"
    return f"{name} = {literal(value)}"


def is_one_of(column: str, values: tuple[str | int | None, ...]) -> str:
    """Returns the filter for the samples whose column has one of some values."""
    short = tuple(value for value in values if value is not None and len(str(value)) <= LONGEST)
    listed = (f"{_name(column)} in ({', '.join(map(literal, short))})",) if short else ()
    return any_of(*listed, *(is_value(column, value) for value in values if value not in short))


def holds(column: str, value: str) -> str:
    """Returns the filter for the samples whose list has a value."""
    return f"list_contains({_name(column)}, {literal(value)})"


def literal(value: str | int) -> str:
    """Returns a value as a filter writes it."""
    if isinstance(value, int):
        return str(value)
    pieces = ["'" + piece.replace("'", "''") + "'" for piece in value.split("\0")]
    return pieces[0] if len(pieces) == 1 else "(" + " || chr(0) || ".join(pieces) + ")"


def all_of(*filters: str | None) -> str:
    """Returns the filter that holds where all hold; those that are empty let everything pass."""
    wanted = [text for text in filters if text and text.strip()]
    return wanted[0] if len(wanted) == 1 else " and ".join(f"({text})" for text in wanted)


def any_of(*filters: str) -> str:
    """Returns the filter that holds where one of some holds."""
    return filters[0] if len(filters) == 1 else " or ".join(f"({text})" for text in filters)


MOST_GROUPS = 6
"""Groups that stand side by side."""


def groups_by(column: str, values: Sequence[str | int | None]) -> tuple[tuple[str, str], ...]:
    """Returns name and filter of a group for each value of a column; those beyond six share the sixth."""
    own = tuple(values) if len(values) <= MOST_GROUPS else tuple(values[: MOST_GROUPS - 1])
    groups = [(_group_name(column, value), is_value(column, value)) for value in own]
    if len(own) < len(values):
        rest = f"not ({is_one_of(column, tuple(value for value in own if value is not None))})"
        text = rest if None in own else any_of(rest, is_value(column, None))
        groups.append((f"{len(values) - len(own)} others", text))
    return tuple(groups)


def _group_name(column: str, value: str | int | None) -> str:
    if column == "tier":
        return "no tier" if value is None else f"tier {value}"
    return f"no {column}" if value is None else str(value)


def _name(column: str) -> str:
    plain = column.isidentifier() and column.isascii()
    return column if plain else '"' + column.replace('"', '""') + '"'
