"""Columns of the corpus's own: kept in a class that holds the values of all files, or named with the reason."""

import datetime
import decimal
import json
import uuid
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.corpus.columns import SCALARS, joined_class
from tests.index.corpora import codes, column, index, write

CLASSES = (*SCALARS, *(f"list of {kind}" for kind in SCALARS), "nested")
LARGE = decimal.Decimal("123456789012345678901234.5")
KEY = uuid.UUID(int=7)

JOINS: dict[str, tuple[pa.Array, pa.Array, list[Any]]] = {
    "whole numbers of two widths": (pa.array([1], pa.int8()), pa.array([2], pa.int64()), [1, 2]),
    "whole beside broken": (pa.array([3], pa.int64()), pa.array([2.5]), [3.0, 2.5]),
    "number beside text": (pa.array([3], pa.int64()), pa.array(["x"]), ["3", "x"]),
    "whole float beside text": (pa.array([3.0]), pa.array(["x"]), ["3", "x"]),
    "unsigned beside signed": (pa.array([2**63], pa.uint64()), pa.array([-1]), [str(2**63), "-1"]),
    "truth beside number": (pa.array([True]), pa.array([2]), ["true", "2"]),
    "nulls beside text": (pa.nulls(1), pa.array(["x"]), [None, "x"]),
    "lists": (pa.array([[1, 2], None][:1]), pa.array([[2.5]]), [[1.0, 2.0], [2.5]]),
    "lists of two classes": (pa.array([[1, None]]), pa.array([["x"]]), [["1", None], ["x"]]),
    "decimals": (pa.array([decimal.Decimal("0.25")]), pa.array([1.5]), [0.25, 1.5]),
    "long decimals": (pa.array([LARGE]), pa.array([LARGE]), [str(LARGE)] * 2),
    "keys": (pa.array([KEY.bytes], pa.uuid()), pa.array(["x"]), [str(KEY), "x"]),
    "fixed bytes": (pa.array([b"\x00\xff"], pa.binary(2)), pa.nulls(1), ["00ff", None]),
    "JSON": (pa.array(['{"a": 1}'], pa.json_(pa.string())), pa.nulls(1), ['{"a": 1}', None]),
    "maps": (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int8())), pa.nulls(1), ['{"a": 1}', None]),
    "lists of lists": (pa.array([[[1], []]]), pa.nulls(1), ["[[1], []]", None]),
    "times of day": (pa.array([datetime.time(1, 2)]), pa.nulls(1), ["01:02:00.000000", None]),
    "durations": (pa.array([5], pa.duration("s")), pa.nulls(1), ["5", None]),
}


@given(st.sampled_from(CLASSES), st.sampled_from(CLASSES))
def test_the_order_of_two_classes_does_not_matter(one: str, other: str) -> None:
    joined = joined_class(one, other)
    assert joined == joined_class(other, one)
    assert joined_class(one, one) == one
    assert joined is None or joined_class(joined, other) == joined


@pytest.mark.parametrize("name", JOINS)
def test_two_files_join_in_the_widest_reading(name: str, tmp_path: Path) -> None:
    one, other, expected = JOINS[name]
    write(tmp_path / "a.parquet", {"content": codes(1), "score": one})
    write(tmp_path / "b.parquet", {"content": codes(1, "b"), "score": other})
    built = index(tmp_path)
    assert (built.quarantined, built.gaps.not_kept) == ((), [])
    assert column(tmp_path / ".corpus", "score") == expected


def test_a_class_that_does_not_join_costs_the_column_of_that_file_alone(tmp_path: Path) -> None:
    for number in range(2):
        write(tmp_path / f"{number}.parquet", {"content": codes(1, str(number)), "tags": ["x"]})
    write(tmp_path / "2.parquet", {"content": codes(1, "c"), "tags": [["x"]]})
    built = index(tmp_path)
    assert (built.rows, built.quarantined) == (3, ())
    assert column(tmp_path / ".corpus", "tags") == ["x", "x", None]
    assert [tuple(lost) for lost in built.gaps.not_kept] == [
        ("tags", "it is list of text here, but text in other files", 1, "2.parquet")
    ]


