"""What the screen and its reader say to each other: one line of ASCII JSON a message, over two pipes.

| to the reader | means |
|---|---|
| `{"id": 7, "lane": "page", "job": "rows", "args": {…}, "deadline": 10.0}` | run a job; `deadline` in seconds, if any |
| `{"cancel": "page"}`, `{"cancel": "page", "id": 7}` | interrupt and drop all jobs of a lane, or one |
| `{"quit": true}` | end at once |

| from the reader | means |
|---|---|
| `{"ready": {"version": "0.1.0", "pid": 4242}}` | the first line: it takes requests from now on |
| `{"id": 7, "progress": {…}}` | news of a running job; `{"file": …}` names the file it is about to touch |
| `{"id": 7, "ok": {…}}` | done |
| `{"id": 7, "error": {"title": …, "hint": …}}` | failed, in words for a person |
| `{"id": 7, "superseded": true}` | interrupted or dropped: a newer request took its lane, or it was cancelled |

Every request gets exactly one of the last three. ASCII lets lone surrogates pass; only a high one directly followed by
a low one arrives as the character that the two spell.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from explorer.errors import ExplorerError

LINE_LIMIT = 64 * 1024 * 1024
"""The longest line that either side takes, in bytes, its end included."""

ORDERED_LANES = frozenset({"write"})
"""Lanes whose jobs run one after the other to their end; in any other lane the latest request wins."""


@dataclass(frozen=True, slots=True)
class Request:
    """Asks for one job in one lane."""

    id: int
    lane: str
    job: str
    args: Mapping[str, Any]
    deadline: float | None = None
    """Seconds the asker is going to wait, counted from when the lane is free; None: as long as it takes."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Interrupts a lane, or only the job `id` of it."""

    lane: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Quit:
    """Ends the reader at once."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The reader's greeting."""

    version: str
    pid: int


@dataclass(frozen=True, slots=True)
class Progress:
    """News of a running job."""

    id: int
    progress: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What a job found."""

    id: int
    ok: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a job found nothing."""

    id: int
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A job that was interrupted, or never begun, because nobody wants its answer any more."""

    id: int


Wish = Request | Cancel | Quit
Outcome = Done | Failed | Overtaken
Reply = Ready | Progress | Outcome


class BadLine(ExplorerError):
    """A line that is no message of this protocol, or is too long to be one."""


def encode(message: Wish | Reply) -> bytes:
    """Returns the line that carries a message; raises `BadLine` where it is no JSON or passes the cap."""
    try:
        line = json.dumps(_body(message), separators=(",", ":")).encode("ascii") + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise BadLine(
            "A message to or from the reader cannot be written as JSON.", f"{type(error).__name__}."
        ) from error
    if len(line) > LINE_LIMIT:
        size, cap = len(line) / 2**20, LINE_LIMIT // 2**20
        raise BadLine(
            f"A message of {size:,.0f} MB passes the {cap} MB that one line may hold.", "Ask for less at a time."
        )
    return line


def decode_wish(line: bytes) -> Wish:
    """Reads a line sent to the reader; raises `BadLine`."""
    body = _parse(line)
    try:
        if "quit" in body:
            return Quit()
        if "cancel" in body:
            return Cancel(str(body["cancel"]), body.get("id"))
        args: dict[str, Any] = dict(body["args"])
        return Request(int(body["id"]), str(body["lane"]), str(body["job"]), args, body.get("deadline"))
    except (KeyError, TypeError, ValueError) as error:
        raise BadLine("A line to the reader is no request.") from error


def decode_reply(line: bytes) -> Reply:
    """Reads a line sent by the reader; raises `BadLine`."""
    body = _parse(line)
    try:
        return _reply(body)
    except (KeyError, TypeError, ValueError) as error:
        raise BadLine("A line from the reader is no answer.") from error


def _reply(body: dict[str, Any]) -> Reply:
    if "ready" in body:
        return Ready(str(body["ready"]["version"]), int(body["ready"]["pid"]))
    number = int(body["id"])
    if "ok" in body:
        return Done(number, dict(body["ok"]))
    if "progress" in body:
        return Progress(number, dict(body["progress"]))
    if "error" in body:
        return Failed(number, str(body["error"]["title"]), str(body["error"]["hint"]))
    if "superseded" in body:
        return Overtaken(number)
    raise KeyError("no kind")


def _body(message: Wish | Reply) -> dict[str, Any]:
    match message:
        case Request(number, lane, job, args, deadline):
            wanted = {"id": number, "lane": lane, "job": job, "args": dict(args)}
            return wanted if deadline is None else {**wanted, "deadline": deadline}
        case Cancel(lane, number):
            return {"cancel": lane} if number is None else {"cancel": lane, "id": number}
        case Quit():
            return {"quit": True}
        case _:
            return _reply_body(message)


def _reply_body(message: Reply) -> dict[str, Any]:
    match message:
        case Ready(version, pid):
            return {"ready": {"version": version, "pid": pid}}
        case Progress(number, progress):
            return {"id": number, "progress": progress}
        case Done(number, ok):
            return {"id": number, "ok": dict(ok)}
        case Failed(number, title, hint):
            return {"id": number, "error": {"title": title, "hint": hint}}
        case Overtaken(number):
            return {"id": number, "superseded": True}


def _parse(line: bytes) -> dict[str, Any]:
    try:
        body: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine("A line between the screen and its reader is no JSON.") from error
    if not isinstance(body, dict):
        raise BadLine("A line between the screen and its reader is no JSON object.")
    return cast("dict[str, Any]", body)
