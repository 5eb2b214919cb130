"""The lexer: what it takes for comments, strings and names, held against Python's own tokenizer and hand-checked cases."""

import io
import sysconfig
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.languages.lexing import COMMENT, DOC, IDENTIFIER, NEWLINE, NUMBER, STRING, word_hash
from explorer.languages.syntaxes import SYNTAXES, rules_of
from tests.signals.code import lexed

STANDARD = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
NAMES = {IDENTIFIER: "name", NUMBER: "number", STRING: "string", COMMENT: "comment", DOC: "doc"}
LISTED = (
    *(
        "Python",
        "JavaScript",
        "TypeScript",
        "Java",
        "C",
        "C++",
        "C#",
        "Go",
        "Rust",
        "PHP",
        "Ruby",
        "Shell",
        "SQL",
        "HTML",
    ),
    *("CSS", "Kotlin", "Swift", "Scala", "Lua", "R", "Julia", "Haskell", "OCaml", "Perl", "YAML", "JSON", "Markdown"),
)


def told(text: str, language: str) -> str:
    """Names and comments, strings and documentation in order, the marks left out."""
    return " ".join(f"{NAMES[kind]}:{part}" for kind, part in lexed(text, language) if kind in NAMES)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("Python", "x = r'a\\'b' # c", "name:x string:r'a\\'b' comment:# c"),
        ("Python", '"""d"""\nf("""s""")', 'doc:"""d""" name:f string:"""s"""'),
        ("Python", "a = [\n'x'\n]", "name:a string:'x'"),
        ("Python", "'open\nx", "doc:'open name:x"),
        ("Python", "f'{x}' rb'y'", "doc:f'{x}' string:rb'y'"),
        ("JavaScript", "`a\n${b}` // c\n/* d */", "string:`a\n${b}` comment:// c comment:/* d */"),
        ("JavaScript", "/** doc */ let a = 'x'", "doc:/** doc */ name:let name:a string:'x'"),
        ("TypeScript", 'a?: "b"', 'name:a string:"b"'),
        ("Java", '"""text\nblock""" \'c\'', 'string:"""text\nblock""" string:\'c\''),
        ("C", "/* open", "comment:/* open"),
        ("C", "a /// b\n'\\n'", "name:a doc:/// b string:'\\n'"),
        ("C++", 'R"x(a)"b)x" c', 'string:R"x(a)"b)x" name:c'),
        ("C#", '@"a""b" c', 'string:@"a""b" name:c'),
        ("Go", "`raw\\` // x", "string:`raw\\` comment:// x"),
        ("Rust", "fn f<'a>(c: char) { 'x' }", "name:fn name:f name:a name:c name:char string:'x'"),
        ("Rust", 'r#"a"b"# /* a /* b */ c */ d', 'string:r#"a"b"# comment:/* a /* b */ c */ name:d'),
        ("PHP", "# a\n'b' // c", "comment:# a string:'b' comment:// c"),
        ("Ruby", "a#b\n# c\n=begin\nd\n=end\ne", "name:a name:b comment:# c doc:=begin\nd\n=end name:e"),
        ("Shell", "echo $#x 'a' # b", "name:echo name:x string:'a' comment:# b"),
        ("SQL", "select 'it''s' -- c", "name:select string:'it''s' comment:-- c"),
        ("HTML", "<p>don't</p><!-- c -->", "name:p name:don name:t name:p comment:<!-- c -->"),
        ("CSS", "a { } /* b */", "name:a comment:/* b */"),
        ("Kotlin", '"""a"b""" /* x /* y */ z */', 'string:"""a"b""" comment:/* x /* y */ z */'),
        ("Swift", "a // b", "name:a comment:// b"),
        ("Scala", "s\"a\" 'c'", "string:s\"a\" string:'c'"),
        ("Lua", "[[a\nb]] --[[ c\nd ]] e", "string:[[a\nb]] comment:--[[ c\nd ]] name:e"),
        ("R", "#' doc\n# c", "doc:#' doc comment:# c"),
        ("Julia", "#= a #= b =# c =# d", "comment:#= a #= b =# c =# name:d"),
        ("Haskell", "x' = 'c' {- a {- b -} c -} -- d", "name:x string:'c' comment:{- a {- b -} c -} comment:-- d"),
        ("OCaml", "(* a (* b *) c *) let x = 'a", "comment:(* a (* b *) c *) name:let name:x name:a"),
        ("Perl", "$#a # b", "name:a comment:# b"),
        ("YAML", "a: b#c # d\nk: 'it''s'", "name:a name:b name:c comment:# d name:k string:'it''s'"),
        ("JSON", '{"a": 1}', 'string:"a" number:1'),
        ("Markdown", "don't <!-- c -->", "name:don name:t comment:<!-- c -->"),
    ],
)
def test_comments_and_strings_are_those_of_the_language(language: str, text: str, expected: str) -> None:
    assert told(text, language) == expected


def test_every_listed_language_has_a_syntax() -> None:
    assert set(LISTED) <= set(SYNTAXES)
    assert len({rules_of(language).tobytes() for language in ("Python", "C", "SQL", "Lua", None)}) == 5


@pytest.mark.parametrize("path", STANDARD[::9], ids=lambda path: path.stem)
def test_comments_and_strings_of_real_python_are_those_of_tokenize(path: Path) -> None:
    text = path.read_text("utf-8")
    mine = lexed(text, "Python")
    theirs = list(tokenize.generate_tokens(io.StringIO(text).readline))
    assert [part for kind, part in mine if kind == COMMENT] == [t.string for t in theirs if t.type == tokenize.COMMENT]
    assert [part for kind, part in mine if kind in (STRING, DOC)] == [
        t.string for t in theirs if t.type == tokenize.STRING
    ]
    assert [part for kind, part in mine if kind == IDENTIFIER] == [t.string for t in theirs if t.type == tokenize.NAME]


@given(st.binary(max_size=300), st.sampled_from([*LISTED, None]))
@settings(max_examples=150, deadline=None)
def test_tokens_follow_one_another_and_leave_out_only_blanks(text: bytes, language: str | None) -> None:
    rest = text
    for kind, part in lexed(text, language):
        raw = part.encode("utf-8", "surrogateescape")
        gap, rest = rest[: rest.index(raw)], rest[rest.index(raw) + len(raw) :]
        assert raw
        assert not gap.strip(b" \t\r\x0b\x0c\x00")
        assert (kind == NEWLINE) == (raw == b"\n")
    assert not rest.strip(b" \t\r\x0b\x0c\x00")


def test_a_hash_is_the_published_fnv() -> None:
    assert [word_hash(word) for word in ("", "a", "foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]
