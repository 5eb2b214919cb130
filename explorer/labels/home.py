"""The place where journals are written, as a session found it: nothing is written where nobody would look for it."""

import os
import stat
from pathlib import Path

from explorer.labels import disk


class Astray(Exception):
    """A new journal would not lie where the next session looks for it; the words say why."""


class Home:
    """The directory of the journals, and the disk and the real path that it had at first."""

    def __init__(self, labels: Path) -> None:
        self.labels = labels
        self.journals = labels / "journal"
        self._real = os.path.realpath(labels.parent)
        self._devices = {place: device for place in labels.parents[:2] if (device := find_device(place)) is not None}

    def prepare(self) -> None:
        """Make the directories that are missing; raises Astray or OSError where that cannot be."""
        self.check()
        disk.make_directory(self.journals)
        self.check()

    def check(self) -> None:
        """Raise Astray where the place is reached through a link, has moved, or is on another disk than at first."""
        if trouble := self.find_link():
            raise Astray(trouble)
        root = self.labels.parent
        if os.path.realpath(root) != self._real:
            raise Astray(f"{root} leads to another place than it did")
        for place, device in self._devices.items():
            now = find_device(place)
            if now is None and place != root:
                raise Astray(f"{place} is gone")
            if now not in (None, device):
                raise Astray(f"{place} is on another disk than it was")

    def find_link(self) -> str:
        """Say which directory of the labels is a link or no directory; empty where none is."""
        for place in (self.labels, self.journals):
            try:
                mode = place.lstat().st_mode
            except FileNotFoundError:
                continue
            except NotADirectoryError:
                return f"{place.parent} is no directory"
            if stat.S_ISLNK(mode):
                return f"{place} is a link, and labels are never written through one"
            if not stat.S_ISDIR(mode):
                return f"{place} is no directory"
        return ""


def find_device(place: Path) -> int | None:
    """Return the disk of a directory; None where there is no such place."""
    try:
        return place.stat().st_dev
    except (FileNotFoundError, NotADirectoryError):
        return None
