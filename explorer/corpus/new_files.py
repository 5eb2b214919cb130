"""Files and directories that get a name which nobody has yet, and only when they are whole."""

import ctypes
import errno
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

_RENAME_NOREPLACE = 1
_AT_FDCWD = -100


def rename_new(source: Path, target: Path) -> None:
    """Renames without ever replacing: on Linux the kernel refuses, elsewhere the target is checked just before."""
    if "\0" in str(target):
        raise ValueError("a name holds no zero byte")
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if hasattr(libc, "renameat2"):
            paths = os.fsencode(source), os.fsencode(target)
            if libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_NOREPLACE) == 0:
                return
            if ctypes.get_errno() not in (errno.ENOSYS, errno.EINVAL):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(target))
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    os.rename(source, target)


def write_new(path: Path, content: bytes) -> None:
    """Writes a file that does not exist yet: its whole content, or nothing. Raises OSError or ValueError."""
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        rename_new(temporary, path)
    finally:
        with suppress(OSError, ValueError):
            temporary.unlink()
