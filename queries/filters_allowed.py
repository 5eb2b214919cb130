"""What a filter may be made of: the allow-list, and the walk over a parsed expression that holds to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

Node = Mapping[str, Any]


def words(text: str) -> frozenset[str]:
    """Returns the words of a text."""
    return frozenset(text.split())


MAX_DEPTH = 100
"""Levels of nesting of one expression."""
MAX_LAMBDAS = 6
"""Lambdas in one filter; a list comprehension with a condition makes three."""
MAX_PARAMETER_USES = 12
"""Uses of all lambda parameters: a chain of lambdas multiplies a value by their number at each link."""
MAX_NESTED_LAMBDAS = 2
"""Lambdas inside each other: each multiplies the work by the length of a list."""
MAX_NESTED_BUILDERS = 3
"""List makers inside each other: text made of a list is quoted again, and grows, at each turn."""

OPERATORS = words("+ - * / // % ^ ** & | << >> || ~~ !~~ ~~* !~~* ~~~ ^@ @> <@ && ->>")
PATTERN_FUNCTIONS = words("like_escape not_like_escape ilike_escape not_ilike_escape")
TEXT_FUNCTIONS = words(
    "length len strlen bit_length lower upper lcase ucase trim ltrim rtrim left right substring substr reverse "
    "ascii chr unicode ord contains starts_with ends_with prefix suffix position instr strpos replace concat "
    "split_part md5 sha256 string_split str_split parse_filename parse_dirname nfc_normalize strip_accents "
    "json_extract_string"
)
REGEX_FUNCTIONS = words(
    "regexp_matches regexp_full_match regexp_extract regexp_extract_all regexp_replace string_split_regex "
    "str_split_regex regexp_split_to_array"
)
NUMBER_FUNCTIONS = words(
    "abs round floor ceil ceiling trunc sign sqrt ln log log2 log10 exp pow power mod greatest least isnan isinf "
    "isfinite"
)
DATE_FUNCTIONS = words(
    "year month day hour minute second quarter week dayofweek dayofyear isodow date_part datepart date_trunc "
    "datetrunc date_diff datediff date_add date_sub age now today current_date strftime strptime try_strptime "
    "epoch make_date to_timestamp last_day timezone to_years to_months to_weeks to_days to_hours to_minutes "
    "to_seconds"
)
LIST_FUNCTIONS = words(
    "list_contains list_has array_contains array_has list_has_any array_has_any list_has_all array_has_all "
    "array_length list_position list_distinct list_unique list_sort list_min list_max list_sum list_avg "
    "list_count list_extract list_any_value list_bool_and list_bool_or struct_extract cardinality"
)
LAMBDA_FUNCTIONS = words("list_filter array_filter filter list_transform array_transform list_apply array_apply")
BUILDERS = words(
    "list_value struct_pack row string_split str_split regexp_extract_all string_split_regex str_split_regex "
    "regexp_split_to_array"
)
CHOICE_FUNCTIONS = words("if ifnull nullif coalesce")
FUNCTIONS = (
    OPERATORS
    | PATTERN_FUNCTIONS
    | TEXT_FUNCTIONS
    | REGEX_FUNCTIONS
    | NUMBER_FUNCTIONS
    | DATE_FUNCTIONS
    | LIST_FUNCTIONS
    | LAMBDA_FUNCTIONS
    | BUILDERS
    | CHOICE_FUNCTIONS
)
"""Every function a filter may call: none reads a file or a setting, none makes a long value of a short one."""

OPERATOR_TYPES = words(
    "OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE OPERATOR_NULLIF OPERATOR_TRY COMPARE_IN "
    "COMPARE_NOT_IN ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT"
)
LITERALS = words("INTEGER NUMERIC STRING BOOLEAN NULL_LITERAL")
TYPES = words(
    "boolean bool tinyint smallint integer int bigint hugeint utinyint usmallint uinteger ubigint float real "
    "double decimal numeric varchar text string date time timestamp timestamptz interval int1 int2 int4 int8 "
    "float4 float8"
) | {"timestamp with time zone"}
COLLATIONS = words("nocase noaccent nfc binary")
MOMENTS = words("current_date current_timestamp")
"""Words that look like a column but tell the time."""

COMMON_KEYS = words("class type alias query_location query_location_length")
KEYS = {
    "COLUMN_REF": "column_names",
    "CONSTANT": "literal",
    "COMPARISON": "left right",
    "CONJUNCTION": "children",
    "FUNCTION": (
        "function_name schema catalog qualified_name arguments is_operator filter order_bys distinct export_state "
        "is_legacy_function_call"
    ),
    "OPERATOR": "children",
    "CAST": "child try_cast type_expr",
    "TYPE": "type_name schema catalog qualified_name children",
    "BETWEEN": "input lower upper",
    "CASE": "case_checks else_expr",
    "LAMBDA": "lhs expr syntax_type",
    "COLLATE": "child collation",
}
KNOWN_KEYS = {name: COMMON_KEYS | words(keys) for name, keys in KEYS.items()}
FORBIDDEN_WORDS = {
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
    "STAR": "*",
    "PARAMETER": "a parameter (? or $)",
    "POSITIONAL_REFERENCE": "a column by number",
    "DEFAULT": "default",
}


class FilterError(Exception):
    """Says in one short line, without control characters, why a filter cannot be used."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        """Where in the user's text, counted in characters; None where no place is known."""


