"""The corpus's own date of a sample: from the first of its columns, in a fixed order, that holds a real one."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, NamedTuple

import pyarrow as pa

DATE_COLUMNS = (
    "last_commit_date", "last_commit_time", "last_commit_at", "last_commit", "last_modified", "last_modified_date",
    "file_date", "file_commit_date", "modified_at", "modified",
    "commit_date", "committed_date", "committed_at", "commit_time", "commit_timestamp", "committer_date", "author_date",
    "authored_at", "revision_date", "snapshot_date", "created_at", "created", "date", "timestamp",
    "pushed_at", "pushed_date", "repo_pushed_at", "last_pushed", "gha_pushed_at", "updated_at", "gha_updated_at",
    "release_date", "released_at", "published_at", "publish_date", "upload_time", "package_release_date",
    "visit_date", "crawl_date", "gha_event_created_at", "max_stars_repo_stars_event_max_datetime",
)  # fmt: skip
"""Columns in the order in which they count: the file's last commit, the snapshot's commit, the push, the release, and
what merely saw it.
"""

NOT_REAL = frozenset({date(1970, 1, 1), date(1980, 1, 1), date(2020, 2, 2)})
"""Dates that repeatable builds write: the epoch, the first one that a zip file knows, a packager's default."""
NOT_REAL_SOURCE = "not real"

_ISO = re.compile(r"\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_GIT = re.compile(r"\s*[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) [\d:]{5,8} (\d{4})\b")
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_NUMBER = re.compile(r"\s*\d{9,19}(?:\.\d{1,9})?\s*$")
_FIRST, _LAST = date(1970, 1, 1), date(2100, 1, 1)
_UNITS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))
"""Sizes from which on a number counts nano-, micro- or milliseconds, and how many of them a second has."""
_UNITS_OF_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_MOST_CHARACTERS = 64


class CorpusDate(NamedTuple):
    """A date and the column that it came from."""

    text: str | None
    """`YYYY-MM-DD`; None where only a date was found that is not real."""
    source: str


def read_dates(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `date_text` (`YYYY-MM-DD`) and `date_source` (the column's name) from the batch's own columns.

    Both are null where no column of DATE_COLUMNS holds a date; the source is `not real` where only dates do that
    repeatable builds write. Names are compared without case; texts, numbers (seconds and finer) and dates are read.
    """
    columns = _date_columns(batch)
    dates = [_first_date(columns, row) for row in range(batch.num_rows)] if columns else [None] * batch.num_rows
    texts, sources = ([one and one[field] for one in dates] for field in range(2))
    return pa.RecordBatch.from_arrays(
        [pa.array(values, pa.string()) for values in (texts, sources)], names=["date_text", "date_source"]
    )


def _date_columns(batch: pa.RecordBatch) -> list[tuple[str, Sequence[Any]]]:
    names = {name.lower(): name for name in reversed(batch.schema.names)}
    return [(names[known], _values(batch.column(names[known]))) for known in DATE_COLUMNS if known in names]


def _values(column: pa.Array) -> Sequence[Any]:
    """The cells of a column, points in time as dates: pyarrow fails on those that Python's types cannot hold."""
    parts = _parts_of_day(column.type)
    if parts is None:
        return column.to_pylist()
    whole = column.cast(pa.int32() if pa.types.is_date32(column.type) else pa.int64())
    return [None if count is None else _of_day(count // parts) for count in whole.to_pylist()]


def _parts_of_day(kind: pa.DataType) -> int | None:
    """How many units of a type of time a day has; None for any other type."""
    if pa.types.is_date32(kind):
        return 1
    if pa.types.is_date64(kind):
        return 86_400_000
    return 86_400 * _UNITS_OF_SECOND[kind.unit] if pa.types.is_timestamp(kind) else None


def _of_day(number: int) -> date | None:
    return _FIRST + timedelta(number) if 0 <= number <= (_LAST - _FIRST).days else None


def _first_date(columns: Sequence[tuple[str, Sequence[Any]]], row: int) -> CorpusDate | None:
    seen = None
    for name, values in columns:
        day = read_date(values[row]) if values[row] is not None else None
        if day is not None and day not in NOT_REAL:
            return CorpusDate(day.isoformat(), name)
        seen = seen or day
    return CorpusDate(None, NOT_REAL_SOURCE) if seen else None


def read_date(value: object) -> date | None:
    """Reads a date from ISO or Git's or a mail's spelling, or seconds and finer since 1970; None where it is none."""
    if isinstance(value, date):
        return _within(value)
    if isinstance(value, bytes):
        value = value[:_MOST_CHARACTERS].decode("utf-8", "replace")
    if isinstance(value, str):
        return _within(_read_text(value[:_MOST_CHARACTERS]))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _within(_of_number(value))
    return None


def _within(day: date | None) -> date | None:
    return day if day is not None and _FIRST <= day < _LAST else None


@lru_cache(1 << 14)
def _read_text(text: str) -> date | None:
    if iso := _ISO.match(text):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if git := _GIT.match(text):
        place = _MONTHS.find(git[1])
        return _day(int(git[3]), place // 3 + 1, int(git[2])) if place >= 0 else None
    if _NUMBER.match(text):
        return _of_number(float(text))
    return _of_mail(text)


def _of_mail(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _of_number(number: float) -> date | None:
    size = next((unit for least, unit in _UNITS if number >= least), 1)
    try:
        return datetime.fromtimestamp(number / size, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
