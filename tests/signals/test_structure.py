"""Functions, blocks and error handling: Python's own parser as the oracle on real files, hand-checked cases elsewhere."""

import ast
import sysconfig
import warnings
from pathlib import Path

import pytest

from tests.signals import structure_oracle
from tests.signals.code import signals, structure

LARGEST = 200_000
LEAST_EQUAL = 0.99
CELLS = (
    *("functions", "classes", "public", "documented", "handlers", "specific", "swallowed", "guards", "branches"),
    "nesting",
)


def standard_texts() -> list[str]:
    """Every fourth file of the standard library that its parser takes."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    paths = [path for path in sorted(folder.rglob("*.py")) if "site-packages" not in path.parts][::4]
    return [path.read_text("utf-8") for path in paths if path.stat().st_size < LARGEST and is_python(path)]


def is_python(path: Path) -> bool:
    """Whether a file is UTF-8 and parses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(path.read_text("utf-8"))
        except (SyntaxError, ValueError):
            return False
    return True


def test_real_python_has_the_structure_that_its_parser_finds() -> None:
    texts = standard_texts()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = [structure_oracle.read(text) for text in texts]
    found = [structure(text) for text in texts]
    assert len(texts) > 200
    for name in CELLS:
        equal = sum(mine.get(name, 0) == theirs[name] for mine, theirs in zip(found, expected, strict=True))
        assert equal >= LEAST_EQUAL * len(texts), name


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("Python", "async def f():\n    async with a:\n        pass\n", {"functions": 1, "cleaned": 1}),
        ("Python", "class A:\n    '''d'''\n    def f(self):\n        '''e'''\n", {"public": 2, "documented": 2}),
        ("Python", "def f():\n    def g():\n        pass\n", {"functions": 2, "public": 1}),
        ("Python", "def f(a): assert a; return a\n", {"functions": 1}),
        ("Python", "try: f()\nexcept: pass\n", {"handlers": 1, "swallowed": 1}),
        ("Python", "try:\n    f()\nexcept (A, Exception) as e:\n    g(e)\n", {"handlers": 1}),
        ("Python", "if a:\n\tif b:\n\t\tif c:\n\t\t\tpass\n", {"nesting": 3}),
        ("Python", "def f(a):\n if a: return\n elif b: return\n if c: d()\n elif e: raise F\n", {"guards": 3}),
        ("Python", "class _A:\n def f(self): pass\n class B: pass\ndef g(): pass\n", {"public": 1}),
        ("Python", "def f(a):\n match a:\n  case 1: b\n  case 2: c\n", {"branches": 2, "nesting": 2}),
        ("Python", "match = 1\ncase = 2\n", {"assigned_lines": 2}),
        ("JavaScript", "try { f() } catch (e) { }\n", {"handlers": 1, "swallowed": 1}),
        ("JavaScript", "const f = (a) => { return a }\nclass B { g() { } }\n", {"functions": 2, "classes": 1}),
        ("JavaScript", "function f(a) {\n  if (!a) throw new Error('x')\n}\n", {"functions": 1, "guards": 1}),
        ("TypeScript", "export async function f(): Promise<void> {\n  await g()\n}\n", {"functions": 1, "public": 1}),
        ("Java", "class A { void f() { try { g(); } catch (IOException e) { h(e); } finally { i(); } } }", {"specific": 1}),
        ("Java", "class A { /** d */ public int f() { return 1; } }", {"public": 1, "documented": 1, "one_liners": 1}),
        ("C", "int f(int a)\n{\n  if (!a)\n    return -1;\n  return a;\n}\n", {"functions": 1, "guards": 1}),
        ("C", "#define F(x) { x }\n#if 0\n#endif\nstruct s { int a; };\n", {"classes": 1, "macro_lines": 3}),
        ("C++", "namespace n { class A { void f() { try { } catch (...) { } } }; }", {"handlers": 1, "functions": 1}),
        ("Go", "func F(a int) error {\n\tif err := g(a); err != nil {\n\t\treturn err\n\t}\n\treturn nil\n}\n", {"handlers": 1}),
        ("Go", "func f() {\n\tdefer x.Close()\n}\n", {"functions": 1, "cleaned": 1}),
        ("Rust", "pub fn f() -> R {\n    let a = g()?;\n    Ok(h(a)?)\n}\n", {"functions": 1, "public": 1, "handlers": 2}),
        ("PHP", "<?php function f($a) { try { g($a); } catch (Exception $e) { throw $e; } }", {"handlers": 1}),
        ("Kotlin", "class A { fun f(a: Int) { require(a > 0) } }", {"functions": 1, "classes": 1, "guards": 1}),
        ("Swift", "func f(a: Int?) {\n  guard let b = a else { return }\n}\n", {"functions": 1, "branches": 1}),
        ("C#", "class A { public void F() { using (var s = G()) { } } }", {"functions": 1, "public": 1}),
    ],
)  # fmt: skip
def test_what_stands_in_a_text_is_counted(language: str, text: str, expected: dict[str, int]) -> None:
    found = structure(text, language)
    assert {name: found.get(name, 0) for name in expected} == expected, found


@pytest.mark.parametrize("text", ["{" * 50_000, "def f():\n" + " if a:\n" * 5_000, "if a:\n" * 1_000 + "}" * 1_000])
def test_blocks_without_end_are_followed_only_so_far(text: str) -> None:
    for language in ("Python", "C", "Rust", "JavaScript"):
        structure(text, language)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "x", "\r\n\r\n", "'''open", "\tif a:\r\n\t\tpass\r\n"])
def test_next_to_nothing_has_no_function(text: str) -> None:
    found = signals(text)
    assert (found["functions"], found["guards_per_function"], found["function_length_p90"]) == (0, None, None)
