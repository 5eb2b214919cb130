"""Every encoding that pyarrow reads is read: what plain pyarrow gives is the oracle."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.corpus import raw_rows
from explorer.corpus.columns import column_refs
from explorer.corpus.files import CorpusFile, gate
from explorer.corpus.reading import read_batches
from explorer.corpus.survey import survey
from explorer.errors import ExplorerError
from tests.index.corpora import SHARED, contents, index, write

PUBLIC = SHARED / "hostile" / "parquet-testing"
PUBLIC_NAMES = sorted(str(file.relative_to(PUBLIC)) for file in PUBLIC.rglob("*.parquet")) if PUBLIC.is_dir() else []

FEW = ["def f():\n    return 1\n", "print('two')\n", None, ""] * 700
MANY = [f"value_{number} = {number}\n" * (number % 7) for number in range(3000)]
GROWING = [*FEW, *(f"{number:09}" * 40 for number in range(2500))]
"""Begins as a dictionary and outgrows it."""
TEXTS = {"few": FEW, "many": MANY, "growing": GROWING}
KINDS = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "string_view": pa.string_view(),
    "binary": pa.binary(),
    "large_binary": pa.large_binary(),
    "binary_view": pa.binary_view(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
}


def plain(path: Path, name: str = "content") -> list[bytes | None]:
    """What pyarrow says a text column holds."""
    values = pq.ParquetFile(path).read(columns=[name]).column(0).to_pylist()
    return [value.encode() if isinstance(value, str) else value for value in values]


def check(path: Path) -> None:
    assert contents(path.parent, path.name) == plain(path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ["dictionary", "PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
@pytest.mark.parametrize("page", ["1.0", "2.0"])
def test_what_pyarrow_writes(kind: str, encoding: str, page: str, tmp_path: Path) -> None:
    if kind == "dictionary" and encoding.startswith("DELTA"):
        pytest.skip("plain pyarrow does not read it: its own schema in the file asks for a dictionary")
    how: dict[str, Any] = (
        {"use_dictionary": True} if encoding == "dictionary" else {"use_dictionary": False, "column_encoding": encoding}
    )
    for name, texts in TEXTS.items():
        values: pa.Array = pa.array(texts, pa.string()).cast(KINDS[kind])
        file = tmp_path / f"{name}.parquet"
        write(file, {"content": values}, row_group_size=2000, data_page_version=page, data_page_size=4096, **how)
        check(file)


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "brotli", "zstd", "lz4"])
def test_every_codec(codec: str, tmp_path: Path) -> None:
    for encoding in ("PLAIN", "DELTA_BYTE_ARRAY"):
        check(
            write(
                tmp_path / f"{encoding}.parquet",
                {"content": GROWING},
                compression=codec,
                use_dictionary=False,
                column_encoding=encoding,
            )
        )


@pytest.mark.parametrize("version", ["V1", "V2"])
def test_what_duckdb_writes(version: str, tmp_path: Path) -> None:
    for name, texts in TEXTS.items():
        table = pa.table({"content": pa.array(texts, pa.string()), "number": pa.array(range(len(texts)), pa.int64())})
        file = tmp_path / f"{name}.parquet"
        with duckdb.connect() as connection:
            connection.register("texts", table)
            connection.execute(f"copy texts to '{file}' (format parquet, parquet_version {version})")
        check(file)


def test_what_polars_writes(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    for name, texts in TEXTS.items():
        for page in (4096, None):
            file = tmp_path / f"{name} {page}.parquet"
            polars.DataFrame({"content": texts}).write_parquet(file, data_page_size=page, row_group_size=2000)
            check(file)


@pytest.mark.parametrize("version", ["parquet_1_0", "parquet_2_0"])
def test_what_arrow_rs_writes(version: str, tmp_path: Path) -> None:
    arro3 = pytest.importorskip("arro3.io")
    for name, texts in TEXTS.items():
        for encoding in (None, "delta_byte_array", "delta_length_byte_array", "plain"):
            file = tmp_path / f"{name} {encoding}.parquet"
            arro3.write_parquet(
                pa.table({"content": pa.array(texts, pa.string())}),
                str(file),
                writer_version=version,
                encoding=encoding,
                dictionary_enabled=encoding is None,
                data_page_size_limit=4096,
                dictionary_page_size_limit=20_000,
            )
            check(file)


@settings(max_examples=40, deadline=None)
@given(
    groups=st.lists(
        st.tuples(
            st.sampled_from(["dictionary", "PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"]),
            st.lists(st.one_of(st.none(), st.text(max_size=9), st.sampled_from(["a" * 300, "b"])), min_size=1),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_struct_beside_the_text_changes_nothing(
    groups: list[tuple[str, list[str | None]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("corpus")
    for number, (encoding, values) in enumerate(groups):
        how: dict[str, Any] = (
            {} if encoding == "dictionary" else {"use_dictionary": False, "column_encoding": {"content": encoding}}
        )
        table = pa.table(
            {
                "about": pa.array([{"content": "other", "size": len(value or "")} for value in values]),
                "content": pa.array(values, pa.string()),
                "turns": pa.array([[value or "", "x"] for value in values]),
            }
        )
        check(write(base / f"{number}.parquet", table, row_group_size=3, **how))


def test_a_dictionary_that_the_footer_does_not_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A footer may be wrong: the pages decide, and no row comes twice."""
    file = write(tmp_path / "a.parquet", {"content": GROWING}, use_dictionary=False, column_encoding="DELTA_BYTE_ARRAY")
    monkeypatch.setattr(raw_rows.RawRows, "_encodings", lambda *_: frozenset(("RLE_DICTIONARY", "PLAIN")))
    check(file)
    monkeypatch.setattr(raw_rows.RawRows, "_encodings", lambda *_: frozenset(("PLAIN",)))
    check(write(tmp_path / "b.parquet", {"content": GROWING}))


