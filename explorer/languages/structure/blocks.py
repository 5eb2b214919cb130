"""The blocks that are open while a text is walked, and what closing one tells."""

from typing import Any

from explorer.kernels.compiling import inlined, kernel
from explorer.languages.structure import roles

(
    FUNCTIONS,
    CLASSES,
    PUBLIC,
    DOCUMENTED,
    HANDLERS,
    SPECIFIC,
    SWALLOWED,
    GUARDS,
    ACQUIRED,
    CLEANED,
    NETWORK,
    CAREFUL,
    BRANCHES,
    NESTING,
    PRINT_LINES,
    PASS_LINES,
    ASSERT_LINES,
    DEFINITION_LINES,
    IMPORT_LINES,
    ONE_LINERS,
    ASSIGNED_LINES,
    LINES,
    STALE,
    FLAGS,
    INTEGRATED,
    FOREIGN,
    MAINS,
    MACRO_LINES,
    UNFINISHED,
) = range(29)
"""Cells of a row: counts, and two sets of bits, FLAGS and INTEGRATED."""
CELLS = 29

FLAG_NAMES = (
    "happy path only",
    "query in a loop",
    "blocking call in async",
    "string-built SQL",
    "unbounded read",
    "mutable default",
)
QUERY_IN_LOOP, BLOCKING_IN_ASYNC, BUILT_SQL, UNBOUNDED_READ, MUTABLE_DEFAULT = (1 << bit for bit in range(1, 6))

KIND, INDENT, FIRST_LINE, STATEMENTS, QUIET, GUARD, RETURNS, IS_PUBLIC, IS_ASYNC, DEPTH, HIDES = range(11)
"""Cells of a block: its role, its indent or brace, the code line it begins on, its own statements, how many of them do
nothing, whether it may be a guard, how many return, the depth of brackets around it, whether it is a private class."""
BLOCK_CELLS = 11
MOST_BLOCKS = 128
"""Blocks that are followed; deeper ones are only counted, so that they can be closed."""

OPEN, LOOPS, INSIDE, CONTROLS, ASYNCS, LENGTHS, HIDDEN = range(7)
"""Cells of the state: blocks that are open, loops, functions, control blocks and async functions among them; lengths
of functions that are written down; private classes that are open."""
STATE_CELLS = 7

FIRST_STATEMENTS = 5
"""Statements of a function among which a check of its arguments stands."""


@inlined
def is_control(kind: int) -> bool:
    """Whether a block counts for how deep code is nested."""
    return roles.IF <= kind <= roles.FINALLY or kind == roles.WITH or kind == roles.BLOCK


@kernel
def open_block(stack: Any, state: Any, row: Any, kind: int, indent: int, depth: int) -> None:
    """Puts a block on the stack."""
    place = state[OPEN]
    outer = max(min(place, MOST_BLOCKS) - 1, 0)
    may_guard = (
        kind == roles.IF
        and place > 0
        and stack[outer, KIND] == roles.FUNCTION
        and stack[outer, STATEMENTS] <= FIRST_STATEMENTS
    )
    if place < MOST_BLOCKS:
        for cell in range(BLOCK_CELLS):
            stack[place, cell] = 0
        stack[place, KIND], stack[place, INDENT] = kind, indent
        stack[place, FIRST_LINE], stack[place, DEPTH] = row[LINES], depth
        stack[place, GUARD] = may_guard
    state[OPEN] += 1
    if place >= MOST_BLOCKS:
        return
    state[LOOPS] += kind == roles.LOOP
    state[INSIDE] += kind == roles.FUNCTION
    state[CONTROLS] += is_control(kind)
    row[NESTING] = max(row[NESTING], state[CONTROLS])


@kernel
def close_block(stack: Any, state: Any, row: Any, lengths: Any) -> None:
    """Takes the innermost block off the stack and counts what it was."""
    state[OPEN] -= 1
    place = state[OPEN]
    if place >= MOST_BLOCKS:
        return
    kind = stack[place, KIND]
    state[LOOPS] -= kind == roles.LOOP
    state[CONTROLS] -= is_control(kind)
    state[HIDDEN] -= stack[place, HIDES]
    if kind == roles.CATCH:
        row[SWALLOWED] += stack[place, STATEMENTS] == stack[place, QUIET]
    if kind == roles.FUNCTION:
        state[INSIDE] -= 1
        state[ASYNCS] -= stack[place, IS_ASYNC]
        row[ONE_LINERS] += stack[place, STATEMENTS] == 1 and stack[place, RETURNS] == 1
        if state[LENGTHS] < len(lengths):
            lengths[state[LENGTHS]] = row[LINES] - stack[place, FIRST_LINE] + 1
            state[LENGTHS] += 1


@kernel
def count_statement(stack: Any, state: Any, row: Any, role: int) -> None:
    """Counts a statement of the innermost block."""
    if role == roles.ASSERT and state[INSIDE]:
        row[GUARDS] += 1
    if state[OPEN] == 0 or state[OPEN] > MOST_BLOCKS:
        return
    place = state[OPEN] - 1
    stack[place, STATEMENTS] += 1
    stack[place, QUIET] += role == roles.PASS
    stack[place, RETURNS] += role == roles.RETURN
    if stack[place, GUARD] == 1 and (role == roles.RAISE or role == roles.RETURN):
        stack[place, GUARD] = 2
        row[GUARDS] += 1


@kernel
def count_branch(state: Any, row: Any, role: int) -> None:
    """Counts a statement inside a function that parts its way: `if`, `elif`, a loop, a handler, a case.

    It is a proxy of McCabe's measure, which also counts `and`, `or`, conditional expressions and comprehensions.
    """
    if state[INSIDE] and (role == roles.IF or role == roles.LOOP or role == roles.CASE or role == roles.CATCH):
        row[BRANCHES] += 1
