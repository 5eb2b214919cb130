"""Takes what an index knows of samples for the rules, under the names that they have there."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute

from explorer.columns import BY_NAME, LIST, TEXT, YES_NO
from explorer.tier_suggestion.columns import Suggestable
from explorer.tier_suggestion.rules import say_confidence, suggest

_compute: Any = pyarrow.compute

_NAMES: Mapping[str, str] = {
    "review": "review_level",
    "stars": "repo_stars",
    "forks": "repo_forks",
    "commits": "repo_commits",
    "active_days": "repo_active_days",
    "contributors": "repo_contributors",
}
_SAME = (
    *("tests_share", "third_party_imports", "code_lines", "comment_share", "quality_pct", "error_handling"),
    *("repo", "path", "origin", "license_class", "integrations", "gates", "vendored"),
)
INDEXED = (*_NAMES.values(), *_SAME)
"""Columns of the index that a suggestion is made of."""


def suggestable_of(batch: pa.RecordBatch) -> Suggestable:
    """Returns a batch of indexed columns as the rules take it; a licence of class `unknown` is not known."""
    columns = {name: batch.column(indexed) for name, indexed in _NAMES.items()}
    columns |= {name: batch.column(name) for name in _SAME}
    classes = columns["license_class"]
    columns["license_class"] = _compute.if_else(_compute.equal(classes, "unknown"), None, classes)
    return Suggestable(batch.num_rows, **columns)


def explain_suggestion(known: Mapping[str, Any], labels: int = 0) -> dict[str, Any]:
    """Returns for one sample the confidence in words, the probabilities of the tiers and the reasons, best first."""
    batch = pa.RecordBatch.from_pylist([{name: known.get(name) for name in INDEXED}], schema=_SCHEMA)
    found = suggest(suggestable_of(batch))
    return {
        "confidence": say_confidence(float(found.confidence[0]), labels),
        "probabilities": [round(float(value), 4) for value in found.probabilities[0]],
        "reasons": [reason.when for reason in found.reasons(0)],
    }


def _arrow(kind: str) -> pa.DataType:
    return _ARROW.get(kind, pa.float64())


_ARROW = {TEXT: pa.string(), LIST: pa.list_(pa.string()), YES_NO: pa.bool_()}
_SCHEMA = pa.schema([(name, _arrow(BY_NAME[name].kind)) for name in INDEXED])
