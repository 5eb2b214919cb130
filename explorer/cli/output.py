"""What commands say: data on stdout, talk on stderr, foreign text made showable on a terminal."""

import io
import itertools
import json
import re
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from widgets.visible import visible, visible_line


def emit_json(document: Any) -> None:
    """Writes one JSON document to stdout: ASCII, so that no terminal can be made to act on it."""
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


def emit(text: str = "") -> None:
    """Writes text to stdout, made showable where stdout is a terminal."""
    _write(sys.stdout, text)


def say(text: str) -> None:
    """Writes talk to stderr."""
    _write(sys.stderr, visible(text))


def complain(title: str, hint: str = "") -> None:
    """Tells what is wrong and what to do."""
    say(f"corpus: {title}")
    if hint:
        say(f"        {hint}")


def _write(stream: TextIO, text: str) -> None:
    shown = "\n".join(visible(line) for line in re.split("\r?\n", text)) if stream.isatty() else text
    stream.write(shown.encode(stream.encoding or "utf-8", "backslashreplace").decode(stream.encoding or "utf-8") + "\n")


def aligned(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Lays rows out in columns two blanks apart; the columns numbered in `right` are flush right."""
    cells = [[visible_line(cell, 80) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))] if cells else []
    flush = set(right)
    lines = (
        "  ".join(
            cell.rjust(w) if n in flush else cell.ljust(w) for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )
    return "\n".join(line.rstrip() for line in lines)


class Bar:
    """A progress bar on stderr, or silence where stderr is no terminal."""

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self.progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            expand=True,
        )
        self._task = self.progress.add_task(title, total=None, figures="")

    def show(self, title: str, done: float, total: float | None, figures: str = "") -> None:
        """Moves the bar."""
        self.progress.update(
            self._task, description=visible_line(title, 40), completed=done, total=total or None, figures=figures
        )


@contextmanager
def bar(title: str) -> Generator[Bar]:
    """Shows a progress bar while the block runs."""
    shown = Bar(title)
    with shown.progress:
        yield shown


def csv_lines(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes rows as CSV to stdout; a cell that a spreadsheet would take for a formula gets a leading quote.

    CSV cannot tell an empty text from none.
    """
    import csv

    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")  # a cell with either of the two gets quotes
    for cells in itertools.chain([names], ([row[name] for name in names] for row in rows)):
        writer.writerow([_harmless(cell) for cell in cells])
        emit(line.getvalue().removesuffix("\r\n"))
        line.seek(0)
        line.truncate()


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _harmless(value: Any) -> Any:
    if isinstance(value, list | dict):
        value = json.dumps(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
