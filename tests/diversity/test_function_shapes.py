"""Shapes of functions: hand-checked pairs that have one shape, or two, and what is a function at all."""

import ast
from pathlib import Path

import numpy as np
import pytest

from explorer.diversity.shapes import shapes
from tests.diversity.looked_at import STANDARD, lexed, shapes_of

BASE = {
    "Python": "def f(a):\n    if a:\n        return 1\n    for b in a:\n        g(b)\nx\n",
    "Ruby": "def f(a)\n  if a\n    return 1\n  end\n  a.each do |b|\n    g(b)\n  end\nend\n",
    "JavaScript": "function f(a) {\n  if (a) {\n    return 1;\n  }\n  for (const b of a) {\n    g(b);\n  }\n}\n",
    "C": "int f(int *a) {\n  if (a) {\n    return 1;\n  }\n  for (;*a;) {\n    g(a);\n  }\n}\n",
    "Go": "func f(a []int) int {\n\tif a != nil {\n\t\treturn 1\n\t}\n\tfor _, b := range a {\n\t\tg(b)\n\t}\n}\n",
    "Rust": "fn f(a: &[i32]) -> i32 {\n    if a {\n        return 1;\n    }\n    for b in a {\n        g(b);\n    }\n}\n",
    "Java": "int f(int[] a) {\n  if (a) {\n    return 1;\n  }\n  for (int b : a) {\n    g(b);\n  }\n}\n",
}
"""The same function in each language."""

SAME = {
    "Python": (
        "def other(name=[1, 2]):  # said\n    '''if for while'''\n    # if\n\n    if name == {'if': 1}:\n        return 'for'\n"
        "    for _ in name: g.match(_)\nx\n",
        "@decorated(if_=1)\nasync def f(\n    a: int,\n) -> dict[str, int]:\n    if a:\n        return 1\n"
        "    for b in a:\n        match = g(loop, select=b)\n        match.until(b)\nx\n",
    ),
    "Ruby": (
        "def self.other(name = [1, 2]) # if\n  # unless\n  if name == 'while'\n    return :x\n  end\n"
        "  name.map do |x|\n    x.match(1)\n  end\nend\n",
    ),
    "JavaScript": (
        "const f = (a) => {\n  /* if */\n  if (a.x) {\n    return { b: 1 };\n  }\n  for (;;) {\n    `while`\n  }\n}\n",
        "export default async function ({ a, b } = {}, ...c) {\n  if (a) { return `if`; }\n  for (a in b) { match(loop); }\n}\n",
    ),
    "C": (
        'static struct foo *\nother(struct bar *x, enum y z)\n{\n  // if\n  if (x) { return "for"; }\n'
        "  for (int i = 0; i < 3; i++) { x->match = when(select); }\n}\n",
        "#define A(x) do { if (x) b(); } while (0)\n\nint f(void) {\n#if B\n  if (a) {\n#else\n  if (b) {\n#endif\n"
        "    return 1;\n  }\n  for (;;) { }\n}\n",
    ),
    "Go": (
        "func (s *Server) Other(x interface{}, g func(int) error) <-chan struct{} {\n\t// if\n\tif x {\n\t\treturn `for`\n\t}\n"
        '\tfor {\n\t\tmatch := map[string]int{"a": 1}\n\t}\n}\n',
    ),
    "Rust": (
        "pub fn other<T: Into<String>>(x: impl Fn(i32) -> i32) -> impl Iterator<Item = [u8; 4]>\nwhere\n    T: A,\n{\n"
        "    /* if */\n    if x { return Foo { a: 1 }; }\n    for b in 0..3 { x.select(when) }\n}\n",
    ),
    "Java": (
        '@Test(expected = Foo.class, names = {"a"})\npublic static <T> List<T> select(Class<T> record) throws IOException {\n'
        "  // if\n  if (record == null) { return null; }\n  for (;;) { match.when(Foo.class); }\n}\n",
    ),
}

