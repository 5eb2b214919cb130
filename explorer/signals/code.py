"""Every signal of the code of a sample, as columns; what cannot be known of a sample is null, never zero."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from explorer.languages.structure import blocks, roles
from explorer.signals import encoded, gating
from explorer.signals import line_measures as lines
from explorer.signals import token_measures as tokens
from explorer.signals.generated import is_vendored
from explorer.signals.parsing import parse_verdicts
from explorer.signals.passing import Measured, take_measures
from explorer.signals.provenance import tell_provenance
from explorer.signals.soft_rules import firing_rules

Floats = npt.NDArray[np.float64]
Columns = dict[str, Any]

LEAST_LINES = 20
"""Lines of code below which nothing is said of how errors are handled."""
WHOLE = frozenset(("nesting_depth", "functions", "classes", "third_party_imports"))
"""Counts that may be null."""
PROSE = frozenset((None, "HTML", "Markdown", "TeX", "Text", "XML", "reStructuredText"))
"""Languages in which brackets need no partners."""
MOST_ERRORS = 0.2
"""Share of brackets without a partner from which on nothing is left of the parse score."""


def measure_code(batch: pa.RecordBatch, *, parse: bool = True) -> pa.RecordBatch:
    """Returns the signals of `content` (large_binary), by `language` and `path`; `parse` says whether Python is parsed.

    Shares are float32 from 0 to 1; counts are int32; `flags`, `soft_rules`, `text_gates` and `integrations` are lists.
    """
    content = batch.column("content")
    languages = _texts(batch, "language")
    paths = _texts(batch, "path")
    measured = take_measures(content, languages)
    found: Columns = {
        **_line_columns(measured),
        **_encoded_columns(content, measured),
        **_token_columns(content, measured),
        **_structure_columns(measured),
    }
    found["bytes"] = _sizes(content)
    found["parse_score"] = _parse_scores(content, languages, measured, parse)
    columns = {name: _column(values, is_whole=name in WHOLE) for name, values in found.items()}
    columns["flags"] = pa.array(list(_flags(measured)), pa.list_(pa.string()))
    columns["integrations"] = pa.array(list(_integrations(measured)), pa.list_(pa.string()))
    columns["vendored"] = pa.array([is_vendored(path) if path else None for path in paths], pa.bool_())
    columns["soft_rules"] = pa.array(firing_rules(languages, paths, measured, found), pa.list_(pa.string()))
    columns["text_gates"] = pa.array(gating.gates_of(content, languages, paths, measured, found), pa.list_(pa.string()))
    columns |= tell_provenance(batch)
    del columns["bytes"]
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def _texts(batch: pa.RecordBatch, name: str) -> list[str | None]:
    return batch.column(name).to_pylist() if name in batch.schema.names else [None] * batch.num_rows


def _column(values: Any, *, is_whole: bool) -> pa.Array:
    if np.issubdtype(values.dtype, np.integer):
        return pa.array(np.minimum(values, 2**31 - 1).astype(np.int32))
    if is_whole:
        known = np.isfinite(values)
        return pa.array(np.where(known, values, 0).astype(np.int32), mask=~known)
    return pa.array(values.astype(np.float32), mask=~np.isfinite(values))


def ratio(part: Any, whole: Any) -> Floats:
    """Divides, NaN where there is nothing to divide by."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=np.asarray(whole) > 0)


def _line_columns(measured: Measured) -> Columns:
    cells = measured.lines
    return {
        "mean_line_length": ratio(cells[:, lines.CHARACTERS], cells[:, lines.LINES]),
        "max_line_length": cells[:, lines.MAX_LINE],
        "alphabetic_share": ratio(cells[:, lines.ALPHABETIC], cells[:, lines.VISIBLE]),
        "duplicate_line_share": ratio(cells[:, lines.REPEATED], cells[:, lines.COUNTED]),
        **{
            name: np.where(cells[:, lines.WORDS] > 0, measured.shares[:, place], np.nan)
            for place, name in enumerate(("top_bigram_share", "top_trigram_share", "top_fourgram_share"))
        },
    }


def _encoded_columns(content: pa.LargeBinaryArray, measured: Measured) -> Columns:
    cells = measured.encoded
    return {
        "encoded_share": np.minimum(ratio(cells[:, encoded.BYTES], _sizes(content)), 1.0),
        "encoded_run": cells[:, encoded.LONGEST],
    }


def _sizes(content: pa.LargeBinaryArray) -> Any:
    return np.diff(np.frombuffer(content.buffers()[1], np.int64, len(content) + 1, content.offset * 8))


def _token_columns(content: pa.LargeBinaryArray, measured: Measured) -> Columns:
    cells = measured.tokens
    return {
        "comment_share": ratio(cells[:, tokens.COMMENT_BYTES], _sizes(content) - cells[:, tokens.HEADER_BYTES]),
        "reasoned_comment_share": ratio(cells[:, tokens.REASONED_LINES], cells[:, tokens.COMMENT_LINES]),
        "subwords_per_identifier": ratio(cells[:, tokens.SUBWORDS], cells[:, tokens.NAMES]),
        "code_lines": cells[:, tokens.CODE_LINES],
    }


