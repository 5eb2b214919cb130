"""Cheap copies of the journals: each backup is whole, and links what did not change since the one before."""

import contextlib
import os
import re
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from explorer.corpus.marker import remove_folder
from explorer.labels import disk
from explorer.labels.journal import SUFFIX
from explorer.labels.records import Newer, Unreadable, parse
from explorer.own_files import Damaged, is_real_folder, open_regular

KEEP = 50
UNFINISHED = ".unfinished-"
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z-[0-9a-f]{4}")
_SESSION = re.compile(r"[0-9]{8}T[0-9]{6}Z-[A-Za-z0-9._]+-[0-9]+-[0-9a-f]{8}\.jsonl")
_BLOCK = 1 << 20


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
        _forget(old, backups / stamp)


def _forget(old: Path, latest: Path) -> None:
    """Delete the copies in a backup that the latest one continues, and the backup if nothing else is left in it."""
    with contextlib.suppress(OSError):
        parent = os.open(old.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            remove_folder(parent, old.name, lambda name: _is_continued(old / name, latest / name))
        finally:
            os.close(parent)


def _is_continued(old: Path, latest: Path) -> bool:
    """Whether a file is a journal's copy: it holds records, and a later copy of the same name begins with them."""
    if not _SESSION.fullmatch(old.name):
        return False
    try:
        with open_regular(old) as before, open_regular(latest) as after:
            parse(before.readline().rstrip(b"\n"))
            before.seek(0)
            if os.path.sameopenfile(before.fileno(), after.fileno()):
                return True
            while block := before.read(_BLOCK):
                if after.read(len(block)) != block:
                    return False
    except (OSError, Damaged, Unreadable, Newer):
        return False
    return True


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
    return sorted(place for place in backups.iterdir() if _NAME.fullmatch(place.name) and is_real_folder(place))


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
