"""What a corpus's own columns tell of review, repository and context; null where it is silent."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

_compute: Any = pyarrow.compute

STARS = ("stars", "max_stars_count", "star_events_count", "stargazers_count", "repo_stars", "star_count")
CONTRIBUTORS = ("contributors", "contributors_count", "repo_contributors", "num_contributors")
FORKS = ("forks", "forks_count", "fork_events_count", "max_forks_count", "repo_forks")
COMMITS = ("commits", "commits_count", "commit_count", "num_commits")
ACTIVE_DAYS = ("active_days", "days_active")
APPROVED = ("approved", "is_approved", "approved_by_other")
MERGED = ("merged", "is_merged", "pr_merged")
STATES = ("review_state", "pr_state", "review_decision")
CONTEXT: tuple[tuple[str, ...], ...] = (
    ("message", "commit_message", "subject", "msg"),
    ("pr_description", "pr_body", "pull_request_body", "pr_title"),
    ("readme", "readme_summary", "readme_content"),
    ("issue", "issue_link", "issue_url", "issues", "issue_body"),
    ("docstring", "api_doc", "func_documentation_string", "documentation_string"),
)
"""The five kinds of context, each by the names of columns that hold it."""
FULL_COMMITS = FULL_DAYS = 100.0

_TEST = re.compile(r"(^|/)tests?/|(^|/)(test_[^/]*|conftest\.py)$|(_test|\.test|\.spec)\.[^/.]+$|Tests?\.(java|kt|cs)$")


def tell_provenance(batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """Returns review_level, maintenance, tests_share, context_share and the counts that are known of a repository."""
    return {
        "review_level": pa.array(_review(batch), pa.float32(), from_pandas=True),
        "repo_contributors": _whole(_numbers(batch, CONTRIBUTORS)),
        "repo_forks": _whole(_numbers(batch, FORKS)),
        "repo_commits": _whole(_numbers(batch, COMMITS)),
        "repo_active_days": _whole(_numbers(batch, ACTIVE_DAYS)),
        "maintenance": pa.array(_maintenance(batch), pa.float32(), from_pandas=True),
        "tests_share": pa.array(_tests(batch), pa.float32(), from_pandas=True),
        "repo_stars": _whole(_numbers(batch, STARS)),
        "context_share": pa.array(_context(batch), pa.float32(), from_pandas=True),
    }


def is_test(path: str) -> bool:
    """Tells whether a path is that of a test."""
    return bool(_TEST.search(path))


def _numbers(batch: pa.RecordBatch, names: Sequence[str]) -> Any:
    """Returns the first column of some names that holds numbers, as float64; NaN where it says nothing."""
    for name in names:
        if name in batch.schema.names:
            column = batch.column(name)
            if (
                pa.types.is_integer(column.type)
                or pa.types.is_floating(column.type)
                or pa.types.is_boolean(column.type)
            ):
                values = _compute.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
                return np.where(values >= 0, values, np.nan)
    return np.full(batch.num_rows, np.nan)


def _whole(values: Any) -> pa.Array:
    known = np.isfinite(values)
    return pa.array(np.where(known, np.minimum(values, 2**31 - 1), 0).astype(np.int32), pa.int32(), mask=~known)


def _review(batch: pa.RecordBatch) -> Any:
    """1 where somebody else approved, 0.5 where it was merged, 0 where a column says neither."""
    approved, merged = _numbers(batch, APPROVED), _numbers(batch, MERGED)
    level = np.fmax(
        np.where(np.isnan(approved), np.nan, approved > 0), np.where(np.isnan(merged), np.nan, 0.5 * (merged > 0))
    )
    for name in STATES:
        if name in batch.schema.names:
            said = [_state(value) for value in batch.column(name).to_pylist()]
            level = np.fmax(level, np.array(said, np.float64))
    return level


def _state(value: object) -> float:
    words = str(value).lower() if value is not None else ""
    return 1.0 if "approved" in words else 0.5 if "merged" in words else 0.0 if words else np.nan


def _maintenance(batch: pa.RecordBatch) -> Any:
    """The mean of commits and active days, each of 100; of one where only one is known."""
    parts = [
        np.minimum(1.0, _numbers(batch, names) / full)
        for names, full in ((COMMITS, FULL_COMMITS), (ACTIVE_DAYS, FULL_DAYS))
    ]
    known = np.sum([np.isfinite(part) for part in parts], axis=0)
    return np.where(known > 0, np.nansum(parts, axis=0) / np.maximum(known, 1), np.nan)


def _tests(batch: pa.RecordBatch) -> list[float | None]:
    """1 where the path is that of a test; what the rest of its repository says is not known here."""
    if "path" not in batch.schema.names:
        return [None] * batch.num_rows
    return [1.0 if path and is_test(path) else None for path in batch.column("path").to_pylist()]


def _context(batch: pa.RecordBatch) -> Any:
    """The share of the kinds of context that the corpus has columns for and this row fills, of all five."""
    present = [[name for name in names if name in batch.schema.names] for names in CONTEXT]
    if not any(present):
        return np.full(batch.num_rows, np.nan)
    filled = [_is_filled(batch, names) for names in present if names]
    return np.sum(filled, axis=0) / len(CONTEXT)


def _is_filled(batch: pa.RecordBatch, names: Sequence[str]) -> Any:
    filled = np.zeros(batch.num_rows, bool)
    for name in names:
        column = batch.column(name)
        known = ~column.is_null().to_numpy(zero_copy_only=False)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            known &= _compute.fill_null(_compute.utf8_length(column), 0).to_numpy(zero_copy_only=False) > 0
        filled |= known
    return filled
