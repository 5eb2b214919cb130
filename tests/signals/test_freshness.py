"""Code is dated by its newest feature, outside comments and strings; stale markers are told by name."""

import re
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.signals.age.freshness import read_freshness
from explorer.signals.age.idioms import language, languages
from explorer.signals.evidence import gather_licence_evidence

FEATURES = [
    ("Python", "x = t'{y}'", "template string (Python 3.14)"),
    ("Python", "import annotationlib", "module annotationlib (Python 3.14)"),
    ("Python", "class A[T = int]: ...", "default of a type parameter (Python 3.13)"),
    ("Python", "from typing import (\n    Any,\n    TypeIs,\n)", "typing.TypeIs (Python 3.13)"),
    ("Python", "type Row = list[int]", "type statement (Python 3.12)"),
    ("Python", "def first[T](rows: list[T]) -> T: ...", "type parameters (Python 3.12)"),
    ("Python", "import itertools\nitertools.batched(x, 2)", "itertools.batched (Python 3.12)"),
    ("Python", "try:\n    pass\nexcept* OSError:\n    pass", "except* (Python 3.11)"),
    ("Python", "import tomllib", "module tomllib (Python 3.11)"),
    ("Python", "from typing import Any, Self", "typing.Self (Python 3.11)"),
    ("Python", "match x:\n    # one\n    case 1:\n        pass", "match statement (Python 3.10)"),
    ("Python", "def f(x: int | None): ...", "X | Y as a type (Python 3.10)"),
    ("Python", "zip(a, f(b), strict=True)", "zip(strict=) (Python 3.10)"),
    ("Python", "@dataclass(frozen=True, slots=True)\nclass A: ...", "dataclass(slots=) (Python 3.10)"),
    ("Python", "name.removeprefix('a')", "removeprefix (Python 3.9)"),
    ("Python", "rows: dict[str, int] = {}", "dict[] as a type (Python 3.9)"),
    ("Python", "if (n := len(x)) > 3: ...", "walrus operator (Python 3.8)"),
    ("Python", "def f(a, /, b): ...", "positional-only parameters (Python 3.8)"),
    ("Python", "from __future__ import annotations", "postponed annotations (Python 3.7)"),
    ("Python", "x = f'{y}'", "f-string (Python 3.6)"),
    ("Python", "async def f(): ...", "async def (Python 3.5)"),
    ("JavaScript", "const x = Object.groupBy(rows, f)", "Object.groupBy (ES2024)"),
    ("JavaScript", "rows.toSorted()", "toSorted (ES2023)"),
    ("JavaScript", "this.#count += 1", "private member (ES2022)"),
    ("JavaScript", "x ??= 1", "logical assignment (ES2021)"),
    ("JavaScript", "a?.b", "optional chaining (ES2020)"),
    ("JavaScript", "a ?? b", "nullish coalescing (ES2020)"),
    ("JavaScript", "async function f() {}", "async function (ES2017)"),
    ("JavaScript", "const f = x => x", "arrow function (ES2015)"),
    ("TypeScript", "const x = {} satisfies Row", "satisfies (TypeScript 4.9)"),
    ("TypeScript", "import type { A } from './a'", "import type (TypeScript 3.8)"),
    ("TypeScript", "rows.toSorted()", "toSorted (ES2023)"),
    ("Go", "func Map[T any](rows []T) {}", "type parameters (Go 1.18)"),
    ("Go", "for i := range 10 {}", "range over an integer (Go 1.22)"),
    ("Go", 'import (\n\t"fmt"\n\t"slices"\n)', "package slices (Go 1.21)"),
    ("Go", "b, err := os.ReadFile(name)", "os.ReadFile (Go 1.16)"),
    ("Java", "var rows = load();", "var (Java 10)"),
    ("Java", "record Point(int x, int y) {}", "record (Java 16)"),
    ("Java", 'String s = """\n  text\n  """;', "text block (Java 15)"),
    ("Java", "switch (s) { case Circle c -> 1; }", "pattern matching for switch (Java 21)"),
    ("Java", "if (o instanceof String s) {}", "pattern matching for instanceof (Java 16)"),
    ("Java", "rows.forEach(x -> f(x));", "lambda (Java 8)"),
    ("Rust", "async fn f() {}", "async (Rust 1.39)"),
    ("Rust", "let Some(x) = y else { return };", "let else (Rust 1.65)"),
    ("Rust", "static A: LazyLock<u8> = f();", "LazyLock (Rust 1.80)"),
    ("Rust", "if let Some(x) = y && let Ok(z) = x {}", "let chain (Rust 1.88)"),
    ("C#", "public record Point(int X, int Y);", "record (C# 9)"),
    ("C#", "namespace A.B;", "file-scoped namespace (C# 10)"),
    ("C#", 'var s = $"{x}";', "string interpolation (C# 6)"),
    ("PHP", "$x = match ($y) { 1 => 2 };", "match expression (PHP 8.0)"),
    ("PHP", "$a?->b", "nullsafe operator (PHP 8.0)"),
    ("PHP", "enum Suit: string {}", "enum (PHP 8.1)"),
    ("PHP", "#[Pure]\nfunction f() {}", "attribute (PHP 8.0)"),
]
NEAR_MISSES = [
    ("Python", "# type Row = int", "a comment"),
    ("Python", "#[x := 1]", "a comment with brackets"),
    ("Python", '"""\nmatch x:\n    case 1:\n"""', "a docstring"),
    ("Python", "x = 'a := b'", "a string"),
    ("Python", "x = 'a\\' := b'", "an escaped quote does not close"),
    ("Python", "match = 1\nmatch (x)\ntype = 3", "names, not statements"),
    ("Python", "rows = data[list[0]]", "an index"),
    ("Python", "print(set[x])", "an index"),
    ("Python", "x.first_match x:", "within a word"),
    ("JavaScript", "x = a ?.5 : 1", "a question and a number"),
    ("JavaScript", "/* a?.b */ // c ?? d", "comments"),
    ("JavaScript", "`a?.b`", "a template"),
    ("Go", "for i := range rows {}", "over rows"),
    ("Go", "x := `any) []any`", "a raw string"),
    ("Java", "int record = 1; String variable = x;", "names"),
    ("Java", "// x -> y\nchar c = '\"'; /* a -> b */", "a quote as a character"),
    ("Rust", 'let s = r#"async fn "quoted" .await"#;', "a raw string"),
    ("Rust", "fn f<'a>(x: &'a str) {} // dyn A", "lifetimes are no strings"),
    ("C#", "if (x == null) {}", "old code"),
    ("PHP", "# enum A {}\n$match = 1;", "a comment"),
    ("C", "match x:\n case 1:", "a language without idioms"),
]
STALE = [
    ("Python", "print 'x'\nprint x\n", ("Python 2 print",)),
    ("Python", "try:\n    pass\nexcept OSError, e:\n    pass", ("Python 2 except",)),
    ("Python", "import imp\nfrom distutils.core import setup", ("module imp", "module distutils")),
    ("Python", "x = np.float(1)\ny = np.float64(1)", ("np.float",)),
    ("Python", "df = df.append(row)", ("DataFrame.append",)),
    ("Python", "with tf.Session() as s: ...\nimport sklearn.externals", ("tf.Session", "module sklearn.externals")),
    ("Python", "@asyncio.coroutine\ndef f(): ...", ("asyncio.coroutine",)),
    ("Python", "print('x')\n# import imp\nimport important\nx.print y", ()),
    ("JavaScript", "class A { componentWillMount() {} }\nnew Buffer(3)", ("componentWillMount", "new Buffer")),
    ("TypeScript", "ReactDOM.render(x, y)", ("ReactDOM.render",)),
    ("Go", "ioutil.ReadAll(r)", ("ioutil.ReadAll",)),
    ("Java", "new Integer(3)", ("new Integer",)),
    ("Rust", "try!(f())", ("try!",)),
    ("PHP", "mysql_query($q); mysql_query($r);", ("mysql_query",)),
]


