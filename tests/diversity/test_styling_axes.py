"""Axes of style: values worked out by hand, and layout and names against plain Python over real files."""

import io
import math
import tokenize
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.diversity.styling import AXES, PARADIGM_AXES, style
from tests.diversity.looked_at import STANDARD, column, lexed, style_of

SAMPLE = STANDARD[:: max(len(STANDARD) // 100, 1)][:100]
NAN = math.nan
LAYOUT = ("blank_line_share", "line_length_p50", "line_length_p90")


def is_close(told: float, wanted: float) -> bool:
    return told == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize(
    ("axis", "language", "text", "expected"),
    [
        # one statement a line of code, continued lines and `end` none: 3 + 4 tokens in 2, 3 + 3 + 1 in 2
        ("tokens_per_statement", "Python", "a = 1\nf(\n)\n", 6 / 2),
        ("tokens_per_statement", "Python", "# c\n\na = 'b'\n", 3),
        ("tokens_per_statement", "Ruby", "def f\n  g(1)\nend\n", 7 / 2),
        # `;` and `{` each end one; 5 + 3 + 1 tokens in 2
        ("tokens_per_statement", "C", "void f() {\n  g++;\n}\n", 10 / 2),
        ("tokens_per_statement", "C", "for (i = 0; i < 3; i++) { }", 16 / 3),
        # a line feed ends one behind a name, a value or `)`, but not before an operator
        ("tokens_per_statement", "Go", "a = 1\nf(b)\n", 7 / 2),
        ("tokens_per_statement", "Go", "a = 1\nf(b)", 7 / 2),
        ("tokens_per_statement", "JavaScript", "a = b\n  .c()\n  .d()\ne(1)\n", 15 / 2),
        ("tokens_per_statement", "JavaScript", "a();\nb();\n", 8 / 2),
        ("tokens_per_statement", "JavaScript", "f(() => {\n  a()\n  b()\n})\n", 15 / 4),
        ("tokens_per_statement", "Python", "", NAN),
        ("tokens_per_statement", "Python", "# a\n# b", NAN),
        # keywords are names here; bytes, not characters: (1 + 3) / 2, 3 of UTF-8
        ("name_length", "Python", "x = abc", 2),
        ("name_length", "Python", "öä = 1", 4),
        ("name_length", "Python", "1 + 2", NAN),
        ("single_letter_share", "Python", "x = abc(y, de)", 2 / 4),
        ("single_letter_share", "Python", "1", NAN),
        ("short_name_share", "Python", "x = abc(y, de, four)", 2 / 5),
        # functions and classes alone; a table's brace and one that ends an `if` say nothing
        ("own_line_brace_share", "C", "int f()\n{\n}\nint g() {\n}\nint a[] = {\n1};\n", 1 / 2),
        ("own_line_brace_share", "Java", "class A\n{\n  void f()\n  {\n  }\n}\n", 1),
        ("own_line_brace_share", "C", "int a;\n", NAN),
        ("own_line_brace_share", "Python", "a = {}\n", NAN),
        # the first of a run follows none; a blank line or a comment parts two
        ("imports_together_share", "Python", "import a\nimport b\n\nfrom c import d\nx\n", 1 / 3),
        ("imports_together_share", "Python", "from a import (\n  b,\n)\nimport c\n# d\nimport e\n", 1 / 3),
        ("imports_together_share", "Python", "x\n", NAN),
        # 3 bytes of comment and 5 of documentation on 2 lines of code; none on 1; no line of code says nothing
        ("comment_bytes_per_line", "Python", "x = 1 # a\n'doc'\ny\n", (3 + 5) / 2),
        ("comment_bytes_per_line", "C", "/* a */ x;\n// b", 7 + 4),
        ("comment_bytes_per_line", "Python", "x", 0),
        ("comment_bytes_per_line", "Python", "# a", NAN),
        # steps in of 4 and 2; a step of more than 8 is alignment; a tab is 8
        ("indent_width", "Python", "if a:\n    if b:\n      c\nd\n", 3),
        ("indent_width", "Python", "if a:\n\tb\n", 8),
        ("indent_width", "Python", "a = \\\n            b\n", NAN),
        ("indent_width", "Python", "f(\n    a)\n", NAN),
        ("indent_width", "JavaScript", "f(() => {\n  a()\n})\n", 2),
        ("indent_width", "Python", "a\n", NAN),
        ("tab_share", "Python", "if a:\n\tb\n\tc\nif d:\n    e\n", 2 / 3),
        ("tab_share", "Python", "if a:\r\n\tb\r\n", 1),
        ("tab_share", "Python", "a\n", NAN),
        # a last line without a line feed counts; blanks alone make a blank line, also before CRLF
        ("blank_line_share", "Python", "a\n\n  \nb", 2 / 4),
        ("blank_line_share", "Python", "a\r\n\r\n\t\r\nb\r\n", 2 / 4),
        ("blank_line_share", "Python", "\n", 1),
        ("blank_line_share", "Python", "# a\n", 0),
        ("blank_line_share", "Python", "", NAN),
        # of lines that are not blank, by the nearest rank, without the line's end: 1 2 3 4 | 9
        ("line_length_p50", "Python", "aaaa\n\naaa\na\naa\n", 2),
        ("line_length_p50", "Python", "aaa\r\na\r\naa", 2),
        ("line_length_p90", "Python", "a\naa\naaa", 3),
        ("line_length_p90", "Python", "a\n" * 9 + "aaaa", 1),
        ("line_length_p90", "Python", "a\n" * 8 + "aaaa\naaaa", 4),
        ("line_length_p90", "Python", "é\n", 2),
        ("line_length_p50", "Python", " \n\n", NAN),
        # documentation is no string; prefixes and triples go by their last quote; backticks are neither
        ("double_quote_share", "Python", 'f("a", \'b\', r\'c\', """d""")', 2 / 4),
        ("double_quote_share", "Python", "'doc'\nx", NAN),
        ("double_quote_share", "JavaScript", 'f(`a`, "b")', 1),
        # closings that begin a line: one behind a comma, one not; `)` within a line is neither
        ("trailing_comma_share", "Python", "f(\n  a,\n)\ng(\n  b\n)\nh(c,)\n", 1 / 2),
        ("trailing_comma_share", "Python", "f(\n  a, # c\n)\n", 1),
        ("trailing_comma_share", "Python", "f(a)", NAN),
        # braces that end blocks of statements say nothing of commas
        ("trailing_comma_share", "C", "int f() {\n  int a[] = {\n    1,\n  };\n}\n", 1),
        ("trailing_comma_share", "C", "int f() {\n  g();\n}\n", NAN),
    ],
)
def test_axes_are_what_they_come_to_by_hand(axis: str, language: str, text: str, expected: float) -> None:
    assert is_close(style_of(text, language)[axis], expected)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("Python", "", (NAN, NAN, NAN)),
        ("Python", "# class A: lambda", (NAN, NAN, NAN)),
        ("Python", "def f(): return 1", (NAN, NAN, NAN)),
        # a class, its inheritance, two methods, a write to `self.`
        ("Python", "class A(B):\n    def f(self):\n        self.a = 1\n    def g(self): self.a == 1\n", (5, 0, 0)),
        ("Python", "class A():\n    pass\nclass B: pass", (2, 0, 0)),
        # a statement outside, a loop in a function; a loop in a method is none; an import says nothing
        ("Python", "import a\nb = 1\ndef f():\n    for c in b: d\n", (0, 0, 2)),
        ("Python", "class A:\n    def f(self):\n        while b: c\n", (2, 0, 0)),
        # `else` continues a statement and `async def` begins a function
        ("Python", "if a:\n    b\nelif c:\n    d\nelse:\n    e\nasync def f():\n    pass\n", (0, 0, 1)),
        ("Python", "try:\n    a\nexcept b:\n    c\nfinally:\n    d\n", (0, 0, 1)),
        # a decorator, a comprehension, map, lambda, a tuple
        ("Python", "@a\ndef f(b):\n    return map(lambda c: c, [d for d in tuple(b)])\n", (0, 5, 0)),
        # names that are words elsewhere say nothing
        (
            "Python",
            "def f(record, val):\n    match = a.match(func, object, loop)\n    final = match.do\n",
            (NAN, NAN, NAN),
        ),
        ("Python", "def f(a):\n    match a:\n        case 1: pass\n", (0, 1, 0)),
        # a module, a class, its inheritance, a method; `end` is no statement
        ("Ruby", "module A\n  class B < C\n    def d\n    end\n  end\nend\n", (4, 0, 0)),
        ("Ruby", "require 'a'\nputs 1\nb.map { |c| c }\n", (0, 1, 2)),
        # a class, its inheritance, two methods, `this.a =`; loops in them say nothing
        ("JavaScript", "class A extends B {\n  f() { this.a = 1; for (;;) { } }\n  g() { }\n}\n", (5, 0, 0)),
        # `const` and an arrow; its statement stands outside
        ("JavaScript", "import a from 'b';\nconst f = () => 1;\n", (0, 2, 1)),
        ("JavaScript", "function f() { while (a) { b(); } }\nc()\n", (0, 0, 2)),
        # of a language without statements outside functions; `switch` chooses by value alone
        ("C", "struct a *f(struct a *b) {\n  for (;;) { switch (c) { case 1: ; } }\n}\nint d;\n", (0, 0, 1)),
        ("C", "struct a { int b; };\nconst int c;\n", (1, 1, 0)),
        ("Go", 'package a\nimport "b"\nfunc f(c map[string]interface{}) {\n\tfor {\n\t}\n}\n', (0, 0, 1)),
        # a class with two methods, one with a loop; an arrow, `final`
        ("Java", "class A { int f(B b) { for (;;) { } } void g() { } }", (3, 0, 0)),
        ("Java", "class A { final B b = c -> d; }", (1, 2, 0)),
        # a struct, its methods, `match`
        ("Rust", "struct A { b: c }\nimpl A { fn d(&self) { match e { _ => f } } }\nfn g() { loop { } }", (3, 1, 1)),
        ("PHP", "<?php\n$a = ['b' => 1];\n", (0, 0, 1)),
    ],
)
def test_paradigms_are_shares_of_what_shows_them(language: str, text: str, expected: tuple[float, ...]) -> None:
    told = style_of(text, language)
    whole = sum(expected)

    for name, part in zip(PARADIGM_AXES, expected, strict=True):
        assert is_close(told[name], part / whole), name


