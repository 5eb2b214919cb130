"""Canonical batches hold what the file holds, in its order, in batches of bounded size."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.corpus import reading
from explorer.corpus.columns import column_refs, levels, type_class
from explorer.corpus.files import CorpusFile, gate, hive_keys
from explorer.corpus.reading import read_batches
from tests.index.corpora import contents, source, write

texts = st.lists(st.one_of(st.none(), st.text(max_size=30), st.sampled_from(["a" * 300, "b" * 90])), min_size=1)


@settings(max_examples=60, deadline=None)
@given(values=texts, group=st.integers(1, 9), target=st.integers(1, 400), is_encoded=st.booleans())
def test_batches_are_placed_whole_and_small(
    values: list[str | None], group: int, target: int, is_encoded: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("corpus")
    write(
        base / "a.parquet", {"content": pa.array(values, pa.string())}, row_group_size=group, use_dictionary=is_encoded
    )
    fit = source(base, "a.parquet")
    got: list[bytes | None] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "BATCH_BYTES", target)
        for placed in read_batches(base, fit, range(len(fit.file.row_groups))):
            cells = placed.batch.column("content").to_pylist()
            assert placed.row_group * group + placed.first_row == len(got)
            assert len(cells) == 1 or sum(len(cell or b"") for cell in cells) <= target
            got += cells
    assert got == [None if value is None else value.encode() for value in values]


def read_field(folder: Path, field: str, values: pa.Array, **mapping: str) -> list[Any]:
    write(folder / "a.parquet", {"content": ["x"] * len(values), field: values})
    batch = next(read_batches(folder, source(folder, "a.parquet", **mapping), [0])).batch
    return batch.column(field).to_pylist()


LICENCES = [
    (["MIT"], "MIT"),
    (["MIT", "Apache-2.0", "MIT"], "MIT AND Apache-2.0"),
    (["MIT OR ISC", "BSL-1.0"], "(MIT OR ISC) AND BSL-1.0"),
    ([], None),
    (["", None, " MIT "], "MIT"),
    (None, None),
]


def test_a_list_of_licences_is_joined(tmp_path: Path) -> None:
    given_lists, expected = zip(*LICENCES, strict=True)
    assert read_field(tmp_path, "license", pa.array(given_lists, pa.list_(pa.string()))) == list(expected)


WRITTEN = {
    "['MIT', 'Apache-2.0']": "MIT AND Apache-2.0",
    '["MIT"]': "MIT",
    "[]": None,
    "MIT": "MIT",
    "MIT OR ISC": "MIT OR ISC",
    "[": "[",
    "[" * 5000: "[" * 5000,
    "[1, 'MIT'": "[1, 'MIT'",
    "[open('/etc/passwd')]": "[open('/etc/passwd')]",
    "{'a': 1}": "{'a': 1}",
}


def test_a_list_written_as_text_is_read_and_anything_else_left_alone(tmp_path: Path) -> None:
    assert read_field(tmp_path, "license", pa.array([*WRITTEN, None])) == [*WRITTEN.values(), None]


@pytest.mark.parametrize("kind", [pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("ns"), pa.timestamp("us", "UTC")])
def test_a_date_keeps_its_moment(kind: pa.DataType, tmp_path: Path) -> None:
    values = pa.array([1_700_000_000_000_000, None], pa.timestamp("us")).cast(kind)
    first, second = read_field(tmp_path, "created", values)
    assert (first[:19], second) == ("2023-11-14T22:13:20", None)


def test_a_column_below_a_missing_struct_is_null(tmp_path: Path) -> None:
    meta = pa.array([{"text": "a", "path": "p"}, None, {"text": None, "path": None}])
    write(tmp_path / "a.parquet", {"meta": meta})
    assert contents(tmp_path, "a.parquet") == [b"a", None, None]


def test_an_exact_name_beats_one_of_another_case(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"TEXT": ["upper"], "text": ["lower"]})
    assert contents(tmp_path, "a.parquet", content="text") == [b"lower"]
    assert contents(tmp_path, "a.parquet", content="TEXT") == [b"upper"]


def test_the_outer_of_two_dotted_names_is_meant(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"a": pa.array([{"b": "inner"}]), "a.b": ["outer"]})
    assert contents(tmp_path, "a.parquet", content="a.b") == [b"outer"]


def test_the_gate_tells_what_identifies_a_file(tmp_path: Path) -> None:
    write(tmp_path / "lang=py" / "a.parquet", {"content": ["x"] * 5, "a.b": [1] * 5}, row_group_size=2)
    file = gate(tmp_path, "lang=py/a.parquet")
    assert isinstance(file, CorpusFile)
    assert ([group.rows for group in file.row_groups], file.rows) == ([2, 2, 1], 5)
    assert (file.hive, dict(file.column_bytes).keys()) == ((("lang", "py"),), {"content", "a.b"})
    assert [ref.name for ref in column_refs(file.schema, file.hive)] == ["content", "a.b", "lang"]
    before = file.fingerprint
    write(tmp_path / "lang=py" / "a.parquet", {"content": ["y"] * 5, "a.b": [1] * 5}, row_group_size=2)
    after = gate(tmp_path, "lang=py/a.parquet")
    assert isinstance(after, CorpusFile)
    assert after.fingerprint != before


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("a.parquet", ()),
        ("x=1/y=a%2Fb/a.parquet", (("x", "1"), ("y", "a/b"))),
        ("=1/plain/a=b.parquet", ()),
        ("x=1=2/a", (("x", "1=2"),)),
    ],
)
def test_partition_keys_stand_in_folders(name: str, keys: tuple[tuple[str, str], ...]) -> None:
    assert hive_keys(name) == keys


@pytest.mark.parametrize(
    ("kind", "name", "depth"),
    [
        (pa.string(), "text", 0),
        (pa.dictionary(pa.int8(), pa.binary()), "text", 0),
        (pa.uint64(), "unsigned integer", 0),
        (pa.uint32(), "integer", 0),
        (pa.list_(pa.date32()), "list of time", 1),
        (pa.list_(pa.list_(pa.int8())), "nested", 2),
        (pa.list_(pa.struct({"role": pa.string(), "content": pa.string()})), "chat", 2),
        (pa.list_(pa.struct({"role": pa.string()})), "nested", 2),
        (pa.map_(pa.string(), pa.int8()), "nested", 2),
        (pa.decimal128(9, 2), "float", 0),
        (pa.decimal128(30, 2), "decimal", 0),
        (pa.uuid(), "uuid", 0),
        (pa.json_(pa.string()), "text", 0),
        (pa.bool8(), "integer", 0),
        (pa.binary(4), "bytes", 0),
        (pa.time64("us"), "clock", 0),
        (pa.duration("ms"), "duration", 0),
        (pa.run_end_encoded(pa.int32(), pa.string()), "text", 1),
        (pa.null(), "none", 0),
    ],
)
def test_types_fall_into_classes(kind: pa.DataType, name: str, depth: int) -> None:
    assert type_class(kind) == name
    assert levels(kind) == depth