OTHER = {
    "Python": (
        "def f(a):\n    for b in a:\n        g(b)\n    if a:\n        return 1\nx\n",
        "def f(a):\n    if a:\n        return 1\n        for b in a:\n            g(b)\nx\n",
        "def f(a):\n    if a:\n        return 1\n    else:\n        pass\n    for b in a:\n        g(b)\nx\n",
        "def f(a):\n    if a:\n        return 1\n    while a:\n        g(b)\nx\n",
        "def f(a):\n    if a:\n        raise 1\n    for b in a:\n        g(b)\nx\n",
    ),
    "Ruby": (
        "def f(a)\n  a.each do |b|\n    g(b)\n  end\n  if a\n    return 1\n  end\nend\n",
        "def f(a)\n  if a\n    return 1\n    a.each do |b|\n      g(b)\n    end\n  end\nend\n",
        "def f(a)\n  if a\n    return 1\n  else\n    2\n  end\n  a.each do |b|\n    g(b)\n  end\nend\n",
    ),
    "JavaScript": (
        "function f(a) { for (const b of a) { g(b); } if (a) { return 1; } }",
        "function f(a) { if (a) { return 1; for (const b of a) { g(b); } } }",
        "function f(a) { if (a) { return 1; } else { h(); } for (const b of a) { g(b); } }",
    ),
    "C": (
        "int f(int *a) { for (;*a;) { g(a); } if (a) { return 1; } }",
        "int f(int *a) { if (a) { return 1; for (;*a;) { g(a); } } }",
        "int f(int *a) { if (a) { return 1; } else { h(); } for (;*a;) { g(a); } }",
    ),
    "Go": (
        "func f(a []int) int { for { g(b) }; if a { return 1 } }",
        "func f(a []int) int { if a { return 1; for { g(b) } } }",
        "func f(a []int) int { if a { defer h() }; for { g(b) } }",
    ),
    "Rust": (
        "fn f(a: A) { for b in a { g(b); } if a { return 1; } }",
        "fn f(a: A) { if a { return 1; for b in a { g(b); } } }",
        "fn f(a: A) { match a { _ => return 1 } for b in a { g(b); } }",
    ),
    "Java": (
        "int f(A a) { for (int b : a) { g(b); } if (a) { return 1; } }",
        "int f(A a) { if (a) { return 1; for (int b : a) { g(b); } } }",
        "int f(A a) { if (a) { return 1; } try { g(); } finally { h(); } }",
    ),
}


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in SAME.items() for text in texts])
def test_names_values_and_comments_make_no_other_shape(language: str, text: str) -> None:
    assert shapes_of(text, language) == shapes_of(BASE[language], language)


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in OTHER.items() for text in texts])
def test_branches_their_order_and_their_depth_do(language: str, text: str) -> None:
    (mine,), (base,) = shapes_of(text, language), shapes_of(BASE[language], language)
    assert mine != base


@pytest.mark.parametrize("language", [name for name in BASE if name not in ("Python", "Ruby")])
def test_layout_is_nothing_where_braces_make_blocks(language: str) -> None:
    (base,) = shapes_of(BASE[language], language)
    loose = BASE[language].replace(" {\n", "\n{\n") if language not in ("Go", "JavaScript") else BASE[language]

    assert shapes_of(loose.replace("  ", "\t\t\t"), language) == [base]


