"""Whether Python parses: always the verdict of Python's own parser, which nothing brings down."""

import ast
import random
import subprocess
import sys
import sysconfig
import warnings
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.signals.parsing import MAX_BYTES, MAX_DEPTH, MAX_RUN, REFUSALS, parse_verdicts

STANDARD = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))[::3]
TEXTS = [text for text in (path.read_bytes() for path in STANDARD) if len(text) < 40_000]

HOSTILE = {
    "attributes": "'a' + '.b' * {n}",
    "calls": "'a' + '()' * {n}",
    "items": "'a' + '[0]' * {n}",
    "sums": "'a' + '+a' * {n}",
    "powers": "'a**' * {n} + 'a'",
    "branches": "'if a: b' + chr(10) + ('elif a: b' + chr(10)) * {n}",
    "negations": "'not ' * {n} + 'a'",
    "signs": "'- ' * {n} + 'a'",
    "functions": "'lambda: ' * {n} + 'a'",
    "conditions": "'a if a else ' * {n} + 'a'",
    "brackets": "'(' * {n} + ')' * {n}",
    "braces": "'{{0:' * {n} + '0' + '}}' * {n}",
    "blocks": "''.join(' ' * i + 'if a:' + chr(10) for i in range(min({n}, 600))) + ' ' * 600 + 'b'",
    "texts": "'f\"{{a}}\" ' * {n}",
    "loops": "'[x ' + 'for x in y ' * {n} + ']'",
}

PIECES = (
    *("a", "1", "(", ")", "[", "]", "{", "}", ":", ",", "=", ":=", ".", "\n", "\n", "'", '"', "#", "\\", "*", "@", "~"),
    *("def", "class", "if", "else", "import", "lambda", "\0"),
)


def verdicts(texts: Sequence[bytes]) -> list[bool | None]:
    """What is told of some texts, in one column."""
    return parse_verdicts(pa.array(texts, pa.large_binary()), range(len(texts)))


def parses(text: bytes) -> bool:
    """What the parser says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except REFUSALS:
            return False
    return True


def damaged(text: bytes, chance: random.Random) -> bytes:
    """A text with a few bytes lost, doubled or taken from elsewhere in it."""
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(text) + 1), chance.randrange(len(text) + 1)
        size = chance.choice((1, 1, 2, 5, 80))
        text = text[:at] + chance.choice((b"", text[other : other + size])) + text[at + chance.choice((0, size)) :]
    return text


def test_real_python_is_told_from_damaged_python_as_the_parser_tells_it() -> None:
    chance = random.Random(1)
    changed = [damaged(text, chance) for text in TEXTS if text for _ in range(2)]
    told = verdicts([*TEXTS, *changed])
    assert told == [parses(text) for text in (*TEXTS, *changed)]
    assert told.count(False) > 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(a, a): pass", True),
        ("nonlocal x", True),
        ("def f():\n x = 1\n global x", True),
        ("class A:\n nonlocal __class__", True),
        ("from __future__ import nothing_of_the_kind", True),
        ("[x := 1 for x in y]", True),
        ("return 1", True),
        ("'\\d'", True),
        ("x = 1 is 1", True),
        ("print 'a'", False),
        ("x = (", False),
        ("\tif a:\n        b", False),
        ("# coding: latin-1\nx = '\udce9'", True),
        ("# coding: none-such\nx = 1", False),
        ("x = '\udce9'", False),
        ("\ufeffx = 1", True),
        ("x = 0777", False),
        ("x\0", False),
        ("", True),
    ],
)
def test_what_only_a_compiler_refuses_parses(text: str, expected: bool) -> None:
    raw = text.encode("utf-8", "surrogateescape")
    assert verdicts([raw]) == [expected]
    assert parses(raw) == expected


@given(st.lists(st.sampled_from(PIECES)))
@settings(max_examples=200, deadline=None)
def test_the_verdict_on_any_text_is_that_of_the_parser(pieces: list[str]) -> None:
    text = " ".join(pieces).encode()
    assert verdicts([text]) == [parses(text)]


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_no_depth_brings_the_interpreter_down(made: str) -> None:
    """Also where the parser has just no room left, the names never have more."""
    sizes = (80, 92, 600, 998, 1002, *range(2970, 2992), 6_000, 20_000, 150_000)
    script = f"""
import json
from tests.signals.test_parsing import parses, verdicts
texts = [text for text in (({made.format(n="n")}).encode() for n in {sizes}) if len(text) < {MAX_BYTES}]
told = [bool(one) for one in verdicts(texts)]
wrong = [n for n, one, text in zip({sizes}, told, texts) if one and not parses(text)]
print(json.dumps([wrong, told[0]]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[[], true]"), done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"(" * MAX_DEPTH + b")" * MAX_DEPTH, True),
        (b"(" * (MAX_DEPTH + 1) + b")" * (MAX_DEPTH + 1), False),
        (b"- " * MAX_RUN + b"a", True),
        (b"- " * (MAX_RUN + 1) + b"a", False),
        (b"a = 1\n" * (MAX_BYTES // 6), True),
        (b"a = 1\n" * (MAX_BYTES // 6 + 1), None),
    ],
)
def test_what_is_deeper_or_longer_than_the_limits_is_not_parsed(text: bytes, expected: bool | None) -> None:
    assert verdicts([text]) == [expected]


def test_a_slice_of_a_column_is_read_where_it_begins() -> None:
    column = pa.array([b"(", None, b"x = 1", b"y = ("], pa.large_binary())
    assert parse_verdicts(column.slice(1), [0, 1, 2]) == [True, True, False]
