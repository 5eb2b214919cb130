"""Runs the signal pass on single texts, for tables of cases."""

from typing import Any

import numpy as np
import pyarrow as pa

from explorer.languages.lexing import lex_text
from explorer.languages.structure import blocks
from explorer.languages.syntaxes import rules_of
from explorer.signals.code import measure_code
from explorer.signals.passing import take_measures


def batch_of(
    *texts: str | bytes, language: str | None = "Python", path: str | None = None, **own: Any
) -> pa.RecordBatch:
    """A canonical batch of some texts in one language."""
    content = [text.encode() if isinstance(text, str) else text for text in texts]
    columns: dict[str, pa.Array] = {
        "content": pa.array(content, pa.large_binary()),
        "language": pa.array([language] * len(texts), pa.large_string()),
        "path": pa.array([path] * len(texts), pa.large_string()),
        **{name: pa.array([value] * len(texts)) for name, value in own.items()},
    }
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def signals(text: str | bytes, language: str | None = "Python", path: str | None = None, **own: Any) -> dict[str, Any]:
    """Every column of one text."""
    return measure_code(batch_of(text, language=language, path=path, **own)).to_pylist()[0]


def structure(text: str, language: str = "Python") -> dict[str, int]:
    """The counts of one text that are not zero, by their names in small letters."""
    row = take_measures(pa.array([text.encode()], pa.large_binary()), [language]).structure[0]
    names = [name for name in dir(blocks) if name.isupper() and name in _CELLS]
    return {name.lower(): int(row[getattr(blocks, name)]) for name in names if row[getattr(blocks, name)]}


_CELLS = (
    *("FUNCTIONS", "CLASSES", "PUBLIC", "DOCUMENTED", "HANDLERS", "SPECIFIC", "SWALLOWED", "GUARDS", "ACQUIRED"),
    *("CLEANED", "NETWORK", "CAREFUL", "BRANCHES", "NESTING", "PRINT_LINES", "PASS_LINES", "ASSERT_LINES"),
    *("DEFINITION_LINES", "IMPORT_LINES", "ONE_LINERS", "ASSIGNED_LINES", "LINES", "STALE", "FLAGS", "INTEGRATED"),
    *("FOREIGN", "MAINS", "MACRO_LINES", "UNFINISHED"),
)


def lexed(text: str | bytes, language: str | None) -> list[tuple[int, str]]:
    """The tokens of a text: kind and what stands there."""
    raw = text.encode() if isinstance(text, str) else text
    source = np.frombuffer(raw, np.uint8)
    room = len(source) + 1
    kinds, words = np.empty(room, np.uint8), np.empty(room, np.uint32)
    starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    count = lex_text(source, 0, len(source), rules_of(language), kinds, starts, ends, words)
    return [(int(kinds[n]), raw[starts[n] : ends[n]].decode("utf-8", "surrogateescape")) for n in range(count)]
