"""The one compiled pass over a batch: each text is cut into tokens once, and every measure is taken of them."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.kernels.buffers import buffers
from explorer.kernels.compiling import kernel
from explorer.kernels.sets import emptied, room_for
from explorer.languages.lexing import lex_text
from explorer.languages.structure import blocks, braces, roles
from explorer.languages.structure.indents import walk_indents
from explorer.languages.structure.words import MOST_MODULES, mark_roles
from explorer.languages.syntaxes import rules_of
from explorer.signals import encoded, word_runs
from explorer.signals import line_measures as lines
from explorer.signals import token_measures as tokens


class Measured(NamedTuple):
    """What the pass counted, one row a text; the cells are those of the modules."""

    lines: npt.NDArray[np.int64]
    tokens: npt.NDArray[np.int64]
    encoded: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]
    """Of the most frequent runs of 2, 3 and 4 words, and of repeated runs of 5."""
    structure: npt.NDArray[np.int64]
    length_p90: npt.NDArray[np.float64]
    """90th percentile of the lengths of functions in lines of code; NaN without any."""
    shapes: npt.NDArray[np.int64]
    """What the structure of each text's language is like; 0 where it is not measured."""


def take_measures(content: pa.LargeBinaryArray, languages: list[str | None]) -> Measured:
    """Measures all texts of a column, each by its language."""
    text, offsets = buffers(content)
    count = len(content)
    measured = Measured(
        lines=np.zeros((count, lines.CELLS), np.int64),
        tokens=np.zeros((count, tokens.CELLS), np.int64),
        encoded=np.zeros((count, encoded.CELLS), np.int64),
        shares=np.zeros((count, word_runs.SHARES)),
        structure=np.zeros((count, blocks.CELLS), np.int64),
        length_p90=np.full(count, np.nan),
        shapes=np.zeros(count, np.int64),
    )
    scratch = _Scratch(int(np.diff(offsets).max(initial=0)))
    order = np.array([hash(language) for language in languages], np.int64)
    for value in dict.fromkeys(languages):
        chosen = np.flatnonzero(order == hash(value)).astype(np.int64)
        measured.shapes[chosen] = roles.shape_of(value)
        _measure(
            text, offsets, chosen, rules_of(value), roles.shape_of(value), *roles.roles_of(value),
            roles.integration_words(), roles.standard_modules(), tokens.PHRASES, tokens.FIRST_ROWS, lines.COUNTS,
            encoded.BITS, *scratch.tokens, *scratch.words, *scratch.blocks, scratch.seen, *measured[:-1],
        )  # fmt: skip
    return measured


class _Scratch:
    """Room for whatever is kept of one text at a time."""

    def __init__(self, widest: int) -> None:
        room = widest + 1
        self.tokens = (
            np.empty(room, np.uint8),
            np.empty(room, np.int32),
            np.empty(room, np.int32),
            np.empty(room, np.uint32),
            np.empty(room, np.uint8),
        )
        self.words = (
            np.empty(room, np.uint64),
            np.empty(room, np.uint64),
            np.empty(room, np.int32),
            np.empty(room, np.int32),
            np.empty(room, np.int32),
        )
        self.blocks = (
            np.zeros((blocks.MOST_BLOCKS, blocks.BLOCK_CELLS), np.int64),
            np.zeros(blocks.STATE_CELLS, np.int64),
            np.zeros(braces.HEAD_CELLS, np.int64),
            np.zeros(room // 4 + 16, np.int64),
        )
        self.seen = room_for(room)


@kernel
def _measure(
    text: Any, offsets: Any, chosen: Any, rules: Any, shape: int, word_slots: Any, table: Any, factor: int, known: Any,
    standard: Any, phrases: Any, first_rows: Any, added: Any, encoded_bits: Any, kinds: Any, starts: Any,
    ends: Any, words: Any, meanings: Any, hashes: Any, runs: Any, edges: Any, places: Any, slots: Any, stack: Any,
    state: Any, head: Any, lengths: Any, seen: Any, lined: Any, cut: Any, coded: Any, shares: Any, walked: Any,
    length_p90: Any,
) -> None:  # fmt: skip
    """Fills the rows of some texts of one language."""
    for number in chosen:
        start, end = offsets[number], offsets[number + 1]
        lines.measure_lines(text, start, end, added, lined[number], hashes, places, slots, seen)
        word_runs.measure_words(
            text, start, end, lined[number], shares[number], hashes, runs, edges, places, slots, seen
        )
        encoded.measure_encoded(text, start, end, encoded_bits, coded[number])
        count = lex_text(text, start, end, rules, kinds, starts, ends, words)
        names = mark_roles(kinds, words, count, word_slots, table, factor, meanings)
        tokens.measure_tokens(
            text, start, kinds, starts, ends, words, meanings, count, names, cut[number], phrases, first_rows, seen
        )
        state[:] = 0
        emptied(seen, MOST_MODULES)
        if shape & roles.INDENTS:
            walk_indents(
                text, start, kinds, starts, ends, words, count, meanings, known, standard, stack, state,
                walked[number], lengths, seen,
            )  # fmt: skip
        elif shape:
            braces.walk_braces(
                text, start, kinds, starts, ends, words, count, shape, meanings, known, standard, stack, state, head,
                walked[number], lengths, seen,
            )  # fmt: skip
        length_p90[number] = _p90(lengths, state[blocks.LENGTHS])


@kernel
def _p90(lengths: Any, count: int) -> float:
    """The 90th percentile by the nearest rank, of lengths that are put in order where they stand."""
    if not count:
        return np.nan
    gap = 1
    while 3 * gap < count:
        gap = 3 * gap + 1
    while gap:
        for place in range(gap, count):
            value, at = lengths[place], place
            while at >= gap and lengths[at - gap] > value:
                lengths[at] = lengths[at - gap]
                at -= gap
            lengths[at] = value
        gap //= 3
    return float(lengths[min(count - 1, int(np.ceil(0.9 * count)) - 1)])