def test_rows_given_before_an_unknown_page_are_not_given_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: Callable[..., Iterator[pa.RecordBatch]] = raw_rows.RawRows._read  # pyright: ignore[reportPrivateUsage]
    calls: list[int] = []

    def breaks_off(self: raw_rows.RawRows, parquet: pq.ParquetFile, group: int, rows: int) -> Iterator[pa.RecordBatch]:
        calls.append(group)
        batches = read(self, parquet, group, rows)
        if len(calls) > 1:
            yield from batches
            return
        yield next(batches)
        raise OSError("Not yet implemented: DecodeArrow of DictAccumulator for DeltaByteArrayDecoder")

    monkeypatch.setattr(raw_rows.RawRows, "_read", breaks_off)
    monkeypatch.setattr(raw_rows, "MIXED_BYTES", 1 << 20)
    check(write(tmp_path / "a.parquet", {"content": GROWING}))
    assert calls == [0, 0]


@pytest.mark.skipif(not PUBLIC_NAMES, reason="the shared Parquet collection is not here")
def test_every_text_of_the_public_collection_is_read_as_pyarrow_reads_it() -> None:
    read = 0
    for name in PUBLIC_NAMES:
        file = gate(PUBLIC, name)
        if not isinstance(file, CorpusFile):
            continue
        for ref in column_refs(file.schema):
            if ref.kind != "text" or len(ref.path) > 1:
                continue
            try:
                expected = plain(PUBLIC / name, ref.name)
            except (pa.ArrowException, OSError):
                continue
            try:
                fit = survey([file], {"content": ref.name}).sources[0]
            except ExplorerError:
                continue
            groups = range(len(file.row_groups))
            batches = [placed.batch for placed in read_batches(PUBLIC, fit, groups, content_only=True)]
            assert [cell for batch in batches for cell in batch.column("content").to_pylist()] == expected, name
            read += 1
    assert read >= 40


def test_a_corpus_of_all_writers_is_indexed_whole(tmp_path: Path) -> None:
    table = pa.table({"content": MANY})
    for encoding in ("PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"):
        write(tmp_path / f"{encoding}.parquet", table.slice(0, 50), use_dictionary=False, column_encoding=encoding)
    with duckdb.connect() as connection:
        connection.register("texts", table.slice(50, 50))
        connection.execute(f"copy texts to '{tmp_path}/duckdb.parquet' (format parquet, parquet_version V2)")
    built = index(tmp_path)
    assert (built.rows, built.quarantined) == (200, ())
