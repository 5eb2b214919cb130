"""How old a sample is: by the corpus's own dates, else not before the newest feature that it uses."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from explorer.signals.anchored import lines_with
from explorer.signals.code_only import code_only
from explorer.signals.evidence.idioms import IDIOMS, STALE, Idiom

DATE_COLUMNS = (
    *("last_commit_date", "last_commit_at", "last_modified", "committed_at", "commit_date", "committer_date"),
    *("author_date", "revision_date", "snapshot_date", "visit_date", "created"),
    *("pushed_at", "repo_pushed_at", "updated_at", "gha_event_created_at", "release_date", "upload_time"),
)
"""Names of columns that date a sample, the nearest to its last change first."""
NOT_REAL = "not real"
BUILD_DATES = frozenset((date(1970, 1, 1), date(1980, 1, 1), date(2020, 2, 2)))
"""What reproducible builds stamp on everything."""


class Dated(NamedTuple):
    """The date of a sample and the column it came from; no date and `not real` where only builds stamped it."""

    text: str | None
    source: str | None


def choose_date(values: Iterable[tuple[str, str | None]]) -> Dated:
    """Takes the first real date of some columns."""
    found = Dated(None, None)
    for name, value in values:
        day = _day_of(value)
        if day is not None and day in BUILD_DATES:
            found = Dated(None, NOT_REAL)
        elif day is not None:
            return Dated(day.isoformat(), name)
    return found


def _day_of(value: str | None) -> date | None:
    try:
        return datetime.fromisoformat(value.strip().replace("Z", "+00:00")).date() if value else None
    except ValueError:
        return None


def newest_idiom(text: bytes, language: str | None) -> Idiom | None:
    """Finds the newest feature of its language that a text's code uses; comments and strings do not count."""
    for idiom in IDIOMS.get(language or "", ()):
        if _stands(idiom, text) and _stands(idiom, code_only(text, language)):
            return idiom
    return None


def stale_markers(text: bytes, language: str | None) -> list[str]:
    """Names what a text's code uses that has been dropped since."""
    found = [marker for marker in STALE.get(language or "", ()) if _stands(marker, text)]
    code = code_only(text, language) if found else b""
    return [marker.name for marker in found if _stands(marker, code)]


def _stands(idiom: Idiom, text: bytes) -> bool:
    more = SPAN if b"\\n" in idiom.pattern.pattern else 0
    return any(idiom.pattern.search(line) for _, line in lines_with(text, idiom.anchor, more))


SPAN = 400
"""Bytes behind its line that a pattern over several lines may reach."""
