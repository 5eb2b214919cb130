"""Opt-outs: the repositories, paths and samples whose authors asked not to be trained on.

One entry a line: `repo OWNER/NAME`, `repo OWNER/NAME/GLOB`, `path GLOB`, `id ID`; what follows ` #` is a comment. In a
glob `*` crosses folders. Repositories are compared without case, with or without `https://github.com/` before them.
"""

import re
from collections.abc import Sequence
from fnmatch import translate
from pathlib import Path
from typing import NamedTuple

from explorer.errors import BadInput
from explorer.own_files import Damaged, read_text

KINDS = ("repo", "path", "id")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_HOST = re.compile(r"^(?:https?://)?(?:www\.)?github\.com/|\.git$|^git@github\.com:", re.IGNORECASE)
_MOST_CHARACTERS = 4_096


class OptOut(NamedTuple):
    """An entry of an opt-out file."""

    kind: str
    """`repo`, `path` or `id`."""
    value: str
    line: int

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


def read_optout(path: Path) -> tuple[OptOut, ...]:
    """Reads an opt-out file; a line that cannot be read, and a file that is no text, are a BadInput."""
    try:
        text = read_text(path, through_links=True)
    except FileNotFoundError:
        raise BadInput(f"There is no {path}.", "Check the name of the opt-out file.") from None
    except Damaged as damage:
        raise BadInput(
            f"The opt-out list {path} cannot be used: {damage}.", "No mix is drawn without it; save it as UTF-8 text."
        ) from None
    return parse_optout(text, str(path))


def parse_optout(text: str, name: str = "optout.txt") -> tuple[OptOut, ...]:
    """Parses the text of an opt-out file; the BadInput of a bad line names the line and what may stand there."""
    entries: list[OptOut] = []
    for number, raw in enumerate(text.splitlines(), 1):
        if line := _COMMENT.sub("", raw, count=1).strip():
            entries.append(_entry(line, number, name))
    return tuple(entries)


def _entry(line: str, number: int, name: str) -> OptOut:
    kind, _, value = line.partition(" ")
    value = value.strip()
    if kind.lower() not in KINDS or not value:
        raise BadInput(
            f"{name}, line {number}: {line[:80]!r} is no opt-out.",
            "Write `repo OWNER/NAME`, `path GLOB` or `id ID`, or put # before a comment.",
        )
    if len(value) > _MOST_CHARACTERS:
        raise BadInput(f"{name}, line {number}: the entry is longer than {_MOST_CHARACTERS} characters.", "Shorten it.")
    return OptOut(kind.lower(), value, number)


def matches(
    entries: Sequence[OptOut],
    repos: Sequence[str | None],
    paths: Sequence[str | None],
    ids: Sequence[str | None],
) -> list[str | None]:
    """Names for each sample the entry that bars it (`repo owner/name`), None for one that nothing bars."""
    known = _Matcher(entries)
    return [known.entry_of(*sample) for sample in zip(repos, paths, ids, strict=True)]


class _Matcher:
    """The entries as they are looked up."""

    def __init__(self, entries: Sequence[OptOut]) -> None:
        self._ids = {entry.value: str(entry) for entry in reversed(entries) if entry.kind == "id"}
        self._globs = _Globs([(entry.value, str(entry)) for entry in entries if entry.kind == "path"])
        self._repos: dict[str, str] = {}
        within: dict[str, list[tuple[str, str]]] = {}
        for entry in reversed([entry for entry in entries if entry.kind == "repo"]):
            self._repos[_plain_repo(entry.value)] = str(entry)
            for repo, glob in _splits(entry.value):
                within.setdefault(repo, []).append((glob, str(entry)))
        self._within = {repo: _Globs(globs) for repo, globs in within.items()}

    def entry_of(self, repo: str | None, path: str | None, sample: str | None) -> str | None:
        """Returns the entry that bars a sample."""
        found = self._ids.get(sample) if sample is not None else None
        return found or self._of_repo(repo, path) or (self._globs.find(path) if path else None)

    def _of_repo(self, repo: str | None, path: str | None) -> str | None:
        if not repo or not (self._repos or self._within):
            return None
        plain = _plain_repo(repo)
        if found := self._repos.get(plain):
            return found
        globs = self._within.get(plain)
        return globs.find(path) if globs and path else None


class _Globs:
    """Some globs, tried as one pattern before each by itself."""

    def __init__(self, globs: Sequence[tuple[str, str]]) -> None:
        self._globs = [(re.compile(translate(_plain_path(glob))), entry) for glob, entry in globs]
        self._any = re.compile("|".join(pattern.pattern for pattern, _ in self._globs)) if globs else None

    def find(self, path: str) -> str | None:
        """Returns the entry of the first glob that matches a path."""
        if self._any is None:
            return None
        plain = _plain_path(path)
        if not self._any.match(plain):
            return None
        return next((entry for pattern, entry in self._globs if pattern.match(plain)), None)


def entries_of(entries: Sequence[OptOut]) -> list[tuple[str, str, int]]:
    """Returns entries as an engine looks them up: `repo` by its plain name, `path` and `within` (repository and path,
    parted by a slash) by a glob, `id`; each with the line it came from.
    """
    found: list[tuple[str, str, int]] = []
    for kind, value, line in entries:
        if kind == "repo":
            found.append(("repo", _plain_repo(value), line))
            found += [("within", f"{repo}/{glob}", line) for repo, glob in _splits(value)]
        else:
            found.append((kind, _plain_path(value) if kind == "path" else value, line))
    return found


def _plain_repo(repo: str) -> str:
    return _HOST.sub("", repo.strip()).strip("/").lower()


def _plain_path(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./").removeprefix("/")


def _splits(value: str) -> list[tuple[str, str]]:
    """Every way to read an entry as a repository of two or more names and a glob within it."""
    parts = _HOST.sub("", value).strip("/").split("/")
    ways = range(2, min(len(parts), 8))
    return [("/".join(parts[:place]).lower(), "/".join(parts[place:])) for place in ways]
