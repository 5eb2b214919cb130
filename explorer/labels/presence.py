"""Tells curators about each other through an advisory lock; nothing is ever decided by it."""

import contextlib
import fcntl
import json
import os
import socket
import stat
from datetime import UTC, datetime
from pathlib import Path

from explorer.labels import disk
from explorer.own_files import open_unfollowed

LOCK = "LOCK"


class Presence:
    """This session's sign at the door, and who was there before."""

    def __init__(self, directory: Path, who: str) -> None:
        """Open the lock file; raises OSError where the directory cannot be written."""
        self.other = ""
        """A sentence about the session that holds the lock; empty where this one does, or where locks are not told."""
        self._fd, is_new = _open(directory / LOCK)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.other = self._read_sign()
        except OSError:
            return
        else:
            if is_new or self._is_sign():
                self._write_sign(who)

    def close(self) -> None:
        """Leave."""
        with contextlib.suppress(OSError):
            os.close(self._fd)

    def _write_sign(self, who: str) -> None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        sign = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": since, "who": who})
        with contextlib.suppress(OSError):
            os.ftruncate(self._fd, 0)
            disk.write_at(self._fd, sign.encode("ascii"), 0)

    def _is_sign(self) -> bool:
        """Whether the file is a sign of ours: a stranger's file is not written over, nor an empty one."""
        if not stat.S_ISREG(os.fstat(self._fd).st_mode):
            return False
        found = os.pread(self._fd, 4097, 0)
        return len(found) <= 4096 and found.startswith(b'{"pid"')

    def _read_sign(self) -> str:
        try:
            sign = json.loads(os.pread(self._fd, 4096, 0))
            pid, host, since, who = (str(sign[key])[:100] for key in ("pid", "host", "since", "who"))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return "The labels are also open in another session; both are kept."
        return f"The labels are also open in process {pid} on {host} since {since} ({who}); both are kept."


def _open(path: Path) -> tuple[int, bool]:
    """Opens the lock file, made where there is none; returns its descriptor and whether it is new."""
    with contextlib.suppress(FileExistsError):
        return open_unfollowed(path, os.O_RDWR | os.O_CREAT | os.O_EXCL), True
    return open_unfollowed(path, os.O_RDWR), False
