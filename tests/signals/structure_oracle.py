"""The structure of Python as its own parser sees it: the judge of what is read from tokens."""

import ast
from collections import Counter

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
CONTROL = (ast.If, *LOOPS, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match, ast.match_case)
BRANCHES = (ast.If, *LOOPS, ast.ExceptHandler, ast.match_case)
EXITS = (ast.Return, ast.Raise)
BROAD = {"Exception", "BaseException"}
FIRST_STATEMENTS = 5


def read(source: str) -> Counter[str]:
    """The counts of a text, by the names of the cells in small letters."""
    found: Counter[str] = Counter()
    _read(ast.parse(source), found, 0, in_function=False, is_open=True)
    return found


def _read(node: ast.AST, found: Counter[str], level: int, *, in_function: bool, is_open: bool) -> None:
    for child in ast.iter_child_nodes(node):
        inner = level + (isinstance(child, CONTROL) and not _is_elif(node, child))
        found["nesting"] = max(found["nesting"], inner)
        found["branches"] += in_function and isinstance(child, BRANCHES)
        found["guards"] += in_function and isinstance(child, ast.Assert)
        if isinstance(child, ast.ExceptHandler):
            _count_handler(child, found)
        if isinstance(child, DEFINITIONS):
            _count_definition(child, found, is_open)
        is_inside = in_function or isinstance(child, FUNCTIONS)
        _read(child, found, inner, in_function=is_inside, is_open=is_open and _keeps_open(child))


def _is_elif(parent: ast.AST, child: ast.AST) -> bool:
    is_chained = isinstance(parent, ast.If) and isinstance(child, ast.If) and parent.orelse == [child]
    return is_chained and child.col_offset == parent.col_offset


def _keeps_open(node: ast.AST) -> bool:
    """Whether what is defined inside may be public."""
    if isinstance(node, ast.ClassDef):
        return not node.name.startswith("_")
    return not isinstance(node, FUNCTIONS)


def _count_handler(node: ast.ExceptHandler, found: Counter[str]) -> None:
    named = {name.id for name in ast.walk(node.type or ast.Pass()) if isinstance(name, ast.Name)}
    found["handlers"] += 1
    found["specific"] += node.type is not None and not named & BROAD
    found["swallowed"] += all(map(_is_idle, node.body))


def _is_idle(node: ast.stmt) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Pass | ast.Continue) or is_text


def _count_definition(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, found: Counter[str], is_open: bool
) -> None:
    is_documented = ast.get_docstring(node, clean=False) is not None
    is_public = is_open and not node.name.startswith("_")
    found["public"] += is_public
    found["documented"] += is_public and is_documented
    found["classes"] += isinstance(node, ast.ClassDef)
    if not isinstance(node, ast.ClassDef):
        found["functions"] += 1
        body = node.body[is_documented:][:FIRST_STATEMENTS]
        found["guards"] += sum(_guards(one) for one in body if isinstance(one, ast.If))


def _guards(node: ast.If) -> int:
    """How many conditions of a chain leave the function at once."""
    after = (
        _guards(node.orelse[0])
        if node.orelse and isinstance(node.orelse[0], ast.If) and _is_elif(node, node.orelse[0])
        else 0
    )
    return any(isinstance(one, EXITS) for one in node.body) + after
