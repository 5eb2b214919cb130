"""What is judged while an index is loaded: licences, quality and suggested tiers, from what the parts hold."""

from collections.abc import Sequence

import pyarrow as pa

from explorer.index.scale import formula_of
from explorer.signals.evidence.decision import NearestLicence, decide
from explorer.signals.quality import COLUMNS, PERCENTILES, Scale
from explorer.signals.suggestion.columns import SUGGESTABLE, suggestions


_JUDGED = frozenset(
    (
        *("tests_share", "quality_pct", "error_handling", "repo", "path", "origin", "language", "license_class"),
        "gates",
    )
)
"""Columns that are worked out while the index is loaded, or that every part has."""


class Judge:
    """Judges the samples of one index by a scale."""

    percentiles: Sequence[str] = PERCENTILES
    signals: Sequence[str] = tuple(sorted((COLUMNS | set(SUGGESTABLE)) - _JUDGED))
    suggestable: Sequence[str] = SUGGESTABLE

    def __init__(self, scale: Scale) -> None:
        self.formula = formula_of(scale)

    def license(self, given: str | None, header: str | None, nearest: str | None) -> tuple[str | None, str, bool, bool]:
        """Returns expression and class, whether the claims conflict, and whether the authors must be named."""
        found = decide(given, header, NearestLicence("", nearest, 1.0) if nearest else None)
        return found.expression, found.license_class, found.conflict, found.attribution_required

    def suggest(self, columns: pa.RecordBatch) -> pa.RecordBatch:
        """Returns `row`, `suggested_tier` and `suggestion_confidence` of some samples."""
        return suggestions(columns)
