"""OpenCoder's drop conditions as flags beside the score: each fires on the value that its name states."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from explorer.languages.structure import blocks
from explorer.signals import line_measures as lines
from explorer.signals import token_measures as tokens
from explorer.signals.passing import Measured

Columns = Mapping[str, Any]
Condition = Callable[[Measured, Columns], Any]


class SoftRule(NamedTuple):
    """A condition under which OpenCoder's pipeline drops a file, for all languages or some."""

    name: str
    fires: Condition
    languages: tuple[str, ...] = ()


def _line(cell: int) -> Callable[[Measured], Any]:
    return lambda measured: measured.lines[:, cell].astype(np.float64)


def _share(part: Any, whole: Any) -> Any:
    return np.divide(part, whole, out=np.zeros(len(part)), where=np.asarray(whole) > 0)


def _of_characters(cell: int) -> Callable[[Measured], Any]:
    """A share of all characters, line feeds among them."""
    return lambda measured: _share(
        measured.lines[:, cell], measured.lines[:, lines.VISIBLE] + measured.lines[:, lines.BLANKS]
    )


def _of_code(cell: int) -> Callable[[Measured], Any]:
    """A share of the lines of code."""
    return lambda measured: _share(measured.structure[:, cell], measured.tokens[:, tokens.CODE_LINES])


def _of_string_words(cell: int) -> Callable[[Measured], Any]:
    return lambda measured: _share(measured.tokens[:, cell], measured.tokens[:, tokens.STRING_WORDS])


def _word_length(measured: Measured) -> Any:
    return _share(measured.lines[:, lines.WORD_CHARACTERS], measured.lines[:, lines.WORDS])


def _are_short(measured: Measured) -> Any:
    return (measured.lines[:, lines.WORDS] > 0) & (_word_length(measured) < 2)


def _strings(measured: Measured, columns: Columns) -> Any:
    """Strings among what is no comment."""
    cells = measured.tokens
    code = columns["bytes"] - cells[:, tokens.COMMENT_BYTES] - cells[:, tokens.HEADER_BYTES]
    return _share(cells[:, tokens.STRING_BYTES], code)


def _unfinished(measured: Measured, columns: Columns) -> Any:
    cells = measured.tokens
    return _share(cells[:, tokens.UNFINISHED_LINES], cells[:, tokens.CODE_LINES] + cells[:, tokens.COMMENT_LINES])


def _above(value: Callable[[Measured], Any], limit: float) -> Condition:
    return lambda measured, columns: value(measured) > limit


def _below(value: Callable[[Measured], Any], limit: float) -> Condition:
    return lambda measured, columns: value(measured) < limit


def _column_above(name: str, limit: float) -> Condition:
    return lambda measured, columns: np.nan_to_num(np.asarray(columns[name], np.float64), nan=-1.0) > limit


def _has_no_variable(measured: Measured, columns: Columns) -> Any:
    return (measured.structure[:, blocks.ASSIGNED_LINES] == 0) & (measured.tokens[:, tokens.CODE_LINES] > 0)


PYTHON, C_LIKE = ("Python",), ("C", "C++")

SOFT_RULES = (
    SoftRule("words < 30", _below(_line(lines.WORDS), 30)),
    SoftRule("characters < 50", lambda measured, columns: columns["characters"] < 50),
    SoftRule("mean word length < 2", lambda measured, columns: _are_short(measured)),
    SoftRule("mean word length > 10", _above(_word_length, 10)),
    SoftRule("top 2-gram > .20", lambda measured, columns: measured.shares[:, 0] > 0.20),
    SoftRule("top 3-gram > .18", lambda measured, columns: measured.shares[:, 1] > 0.18),
    SoftRule("top 4-gram > .16", lambda measured, columns: measured.shares[:, 2] > 0.16),
    SoftRule("repeated 5-grams > .80", lambda measured, columns: measured.shares[:, 3] > 0.80),
    SoftRule("duplicate lines > .70", _column_above("duplicate_line_share", 0.70)),
    SoftRule("bytes > 3,000,000", lambda measured, columns: columns["bytes"] > 3_000_000),
    SoftRule("lines < 10", _below(_line(lines.LINES), 10)),
    SoftRule("lines > 100,000", _above(_line(lines.LINES), 100_000)),
    SoftRule("longest line > 1,000", _above(_line(lines.MAX_LINE), 1000)),
    SoftRule("mean line < 5", lambda measured, columns: columns["mean_line_length"] < 5),
    SoftRule("mean line > 100", _column_above("mean_line_length", 100)),
    SoftRule("letters < .50", lambda measured, columns: columns["alphabetic_share"] < 0.50),
    SoftRule("digits > .20", _above(_of_characters(lines.DIGITS), 0.20)),
    SoftRule("blanks > .50", _above(_of_characters(lines.BLANKS), 0.50)),
    SoftRule("comments > .80", _column_above("comment_share", 0.80)),
    SoftRule("strings > .60", lambda measured, columns: _strings(measured, columns) > 0.60),
    SoftRule("long words in strings > .40", _above(_of_string_words(tokens.LONG_WORDS), 0.40)),
    SoftRule("hexadecimal words in strings > .40", _above(_of_string_words(tokens.HEX_WORDS), 0.40)),
    SoftRule("unfinished comments > .01", lambda measured, columns: _unfinished(measured, columns) > 0.01),
    SoftRule("assertions > .40", _above(_of_code(blocks.ASSERT_LINES), 0.40)),
    SoftRule("definitions > .20", _above(_of_code(blocks.DEFINITION_LINES), 0.20), PYTHON),
    SoftRule("no variable", _has_no_variable, PYTHON),
    SoftRule("pass > .05", _above(_of_code(blocks.PASS_LINES), 0.05), PYTHON),
    SoftRule("imports > .30", _above(_of_code(blocks.IMPORT_LINES), 0.30), PYTHON),
    SoftRule("one-line functions > .10", _above(_of_code(blocks.ONE_LINERS), 0.10), PYTHON),
    SoftRule("no logic > .50", _column_above("no_logic_share", 0.50), PYTHON),
    SoftRule("prints > .40", _column_above("print_line_share", 0.40), PYTHON),
    SoftRule("main > 1", lambda measured, columns: measured.structure[:, blocks.MAINS] > 1, C_LIKE),
    SoftRule(
        "preprocessor > .80",
        lambda measured, columns: (
            _share(measured.structure[:, blocks.MACRO_LINES], columns["physical_code_lines"]) > 0.80
        ),
        C_LIKE,
    ),
)
"""Thresholds as OpenCoder's pipeline states them."""
GO_TEST = "Go test"


def firing_rules(
    languages: Sequence[str | None], paths: Sequence[str | None], measured: Measured, columns: Columns
) -> list[list[str]]:
    """Names the rules that fire on each sample."""
    known = {
        **columns,
        "characters": measured.lines[:, lines.VISIBLE] + measured.lines[:, lines.BLANKS],
        "physical_code_lines": measured.tokens[:, tokens.CODE_LINES],
    }
    with np.errstate(invalid="ignore"):
        fired = [np.asarray(rule.fires(measured, known), bool) for rule in SOFT_RULES]
    return [
        [rule.name for rule, fires in zip(SOFT_RULES, fired, strict=True) if fires[number] and _holds(rule, language)]
        + ([GO_TEST] if language == "Go" and (path or "").endswith("_test.go") else [])
        for number, (language, path) in enumerate(zip(languages, paths, strict=True))
    ]


def _holds(rule: SoftRule, language: str | None) -> bool:
    return not rule.languages or language in rule.languages
