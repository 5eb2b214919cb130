"""`corpus index`: builds or refreshes the index, with a progress bar."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import json_option, path_argument
from explorer.cli.output import bar, emit, emit_json, say
from explorer.cli.wording import gap_lines
from explorer.errors import BadInput, ExplorerError
from widgets.numbers import count, counted, size

if TYPE_CHECKING:
    from explorer.corpus.workspace import Place
    from explorer.index.build import Built, Progress, Wishes


_NAMED = 5
"""So many files are named in one sentence."""


@click.command("index", short_help="Build or refresh the index of a corpus.")
@path_argument
@click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="Name a column, as content=body.")
@click.option("--workers", type=click.IntRange(min=0), metavar="N", help="Worker processes (default: one a core).")
@click.option(
    "--content",
    type=click.Choice(("auto", "copy", "source")),
    default="auto",
    show_default=True,
    help="Copy the text into small row groups: where the corpus's are large, always, or never.",
)
@click.option(
    "--threshold",
    type=float,
    metavar="SIMILARITY",
    help="Compare samples down to this similarity (default 0.7, or as before).",
)
@click.option("--tokens", type=click.Choice(("exact", "estimate")), help="Default: exact with the extra `tokens`.")
@click.option(
    "--signals",
    type=click.Choice(("full", "quick")),
    default="full",
    show_default=True,
    help="Whether Python is parsed, which takes most of the time.",
)
@json_option
def index_command(
    path: str,
    workspace: str | None,
    mapping: tuple[str, ...],
    workers: int | None,
    content: str,
    threshold: float | None,
    tokens: str | None,
    signals: str,
    as_json: bool,
) -> None:
    """Build or refresh the index of PATH.

    Unchanged files are not read again, and a run that was stopped goes on where it was.
    """
    from explorer.corpus.workspace import locate
    from explorer.index.build import Wishes

    wishes = Wishes(
        mapping=dict(_pair(text) for text in mapping),
        workers=workers,
        content=content,
        exact_tokens=None if tokens is None else tokens == "exact",
        threshold=threshold,
        signals=signals,
    )
    built = build(locate(path, workspace), wishes)
    if as_json:
        emit_json(as_document(built))
    else:
        emit(told(built))
    regret(built)


def _pair(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not equals or not field or not column:
        raise BadInput(f"--map {text} is no pair.", "Write --map FIELD=COLUMN, as --map content=body.")
    return field, column


def build(place: "Place", wishes: "Wishes") -> "Built":
    """Builds an index with a progress bar; names the files that were set aside on stderr."""
    from explorer.index.build import NothingLeft, build_index

    try:
        with bar("indexing") as shown:
            built = build_index(place, wishes, _reporter(shown.show))
    except NothingLeft as nothing:
        for file in nothing.quarantined:
            say(f"left out  {file.file}: {file.reason}")
        raise
    for file in built.quarantined:
        say(f"left out  {file.file}: {file.reason}")
    for line in gap_lines(*([row._asdict() for row in rows] for rows in built.gaps)):
        say(line)
    return built


def regret(built: "Built") -> None:
    """Raises ExplorerError with the names of files that time, memory or a death left out, if there are any."""
    if not built.lost:
        return
    first = "; ".join(f"{file.file}: {file.reason}" for file in built.lost[:_NAMED])
    more = f"; and {count(len(built.lost) - _NAMED)} more" if len(built.lost) > _NAMED else ""
    raise ExplorerError(
        f"The index is NOT complete: {counted(len(built.lost), 'file')} left out that may be sound ({first}{more}).",
        "Run `corpus index` again with less beside it, or with --workers 1; what is indexed is not read again.",
    )


def _reporter(show: Callable[..., None]) -> "Callable[[Progress], None]":
    last = 0.0

    def report(progress: "Progress") -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 0.1 or progress.phase not in ("reading", "comparing"):
            last = now
            if progress.phase == "checking":
                show("checking", progress.files_done, progress.files, f"{count(progress.files)} files")
            elif progress.phase == "preparing":
                show("preparing", 0, progress.rows, "compiling, once after installing")
            elif progress.phase == "reading":
                show("reading", progress.rows_done, progress.rows, _figures(progress))
            elif progress.phase == "comparing":
                show("comparing", progress.rows_done, progress.rows, f"{count(progress.rows)} candidates")
            else:
                show("loading", progress.rows, progress.rows, f"{count(progress.rows)} samples")

    return report


def _figures(progress: "Progress") -> str:
    seconds = max(progress.seconds, 0.001)
    return (
        f"{count(progress.files_done)}/{count(progress.files)} files  "
        f"{count(round(progress.fresh_rows / seconds))} rows/s  {progress.bytes_done / 1e6 / seconds:,.0f} MB/s"
    )


def as_document(built: "Built") -> dict[str, Any]:
    """Returns what `--json` prints of a build."""
    return {
        "samples": built.rows,
        "files": built.files,
        "read_now": {"samples": built.fresh_rows, "bytes": built.bytes},
        "seconds": round(built.seconds, 3),
        "quarantined": [{"file": file.file, "reason": file.reason} for file in built.quarantined],
        "lost": [file.file for file in built.lost],
        "mapping": dict(built.mapping),
        "not_kept": [row._asdict() for row in built.gaps.not_kept],
        "unread": [row._asdict() for row in built.gaps.unread],
    }


def told(built: "Built") -> str:
    """Says what a build came to."""
    fresh = (
        f"read {count(built.fresh_rows)} of them now ({size(built.bytes)})"
        if built.fresh_rows
        else "nothing had changed"
    )
    columns = ", ".join(f"{field} = {column}" for field, column in built.mapping.items() if column)
    return (
        f"{counted(built.rows, 'sample')} in {counted(built.files, 'file')}: indexed; {fresh}, "
        f"{built.seconds:.1f} s.\nColumns: {columns}."
    )
