"""Hands out the text of a sample by windows of lines, and finds lines in it."""

import re
import threading
from typing import NamedTuple

from explorer.errors import BadInput
from explorer.job import Job
from explorer.open_corpus.content import ContentStore
from explorer.open_corpus.records import Text, Window
from explorer.open_corpus.values import text_of
from explorer.safety.masking import Span, mask_secrets

MAX_LINES = 5_000
"""Lines of one window."""
MAX_LINE = 20_000
"""Characters of a line that are handed out; the rest is named, not sent."""
MAX_WINDOW = 2_000_000
"""Characters of one window."""


class _Opened(NamedTuple):
    """The sample that was asked for last."""

    row: int
    lines: list[str]
    is_ended: bool
    """Whether the last line has its line feed."""
    bytes: int
    is_utf8: bool
    secrets: tuple[Span, ...]
    """Where masked secrets stand, in order."""


class ContentWindows:
    """Windows on the sample that is open; moving inside it reads nothing again."""

    def __init__(self, content: ContentStore) -> None:
        self._content = content
        self._opened: _Opened | None = None
        self._lock = threading.Lock()

    def window(self, job: Job, row: int, first: int = 1, count: int = MAX_LINES) -> Window:
        """Returns at most `count` lines of a row's text from line `first` (from 1) on."""
        opened = self._open(job, row)
        first = max(first, 1)
        lines: list[str] = []
        cut: dict[int, int] = {}
        size = 0
        for number, line in enumerate(opened.lines[first - 1 : first - 1 + min(count, MAX_LINES)], first):
            if len(line) > MAX_LINE:
                cut[number] = len(line)
            lines.append(line[:MAX_LINE])
            size += len(lines[-1])
            if size > MAX_WINDOW:
                break
        secrets = tuple(span for span in opened.secrets if first <= span.line < first + len(lines))
        total = len(opened.lines)
        return Window(first, tuple(lines), total, opened.is_ended, opened.bytes, opened.is_utf8, cut, secrets)

    def text(self, job: Job, row: int, start: int = 0) -> Text:
        """Returns a piece of a row's whole text from character `start` (from 0) on, secrets masked."""
        opened = self._open(job, row)
        start = max(start, 0)
        whole = "\n".join(opened.lines) + ("\n" if opened.is_ended else "")
        masked = len({tuple(span[:2]) for span in opened.secrets})
        return Text(whole[start : start + MAX_WINDOW], len(whole), opened.is_utf8, masked)

    def find_line(
        self, job: Job, row: int, pattern: str, line: int, *, is_regex: bool = False, backwards: bool = False
    ) -> int | None:
        """Returns the next line after `line`, before it with `backwards`, that holds a pattern; wraps around."""
        opened = self._open(job, row)
        matcher = _matcher(pattern, is_regex)
        start = min(max(line, 0), len(opened.lines))
        after, before = range(start, len(opened.lines)), range(max(start - 1, 0))
        order = [*reversed(before), *reversed(after)] if backwards else [*after, *before]
        for position in order:
            if matcher.search(opened.lines[position][:MAX_LINE]):
                return position + 1
            job.stop_if_cancelled()
        return None

    def _open(self, job: Job, row: int) -> _Opened:
        with self._lock:
            if self._opened is not None and self._opened.row == row:
                return self._opened
        try:
            content = self._content.read(row, lambda file: job.report({"file": file}))
        except IndexError:
            raise BadInput(f"There is no row {row:,}.") from None
        text, secrets = mask_secrets(text_of(content))
        opened = _Opened(
            row,
            lines_of(text),
            text.endswith("\n"),
            len(content),
            "\ufffd" not in text or _is_utf8(content),
            secrets,
        )
        with self._lock:
            self._opened = opened
        return opened


def lines_of(text: str) -> list[str]:
    """Returns the lines as they are counted: a line feed ends a line, it does not begin an empty one."""
    lines = text.split("\n")
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _matcher(pattern: str, regex: bool) -> re.Pattern[str]:
    try:
        return re.compile(pattern if regex else re.escape(pattern), 0 if pattern.lower() != pattern else re.IGNORECASE)
    except re.error as error:
        raise BadInput(f"The pattern is no regular expression: {error}.") from None