@pytest.mark.parametrize(
    ("language", "text", "functions"),
    [
        ("Python", "class A:\n    def f(self):\n        pass\n\n    @property\n    def g(self):\n        pass\nx", 2),
        ("Python", "def f():\n    def g():\n        pass\n    return lambda: g\nx", 1),
        ("Python", "def f(): return 1\ndef g(): return 2\nx", 2),
        ("Python", "if a:\n    def f():\n        pass\nelse:\n    def f():\n        pass\nx", 2),
        ("Python", "if a:\n    b\nfor c in d:\n    e\nclass A(B):\n    x = 1\nwith f(): g()\n", 0),
        ("Python", "func = 1\nfunction(a)\nsub.fn\nfun\nx", 0),
        ("Python", "def f(a,\n      b):\n    pass\nx", 1),
        ("Python", "def f():\n    x = [\n1,\n]\n    return x\nx", 1),
        ("Python", "def f():\n    return 1\n", 0),
        ("Python", "def f():\r\n\treturn 1\r\nx\r\n", 1),
        ("Ruby", "class A < B\n  attr_reader :x\n  def f\n    1\n  end\n\n  private\n\n  def g; 1 end\nend\n", 2),
        ("Ruby", "module A\n  if b\n    c\n  end\n  x = y.class\nend\n", 0),
        ("Ruby", "def f\n  1\n", 0),
        ("Ruby", "def f\n  [1, 2].each do |x|\n    def g\n    end\n  end\nend\n", 1),
        ("JavaScript", "class A extends B {\n  x = { a: 1 }\n  constructor(a) { }\n  static async *f({ a }) { }\n  get g() { }\n}", 3),
        ("JavaScript", "const a = { f() { }, g: function () { }, h: (x) => { }, 'i': 1 };", 3),
        ("JavaScript", "function f() { function g() { } return () => { }; }", 1),
        ("JavaScript", "(function () { class A { f() { } } })();", 1),
        ("JavaScript", "f({ a: 1 });\ng(1) || {};\nconst x = h(2)\nswitch (y) { case 1: { } }\ndo { } while (z(1))\n", 0),
        ("JavaScript", "if (f(1)) { g() } else { h() }\nfor (;;) { }\nwhile (x) { }\ntry { } catch (e) { } finally { }", 0),
        ("JavaScript", "if (a.some(function (b) { return b })) { c() }\nit('x', async () => { })\n", 2),
        ("JavaScript", "export default {\n  name: 'x',\n  data() { return {} },\n  methods: { f() { } },\n}", 2),
        ("JavaScript", "module.exports = require('a')\nclass A { f() { } }", 1),
        ("JavaScript", "function f() { if (a) {", 0),
        ("C", "struct a { int b; };\nenum c { D, E };\nunion f { int g; };\nint h[] = { i(1), 2 };\nextern \"C\" { }", 0),
        ("C", "typedef struct { int a; } b;\nstatic const struct c d = { .e = f, };\nint g(void);\n", 0),
        ("C", "struct a *f(struct b c)\n{\n}\nenum d g(void) { }\nunion e h(int (*i)(int)) { }", 3),
        ("C", "struct __attribute__((packed)) a { int b; };", 0),
        ("C", "#if A\nint f(int a) {\n#else\nint f(void) {\n#endif\n  return 1;\n}\nint g(void) { }\n", 2),
        ("C", "#if A\nint f(int a) { }\n#elif B\nint f(void) { }\n#else\nint f(char a) { }\n#endif\nint g(void) { }\n", 4),
        ("C", "int f(void) {\n#if A\n#if B\n  if (a) {\n#else\n  for (;;) {\n#endif\n#else\n  {\n#endif\n  }\n}\nint g(void) { }\n", 2),
        ("C", "#define A(x) \\\n  if (x) { \\\n    b();\n#ifdef C\n#endif\nint f(void) { }\n", 1),
        ("C", "int f(void) { for (;;) {", 0),
        ("C++", "class A : public B {\n  int f() const override { }\n  bool operator==(const A& a) { }\n  A(int b = 1) { }\n};", 3),
        ("C++", "namespace a { template <class T> T f(T x) { } }\nstruct b { };\nauto c = d<int>{1};", 1),
        ("Go", "type A struct {\n\tb func(int) error\n}\ntype C interface {\n\td(int) e\n}\ntype F func(int)\n\nvar g = struct{}{}\n", 0),
        ("Go", "func f() interface{} {\n}\nfunc (a *B) g(x ...interface{}) (c chan struct{}, err error) {\n}\n", 2),
        ("Go", "var a = func() {\n}\nvar b = map[string]int{\"c\": d(1)}\nfunc init() { func() { }() }\n", 2),
        ("Go", "func f() {\n\tif a {\n", 0),
        ("Rust", "struct A { b: fn(i32) -> i32 }\nenum C { D { e: i32 } }\nimpl A { }\ntrait F { fn g(&self); }\nmod h { }", 0),
        ("Rust", "#[cfg(a)]\nimpl<T: Fn(i32)> A for B<T> { fn f() { } pub(crate) async unsafe fn g<const N: usize>() { } }", 2),
        ("Rust", "fn f() { fn g() { } let h = |x| { x }; }\nmacro_rules! i { ($j:expr) => { $j } }", 1),
        ("Java", "class A extends B {\n  int[] c = { d(1) };\n  static { e(); }\n  enum F { G, H }\n  interface I { int j(); }\n}", 0),
        ("Java", "record A(int b, String c) implements D { A { e(); } int f() { return b; } }", 1),
        ("Java", "class A { final B b = new B(1) { public int c(D d) { return 1; } }; A() { } void with() throws E { } }", 3),
        ("Java", "@A({1, 2})\n@B(c = D.class)\npublic class E { @F(\"{\") void g() { Runnable h = () -> { i(); }; } }", 1),
        ("Java", "class A { void f() { if (b) { } ", 0),
        ("Kotlin", "class A(val b: Int) { fun f(x: Int): Int { return x } }\nobject C { }", 1),
        ("TypeScript", "class A { f(a: { b: number }): { c: string } { } g<T>(x: T): Promise<T[]> { } }\ninterface B { c(): void }", 2),
        ("C#", "namespace A { record B(int c); class D { int E { get { return 1; } } int f() { } int g() => 1; } }", 1),
        ("PHP", "<?php\nif ($a) { b(); }\nclass C { public function f(): int { } }\nfunction g($x = []) { }", 2),
    ],
)  # fmt: skip
def test_functions_are_what_has_a_shape(language: str, text: str, functions: int) -> None:
    assert len(shapes_of(text, language)) == functions


