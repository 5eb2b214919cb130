"""Tasks that a worker process runs for the tests; they must be importable by name."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from explorer.corpus.files import CorpusFile, gate
from explorer.corpus.survey import Survey, survey
from explorer.corpus.workspace import Workspace
from explorer.errors import BadInput, ExplorerError
from explorer.index.parts import index_slice
from explorer.index.work import Options, Slice, slices

Report = Callable[[Any], None]


def index_alone(task: tuple[Path, str, Path], report: Report) -> str:
    """Indexes one file, answering the question for a mapping with the first candidate; tells what became of it."""
    base, name, workspace = task
    file = gate(base, name)
    if not isinstance(file, CorpusFile):
        return f"set aside: {file.reason}"
    try:
        found = survey_with_an_answer(file)
    except BadInput as refusal:
        return f"set aside: {refusal.title}"
    pieces = slices(
        base, found.sources, Workspace(workspace), Options(exact_tokens=True, copy_content="copy", parse=True)
    )
    return f"read: {sum(index_slice(piece, report) for piece in pieces)}"


def survey_with_an_answer(file: CorpusFile) -> Survey:
    try:
        return survey([file])
    except BadInput as question:
        _, asks, candidate = question.hint.partition("--map content=")
        if not asks or candidate.startswith("COLUMN"):
            raise
        return survey([file], {"content": candidate.removesuffix(".")})


def act(task: str, report: Report) -> str:
    """Does what the task's first word says, if it is one of the deeds below."""
    report(f"began {task}")
    word, _, rest = task.partition(" ")
    if word in DEEDS:
        DEEDS[word](rest)
    return f"did {task}"


def _abort(_: str) -> None:
    os.abort()


def _abort_once(marker: str) -> None:
    if not Path(marker).exists():
        Path(marker).touch()
        os.abort()


def _exit(_: str) -> None:
    os._exit(7)


def _hang(_: str) -> None:
    time.sleep(3600)


def _spin(_: str) -> None:
    while True:
        pass


def _crowd_abort(words: str) -> None:
    """Dies at its first try; at the second it writes down how many tasks run."""
    folder, _, name = words.partition(" ")
    if not (died := Path(folder, f"{name}.died")).exists():
        died.touch()
        os.abort()
    running = Path(folder, f"{name}.running")
    running.touch()
    time.sleep(0.3)
    Path(folder, f"{name}.alone").write_text(str(len(list(Path(folder).glob("*.running")))))
    running.unlink()


def _fail(_: str) -> None:
    raise ValueError("two\nlines of \x1b[31mred")


def _hoard(_: str) -> None:
    bytes(1 << 40)


def _refuse(_: str) -> None:
    raise ExplorerError("No room.", "Make some.")


DEEDS: dict[str, Callable[[str], None]] = {
    "abort": _abort,
    "abort-once": _abort_once,
    "exit": _exit,
    "hang": _hang,
    "spin": _spin,
    "crowd-abort": _crowd_abort,
    "fail": _fail,
    "hoard": _hoard,
    "refuse": _refuse,
}


def index_slice_but_die_of_b(piece: Slice, report: Report) -> int:
    """Indexes a slice, unless it is one of `b.parquet`."""
    if "b.parquet" in piece.names:
        os.abort()
    return index_slice(piece, report)