def test_what_is_too_deep_too_long_or_too_much_is_named(tmp_path: Path) -> None:
    deep: Any = 1
    for _ in range(6):
        deep = [deep]
    many = {f"c{number:03}": [number] for number in range(600)}
    write(tmp_path / "a.parquet", {"content": codes(1), "deep": [deep], "long": ["x y" * 500], **many})
    built = index(tmp_path)
    lost = {row.column: row.reason for row in built.gaps.not_kept}
    assert "levels deep" in lost["deep"]
    assert "bytes on average" in lost["long"]
    assert len([reason for reason in lost.values() if "at most 500" in reason]) == 100
    assert column(tmp_path / ".corpus", "c499") == [499]


TIERS = {
    "floats": (pa.array([1.0, None, 4.0, 2.5]), [1, None, 4, None], "2.5"),
    "words": (pa.array(["tier 1", "Tier-2", " 3 ", "gold"]), [1, 2, 3, None], "gold"),
    "decimals": (pa.array([decimal.Decimal("1.0"), None, None, decimal.Decimal("7.0")]), [1, None, None, None], "7.0"),
    "numbers": (pa.array([1, 2, 0, 4]), [1, 2, None, 4], "0"),
}


@pytest.mark.parametrize("name", TIERS)
def test_a_tier_is_read_as_people_write_it_and_any_other_is_named(name: str, tmp_path: Path) -> None:
    given_tiers, tiers, example = TIERS[name]
    write(tmp_path / "a.parquet", {"content": codes(4), "tier": given_tiers})
    built = index(tmp_path)
    assert column(tmp_path / ".corpus", "tier") == tiers
    (unread,) = built.gaps.unread
    assert tuple(unread) == ("tier", "given_tier", 1, example)
    assert [value for value in column(tmp_path / ".corpus", "given_tier") if value is not None] == [example]


def test_nothing_is_named_where_everything_was_read(tmp_path: Path) -> None:
    rows = {"id": ["a", "b"], "tier": [1, None], "origin": ["human", ""], "created": ["2024-01-02", None]}
    write(tmp_path / "a.parquet", {"content": codes(2), **rows})
    built = index(tmp_path)
    assert built.gaps == ([], [])
    assert index(tmp_path).gaps == ([], [])


def test_ids_that_repeat_are_kept_beside_our_own(tmp_path: Path) -> None:
    for part in "ab":
        write(tmp_path / f"{part}.parquet", {"content": codes(2, part), "id": [1.0, 2.0], "given_id": ["x", "y"]})
    built = index(tmp_path)
    (unread,) = built.gaps.unread
    assert (unread.field, unread.column, unread.samples) == ("id", "given_id", 4)
    assert column(tmp_path / ".corpus", "given_id") == ["1", "2", "1", "2"]
    assert column(tmp_path / ".corpus", "given_given_id") == ["x", "y", "x", "y"]
    assert len(set(column(tmp_path / ".corpus", "id"))) == 4


def test_a_field_of_another_class_is_named_with_an_example(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"content": codes(2), "language": [7, 8], "created": ["soon", "2024-01-02"]})
    built = index(tmp_path)
    found = {row.field: (row.column, row.samples, row.example) for row in built.gaps.unread}
    assert found == {"language": ("given_language", 2, "7"), "created": ("given_created", 1, "soon")}


def test_a_partition_key_that_is_a_column_too_reads_as_both(tmp_path: Path) -> None:
    write(tmp_path / "year=2020" / "a.parquet", {"content": codes(1)})
    write(tmp_path / "year=2021" / "a.parquet", {"content": codes(1, "b"), "year": [2021]})
    assert index(tmp_path).rows == 2
    assert column(tmp_path / ".corpus", "year") == ["2020", "2021"]


def test_shards_of_conversations_keep_other_conversations_as_json(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "x"}]
    write(tmp_path / "a.parquet", {"content": codes(1), "history": [turns]})
    index(tmp_path)
    assert json.loads(column(tmp_path / ".corpus", "history")[0]) == turns
