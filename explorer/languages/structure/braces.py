"""Walks code whose blocks stand in braces."""

from typing import Any

from explorer.kernels.compiling import inlined, kernel
from explorer.languages.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, PUNCTUATION, STRING, word_hash
from explorer.languages.structure import roles
from explorer.languages.structure.blocks import (
    ASSERT_LINES,
    ASSIGNED_LINES,
    ASYNCS,
    CLASSES,
    DEFINITION_LINES,
    DEPTH,
    DOCUMENTED,
    FIRST_STATEMENTS,
    FUNCTIONS,
    GUARDS,
    HANDLERS,
    IMPORT_LINES,
    IS_ASYNC,
    KIND,
    LINES,
    MACRO_LINES,
    MAINS,
    MOST_BLOCKS,
    OPEN,
    PASS_LINES,
    PUBLIC,
    SPECIFIC,
    STATEMENTS,
    close_block,
    count_branch,
    count_statement,
    open_block,
)
from explorer.languages.structure.words import count_question, count_word, is_mark, read_import

(
    FIRST_ROLE,
    HEAD_ROLE,
    CALLED,
    ASSIGNED,
    ARROW,
    OPENED_PUBLIC,
    OPENED_PRIVATE,
    IS_ASYNC_HEAD,
    TYPES,
    BROAD_TYPES,
    NIL,
    NAMED_UPPER,
    DOCUMENTED_HEAD,
    TOKENS,
    GUARDED,
    NAME,
) = range(16)
"""What is known of the statement that is being read: its first role, the role that its brace would open, whether a name
was called, something assigned, an arrow just passed, words of access, what a handler names, whether documentation
stands above it, and how many tokens it has."""
HEAD_CELLS = 16

_OPEN, _CLOSE, _BRACE, _UNBRACE, _END, _EQUALS, _MORE, _HASH = (ord(mark) for mark in "(){};=>#")
_BRACKET, _UNBRACKET, _NOT = ord("["), ord("]"), ord("!")
_NIL, _MAIN = word_hash("nil"), word_hash("main")


@kernel
def walk_braces(  # noqa: C901 (one loop over the tokens)
    text: Any,
    start: int,
    kinds: Any,
    starts: Any,
    ends: Any,
    words: Any,
    count: int,
    shape: int,
    meanings: Any,
    known: Any,
    standard: Any,
    stack: Any,
    state: Any,
    head: Any,
    row: Any,
    lengths: Any,
    seen: Any,
) -> None:
    """Fills a row with what the structure of one text is, and the lengths of its functions."""
    head[:] = 0
    depth, is_line_new, printed, in_macro, documented = 0, True, False, False, False
    for place in range(count):
        kind = kinds[place]
        if kind == NEWLINE:
            is_line_new, printed = True, False
            in_macro = in_macro and _continues(text, start, starts, place)
            if shape & roles.NEWLINE_ENDS and depth <= 0 and not _brace_follows(kinds, words, place, count):
                head[:] = 0
            continue
        if kind in (COMMENT, DOC):
            documented = True
            continue
        if in_macro:
            continue
        if is_line_new:
            is_line_new = False
            row[LINES] += 1
            in_macro = _begin_line(
                text, start, kinds, starts, ends, words, place, count, shape, meanings, known, standard, row,
                seen,
            )  # fmt: skip
            if in_macro:
                continue
        if head[TOKENS] == 0:
            head[DOCUMENTED_HEAD] = documented
            documented = False
        head[TOKENS] += 1
        if kind == IDENTIFIER:
            role = meanings[place]
            if role:
                printed = count_word(kinds, words, place, count, role, state, row, printed)
            _take_word(text, start, kinds, starts, words, place, count, shape, role, depth, head, stack, state, row)
        elif kind == STRING:
            for at in range(start + starts[place], start + ends[place]):
                row[LINES] += text[at] == 10
        elif kind == PUNCTUATION:
            depth = _take_mark(kinds, words, place, count, shape, depth, head, stack, state, row, lengths)
    while state[OPEN] > 0:
        close_block(stack, state, row, lengths)


@inlined
def _continues(text: Any, start: int, starts: Any, place: int) -> bool:
    """Whether a backslash takes a macro on to the next line."""
    at = start + starts[place] - 1
    if at >= start and text[at] == 13:
        at -= 1
    return at >= start and text[at] == 92


@inlined
def _brace_follows(kinds: Any, words: Any, place: int, count: int) -> bool:
    while place < count and kinds[place] == NEWLINE:
        place += 1
    return place < count and kinds[place] == PUNCTUATION and words[place] == _BRACE


