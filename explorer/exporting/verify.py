"""Checks an export against its receipt, from the files alone, and explains a row of it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from explorer.errors import ExplorerError
from explorer.exporting.receipt import MANIFEST, is_sealed, read_receipt, sha256_of
from explorer.exporting.writers import FORMATS, SCHEMA, Tallies, Tally, added
from explorer.own_files import open_regular, parse_json


def verify(directory: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Returns the receipt of an export and everything that is wrong with it and its files, in sentences."""
    manifest = read_receipt(directory)
    problems = [] if is_sealed(manifest) else [f"{MANIFEST} was changed after it was written."]
    tallies: dict[str, list[Tallies]] = {}
    for file in manifest["files"]:
        path = directory / file["path"]
        trouble, tally = _checked(directory, path, file)
        problems += trouble
        tallies.setdefault(path.suffix, []).append(tally)
    problems += _stray_files(directory, manifest)
    if not problems:
        problems += [problem for suffix, found in tallies.items() for problem in _sum_problems(manifest, suffix, found)]
    return manifest, tuple(problems)


def _checked(directory: Path, path: Path, file: Mapping[str, Any]) -> tuple[list[str], Tallies]:
    """Checks one file; returns its problems, and its tally where it has none."""
    name = file["path"]
    try:
        if not path.resolve().is_relative_to(directory.resolve()) or not path.is_file():
            return [f"{name} is missing."], {}
        size = path.stat().st_size
        if size != file["bytes"]:
            return [f"{name} has {size:,} bytes; the receipt says {file['bytes']:,}."], {}
        if sha256_of(path) != file["sha256"]:
            return [f"{name} has changed: its SHA-256 is not the receipt's."], {}
        form = next((form for form in FORMATS.values() if path.suffix == form.suffix), None)
        tally = form.tally(path) if form else {}
    except (ValueError, KeyError, OSError, pa.ArrowException) as error:
        return [f"{name} cannot be read: {str(error)[:160]}."], {}
    return list(_file_sums(file, tally)), tally


def _file_sums(file: Mapping[str, Any], tally: Tallies) -> Iterator[str]:
    for what in ("rows", "tokens"):
        found = sum(getattr(part, what) for part in tally.values())
        if found != file[what]:
            yield f"{file['path']} has {found:,} {what}; the receipt says {file[what]:,}."


def _stray_files(directory: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    known = {file["path"] for file in manifest["files"]} | {MANIFEST}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if name not in known and (path.is_symlink() or not path.is_dir()):
            yield f"{name} is not in the receipt."


def _sum_problems(manifest: Mapping[str, Any], suffix: str, found: Sequence[Tallies]) -> Iterator[str]:
    """Compares what the files of one format hold with the totals and the tiers of the receipt."""
    tallies = added(found)
    for what in ("rows", "tokens"):
        total = sum(getattr(part, what) for part in tallies.values())
        if total != manifest[what]:
            yield f"The {suffix} files hold {total:,} {what}; the receipt's total is {manifest[what]:,}."
    for tier in sorted({*tallies, *manifest["tiers"]}):
        held = tallies.get(tier, Tally(0, 0, 0))
        told = manifest["tiers"].get(tier, {})
        for what, count in held._asdict().items():
            if count != told.get(what, 0):
                yield (
                    f"The {suffix} files hold {count:,} {what} of tier {tier}; the receipt says {told.get(what, 0):,}."
                )


def find_row(directory: Path, manifest: Mapping[str, Any], sample: str) -> dict[str, Any] | None:
    """Finds a sample among the rows of an export; the columns of its first copy without the text, and `copies`.

    Raises ExplorerError where the files cannot be read.
    """
    names = [file["path"] for file in manifest["files"]]
    columnar = [name for name in names if name.endswith(".parquet")]
    try:
        found = [row for name in columnar or names for row in _rows_of(directory / name, sample)]
    except (ValueError, KeyError, OSError, pa.ArrowException) as error:
        raise ExplorerError(
            f"The rows of {directory} cannot be read: {str(error)[:160]}.", "`corpus verify DIR` names the damage."
        ) from None
    first = min(found, key=lambda row: row["copy"], default=None)
    return {**first, "copies": len(found)} if first else None


def _rows_of(path: Path, sample: str) -> Iterator[dict[str, Any]]:
    return _parquet_rows(path, sample) if path.suffix == ".parquet" else _jsonl_rows(path, sample)


def _parquet_rows(path: Path, sample: str) -> Iterator[dict[str, Any]]:
    columns = [name for name in SCHEMA.names if name != "text"]
    with open_regular(path) as file, pq.ParquetFile(file) as parquet:
        for batch in parquet.iter_batches(columns=columns):
            yield from batch.filter(pc.field("id") == sample).to_pylist()


def _jsonl_rows(path: Path, sample: str) -> Iterator[dict[str, Any]]:
    with open_regular(path) as file:
        for line in file:
            row = parse_json(line, {"id": str, "meta": dict})
            if row["id"] == sample:
                yield {"id": row["id"], **row["meta"]}