@pytest.mark.parametrize("text", ["", "\n", "  \n\t", "# only\n# comments\n", '"""Documentation."""\n'])
def test_what_has_no_code_says_nothing(text: str) -> None:
    told = style_of(text)

    assert set(told) == set(AXES)
    assert {name for name, value in told.items() if not math.isnan(value)} <= set(LAYOUT)


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_layout_and_names_of_real_files_are_those_of_plain_python(path: Path) -> None:
    text = path.read_bytes()
    told = style_of(text)

    lines = text.replace(b"\r", b"").split(b"\n")
    lines = lines[:-1] if not lines[-1] else lines
    lengths = sorted(len(line) for line in lines if line.strip(b" \t"))
    blank = sum(not line.strip(b" \t") for line in lines)
    assert is_close(told["blank_line_share"], blank / len(lines) if lines else NAN)
    for name, share in (("line_length_p50", 0.5), ("line_length_p90", 0.9)):
        rank = math.ceil(round(share * len(lengths), 6)) - 1
        assert is_close(told[name], lengths[rank] if lengths else NAN)
    with tokenize.open(path) as opened:
        tokens = list(tokenize.generate_tokens(io.StringIO(opened.read()).readline))
    if not any(tokenize.tok_name[token.type].startswith("FSTRING") for token in tokens):
        names = [len(token.string.encode()) for token in tokens if token.type == tokenize.NAME]
        assert is_close(told["name_length"], sum(names) / len(names) if names else NAN)
        assert is_close(told["single_letter_share"], names.count(1) / len(names) if names else NAN)


