"""Cheap copies of the journals: each backup is whole, and links what did not change since the one before."""

import os
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from explorer.labels import disk
from explorer.labels.journal import SUFFIX

KEEP = 50
UNFINISHED = ".unfinished-"


def back_up(journals: Path, backups: Path) -> None:
    """Copy the journals where anything changed since the latest backup, and drop the oldest; raises OSError.

    A journal that vanished or became shorter goes on as the latest backup holds it.
    """
    latest = latest_backup(backups)
    before = sizes(latest) if latest else {}
    wanted = {
        name: (journals if status >= before.get(name, (0, 0)) else latest) for name, status in sizes(journals).items()
    }
    wanted = {**dict.fromkeys(before, latest), **wanted}
    if all(place == latest or sizes_match(before, place, name) for name, place in wanted.items()):
        return
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(2)}"
    unfinished = backups / f"{UNFINISHED}{stamp}"
    disk.make_directory(unfinished)
    for name, place in wanted.items():
        if place is not None:
            copy(place / name, unfinished / name, latest, before)
    unfinished.rename(backups / stamp)
    disk.sync_directory(backups)
    for old in finished(backups)[:-KEEP]:
        shutil.rmtree(old, ignore_errors=True)


def describe_losses(journals: Path, backups: Path) -> tuple[str, ...]:
    """Tell which journals the latest backup holds more of than there is."""
    latest = latest_backup(backups)
    if latest is None:
        return ()
    now = sizes(journals)
    return tuple(
        f"{name} is {'shorter than' if name in now else 'missing; there is'} its copy in {latest}."
        for name, status in sizes(latest).items()
        if now.get(name, (-1, 0)) < (status[0], 0)
    )


def finished(backups: Path) -> list[Path]:
    """List the whole backups, oldest first."""
    if not backups.is_dir():
        return []
    return sorted(place for place in backups.iterdir() if place.is_dir() and not place.name.startswith(UNFINISHED))


def latest_backup(backups: Path) -> Path | None:
    """Find the newest whole backup."""
    return next(reversed(finished(backups)), None)


def sizes(directory: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of each journal in a directory."""
    with os.scandir(directory) as entries:
        statuses = {
            entry.name: entry.stat(follow_symlinks=False)
            for entry in entries
            if entry.name.endswith(SUFFIX) and entry.is_file(follow_symlinks=False)
        }
    return {name: (status.st_size, status.st_mtime_ns) for name, status in sorted(statuses.items())}


def copy(source: Path, goal: Path, latest: Path | None, before: dict[str, tuple[int, int]]) -> None:
    """Copy one journal with its times, or link the copy that the latest backup has."""
    if latest is not None and sizes_match(before, source.parent, source.name):
        try:
            goal.hardlink_to(latest / source.name)
        except OSError:
            pass
        else:
            return
    shutil.copy2(source, goal, follow_symlinks=False)
    with disk.opened(goal, os.O_RDWR | os.O_NOFOLLOW) as fd:
        disk.sync(fd)


def sizes_match(before: dict[str, tuple[int, int]], place: Path | None, name: str) -> bool:
    """Tell whether a journal is as the latest backup has it."""
    if place is None:
        return True
    status = (place / name).lstat()
    return before.get(name) == (status.st_size, status.st_mtime_ns)
