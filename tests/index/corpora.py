"""Small corpora made on the spot, and plain ways to look at what indexing made of them."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus.files import CorpusFile, gate
from explorer.corpus.reading import read_batches
from explorer.corpus.survey import SourceFile, survey
from explorer.corpus.workspace import Workspace, locate
from explorer.index.build import Built, Wishes, build_index

SHARED = Path(__file__).parents[2].parent / "shared"


def write(path: Path, columns: Mapping[str, Any] | pa.Table, **settings: Any) -> Path:
    """Writes a Parquet file, with its directories."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), path, **settings)
    return path


def index(path: Path, workspace: Path | None = None, /, workers: int = 0, **mapping: str) -> Built:
    """Indexes a corpus, in this process unless told otherwise, with estimated tokens."""
    place = locate(str(path), str(workspace) if workspace else None)
    return build_index(place, Wishes(mapping=mapping, workers=workers, exact_tokens=False))


def rows(workspace: Path, columns: str = "*", order: str = "row") -> list[dict[str, Any]]:
    """Reads the samples of an index."""
    with duckdb.connect(workspace / "index.duckdb", read_only=True) as connection:
        cursor = connection.execute(f"select {columns} from samples order by {order}")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def column(workspace: Path, name: str) -> list[Any]:
    """Reads one column of an index in the order of its rows."""
    return [row[name] for row in rows(workspace, name)]


def index_hash(workspace: Path) -> str:
    """Digests every value of an index: samples, files, row groups."""
    digest = hashlib.sha256()
    with duckdb.connect(workspace / "index.duckdb", read_only=True) as connection:
        for query in ("from samples order by row", "from files order by file", "from row_groups order by base"):
            for row in connection.execute(query).fetchall():
                digest.update(repr(row).encode())
    return digest.hexdigest()


def source(base: Path, name: str, /, **mapping: str) -> SourceFile:
    """Passes one file through the gate and the survey."""
    file = gate(base, name)
    assert isinstance(file, CorpusFile), file
    return survey([file], mapping).sources[0]


def contents(base: Path, name: str, /, **mapping: str) -> list[bytes | None]:
    """Reads the text of a file through the canonical batches."""
    fit = source(base, name, **mapping)
    groups = range(len(fit.file.row_groups))
    return [cell for placed in read_batches(base, fit, groups) for cell in placed.batch.column("content").to_pylist()]


def part_names(workspace: Path) -> list[str]:
    """Names the finished parts of a workspace."""
    return sorted(part.name for part in Workspace(workspace).parts.glob("*.parquet"))


def reasons(built: Built) -> dict[str, str]:
    """Why files were set aside, by name."""
    return dict(built.quarantined)


def codes(number: int, salt: str = "") -> list[str]:
    """Some texts that differ from one another."""
    return [f"def f{salt}_{i}():\n    return {i}\n" for i in range(number)]


def as_bytes(values: Iterable[str | None]) -> list[bytes | None]:
    """Encodes texts as an index keeps them."""
    return [None if value is None else value.encode() for value in values]
