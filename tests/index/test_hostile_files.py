"""Hostile files of our own: each bad one is named with its reason, every good one beside it opens."""

import os
import socket
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.corpus.reading import BATCH_BYTES, read_batches
from explorer.errors import ExplorerError
from explorer.fingerprints.exact import content_cells
from explorer.index import parts
from explorer.index.build import NothingLeft
from tests.index.corpora import as_bytes, codes, column, contents, index, reasons, rows, source, write

NASTY = "a\n\x1b]2;OWNED\x07\"';--\u202e*?[x]"


def nested(depth: int) -> pa.Array:
    value: Any = 1
    kind: pa.DataType = pa.int8()
    for _ in range(depth):
        value, kind = [value], pa.list_(kind)
    return pa.array([value], kind)


def a_table(path: Path, **columns: Any) -> None:
    write(path, {"content": ["x = 1\n"], **columns})


def deep(depth: int) -> Callable[[Path], None]:
    return lambda path: a_table(path, deep=nested(depth))


def wide(path: Path) -> None:
    a_table(path, **{f"c{number}": [1] for number in range(20_000)})


def cut_off(path: Path) -> None:
    a_table(path)
    path.write_bytes(path.read_bytes()[:-20])


def cut_in_the_middle(path: Path) -> None:
    write(path, {"content": [os.urandom(50_000).hex() for _ in range(10)]}, compression="none")
    whole = path.read_bytes()
    path.write_bytes(whole[:1000] + whole[-2000:])


def long_footer(path: Path) -> None:
    a_table(path)
    path.write_bytes(path.read_bytes()[:-8] + (1 << 30).to_bytes(4, "little") + b"PAR1")


def garbled_footer(path: Path) -> None:
    a_table(path)
    whole = bytearray(path.read_bytes())
    whole[-200:-20] = bytes(180)
    path.write_bytes(whole)


def pointer(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text)


