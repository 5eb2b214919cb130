"""What commands print: data on stdout, messages on stderr, nothing in either that a terminal could act on.

What is piped today is shown on a terminal tomorrow, so that control characters are made visible everywhere but with
`--raw`; JSON escapes them. Secrets are masked in all of it, and stay on stdout with `--unmasked`.
"""

import io
import itertools
import json
import re
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import click

from explorer.safety.masking import mask_values
from widgets.visible import visible, visible_line

RAW = "corpus.raw"
"""Where the context of a command keeps whether `--raw` was given."""
UNMASKED = "corpus.unmasked"
"""Where it keeps whether `--unmasked` was given."""


def emit_json(document: Any) -> None:
    """Writes one JSON document to stdout."""
    sys.stdout.write(json_text(document, indent=1) + "\n")


def json_text(value: Any, indent: int | None = None) -> str:
    """Returns JSON in printable ASCII, secrets masked: every control character in a text is escaped."""
    return json.dumps(masked(value), indent=indent).replace("\x7f", "\\u007f")


def emit(text: str = "") -> None:
    """Writes text to stdout, secrets masked, every control character made visible but with `--raw`."""
    text = masked(text)
    _write(sys.stdout, text if is_raw() else _harmless(text, is_terminal=sys.stdout.isatty()))


def say(text: str) -> None:
    """Writes a message to stderr, secrets masked, every control character made visible."""
    _write(sys.stderr, visible(mask_values(text)))


def is_raw() -> bool:
    """Whether the command that runs was called with `--raw`."""
    return _was_given(RAW)


def _was_given(option: str) -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(option))


def masked(value: Any) -> Any:
    """Returns a text or a document, every secret in its names and values masked but with `--unmasked`."""
    return value if _was_given(UNMASKED) else _masked(value)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask_values(value)
    if isinstance(value, Mapping):
        return {_masked(name): _masked(each) for name, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list | tuple) else value


def complain(title: str, hint: str = "") -> None:
    """Tells what is wrong and what to do."""
    say(f"corpus: {title}")
    if hint:
        say(f"        {hint}")


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def _harmless(text: str, *, is_terminal: bool) -> str:
    """Makes control characters visible. In a pipe, tabs and ends of lines stay, and nothing is cut."""
    if is_terminal:
        return "\n".join(visible(line) for line in re.split("\r?\n", text))
    return "".join(part if part in _KEPT else _uncut(part) for part in re.split("(\r?\n|\t)", text))


_KEPT = frozenset(("\n", "\r\n", "\t"))


def _uncut(text: str) -> str:
    most = 2 * len(text) + 1
    return visible(text, columns=most, characters=most)


def aligned(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Lays rows out in columns two blanks apart; the columns numbered in `right` are flush right.

    A cell is masked before it is cut: the first half of a secret would not be known as one.
    """
    cells = [[visible_line(masked(cell), 80) for cell in row] for row in rows]
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
            self._task,
            description=visible_line(mask_values(title), 40),
            completed=done,
            total=total or None,
            figures=figures,
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
        writer.writerow([_no_formula(masked(cell)) for cell in cells])
        emit(line.getvalue().removesuffix("\r\n"))
        line.seek(0)
        line.truncate()


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _no_formula(value: Any) -> Any:
    if isinstance(value, list | dict):
        value = json.dumps(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