@given(st.lists(st.binary(max_size=60), max_size=6), st.sampled_from(["Python", "JavaScript", "C", "Ruby", None]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_have_a_style_of_their_own(texts: list[bytes], language: str | None) -> None:
    together = style(lexed(*texts, language=language), language)

    for name, values in together.items():
        assert len(values) == len(texts)
        known = values[~np.isnan(values)]
        assert (known >= 0).all()
        if name.endswith("_share"):
            assert (known <= 1).all()
    for place, text in enumerate(texts):
        alone = style(lexed(text, language=language), language)
        for name, values in alone.items():
            np.testing.assert_array_equal(values[0], together[name][place])


def test_windows_line_ends_change_nothing() -> None:
    for path in SAMPLE[::10]:
        text = path.read_bytes().replace(b"\r", b"")
        if b'"""' in text or b"'''" in text or b"\\\n" in text:
            text = b"\n".join(line for line in text.split(b"\n") if b'"""' not in line and b"\\" not in line)
        one, other = style_of(text), style_of(text.replace(b"\n", b"\r\n"))
        for name in set(AXES) - {"comment_bytes_per_line", "double_quote_share"}:
            assert is_close(one[name], other[name]), (path, name)


def test_no_texts_have_no_style() -> None:
    assert all(len(values) == 0 for values in style(lexed(), "Python").values())
    assert len(column()) == 0