@kernel
def _begin_line(
    text: Any, start: int, kinds: Any, starts: Any, ends: Any, words: Any, place: int, count: int, shape: int,
    meanings: Any, known: Any, standard: Any, row: Any, seen: Any,
) -> bool:  # fmt: skip
    """Counts what a line of code is by its first word; returns whether it is a macro."""
    if shape & roles.MACROS and words[place] == _HASH and kinds[place] == PUNCTUATION:
        row[MACRO_LINES] += 1
        if place + 1 < count and meanings[place + 1] == roles.INCLUDE:
            row[IMPORT_LINES] += 1
        return True
    if kinds[place] != IDENTIFIER:
        return False
    role = meanings[place]
    row[ASSERT_LINES] += role == roles.ASSERT
    row[PASS_LINES] += role == roles.PASS
    row[ASSIGNED_LINES] += role == roles.NONE and _assigns(kinds, words, place + 1, count)
    if role == roles.IMPORT:
        row[IMPORT_LINES] += 1
        read_import(
            text,
            start,
            kinds,
            starts,
            ends,
            words,
            place + 1,
            count,
            row,
            known,
            standard,
            False,
            seen,
        )
    return False


@inlined
def _assigns(kinds: Any, words: Any, place: int, count: int) -> bool:
    is_equal = is_mark(kinds, words, place + 1, count, _EQUALS) or is_mark(kinds, words, place + 1, count, _MORE)
    return is_mark(kinds, words, place, count, _EQUALS) and not is_equal


@inlined
def _take_word(
    text: Any, start: int, kinds: Any, starts: Any, words: Any, place: int, count: int, shape: int, role: int,
    depth: int, head: Any, stack: Any, state: Any, row: Any,
) -> None:  # fmt: skip
    """Notes what a word says of the statement it stands in."""
    if head[TOKENS] == 1:
        head[FIRST_ROLE] = role
    count_branch(state, row, role)
    _take_role(role, head)
    if head[HEAD_ROLE] == roles.CATCH and role != roles.CATCH:
        head[TYPES] += role == roles.NONE
        head[BROAD_TYPES] += role == roles.BROAD
    if words[place] == _NIL and shape & roles.ERR_NIL and is_mark(kinds, words, place - 1, count, _EQUALS):
        head[NIL] += is_mark(kinds, words, place - 2, count, _NOT)
    is_plain = role == roles.NONE or role >= roles.ACQUIRE
    if is_plain and depth <= 0 and head[CALLED] == 0 and is_mark(kinds, words, place + 1, count, _OPEN):
        head[CALLED] = 1
        head[NAME] = words[place]
        head[NAMED_UPPER] = 65 <= text[start + starts[place]] <= 90
    if (role == roles.RAISE or role == roles.RETURN) and head[HEAD_ROLE] == roles.IF and not head[GUARDED]:
        head[GUARDED] = 1
        _guard_in_line(stack, state, row)


@inlined
def _take_role(role: int, head: Any) -> None:
    head[OPENED_PUBLIC] |= role == roles.PUBLIC
    head[OPENED_PRIVATE] |= role == roles.PRIVATE
    head[IS_ASYNC_HEAD] |= role == roles.ASYNC
    heads = roles.FUNCTION <= role <= roles.FINALLY or role == roles.WITH or role == roles.BLOCK
    if heads and (head[HEAD_ROLE] == 0 or (head[HEAD_ROLE] == roles.ELSE and role == roles.IF)):
        head[HEAD_ROLE] = role


@inlined
def _guard_in_line(stack: Any, state: Any, row: Any) -> None:
    """Counts a check whose way out stands in its own statement, without braces."""
    if 0 < state[OPEN] <= MOST_BLOCKS:
        place = state[OPEN] - 1
        row[GUARDS] += stack[place, KIND] == roles.FUNCTION and stack[place, STATEMENTS] < FIRST_STATEMENTS


