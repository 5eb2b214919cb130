"""One builder at a time: the second is told who the first is."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.own_files import open_unfollowed


@contextmanager
def only_builder(path: Path) -> Generator[None]:
    """Holds the index lock; raises ExplorerError naming the PID of whoever holds it already.

    The kernel drops the lock with the process, so that a killed run never blocks the next. On file systems where
    locks lie the worst that happens is work done twice: every file is written whole under a name of its own.
    """
    try:
        descriptor = open_unfollowed(path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise ExplorerError(
            f"The workspace {path.parent} cannot be written: {error.strerror}.",
            "Name a writable place with --workspace DIR.",
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            raise ExplorerError(
                f"The corpus is being indexed by process {holder}.", "Wait for it to end, or stop it; its work is kept."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
