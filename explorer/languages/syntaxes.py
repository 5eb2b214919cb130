"""How each language writes comments and strings, as data, and the same as a table for the compiled lexer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

NO_STRING, LINE, LINES, DOUBLED, RAW, CHARACTER = range(6)
"""What a quote begins: nothing; a string that ends with the line, or not; one whose quote is doubled inside it; one
without escapes; a character, and else nothing (`'a` of Rust and Haskell is a name)."""


@dataclass(frozen=True)
class Comment:
    """How a comment begins and ends; one without an end goes to the end of the line."""

    begin: str
    end: str = ""
    nests: bool = False
    is_doc: bool = False
    needs_blank: bool = False
    """Whether it begins only at the start of a word, as in a shell."""


@dataclass(frozen=True)
class Syntax:
    """The comments and strings of a language."""

    comments: tuple[Comment, ...] = ()
    single: int = NO_STRING
    double: int = NO_STRING
    back: int = NO_STRING
    """What `'`, `"` and a backtick begin."""
    triple_single: bool = False
    triple_double: bool = False
    """Whether three of them begin a string that ends with three."""
    prefixes: bool = False
    """Whether one or two letters may stand before the quote of a string, as `rb"…"`."""
    raw: str = ""
    """`rust` for r#"…"#, `c++` for R"x(…)x", `lua` for [[…]], `c#` for @"…"."""
    docstrings: bool = False
    """Whether a string that is a statement of its own is documentation."""


_SLASHES = (Comment("///", is_doc=True), Comment("//"), Comment("/**", "*/", is_doc=True), Comment("/*", "*/"))
_HASH = (Comment("#"),)
_SHELL_HASH = (Comment("#", needs_blank=True),)
_MARKUP = (Comment("<!--", "-->"),)
_C = Syntax(_SLASHES, LINE, LINE)

NEUTRAL = Syntax((Comment("#", needs_blank=True), Comment("//"), Comment("/*", "*/")), NO_STRING, LINE)
"""For languages that are not known; apostrophes may be prose."""

SYNTAXES: Mapping[str, Syntax] = {
    "Assembly": Syntax((Comment(";"), *_HASH, Comment("/*", "*/")), NO_STRING, LINE),
    "C": _C,
    "C#": replace(_C, raw="c#", triple_double=True),
    "C++": replace(_C, raw="c++"),
    "CMake": Syntax((Comment("#[[", "]]"), *_HASH), NO_STRING, LINES),
    "CSS": Syntax((Comment("/*", "*/"),), LINE, LINE),
    "CUDA": replace(_C, raw="c++"),
    "Cython": Syntax(_HASH, LINE, LINE, NO_STRING, True, True, prefixes=True, docstrings=True),
    "Dart": replace(_C, triple_single=True, triple_double=True, prefixes=True),
    "Dockerfile": Syntax(_SHELL_HASH, LINE, LINE),
    "Elixir": Syntax(_HASH, LINE, LINES, NO_STRING, True, True),
    "Erlang": Syntax((Comment("%"),), LINE, LINES),
    "Go": replace(_C, back=RAW),
    "Groovy": replace(_C, triple_single=True, triple_double=True),
    "HTML": Syntax(_MARKUP),
    "Haskell": Syntax(
        (Comment("{-|", "-}", nests=True, is_doc=True), Comment("{-", "-}", nests=True), Comment("--")), CHARACTER, LINE
    ),
    "INI": Syntax((Comment(";", needs_blank=True), *_SHELL_HASH)),
    "JSON": Syntax((), NO_STRING, LINE),
    "Java": replace(_C, triple_double=True),
    "JavaScript": replace(_C, back=LINES),
    "Julia": Syntax((Comment("#=", "=#", nests=True), *_HASH), CHARACTER, LINES, LINES, False, True, True, "", True),
    "Kotlin": Syntax(
        (*_SLASHES[:2], Comment("/**", "*/", nests=True, is_doc=True), Comment("/*", "*/", nests=True)),
        LINE,
        LINE,
        NO_STRING,
        False,
        True,
    ),
    "Less": replace(_C, back=LINE),
    "Lua": Syntax((Comment("--[[", "]]"), Comment("--")), LINE, LINE, raw="lua"),
    "Makefile": Syntax(_SHELL_HASH),
    "Markdown": Syntax(_MARKUP),
    "OCaml": Syntax((Comment("(**", "*)", nests=True, is_doc=True), Comment("(*", "*)", nests=True)), CHARACTER, LINES),
    "Objective-C": _C,
    "PHP": replace(_C, comments=(*_SLASHES, *_HASH), single=LINES, double=LINES, back=LINES),
    "Pascal": Syntax((Comment("{", "}"), Comment("(*", "*)"), Comment("//")), DOUBLED),
    "Perl": Syntax((Comment("=pod", "=cut", is_doc=True), *_SHELL_HASH), LINES, LINES, LINES),
    "PowerShell": Syntax((Comment("<#", "#>"), *_SHELL_HASH), DOUBLED, LINES),
    "Python": Syntax(_HASH, LINE, LINE, NO_STRING, True, True, prefixes=True, docstrings=True),
    "R": Syntax((Comment("#'", is_doc=True), *_HASH), LINES, LINES, LINES),
    "Ruby": Syntax((Comment("=begin", "=end", is_doc=True), *_SHELL_HASH), LINES, LINES, LINES),
    "Rust": Syntax(
        (
            *(Comment(begin, is_doc=True) for begin in ("///", "//!")),
            Comment("//"),
            Comment("/**", "*/", nests=True, is_doc=True),
            Comment("/*", "*/", nests=True),
        ),
        CHARACTER,
        LINES,
        raw="rust",
        prefixes=True,
    ),
    "SCSS": _C,
    "SQL": Syntax((Comment("--"), Comment("/*", "*/")), DOUBLED, DOUBLED, LINE),
    "Scala": Syntax(
        (*_SLASHES[:2], Comment("/**", "*/", nests=True, is_doc=True), Comment("/*", "*/", nests=True)),
        CHARACTER,
        LINE,
        NO_STRING,
        False,
        True,
        prefixes=True,
    ),
    "Shell": Syntax(_SHELL_HASH, RAW, LINES, LINES),
    "Swift": Syntax(
        (*_SLASHES[:2], Comment("/**", "*/", nests=True, is_doc=True), Comment("/*", "*/", nests=True)),
        NO_STRING,
        LINE,
        NO_STRING,
        False,
        True,
    ),
    "TOML": Syntax(_HASH, RAW, LINE, NO_STRING, True, True),
    "TeX": Syntax((Comment("%"),)),
    "Text": Syntax(),
    "TypeScript": replace(_C, back=LINES),
    "Vue": Syntax((*_MARKUP, *_SLASHES), NO_STRING, LINE, LINES),
    "XML": Syntax(_MARKUP),
    "YAML": Syntax(_SHELL_HASH, DOUBLED, LINES),
    "Zig": replace(_C, single=CHARACTER),
    "reStructuredText": Syntax(),
}

