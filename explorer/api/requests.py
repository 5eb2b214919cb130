"""What every request has in common: the answer it asks for, its channel, its deadline and its JSON form.

A request is a frozen dataclass; its answer is one too. msgspec turns both into what JSON holds and back, and refuses
what does not fit the types.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, get_args

import msgspec

Answer = TypeVar("Answer")
Message = TypeVar("Message")

PATIENCE = 20.0
"""Seconds in which the reader answers what needs no long search."""


class Request(Generic[Answer]):
    """A question to an open corpus; `class PageRequest(Request[PageRows], name="page")` declares one.

    The class arguments are `name` on the wire; `channel`, in which the latest request wins, by default the name; and
    `seconds` until it is given up, None for as long as it takes.
    """

    wire_name: ClassVar[str]
    wire_channel: ClassVar[str]
    wire_seconds: ClassVar[float | None]
    wire_answer: ClassVar[type]
    by_name: ClassVar[dict[str, type["Request[Any]"]]] = {}

    def __init_subclass__(cls, *, name: str, channel: str = "", seconds: float | None = PATIENCE) -> None:
        cls.wire_name, cls.wire_channel, cls.wire_seconds = name, channel or name, seconds
        cls.wire_answer = get_args(vars(cls)["__orig_bases__"][0])[0]
        Request.by_name[name] = cls


@dataclass(frozen=True)
class Done:
    """The answer to a request that asks for nothing but the deed."""


@dataclass(frozen=True)
class ProgressReport:
    """The progress of a request; None is what it does not say."""

    file: str | None = None
    """The file of the corpus that is read next."""
    rows: int | None = None
    rows_done: int = 0
    matches: int = 0
    """Rows that passed so far."""
    step: str = ""
    """What is being done, in words."""
    done: int = 0
    of: int = 0
    """Steps that are done, of how many."""


def to_json(message: object) -> dict[str, Any]:
    """Returns a message as JSON holds it: an object of its fields."""
    return msgspec.to_builtins(message, str_keys=True)


def from_json(found: Mapping[str, Any], kind: type[Message]) -> Message:
    """Reads a message of some type; raises msgspec.ValidationError where it does not fit."""
    return msgspec.convert(found, kind, str_keys=True)
