"""The user's filter: what must never pass, what must always work, and that random text neither harms nor crashes."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from queries.filters import Filter, FilterError, facet_clause, locked_settings, order_by, parse_filter, where

COLUMNS = {
    "row": "BIGINT",
    "id": "VARCHAR",
    "tier": "INTEGER",
    "origin": "VARCHAR",
    "path": "VARCHAR",
    "created": "TIMESTAMP",
    "tokens": "BIGINT",
    "quality_pct": "DOUBLE",
    "gates": "VARCHAR[]",
    "survivor": "BOOLEAN",
    "metadata": 'STRUCT(stars INTEGER, "odd name" VARCHAR)',
    "content": "VARCHAR",
}


class Sample(NamedTuple):
    row: int
    id: str
    tier: int | None
    origin: str
    path: str
    created: datetime
    tokens: int
    quality_pct: float | None
    gates: list[str]
    survivor: bool
    metadata: dict[str, Any]
    content: str


SAMPLES = tuple(
    Sample(
        row=number,
        id=f"s{number:03}",
        tier=(None, 1, 2, 3, 4)[number % 5],
        origin=("human", "synthetic", "mixed", "unknown")[number % 4],
        path=f"src/{'Test' if number % 3 == 0 else 'lib'}/file_{number}.{'py' if number % 2 else 'rs'}",
        created=datetime(2015 + number % 10, 1 + number % 12, 1 + number % 28),
        tokens=number * 37 % 500,
        quality_pct=None if number % 7 == 0 else (number * 13 % 100) + 0.5,
        gates=[code for place, code in enumerate(("G_AUTOGEN", "G_SECRET", "G_SHORT")) if number >> place & 1],
        survivor=number % 6 < 3,
        metadata={"stars": number % 9, "odd name": "x" if number % 2 else None},
        content="\n".join(
            ("def f(x):", "    return eval(x)" if number % 4 == 0 else "    return x", f"# it's {number} é😀")
        ),
    )
    for number in range(60)
)


def connection_with_samples() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    definition = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    connection.execute(f"create table samples ({definition})")
    places = ", ".join("?" * len(COLUMNS))
    connection.executemany(f"insert into samples values ({places})", [list(sample) for sample in SAMPLES])
    return connection


@pytest.fixture(scope="module")
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connection_with_samples()
    yield connection.cursor()
    connection.close()


def rows(cursor: duckdb.DuckDBPyConnection, *filters: Filter) -> list[int]:
    query = f'select "row" from samples {where(filters)} {order_by([], COLUMNS)}'
    return [row for (row,) in cursor.execute(query).fetchall()]


BENIGN: dict[str, Callable[[Sample], Any]] = {
    "tier = 4": lambda s: s.tier == 4,
    "tier = 4 and quality_pct < 20": lambda s: s.tier == 4 and s.quality_pct is not None and s.quality_pct < 20,
    "tier = 4 and quality_pct < 60 and content ~ 'eval\\('": lambda s: (
        s.tier == 4 and s.quality_pct is not None and s.quality_pct < 60 and "eval(" in s.content
    ),
    "TIER = 1 OR Tier = 2": lambda s: s.tier in (1, 2),
    "tier is null": lambda s: s.tier is None,
    "tier is not null": lambda s: s.tier is not None,
    "tier is distinct from 1": lambda s: s.tier != 1,
    "tier in (1, 3)": lambda s: s.tier in (1, 3),
    "tier not in (1, 3)": lambda s: s.tier is not None and s.tier not in (1, 3),
    "not survivor": lambda s: not s.survivor,
    "survivor": lambda s: s.survivor,
    "survivor is true": lambda s: s.survivor,
    "tokens between 100 and 200": lambda s: 100 <= s.tokens <= 200,
    "tokens % 2 = 0 and -tokens < -10": lambda s: s.tokens % 2 == 0 and s.tokens > 10,
    "tokens // 100 = 3": lambda s: s.tokens // 100 == 3,
    "tokens + 1 > 2 * row": lambda s: s.tokens + 1 > 2 * s.row,
    "path like 'src/Test/%'": lambda s: s.path.startswith("src/Test/"),
    "path not like '%.py'": lambda s: not s.path.endswith(".py"),
    "path ilike '%/test/%'": lambda s: "/test/" in s.path.lower(),
    "path like '%file!_1%' escape '!'": lambda s: "file_1" in s.path,
    "path glob '*.py'": lambda s: s.path.endswith(".py"),
    "path similar to '.*[0-9]5[.]py'": lambda s: bool(re.fullmatch(r".*[0-9]5[.]py", s.path)),
    "path !~ 'lib'": lambda s: "lib" not in s.path,
    "path ~* 'TEST'": lambda s: "test" in s.path.lower(),
    "regexp_extract(path, 'file_(\\d+)', 1)::int > 40": lambda s: s.row > 40,
    "starts_with(path, 'src/lib') or ends_with(path, '.rs')": lambda s: (
        s.path.startswith("src/lib") or s.path.endswith(".rs")
    ),
    "upper(origin) = 'HUMAN'": lambda s: s.origin == "human",
    "origin = 'Human' collate nocase": lambda s: s.origin == "human",
    "origin || '!' = 'mixed!'": lambda s: s.origin == "mixed",
    "length(content) > 40": lambda s: len(s.content) > 40,
    "contains(content, 'it''s 1')": lambda s: "it's 1" in s.content,
    "content ~ $$it's 2$$": lambda s: "it's 2" in s.content,
    "content like '%😀'": lambda s: True,
    "length(replace(path, '/', '')) < length(path)": lambda s: True,
    "split_part(path, '/', 2) = 'lib'": lambda s: s.path.split("/")[1] == "lib",
    "path[1:3] = 'src'": lambda s: True,
    "created >= date '2020-01-01'": lambda s: s.created >= datetime(2020, 1, 1),
    "created < '2018-06-01'": lambda s: s.created < datetime(2018, 6, 1),
    "extract(year from created) = 2019": lambda s: s.created.year == 2019,
    "year(created) in (2016, 2017) and month(created) < 7": lambda s: (
        s.created.year in (2016, 2017) and s.created.month < 7
    ),
    "created > timestamp '2020-01-01' + interval 1 year": lambda s: s.created > datetime(2021, 1, 1),
    "created < current_date and created < now()": lambda s: True,
    "'G_SECRET' in gates": lambda s: "G_SECRET" in s.gates,
    "list_contains(gates, 'G_SHORT')": lambda s: "G_SHORT" in s.gates,
    "len(gates) = 0": lambda s: not s.gates,
    "gates[1] = 'G_AUTOGEN'": lambda s: s.gates[:1] == ["G_AUTOGEN"],
    "gates = ['G_SECRET']": lambda s: s.gates == ["G_SECRET"],
    "list_has_any(gates, ['G_SHORT', 'G_SECRET'])": lambda s: bool({"G_SHORT", "G_SECRET"} & set(s.gates)),
    "len(list_filter(gates, lambda g: g like 'G_S%')) = 2": lambda s: sum(g.startswith("G_S") for g in s.gates) == 2,
    "len([g for g in gates if g like 'G_S%']) = 1": lambda s: sum(g.startswith("G_S") for g in s.gates) == 1,
    "metadata.stars > 5": lambda s: s.metadata["stars"] > 5,
    "samples.metadata.stars > 5": lambda s: s.metadata["stars"] > 5,
    "metadata['stars'] = 3": lambda s: s.metadata["stars"] == 3,
    "metadata.\"odd name\" = 'x'": lambda s: s.metadata["odd name"] == "x",
    "samples.tier = 2": lambda s: s.tier == 2,
    "coalesce(tier, 0) = 0": lambda s: s.tier is None,
    "case when tier = 1 then survivor else tokens > 400 end": lambda s: s.survivor if s.tier == 1 else s.tokens > 400,
    "try_cast(id as integer) is null": lambda s: True,
    "abs(tokens - 250) < 30 and round(tokens / 10.0) > 0": lambda s: abs(s.tokens - 250) < 30,
    "(tier, origin) = (1, 'human')": lambda s: (s.tier, s.origin) == (1, "human"),
    "tier = 1 -- the best": lambda s: s.tier == 1,
    "tier = 1 /* or\n tier = 2 */": lambda s: s.tier == 1,
    "tier = 1\nor\ttier = 2": lambda s: s.tier in (1, 2),
    "((((tier)))) = 1": lambda s: s.tier == 1,
    "path = '--' or path = '; drop table samples' or row = 7": lambda s: s.row == 7,
    "true": lambda s: True,
    "null": lambda s: False,
    "": lambda s: True,
    " \n\t ": lambda s: True,
}


@pytest.mark.parametrize("text", BENIGN)
def test_a_benign_filter_gives_the_rows_of_plain_python(cursor: duckdb.DuckDBPyConnection, text: str) -> None:
    condition = parse_filter(cursor, text, COLUMNS)
    expected = [sample.row for sample in SAMPLES if BENIGN[text](sample)]
    assert rows(cursor, condition) == expected
    assert rows(cursor, *(part for part in condition.split() if part)) == expected
    assert condition.uses_content == ("content" in text)


ATTACKS = (
    # other files
    "(select content from read_text('/etc/passwd')) ~ 'root'",
    "exists(select * from read_text('/etc/passwd'))",
    "exists(from read_csv('/etc/passwd'))",
    "exists(from '/etc/passwd')",
    "exists(from 'victim.parquet')",
    "id in (select filename from read_blob('*'))",
    "id in (select file from glob('/etc/*'))",
    "exists(select * from read_json('victim.json'))",
    "exists(select * from parquet_scan('victim.parquet'))",
    "exists(select * from parquet_metadata('victim.parquet'))",
    "exists(select * from sniff_csv('/etc/passwd'))",
    "exists(select * from read_text('file:///etc/passwd'))",
    "read_text('/etc/passwd')",
    "row = (select count(*) from read_csv_auto('victim.csv'))",
    "exists(select * from sqlite_scan('victim.db', 't'))",
    # writing and definitions
    "exists(with d as (copy (select 1) to 'victim.parquet' (use_tmp_file false)) select 1)",
    "true) union all (with d as (copy (select 1) to 'victim.parquet') select 1",
    "exists(with d as (delete from samples returning *) select * from d)",
    "exists(with d as (insert into samples (id) values ('x') returning 1) from d)",
    "true); copy samples to 'victim.parquet'; select (true",
    "true); drop table samples; select (true",
    "true); delete from samples; --",
    "true); create table stolen as select 1; select (1",
    "true); attach 'victim.db' as other; select (1",
    "true); detach index; select (1",
    "true); export database 'out'; select (1",
    "true); import database 'out'; select (1",
    "true; vacuum",
    "tier = 1; tier = 2",
    "copy (select 1) to 'victim.parquet'",
    "create table x as select 1",
    "update samples set tier = 1",
    # extensions and network
    "true); install httpfs; load httpfs; select (1",
    "install httpfs",
    "exists(from 'https://example.org/x.parquet')",
    "exists(from 's3://bucket/x.parquet')",
    "http_get('https://example.org')",
    # settings, secrets, other tables
    "true); set enable_external_access = true; select (1",
    "true); pragma database_list; select (1",
    "true); call enable_logging(); select (1",
    "true); reset all; select (1",
    "current_setting('memory_limit') = '1'",
    "getenv('HOME') = '/root'",
    "getvariable('x') = 1",
    "exists(select * from duckdb_settings())",
    "exists(select * from duckdb_secrets())",
    "exists(select * from information_schema.tables)",
    "exists(select * from other_table)",
    "exists(select * from query('select 1'))",
    "exists(select * from query_table('samples'))",
    "exists(select * from python_variable)",
    "query('select 1')",
    "duckdb_settings()",
    "version() = 'x'",
    "current_database() = 'memory'",
    "current_schema() = 'main'",
    "current_user = 'duckdb'",
    "session_user = 'duckdb'",
    "user = 'duckdb'",
    "txid_current() = 1",
    "nextval('s') = 1",
    "currval('s') = 1",
    "setseed(0.5) is null",
    "random() < 0.5",
    "uuid() = id",
    "write_log('x') is null",
    "set_config('a', 'b', false)",
    "pg_typeof(id) = 'x'",
    # other shapes of a statement
    "true) union (select 1",
    "true) union all select 1 from samples where (true",
    "true) intersect (select 1",
    "true) order by (tier",
    "true) limit (1",
    "true) offset (1",
    "true) group by (tier",
    "true) having (true",
    "true) qualify (true",
    "true) using sample (1",
    "true) window w as (order by tier",
    "true) is null window w as (order by tier), v as (order by tier",
    "true) or (true",
    "true) and (true",
    "true), (true",
    "true)) or ((true",
    "tier = 1) is null = (true",
    "true) --",
    "true) /*",
    "true, true",
    "tier = 1 limit 1",
    "tier = 1 order by tier",
    "select 1",
    "from samples",
    "with x as (select 1) select 1",
    "tier = (select 1)",
    "tier = any(select 1)",
    "tier = any([1, 2])",
    "tier in (select 1)",
    "tier in (values (1))",
    "tier in (from samples)",
    "array(select 1) = [1]",
    "row_number() over () = 1",
    "lag(tier) over (order by row) = 1",
    "sum(tier) > 1",
    "count(*) > 1",
    "count(distinct tier) > 1",
    "max(tier) filter (where survivor) = 1",
    "list(tier)[1] = 1",
    "string_agg(id order by row) = 'x'",
    "unnest(gates) = 'x'",
    "grouping(tier) = 0",
    # names that are not columns
    "rowid = 1",
    "secret = 1",
    "main.samples.tier = 1",
    "memory.main.samples.tier = 1",
    "samples is not null",
    "samples.* = 1",
    "other.tier = 1",
    "columns(*) = 1",
    "columns('t.*') = 1",
    "*",
    "#1 = 1",
    "? = 1",
    "$1 = 1",
    "$name = 1",
    "default",
    "tier.upper() = 'x'",
    "main.upper(id) = 'X'",
    "system.main.upper(id) = 'X'",
    '"main"."read_text"(id) = 1',
    "id.read_text() is null",
    "metadata.nothing = 1",
    "tier.stars = 1",
    # bombs
    "repeat('x', 1000000000) = id",
    "length(repeat(content, 1000000)) > 1",
    "lpad('x', 1000000000, 'y') = id",
    "rpad(id, 1000000000, ' ') = id",
    "len(range(1000000000000)) = 1",
    "len(generate_series(1, 1000000000000)) = 1",
    "exists(select * from range(1000000000000))",
    "exists(with recursive r as (select 1 union all select 1 from r) select * from r)",
    "list_reduce([1, 2], lambda a, b: a + b) = 1",
    "array_to_string([id], repeat('x', 9)) = 'x'",
    "replace(replace(id, 's', 'ssssssssss'), 's', 'ssssssssss') = 'x'",
    "replace(id, '', 'x') = 'x'",
    "replace(id, id, content) = 'x'",
    "regexp_replace(id, '', 'xx', 'g') = 'x'",
    "hex(hex(hex(content))) = 'x'",
    "to_json(to_json(content)) = 'x'",
    "format('{:1000000000}', 1) = 'x'",
    "printf('%1000000000d', 1) = 'x'",
    "bar(1, 0, 1, 1000000000) = 'x'",
    "levenshtein(content, content) = 0",
    "list_resize([1], 1000000000) = [1]",
    "factorial(100000) = 1",
    "20! = 1",
    "error('boom')",
    "sleep_ms(10000) is null",
    "concat([concat([concat([concat([id])])])]) = 'x'",
    "len([[[[1]]]]) = 1",
    "len(" + "list_transform(" * 7 + "[id]" + ", lambda x: x || x)" * 7 + ") = 1",
    "len(" + "list_transform(" * 4 + "[id]" + ", lambda x: x || x || x || x)" * 4 + ") = 1",
    "len([[[1 for z in gates] for y in gates] for x in gates]) = 1",
    "[lambda x: x] = [1]",
    "(lambda x: x) = 1",
    "list_filter(gates, lambda tier: tier = 'x') = []",
    "list_filter(gates, lambda samples: samples = 'x') = []",
    "upper(lambda x: x) = 'X'",
    "list_filter(gates, g -> g = 'x') = []",
    "metadata -> 'stars' = 1",
    # casts and collations
    "id::foo = 1",
    "id::main.integer = 1",
    "id::blob = 'x'",
    "id::json = '1'",
    "id::enum('a') = 'a'",
    "id::struct(a int) is null",
    "id::varchar[] is null",
    "id::varchar::varchar[]::varchar = 'x'",
    "'samples'::regclass is null",
    "id collate icu_de = 'x'",
    "id collate de = 'x'",
    "x'41' = id",
    # nesting and size
    "(" * 2000 + "tier = 1" + ")" * 2000,
    "(" * 4096,
    "[" * 4096,
    "not " * 500 + "survivor",
    "{'a': " * 190 + "1" + "}" * 190 + " is null",
    "- " * 1500 + "1 = 1",
    "||".join(["id"] * 1000) + " = 'x'",
    "id" + "::text" * 500 + " = 'x'",
    "case when " * 300 + "survivor",
    "upper(" * 199 + "id" + ")" * 199 + " = 'x'",
    "tier = 1 or " * 400,
    "x" * 4097,
    "tier = " + "1" * 4096,
    # unicode and broken text
    "tier\0 = 1",
    "tier = 1\0; drop table samples",
    "id = '\ud800'",
    "id = 'x",
    'tier = "1',
    "tier = 1 /* never closed",
    "$$ tier",
    "ｔｉｅｒ = 1",
    "tіer = 1",
    "tier \u202e= 1 1",
    "tier ＝ 1",
    "id = ’x’",
    "\x1b]0;owned\x07 = 1",
    "tier = '\x1b[31m'::int",
    "\ufeff\ufeff",
    "at = 1",
    "%s",
    "{tier} = 1",
    "tier = 1 \\",
    "tier === 1",
    "tier > 'x",
    "gates > 1",
    "created > 'yesterday'",
    "content ~ '('",
    "metadata = 1",
    "foo(tier)",
    "path",
    "tokens",
    "now()",
    "'true'",
    "case when survivor then 'yes' end",
)
"""Refused, whatever the reason: no row is read, no file is touched."""

HARMLESS = (
    "id = 'read_text(''/etc/passwd'')'",
    "id = $$; drop table samples$$",
    "id = e'\\x1b]0;owned\\x07'",
    "id = '\x1b]0;owned\x07'",
    '"tier" = 1',
    "tier\u00a0= 1",
    "tier = 1 --; drop table samples",
    "tier = 1 /* ); drop table samples; ( */",
    " and ".join(["tier = 1"] * 300),
    " or ".join(["tier = 1"] * 300),
    "id in (" + ", ".join(["'x'"] * 600) + ")",
    "(" * 90 + "tier = 1" + ")" * 90,
    "content ~ '" + "(a|aa)+" * 40 + "$'",
    "content ~ '(a?){999}'",
    "content like '" + "%_a" * 200 + "'",
    "content ilike '" + "%a" * 200 + "'",
    "9999999999999999999999999999999 > tier",
    "1e308 * 10 > tier",
    "tier / 0 is null",
    "len(string_split(content, '')) > 1",
)
"""Accepted, and quickly done."""


def digests(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def battlefield(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """An unlocked connection in a folder of files that are worth attacking: the check alone has to hold."""
    folder = tmp_path_factory.mktemp("battlefield")
    (folder / "temporary").mkdir()
    before = Path.cwd()
    os.chdir(folder)
    connection = connection_with_samples()
    connection.execute("copy samples to 'victim.parquet'; copy samples to 'victim.csv'; copy samples to 'victim.json'")
    connection.execute("create table other_table as select 1; create sequence s; create macro upper2(x) as upper(x)")
    connection.execute("set memory_limit = '512MB'; set temp_directory = 'temporary'")
    yield connection, folder
    connection.close()
    os.chdir(before)


STATE = (
    'from samples order by "row"',
    "select database_name, table_name from duckdb_tables() order by all",
    "select name, value from duckdb_settings() order by all",
    "select database_name from duckdb_databases() order by all",
    "select extension_name, loaded from duckdb_extensions() order by all",
)


def state(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    return [connection.execute(query).fetchall() for query in STATE]


def answer_to(cursor: duckdb.DuckDBPyConnection, text: str) -> FilterError | Filter:
    """What a text comes to: the error, or the filter where it was accepted."""
    try:
        return parse_filter(cursor, text, COLUMNS)
    except FilterError as error:
        return error


def test_no_attack_passes_and_none_leaves_a_trace(battlefield: tuple[duckdb.DuckDBPyConnection, Path]) -> None:
    connection, folder = battlefield
    files, inside = digests(folder), state(connection)
    answers = {text: answer_to(connection.cursor(), text) for text in ATTACKS}
    assert [text for text, answer in answers.items() if isinstance(answer, Filter)] == []
    assert [answer for text, answer in answers.items() if not is_showable(answer, text)] == []
    assert digests(folder) == files
    assert state(connection) == inside
    assert len(ATTACKS) >= 85


def is_showable(error: Any, text: str) -> bool:
    """Whether an error is one short line of printable text with a place inside the text, if any."""
    is_inside = error.position is None or 0 <= error.position <= len(text)
    return is_inside and 0 < len(error.message) <= 300 and error.message.isprintable()


@pytest.mark.parametrize("text", HARMLESS, ids=lambda text: text[:30].encode("unicode_escape").decode())
def test_an_odd_but_harmless_filter_runs(battlefield: tuple[duckdb.DuckDBPyConnection, Path], text: str) -> None:
    connection, folder = battlefield
    files = digests(folder)
    found = rows(connection.cursor(), parse_filter(connection.cursor(), text, COLUMNS))
    assert set(found) <= {sample.row for sample in SAMPLES}
    assert digests(folder) == files


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("tierr = 1", 0, "tier"),
        ("tier = 1 and 'é😀' = tokns", 20, "tokens"),
        ("tier = 1 and", 12, "too early"),
        ("tier = = 1", 7, 'near "="'),
        ("tier = 1\nand origin + 1 = 2", 20, "explicit type casts"),
        ("uper(id) = 'X'", 0, "upper"),
        ("tier = (select 1)", 7, "subquery"),
        ("metadata.star = 1", None, '"stars"'),
        ("tier = 1) or (tier = 2", None, "one condition"),
        ("created > 'yesterday'", 10, "yesterday"),
        ("path", None, "VARCHAR"),
        ("id = 'é\0'", 7, "U+0000"),
    ],
)
def test_an_error_says_what_and_where(
    cursor: duckdb.DuckDBPyConnection, text: str, position: int | None, words: str
) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(cursor, text, COLUMNS)
    assert caught.value.position == position
    assert words in caught.value.message


NODES = {
    *(
        "COLUMN_REF",
        "CONSTANT",
        "COMPARISON",
        "CONJUNCTION",
        "FUNCTION",
        "OPERATOR",
        "CAST",
        "BETWEEN",
        "CASE",
        "LAMBDA",
    ),
    *("COLLATE", "TYPE"),
}
BANNED = re.compile(
    "read_|scan|query|glob|getenv|setting|getvariable|nextval|currval|error|repeat|range|generate_series|pad$|random|uuid|"
    "duckdb_|pragma|copy|attach|install|load|log_|write|json$|hex|base64|blob|format|printf|seed|version|database|schema|user"
)


def every_node(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from every_node(part)
    elif isinstance(value, list):
        for part in value:
            yield from every_node(part)


def assert_only_allowed_nodes(cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Reads the text that would run, with nothing of the checked module, and looks at every node."""
    query = f"select 1 from samples where {sql}"
    row = cursor.execute("select json_serialize_sql(?::varchar)", [query]).fetchone()
    assert row
    tree = json.loads(row[0])
    assert not tree["error"]
    (only,) = tree["statements"]
    assert only["node"]["type"] == "SELECT_NODE"
    assert not any(only["node"][part] for part in ("modifiers", "group_expressions", "having", "sample", "qualify"))
    nodes = tuple(every_node(only["node"]["where_clause"]))
    lambdas = [node["lhs"] for node in nodes if node.get("class") == "LAMBDA"]
    parameters = {name.lower() for lhs in lambdas for node in every_node(lhs) for name in node.get("column_names", ())}
    known = {*COLUMNS, *parameters, "current_date", "current_timestamp"}
    for node in nodes:
        assert node.get("class", "CONSTANT") in NODES, node
        if node.get("class") == "FUNCTION":
            assert not BANNED.search(node["function_name"].replace("~~~", "")), node
            assert not node["schema"], node
            assert node["filter"] is None, node
        if node.get("class") == "COLUMN_REF":
            assert {name.lower() for name in node["column_names"]} & known, node


