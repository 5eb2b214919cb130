"""The licence file that holds for a sample: the nearest one up its path within its repository."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from explorer.licences.expressions import read_licence
from explorer.licences.licence_texts import UNREAD

_COVERED = {frozenset({"GPL-3.0-only", "LGPL-3.0-only"}): "LGPL-3.0-only"}
"""The LGPL of version 3 only adds to the GPL, so that it comes with both texts."""


_MOST_CHARACTERS = 4_096
"""Of a longer path only so much is climbed."""


class LicenceFile(NamedTuple):
    """A licence file of a corpus."""

    repo: str | None
    path: str
    expression: str
    """NOASSERTION where it could not be read: it then hides the licences above it."""
    similarity: float | None = None


Nearest = tuple[str, str, float | None]
"""Path, expression and similarity, as `decide` takes them."""
_Folder = tuple[str | None, str]


def joined_folders(files: Iterable[LicenceFile]) -> list[tuple[str | None, str, Nearest]]:
    """Returns the licence of every folder that has licence files: repository, folder (`` for the root), licence."""
    gathered: dict[_Folder, list[LicenceFile]] = {}
    for file in files:
        gathered.setdefault((file.repo, _folder_of(file.path)), []).append(file)
    return [(repo, folder, _joined(some)) for (repo, folder), some in gathered.items()]


class LicenceFolders:
    """The licence of every folder that has licence files, looked up by the folders of samples."""

    def __init__(self, files: Iterable[LicenceFile]) -> None:
        self._known: dict[_Folder, Nearest | None] = {(repo, name): near for repo, name, near in joined_folders(files)}

    def nearest(self, repo: str | None, path: str) -> Nearest | None:
        """Returns the licence that is nearest up a path, None where there is none."""
        return self._nearest_of(repo, _folder_of(path))

    def nearest_each(self, repos: Sequence[str | None], paths: Sequence[str | None]) -> list[Nearest | None]:
        """Returns the nearest licence of each sample; None for a sample without a path."""
        nearest_of = self._nearest_of
        return [
            nearest_of(repo, _folder_of(path)) if path is not None else None
            for repo, path in zip(repos, paths, strict=True)
        ]

    def _nearest_of(self, repo: str | None, folder: str) -> Nearest | None:
        """Climbs until a folder is known, then notes what holds for every folder passed."""
        passed: list[_Folder] = []
        place = (repo, folder)
        while place not in self._known and place[1]:
            passed.append(place)
            place = (repo, place[1].rpartition("/")[0])
        found = self._known.setdefault(place, None)
        self._known.update(dict.fromkeys(passed, found))
        return found


def _folder_of(path: str) -> str:
    """The folder of a path without slashes at its ends, `` for the root."""
    plain = path.replace("\\", "/") if "\\" in path else path
    folder = plain.rpartition("/")[0]
    if len(folder) > _MOST_CHARACTERS:
        folder = folder[:_MOST_CHARACTERS].rpartition("/")[0]
    return folder.removeprefix("./").strip("/") if folder[:1] in ("/", ".") else folder


def _joined(files: Sequence[LicenceFile]) -> Nearest:
    """Joins the licence files of one folder: a choice where each is named after its licence, else all hold."""
    ordered = sorted(files, key=lambda file: file.path)
    expressions = list(dict.fromkeys(file.expression for file in ordered))
    first = ordered[0]
    if len(expressions) == 1:
        return first.path, first.expression, first.similarity
    return ", ".join(file.path for file in ordered), _together(ordered, expressions), None


def _together(files: Sequence[LicenceFile], expressions: Sequence[str]) -> str:
    known = _COVERED.get(frozenset(expressions))
    if known or UNREAD in expressions:
        return known or UNREAD
    joint = " OR " if all(map(_is_named_after, files)) else " AND "
    return read_licence(joint.join(f"({one})" for one in expressions)).expression


def _is_named_after(file: LicenceFile) -> bool:
    """Tells whether a file's name holds the first part of its licence's: LICENSE-MIT, LICENSE.APACHE."""
    name = file.path.rpartition("/")[2].lower()
    return any(part.lower() in name for part in file.expression.replace("(", "").split("-")[:1])
