"""How an ask can end without an answer."""

from explorer.errors import ExplorerError


class Superseded(Exception):
    """The ask was cancelled, or a newer one took its lane: nobody needs to be told."""


class ReaderFailed(ExplorerError):
    """The job failed; title and hint are for the curator."""


class DeadlinePassed(ReaderFailed):
    """The job took longer than it was given and has been interrupted; the reader goes on."""


class ReaderGone(ExplorerError):
    """The reader ended or was ended before it answered; unless the hint says otherwise, it is already being restarted.

    `file` is the file that the ask's job was reading, if it told.
    """

    def __init__(self, title: str, hint: str = "", file: str | None = None) -> None:
        super().__init__(title, hint)
        self.file = file
