"""What a mix may draw from, and what it has drawn."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import duckdb

from queries import statement

Cursor = duckdb.DuckDBPyConnection
NO_CAP = 1 << 62


class StockRow(NamedTuple):
    """What the corpus holds of a tier (0: without one); unique is what duplicates, drops and caps leave."""

    tier: int
    samples: int
    tokens: int
    unique_samples: int
    unique_tokens: int
    largest_sample: int
    human_tokens: int


class HeldBack(NamedTuple):
    """What gates keep out of a mix that may otherwise draw it."""

    reason: str
    """A code, or `quality` for the least percentile."""
    samples: int
    tokens: int


class Drawable(NamedTuple):
    """What a mix may draw at all."""

    family: str
    include_untiered: bool
    exclude: Sequence[str]
    """Codes of the gates that are closed."""
    least_quality: float
    """Percentile of quality, 0 to 100."""


def gather_eligible(cursor: Cursor, stage: int, drawable: Drawable) -> None:
    """Writes down, as `eligible_<n>`, the samples a mix may draw, each exact duplicate once.

    `u` is the permanent random number of a sample: the first 8 bytes, little-endian, of MD5 over family, unit
    separator and id.
    """
    text = statement("mix_eligible", stage=str(int(stage)))
    cursor.execute(text, {**drawable._asdict(), "exclude": list(drawable.exclude)})


def held_back(cursor: Cursor, drawable: Drawable) -> list[HeldBack]:
    """Counts what each closed gate keeps out, the most tokens first; a sample behind two gates counts at both."""
    settings = {name: value for name, value in drawable._asdict().items() if name != "family"}
    found = cursor.execute(statement("mix_held_back"), {**settings, "exclude": list(drawable.exclude)}).fetchall()
    return [HeldBack(*row) for row in found]


def stock(cursor: Cursor, stage: int, repo_cap: int = NO_CAP) -> list[StockRow]:
    """Sums up what each tier has to give, with at most `repo_cap` tokens of one repository in a tier."""
    found = cursor.execute(statement("mix_stock", stage=str(int(stage))), {"repo_cap": repo_cap}).fetchall()
    return [StockRow(*row) for row in found]


def cap_repos(cursor: Cursor, stage: int, repo_cap: int) -> None:
    """Takes out what passes the cap of a repository in a tier, in the order of `u`; its first sample stays."""
    cursor.execute(statement("mix_capped", stage=str(int(stage))), {"repo_cap": repo_cap})


def tier_in_order(cursor: Cursor, stage: int, tier: int) -> tuple[Any, Any]:
    """Returns rows and tokens of a tier's eligible samples in the order of `u`, as two int64 numpy arrays."""
    columns = cursor.execute(statement("mix_tier", stage=str(int(stage))), {"tier": tier}).fetchnumpy()
    return columns["row"], columns["tokens"]


def start_choice(cursor: Cursor, stage: int) -> None:
    """Makes the empty table `chosen_<n>`."""
    cursor.execute(statement("mix_chosen", stage=str(int(stage))))


def choose(cursor: Cursor, stage: int, batch: Any) -> None:
    """Adds an Arrow table (row bigint, tier tinyint, copies integer) to `chosen_<n>`."""
    cursor.register("chosen_batch", batch)
    try:
        cursor.execute(statement("mix_put_chosen", stage=str(int(stage))))
    finally:
        cursor.unregister("chosen_batch")


def chosen_rows(cursor: Cursor, stage: int, size: int) -> Iterator[list[tuple[Any, ...]]]:
    """Yields the chosen samples in row order, some at a time, with the labels they had when the draw began.

    Columns: row, copies, id, tier, origin, language, license, repo, path, created, tokens, sha256 (hexadecimal),
    cluster, survivor.
    """
    cursor.execute(statement("mix_rows", stage=str(int(stage))))
    while chunk := cursor.fetchmany(size):
        yield chunk


def twin(cursor: Cursor, stage: int, row: int) -> str | None:
    """Names the eligible sample with the same content as a row, itself or the exact duplicate that stands for it."""
    found = cursor.execute(statement("mix_twin", stage=str(int(stage))), {"row": row}).fetchone()
    return str(found[0]) if found else None


def place(cursor: Cursor, stage: int, row: int) -> tuple[int, int] | None:
    """Tells the position of an eligible row in its tier's order, from 0, and how many the tier has."""
    found = cursor.execute(statement("mix_place", stage=str(int(stage))), {"row": row}).fetchone()
    return (int(found[0]), int(found[1])) if found else None


def churn(cursor: Cursor, stage: int, before: list[str]) -> tuple[int, int, int]:
    """Counts the samples kept, added and removed against an earlier export's ids."""
    row = cursor.execute(statement("mix_churn", stage=str(int(stage))), {"ids": before}).fetchone()
    return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)


def forget(cursor: Cursor, stage: int) -> None:
    """Drops the tables of a draw."""
    cursor.execute(statement("mix_forget", stage=str(int(stage))))