def test_two_texts_do_not_share_functions() -> None:
    cut = lexed("def f():\n    if a:", "x\n", "", "def g(): return\ny", language="Python")

    hashes, firsts = shapes(cut, "Python")

    assert firsts.tolist() == [0, 0, 0, 0, 1]
    assert len(hashes) == 1


def test_the_last_function_of_a_whole_text_is_not_cut_off() -> None:
    whole = lexed(
        "def f():\n    return 1\n", "def f():\n    return 1\nx\n", "def f():\n    return 1", language="Python"
    )

    hashes, firsts = shapes(whole, "Python", np.array([True, True, False]))

    assert firsts.tolist() == [0, 1, 2, 2]
    assert hashes[0] == hashes[1]


def test_match_is_a_branch_only_where_it_is_a_keyword() -> None:
    plain, called, matched = (
        f"def f(a):\n    {body}\nx\n"
        for body in ("b = c(a)\n    b.d()", "match = c(a)\n    match.d()", "match (a):\n        case (1, 2): b()")
    )

    assert shapes_of(plain, "Python") == shapes_of(called, "Python") != shapes_of(matched, "Python")
    for line in ("match(a)", "match[a] = b", "(match, case)", "match, b = c", "match: int = 1", "match += 1"):
        assert shapes_of(f"def f(a):\n    {line}\nx\n", "Python") == shapes_of(plain, "Python")
    for line in ("match a:", "match -a:", "match 'a':", "match [a, b]:"):
        assert shapes_of(f"def f(a):\n    {line}\nx\n", "Python") != shapes_of(plain, "Python")


@pytest.mark.parametrize("path", STANDARD[::25], ids=lambda path: path.stem)
def test_functions_of_real_python_are_those_at_the_outer_ends(path: Path) -> None:
    text = path.read_bytes()
    outer = 0
    waiting: list[ast.AST] = [ast.parse(text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            outer += 1
        else:
            waiting += ast.iter_child_nodes(node)

    assert len(shapes_of(text + b"\nx\n", "Python")) == outer
