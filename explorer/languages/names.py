"""Names a sample's language: as the corpus says, in one spelling, else from the file name."""

import re
from functools import cache, lru_cache

import pyarrow as pa

from explorer.tables import read_table

_NOT_COUNTED = re.compile(r"(?<=[\w#+])[\s_.-]+(?=[\w#+])")
_SIGNS = (("sharp", "#"), ("plusplus", "++"))


def name_languages(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `language`: the given one in its usual spelling, else what the file name says, else null."""
    given = batch.column("language").to_pylist() if "language" in batch.schema.names else [None] * batch.num_rows
    paths = batch.column("path").to_pylist() if "path" in batch.schema.names else [None] * batch.num_rows
    names = [spelled(language) or of_path(path) for language, path in zip(given, paths, strict=True)]
    return pa.RecordBatch.from_arrays([pa.array(names, pa.large_string())], names=["language"])


@cache
def _languages() -> dict[str, dict[str, list[str]]]:
    return read_table("explorer.languages", "names.toml")["languages"]


@cache
def _by(kind: str) -> dict[str, str]:
    """Returns the language of each of its `endings` or `files`."""
    return {entry: name for name, facts in _languages().items() for entry in facts.get(kind, ())}


@cache
def _by_key() -> dict[str, str]:
    """Returns the language of each name that is known; a language's own name counts before another's spelling."""
    keys = {_key(other): name for name, facts in _languages().items() for other in facts.get("also", ())}
    return keys | {_key(name): name for name in _languages()}


def _key(name: str) -> str:
    """Returns what counts in a name, such as `c#` of `C-Sharp`, `c++` of `cpp` and `commonlisp` of `Common_Lisp`."""
    key = _NOT_COUNTED.sub("", name.lower())
    for word, sign in _SIGNS:
        key = key.replace(word, sign)
    return f"{key[:-2]}++" if key in {"cpp", "objectivecpp", "objcpp"} else key


@lru_cache(4096)
def spelled(language: str | None) -> str | None:
    """Returns a language's usual spelling (`python`, `.py` → `Python`); an unknown name stays, blank is None."""
    text = (language or "").strip()
    known = _by_key().get(_key(text)) if not text.startswith((".", "*.")) else None
    return known or _by("endings").get(text.lower().lstrip("*").lstrip(".")) or text or None


def of_path(path: str | None) -> str | None:
    """Names the language of a file by its name alone; None where the name does not tell."""
    if not path:
        return None
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    if name in _by("files"):
        return _by("files")[name]
    _, dot, extension = name.rpartition(".")
    return (_by("endings").get(extension) or _by_pygments(extension)) if dot else None


@lru_cache(4096)
def _by_pygments(extension: str) -> str | None:
    """Asks pygments' table of file names, taking only what exactly one of its lexers claims."""
    claimed = _pygments_patterns().get(f"*.{extension}", ())
    return spelled(claimed[0]) if len(claimed) == 1 else None


@cache
def _pygments_patterns() -> dict[str, tuple[str, ...]]:
    from pygments.lexers import get_all_lexers

    patterns: dict[str, tuple[str, ...]] = {}
    for name, _, filenames, _ in get_all_lexers(plugins=False):
        for pattern in filenames:
            patterns[pattern.lower()] = (*patterns.get(pattern.lower(), ()), name)
    return patterns
