"""Hands out the text of a sample by windows of lines, and finds lines in it."""

import re
import threading
from typing import Any, NamedTuple

from explorer.errors import BadInput
from explorer.job import Job
from explorer.open_corpus.session import Session
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

    def __init__(self, session: Session) -> None:
        self._session = session
        self._opened: _Opened | None = None
        self._lock = threading.Lock()

    def window(self, job: Job) -> dict[str, Any]:
        """Answers `row`, `first` (from 1) and `count` with the lines of a window.

        Returns `first`, `lines`, `total_lines`, `is_ended` (by a line feed), `bytes`, `is_utf8`, `cut`, which maps
        the numbers of lines that are not handed out whole to their lengths, and `secrets`, each masked one's line
        (from 1), first and last column (from 0, the last exclusive) and kind.
        """
        opened = self._open(job)
        first = max(int(job.args.get("first", 1)), 1)
        count = min(int(job.args.get("count", MAX_LINES)), MAX_LINES)
        lines: list[str] = []
        cut: dict[str, int] = {}
        size = 0
        for number, line in enumerate(opened.lines[first - 1 : first - 1 + count], first):
            if len(line) > MAX_LINE:
                cut[str(number)] = len(line)
            lines.append(line[:MAX_LINE])
            size += len(lines[-1])
            if size > MAX_WINDOW:
                break
        return {
            "first": first,
            "lines": lines,
            "total_lines": len(opened.lines),
            "is_ended": opened.is_ended,
            "bytes": opened.bytes,
            "is_utf8": opened.is_utf8,
            "cut": cut,
            "secrets": [list(span) for span in opened.secrets if first <= span.line < first + len(lines)],
        }

    def text(self, job: Job) -> dict[str, Any]:
        """Answers `row` and `start` (characters, from 0) with a piece of the whole text, secrets masked.

        Returns `text`, `characters` of the whole, `is_utf8` and `secrets`, how many are masked.
        """
        opened = self._open(job)
        start = max(int(job.args.get("start", 0)), 0)
        whole = "\n".join(opened.lines) + ("\n" if opened.is_ended else "")
        return {
            "text": whole[start : start + MAX_WINDOW],
            "characters": len(whole),
            "is_utf8": opened.is_utf8,
            "secrets": len({tuple(span[:2]) for span in opened.secrets}),
        }

    def find_line(self, job: Job) -> dict[str, Any]:
        """Finds the next line after `line` (before it with `backwards`) that holds `pattern` → `line` or None."""
        opened = self._open(job)
        matcher = _matcher(str(job.args["pattern"]), bool(job.args.get("regex")))
        start, backwards = min(max(int(job.args["line"]), 0), len(opened.lines)), bool(job.args.get("backwards"))
        after, before = range(start, len(opened.lines)), range(max(start - 1, 0))
        order = [*reversed(before), *reversed(after)] if backwards else [*after, *before]
        for position in order:
            if matcher.search(opened.lines[position][:MAX_LINE]):
                return {"line": position + 1}
            job.stop_if_cancelled()
        return {"line": None}

    def _open(self, job: Job) -> _Opened:
        row = int(job.args["row"])
        with self._lock:
            if self._opened is not None and self._opened.row == row:
                return self._opened
        try:
            content = self._session.content.read(row, lambda file: job.report({"file": file}))
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
