"""The one strict reader of our own files: a regular file of a known size, in UTF-8, of a known shape."""

import json
import math
import os
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from explorer.shapes import Shape, misfit

MOST_BYTES = 64 << 20
"""The largest file that is read, unless a caller allows another size."""
MOST_LEVELS = 64
"""How deep JSON and TOML of ours may be nested."""
MOST_DIGITS = 40
"""Digits of the longest whole number in a file of ours."""
_KINDS = (
    (stat.S_ISDIR, "it is a directory"),
    (stat.S_ISFIFO, "it is a FIFO"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)


class Damaged(ValueError):
    """A file of ours cannot be used; the message is a clause that says why, as `it is not UTF-8 at byte 12`."""


def open_regular(path: Path, *, through_links: bool = False) -> BinaryIO:
    """Opens a file for reading; raises Damaged where it is not a regular file, FileNotFoundError where it is missing.

    Neither a FIFO nor a device is waited for. A link is followed only with `through_links`.
    """
    follow = 0 if through_links else os.O_NOFOLLOW
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | follow)
    except FileNotFoundError:
        if path.is_symlink():
            raise Damaged("it is a link that leads nowhere") from None
        raise
    except ValueError:
        raise Damaged("its name holds a NUL") from None
    except OSError as error:
        is_link = not through_links and path.is_symlink()
        raise Damaged("it is a link" if is_link else f"it cannot be read ({error.strerror})") from None
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        raise Damaged(next((words for is_kind, words in _KINDS if is_kind(kind)), "it is not a regular file"))
    return os.fdopen(descriptor, "rb")


def open_unfollowed(path: Path, flags: int) -> int:
    """Opens a file, made private where `flags` make one, and returns its descriptor; raises OSError.

    No link in its place is followed, and no FIFO is waited for.
    """
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)


def is_regular(path: Path) -> bool:
    """Whether a path is a regular file itself, not a link to one."""
    return stat.S_ISREG(_mode(path))


def is_real_folder(path: Path) -> bool:
    """Whether a path is a folder itself, not a link to one."""
    return stat.S_ISDIR(_mode(path))


def _mode(path: Path) -> int:
    """The mode of what lies under a name, links not followed; 0 where nothing does."""
    try:
        return path.lstat().st_mode
    except (OSError, ValueError):
        return 0


def check_regular(path: Path) -> None:
    """Raises Damaged for a path that is not a regular file itself."""
    if not is_regular(path):
        raise Damaged("it is not a regular file")


def read_bytes(path: Path, *, most: int = MOST_BYTES, through_links: bool = False) -> bytes:
    """Reads a whole file; raises Damaged, or FileNotFoundError where it is missing."""
    with open_regular(path, through_links=through_links) as file:
        try:
            content = file.read(most + 1)
        except OSError as error:
            raise Damaged(f"it cannot be read ({error.strerror})") from None
    if len(content) > most:
        raise Damaged(f"it is larger than {most:,} bytes")
    return content


def read_text(path: Path, *, most: int = MOST_BYTES, through_links: bool = False) -> str:
    """Reads a file as UTF-8, with or without a byte order mark; raises like `read_bytes`."""
    content = read_bytes(path, most=most, through_links=through_links)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Damaged(f"it is not UTF-8 at byte {error.start}, line {line}") from None


def read_json(path: Path, shape: Shape, *, most: int = MOST_BYTES) -> Any:
    """Reads a JSON file of a shape; raises like `read_text`."""
    return parse_json(read_text(path, most=most), shape)


def parse_json(text: str | bytes, shape: Shape) -> Any:
    """Parses JSON of a shape; raises Damaged for anything that JSON or the shape does not allow, NaN included."""
    try:
        value = json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise Damaged(f"it is not JSON: {error.msg} (line {error.lineno})") from None
    except (ValueError, RecursionError) as error:
        raise Damaged(str(error) if isinstance(error, Damaged) else _unparsed(error, "JSON")) from None
    return fitting(value, shape)


def parse_toml(text: str) -> dict[str, Any]:
    """Parses TOML; raises Damaged where it is none or is nested too deeply. Numbers may have any size, or be NaN."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Damaged(f"it is not valid TOML: {str(error).rstrip('.')}") from None
    except (ValueError, RecursionError) as error:
        raise Damaged(_unparsed(error, "TOML")) from None
    _check_levels(tables)
    return tables


def fitting(value: Any, shape: Shape) -> Any:
    """Returns a value that has a shape and is not nested too deeply; raises Damaged where it is not so."""
    _check_levels(value)
    if reason := misfit(value, shape):
        raise Damaged(reason)
    return value


def _unparsed(error: Exception, form: str) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else f"it is not valid {form}"


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Damaged(f"it holds a number of {len(digits):,} digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Damaged(f"it holds {digits[:MOST_DIGITS]}, which is not a finite number")
    return number


def _no_number(name: str) -> NoReturn:
    raise Damaged(f"it holds {name}, which is not a number")


def _levels(value: Any) -> Iterator[list[Any]]:
    """Yields the values of each level of nesting, the outermost first."""
    level = [value]
    while level:
        yield level
        level = [
            child
            for each in level
            if isinstance(each, dict | list)
            for child in (each.values() if isinstance(each, dict) else each)
        ]


def _check_levels(value: Any) -> None:
    for depth, _ in enumerate(_levels(value)):
        if depth > MOST_LEVELS:
            raise Damaged("it is nested too deeply")
