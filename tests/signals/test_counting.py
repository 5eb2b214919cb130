"""Counts, lines, tokens and validity agree with their definitions in plain Python."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.fingerprints.exact import content_cells, hash_content
from explorer.signals.counts import COUNTS, buffers, count_classes
from explorer.signals.measures import measure
from explorer.signals.tokens import MAX_EXACT_BYTES, can_count_exactly, count_exactly, estimate

PATTERNS = {
    "words": rb"[A-Za-z]+",
    "letters": rb"[A-Za-z]",
    "digits": rb"[0-9]",
    "punctuation_runs": rb"[!-/:-@\[-`{-~]+",
    "punctuation": rb"[!-/:-@\[-`{-~]",
    "newlines": rb"\n",
    "non_ascii": rb"[\xc0-\xff]",
    "high_bytes": rb"[\x80-\xff]",
}
WEIGHTS = dict(zip(COUNTS, (0.621, 0.071, 0.509, 0.829, 0.099, 0.902, 0.199, 0.0), strict=True))

codelike = st.text(st.sampled_from("ab Z_09(){};\n\r\t\"'é漢😀\x00\x1b\x7f~!@"), max_size=60).map(str.encode)
anything = st.one_of(st.none(), st.binary(max_size=60), codelike, st.text().map(str.encode))
cells = st.lists(anything, max_size=12)


def column(values: Sequence[bytes | None]) -> pa.LargeBinaryArray:
    return pa.array(values, pa.large_binary())


def batch(content: pa.Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([content], names=["content"])


def counted(cell: bytes) -> list[int]:
    return [len(re.findall(PATTERNS[name], cell)) for name in COUNTS]


def expected(cell: bytes) -> dict[str, object]:
    counts = dict(zip(COUNTS, counted(cell), strict=True))
    tokens = round(sum(WEIGHTS[name] * counts[name] for name in COUNTS))
    return {
        "bytes": len(cell),
        "lines": cell.count(b"\n") + (cell[-1:] not in (b"", b"\n")),
        "tokens": max(tokens, len(cell) > 0),
        "tokens_exact": False,
        "valid_utf8": is_utf8(cell),
    }


def is_utf8(cell: bytes) -> bool:
    try:
        cell.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@settings(deadline=None)
@given(cells)
def test_counts_are_those_of_the_patterns(values: list[bytes | None]) -> None:
    assert count_classes(column(values)).tolist() == [counted(value or b"") for value in values]


@settings(deadline=None)
@given(cells)
def test_measures_follow_their_definitions(values: list[bytes | None]) -> None:
    got = measure(batch(column(values)), exact_tokens=False).to_pylist()
    for row, value in zip(got, values, strict=True):
        wanted = expected(value or b"")
        assert abs(row.pop("tokens") - wanted.pop("tokens")) <= 1, "a half may be rounded either way"
        assert row == wanted


@settings(deadline=None)
@given(cells, st.data())
def test_a_slice_gives_what_a_copy_gives(values: list[bytes | None], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(values)))
    length = data.draw(st.integers(0, len(values) - start))
    part, copy = batch(column(values)).slice(start, length), batch(column(values[start : start + length]))
    for function in (hash_content, lambda rows: measure(rows, exact_tokens=False)):
        assert function(part).equals(function(copy))
    assert [bytes(cell) for cell in content_cells(part)] == [value or b"" for value in values[start : start + length]]


def test_a_column_without_rows_or_buffers_is_counted() -> None:
    for empty in (column([]), column([None, None]), column([b"", b""]), column([b"abc"]).slice(1)):
        assert count_classes(empty).sum() == 0
        assert len(buffers(empty)[1]) == len(empty) + 1
        assert measure(batch(empty), exact_tokens=False).num_rows == len(empty)


def test_every_byte_has_its_class() -> None:
    table = count_classes(column([bytes([byte]) for byte in range(256)]))
    assert table.tolist() == [counted(bytes([byte])) for byte in range(256)]


def test_only_the_empty_text_is_worth_nothing() -> None:
    values = [b"", None, b"a", b"~", b"\xc3\xa9", b" ", b"\x80"]
    assert measure(batch(column(values)), exact_tokens=False).column("tokens").to_pylist() == [0, 0, 1, 1, 1, 1, 1]
    assert estimate(np.zeros((0, len(COUNTS)), np.int64)).tolist() == []


GOLDEN_COUNTS = {
    "": 0,
    "a": 1,
    "hello world": 2,
    "aaaaaaaaaaaaaaaa": 2,
    "                                                                ": 1,
    "\n\n\n": 1,
    "\t\tx": 2,
    "def f(x):\n    return x + 1\n": 11,
    "import numpy as np\n": 5,
    "for (int i = 0; i < n; ++i) {\n\tsum += a[i];\n}\n": 22,
    "0123456789": 4,
    "3.14159": 4,
    "snake_case_name": 3,
    "CamelCaseName": 3,
    "https://example.org/a?b=c#d": 10,
    '<div class="a">é</div>': 9,
    "漢字かな交じり文": 7,
    "🙂👩\u200d👩\u200d👧\u200d👦": 12,
    "SELECT * FROM t WHERE a = 'b';": 10,
    "\x00\x01": 2,
    "<|endoftext|>": 7,
    'if __name__ == "__main__":': 9,
}
"""Tokens of `o200k_base`."""


@pytest.mark.skipif(not can_count_exactly(), reason="the extra `tokens` is not installed")
class TestExactTokens:
    def test_golden_counts(self) -> None:
        assert dict(zip(GOLDEN_COUNTS, count_exactly(list(GOLDEN_COUNTS)).tolist(), strict=True)) == GOLDEN_COUNTS

    @settings(deadline=None)
    @given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
    def test_exact_counts_are_those_of_each_text_alone(self, texts: list[str]) -> None:
        got = measure(batch(column([text.encode() for text in texts])), exact_tokens=True)
        assert got.column("tokens").to_pylist() == [int(count_exactly([text])[0]) for text in texts]
        assert got.column("tokens_exact").to_pylist() == [True] * len(texts)

    def test_what_is_no_text_or_too_long_is_estimated(self) -> None:
        values = [b"x = 1\n", b"\xff\xfe", b"ab " * (MAX_EXACT_BYTES // 3 + 1)]
        exact, rough = (measure(batch(column(values)), exact_tokens=flag) for flag in (True, False))
        assert exact.column("tokens_exact").to_pylist() == [True, False, False]
        assert exact.column("tokens").to_pylist()[1:] == rough.column("tokens").to_pylist()[1:]

    def test_the_estimate_is_near_on_code(self) -> None:
        from pathlib import Path

        texts = [path.read_bytes() for path in sorted(Path(re.__file__).parent.parent.glob("*.py"))[:150]]
        exact, rough = (measure(batch(column(texts)), exact_tokens=flag) for flag in (True, False))
        ratio = sum(rough.column("tokens").to_pylist()) / sum(exact.column("tokens").to_pylist())
        assert 0.85 < ratio < 1.15
