"""The code of a text alone: what comments and strings say is blanked out."""

import numpy as np

from explorer.signals.lexing import COMMENT, DOC, STRING, lex_text
from explorer.signals.syntaxes import rules_of

_BLANK = ord(" ")
KEPT = 2
"""Bytes of a string that stay: its prefix and quote."""


def code_only(text: bytes, language: str | None) -> bytes:
    """Returns a text of the same length in which comments and the insides of strings are blanks, line feeds kept."""
    source = np.frombuffer(text, np.uint8)
    room = len(source) + 1
    kinds, words = np.empty(room, np.uint8), np.empty(room, np.uint32)
    starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    count = lex_text(source, 0, len(source), rules_of(language), kinds, starts, ends, words)
    kept = source.copy()
    for place in np.flatnonzero(np.isin(kinds[:count], (COMMENT, DOC, STRING))):
        begin = starts[place] + (KEPT if kinds[place] == STRING else 0)
        inside = kept[begin : max(ends[place] - (kinds[place] == STRING), begin)]
        inside[inside != ord("\n")] = _BLANK
    return kept.tobytes()
