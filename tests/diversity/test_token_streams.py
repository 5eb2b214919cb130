"""Streams of tokens: the names that Python's own tokenizer finds, and nothing of comments, strings or blanks."""

import io
import tokenize
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.languages.streams import KEYWORD, LITERAL, NAME, OF_CLASS, OF_FUNCTION, PLAIN, SIGN, bare
from explorer.languages.words import KEYWORDS
from tests.diversity.looked_at import STANDARD, lexed, raw, spelled, stream

SAMPLE = STANDARD[:: max(len(STANDARD) // 60, 1)][:60]
OF_NAMES = (NAME, KEYWORD)
LITERALS = {tokenize.STRING: 1, tokenize.NUMBER: 2}

CODE_LINES = ("x = 1", "def f(a, b):", "    return a + 'b'", "call(x)", "class A:", "    y = 2.5", "if x: pass")
NOISE = ("", "   ", "\t", "# a comment", "    # another: def f()", '"""Documentation."""', "'''more'''")


def tokens_of(path: Path) -> list[tokenize.TokenInfo]:
    with tokenize.open(path) as opened:
        return list(tokenize.generate_tokens(io.StringIO(opened.read()).readline))


def has_parted_strings(tokens: list[tokenize.TokenInfo]) -> bool:
    """Whether the tokenizer cuts strings with expressions into pieces, as it does from Python 3.12 on."""
    return any(tokenize.tok_name[token.type].startswith(("FSTRING", "TSTRING")) for token in tokens)


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_names_of_real_python_are_those_of_tokenize(path: Path) -> None:
    theirs = tokens_of(path)
    if has_parted_strings(theirs):
        pytest.skip("strings with expressions are cut into pieces")
    text = path.read_bytes()
    told = stream(text)
    mine = [
        text[begin:end].decode("utf-8", "replace")
        for kind, begin, end in zip(told.kinds, told.begins, told.ends, strict=True)
        if kind in OF_NAMES
    ]

    assert mine == [token.string for token in theirs if token.type == tokenize.NAME]
    numbers = sum(token.type == tokenize.NUMBER for token in theirs)
    assert int((told.hashes == LITERALS[tokenize.NUMBER]).sum()) == numbers
    assert int((told.hashes == LITERALS[tokenize.STRING]).sum()) <= sum(t.type == tokenize.STRING for t in theirs)


def test_the_sample_is_large() -> None:
    assert len(SAMPLE) == 60


@given(st.lists(st.tuples(st.sampled_from(CODE_LINES), st.lists(st.sampled_from(NOISE), max_size=3)), max_size=12))
@settings(max_examples=150, deadline=None)
def test_comments_documentation_and_blanks_leave_no_trace(lines: list[tuple[str, list[str]]]) -> None:
    plain = "".join(f"{code}\n" for code, _ in lines)
    noisy = "".join(f"{code}  # said\n" + "".join(f"{line}\n" for line in noise) for code, noise in lines)

    one, other = stream(plain), stream(noisy)

    assert one.hashes.tolist() == other.hashes.tolist()
    assert one.kinds.tolist() == other.kinds.tolist()
    assert one.names.tolist() == other.names.tolist()


@given(st.lists(st.sampled_from(["x", "y", "xy", "yx", "_", "x1", "größe", "if", "(", "+", "=", "'a'", '"b"', "7"])))
@settings(max_examples=150, deadline=None)
def test_equal_spelling_is_an_equal_hash(words: list[str]) -> None:
    told = stream("x = " + " ".join(words), language="JavaScript")
    by_hash: dict[int, set[str]] = defaultdict(set)
    by_word: dict[str, set[int]] = defaultdict(set)
    for word, value in zip(["x", "=", *words], told.hashes.tolist(), strict=True):
        meant = "string" if word[0] in "'\"" else "number" if word.isdigit() else word
        by_hash[value].add(meant)
        by_word[meant].add(value)

    assert all(len(those) == 1 for those in (*by_hash.values(), *by_word.values()))


def test_all_spellings_of_the_library_have_hashes_of_their_own() -> None:
    texts = [path.read_bytes() for path in SAMPLE]
    cut = lexed(*texts)
    told = stream(*texts)
    by_hash: dict[int, set[bytes]] = defaultdict(set)
    for kind, value, begin, end in zip(told.kinds, told.hashes.tolist(), told.begins, told.ends, strict=True):
        if kind != LITERAL:
            by_hash[value].add(cut.text[begin:end].tobytes())

    assert len(by_hash) > 2_000
    assert all(len(spellings) == 1 for spellings in by_hash.values())


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("Python", "x = 'a' + \"b\" + '''c\nd'''", "x = S + S + S"),
        ("Python", "y = 1 + 0xFF + 2.5e3 + 1_000", "y = N + N + N + N"),
        ("Python", 'def f():\n    """Says."""\n    return None  # why', "<def> f ( ) : <return> <None>"),
        ("Python", "f('x\ny", "f ( S y"),
        ("Python", 'f("""x\ny', "f ( S"),
        ("Python", "a = b\r\nc\r\n", "a = b c"),
        ("Python", "", ""),
        ("Python", "# only\n\n# comments", ""),
        ("JavaScript", "// a\nfunction f(b) { return `x${b}` /* c */ }", "<function> f ( b ) { <return> S }"),
        ("JavaScript", "let a = b?.c ?? 'd'", "<let> a = b ? . c ? ? S"),
        ("C", "#include <a.h>\n/* b */ int *p = &q->r;", "# <include> < a . h > <int> * p = & q - > r ;"),
        ("C", 'char c = \'x\'; // d\ns = "y" "z";', "<char> c = S ; s = S S ;"),
        ("Go", "x := `raw\\` // c\nfunc f() {}", "x : = S <func> f ( ) { }"),
        ("Ruby", '# a\ndef f(b)\n  puts "#{b}" unless @c\nend', "<def> f ( b ) puts S <unless> @ c end"),
        (
            "SQL",
            "select a.b -- c\nfrom d where e = 'it''s' and f > 1",
            "select a . b <from> d <where> e = S <and> f > N",
        ),
        ("HTML", "<p class=x>don't</p><!-- c -->", "< p <class> = x > don ' t < / p >"),
        (None, 'a = "b" // c', "a = S"),
    ],
)
def test_streams_are_the_code(language: str | None, text: str, expected: str) -> None:
    assert spelled(text, language) == expected