@inlined
def _take_mark(
    kinds: Any, words: Any, place: int, count: int, shape: int, depth: int, head: Any, stack: Any, state: Any,
    row: Any, lengths: Any,
) -> int:  # fmt: skip
    """Follows brackets and braces, and ends statements; returns the depth of brackets."""
    mark = words[place]
    if mark == _BRACE:
        _open_brace(kinds, words, place, count, shape, depth, head, stack, state, row)
        head[:] = 0
        return 0
    if mark == _UNBRACE:
        return _close_brace(depth, head, stack, state, row, lengths)
    if mark in (_OPEN, _BRACKET):
        return depth + 1
    if mark in (_CLOSE, _UNBRACKET):
        return max(depth - 1, 0)
    if mark == _END and depth == 0 and not (shape & roles.ERR_NIL and _heads_with_statement(head[HEAD_ROLE])):
        count_statement(stack, state, row, head[FIRST_ROLE])
        head[:] = 0
    elif mark == _EQUALS:
        head[ASSIGNED] |= depth == 0 and not is_mark(kinds, words, place + 1, count, _MORE)
    elif shape & roles.QUESTION:
        count_question(kinds, words, place, count, row)
    return depth


@inlined
def _heads_with_statement(role: int) -> bool:
    """Whether the head of a block may hold a statement of its own, as Go's `if err := f(); err != nil`."""
    return role == roles.IF or role == roles.LOOP or role == roles.BLOCK


@kernel
def _open_brace(
    kinds: Any, words: Any, place: int, count: int, shape: int, depth: int, head: Any, stack: Any, state: Any, row: Any
) -> None:
    """Opens the block that the statement before the brace heads."""
    kind = _kind_of(kinds, words, place, count, shape, head, stack, state)
    is_clause = kind == roles.ELSE or kind == roles.CATCH or kind == roles.FINALLY
    if not is_clause:
        count_statement(stack, state, row, head[FIRST_ROLE])
    handles = kind == roles.IF and head[NIL]
    open_block(stack, state, row, roles.CATCH if handles else kind, 0, depth)
    if kind == roles.CATCH or handles:
        row[HANDLERS] += 1
        row[SPECIFIC] += head[TYPES] > 0 and head[BROAD_TYPES] == 0
    if kind == roles.FUNCTION or kind == roles.CLASS:
        _define(kind, shape, head, stack, state, row)


@kernel
def _kind_of(kinds: Any, words: Any, place: int, count: int, shape: int, head: Any, stack: Any, state: Any) -> int:
    """Tells what a brace opens: what its statement says, or a function where a name with brackets stands before it."""
    role = head[HEAD_ROLE]
    has_arrow = is_mark(kinds, words, place - 1, count, _MORE) and is_mark(kinds, words, place - 2, count, _EQUALS)
    if has_arrow:
        return roles.FUNCTION
    defines = shape & roles.CALL_DEFINES and head[CALLED] and not head[ASSIGNED]
    outer = stack[min(state[OPEN], MOST_BLOCKS) - 1, KIND] if state[OPEN] > 0 else roles.CLASS
    is_outside = outer == roles.CLASS or outer == roles.NONE
    if role == roles.CLASS:
        return roles.FUNCTION if defines and shape & roles.MACROS and is_outside else roles.CLASS
    if role != roles.NONE:
        return int(role)
    return roles.FUNCTION if defines and is_outside else roles.NONE


@kernel
def _define(kind: int, shape: int, head: Any, stack: Any, state: Any, row: Any) -> None:
    """Counts a function or class, whether it is public, and whether documentation stands above it."""
    is_function = kind == roles.FUNCTION
    row[FUNCTIONS] += is_function
    row[DEFINITION_LINES] += is_function
    row[CLASSES] += not is_function
    row[MAINS] += is_function and head[NAME] == _MAIN
    is_named = head[CALLED] or not is_function
    is_public = head[OPENED_PUBLIC] or (shape & roles.IMPLIED_PUBLIC and is_named and not head[OPENED_PRIVATE])
    if shape & roles.UPPER_PUBLIC:
        is_public = head[NAMED_UPPER]
    row[PUBLIC] += is_public != 0
    row[DOCUMENTED] += is_public != 0 and head[DOCUMENTED_HEAD]
    if is_function and head[IS_ASYNC_HEAD] and state[OPEN] <= MOST_BLOCKS:
        stack[state[OPEN] - 1, IS_ASYNC] = 1
        state[ASYNCS] += 1


@kernel
def _close_brace(depth: int, head: Any, stack: Any, state: Any, row: Any, lengths: Any) -> int:
    """Ends the last statement of a block and the block; returns the depth of brackets around it."""
    if head[TOKENS] > 1:
        count_statement(stack, state, row, head[FIRST_ROLE])
    head[:] = 0
    if state[OPEN] == 0:
        return depth
    outer = stack[state[OPEN] - 1, DEPTH] if state[OPEN] <= MOST_BLOCKS else 0
    close_block(stack, state, row, lengths)
    return int(outer)