def batch_of(*texts: tuple[str | None, bytes | None]) -> pa.RecordBatch:
    names, contents = zip(*texts, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(contents, pa.large_binary()), pa.array(names, pa.string())], names=["content", "language"]
    )


def told(name: str, text: str) -> dict[str, object]:
    return read_freshness(batch_of((name, text.encode()))).to_pylist()[0]


@pytest.mark.parametrize(("name", "text", "feature"), FEATURES)
def test_a_feature_dates_its_text(name: str, text: str, feature: str) -> None:
    found = told(name, f"\n{text}\n")
    assert found["not_before_feature"] == feature
    assert isinstance(found["not_before"], date)


@pytest.mark.parametrize(("name", "text", "why"), NEAR_MISSES)
def test_what_only_looks_like_a_feature_does_not(name: str, text: str, why: str) -> None:
    assert told(name, text)["not_before"] is None, why


@pytest.mark.parametrize(("name", "text", "markers"), STALE)
def test_stale_markers_are_told(name: str, text: str, markers: tuple[str, ...]) -> None:
    assert told(name, text)["stale_markers"] == list(markers)


def test_the_newest_feature_counts() -> None:
    found = told("Python", "import enum\nx = f'{y}'\ntype A = int\nif (n := 1): ...")
    assert found == {
        "not_before": date(2023, 10, 2),
        "not_before_feature": "type statement (Python 3.12)",
        "stale_markers": [],
    }


