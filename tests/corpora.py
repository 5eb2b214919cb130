"""Small corpora for the tests: one with everything odd in it, one large enough to weigh tiers."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from explorer.api.handlers import all_handlers, jobs_of
from explorer.api.requests import Request, from_json, to_json
from explorer.corpus.workspace import Place, locate
from explorer.index.build import Wishes, build_index
from explorer.job import Job
from explorer.mixing.mix import Mix, default_mix
from explorer.open_corpus.session import Session
from explorer.quality.gates import GateRules

Row = dict[str, Any]

SCHEMA = pa.schema(
    [
        ("content", pa.binary()),
        ("path", pa.string()),
        ("repo", pa.string()),
        ("language", pa.string()),
        ("license", pa.string()),
        ("tier", pa.int8()),
        ("origin", pa.string()),
        ("created", pa.timestamp("us")),
        ("stars", pa.int64()),
    ]
)

HOSTILE = (
    "print('plain')\n",
    "a = '\u2028 line and \u2029 paragraph \x85 next'\n",
    "nul = '\x00' + \"quote\" + '''three'''\n",
    "\x1b]52;c;ZXZpbA==\x07 and \x1b[2J and \x9b31m\n",
    "def f():\r\n\treturn '\u202e\u200b[bold]markup[/bold]'\r\n",
    "=HYPERLINK('http://x','y')\n",
    "x = '\U0001f469\u200d\U0001f4bb \U0001f1e9\U0001f1ea 語'\n",
    '{"text": "json\\n", "id": 1}\n',
    "no newline at the end",
    "\n\n\n",
    "x" * 5000 + "\n",
)
HOSTILE_NAMES = ("\x1b[31mred.py", "=cmd|' /C calc'!A0", "-dash.py", "a,b\"c'\n.py", "@SUM(1)", "\u202egpj.py", "+1.py")


def row(content: str | bytes | None, **known: Any) -> Row:
    """One row with what is known of it."""
    plain = {name: None for name in SCHEMA.names}
    return {**plain, "content": content.encode() if isinstance(content, str) else content, **known}


def odd_rows() -> list[Row]:
    """Every kind of text, name, label and duplicate that a mix must cope with."""
    chance = random.Random(7)
    start = datetime(2024, 2, 29, 12)
    rows = [
        row(
            f"# {number}\n" + chance.choice(HOSTILE) * chance.randint(1, 4),
            path=chance.choice((None, f"src/{number}.py", chance.choice(HOSTILE_NAMES))),
            repo=chance.choice((None, "ann/tools", "bob/site", "cy/lib")),
            language=chance.choice((None, "Python", "Rust", "Fortran")),
            license=chance.choice((None, "MIT", "GPL-3.0-only")),
            tier=chance.choice((None, 1, 2, 3, 4, 4)),
            origin=chance.choice((None, "human", "synthetic", "mixed")),
            created=chance.choice((None, start + timedelta(hours=number))),
            stars=chance.choice((None, -number, number, 0)),
        )
        for number in range(90)
    ]
    for tier in (4, 2, 3, None):
        rows.append(row("twin = 'of several tiers'\n", path=f"twin/{tier}.py", repo="ann/tools", tier=tier))
    rows += [row("same everything\n", path="same.py", repo="cy/lib", tier=1) for _ in range(3)]
    rows += [row(b"\xff\xfe not text \x80\n", path="bytes.bin", tier=1), row("", path="empty.py", tier=1)]
    rows += [row(None, path="null.py", tier=2)]
    return rows


def plenty_rows(samples: int = 2500) -> list[Row]:
    """Files as long and as skewed as real ones, most of them in the lower tiers."""
    chance = random.Random(11)
    words = [f"name_{number} = value({number}) + other[{number * 7}]  # {number}" for number in range(400)]
    rows: list[Row] = []
    for number in range(samples):
        lines = max(int(chance.lognormvariate(3.6, 0.9)), 1)
        text = f"# file {number}\n" + "\n".join(chance.choices(words, k=lines)) + "\n"
        tier = chance.choices((1, 2, 3, 4), (35, 25, 20, 20))[0]
        origin = chance.choice(("human", "human", "synthetic"))
        rows.append(
            row(
                text,
                path=f"{number}.py",
                repo=f"r{int(chance.expovariate(0.02))}",
                tier=tier,
                origin=origin,
                license="MIT",
                stars=number,
            )
        )
    return rows


def write(path: Path, rows: Sequence[Row], *, group: int = 25, schema: pa.Schema = SCHEMA) -> None:
    """Writes rows as a Parquet file with small row groups."""
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path, row_group_size=group)


def indexed(directory: Path, *, content: str = "source") -> Place:
    """Indexes what lies in a directory, in this process, with estimated tokens."""
    place = locate(str(directory))
    build_index(place, Wishes(workers=0, content=content, exact_tokens=False))
    return place


def corpus_of(directory: Path, *files: Sequence[Row], content: str = "source") -> Place:
    """Writes each list of rows to a file of its own and indexes them."""
    directory.mkdir(parents=True, exist_ok=True)
    for number, rows in enumerate(files):
        write(directory / f"part-{number}.parquet", rows)
    return indexed(directory, content=content)


def open_mix(family: str = "corpus") -> Mix:
    """The mix a corpus begins with, but that no gate is closed: for samples that are tiny or without a licence."""
    return replace(default_mix(family), gates=OPEN)


Answer = TypeVar("Answer")
OPEN = GateRules(())


def job(reports: list[dict[str, Any]] | None = None, **args: Any) -> Job:
    """A job as a command or a lane makes one; what it reports is collected."""

    def collect(progress: Mapping[str, Any]) -> None:
        if reports is not None:
            reports.append(dict(progress))

    return Job(args, collect)


def answered(session: Session, request: Request[Answer]) -> Answer:
    """The answer to a request as a screen gets it, through the JSON of both directions."""
    run = jobs_of(session, all_handlers())[request.wire_name]
    told = json.dumps(run(job(**json.loads(json.dumps(to_json(request))))), allow_nan=False)
    return from_json(json.loads(told), request.wire_answer)
