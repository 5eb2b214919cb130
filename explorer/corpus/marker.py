"""The marker of a workspace: proof that a folder is ours, and the list of its files that may be replaced or deleted.

A file is ours only if its name has one of our forms and the marker lists it. A name is listed before the file is made,
so that what a killed process leaves is listed too. Nothing is ever deleted through a link.
"""

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from explorer.own_files import Damaged, is_real_folder, open_unfollowed, read_bytes

NAME = "workspace.list"
"""File name of the marker inside its workspace."""
_HEAD = "corpus workspace 1: the files below are made by corpus and may be replaced or deleted by it"
_KEY = r"[0-9a-f]{24}-[0-9]{6,}\.parquet"
_TEMPORARY = r"[0-9]+-[0-9a-f]{8}\.tmp"
_FORM = re.compile(
    rf"(?:parts|content)/(?:{_KEY}|\.{_KEY}\.{_TEMPORARY})"
    rf"|measured/(?:[0-9a-f]{{32}}\.json|\.[0-9a-f]{{32}}\.json\.{_TEMPORARY})"
    rf"|\.(?:index\.duckdb|workspace\.json|state\.json)\.{_TEMPORARY}(?:\.wal)?"
    rf"|\.spill\.{_TEMPORARY}"
    r"|index\.duckdb|index\.lock|workspace\.json|state\.json|reader\.log|ui\.log"
)
_SPILLED = re.compile(r"signatures\.npy|sets(?:-[0-9]+)?|duckdb_temp_.+")
"""What lies in a spill folder."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_IS_TEMPORARY = re.compile(rf"(?:.*/)?\.[^/]+\.{_TEMPORARY}(?:\.wal)?")


@dataclass(frozen=True)
class Marker:
    """The list of a workspace as it was read."""

    root: Path
    names: frozenset[str]

    @classmethod
    def read(cls, root: Path) -> "Marker | None":
        """Reads the marker of a folder; None where it has none. A damaged line lists nothing."""
        try:
            lines = read_bytes(root / NAME).decode("ascii", "replace").splitlines()
        except (FileNotFoundError, Damaged):
            return None
        if not lines or lines[0] != _HEAD:
            return None
        return cls(root, frozenset(line for line in lines if _FORM.fullmatch(line)))

    def temporaries(self) -> tuple[str, ...]:
        """Lists the temporary files and spill folders that were ever made."""
        return tuple(sorted(name for name in self.names if _IS_TEMPORARY.fullmatch(name)))

    def parts(self) -> tuple[str, ...]:
        """Lists the parts and copies of text that were ever made."""
        return tuple(sorted(name for name in self.names if re.fullmatch(rf"(?:parts|content)/{_KEY}", name)))

    def remove(self, name: str) -> bool:
        """Deletes a file or spill folder that the list holds; returns whether it did."""
        if name not in self.names:
            return False
        with contextlib.suppress(OSError), _folder(self.root, name) as (folder, leaf):
            kind = os.lstat(leaf, dir_fd=folder).st_mode
            if stat.S_ISDIR(kind) and name.startswith(".spill."):
                return remove_folder(folder, leaf, lambda inside: _SPILLED.fullmatch(inside) is not None)
            if stat.S_ISREG(kind):
                os.unlink(leaf, dir_fd=folder)
                return True
        return False


def begin(root: Path) -> None:
    """Makes the marker of a folder, in place of a damaged one; raises FileExistsError where a stranger has its name."""
    path = root / NAME
    head = f"{_HEAD}\n".encode()
    try:
        descriptor = os.open(path, _NEW, 0o600)
    except FileExistsError:
        if Marker.read(root) is not None:
            return
        if not _was_marker(path):
            raise
        temporary = temporary_of(path)
        descriptor = os.open(temporary, _NEW, 0o600)
        os.replace(temporary, path)
    try:
        os.write(descriptor, head)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _was_marker(path: Path) -> bool:
    """Whether a file that is no marker any more has been one: it is empty, or a line of one is left."""
    try:
        content = read_bytes(path).decode("ascii", "replace")
    except (Damaged, FileNotFoundError):
        return False
    lines = content.splitlines()
    return not content or any(line.startswith(_HEAD[:16]) or _FORM.fullmatch(line) for line in lines)


def record(root: Path, *names: str) -> None:
    """Lists names of our forms in the marker of a folder; does nothing in a folder without a marker."""
    known = Marker.read(root)
    fresh = [name for name in names if known is not None and name not in known.names and _FORM.fullmatch(name)]
    if not fresh:
        return
    lines = "\n".join(["", *fresh, ""])  # the line before may have been cut off
    with contextlib.suppress(FileNotFoundError):
        descriptor = open_unfollowed(root / NAME, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(descriptor, lines.encode())
        finally:
            os.close(descriptor)


def tidy(root: Path) -> None:
    """Shortens a list that mostly names files that are gone; called while no other process builds."""
    marker = Marker.read(root)
    if marker is None:
        return
    left = sorted(name for name in marker.names if os.path.lexists(root / name))
    if len(marker.names) < 1000 + 2 * len(left):
        return
    temporary = temporary_of(root / NAME)
    temporary.write_text("\n".join([_HEAD, *left, ""]), "ascii")
    os.replace(temporary, root / NAME)


def is_listed(root: Path, name: str) -> bool:
    """Whether the marker of a folder lists a name."""
    marker = Marker.read(root)
    return marker is not None and name in marker.names


def may_write(root: Path, name: str) -> bool:
    """Whether a file may be made or replaced: nothing lies under its name, or a file that the marker lists."""
    return not os.path.lexists(root / name) or is_listed(root, name)


def open_log(path: Path) -> int | None:
    """Opens a log of a workspace for adding to it; None where it cannot be written or is a stranger's file."""
    root = path.parent
    if not may_write(root, path.name):
        return None
    try:
        record(root, path.name)
        descriptor = open_unfollowed(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    return None


def temporary_of(path: Path) -> Path:
    """Returns a new name beside a file, which nothing else has."""
    return path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")


def make_folder(path: Path) -> None:
    """Makes a private folder; raises OSError where a link or a file has its name."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700, parents=True)
    if not is_real_folder(path):
        raise NotADirectoryError(20, "a link or a file is in the place of the folder", str(path))


def remove_folder(parent: int, name: str, is_ours: Callable[[str], bool], below: str = "") -> bool:
    """Deletes what is ours in a folder, then the folder if nothing else is left in it; returns whether it is gone.

    `parent` is a descriptor of the folder around it. `is_ours` judges a path below the folder; that of a folder ends
    with a slash. No link is followed or deleted.
    """
    with contextlib.suppress(OSError):
        descriptor = os.open(name, _FOLDER, dir_fd=parent)
        try:
            for inside in os.listdir(descriptor):
                with contextlib.suppress(OSError):
                    _remove_inside(descriptor, inside, is_ours, below)
        finally:
            os.close(descriptor)
        os.rmdir(name, dir_fd=parent)
        return True
    return False


def _remove_inside(folder: int, name: str, is_ours: Callable[[str], bool], below: str) -> None:
    kind = os.lstat(name, dir_fd=folder).st_mode
    path = below + name
    if stat.S_ISDIR(kind) and is_ours(f"{path}/"):
        remove_folder(folder, name, is_ours, f"{path}/")
    elif stat.S_ISREG(kind) and is_ours(path):
        os.unlink(name, dir_fd=folder)


@contextlib.contextmanager
def _folder(root: Path, name: str) -> Generator[tuple[int, str]]:
    """Opens the folder of a name below a root, no part of it through a link; gives it with the last part."""
    head, _, leaf = name.rpartition("/")
    descriptor = os.open(root, _FOLDER)
    try:
        if head:
            inner = os.open(head, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor, leaf
    finally:
        os.close(descriptor)