@dataclass(frozen=True)
class Scope:
    """What surrounds a node: the names and the nesting its parents bring."""

    parameters: frozenset[str] = frozenset()
    depth: int = 0
    lambdas: int = 0
    builders: int = 0
    takes_lambda: bool = False


Visit = tuple[Node, Scope]


@dataclass
class Walk:
    """Checks an expression node by node and gathers the columns it uses; positions are in bytes of the statement."""

    columns: Mapping[str, str]
    """Public name → DuckDB type name."""
    used: set[str] = field(default_factory=set[str])
    names: dict[str, str] = field(init=False)
    lambdas: int = 0
    parameter_uses: int = 0

    def __post_init__(self) -> None:
        self.names = {name.lower(): name for name in self.columns}

    def check(self, expression: Node) -> frozenset[str]:
        """Returns the columns that an expression uses; raises FilterError at the first thing that is not allowed."""
        rules = self._rules()
        waiting: list[Visit] = [(expression, Scope())]
        while waiting:
            node, scope = waiting.pop()
            check_shape(node, scope)
            inner = replace(scope, depth=scope.depth + 1, takes_lambda=False)
            waiting.extend(rules[node["class"]](node, inner))
        return frozenset(self.used)

    def _rules(self) -> dict[str, Callable[[Node, Scope], Iterator[Visit]]]:
        return {
            "COLUMN_REF": self._column,
            "CONSTANT": constant,
            "COMPARISON": comparison,
            "CONJUNCTION": children,
            "FUNCTION": self._function,
            "OPERATOR": operator,
            "CAST": cast,
            "BETWEEN": between,
            "CASE": case,
            "LAMBDA": self._lambda,
            "COLLATE": collate,
        }

    def _column(self, node: Node, scope: Scope) -> Iterator[Visit]:
        path: list[str] = [name.lower() for name in node["column_names"]]
        if path[0] in scope.parameters:
            self._count_parameter(node)
            return
        if len(path) == 1 and path[0] in MOMENTS - set(self.names):
            return
        if len(path) > 1 and path[0] == "samples" and path[1] in self.names:
            path = path[1:]
        name = self.names.get(path[0])
        if name is None:
            raise FilterError(unknown("column", ".".join(node["column_names"]), tuple(self.columns)), place(node))
        if len(path) > 1 and not self.columns[name].lower().startswith("struct"):
            raise FilterError(f'Column "{name}" has no fields.', place(node))
        self.used.add(name)
        yield from ()

    def _count_parameter(self, node: Node) -> None:
        self.parameter_uses += 1
        if self.parameter_uses > MAX_PARAMETER_USES:
            raise FilterError("The parameters of lambdas are used too often for one filter.", place(node))

    def _function(self, node: Node, scope: Scope) -> Iterator[Visit]:
        name = str(node["function_name"]).lower()
        check_call(node, name, scope)
        arguments: tuple[Node, ...] = tuple(argument["expression"] for argument in node["arguments"])
        check_arguments(node, name, arguments)
        builders = scope.builders + (name in BUILDERS)
        inner = replace(scope, builders=builders, takes_lambda=name in LAMBDA_FUNCTIONS)
        for argument in arguments:
            yield argument, inner

    def _lambda(self, node: Node, scope: Scope) -> Iterator[Visit]:
        self.lambdas += 1
        if self.lambdas > MAX_LAMBDAS or scope.lambdas >= MAX_NESTED_LAMBDAS:
            raise FilterError("Too many lambdas for one filter.", place(node))
        names = parameter_names(node["lhs"])
        if names & (set(self.names) | {"samples"}):
            raise FilterError("A lambda's parameter has the name of a column; choose another.", place(node))
        yield node["expr"], Scope(scope.parameters | names, scope.depth, scope.lambdas + 1, MAX_NESTED_BUILDERS - 1)


