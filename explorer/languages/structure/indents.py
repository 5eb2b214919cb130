"""Walks code whose blocks are indented."""

from typing import Any

from explorer.kernels.bytes import count_feeds
from explorer.kernels.compiling import inlined, kernel
from explorer.languages.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, PUNCTUATION, STRING, word_hash
from explorer.languages.structure import roles
from explorer.languages.structure.blocks import (
    ASSERT_LINES,
    ASSIGNED_LINES,
    ASYNCS,
    CLASSES,
    DEFINITION_LINES,
    DOCUMENTED,
    FLAGS,
    FUNCTIONS,
    HANDLERS,
    HIDDEN,
    HIDES,
    IMPORT_LINES,
    INDENT,
    INSIDE,
    IS_ASYNC,
    IS_PUBLIC,
    LINES,
    MOST_BLOCKS,
    MUTABLE_DEFAULT,
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
from explorer.languages.structure.words import count_stale, count_word, is_mark, read_import

_COLON, _EQUALS, _BRACE, _BRACKET = ord(":"), ord("="), ord("{"), ord("[")
_UNDERSCORE = ord("_")
_ELIF, _MATCH = word_hash("elif"), word_hash("match")


@kernel
def walk_indents(  # noqa: C901 (one loop over the tokens)
    text: Any,
    start: int,
    kinds: Any,
    starts: Any,
    ends: Any,
    words: Any,
    count: int,
    meanings: Any,
    known: Any,
    standard: Any,
    stack: Any,
    state: Any,
    row: Any,
    lengths: Any,
    seen: Any,
) -> None:
    """Fills a row with what the structure of one text is, and the lengths of its functions."""
    depth, line_start, begins, printed, header = 0, 0, True, False, False
    for place in range(count):
        kind = kinds[place]
        if kind == NEWLINE:
            line_start = ends[place]
            if depth <= 0:
                begins, printed, header, depth = True, False, False, 0
            continue
        if kind == COMMENT:
            continue
        if kind == DOC:
            _take_doc(stack, state, row)
            continue
        if begins:
            begins = False
            row[LINES] += 1
            header = _begin_line(
                text, start, kinds, starts, words, place, count, starts[place] - line_start, meanings, stack,
                state, row, lengths,
            )  # fmt: skip
            if _imports(kinds, words, place, meanings):
                read_import(
                    text, start, kinds, starts, ends, words, place + 1, count, row, known, standard, True, seen,
                )  # fmt: skip
        elif kinds[place - 1] == NEWLINE:
            row[LINES] += 1
        row[LINES] += count_feeds(text, start + starts[place], start + ends[place]) if kind == STRING else 0
        if kind == IDENTIFIER:
            role = meanings[place]
            if role:
                printed = count_word(kinds, words, place, count, role, state, row, printed)
                count_stale(kinds, words, place, count, role, row)
        elif kind == PUNCTUATION:
            depth += _turn(words[place])
            if header and depth == 0 and words[place] == _COLON:
                header = False
                _inline_body(kinds, words, place + 1, count, meanings, stack, state, row)
    while state[OPEN] > 0:
        close_block(stack, state, row, lengths)


@inlined
def _turn(mark: Any) -> int:
    if mark == 40 or mark == 91 or mark == 123:
        return 1
    return -1 if mark == 41 or mark == 93 or mark == 125 else 0


@inlined
def _imports(kinds: Any, words: Any, place: int, meanings: Any) -> bool:
    return kinds[place] == IDENTIFIER and meanings[place] == roles.IMPORT


@kernel
def _take_doc(stack: Any, state: Any, row: Any) -> None:
    """Counts a documentation string that stands first in a public definition."""
    if 0 < state[OPEN] <= MOST_BLOCKS:
        place = state[OPEN] - 1
        if stack[place, STATEMENTS] == 0 and stack[place, IS_PUBLIC]:
            row[DOCUMENTED] += 1
            stack[place, IS_PUBLIC] = 0


@inlined
def _is_clause(role: int, word: Any) -> bool:
    """Whether a block goes on with the statement before it."""
    return role == roles.ELSE or role == roles.CATCH or role == roles.FINALLY or word == _ELIF


@inlined
def _begin_line(
    text: Any, start: int, kinds: Any, starts: Any, words: Any, place: int, count: int, indent: int, meanings:
    Any, stack: Any, state: Any, row: Any, lengths: Any,
) -> bool:  # fmt: skip
    """Closes the blocks that a line ends, counts its statement, opens its block; returns whether it heads one."""
    while state[OPEN] > 0 and (state[OPEN] > MOST_BLOCKS or stack[state[OPEN] - 1, INDENT] >= indent):
        row[LINES] -= 1
        close_block(stack, state, row, lengths)
        row[LINES] += 1
    if kinds[place] != IDENTIFIER:
        count_statement(stack, state, row, roles.NONE)
        return False
    role = meanings[place]
    is_async = role == roles.ASYNC and place + 1 < count
    if is_async:
        place += 1
        role = meanings[place]
    if not _is_clause(role, words[place]):
        count_statement(stack, state, row, role)
    _count_line(kinds, words, place, count, role, row)
    if not _heads(kinds, words, place, count, role):
        return False
    count_branch(state, row, roles.NONE if words[place] == _MATCH else role)
    open_block(stack, state, row, role, indent, 0)
    if role == roles.CATCH:
        _take_handler(kinds, words, place + 1, count, meanings, row)
    if role == roles.FUNCTION or role == roles.CLASS:
        _define(text, start, kinds, starts, words, place + 1, count, role, is_async, stack, state, row)
    return True


@inlined
def _count_line(kinds: Any, words: Any, place: int, count: int, role: int, row: Any) -> None:
    row[IMPORT_LINES] += role == roles.IMPORT
    row[ASSERT_LINES] += role == roles.ASSERT
    row[PASS_LINES] += role == roles.PASS
    row[DEFINITION_LINES] += role == roles.FUNCTION
    row[ASSIGNED_LINES] += (
        (role == roles.NONE or role == roles.CASE)
        and is_mark(kinds, words, place + 1, count, _EQUALS)
        and not is_mark(kinds, words, place + 2, count, _EQUALS)
    )


@inlined
def _heads(kinds: Any, words: Any, place: int, count: int, role: int) -> bool:
    """Whether a word opens a block; `match` and `case` may also be names."""
    if role == roles.CASE:
        return not (place + 1 < count and kinds[place + 1] == PUNCTUATION and words[place + 1] in (61, 46, 44, 41, 58))
    return (
        role == roles.FUNCTION
        or role == roles.CLASS
        or roles.IF <= role <= roles.LOOP
        or roles.TRY <= role <= roles.FINALLY
        or role == roles.WITH
    )


@inlined
def _take_handler(kinds: Any, words: Any, place: int, count: int, meanings: Any, row: Any) -> None:
    """Counts a handler, and whether it names what it catches."""
    row[HANDLERS] += 1
    named, broad = False, False
    while place < count and kinds[place] != NEWLINE and words[place] != _COLON:
        if kinds[place] == IDENTIFIER:
            role = meanings[place]
            broad |= role == roles.BROAD
            named = True
        place += 1
    row[SPECIFIC] += named and not broad


@kernel
def _define(
    text: Any, start: int, kinds: Any, starts: Any, words: Any, place: int, count: int, role: int, is_async: bool,
    stack: Any, state: Any, row: Any,
) -> None:  # fmt: skip
    """Counts a function or class; public is one without an underscore, but inside functions and private classes."""
    is_function = role == roles.FUNCTION
    row[FUNCTIONS] += is_function
    row[CLASSES] += not is_function
    is_public = (
        place < count
        and kinds[place] == IDENTIFIER
        and text[start + starts[place]] != _UNDERSCORE
        and state[INSIDE] == is_function
        and state[HIDDEN] == 0
    )
    row[PUBLIC] += is_public
    if state[OPEN] <= MOST_BLOCKS:
        block = state[OPEN] - 1
        hides = not is_function and not is_public
        stack[block, IS_PUBLIC], stack[block, IS_ASYNC], stack[block, HIDES] = is_public, is_async, hides
        state[HIDDEN] += hides
    state[ASYNCS] += is_async and state[OPEN] <= MOST_BLOCKS
    if is_function and _has_mutable_default(kinds, words, place, count):
        row[FLAGS] |= MUTABLE_DEFAULT


@kernel
def _has_mutable_default(kinds: Any, words: Any, place: int, count: int) -> bool:
    """Whether a list or a mapping is the default of an argument."""
    depth = 0
    while place + 1 < count:
        if kinds[place] == PUNCTUATION:
            depth += _turn(words[place])
            if depth <= 0:
                return False
            if (
                depth == 1
                and words[place] == _EQUALS
                and kinds[place + 1] == PUNCTUATION
                and (words[place + 1] == _BRACE or words[place + 1] == _BRACKET)
            ):
                return True
        place += 1
    return False


@inlined
def _inline_body(
    kinds: Any, words: Any, place: int, count: int, meanings: Any, stack: Any, state: Any, row: Any
) -> None:
    """Counts a statement that stands in the line of its block's head."""
    if place < count and kinds[place] != NEWLINE and kinds[place] != COMMENT:
        role = meanings[place] if kinds[place] == IDENTIFIER else roles.NONE
        count_statement(stack, state, row, roles.PASS if _is_dots(kinds, words, place, count) else role)


@inlined
def _is_dots(kinds: Any, words: Any, place: int, count: int) -> bool:
    return is_mark(kinds, words, place, count, 46) and is_mark(kinds, words, place + 1, count, 46)