def twice(path: Path) -> None:
    one = pa.array(["x = 1\n"])
    pq.write_table(pa.Table.from_arrays([one, one, one], names=["content", "a", "a"]), path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(path.parent)
        try:
            listener.bind(path.name)
        finally:
            os.chdir(here)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "deep 99": (deep(99), "deep"),
    "wide": (wide, "it has 20,001 columns; at most 20,000 are looked at"),
    "empty": (Path.touch, "it is empty (0 bytes)"),
    "a few bytes": (lambda path: path.write_bytes(b"PAR1"), "it is not a Parquet file"),
    "cut off": (cut_off, "it is cut off or damaged: the closing magic bytes are missing"),
    "cut in the middle": (cut_in_the_middle, "reading it failed"),
    "text": (lambda path: path.write_text("print('hello')\n" * 9), "it is not a Parquet file"),
    "lfs": (pointer("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"), "`git lfs pull`"),
    "annex": (pointer("/annex/objects/SHA256E-s12345--4d7a.parquet\n"), "`git annex get`"),
    "long footer": (long_footer, "its footer claims 1,073,741,824 bytes, more than fits"),
    "garbled footer": (garbled_footer, "its footer cannot be read"),
    "duplicate columns": (twice, "two of its columns are called 'a'"),
    "no text": (lambda path: write(path, {"value": [1]}), "it has no text column (its columns: value integer)"),
    "null column": (lambda path: write(path, {"content": pa.nulls(2)}), "it has no text column"),
    "numbers as text": (lambda path: write(path, {"content": [1, 2]}), "it has no text column"),
    "fifo": (os.mkfifo, "it is not a regular file"),
    "socket": (a_socket, "it is not a regular file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "it is a link to a place outside the corpus"),
    "link outside": (lambda path: path.symlink_to("/etc/passwd"), "it is a link to a place outside the corpus"),
    "broken link": (lambda path: path.symlink_to("nowhere.parquet"), "it cannot be opened (No such file"),
    "link to itself": (lambda path: path.symlink_to(path.name), "it cannot be opened (Too many levels"),
}


@pytest.fixture(scope="module")
def left_out(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The reasons of all bad files, indexed together with good ones by two workers."""
    base = tmp_path_factory.mktemp("hostile")
    write(base / "good 1.parquet", {"content": codes(3), "id": [1, 2, 3], "stars": [1, 2, 3]})
    write(base / "good 2.parquet", {"content": codes(2, "b"), "id": [4, 5], "stars": [1, None]})
    (base / "directory.parquet").mkdir()
    write(base / "directory.parquet" / "part 0.parquet", {"content": codes(2, "c"), "id": [6, 7]})
    for name, (make, _) in BAD.items():
        make(base / f"{name}.parquet")
    (base / "away").symlink_to("/usr", target_is_directory=True)
    (base / "round").symlink_to(base, target_is_directory=True)
    built = index(base, workers=2)
    assert (built.files, built.rows) == (3, 7)
    assert column(base / ".corpus", "id") == ["6", "7", "1", "2", "3", "4", "5"]
    assert column(base / ".corpus", "stars") == [None, None, 1, 2, 3, 1, None]
    return reasons(built)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_set_aside_with_its_reason(name: str, left_out: dict[str, str]) -> None:
    assert BAD[name][1] in left_out[f"{name}.parquet"]


def test_nothing_else_is_set_aside(left_out: dict[str, str]) -> None:
    assert left_out.keys() == {"away", *(f"{name}.parquet" for name in BAD)}
    assert left_out["away"] == "it is a link to a place outside the corpus"


@pytest.mark.parametrize("name", ["empty", "text", "fifo", "deep 99"])
def test_a_bad_file_alone_is_said_in_one_sentence(name: str, tmp_path: Path) -> None:
    BAD[name][0](tmp_path / "bad.parquet")
    with pytest.raises(NothingLeft, match=r"^bad\.parquet cannot be used: .*\. Nothing was indexed\.$"):
        index(tmp_path / "bad.parquet")


def test_hostile_names_are_opened_literally(tmp_path: Path) -> None:
    columns = {
        NASTY: [1, 2],
        "": ["a", "b"],
        "a.b": ["dotted", None],
        "a": pa.array([{"b": 7, "c.d": 8}] * 2),
        "Content_": [1.5, 2.5],
        "content_": ["case", "twin"],
        "row": [10, 11],
        "ROWID": [12, 13],
        "file_index": [14, 15],
        "hash": [16, 17],
        "select": [True, False],
    }
    base = tmp_path / NASTY.replace("?", "")
    write(base / f"{NASTY}.parquet", {"content": codes(2), **columns})
    write(base / "plain.parquet", {"content": codes(1, "b"), "hash": [18], "CONTENT_": [3.5]})
    assert index(base).rows == 3
    first, second, third = rows(base / ".corpus", order='"row"')
    assert {key: first[key] for key in (NASTY, "unnamed", "a.b", "Content_", "given_content_", "select")} == {
        NASTY: 1,
        "unnamed": "a",
        "a.b": "dotted",
        "Content_": 1.5,
        "given_content_": "case",
        "select": True,
    }
    given = ("given_row", "given_ROWID", "given_file_index", "given_hash", "a.c.d")
    assert [first[key] for key in given] == [10, 12, 14, 16, 8]
    assert (second["row"], third["row"], third["given_hash"], third["Content_"]) == (1, 2, 18, 3.5)
    alone = write(base / "a[b]*\n.parquet", {"content": codes(2)})
    assert index(alone).rows == 2
    assert len(rows(alone.with_name(f"{alone.name}.corpus"))) == 2
    assert index(base / "pl*.parquet", tmp_path / "glob").rows == 1


def test_a_name_that_is_no_utf8_is_named_and_the_rest_opens(tmp_path: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.parquet")
    write(tmp_path / "good.parquet", {"content": codes(1)})
    (tmp_path / odd).write_bytes((tmp_path / "good.parquet").read_bytes())
    assert reasons(index(tmp_path, tmp_path / "w")) == {odd: "its name is not UTF-8; rename it"}
    for name in (os.fsdecode(b"\xff"), "what?"):
        with pytest.raises(ExplorerError, match="must be UTF-8 and have no question mark"):
            index(tmp_path / "good.parquet", tmp_path / name)


CELLS = [b"\xff\xfe\x00bad", b"fine\n", None, b"", b"\xed\xa0\x80", "é\u202e".encode()]


@pytest.mark.parametrize(
    "kind", [pa.binary(), pa.large_binary(), pa.binary_view(), pa.dictionary(pa.int8(), pa.binary())]
)
def test_binary_content_is_kept_byte_for_byte(kind: pa.DataType, tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"content": pa.array(CELLS, pa.binary()).cast(kind)})
    assert contents(tmp_path, "a.parquet") == CELLS
    index(tmp_path)
    assert column(tmp_path / ".corpus", "valid_utf8") == [False, True, True, True, False, True]
    assert column(tmp_path / ".corpus", "bytes") == [len(cell or b"") for cell in CELLS]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_text_of_any_layout_arrives(kind: pa.DataType, tmp_path: Path) -> None:
    texts = [*codes(5), None, "", "é", codes(1)[0]]
    write(tmp_path / "a.parquet", {"content": pa.array(texts).cast(kind)}, row_group_size=4)
    assert contents(tmp_path, "a.parquet") == as_bytes(texts)


def test_a_missing_column_is_null_and_one_of_nulls_takes_no_part(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"content": codes(2), "stars": [1, 2], "path": ["a.py", None]})
    write(tmp_path / "b.parquet", {"content": codes(2, "b")})
    write(tmp_path / "c.parquet", {"content": codes(2, "c"), "stars": pa.nulls(2), "path": pa.nulls(2)})
    assert index(tmp_path).files == 3
    assert column(tmp_path / ".corpus", "stars") == [1, 2, None, None, None, None]
    assert column(tmp_path / ".corpus", "path") == ["a.py", *[None] * 5]


def test_own_columns_of_many_types_arrive_unchanged(tmp_path: Path) -> None:
    own = {
        "unsigned": pa.array([2**64 - 1, None], pa.uint64()),
        "small": pa.array([-3, None], pa.int8()),
        "half": pa.array([1.5, None], pa.float16()),
        "flag": [True, None],
        "when": pa.array([1_700_000_000_123_456_789, None], pa.timestamp("ns")),
        "day": pa.array([19_000, None], pa.date32()),
        "raw": pa.array([b"\xffab", None]),
        "names": [["a", None], None],
        "raw names": pa.array([[b"\xff"], None]),
        "triple": pa.array([[1, 2, 3], None], pa.list_(pa.int16(), 3)),
        "codes": pa.array([["a", "b"], None], pa.list_(pa.dictionary(pa.int32(), pa.string()))),
    }
    write(tmp_path / "a.parquet", {"content": codes(2), **own})
    index(tmp_path)
    first, second = rows(tmp_path / ".corpus")
    assert {name: first[name] for name in own} == {
        "unsigned": 2**64 - 1,
        "small": -3,
        "half": 1.5,
        "flag": True,
        "when": "2023-11-14T22:13:20.123456",
        "day": "2022-01-08T00:00:00.000000",
        "raw": "\ufffdab",
        "names": ["a", None],
        "raw names": ["\ufffd"],
        "triple": [1, 2, 3],
        "codes": ["a", "b"],
    }
    assert all(second[name] is None for name in own)


def test_a_column_of_heavy_text_stays_in_the_corpus(tmp_path: Path) -> None:
    write(
        tmp_path / "a.parquet",
        {"content": codes(3), "prompt": [os.urandom(900).hex() for _ in range(3)], "x.y": [1, 2, 3]},
    )
    index(tmp_path)
    names = rows(tmp_path / ".corpus")[0].keys()
    assert "prompt" not in names
    assert "x.y" in names


def test_one_huge_cell_is_read_whole(tmp_path: Path) -> None:
    huge = "0123456789abcdef" * (4 << 20)
    write(tmp_path / "a.parquet", {"content": ["x", huge, "y"]}, compression="zstd")
    assert index(tmp_path).bytes == len(huge) + 2
    assert column(tmp_path / ".corpus", "bytes") == [1, 64 << 20, 1]


def test_a_dictionary_bomb_is_written_out_a_batch_at_a_time(tmp_path: Path) -> None:
    bomb = write_bomb(tmp_path, rows=3000)
    assert bomb.stat().st_size < 200_000
    fit = source(tmp_path, "bomb.parquet")
    seen = 0
    for placed in read_batches(tmp_path, fit, [0], content_only=True):
        assert placed.first_row == seen
        assert placed.batch.nbytes <= 2 * BATCH_BYTES
        seen += placed.batch.num_rows
        if seen > 200:
            break


def write_bomb(folder: Path, rows: int) -> Path:
    value = pa.array(["x" * (1 << 20), "y"])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * (rows - 1) + [1], pa.int32()), value)
    return write(folder / "bomb.parquet", {"content": column}, compression="zstd")


def test_a_dictionary_bomb_needs_little_memory(tmp_path: Path) -> None:
    """Two gigabytes of text from a small file, in a process of its own whose peak is looked at."""
    write_bomb(tmp_path, rows=2000)
    with get_context("spawn").Pool(1) as pool:
        read, peak = pool.apply(read_and_measure, (tmp_path, "bomb.parquet"))
    assert read == 1999 * (1 << 20) + 1
    assert peak < 10 * BATCH_BYTES


def read_and_measure(base: Path, name: str) -> tuple[int, int]:
    fit = source(base, name)
    size = sum(sum(map(len, content_cells(placed.batch))) for placed in read_batches(base, fit, [0]))
    return size, pa.default_memory_pool().max_memory()


def test_nulls_without_end_are_refused_by_the_footer(tmp_path: Path) -> None:
    """Ten rows a byte: nothing of them is read."""
    write(tmp_path / "nulls.parquet", {"content": pa.nulls(3_000_000, pa.string())}, row_group_size=3_000_000)
    write(tmp_path / "good.parquet", {"content": codes(2)})
    built = index(tmp_path)
    assert built.rows == 2
    assert "it unfolds to 3,000,000 rows from " in reasons(built)["nulls.parquet"]


def test_a_dictionary_bomb_is_left_out_once_it_has_unfolded_too_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is counted is the work: batches that were indexed before it was given up."""
    worked: list[int] = []

    def counting(batch: pa.RecordBatch, functions: Any) -> pa.RecordBatch:
        worked.append(batch.num_rows)
        return indexes(batch, functions)

    indexes = parts.index_batch
    monkeypatch.setattr(parts, "index_batch", counting)
    monkeypatch.setattr(parts, "FREE_BYTES", 20 << 20)
    monkeypatch.setattr(parts, "BYTES_A_BYTE", 10)
    write_bomb(tmp_path, rows=3000)
    write(tmp_path / "good.parquet", {"content": codes(2)})
    built = index(tmp_path)
    assert built.rows == 2
    assert reasons(built).keys() == {"bomb.parquet"}
    assert "unfold to far more" in reasons(built)["bomb.parquet"]
    assert sum(worked) <= 2 + 20


@pytest.mark.campaign
@pytest.mark.parametrize("name", ["own", "chat"])
def test_a_bomb_that_must_be_written_out_at_once_is_set_aside(name: str, tmp_path: Path) -> None:
    large = pa.array(["x" * (1 << 20), "y"])
    if name == "own":
        own = pa.DictionaryArray.from_arrays(pa.array([0] * 19_999 + [1], pa.int32()), large)
        write(tmp_path / "bomb.parquet", {"content": ["a"] * 20_000, "own": own})
    else:
        turns = pa.table({"messages": [[{"role": "assistant", "content": "x" * 1_000_000}]]})
        write(tmp_path / "bomb.parquet", pa.concat_tables([turns] * 4000), row_group_size=4000)
    write(tmp_path / "good.parquet", {"content": codes(2)})
    built = index(tmp_path, workers=1)
    assert (built.rows, reasons(built).keys()) == (2, {"bomb.parquet"})


def test_a_snapshot_of_a_download_cache_is_read_from_its_blobs(tmp_path: Path) -> None:
    repo = tmp_path / "datasets--acme--code"
    write(repo / "blobs" / "aaa111", {"content": codes(5)})
    data = repo / "snapshots" / "0123abcd" / "data"
    data.mkdir(parents=True)
    (data / "train.parquet").symlink_to("../../../blobs/aaa111")
    (data / "elsewhere.parquet").symlink_to(write(tmp_path / "other" / "blobs" / "bbb", {"content": codes(2)}))
    built = index(repo / "snapshots" / "0123abcd")
    assert (built.rows, reasons(built)) == (5, {"data/elsewhere.parquet": "it is a link to a place outside the corpus"})