def check_shape(node: Node, scope: Scope) -> None:
    """Refuses a node of an unknown class, with unknown parts, or too deep."""
    kind = str(node["class"])
    if kind not in KNOWN_KEYS or kind == "TYPE":
        raise forbidden(FORBIDDEN_WORDS.get(kind, kind.lower().replace("_", " ")), node)
    if not set(node) <= KNOWN_KEYS[kind]:
        raise forbidden(f"this form of {kind.lower()}", node)
    if kind == "LAMBDA" and not scope.takes_lambda:
        raise forbidden("a lambda (->) outside a list function", node)
    if kind == "LAMBDA" and node["syntax_type"] != "LAMBDA_KEYWORD":
        raise FilterError("Write lambda x: ... where you wrote x -> ...", place(node))
    if scope.depth > MAX_DEPTH:
        raise FilterError("The filter is nested too deeply.", place(node))


def check_call(node: Node, name: str, scope: Scope) -> None:
    """Refuses a function that is not on the list, qualified, or called like an aggregate."""
    if node["schema"] or node["catalog"] or node["qualified_name"]["path"] != [node["function_name"]]:
        raise forbidden(f"the qualified function {'.'.join(node['qualified_name']['path'])}", node)
    if name not in FUNCTIONS:
        raise FilterError(unknown("function", name, tuple(FUNCTIONS)), place(node))
    if node["filter"] or node["order_bys"]["orders"] or node["distinct"] or node["export_state"]:
        raise forbidden(f"distinct, order by or filter inside {name}", node)
    if node.get("is_legacy_function_call"):
        raise forbidden(f"an old way of calling {name}", node)
    if any(argument["name"] for argument in node["arguments"]) and name != "struct_pack":
        raise forbidden(f"a named argument of {name}", node)
    if name in BUILDERS and scope.builders >= MAX_NESTED_BUILDERS:
        raise FilterError("Lists are nested too deeply.", place(node))


def check_arguments(node: Node, name: str, arguments: tuple[Node, ...]) -> None:
    """Refuses replacements that would let a short filter make a very long value."""
    if name == "replace" and not shrinks(arguments):
        raise FilterError("replace needs two constant texts, the second no longer than the first.", place(node))
    if name == "regexp_replace" and not (len(arguments) > 2 and text_of(arguments[2]) == ""):
        raise FilterError("regexp_replace needs '' as its replacement in a filter.", place(node))


