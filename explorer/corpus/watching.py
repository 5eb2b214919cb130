"""Notices what other processes change in a workspace, by the identity of its files and without opening one."""

import os
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from explorer.corpus.workspace import Workspace

Identity = tuple[int, int, int, int]
"""Device, inode, time of change in nanoseconds and size: a file that was replaced or written to has another one."""

State = Literal["same", "other", "gone"]


@dataclass(frozen=True)
class Look:
    """How a workspace differs from what was taken in of it."""

    index: State = "same"
    files: tuple[str, ...] = ()
    """Names of the curator's own files that changed, came or went."""
    journals: bool = False
    """Whether the journals differ from the look before."""


def identity_of(path: Path) -> Identity | None:
    """Returns the identity of a file; None where there is none that can be looked at."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


class Watch:
    """Compares a workspace with what this process has taken in of it; safe to use from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._index = workspace.index
        self._journals = workspace.labels / "journal"
        self._files = {path.name: path for path in (workspace.mix, workspace.quality, workspace.optout)}
        self._lock = threading.Lock()
        self._taken_index = identity_of(self._index)
        self._taken_files = self._look_at_files()
        self._journals_before: Mapping[str, Identity | None] | None = None

    def look(self) -> Look:
        """Compares; waits for a write of our own that is under way."""
        with self._lock:
            files = self._look_at_files()
            changed = tuple(name for name in files if files[name] != self._taken_files[name])
            journals = self._look_at_journals()
            is_other = journals != self._journals_before
            self._journals_before = journals
            return Look(self._index_state(), changed, is_other)

    def take_index(self, identity: Identity | None) -> None:
        """Takes note of which index is open."""
        with self._lock:
            self._taken_index = identity

    def take_files(self) -> None:
        """Takes note that the curator's own files are about to be read as they are now."""
        with self._lock:
            self._taken_files = self._look_at_files()

    @contextmanager
    def writing(self, path: Path) -> Generator[None]:
        """Encloses a write of our own, which is not to be noticed; what others changed before it still is."""
        with self._lock:
            is_taken = identity_of(path) == self._taken_files[path.name]
            try:
                yield
            finally:
                if is_taken:
                    self._taken_files[path.name] = identity_of(path)

    def _index_state(self) -> State:
        now = identity_of(self._index)
        if now is None:
            return "gone"
        return "same" if now == self._taken_index else "other"

    def _look_at_files(self) -> dict[str, Identity | None]:
        return {name: identity_of(path) for name, path in self._files.items()}

    def _look_at_journals(self) -> dict[str, Identity | None]:
        try:
            names = os.listdir(self._journals)
        except OSError:
            return {}
        return {name: identity_of(self._journals / name) for name in names}
