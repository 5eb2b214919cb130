"""Decides which backups to keep: 7 daily, 4 weekly, 12 monthly."""

import datetime as dt
import pathlib
import re

NAME = re.compile(r"backup-(\d{4}-\d{2}-\d{2})\.tar\.gz")
KEEP = ((7, "%Y-%m-%d"), (4, "%G-%V"), (12, "%Y-%m"))


def dated(folder):
    for path in folder.iterdir():
        if match := NAME.fullmatch(path.name):
            yield dt.date.fromisoformat(match[1]), path


def choose(backups):
    """Return the paths worth keeping, newest of every period first."""
    newest_first = sorted(backups, reverse=True)
    kept = set()
    for count, period in KEEP:
        periods = {}
        for day, path in newest_first:
            periods.setdefault(day.strftime(period), path)
        kept |= set(list(periods.values())[:count])
    return kept


def rotate(folder, dry_run=True):
    backups = list(dated(pathlib.Path(folder)))
    kept = choose(backups)
    for _, path in sorted(backups):
        if path not in kept:
            print("would remove" if dry_run else "removing", path)
            if not dry_run:
                path.unlink()