FRAGMENTS = (
    *(
        "tier",
        "id",
        "content",
        "gates",
        "metadata",
        "stars",
        "samples",
        "created",
        "survivor",
        "secret",
        "rowid",
        "x",
        "g",
    ),
    *("1", "0.5", "'x'", "'", '"', "null", "true", "''", "$$", "$1", "?", "e'\\n'", "1e9", "-1", "'%'"),
    *(
        "=",
        "<",
        "and",
        "or",
        "not",
        "in",
        "is",
        "like",
        "ilike",
        "glob",
        "~",
        "between",
        "||",
        "+",
        "-",
        "*",
        "/",
        "::",
        "->",
    ),
    *(
        "(",
        ")",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ";",
        ":",
        "--",
        "/*",
        "*/",
        "\n",
        " ",
        "#",
        "\\",
        "!",
        "@",
        "=>",
        ":=",
    ),
    *(
        "select",
        "from",
        "where",
        "union",
        "exists",
        "with",
        "copy",
        "to",
        "limit",
        "order by",
        "case",
        "when",
        "then",
        "end",
    ),
    *(
        "lambda",
        "for",
        "if",
        "any",
        "all",
        "cast",
        "as",
        "int",
        "varchar",
        "collate",
        "nocase",
        "over",
        "filter",
        "distinct",
    ),
    *("upper(", "length(", "repeat(", "read_text(", "list_filter(", "list_transform(", "regexp_matches(", "coalesce("),
    *(
        "range(",
        "getenv(",
        "query(",
        "count(",
        "unnest(",
        "struct_pack(",
        "date",
        "interval",
        "columns(",
        "main.",
        "é",
        "😀",
    ),
)


