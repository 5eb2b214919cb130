"""A language is what the corpus says, in one spelling, else what the file name says."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import get_all_lexers

from explorer.languages.names import name_languages, of_path, spelled

SPELLED = {
    "python": "Python",
    "PYTHON": "Python",
    " py ": "Python",
    "python3": "Python",
    "c++": "C++",
    "cpp": "C++",
    "csharp": "C#",
    "golang": "Go",
    "js": "JavaScript",
    "bash": "Shell",
    "dockerfile": "Dockerfile",
    "Brainfuck++": "Brainfuck++",
    "": None,
    "  ": None,
    None: None,
}
OF_PATH = {
    "a.py": "Python",
    "/deep/er/A.PY": "Python",
    "src\\main.rs": "Rust",
    "x.tar.gz": None,
    "lib.d.ts": "TypeScript",
    "Makefile": "Makefile",
    "docker/Dockerfile": "Dockerfile",
    "CMakeLists.txt": "CMake",
    "notes.txt": "Text",
    "README": None,
    "a.h": "C",
    "a.hpp": "C++",
    ".bashrc": None,
    "a.": None,
    "": None,
    None: None,
    "dir.py/": "Python",
    "a\n.py": "Python",
    "x.unheard-of": None,
}


@pytest.mark.parametrize(("given_name", "usual"), SPELLED.items())
def test_a_given_language_gets_its_usual_spelling(given_name: str | None, usual: str | None) -> None:
    assert spelled(given_name) == usual


@pytest.mark.parametrize(("path", "language"), OF_PATH.items())
def test_a_file_name_tells_its_language(path: str | None, language: str | None) -> None:
    assert of_path(path) == language


def test_a_pattern_of_pygments_counts_only_where_one_lexer_claims_it() -> None:
    claims: dict[str, set[str]] = {}
    for name, _, patterns, _ in get_all_lexers(plugins=False):
        for pattern in patterns:
            claims.setdefault(pattern.lower(), set()).add(name)
    assert len(claims["*.hx"]) == 1
    assert of_path("a.hx") in claims["*.hx"]
    torn = {pattern[2:] for pattern, names in claims.items() if len(names) > 1} & {"inc", "cls", "pro"}
    assert torn
    assert {of_path(f"a.{extension}") for extension in torn} == {None}


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_name_is_taken(text: str) -> None:
    assert spelled(text) != ""
    assert of_path(text) != ""


def test_the_given_language_comes_first() -> None:
    languages, paths = pa.array(["rust", None, "", None]), pa.array(["a.py", "b.py", None, "c"])
    batch = pa.RecordBatch.from_arrays([languages, paths], names=["language", "path"])
    assert name_languages(batch).column("language").to_pylist() == ["Rust", "Python", None, None]
    assert name_languages(batch.select(["path"])).column("language").to_pylist() == ["Python", "Python", None, None]
    assert name_languages(batch.slice(1, 1)).column("language").to_pylist() == ["Python"]