def shrinks(arguments: tuple[Node, ...]) -> bool:
    """Tells whether a replacement is never longer than what it replaces."""
    if len(arguments) != 3:
        return False
    old, new = text_of(arguments[1]), text_of(arguments[2])
    return old is not None and new is not None and len(new.encode()) <= len(old.encode())


def text_of(node: Node) -> str | None:
    """Returns the text of a constant; None where the node is something else."""
    literal = node.get("literal")
    return literal["text"] if node["class"] == "CONSTANT" and literal and literal["kind"] == "STRING" else None


def parameter_names(node: Node) -> frozenset[str]:
    """Returns the names on the left of a lambda, in lower case."""
    parts: tuple[Node, ...] = (node,)
    if node["class"] == "FUNCTION" and node["function_name"] == "row":
        parts = tuple(argument["expression"] for argument in node["arguments"])
    if any(part["class"] != "COLUMN_REF" or len(part["column_names"]) != 1 for part in parts):
        raise forbidden("-> after something that is not a name", node)
    return frozenset(part["column_names"][0].lower() for part in parts)


def constant(node: Node, _: Scope) -> Iterator[Visit]:
    """Checks the kind of a literal."""
    if node["literal"]["kind"] not in LITERALS:
        raise forbidden(f"a {node['literal']['kind'].lower()} literal", node)
    yield from ()


def comparison(node: Node, scope: Scope) -> Iterator[Visit]:
    """Leads to both sides."""
    yield node["left"], scope
    yield node["right"], scope


def children(node: Node, scope: Scope) -> Iterator[Visit]:
    """Leads to every operand."""
    for child in node["children"]:
        yield child, scope


def operator(node: Node, scope: Scope) -> Iterator[Visit]:
    """Checks the kind of an operator and leads to its operands."""
    if node["type"] not in OPERATOR_TYPES:
        raise forbidden(str(node["type"]).lower().replace("_", " "), node)
    yield from children(node, scope)


def cast(node: Node, scope: Scope) -> Iterator[Visit]:
    """Checks that a cast is to a plain type and leads to what is cast."""
    wanted: Node = node["type_expr"]
    name = str(wanted.get("type_name", "")).lower()
    sizes: list[Node] = wanted.get("children") or []
    is_plain = (
        wanted["class"] == "TYPE" and set(wanted) <= KNOWN_KEYS["TYPE"] and len(wanted["qualified_name"]["path"]) == 1
    )
    if not is_plain or name not in TYPES or any(size["class"] != "CONSTANT" for size in sizes):
        raise forbidden(f"a cast to {name}", wanted)
    yield node["child"], scope


def between(node: Node, scope: Scope) -> Iterator[Visit]:
    """Leads to the value and both bounds."""
    yield node["input"], scope
    yield node["lower"], scope
    yield node["upper"], scope


def case(node: Node, scope: Scope) -> Iterator[Visit]:
    """Leads to every condition and result."""
    for check in node["case_checks"]:
        yield check["when_expr"], scope
        yield check["then_expr"], scope
    if node["else_expr"]:
        yield node["else_expr"], scope


def collate(node: Node, scope: Scope) -> Iterator[Visit]:
    """Checks the collation and leads to what is collated."""
    if not set(str(node["collation"]).lower().split(".")) <= COLLATIONS:
        raise forbidden(f"the collation {node['collation']}", node)
    yield node["child"], scope


def forbidden(what: str, node: Node) -> FilterError:
    """Returns the error for something a filter never holds."""
    return FilterError(f"Not allowed in a filter: {what}.", place(node))


def unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    """Returns a sentence about an unknown name, with the closest known ones."""
    close = get_close_matches(name.lower(), [candidate for candidate in known if candidate.isidentifier()], n=3)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    return f'There is no {what} "{name}" for filters.{hint}'


def place(node: Node) -> int | None:
    """Returns the byte offset of a node in the statement; None for what the parser made up."""
    location = int(node.get("query_location", -1))
    return location if 0 <= location < 2**32 else None
