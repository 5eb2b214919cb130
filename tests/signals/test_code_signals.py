"""The signals of single texts, hand-checked: input, expected value, why."""

import sysconfig
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.signals.code import measure_code
from tests.signals.code import batch_of, signals

LONG = "\n".join(f"    value_{n} = call_{n}(value_{n - 1})" for n in range(1, 22))
DEFINED = f"def public(first):\n    '''Says.'''\n    if not first:\n        raise ValueError(first)\n{LONG}\n"


def near(value: Any) -> Any:
    return pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "text", "expected", "why"),
    [
        ("mean_line_length", "ab\n\nabcd\n", near(2), "2, 0 and 4 characters on three lines"),
        ("mean_line_length", "äöü\r\nab", near(2.5), "characters, not bytes; a carriage return is none of them"),
        ("mean_line_length", "", None, "no line"),
        ("max_line_length", "a\nabc\nab", 3, "the second line"),
        ("max_line_length", "", 0, "nothing"),
        ("alphabetic_share", "ab1 ", near(2 / 3), "two letters of three characters that are seen"),
        ("alphabetic_share", "日本 1", near(2 / 3), "beyond ASCII every character is a letter"),
        ("alphabetic_share", " \n\t", None, "nothing is seen"),
        ("duplicate_line_share", "abc\na b c\nxyz\n", near(1 / 3), "blanks do not tell lines apart"),
        ("duplicate_line_share", "}\n}\n},\n},\nabc\n", near(0), "one character and `},` do not count"),
        ("duplicate_line_share", "a\n", None, "no line counts"),
        ("top_bigram_share", "a b a b a b", near(3 * 2 / 6), "`a b` three times, two characters each, of six"),
        ("top_bigram_share", "a b c d", near(0), "no pair of words comes twice"),
        ("top_trigram_share", "a b c a b c", near(1), "`a b c` twice is all there is"),
        ("top_fourgram_share", "a b c d a b c d", near(1), "likewise"),
        ("encoded_share", "A" * 64, near(1), "64 characters of base64 and nothing else"),
        ("encoded_share", "A" * 63, near(0), "63 are too few"),
        ("encoded_run", "x = '" + "QUJD" * 300 + "'", 1200, "the whole string"),
        ("encoded_share", "\\u0041" * 8, near(1), "eight escapes in a row"),
        ("encoded_share", "\\u0041" * 7, near(0), "seven are too few"),
        ("encoded_share", "0x12,0x34,0x56,0x78,0x9a,0xbc,0xde,0xf0,", near(1), "eight bytes in hexadecimal"),
        ("parse_score", "x = 1\n", 1, "it parses"),
        ("parse_score", "x = (\n", 0, "it does not"),
        ("parse_score", "(" * 5000, 0, "too deep to try"),
        ("comment_share", "# abc\nx = 1\n", near(5 / 12), "five of twelve bytes"),
        ("comment_share", '"""d"""\n', near(7 / 8), "documentation counts"),
        ("comment_share", "# Copyright me\n# All rights\n\n# abc\nx=1\n", near(5 / 13), "a licence at the head is taken off"),
        ("comment_share", "", None, "nothing"),
        ("reasoned_comment_share", "# because\n# x\n", near(1 / 2), "one line of two gives a reason"),
        ("reasoned_comment_share", "# see rfc 2616\n# performance\n", near(1), "`rfc 2616`, and a word that begins with perf"),
        ("reasoned_comment_share", "# abecause\n", near(0), "not at the start of a word"),
        ("reasoned_comment_share", "x = 1\n", None, "no comment"),
        ("subwords_per_identifier", "getUserName = http_server2", near(5 / 2), "get User Name; http server; digits are no words"),
        ("subwords_per_identifier", "HTTPServer", near(2), "a run of capitals is one word, its last begins the next"),
        ("subwords_per_identifier", "1 + 2", None, "no name"),
        ("code_lines", "# a\n\nx = 1\ny = '''a\nb'''\n", 3, "two lines of the string and one before"),
        ("code_lines", "# only\n", 0, "comments are no code"),
        ("documented_share", DEFINED, 1, "the one public function has a docstring"),
        ("documented_share", "def _hidden():\n    pass\n", None, "nothing is public"),
        ("guards_per_function", DEFINED, 1, "a raise under an if among the first statements"),
        ("handlers_per_100", DEFINED, 0, "long enough to say that there are none"),
        ("handlers_per_100", "def f():\n    pass\n", None, "fewer than 20 lines of code"),
        ("specific_handler_share", DEFINED, None, "no handler"),
        ("function_length_p90", "def f():\n    return 1\n\ndef g():\n    x = 1\n    return x\n", 3, "the longer of two"),
        ("function_length_p90", "x = 1\n", None, "no function"),
        ("nesting_depth", "for a in b:\n    if a:\n        while c:\n            pass\n", 3, "for, if, while"),
        ("branches_per_function", "def f(a):\n    if a:\n        pass\n    for b in a:\n        pass\n", 3, "two branches and one"),
        ("no_logic_share", "import a\nx = 1\nf(x)\n", near(2 / 3), "an import and an assignment of three lines"),
        ("print_line_share", "print(1)\nx = 1\n", near(1 / 2), "one of two lines prints"),
        ("placeholder_share", "# TODO\npass\nx = 1\ny = 2\n", near(2 / 4), "an unfinished comment and a pass of four lines"),
        ("stale_density", "import imp\nx = 1\n", near(50), "one in two lines"),
        ("functions", "def f(): pass\nclass A:\n    def g(self): pass\n", 2, "a function and a method"),
        ("classes", "class A: pass\n", 1, "one"),
        ("third_party_imports", "import os\nimport numpy\nfrom numpy import x\nfrom . import y\n", 1, "only numpy is not Python's own"),
    ],
)  # fmt: skip
def test_a_signal_of_python_is_as_defined(name: str, text: str, expected: Any, why: str) -> None:
    assert signals(text)[name] == expected, why


