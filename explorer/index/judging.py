"""What is judged while an index is loaded: licences, quality and suggested tiers, from what the parts hold."""

from collections.abc import Sequence

import pyarrow as pa

from explorer.columns import PERCENTILES, WEIGHABLE
from explorer.licences.decision import decide
from explorer.licences.nearest import LicenceFile, joined_folders
from explorer.quality.scale import formula_of
from explorer.quality.score import Scale
from explorer.tier_suggestion.inputs import INDEXED, suggestable_of
from explorer.tier_suggestion.rules import suggest

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
    signals: Sequence[str] = tuple(sorted((WEIGHABLE | set(INDEXED)) - _JUDGED))
    suggestable: Sequence[str] = INDEXED

    def __init__(self, scale: Scale) -> None:
        self.formula = formula_of(scale)

    def license(self, given: str | None, header: str | None, nearest: str | None) -> tuple[str | None, str, bool, bool]:
        """Returns expression and class, whether the claims conflict, and whether the authors must be named."""
        found = decide(given, header, ("", nearest, None) if nearest else None)
        return found.expression, found.license_class, found.conflict, found.attribution_required

    def folders(
        self, files: Sequence[tuple[str, str, str, float | None]]
    ) -> list[tuple[str, str, str, str, float | None]]:
        """Joins the licence files of each folder: repo, folder, path, licence, similarity."""
        joined = joined_folders(LicenceFile(*file) for file in files)
        return [(repo or "", folder, *nearest) for repo, folder, nearest in joined]

    def suggest(self, columns: pa.RecordBatch) -> pa.RecordBatch:
        """Returns `row`, `suggested_tier` and `suggestion_confidence` of some samples."""
        found = suggest(suggestable_of(columns))
        return pa.RecordBatch.from_arrays(
            [columns.column("row"), pa.array(found.tier), pa.array(found.confidence)],
            names=["row", "suggested_tier", "suggestion_confidence"],
        )
