"""Writes one stage of a mix: draw, read, shuffle, write, check, receipt, and only then its name."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute

from explorer.corpus.marker import make_folder
from explorer.corpus.workspace import sync_file, write_whole
from explorer.errors import ExplorerError
from explorer.exporting.drawing import Chosen, Drawn, chosen
from explorer.exporting.emptiness import nothing_drawn, nothing_left
from explorer.exporting.receipt import WrittenFile, dumped, receipt, sha256_of
from explorer.exporting.screening import REFUSE, Dropped, Screening, screening
from explorer.exporting.shards import Shuffle, rows_of
from explorer.exporting.staging import MANIFEST, check_space, check_target, staged, sweep
from explorer.exporting.writers import FORMATS, Format, tally_table
from explorer.job import Job
from explorer.mixing.mix import Budget, Mix
from explorer.open_corpus.session import Session

BYTES_PER_TOKEN = 5
"""A generous estimate of the disk a token takes, for the check of free space."""
_REPORT_SECONDS = 0.1


class Wanted(NamedTuple):
    """What to export."""

    stage: str
    target: Path
    formats: tuple[str, ...]
    budget: Budget | None
    """None takes the budget of the mix."""
    labels: Mapping[str, Any]
    """The journal position the labels were read at, for the receipt."""
    secrets: str = REFUSE
    """What becomes of texts that hold a secret: `refuse`, `drop` or `redact`."""


def export(session: Session, job: Job, mix: Mix, wanted: Wanted) -> dict[str, Any]:
    """Writes the files of a stage and its receipt; returns the receipt with `out` and `receipt`.

    Reports `rows_done` and `rows`, and as `leftover` each directory of a killed export that it is about to remove.
    Cancelling or failing leaves nothing behind. Raises Refused where no row would be written or the disk is too small.
    `receipt_copy` is None where the workspace took no copy.
    """
    formats = [FORMATS[name] for name in wanted.formats]
    check_target(wanted.target, session.place)
    sweep(wanted.target.parent, lambda left: job.report({"leftover": str(left)}))
    with chosen(session, job, mix, wanted.stage, wanted.budget) as drawn:
        if not any(part.rows for part in drawn.drawn):
            raise nothing_drawn(session, job, mix, drawn)
        check_space(wanted.target, drawn.plan.drawn_tokens * BYTES_PER_TOKEN * len(formats))
        screen = screening(wanted.secrets)
        with staged(wanted.target) as staging:
            origins: Counter[str] = Counter()
            files = tuple(_write(session, job, mix, drawn, screen, staging, formats, origins))
            _check(drawn, screen, files, len(formats))
            manifest = receipt(session, mix, _as_written(drawn, screen), files, wanted.labels, screen, origins)
            write_whole(staging / MANIFEST, dumped(manifest))
    copy = _keep_copy(session, screen.name(str(wanted.target)), manifest)
    return {**manifest, "out": str(wanted.target), "receipt": str(wanted.target / MANIFEST), "receipt_copy": copy}


def _write(
    session: Session,
    job: Job,
    mix: Mix,
    drawn: Chosen,
    screen: Screening,
    staging: Path,
    formats: Sequence[Format],
    origins: Counter[str],
) -> Iterator[WrittenFile]:
    """Yields the shards one by one, and adds the tokens of each origin up."""
    directory = staging / "data" / drawn.plan.stage / "mixed"
    spool = staging / ".spool"
    directory.mkdir(parents=True)
    spool.mkdir()
    shuffle = Shuffle(spool, mix.family, drawn.plan.drawn_tokens * BYTES_PER_TOKEN)
    try:
        _fill(session, job, drawn, screen, shuffle)
        for number, table in enumerate(shuffle.tables()):
            job.stop_if_cancelled()
            for row in table.select(["origin", "tokens"]).to_pylist():
                origins[row["origin"] or "unknown"] += row["tokens"]
            for form in formats:
                path = directory / f"train-{number:05d}-of-{shuffle.shards:05d}{form.suffix}"
                yield _write_shard(table, path, form, staging)
    finally:
        shuffle.close()
        spool.rmdir()


def _fill(session: Session, job: Job, drawn: Chosen, screen: Screening, shuffle: Shuffle) -> None:
    rows = sum(part.rows for part in drawn.drawn)
    last = 0.0
    with session.cursor(job) as cursor:
        chosen_rows = rows_of(cursor, job, session.content, drawn.plan.stage)
        for done, row in enumerate(screen.screened(chosen_rows), 1):
            shuffle.add(row)
            if time.monotonic() - last > _REPORT_SECONDS or done == rows:
                last = time.monotonic()
                job.report({"rows_done": done, "rows": rows})


def _write_shard(table: pa.Table, path: Path, form: Format, staging: Path) -> WrittenFile:
    form.write(table, path)
    sync_file(path)
    if form.tally(path) != tally_table(table):
        raise ExplorerError(f"{path.name} did not read back as it was written.", "Check the disk, then export again.")
    functions: Any = pyarrow.compute
    tokens = functions.sum(table.column("tokens")).as_py() or 0
    return WrittenFile(
        path.relative_to(staging).as_posix(), table.num_rows, tokens, path.stat().st_size, sha256_of(path)
    )


def _as_written(drawn: Chosen, screen: Screening) -> Chosen:
    """Returns a draw without what was dropped for its secrets."""
    parts: list[Drawn] = []
    for part in drawn.drawn:
        lost = screen.dropped.get(part.tier, Dropped())
        parts.append(
            part._replace(
                rows=part.rows - lost.rows, samples=part.samples - lost.samples, tokens=part.tokens - lost.tokens
            )
        )
    return drawn._replace(drawn=tuple(parts))


def _check(drawn: Chosen, screen: Screening, files: Sequence[WrittenFile], formats: int) -> None:
    rows = sum(part.rows for part in drawn.drawn) - screen.rows_dropped
    if not rows:
        raise nothing_left(screen.rows_dropped)
    if sum(file.rows for file in files) != rows * formats:
        raise ExplorerError("The files hold another number of rows than was drawn.", "Export again.")


def _keep_copy(session: Session, target: str, manifest: Mapping[str, Any]) -> str | None:
    """Keeps the receipt in the workspace too, under a name that no other export has; None where that cannot be."""
    directory = session.place.workspace.exports
    stamp = str(manifest["created"])[:19].replace(":", "")
    name = f"{stamp}-{Path(target).name[:40]}"
    number = 1
    try:
        make_folder(directory)
        while (copy := directory / (f"{name}.json" if number == 1 else f"{name}-{number}.json")).exists():
            number += 1
        write_whole(copy, dumped({**manifest, "out": target}))
    except OSError:
        return None
    return str(copy)