def assert_refused_or_allowed(cursor: duckdb.DuckDBPyConnection, text: str) -> None:
    answer = answer_to(cursor, text)
    if isinstance(answer, Filter):
        assert_only_allowed_nodes(cursor, answer.sql)
    else:
        assert is_showable(answer, text)


@settings(max_examples=2000, deadline=None)
@given(parts=st.lists(st.sampled_from(FRAGMENTS), max_size=14), glue=st.sampled_from((" ", " ", "")))
def test_a_soup_of_fragments_is_refused_or_allowed(
    cursor_for_fuzz: duckdb.DuckDBPyConnection, parts: list[str], glue: str
) -> None:
    assert_refused_or_allowed(cursor_for_fuzz, glue.join(parts))


@settings(max_examples=1000, deadline=None)
@given(
    first=st.sampled_from([*BENIGN, *(text for text in ATTACKS if len(text) < 200)]),
    second=st.sampled_from(list(BENIGN)),
    cut=st.integers(0, 80),
    keep=st.integers(0, 80),
    between=st.sampled_from(("", " ", " and ", ") and (", "'", "(", ")", "--", "/*", ",", "\n")),
)
def test_a_cross_of_two_filters_is_refused_or_allowed(
    cursor_for_fuzz: duckdb.DuckDBPyConnection, first: str, second: str, cut: int, keep: int, between: str
) -> None:
    assert_refused_or_allowed(cursor_for_fuzz, first[:cut] + between + second[keep:])


