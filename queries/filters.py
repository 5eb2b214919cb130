"""The user's filter: a boolean expression over the public columns, and the only place that composes SQL text."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import duckdb

from queries import statement
from queries.filters_allowed import FilterError, Walk

__all__ = ("Filter", "FilterError", "facet_clause", "locked_settings", "order_by", "parse_filter", "where")

MAX_LENGTH = 4096
"""Characters of a filter."""
MAX_BRACKETS = 200
"""Opening brackets of a filter: the parser's time grows with their cube (4,000 of them take 14 seconds)."""
MAX_MESSAGE = 300
"""Characters of an error's message."""
CONTENT = "content"

OPENING = "select 1 from samples where coalesce(\n"
CLOSING = "\n) is null"
TRIAL = ("select (\n", "\n) from (values (", "), (", ")) as samples (", ")")
ANSWERS = ("BOOLEAN", "NULL", '"NULL"')
EMPTY_PARTS = ("modifiers", "group_expressions", "group_sets", "having", "sample", "qualify")
UNSTABLE_PARTS = frozenset(("query_location", "query_location_length", "alias", "is_operator"))
"""Parts of a node that may change when an expression is printed and read again."""


@dataclass(frozen=True)
class Clause:
    """One of the conditions that a filter joins with `and`."""

    sql: str
    columns: frozenset[str]


@dataclass(frozen=True)
class Filter:
    """A checked condition on samples."""

    text: str
    """What the user wrote."""
    clauses: tuple[Clause, ...]
    """Conditions that all hold; none means every sample."""

    @property
    def sql(self) -> str:
        """The condition, printed anew from the checked expression, so that nothing the check did not see can run."""
        return " and ".join(f"({clause.sql})" for clause in self.clauses) or "true"

    @property
    def columns(self) -> frozenset[str]:
        """Public names of the columns it reads."""
        return frozenset[str]().union(*(clause.columns for clause in self.clauses))

    @property
    def uses_content(self) -> bool:
        """Whether the text of the samples has to be read."""
        return CONTENT in self.columns

    def split(self) -> tuple["Filter | None", "Filter | None"]:
        """Returns the part that needs no content and the part that does; None where there is no such part."""
        light = tuple(clause for clause in self.clauses if CONTENT not in clause.columns)
        heavy = tuple(clause for clause in self.clauses if CONTENT in clause.columns)
        return joined(light), joined(heavy)


def joined(clauses: tuple[Clause, ...]) -> Filter | None:
    """Returns a filter of some clauses; None without any."""
    return Filter(" and ".join(f"({clause.sql})" for clause in clauses), clauses) if clauses else None


def parse_filter(cursor: duckdb.DuckDBPyConnection, text: str, columns: Mapping[str, str]) -> Filter:
    """Returns the filter that a user typed, or raises FilterError.

    `columns` maps public column names to DuckDB type names. Only the parser and the binder of `cursor` are used: the
    table `samples` need not exist, and no sample is read. Blank text gives a filter that lets every sample pass.
    """
    check_text(text)
    if not text.strip():
        return Filter(text, ())
    try:
        tree = parse(cursor, text)
        expression = single_expression(tree)
        parts = expression["children"] if expression["type"] == "CONJUNCTION_AND" else [expression]
        used = [Walk(columns).check(part) for part in parts]
        Walk(columns).check(expression)
        bind(cursor, text, columns)
        clauses = tuple(Clause(printed(cursor, tree, part), names) for part, names in zip(parts, used, strict=True))
    except FilterError as error:
        raise FilterError(tidy(error.message), in_user_text(text, error.position)) from None
    return Filter(text, clauses)


def check_text(text: str) -> None:
    """Refuses what should not even reach the parser."""
    if len(text) > MAX_LENGTH:
        raise FilterError(f"The filter has {len(text):,} characters; {MAX_LENGTH:,} are allowed.", MAX_LENGTH)
    if sum(map(text.count, "([{")) > MAX_BRACKETS:
        raise FilterError(f"The filter has more than {MAX_BRACKETS} opening brackets.")
    for position, character in enumerate(text):
        if character == "\0" or unicodedata.category(character) == "Cs":
            raise FilterError(f"The filter holds U+{ord(character):04X}, which is not text.", position)


