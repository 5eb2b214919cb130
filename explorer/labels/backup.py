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
    """Copy the journals where one grew since the latest backup, and drop the oldest backup; raises OSError.

    Journals only grow: the copy of one that did not is linked, and one that vanished or became shorter goes on as the
    latest backup holds it.
    """
    latest = latest_backup(backups)
    before = sizes(latest) if latest is not None else {}
    grown = {name for name, size in sizes(journals).items() if size > before.get(name, -1)}
    if not grown:
        return
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(2)}"
    unfinished = backups / f"{UNFINISHED}{stamp}"
    disk.make_directory(unfinished)
    for name in grown:
        copy(journals / name, unfinished / name)
    if latest is not None:
        for name in before.keys() - grown:
            link(latest / name, unfinished / name)
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
        for name, size in sizes(latest).items()
        if now.get(name, -1) < size
    )


def finished(backups: Path) -> list[Path]:
    """List the whole backups, oldest first."""
    if not backups.is_dir():
        return []
    return sorted(place for place in backups.iterdir() if place.is_dir() and not place.name.startswith(UNFINISHED))


def latest_backup(backups: Path) -> Path | None:
    """Find the newest whole backup."""
    return next(reversed(finished(backups)), None)


def sizes(directory: Path) -> dict[str, int]:
    """Size of each journal in a directory."""
    with os.scandir(directory) as entries:
        return {
            entry.name: entry.stat(follow_symlinks=False).st_size
            for entry in sorted(entries, key=lambda entry: entry.name)
            if entry.name.endswith(SUFFIX) and entry.is_file(follow_symlinks=False)
        }


def copy(source: Path, goal: Path) -> None:
    """Copy one journal with its mode and times."""
    shutil.copy2(source, goal, follow_symlinks=False)
    with disk.opened(goal, os.O_RDWR | os.O_NOFOLLOW) as fd:
        disk.sync(fd)


def link(source: Path, goal: Path) -> None:
    """Give an unchanged copy a second name, or copy it where the disk knows no links."""
    try:
        goal.hardlink_to(source)
    except OSError:
        copy(source, goal)
