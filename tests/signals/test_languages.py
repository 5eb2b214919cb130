"""A language is what the corpus says, in one spelling, else what the file name says."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import get_all_lexers

from explorer.languages.names import name_languages, of_path, spelled
from explorer.languages.syntaxes import SYNTAXES
from explorer.tables import read_table

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
    "C--": "C--",
    "C-Sharp": "C#",
    "c-sharp": "C#",
    "cs": "C#",
    "F-Sharp": "F#",
    "f-sharp": "F#",
    "C plus plus": "C++",
    "Objective-Cpp": "Objective-C++",
    "common-lisp": "Common Lisp",
    "Visual_Basic_.NET": "Visual Basic",
    "Jupyter_Notebook": "Jupyter Notebook",
    "protocol-buffer": "Protocol Buffer",
    "restructuredtext": "reStructuredText",
    "VimL": "Vim Script",
    "shellscript": "Shell",
    "Cuda": "CUDA",
    "jsx": "JavaScript",
    "TSX": "TypeScript",
    ".py": "Python",
    "*.rs": "Rust",
    "kt": "Kotlin",
    ".": ".",
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


def test_a_language_is_known_by_every_name_that_the_table_gives_it_and_no_name_by_two() -> None:
    languages = read_table("explorer.languages", "names.toml")["languages"]
    for name, facts in languages.items():
        assert {spelled(other) for other in (name, *facts.get("also", ()))} == {name}
        assert {of_path(f"a.{ending}") for ending in facts.get("endings", ())} <= {name}
        assert {of_path(file) for file in facts.get("files", ())} <= {name}


@pytest.mark.parametrize("language", SYNTAXES)
def test_a_name_is_the_same_with_other_case_blanks_and_hyphens(language: str) -> None:
    for other in (language.upper(), language.lower(), language.replace(" ", "-"), language.replace(" ", "_")):
        assert spelled(other) == language


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
