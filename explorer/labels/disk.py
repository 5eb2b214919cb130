"""Bytes that stay: whole writes, syncs that count, directories whose names survive a power cut."""

import contextlib
import ctypes
import errno
import fcntl
import functools
import os
import sys
from collections.abc import Callable, Generator
from pathlib import Path

FULL_SYNC: int | None = getattr(fcntl, "F_FULLFSYNC", None)
KEEP_SIZE = 1
PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Neither a link nor a FIFO in the place of a file of ours may lead or hold us anywhere."""


def write_at(fd: int, content: bytes, offset: int) -> None:
    """Write all of some bytes at an offset, in as many writes as it takes."""
    rest = memoryview(content)
    while rest:
        try:
            written = os.pwrite(fd, rest, offset)
        except InterruptedError:
            continue
        if written <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        rest, offset = rest[written:], offset + written


def sync(fd: int) -> None:
    """Return once the content of a file is on the disk; an error here says that it may never be."""
    while True:
        try:
            if FULL_SYNC is None:
                os.fdatasync(fd)
            else:
                fcntl.fcntl(fd, FULL_SYNC)
        except InterruptedError:
            continue
        return


def sync_directory(directory: Path) -> None:
    """Return once the names in a directory are on the disk."""
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_directory(directory: Path) -> None:
    """Make a private directory and those above it, each name synced."""
    if directory.is_dir():
        return
    make_directory(directory.parent)
    with contextlib.suppress(FileExistsError):
        directory.mkdir(PRIVATE_DIRECTORY)
    sync_directory(directory.parent)


@contextlib.contextmanager
def opened(path: Path, flags: int, mode: int = PRIVATE_FILE) -> Generator[int]:
    """Hold a file descriptor for as long as it is needed."""
    fd = os.open(path, flags, mode)
    try:
        yield fd
    finally:
        os.close(fd)


@functools.cache
def load_fallocate() -> Callable[..., int] | None:
    """Find the call that reserves blocks behind the end of a file, where the system has it."""
    if sys.platform != "linux":
        return None
    try:
        call = ctypes.CDLL(None, use_errno=True).fallocate
    except (OSError, AttributeError):
        return None
    call.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    return call


def reserve(fd: int, offset: int, length: int) -> None:
    """Ask for blocks behind the end of a file, so that labels still fit on a disk that fills up; a wish, no promise."""
    fallocate = load_fallocate()
    if fallocate is not None:
        fallocate(fd, KEEP_SIZE, offset, length)
