"""The corpus of the journeys: some six hundred samples, the last of them hostile, and what Python knows of each."""

import random
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus.workspace import Place, locate
from explorer.index.build import Wishes, build_index
from tests.widgets.payloads import PAYLOADS

Row = dict[str, Any]

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("content", pa.binary()),
        ("path", pa.string()),
        ("repo", pa.string()),
        ("language", pa.string()),
        ("license", pa.string()),
        ("tier", pa.int8()),
        ("origin", pa.string()),
        ("stars", pa.int64()),
    ]
)
LONG_LINE = b"x = '" + b"A" * 2_000_000 + b"'\n"
MANY_LINES = b"".join(b"line_%d = %d\n" % (number, number) for number in range(100_000))
NEEDLE = "needle_in_the_hay"


class Journey(NamedTuple):
    """A corpus and its rows in the order of its index."""

    place: Place
    rows: tuple[Row, ...]


def plain_rows(samples: int = 560) -> list[Row]:
    """Samples as a curator meets them, among them exact duplicates."""
    chance = random.Random(3)
    rows: list[Row] = []
    for number in range(samples):
        language = chance.choice(("Python", "Rust", "C", "Go"))
        body = "\n".join(f"value_{number}_{line} = {line * number}" for line in range(chance.randint(1, 60)))
        hay = f"\n{NEEDLE} = {number}\n{NEEDLE} += 1\n" if number % 7 == 3 else "\n"
        content = f"# sample {number} in {language}\n{body}{hay}"
        if number % 29 == 28:
            content = rows[number - 5]["content"].decode()
        rows.append(
            {
                "id": f"s{number:04}",
                "content": content.encode(),
                "path": f"src/module_{number}.py",
                "repo": f"owner/repo{number % 13}",
                "language": language,
                "license": chance.choice(("MIT", "Apache-2.0", "GPL-3.0-only", None)),
                "tier": chance.choice((1, 2, 3, 4, 4, None)),
                "origin": chance.choice(("human", "human", "synthetic", None)),
                "stars": chance.randint(0, 9_999),
            }
        )
    return rows


def hostile_rows() -> list[Row]:
    """Every payload as content, path and repository, and contents that are too much of something."""
    contents = [(f"before\n{text}\nafter\n".encode("utf-8", "replace"), _storable(text)) for text in PAYLOADS.values()]
    contents += [(b"[@click=app.bell]z[/] x[/]y\n", "[@click=app.bell]z"), (LONG_LINE, "x[/]y")]
    contents += [(MANY_LINES, "long\nname"), (b"", "empty.py"), (b"\xff\xfe no text \x80\x9b31m\n", "bytes.bin")]
    return [
        {
            "id": f"h{number:04}",
            "content": content,
            "path": name or None,
            "repo": f"{name[:60]}/repo",
            "language": "Python",
            "license": "MIT",
            "tier": number % 4 + 1,
            "origin": "human",
            "stars": number,
        }
        for number, (content, name) in enumerate(contents)
    ]


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def build(directory: Path, *files: list[Row]) -> Journey:
    """Writes files and indexes them."""
    directory.mkdir(parents=True)
    for number, rows in enumerate(files):
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        pq.write_table(table, directory / f"part-{number}.parquet", row_group_size=100)
    place = locate(str(directory))
    build_index(place, Wishes(workers=0, exact_tokens=False))
    return Journey(place, tuple(row for rows in files for row in rows))
