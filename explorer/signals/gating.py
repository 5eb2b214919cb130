"""The gates that the text of a sample decides, by StarCoder2's thresholds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from explorer.kernels.buffers import buffers
from explorer.signals import line_measures as lines
from explorer.signals.generated import is_generated_name, is_minified, says_generated
from explorer.signals.passing import Measured

MOST_LINES = 100_000
LONGEST_LINE, LONGEST_MEAN = 1000, 100
LONGEST_EXEMPT_LINE = 100_000
EXEMPT = frozenset(("HTML", "JSON", "Markdown", "Roff", "SMT", "TeX", "Text", "XML"))
"""Languages whose lines may be long."""
LEAST_ALPHABETIC = 0.25
LONGEST_ENCODED, MOST_ENCODED = 1024, 0.5
DATA_LANGUAGES = frozenset(("Text", "JSON", "YAML", "Web Ontology Language", "Graphviz (DOT)", "DOT", "OWL"))
MOST_DATA_LINES = 512
TEXT_NAMES = frozenset(("readme", "notes", "todo", "description", "cmakelists"))
LEAST_TINY_LINES, LEAST_TINY_CHARACTERS = 10, 50
XML_HEAD = 100
LEAST_VISIBLE, LEAST_VISIBLE_SHARE = 100, 0.2
HEAD_BYTES = 4096

_TAGS = re.compile(rb"<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->|<[^>]*>", re.S | re.I)


def gates_of(
    content: pa.LargeBinaryArray,
    languages: Sequence[str | None],
    paths: Sequence[str | None],
    measured: Measured,
    columns: Mapping[str, Any],
) -> list[list[str]]:
    """Names the gates that each sample stands behind."""
    by_numbers = _by_numbers(languages, measured, columns)
    text, offsets = buffers(content)
    whole = text.data
    return [
        [code for code, closed in by_numbers.items() if closed[number]]
        + list(_by_text(whole[start:end], language, path or "", columns["mean_line_length"][number]))
        for number, (language, path, start, end) in enumerate(
            zip(languages, paths, offsets.tolist()[:-1], offsets.tolist()[1:], strict=True)
        )
    ]


def _by_numbers(languages: Sequence[str | None], measured: Measured, columns: Mapping[str, Any]) -> dict[str, Any]:
    cells = measured.lines
    count, longest = cells[:, lines.LINES], cells[:, lines.MAX_LINE]
    characters = cells[:, lines.VISIBLE] + cells[:, lines.BLANKS]
    exempt = np.array([language in EXEMPT for language in languages], bool)
    is_data = np.array([language in DATA_LANGUAGES for language in languages], bool)
    is_python = np.array([language == "Python" for language in languages], bool)
    with np.errstate(invalid="ignore"):
        too_long = np.where(
            exempt,
            longest > LONGEST_EXEMPT_LINE,
            (longest > LONGEST_LINE) | (columns["mean_line_length"] > LONGEST_MEAN),
        )
        return {
            "G_LINES": count > MOST_LINES,
            "G_LINE_LEN": too_long,
            "G_ALPHA": (characters > 0) & (cells[:, lines.ALPHABETIC] < LEAST_ALPHABETIC * characters),
            "G_ENCODED": (columns["encoded_run"] > LONGEST_ENCODED) | (columns["encoded_share"] > MOST_ENCODED),
            "G_DATAFILE": is_data & (count > MOST_DATA_LINES),
            "G_TINY": (count < LEAST_TINY_LINES) | (characters < LEAST_TINY_CHARACTERS),
            "G_PARSE": is_python & (columns["parse_score"] == 0),
        }


def _by_text(text: memoryview, language: str | None, path: str, mean_line: float) -> Iterator[str]:
    head = bytes(text[:HEAD_BYTES])
    if is_generated_name(path) or is_minified(path, mean_line) or says_generated(head, language):
        yield "G_AUTOGEN"
    if b"<?xml version=" in head[:XML_HEAD] and language != "XSLT":
        yield "G_XML"
    if language == "HTML" and not _has_text(bytes(text)):
        yield "G_HTML"
    if language == "Text" and path and not _is_worth_reading(path):
        yield "G_DATAFILE"


def _has_text(page: bytes) -> bool:
    """Whether what a reader sees of a page is long enough, alone and beside its tags."""
    seen = len(b" ".join(_TAGS.sub(b" ", page).split()))
    return seen >= LEAST_VISIBLE and seen > LEAST_VISIBLE_SHARE * len(page)


def _is_worth_reading(path: str) -> bool:
    """Whether a text is one that StarCoder2 keeps: requirements, a readme and the like."""
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    return "requirement" in name or name.partition(".")[0] in TEXT_NAMES