def parse(cursor: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """Returns DuckDB's syntax tree of a condition in its frame, without running anything.

    The frame is a call with one argument and a test behind it: text that closes the bracket, to go on outside, leaves
    another tree than that or none.
    """
    try:
        row = cursor.execute(statement("filters_parse"), ["".join((OPENING, text, CLOSING))]).fetchone()
        tree = json.loads(row[0] if row else "{}")
    except RecursionError:
        raise FilterError("The filter is nested too deeply.") from None
    except duckdb.Error as error:
        raise FilterError(first_words(str(error))) from None
    if tree["error"]:
        position = int(tree["position"]) if tree.get("position") else None
        is_cut = position is not None and position >= len(OPENING) + len(text.rstrip().encode())
        words = str(tree["error_message"]).replace(CLOSING, "")
        raise FilterError("The filter ends too early: something is missing." if is_cut else words, position)
    return tree


def single_expression(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the user's expression if the statement is nothing but our frame around it."""
    if len(tree["statements"]) != 1:
        raise FilterError("Not allowed in a filter: more than one statement.")
    node = tree["statements"][0]["node"]
    is_plain = (
        node["type"] == "SELECT_NODE"
        and node["from_table"]["type"] == "BASE_TABLE"
        and node["from_table"]["qualified_name"]["path"] == ["samples"]
        and not node["cte_map"]["map"]
        and not any(node[part] for part in EMPTY_PARTS)
    )
    frame = node["where_clause"] if is_plain else None
    call = frame["children"][0] if frame and frame["type"] == "OPERATOR_IS_NULL" else None
    if not call or call["type"] != "OPERATOR_COALESCE" or len(call["children"]) != 1:
        raise FilterError("A filter is one condition: check the brackets and commas, and use no other clause.")
    return call["children"][0]


def bind(cursor: duckdb.DuckDBPyConnection, text: str, columns: Mapping[str, str]) -> None:
    """Tries the checked condition on rows of nulls, so that wrong types and constants are told before any work."""
    nulls = ", ".join(f"null::{kind}" for kind in columns.values())
    names = ", ".join(map(quoted, columns))
    trial = "".join(chain.from_iterable(zip_longest(TRIAL, (text, nulls, nulls, names), fillvalue="")))
    try:
        kind = str(cursor.execute(trial).description[0][1])
        if kind not in ANSWERS:
            raise FilterError(
                f"A filter is true or false for each sample; this is a {kind}. Compare it with something."
            )
        cursor.fetchall()
    except duckdb.Error as error:
        raise FilterError(first_words(str(error)), told_place(str(error), text)) from None


def printed(cursor: duckdb.DuckDBPyConnection, tree: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """Returns the SQL text of a checked expression, after reading it back to see that it says the same."""
    node = {**tree["statements"][0]["node"], "where_clause": part}
    document = {**tree, "statements": [{**tree["statements"][0], "node": node}]}
    try:
        row = cursor.execute(statement("filters_print"), [json.dumps(document)]).fetchone()
    except (duckdb.Error, RecursionError):
        raise FilterError("The filter is nested too deeply.") from None
    sql = str(row[0] if row else "").partition(" WHERE ")[2]
    if stable(single_expression(parse(cursor, sql))) != stable(part):
        raise FilterError("The filter is written in a way that cannot be repeated safely; write it more simply.")
    return sql


def stable(node: Any) -> Any:
    """Returns a syntax tree without what may change when it is printed."""
    if isinstance(node, Mapping):
        return {key: stable(value) for key, value in node.items() if key not in UNSTABLE_PARTS}
    return [stable(value) for value in node] if isinstance(node, list) else node


def first_words(message: str) -> str:
    """Returns an engine's message without its excerpt of the statement and its lists of signatures."""
    head = message.partition("\n\nLINE ")[0].partition("Candidate functions:")[0]
    return re.sub(r"^(Binder|Catalog|Parser) Error: ", "", head)


def told_place(message: str, text: str) -> int | None:
    """Returns where in the user's text an engine's message points, from its excerpt and the caret below it."""
    found = re.search(r"\n\nLINE (\d+): (.*)\n( *)\^", message)
    if not found:
        return None
    lines = text.split("\n")
    number, excerpt = int(found[1]) - 2, found[2]
    column = len(found[3]) - len(f"LINE {found[1]}: ")
    if not 0 <= number < len(lines) or excerpt != lines[number] or not excerpt.isascii():
        return None
    before = "\n".join([*lines[:number], excerpt[:column]])
    return len(OPENING) + len(before.encode())


def in_user_text(text: str, position: int | None) -> int | None:
    """Returns the character of the user's text for a byte of the statement."""
    if position is None or position < len(OPENING):
        return None
    return min(len(text.encode()[: position - len(OPENING)].decode(errors="ignore")), len(text))


def tidy(message: str) -> str:
    """Returns a message on one line, short, with every invisible character spelled out."""
    line = " ".join(message.split())
    shown = "".join(character if character.isprintable() else f"\\u{{{ord(character):x}}}" for character in line)
    return shown if len(shown) <= MAX_MESSAGE else f"{shown[: MAX_MESSAGE - 1]}…"


def order_by(keys: Sequence[tuple[str, bool]], columns: Mapping[str, str]) -> str:
    """Returns an `order by` of (column, is descending) pairs: nulls last, and `row` decides between equals."""
    names = {name.lower(): name for name in columns}
    parts: list[str] = []
    for key, is_descending in keys:
        if key.lower() not in names:
            raise FilterError(tidy(f'There is no column "{key}" to sort by.'))
        parts.append(f"{quoted(names[key.lower()])} {'desc' if is_descending else 'asc'} nulls last")
    return "order by " + ", ".join((*parts, quoted("row")))


def where(filters: Sequence[Filter]) -> str:
    """Returns a `where` that holds all filters, or nothing where they let everything pass."""
    conditions = [part.sql for part in filters if part.clauses]
    return f"where {' and '.join(conditions)}" if conditions else ""


def facet_clause(column: str, values: Sequence[str | int | None], in_list: bool = False) -> Filter:
    """Returns the filter for samples whose column is one of some values, or null where None is among them.

    With `in_list` the column is a list that holds one of the values, and None stands for an empty list as well. No
    values let nothing pass.
    """
    name = quoted(column)
    known = ", ".join(literal(value) for value in values if value is not None)
    conditions: list[str] = []
    if known:
        conditions.append(f"list_has_any({name}, [{known}])" if in_list else f"{name} in ({known})")
    if None in values:
        conditions.append(f"{name} is null" + (f" or len({name}) = 0" if in_list else ""))
    sql = " or ".join(conditions) or "false"
    return Filter(sql, (Clause(sql, frozenset((column,))),))


def quoted(name: str) -> str:
    """Returns a name as an SQL identifier."""
    if "\0" in name or any(unicodedata.category(character) == "Cs" for character in name):
        raise FilterError(tidy(f'A column cannot be called "{name}".'))
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | int) -> str:
    """Returns a value as an SQL literal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if any(unicodedata.category(character) == "Cs" for character in value):
        raise FilterError("A value holds half a character and cannot be looked for.")
    pieces = ["'" + piece.replace("'", "''") + "'" for piece in value.split("\0")]
    return pieces[0] if len(pieces) == 1 else "(" + " || chr(0) || ".join(pieces) + ")"


def locked_settings(connection: duckdb.DuckDBPyConnection, memory_limit: str, temp_directory: Path | str) -> None:
    """Shuts a connection, and every cursor of it, in: no files, no extensions, no Python variables, no way back.

    Attach what is needed first (the index READ_ONLY, `:memory:` as scratch): nothing can be attached afterwards. This
    is the second wall: a statement can still overwrite a file that is attached, so a filter is a checked expression.
    """
    connection.execute(f"set memory_limit = {literal(memory_limit)}")
    connection.execute(f"set temp_directory = {literal(str(temp_directory))}")
    connection.execute(statement("filters_lock"))
