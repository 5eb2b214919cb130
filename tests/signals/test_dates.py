"""The corpus's own date comes from the first column that holds a real one; dates of repeatable builds are not real."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.signals.age.dates import DATE_COLUMNS, read_date, read_dates

SPELLED = [
    ("2021-03-04", "2021-03-04"),
    ("2021-03-04T05:06:07Z", "2021-03-04"),
    ("2021-03-04 05:06:07.123456+02:00", "2021-03-04"),
    ("2021/3/4", "2021-03-04"),
    ("Thu Mar 4 05:06:07 2021 +0200", "2021-03-04"),
    ("Thu, 04 Mar 2021 05:06:07 +0000", "2021-03-04"),
    ("1614834367", "2021-03-04"),
    ("1614834367000", "2021-03-04"),
    (1614834367, "2021-03-04"),
    (1614834367.25, "2021-03-04"),
    (1614834367000, "2021-03-04"),
    (1614834367000000, "2021-03-04"),
    (1614834367000000000, "2021-03-04"),
    (b"2021-03-04", "2021-03-04"),
    (datetime(2021, 3, 4, 23, tzinfo=UTC).date(), "2021-03-04"),
]
NO_DATES = [
    "",
    "soon",
    "2021-13-04",
    "2021-02-30",
    "0001-01-01",
    "9999-12-31",
    "20210",
    True,
    -5,
    float("nan"),
    1e300,
    [],
    {},
]


@pytest.mark.parametrize(("value", "day"), SPELLED)
def test_a_date_is_read_from_its_spellings(value: object, day: str) -> None:
    assert str(read_date(value)) == day


@pytest.mark.parametrize("value", NO_DATES)
def test_other_values_are_no_dates(value: object) -> None:
    assert read_date(value) is None


def dated(**columns: pa.Array) -> list[tuple[str | None, str | None]]:
    found = read_dates(pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)))
    return list(zip(*(column.to_pylist() for column in found.columns), strict=True))


def test_the_first_column_with_a_real_date_counts() -> None:
    assert dated(
        pushed_at=pa.array(["2023-01-01", "2023-01-01", "2023-01-01", None, "1970-01-01"]),
        last_commit_date=pa.array(["2020-05-06", None, "1980-01-01T00:00:00", None, "2020-02-02"]),
        commit_date=pa.array([None, "2021-05-06", "x", None, None]),
    ) == [
        ("2020-05-06", "last_commit_date"),
        ("2021-05-06", "commit_date"),
        ("2023-01-01", "pushed_at"),
        (None, None),
        (None, "not real"),
    ]


def test_order_is_that_of_the_table_and_names_have_no_case() -> None:
    assert dated(Release_Date=pa.array(["2020-01-01"]), Commit_Date=pa.array(["2020-01-02"])) == [
        ("2020-01-02", "Commit_Date")
    ]
    assert len(set(DATE_COLUMNS)) == len(DATE_COLUMNS)


@pytest.mark.parametrize(
    "kind",
    [pa.timestamp("s"), pa.timestamp("ms", "UTC"), pa.timestamp("us", "Europe/Berlin"), pa.timestamp("ns"), pa.date32(),
     pa.date64()],
)  # fmt: skip
def test_columns_of_time_are_read(kind: pa.DataType) -> None:
    column = pa.array([datetime(2021, 3, 4), None], pa.timestamp("ms")).cast(kind)
    assert dated(date=column) == [("2021-03-04", "date"), (None, None)]


def test_times_that_python_cannot_hold_are_none() -> None:
    assert dated(date=pa.array([2**62, -(2**62)], pa.timestamp("s"))) == [(None, None)] * 2
    assert dated(date=pa.array([2**31 - 1, -(2**31)], pa.int32()).cast(pa.date32())) == [(None, None)] * 2


def test_columns_of_other_types_hold_no_date() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 0]), pa.array(["2021-03-04"]))
    assert dated(date=column, created=pa.array([[1], []])) == [("2021-03-04", "date")] * 2
    assert dated(content=pa.array([b"2021-03-04"])) == [(None, None)]


@given(st.dates(date(1970, 1, 2), date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    seconds = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
    assert read_date(day.isoformat()) == read_date(day) == read_date(seconds) == day


@given(st.text(max_size=80) | st.floats() | st.integers() | st.binary(max_size=80))
def test_any_value_is_read_without_trouble(value: object) -> None:
    assert read_date(value) is None or isinstance(read_date(value), date)
