"""What an open index answers about a sample and its labels; importing this loads no engine."""

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.safety.masking import Span


@dataclass(frozen=True)
class Source:
    """Where a sample is in the corpus's own files."""

    file: str
    row_group: int
    row: int
    """Position inside the row group."""


@dataclass(frozen=True)
class Window:
    """Some lines of a sample's text."""

    first: int
    """The number of the first line, from 1."""
    lines: tuple[str, ...]
    total_lines: int
    is_ended: bool
    """Whether the last line of the text has its line feed."""
    bytes: int
    is_utf8: bool
    cut: Mapping[int, int]
    """The lengths of lines that are not handed out whole, by number."""
    secrets: tuple[Span, ...]
    """Where masked secrets are."""


@dataclass(frozen=True)
class Text:
    """A piece of a sample's text, secrets masked."""

    text: str
    characters: int
    """Of the whole text."""
    is_utf8: bool
    secrets: int
    """How many secrets are masked."""


@dataclass(frozen=True)
class SavedText:
    """A content that was written into a file."""

    bytes: int
    masked: bool
    """Whether the file holds masked secrets."""


@dataclass(frozen=True)
class Labelled:
    """What became of labels that were laid over the index."""

    rows: int
    stale: int
    by_content: int
    orphans: int
