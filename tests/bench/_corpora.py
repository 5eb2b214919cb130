"""Corpora to measure on: real text of this machine, and indexes of any size over a small one."""

import hashlib
import os
import site
import sysconfig
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus.workspace import Place, locate
from explorer.index.build import Wishes, build_index
from queries import statement
from queries.filters import literal
from tests.bench._common import say

SUFFIXES = (".py", ".pyi", ".pyx", ".c", ".h", ".js", ".ts", ".rst")
MOST_BYTES = 1_000_000
"""A larger file is generated or data; it would only make the sizes uneven."""
GROUP_ROWS = 1_000
SEED_BYTES = 20_000
"""Largest text in the small corpus behind a large index."""
BLOCK_ROWS = 500_000
"""Rows that are put in order at a time."""

SCHEMA = pa.schema([("content", pa.binary()), ("path", pa.string()), ("repo", pa.string())])


class Text(NamedTuple):
    """One file of this machine."""

    content: bytes
    path: str
    repo: str


def text_corpus(folder: Path, megabytes: int) -> Path:
    """Writes a corpus of so much text, or finds it written: files of this machine, then copies with changed lines."""
    path = folder / f"text-{megabytes}" / "text.parquet"
    if not path.exists():
        say(f"writing {megabytes} MB of text to {path}")
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, _until(_repeated(megabytes * 500_000), megabytes * 1_000_000))
    return path


def _write(path: Path, texts: Iterator[Text]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    repetitive: Any = ["repo"]
    with pq.ParquetWriter(temporary, SCHEMA, compression="zstd", use_dictionary=repetitive) as writer:
        while group := list(islice(texts, GROUP_ROWS)):
            columns = (
                pa.array(column, field.type) for column, field in zip(zip(*group, strict=True), SCHEMA, strict=True)
            )
            writer.write_table(pa.table(list(columns), schema=SCHEMA))
    temporary.replace(path)


def _until(texts: Iterator[Text], size: int) -> Iterator[Text]:
    for text in texts:
        yield text
        size -= len(text.content)
        if size <= 0:
            return


def _repeated(size: int) -> Iterator[Text]:
    """Yields texts of so many bytes at most, then copies of them without end."""
    originals = tuple(_until(machine_texts(), size))
    yield from originals
    for copy in count(1):
        for text in originals:
            yield Text(_changed(text.content, copy), f"copy-{copy}/{text.path}", text.repo)


def _changed(content: bytes, copy: int) -> bytes:
    """Changes every fortieth line, others in every copy."""
    lines = content.split(b"\n")
    lines[copy % 40 :: 40] = [b"%b  # copy %d" % (line, copy) for line in lines[copy % 40 :: 40]]
    return b"\n".join(lines)


def machine_texts() -> Iterator[Text]:
    """Yields the source files of the standard library and the installed packages, in the order of their paths."""
    for root in (sysconfig.get_path("stdlib"), *site.getsitepackages()):
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in ("__pycache__", "site-packages"))
            for name in sorted(names):
                place = Path(folder, name)
                if name.endswith(SUFFIXES) and 0 < place.stat().st_size <= MOST_BYTES:
                    path = place.relative_to(root).as_posix()
                    yield Text(place.read_bytes(), path, path.partition("/")[0])


def synthetic_corpus(folder: Path, rows: int) -> Place:
    """Makes an index of so many rows, or finds it made, over a small corpus whose one row group they all share.

    The path of row 17 begins with `r00000017/`. Columns that are not set here repeat those of the small corpus.
    """
    shape = (statement("load_samples"), statement("load_places"), VALUES)
    version = hashlib.sha256(repr(shape).encode()).hexdigest()[:8]
    corpus = folder / f"rows-{rows}-{version}"
    seed = corpus / "seed.parquet"
    if not seed.exists():
        corpus.mkdir(parents=True, exist_ok=True)
        short = (text for text in machine_texts() if len(text.content) <= SEED_BYTES)
        _write(seed, islice(short, GROUP_ROWS))
    place = locate(str(corpus))
    build_index(place, Wishes(workers=0, exact_tokens=False))
    index = place.workspace.index
    if _rows_of(index) != rows:
        say(f"making an index of {rows:,} rows in {index}")
        _multiply(index, rows)
    return place


def _rows_of(index: Path) -> int:
    with duckdb.connect(index, read_only=True) as connection:
        row = connection.execute("select count(*) from samples").fetchone()
    return int(row[0]) if row else 0


VALUES = {
    "row": "number",
    "id": "md5(number::varchar)",
    "tier": "[1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, null][1 + draw(number, 1, 12)]",
    "origin": "['human', 'human', 'human', 'synthetic', 'unknown'][1 + draw(number, 2, 5)]",
    "language": "['Python', 'Python', 'C', 'JavaScript', 'Java', 'Go', 'Rust', 'SQL'][1 + draw(number, 3, 8)]",
    "repo": "'owner-' || draw(number // 20, 4, 99991) || '/project-' || draw(number // 20, 5, 997)",
    "license": "['MIT', 'MIT', 'Apache-2.0', 'BSD-3-Clause', null][1 + draw(number, 8, 5)]",
    "path": "printf('r%08d/%s', number, seed.path)",
    "tokens": "seed.tokens + draw(number, 6, 2000)",
    "cluster": "case when draw(number // 2, 7, 5) = 0 then number // 2 end",
    "cluster_size": "case when draw(number // 2, 7, 5) = 0 then 2 else 1 end",
    "survivor": "number % 2 = 0 or draw(number // 2, 7, 5) <> 0",
    "sha256": "unhex(sha256(number::varchar))",
}
"""What makes a row differ from the sample whose text it shares; the files of a repository stand together."""


def _multiply(index: Path, rows: int) -> None:
    """Replaces an index by one with the same tables and so many rows."""
    temporary = index.with_name(f".{index.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    with duckdb.connect(temporary, config={"memory_limit": "2GB"}) as connection:
        connection.execute(f"attach {literal(str(index))} as seed (read_only)")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'seed'"
        ).fetchall():
            limit = "limit 0" if table in ("samples", "row_groups") else ""
            connection.execute(f'create table "{table}" as from seed."{table}" {limit}')
        _fill(connection, rows)
        connection.execute("detach seed")
        connection.execute("checkpoint")
    temporary.replace(index)


def _fill(connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    types = dict(connection.execute("select column_name, column_type from (describe samples)").fetchall())
    replaced = ", ".join(f"({value})::{types[name]} as {name}" for name, value in VALUES.items())
    connection.execute("create temp macro draw(number, salt, sides) as (hash(number, salt) % sides)::bigint")
    for first in range(0, rows, BLOCK_ROWS):
        connection.execute(
            f"""
            insert into samples
            select seed.* replace ({replaced})
            from range({first}, {min(first + BLOCK_ROWS, rows)}) as numbers(number)
            join seed.samples as seed on seed.row = number % {GROUP_ROWS}
            order by number
            """
        )
    connection.execute(
        f"""
        insert into row_groups
        select seed.* replace (number * {GROUP_ROWS} as base, number * {GROUP_ROWS} as content_base)
        from range({rows // GROUP_ROWS}) as numbers(number)
        cross join seed.row_groups as seed
        order by number
        """
    )
    misplaced = connection.execute("select count(*) from samples where rowid <> row").fetchone()
    if misplaced != (0,):
        raise RuntimeError(f"{misplaced} rows of a synthetic index do not stand at their position")