def _structure_columns(measured: Measured) -> Columns:
    cells, is_known = measured.structure, measured.shapes > 0
    code_lines = measured.tokens[:, tokens.CODE_LINES].astype(np.float64)
    is_long = is_known & (code_lines >= LEAST_LINES) & (cells[:, blocks.FUNCTIONS] > 0)
    handlers = np.where(is_long, cells[:, blocks.HANDLERS], 0)
    is_typed = (measured.shapes & roles.TYPED) > 0
    has_handlers = measured.shapes & (roles.TYPED | roles.ERR_NIL | roles.QUESTION | roles.NEWLINE_ENDS) > 0
    has_bodies = has_handlers & ((measured.shapes & roles.QUESTION) == 0)
    functions = cells[:, blocks.FUNCTIONS]

    def known(values: Any, condition: Any = True) -> Floats:
        return np.where(is_known & condition, values, np.nan)

    return {
        "documented_share": known(np.minimum(ratio(cells[:, blocks.DOCUMENTED], cells[:, blocks.PUBLIC]), 1.0)),
        "handlers_per_100": known(ratio(100 * cells[:, blocks.HANDLERS], code_lines), is_long & has_handlers),
        "specific_handler_share": known(ratio(cells[:, blocks.SPECIFIC], handlers), is_typed),
        "handled_share": known(1 - ratio(cells[:, blocks.SWALLOWED], handlers), has_bodies),
        "guards_per_function": known(ratio(cells[:, blocks.GUARDS], functions), is_long),
        "cleanup_share": known(np.minimum(ratio(cells[:, blocks.CLEANED], cells[:, blocks.ACQUIRED]), 1.0), is_long),
        "network_care_share": known(
            np.minimum(ratio(cells[:, blocks.CAREFUL], cells[:, blocks.NETWORK]), 1.0), is_long
        ),
        "function_length_p90": known(measured.length_p90),
        "nesting_depth": known(cells[:, blocks.NESTING].astype(np.float64)),
        "branches_per_function": known(ratio(cells[:, blocks.BRANCHES], functions) + 1),
        "no_logic_share": known(np.minimum(ratio(_without_logic(cells), code_lines), 1.0)),
        "print_line_share": known(np.minimum(ratio(cells[:, blocks.PRINT_LINES], code_lines), 1.0)),
        "placeholder_share": known(np.minimum(ratio(_placeholders(measured), _all_lines(measured)), 1.0)),
        "functions": known(functions.astype(np.float64)),
        "classes": known(cells[:, blocks.CLASSES].astype(np.float64)),
        "stale_density": known(100 * ratio(cells[:, blocks.STALE], code_lines)),
        "third_party_imports": known(cells[:, blocks.FOREIGN].astype(np.float64), ~_is_macro(measured)),
    }


def _is_macro(measured: Measured) -> Any:
    return (measured.shapes & roles.MACROS) > 0


def _without_logic(cells: Any) -> Any:
    """Lines that only define, import, return at once or assign (OpenCoder)."""
    names = (blocks.DEFINITION_LINES, blocks.IMPORT_LINES, blocks.CLASSES, blocks.ONE_LINERS, blocks.ASSIGNED_LINES)
    return sum(cells[:, name] for name in names)


def _placeholders(measured: Measured) -> Any:
    cells = measured.structure
    return (
        measured.tokens[:, tokens.UNFINISHED_LINES] + cells[:, blocks.PASS_LINES] + cells[:, blocks.UNFINISHED]
    ).astype(np.float64)


def _all_lines(measured: Measured) -> Any:
    return measured.tokens[:, tokens.CODE_LINES] + measured.tokens[:, tokens.COMMENT_LINES]


def _parse_scores(
    content: pa.LargeBinaryArray, languages: Sequence[str | None], measured: Measured, parse: bool
) -> Floats:
    cells = measured.tokens
    errors = ratio(cells[:, tokens.UNBALANCED], cells[:, tokens.BRACKETS])
    scores = np.maximum(1 - errors / MOST_ERRORS, 0.0)
    scores[np.isnan(errors)] = np.where(cells[np.isnan(errors), tokens.CODE_LINES] > 0, 1.0, np.nan)
    scores[[language in PROSE for language in languages]] = np.nan
    python = [number for number, language in enumerate(languages) if language == "Python"]
    scores[python] = np.array(parse_verdicts(content, python), np.float64) if parse else np.nan
    return scores


def _flags(measured: Measured) -> Iterator[list[str] | None]:
    for cells, shape in zip(measured.structure, measured.shapes, strict=True):
        if not shape:
            yield None
            continue
        bits = int(cells[blocks.FLAGS])
        touches_outside = cells[blocks.ACQUIRED] or cells[blocks.NETWORK]
        is_happy = (
            cells[blocks.FUNCTIONS] and touches_outside and not cells[blocks.HANDLERS] and not cells[blocks.GUARDS]
        )
        yield [name for place, name in enumerate(blocks.FLAG_NAMES) if (bits >> place) & 1 or (place == 0 and is_happy)]


def _integrations(measured: Measured) -> Iterator[list[str] | None]:
    for cells, shape in zip(measured.structure, measured.shapes, strict=True):
        bits = int(cells[blocks.INTEGRATED])
        yield [name for place, name in enumerate(roles.INTEGRATIONS) if (bits >> place) & 1] if shape else None