def test_missing_stays_missing() -> None:
    batch = batch_of(("Python", None), (None, b"x := 1"), ("Text", b"x := 1"), ("Python", b""), ("Python", b"f''"))
    assert read_freshness(batch)["stale_markers"].to_pylist() == [None, None, None, [], []]
    assert read_freshness(batch.slice(4))["not_before"].to_pylist() == [date(2016, 12, 23)]


def test_many_texts_are_dated_as_each_by_itself() -> None:
    cases = [(name, text.encode()) for name, text, _ in (*FEATURES, *NEAR_MISSES, *STALE)]
    together = read_freshness(batch_of(*cases)).to_pylist()
    assert together == [read_freshness(batch_of(case)).to_pylist()[0] for case in cases]


@pytest.mark.parametrize("name", languages())
def test_every_idiom_can_be_built(name: str) -> None:
    known = language(name)
    dates = [idiom.since for idiom in known.idioms if idiom.since]
    assert dates == sorted(dates, reverse=True)
    assert all("{}" not in idiom.name or (idiom.pattern and idiom.pattern.groups) for idiom in known.idioms)


def without_strings(text: bytes) -> bytes:
    """Python without comments and the insides of strings, by a regular expression."""
    token = rb"#[^\n]*|(\"\"\"|''')(?:\\.|(?!\1).)*(?:\1|\Z)|([\"'])(?:\\.|(?!\2)[^\n])*(?:\2|$|\Z)"
    return re.sub(token, b" ", text, flags=re.DOTALL | re.MULTILINE)


scraps = st.sampled_from([b'"', b"'", b'"""', b"'''", b"\\", b"\n", b"#", b"a ", b":= b", b"x", b"[", b" "])


@settings(deadline=None, max_examples=300)
@given(st.lists(scraps, max_size=24).map(b"".join))
def test_strings_and_comments_are_left_out_as_by_a_pattern(text: bytes) -> None:
    found = read_freshness(batch_of(("Python", text)))["not_before"][0].as_py()
    assert (found is not None) == (b":= b" in without_strings(text))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(languages()), st.lists(scraps | st.binary(max_size=8), max_size=30).map(b"".join))
def test_any_bytes_are_read_without_trouble(name: str, text: bytes) -> None:
    read_freshness(batch_of((name, text), (name, text + b'"'), (name, b"/*" + text)))


@pytest.mark.parametrize("name", languages())
@pytest.mark.parametrize(
    "part", ["match x:\n", "def f(a, ", "(" * 9, "'", '"""', "zip(a(", "let x = ", "case A ", 'r#"#']
)
def test_a_monstrous_text_is_read_in_time(name: str, part: str) -> None:
    read_freshness(batch_of((name, part.encode() * (300_000 // len(part)))))


def test_all_evidence_of_a_batch_stands_side_by_side() -> None:
    columns = {
        "content": pa.array([b"# MIT license\nx = f'{y}'", None], pa.large_binary()),
        "path": pa.array(["a.py", "LICENSE"]),
        "commit_date": pa.array(["2021-03-04T05:06:07Z", "1980-01-01"]),
    }
    found = gather_licence_evidence(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))
    kinds = {name: str(kind) for name, kind in zip(found.schema.names, found.schema.types, strict=True)}
    assert kinds == {
        "header_license": "string",
        "header_evidence": "string",
        "license_text": "string",
        "license_similarity": "float",
        "date_text": "string",
        "date_source": "string",
        "not_before": "date32[day]",
        "not_before_feature": "string",
        "stale_markers": "list<item: string>",
    }
    assert found.to_pylist()[0] == {
        "header_license": "MIT",
        "header_evidence": 'phrase, line 1: "mit license"',
        "license_text": None,
        "license_similarity": None,
        "date_text": "2021-03-04",
        "date_source": "commit_date",
        "not_before": date(2016, 12, 23),
        "not_before_feature": "f-string (Python 3.6)",
        "stale_markers": [],
    }
    assert set(found.slice(1).to_pylist()[0].values()) == {None, "not real"}
