"""The one family of errors that a person is meant to read."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    """All went well."""
    FAILED = 1
    """Failed while working."""
    WRONG_USE = 2
    """Wrong use or bad input."""
    REFUSED = 3
    """Refused by a guard: firewall, gate, wipe-out alarm, changed input."""


class ExplorerError(Exception):
    """Something a person should read: what is wrong (`title`), what to do (`hint`), and the exit code of a command."""

    exit = Exit.FAILED

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.title} {self.hint}".strip()


class BadInput(ExplorerError):
    """The words of the call, a file, a filter or a setting cannot be used as they are."""

    exit = Exit.WRONG_USE


class Refused(ExplorerError):
    """A guard said no; the hint tells how to go on knowingly."""

    exit = Exit.REFUSED