@settings(max_examples=400, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_is_refused_or_allowed(cursor_for_fuzz: duckdb.DuckDBPyConnection, text: str) -> None:
    assert_refused_or_allowed(cursor_for_fuzz, text)


@pytest.fixture(scope="module")
def cursor_for_fuzz(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connection_with_samples()
    locked_settings(connection, "512MB", tmp_path_factory.mktemp("temporary"))
    yield connection.cursor()
    connection.close()


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(st.sampled_from([text for text in BENIGN if text.strip()]), min_size=1, max_size=4))
def test_a_split_filter_means_the_same_and_separates_content(
    cursor_for_fuzz: duckdb.DuckDBPyConnection, texts: list[str]
) -> None:
    assume(sum("lambda" in text or " for " in text for text in texts) < 2)  # more are too many for one filter
    condition = parse_filter(cursor_for_fuzz, " and ".join(f"(\n{text}\n)" for text in texts), COLUMNS)
    light, heavy = condition.split()
    assert_only_allowed_nodes(cursor_for_fuzz, condition.sql)
    assert light is None or not light.uses_content
    assert heavy is None or all("content" in clause.columns for clause in heavy.clauses)
    expected = [sample.row for sample in SAMPLES if all(BENIGN[text](sample) for text in texts)]
    assert rows(cursor_for_fuzz, *(part for part in (light, heavy) if part)) == expected
    assert rows(cursor_for_fuzz, *(parse_filter(cursor_for_fuzz, text, COLUMNS) for text in texts)) == expected


def test_the_columns_of_a_filter_are_told_by_their_public_names(cursor: duckdb.DuckDBPyConnection) -> None:
    text = 'TIER = 1 and samples.METADATA.stars > 1 and len(list_filter(gates, lambda g: g = "Content")) > 0'
    condition = parse_filter(cursor, text, COLUMNS)
    assert condition.columns == {"tier", "metadata", "gates", "content"}
    light, heavy = condition.split()
    assert light is not None
    assert heavy is not None
    assert light.columns == {"tier", "metadata"}
    assert parse_filter(cursor, "", COLUMNS).split() == (None, None)


def test_hostile_column_names_stay_names(cursor: duckdb.DuckDBPyConnection) -> None:
    columns = {'a"b': "INTEGER", "'; drop table samples; --": "VARCHAR", "$condition": "INTEGER", "select": "INTEGER"}
    condition = parse_filter(cursor, '"a""b" = 1 and "select" = 2 and "\'; drop table samples; --" = \'x\'', columns)
    assert condition.columns == set(columns) - {"$condition"}
    assert order_by([('A"B', True), ("select", False)], columns) == (
        'order by "a""b" desc nulls last, "select" asc nulls last, "row"'
    )


def test_an_order_is_total_and_knows_only_columns(cursor: duckdb.DuckDBPyConnection) -> None:
    query = f'select "row" from samples {order_by([("Quality_pct", True), ("tier", False)], COLUMNS)}'
    found = [row for (row,) in cursor.execute(query).fetchall()]
    last = float("inf")
    expected = sorted(
        SAMPLES,
        key=lambda s: (last if s.quality_pct is None else -s.quality_pct, last if s.tier is None else s.tier, s.row),
    )
    assert found == [sample.row for sample in expected]
    for hostile in ("row; drop table samples", "tier desc", "1", "", '"tier"', "\x1b[31m", "random()"):
        with pytest.raises(FilterError) as caught:
            order_by([(hostile, False)], COLUMNS)
        assert caught.value.message.isprintable()


def test_no_filters_make_no_where() -> None:
    assert where([]) == ""
    assert where([Filter("", ())]) == ""
    assert Filter("", ()).sql == "true"


HOSTILE_TEXTS = (
    "'",
    "''",
    "\\",
    "';--",
    "x' or '1'='1",
    "\0",
    "a\0b",
    "\x1b]0;x\x07",
    "%",
    "_",
    "é😀",
    "",
    "$1",
    "{x}",
    "\u202e",
    "\r\n",
)


@settings(max_examples=200, deadline=None)
@given(
    stored=st.lists(st.none() | st.sampled_from(HOSTILE_TEXTS) | st.text(alphabet="'\\\0a;-é", max_size=4), max_size=8),
    wanted=st.lists(st.none() | st.sampled_from(HOSTILE_TEXTS) | st.text(alphabet="'\\\0a;-é", max_size=4), max_size=4),
)
def test_a_facet_finds_exactly_its_values(
    cursor_for_fuzz: duckdb.DuckDBPyConnection, stored: list[str | None], wanted: list[str | None]
) -> None:
    table = pa.table({"odd \"name'": pa.array(stored, pa.string()), "n": pa.array(range(len(stored)), pa.int64())})
    cursor_for_fuzz.register("facets", table)
    clause = facet_clause("odd \"name'", wanted)
    found = cursor_for_fuzz.execute(f"select n from facets {where([clause])} order by n").fetchall()
    assert [n for (n,) in found] == [n for n, value in enumerate(stored) if value in wanted]
    assert clause.columns == {"odd \"name'"}


def test_a_facet_of_numbers_flags_and_lists(cursor: duckdb.DuckDBPyConnection) -> None:
    def expected(has: Callable[[Sample], bool]) -> list[int]:
        return [sample.row for sample in SAMPLES if has(sample)]

    assert rows(cursor, facet_clause("tier", [1, None])) == expected(lambda s: s.tier in (1, None))
    assert rows(cursor, facet_clause("survivor", [True])) == expected(lambda s: s.survivor)
    assert rows(cursor, facet_clause("tier", [])) == []
    in_list = facet_clause("gates", ["G_SHORT", None], in_list=True)
    assert rows(cursor, in_list) == expected(lambda s: "G_SHORT" in s.gates or not s.gates)
    assert rows(cursor, in_list, facet_clause("tier", [2])) == expected(
        lambda s: ("G_SHORT" in s.gates or not s.gates) and s.tier == 2
    )


@pytest.mark.parametrize("values", [["x'", None, "\0"], [1, 2], [None], [True], []])
def test_a_facet_can_be_typed_again(cursor: duckdb.DuckDBPyConnection, values: list[Any]) -> None:
    column = "id" if any(isinstance(value, str) for value in values) else "tier"
    facet = facet_clause(column, values)
    assert rows(cursor, parse_filter(cursor, facet.text, COLUMNS)) == rows(cursor, facet)


class Shut(NamedTuple):
    connection: duckdb.DuckDBPyConnection
    folder: Path


@pytest.fixture
def shut(tmp_path: Path) -> Iterator[Shut]:
    """A connection as the reader has it: an index attached READ_ONLY, a scratch database, and the lock."""
    with duckdb.connect(str(tmp_path / "index.duckdb")) as index:
        index.execute("create table t as select range as row from range(5)")
    connection = connection_with_samples()
    connection.execute(f"copy samples to '{tmp_path}/victim.parquet'")
    connection.execute(f"attach '{tmp_path}/index.duckdb' as index (read_only)")
    connection.execute("attach ':memory:' as scratch")
    locked_settings(connection, "256MB", tmp_path / "it's temporary")
    yield Shut(connection, tmp_path)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "from read_text('/etc/passwd')",
        "from '{folder}/victim.parquet'",
        "attach '{folder}/other.duckdb' as other",
        "copy (select 1) to '{folder}/new.csv'",
        "copy (select 1) to '{folder}/victim.parquet' (use_tmp_file false)",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set memory_limit = '8GB'",
        "set python_enable_replacements = true",
        "reset all",
        "install httpfs",
        "load httpfs",
        "from python_variable",
        "insert into index.t values (1)",
    ],
)
def test_a_locked_connection_stays_shut_in_every_cursor(shut: Shut, statement: str) -> None:
    python_variable = pa.table({"x": [1]})
    assert python_variable.num_rows == 1
    before = digests(shut.folder)
    for connection in (shut.connection, shut.connection.cursor()):
        with pytest.raises(duckdb.Error):
            connection.execute(statement.format(folder=shut.folder)).fetchall()
    assert digests(shut.folder) == before


def test_a_locked_connection_still_works(shut: Shut) -> None:
    cursor = shut.connection.cursor()
    cursor.execute("create table scratch.view_1 as select row from index.t where row > 2")
    batch = pa.table({"row": [3, 4], "content": ["eval(x)", "pass"]})
    cursor.register("batch", batch)
    condition = parse_filter(cursor, "content ~ 'eval' and row > 0", {"row": "BIGINT", "content": "VARCHAR"})
    query = f"select row from batch as samples join scratch.view_1 using (row) {where([condition])}"
    assert cursor.execute(query.replace("samples join", "samples semi join")).fetchall() == [(3,)]
    assert shut.connection.cursor().execute("select count(*) from scratch.view_1").fetchall() == [(2,)]