def test_invalid_utf8_is_part_of_a_name() -> None:
    told = stream(b"a\xff\xfe = 1\n\xc3( = b")

    assert told.kinds.tolist() == [NAME, SIGN, LITERAL, NAME, SIGN, SIGN, NAME]
    assert told.ends[0] - told.begins[0] == 3


def test_what_a_name_names_is_told_by_the_word_before() -> None:
    told = stream("def f(a): pass\nclass B(f): pass")
    names = told.names[told.kinds == NAME].tolist()

    assert names == [OF_FUNCTION, PLAIN, OF_CLASS, PLAIN]
    rust = stream("fn f() {} struct A; let fnord = 1;", language="Rust")
    assert rust.names[rust.kinds == NAME].tolist() == [OF_FUNCTION, OF_CLASS, PLAIN]


def test_texts_follow_one_another_and_may_be_empty() -> None:
    told = stream("", "x = 1", "# c", "", "y")

    assert told.firsts.tolist() == [0, 0, 3, 3, 3, 4]
    assert told.hashes[0] != told.hashes[3]
    assert stream().firsts.tolist() == [0]


@given(st.lists(st.binary(max_size=40), max_size=5), st.sampled_from(["Python", "C", "Ruby", "HTML", None]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_have_a_stream_that_stays_within_them(texts: list[bytes], language: str | None) -> None:
    told = stream(*texts, language=language)
    whole, ends = b"".join(texts), 0

    assert len(told.firsts) == len(texts) + 1
    for place, text in enumerate(texts):
        those = slice(told.firsts[place], told.firsts[place + 1])
        assert (told.begins[those] >= ends).all()
        ends += len(text)
        assert (told.ends[those] <= ends).all()
    assert all(whole[begin:end].strip() for begin, end in zip(told.begins, told.ends, strict=True))


def test_bare_code_is_each_token_and_a_blank() -> None:
    texts = ("", 'def f(): # c\n    """d"""\n    return "e"\n', "# c", "x=1.5")
    cut = lexed(*texts)
    written, firsts = bare(stream(*texts), cut.text)

    assert written.tobytes() == b'def f ( ) : return "e" x = 1.5 '
    assert [written[a:b].tobytes() for a, b in pairwise(firsts)] == [
        b"",
        b'def f ( ) : return "e" ',
        b"",
        b"x = 1.5 ",
    ]


def test_every_keyword_is_one_in_every_language() -> None:
    words = KEYWORDS.split()
    told = stream(raw(" ".join(words)), language="Go")

    assert set(told.kinds.tolist()) == {KEYWORD}
    assert len(set(words)) == len(words)
    assert "function" in words
