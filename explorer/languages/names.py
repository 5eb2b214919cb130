"""Names a sample's language: as the corpus says, in one spelling, else from the file name."""

from functools import cache, lru_cache

import pyarrow as pa

_BY_EXTENSION = {
    "bash": "Shell", "bat": "Batchfile", "c": "C", "cc": "C++", "cfg": "INI", "clj": "Clojure", "cmake": "CMake",
    "cpp": "C++", "cs": "C#", "css": "CSS", "csv": "CSV", "cu": "CUDA", "cuh": "CUDA", "cxx": "C++", "d": "D",
    "dart": "Dart", "ex": "Elixir", "exs": "Elixir", "erl": "Erlang", "f": "Fortran", "f90": "Fortran", "fs": "F#",
    "go": "Go", "gradle": "Gradle", "groovy": "Groovy", "h": "C", "hh": "C++", "hpp": "C++", "hs": "Haskell",
    "htm": "HTML", "html": "HTML", "hxx": "C++", "ini": "INI", "ipynb": "Jupyter Notebook", "java": "Java",
    "jl": "Julia", "js": "JavaScript", "json": "JSON", "jsx": "JavaScript", "kt": "Kotlin", "kts": "Kotlin",
    "less": "Less", "lisp": "Common Lisp", "lua": "Lua", "m": "Objective-C", "md": "Markdown", "mjs": "JavaScript",
    "ml": "OCaml", "mli": "OCaml", "mm": "Objective-C++", "mts": "TypeScript", "nim": "Nim", "pas": "Pascal",
    "php": "PHP", "pl": "Perl", "pm": "Perl", "proto": "Protocol Buffer", "ps1": "PowerShell", "pxd": "Cython",
    "pxi": "Cython", "py": "Python", "pyi": "Python", "pyw": "Python", "pyx": "Cython", "r": "R", "rb": "Ruby",
    "rs": "Rust", "rst": "reStructuredText", "s": "Assembly", "sass": "Sass", "scala": "Scala", "scss": "SCSS",
    "sh": "Shell", "sol": "Solidity", "sql": "SQL", "svelte": "Svelte", "swift": "Swift", "tcl": "Tcl",
    "tcss": "CSS", "tex": "TeX", "toml": "TOML", "ts": "TypeScript", "tsx": "TypeScript", "txt": "Text",
    "v": "Verilog", "vb": "Visual Basic", "vim": "Vim Script", "vue": "Vue", "xml": "XML", "yaml": "YAML",
    "yml": "YAML", "zig": "Zig", "zsh": "Shell",
}  # fmt: skip
"""Extensions whose language is not in doubt, in the names of GitHub's Linguist."""

_BY_NAME = {
    "dockerfile": "Dockerfile",
    "makefile": "Makefile",
    "gnumakefile": "Makefile",
    "cmakelists.txt": "CMake",
    "gemfile": "Ruby",
    "rakefile": "Ruby",
}

_SPELLINGS = {
    "bash": "Shell", "c": "C", "c#": "C#", "c++": "C++", "cpp": "C++", "csharp": "C#", "docker": "Dockerfile",
    "golang": "Go", "js": "JavaScript", "objc": "Objective-C", "py": "Python", "python3": "Python", "rb": "Ruby",
    "rs": "Rust", "sh": "Shell", "ts": "TypeScript", "yml": "YAML",
}  # fmt: skip


def name_languages(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `language`: the given one in its usual spelling, else what the file name says, else null."""
    given = batch.column("language").to_pylist() if "language" in batch.schema.names else [None] * batch.num_rows
    paths = batch.column("path").to_pylist() if "path" in batch.schema.names else [None] * batch.num_rows
    names = [spelled(language) or of_path(path) for language, path in zip(given, paths, strict=True)]
    return pa.RecordBatch.from_arrays([pa.array(names, pa.large_string())], names=["language"])


@cache
def _usual_names() -> dict[str, str]:
    usual = {name.lower(): name for name in (*_BY_EXTENSION.values(), *_BY_NAME.values())}
    return usual | _SPELLINGS


def spelled(language: str | None) -> str | None:
    """Returns a language's usual spelling (`python` → `Python`); an unknown name stays as it is, blank is None."""
    text = (language or "").strip()
    return _usual_names().get(text.lower(), text) or None


def of_path(path: str | None) -> str | None:
    """Names the language of a file by its name alone; None where the name does not tell."""
    if not path:
        return None
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    if name in _BY_NAME:
        return _BY_NAME[name]
    _, dot, extension = name.rpartition(".")
    return (_BY_EXTENSION.get(extension) or _by_pygments(extension)) if dot else None


@lru_cache(4096)
def _by_pygments(extension: str) -> str | None:
    """Asks pygments' table of file names, taking only what exactly one of its lexers claims."""
    claimed = _pygments_patterns().get(f"*.{extension}", ())
    return claimed[0] if len(claimed) == 1 else None


@cache
def _pygments_patterns() -> dict[str, tuple[str, ...]]:
    from pygments.lexers import get_all_lexers

    patterns: dict[str, tuple[str, ...]] = {}
    for name, _, filenames, _ in get_all_lexers(plugins=False):
        for pattern in filenames:
            patterns[pattern.lower()] = (*patterns.get(pattern.lower(), ()), name)
    return patterns
