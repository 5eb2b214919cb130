"""Pins samples as a human baseline: their ids and hashes, frozen in a file that says what it is."""

import hashlib
import io
import json
import os
import re
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus.marker import make_folder
from explorer.corpus.workspace import Workspace, write_whole
from explorer.errors import BadInput, ExplorerError, Refused
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.own_files import Damaged, fitting, is_real_folder, open_regular, parse_json
from explorer.selection import Selection
from explorer.shapes import Each
from queries import diversity as queries
from queries.filters import Filter

FORMAT = 1
UNTIL = "2022-11-30"
"""The day on which chat models became public; what was written before is human code."""
VERIFIED = "a curator says so"
"""The evidence of an origin that a curator has decided."""
LEAST_REPOSITORIES, LEAST_TOKENS = 200, 2_000_000
"""What a language must have to make a full baseline."""
FLOOR_REPOSITORIES = 20
"""Fewer cannot be compared with anything."""
EXCEPTIONS = ("small", "undated", "tiers")
"""What may be accepted by name: fewer repositories or tokens, dates unknown or late, tiers other than 1 and 2."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}\Z")
_ABOUT = b"corpus baseline"


@dataclass(frozen=True)
class Baseline:
    """What a baseline says of itself."""

    name: str
    digest: str
    """The first 12 digits of the SHA-256 over its sorted ids and hashes: names it in every report."""
    filter: str
    created: str
    samples: int
    tokens: int
    languages: dict[str, dict[str, int]]
    """Samples, tokens and repositories by language."""
    accepted: tuple[str, ...]
    """Exceptions that were accepted when it was pinned."""
    undated: int
    low_tiers: int

    def is_small(self, language: str | None) -> bool:
        """Whether a language has less than a full baseline needs."""
        of = self.languages.get(language or "none", {})
        return of.get("repositories", 0) < LEAST_REPOSITORIES or of.get("tokens", 0) < LEAST_TOKENS

    def caveats(self, language: str | None) -> tuple[str, ...]:
        """Returns in words what makes it weaker than a full baseline."""
        of = self.languages.get(language or "none", {})
        found = []
        if self.is_small(language):
            found.append(f"small: {of.get('repositories', 0):,} repositories, {of.get('tokens', 0):,} tokens")
        if self.undated:
            found.append(f"{self.undated:,} of {self.samples:,} samples are not dated before {UNTIL}")
        if self.low_tiers:
            found.append(f"{self.low_tiers:,} samples are of another tier than 1 and 2")
        return tuple(found)


def pin(session: Session, job: Job, name: str, filter_text: str, accepted: Sequence[str]) -> Baseline:
    """Freezes the samples that pass a filter under a name.

    Raises BadInput for a name that is taken or cannot be one, Refused where the samples make no baseline.
    """
    path = _path(session.place.workspace, name)
    if os.path.lexists(path):
        raise BadInput(
            f"There is a baseline {name!r} already.",
            "It is frozen: pin another name, or remove it with `corpus baseline PATH remove`.",
        )
    filters = session.filters(job, Selection(filter_text))
    with session.cursor(job) as cursor:
        fits = queries.fitness(cursor, filters, until=UNTIL, verified=VERIFIED)
        languages = queries.languages(cursor, filters)
        _check(filter_text, fits, languages, accepted)
        members = queries.members(cursor, filters)
    baseline = Baseline(
        name,
        digest_of(members),
        filter_text,
        datetime.now(UTC).isoformat(timespec="seconds"),
        fits.samples,
        fits.tokens,
        {
            row.language or "none": {"samples": row.samples, "tokens": row.tokens, "repositories": row.repositories}
            for row in languages
        },
        tuple(sorted(set(accepted))),
        fits.undated,
        fits.low_tiers,
    )
    _write(path, baseline, members)
    return baseline


def _check(
    filter_text: str, fits: queries.Fitness, languages: Sequence[queries.LanguageRow], accepted: Sequence[str]
) -> None:
    unknown = sorted(set(accepted) - set(EXCEPTIONS))
    if unknown:
        raise BadInput(f"{unknown[0]!r} cannot be accepted.", f"These can: {', '.join(EXCEPTIONS)}.")
    if not fits.samples:
        raise BadInput("No sample passes the filter.", "`corpus find PATH FILTER` shows what a filter finds.")
    shown = f"({filter_text}) and " if filter_text.strip() else ""
    if fits.not_human:
        raise Refused(
            f"{fits.not_human:,} of {fits.samples:,} samples are not known to be human.",
            f"A baseline is human code alone: pin \"{shown}origin = 'human'\".",
        )
    if fits.low_tiers and "tiers" not in accepted:
        raise Refused(
            f"{fits.low_tiers:,} of {fits.samples:,} samples are of another tier than 1 and 2.",
            f'Pin "{shown}tier <= 2", or say --accept tiers; every report then says so.',
        )
    if fits.undated and "undated" not in accepted:
        raise Refused(
            f"{fits.undated:,} of {fits.samples:,} samples are neither dated before {UNTIL} nor decided by a curator.",
            f"Pin \"{shown}created < '{UNTIL}'\", or say --accept undated; every report then says so.",
        )
    _check_size(languages, accepted)


def _check_size(languages: Sequence[queries.LanguageRow], accepted: Sequence[str]) -> None:
    best = max(languages, key=lambda row: (row.repositories, row.units, row.tokens))
    told = f"{best.language or 'no language'} has {best.repositories:,} repositories and {best.tokens:,} tokens"
    if best.units < FLOOR_REPOSITORIES:
        raise Refused(
            f"Too small for any comparison: at the most, {told}.",
            f"A baseline needs {FLOOR_REPOSITORIES} repositories, or samples without one, in one language; better "
            f"{LEAST_REPOSITORIES} repositories.",
        )
    is_full = any(row.repositories >= LEAST_REPOSITORIES and row.tokens >= LEAST_TOKENS for row in languages)
    if not is_full and "small" not in accepted:
        raise Refused(
            f"No language is large enough for a baseline: at the most, {told}.",
            f"It needs {LEAST_REPOSITORIES} repositories and {LEAST_TOKENS:,} tokens; --accept small pins it all the "
            "same, and every report then says so.",
        )


def digest_of(members: Iterable[tuple[str, str]]) -> str:
    """Returns the first 12 hexadecimal digits of the SHA-256 over pairs of id and hash, whatever their order."""
    lines = sorted(json.dumps(list(member)) for member in members)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _write(path: Path, baseline: Baseline, members: Sequence[tuple[str, str]]) -> None:
    about = json.dumps({"format": FORMAT, **asdict(baseline)}).encode()
    table = pa.table(
        {
            "id": pa.array([each[0] for each in members], pa.string()),
            "sha256": pa.array([each[1] for each in members], pa.string()),
        }
    ).replace_schema_metadata({_ABOUT: about})
    written = io.BytesIO()
    pq.write_table(table, written, compression="zstd")
    try:
        make_folder(path.parent)
        write_whole(path, written.getvalue())
    except OSError as error:
        raise ExplorerError(
            f"The baseline {path} cannot be written: {error.strerror}.", "Make room, or name a writable --workspace."
        ) from error


def load(workspace: Workspace, name: str) -> tuple[Baseline, pa.Table]:
    """Reads a baseline and its members; raises BadInput where there is none, or where it has been tampered with."""
    path = _path(workspace, name)
    if not os.path.lexists(path):
        there = ", ".join(each.name for each in listed(workspace)) or "none is pinned yet"
        raise BadInput(f"There is no baseline {name!r}.", f"There are: {there}.")
    baseline, table = _read(path)
    if (
        digest_of(zip(table.column("id").to_pylist(), table.column("sha256").to_pylist(), strict=True))
        != baseline.digest
    ):
        raise _damaged(path)
    return baseline, table


def _read(path: Path) -> tuple[Baseline, pa.Table]:
    try:
        with open_regular(path) as file, pq.ParquetFile(file) as parquet:
            table = parquet.read()
    except (OSError, pa.ArrowException, ValueError):
        raise _damaged(path) from None
    if table.schema.names[:2] != ["id", "sha256"] or not all(map(pa.types.is_string, table.schema.types[:2])):
        raise _damaged(path)
    return _about(path, table.schema.metadata), table


def _about(path: Path, metadata: dict[bytes, bytes] | None) -> Baseline:
    try:
        told = parse_json((metadata or {})[_ABOUT], {"format": int})
        if told["format"] != FORMAT:
            raise BadInput(f"{path} was written by another version.", "Pin it again under another name.")
        fitting(told, _SHAPE)
    except (KeyError, Damaged):
        raise _damaged(path) from None
    fields: dict[str, Any] = {name: told[name] for name in _SHAPE}
    fields["accepted"] = tuple(fields["accepted"])
    return Baseline(**fields)


_SHAPE = {
    **dict.fromkeys(("name", "digest", "filter", "created"), str),
    **dict.fromkeys(("samples", "tokens", "undated", "low_tiers"), int),
    "languages": Each({"samples": int, "tokens": int, "repositories": int}),
    "accepted": [str],
}


def _damaged(path: Path) -> BadInput:
    return BadInput(f"The baseline {path} is damaged.", "Put a copy back, or remove it and pin it again.")


def listed(workspace: Workspace) -> list[Baseline]:
    """Returns all baselines that can be read, the latest first."""
    found: list[Baseline] = []
    for path in sorted(workspace.baselines.glob("*.parquet")):
        try:
            with open_regular(path) as file, pq.ParquetFile(file) as parquet:
                found.append(_about(path, parquet.schema_arrow.metadata))
        except (OSError, pa.ArrowException, ValueError, BadInput):
            continue
    return sorted(found, key=lambda each: (each.created, each.name), reverse=True)


def remove(workspace: Workspace, name: str) -> Baseline:
    """Takes a baseline away; raises BadInput where there is none."""
    baseline, _ = load(workspace, name)
    if not is_real_folder(workspace.baselines):
        raise Refused(f"{workspace.baselines} is a link.", "Nothing is removed through a link; remove the file itself.")
    _path(workspace, name).unlink()
    return baseline


def _path(workspace: Workspace, name: str) -> Path:
    if not _NAME.match(name):
        raise BadInput(
            f"{name!r} cannot be the name of a baseline.",
            "Use letters, digits, dots, dashes: `human-2021`, 40 at most.",
        )
    return workspace.baselines / f"{name}.parquet"


@contextmanager
def laid(session: Session, job: Job, name: str) -> Generator[tuple[Baseline, Filter]]:
    """Finds the samples of a baseline that are in the index as they were, as long as the block lasts."""
    baseline, table = load(session.place.workspace, name)
    number = job.scratch
    with session.cursor(job) as cursor:
        filter_ = queries.put_baseline(cursor, number, table)
    try:
        yield baseline, filter_
    finally:
        session.drop(queries.forget_baseline, number)
