"""Checks an export against its receipt, from the files alone, and explains a row of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from explorer.exporting.receipt import MANIFEST, read_receipt, sha256_of
from explorer.exporting.writers import FORMATS, SCHEMA


def verify(directory: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Returns the receipt of an export and everything that is wrong with its files, in sentences."""
    manifest = read_receipt(directory)
    problems = [*_file_problems(directory, manifest), *_stray_files(directory, manifest), *_sum_problems(manifest)]
    return manifest, tuple(problems)


def _file_problems(directory: Path, manifest: dict[str, Any]) -> Iterator[str]:
    for file in manifest["files"]:
        path = directory / file["path"]
        if not path.resolve().is_relative_to(directory.resolve()) or not path.is_file():
            yield f"{file['path']} is missing."
        elif path.stat().st_size != file["bytes"]:
            yield f"{file['path']} has {path.stat().st_size:,} bytes; the receipt says {file['bytes']:,}."
        elif sha256_of(path) != file["sha256"]:
            yield f"{file['path']} has changed: its SHA-256 is not the receipt's."
        else:
            yield from _row_problems(path, file)


def _row_problems(path: Path, file: dict[str, Any]) -> Iterator[str]:
    form = next((form for form in FORMATS.values() if path.suffix == form.suffix), None)
    try:
        rows = form.count_rows(path) if form else -1
    except (ValueError, KeyError, OSError, pa.ArrowException) as error:
        yield f"{file['path']} cannot be read: {str(error)[:160]}."
        return
    if rows != file["rows"]:
        yield f"{file['path']} has {rows:,} rows; the receipt says {file['rows']:,}."


def _stray_files(directory: Path, manifest: dict[str, Any]) -> Iterator[str]:
    known = {file["path"] for file in manifest["files"]} | {MANIFEST}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and name not in known:
            yield f"{name} is not in the receipt."


def _sum_problems(manifest: dict[str, Any]) -> Iterator[str]:
    suffixes = {Path(file["path"]).suffix for file in manifest["files"]}
    for suffix in sorted(suffixes):
        files = [file for file in manifest["files"] if file["path"].endswith(suffix)]
        for what in ("rows", "tokens"):
            total = sum(file[what] for file in files)
            if total != manifest[what]:
                yield f"The {suffix} files hold {total:,} {what}; the receipt's total is {manifest[what]:,}."


def find_row(directory: Path, manifest: dict[str, Any], sample: str) -> dict[str, Any] | None:
    """Finds a sample among the rows of an export; the columns of its first copy without the text, and `copies`."""
    found: list[dict[str, Any]] = []
    for file in manifest["files"]:
        path = directory / file["path"]
        if path.suffix == ".parquet":
            found += _parquet_rows(path, sample)
    if not found and all(not file["path"].endswith(".parquet") for file in manifest["files"]):
        found = [row for file in manifest["files"] for row in _jsonl_rows(directory / file["path"], sample)]
    first = min(found, key=lambda row: row["copy"], default=None)
    return {**first, "copies": len(found)} if first else None


def _parquet_rows(path: Path, sample: str) -> list[dict[str, Any]]:
    columns = [name for name in SCHEMA.names if name != "text"]
    table = pq.read_table(path, columns=columns, filters=[("id", "=", sample)])
    return table.to_pylist()


def _jsonl_rows(path: Path, sample: str) -> Iterator[dict[str, Any]]:
    import json

    with path.open("rb") as file:
        for line in file:
            row = json.loads(line)
            if row["id"] == sample:
                yield {"id": row["id"], **row["meta"]}
