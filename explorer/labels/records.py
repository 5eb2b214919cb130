"""One line of a journal: `crc32 SP json LF`, in ASCII, chained to the line before it.

Keys of the JSON: `v` version, `seq` Lamport number, `prev` hash of the previous line of the file, `t` UTC time, `who`
curator, `op`, `changes` [[id, sha256, field, old, new], …] whatever the op, and where they apply `reason`, `target`
[session, seq] of the event that an undo or redo is about, `batch` seq of the `begin` that a part or `commit` belongs
to. A `begin` tells in `of` what op its parts are, and in `parts` how many follow. A decision that is written again,
since its first file was lost, names that file in `session`. No text of a sample is ever in a line.
"""

import hashlib
import json
import sys
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from explorer.labels.decisions import FIELDS, Change, is_value

VERSION = 1
START = "0" * 16
"""What the first line of a file names as its previous one."""
LAST_SEQ = 2**53
COMMON = frozenset(("v", "seq", "prev", "t", "who", "op", "changes"))
PLAIN_OPS = frozenset(("set", "clear", "undo", "redo"))
BATCH_OPS = frozenset(("begin", "commit"))
decode = json.JSONDecoder().raw_decode


class Unreadable(ValueError):
    """A line is not what a session wrote."""


class Newer(ValueError):
    """A line is whole but says something that this version does not know; `version` is who wrote it."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class About(NamedTuple):
    """What only some records say."""

    target: tuple[str, int] | None = None
    reason: str = ""
    batch: int = 0
    of: str = ""
    parts: int = 0
    session: str = ""


class Record(NamedTuple):
    """One readable line."""

    seq: int
    prev: str
    time: str
    who: str
    op: str
    changes: list[Change]
    """Plain lists of five when read back: a million tuples would be made for nothing."""
    about: About


def chain(line: bytes) -> str:
    """Hash a line (without its LF) for the `prev` of the next one."""
    return hashlib.sha256(line).hexdigest()[:16]


def encode(fields: Mapping[str, object]) -> bytes:
    """Write one record as a line without its LF."""
    body = json.dumps(fields, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    return b"%08x %s" % (zlib.crc32(body), body)


def parse(line: bytes) -> Record:
    """Read one line without its LF; raises Unreadable or Newer, never anything else."""
    fields = read_fields(line)
    version, seq, op = fields.get("v"), fields.get("seq"), fields.get("op")
    if type(version) is not int or type(seq) is not int or not 0 < seq <= LAST_SEQ or type(op) is not str:
        raise Unreadable
    if version > VERSION or (op not in PLAIN_OPS and op not in BATCH_OPS):
        raise Newer(version)
    changes = fields.get("changes", [])
    check_changes(changes, version)
    about = About() if fields.keys() <= COMMON else read_about(fields)
    prev, time, who = text(fields, "prev"), text(fields, "t"), sys.intern(text(fields, "who"))
    return Record(seq, prev, time, who, sys.intern(op), changes, about)


def read_fields(line: bytes) -> dict[str, Any]:
    """Check the sum of a line and take its JSON object."""
    body = line[9:]
    if line[:9] != b"%08x " % zlib.crc32(body):
        raise Unreadable
    try:
        fields, end = decode(body.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if end != len(body) or type(fields) is not dict:
        raise Unreadable
    return fields


def check_changes(changes: object, version: int) -> None:
    """Refuse changes that do not fit the fields of a label; an unknown field is a newer version's."""
    if type(changes) is not list:
        raise Unreadable
    for change in changes:
        if type(change) is not list or len(change) != 5:
            raise Unreadable
        sample, sha256, field, old, new = change
        if type(sample) is not str or type(sha256) is not str or type(field) is not str:
            raise Unreadable
        if field not in FIELDS:
            raise Newer(version)
        if not (is_value(field, old) and is_value(field, new)):
            raise Unreadable


def read_about(fields: Mapping[str, object]) -> About:
    """Take what only some records say."""
    of, session = sys.intern(text(fields, "of")), sys.intern(text(fields, "session"))
    if of and of not in PLAIN_OPS:
        raise Unreadable
    return About(
        read_target(fields), text(fields, "reason"), whole(fields, "batch"), of, whole(fields, "parts"), session
    )


def read_target(fields: Mapping[str, object]) -> tuple[str, int] | None:
    """Take the event that an undo or redo is about."""
    match fields.get("target"):
        case [str(session), int(seq)]:
            return session, seq
        case None:
            return None
        case _:
            raise Unreadable


def text(fields: Mapping[str, object], key: str) -> str:
    """Take an optional text."""
    value = fields.get(key, "")
    if type(value) is not str:
        raise Unreadable
    return value


def whole(fields: Mapping[str, object], key: str) -> int:
    """Take an optional whole number."""
    value = fields.get(key, 0)
    if type(value) is not int:
        raise Unreadable
    return value