MOST_COMMENTS = 6
COMMENT_CELLS = 18
"""Cells of a comment in the table: length and 7 bytes of its beginning, the same of its end, then its flags."""
CLOSING = 8
FLAGS = 16
NESTS, IS_DOC, NEEDS_BLANK = 1, 2, 4

QUOTES = MOST_COMMENTS * COMMENT_CELLS
"""Where the table tells what `'`, `"` and a backtick begin, then which of them three may stand of, then the rest."""
TRIPLES, PREFIXES, RAW_KIND, DOCSTRINGS, COMMENTS = QUOTES + 3, QUOTES + 6, QUOTES + 7, QUOTES + 8, QUOTES + 9
CLASSES = 128
"""Where the table tells the class of each of the 256 bytes."""

SPACE, NEWLINE, WORD, DIGIT, QUOTE, MARK, OTHER = range(7)
"""Classes of bytes; a MARK may begin a comment."""

RAW_KINDS = ("", "rust", "c++", "lua", "c#")


@cache
def rules_of(language: str | None) -> npt.NDArray[np.uint8]:
    """Returns the syntax of a language as a uint8 table of 384 cells for the lexer."""
    syntax = SYNTAXES.get(language or "", NEUTRAL)
    table = np.zeros(CLASSES + 256, np.uint8)
    for place, comment in enumerate(syntax.comments):
        cells = table[place * COMMENT_CELLS : (place + 1) * COMMENT_CELLS]
        for start, text in ((0, comment.begin), (CLOSING, comment.end)):
            cells[start] = len(text)
            cells[start + 1 : start + 1 + len(text)] = list(text.encode())
        cells[FLAGS] = comment.nests * NESTS | comment.is_doc * IS_DOC | comment.needs_blank * NEEDS_BLANK
    table[QUOTES:TRIPLES] = syntax.single, syntax.double, syntax.back
    table[TRIPLES:PREFIXES] = syntax.triple_single, syntax.triple_double, False
    table[PREFIXES], table[RAW_KIND], table[DOCSTRINGS] = (
        syntax.prefixes,
        RAW_KINDS.index(syntax.raw),
        syntax.docstrings,
    )
    table[COMMENTS] = len(syntax.comments)
    table[CLASSES:] = _classes(syntax)
    return table


def _classes(syntax: Syntax) -> npt.NDArray[np.uint8]:
    classes = np.full(256, OTHER, np.uint8)
    classes[[*b" \t\r\x0b\x0c\x00"]] = SPACE
    classes[ord("\n")] = NEWLINE
    classes[[*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", *range(0x80, 0x100)]] = WORD
    classes[[*b"0123456789"]] = DIGIT
    for quote, kind in zip(b"'\"`", (syntax.single, syntax.double, syntax.back), strict=True):
        if kind != NO_STRING:
            classes[quote] = QUOTE
    for comment in syntax.comments:
        classes[ord(comment.begin[0])] = MARK
    if syntax.raw in ("lua", "c#"):
        classes[ord("[" if syntax.raw == "lua" else "@")] = MARK
    return classes