@pytest.mark.parametrize(
    ("name", "language", "text", "expected"),
    [
        ("parse_score", "Go", "f(x)", 1),
        ("parse_score", "C", "((((((((((", 0),
        ("parse_score", "Markdown", "a) b) :-(", None),
        ("parse_score", None, "(", None),
        ("documented_share", "Haskell", "f x = 1", None),
        ("functions", "SQL", "select 1", None),
        ("integrations", "Go", 'import (\n\t"net/http"\n\t"github.com/go-redis/redis"\n)\n', ["http", "cache"]),
        ("integrations", "JavaScript", "import a from 'pg'\nconst b = require('amqplib')\n", ["db"]),
        ("integrations", "Text", "redis", None),
        ("third_party_imports", "JavaScript", "import a from 'lodash'\nimport b from './mine'\n", 1),
    ],
)
def test_a_signal_of_another_language_is_as_defined(name: str, language: str | None, text: str, expected: Any) -> None:
    assert signals(text, language)[name] == expected


def test_flags_name_what_is_risky() -> None:
    text = (
        "import requests, time\n\n\ndef f(a, b=[]):\n    for x in a:\n        db.execute('select ' + x)\n"
        "    return open(a).read()\n\n\nasync def g():\n    time.sleep(1)\n"
    )
    assert set(signals(text)["flags"]) == {
        *("happy path only", "query in a loop", "blocking call in async", "string-built SQL"),
        *("unbounded read", "mutable default"),
    }
    assert signals("async def g():\n    await asyncio.sleep(1)\n")["flags"] == []


@pytest.mark.parametrize(
    ("own", "name", "expected"),
    [
        ({"approved": True}, "review_level", 1),
        ({"merged": True}, "review_level", 0.5),
        ({"review_state": "APPROVED"}, "review_level", 1),
        ({"review_state": ""}, "review_level", None),
        ({"stars": 17}, "repo_stars", 17),
        ({"stars": -3}, "repo_stars", None),
        ({"commits": 50, "active_days": 1000}, "maintenance", 0.75),
        ({"commits": 50}, "maintenance", 0.5),
        ({"message": "why", "readme": ""}, "context_share", near(0.2)),
        ({}, "context_share", None),
    ],
)
def test_what_the_corpus_tells_of_review_and_context_is_read(own: dict[str, Any], name: str, expected: Any) -> None:
    assert signals("x = 1\n", **own)[name] == expected


def test_a_test_is_known_by_its_path() -> None:
    assert signals("x = 1\n", path="a/tests/x.py")["tests_share"] == 1
    assert signals("x = 1\n", path="src/x.py")["tests_share"] is None


@given(
    st.lists(st.binary(max_size=400), min_size=1, max_size=4),
    st.sampled_from(
        ["Python", "JavaScript", "Java", "C", "C++", "Go", "Rust", "PHP", "Swift", "Kotlin", "C#", "SQL", None]
    ),
)
@settings(max_examples=120, deadline=None)
def test_no_input_makes_a_signal_impossible(texts: list[bytes], language: str | None) -> None:
    check(measure_code(batch_of(*texts, language=language), parse=False))


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_other_encodings_are_measured_as_bytes(encoding: str) -> None:
    check(measure_code(batch_of("naïve = 'é'\n# ü\n".encode(encoding, "replace") + b"\0")))


def test_batches_borders_and_order_change_nothing() -> None:
    paths = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))[:12]
    texts = [path.read_bytes() for path in paths]
    whole = measure_code(batch_of(*texts))
    apart = [measure_code(batch_of(text)).to_pylist()[0] for text in reversed(texts)]
    assert whole.to_pylist() == apart[::-1]
    sliced = batch_of(b"junk", *texts).slice(1)
    assert measure_code(sliced).to_pylist() == whole.to_pylist()


def test_a_long_line_is_measured_in_one_pass() -> None:
    for text in (b"x" * 10_000_000, b"(" * 3_000_000, b"'" * 3_000_000, b"a " * 3_000_000, b"/*" * 3_000_000):
        assert signals(text, "JavaScript")["max_line_length"] == len(text)


def check(found: pa.RecordBatch) -> None:
    """No NaN, nothing below zero, shares at most 1."""
    for name, column in zip(found.schema.names, found.columns, strict=True):
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            values = np.array([value for value in column.to_pylist() if value is not None], np.float64)
            assert np.isfinite(values).all(), name
            assert (values >= 0).all(), name
            assert not name.endswith("_share") or (values <= 1 + 1e-6).all(), name
