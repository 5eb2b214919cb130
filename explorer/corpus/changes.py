"""Tells whether the files of a corpus are still those that were indexed, without opening one."""

from typing import NamedTuple

from explorer.corpus.files import list_files
from explorer.corpus.workspace import Place


class Changes(NamedTuple):
    """Names of files that differ from what was indexed."""

    changed: tuple[str, ...]
    """Size or time of change is another."""
    gone: tuple[str, ...]
    new: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone or self.new)

    def told(self) -> str:
        """Says what has changed in one sentence; empty where nothing has. File names in it are foreign text."""
        kinds = (("changed", self.changed), ("gone", self.gone), ("new", self.new))
        parts = [f"{len(names):,} {kind} ({names[0]}{' …' if names[1:] else ''})" for kind, names in kinds if names]
        return f"Files of the corpus differ from the index: {', '.join(parts)}. Run `corpus index`." if parts else ""


def find_changes(place: Place) -> Changes:
    """Compares names, sizes and times of the files with what `workspace.json` says of them.

    A file that was left out counts as new only where its name was not there.
    """
    described = place.workspace.describe()
    indexed: dict[str, dict[str, int]] = described.get("files", {})
    left_out = set(described.get("quarantined", ()))
    there = list_files(place)
    changed = tuple(name for name in there if name in indexed and not _is_same(place, name, indexed[name]))
    gone = tuple(sorted(set(indexed) - set(there)))
    return Changes(changed, gone, tuple(name for name in there if name not in indexed and name not in left_out))


def _is_same(place: Place, name: str, described: dict[str, int]) -> bool:
    try:
        status = (place.base / name).stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (described["size"], described["mtime_ns"])
