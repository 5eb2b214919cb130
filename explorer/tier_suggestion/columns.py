"""The columns that a suggestion by rules looks at."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pyarrow as pa

from explorer.tier_suggestion.reading import Column


@dataclass(frozen=True)
class Suggestable:
    """What is known of each sample of a batch before anybody has judged it."""

    rows: int
    review: Column = None
    """1 approved by a non-author, 0.5 a merged pull request, 0 none."""
    stars: Column = None
    forks: Column = None
    commits: Column = None
    active_days: Column = None
    contributors: Column = None
    repo: Column = None
    """Text: `owner/name`, or its address on a forge."""
    organisation: Column = None
    """Bool: an organisation owns the repository."""
    ci: Column = None
    """Bool: the repository has a configuration of continuous integration."""
    tests_share: Column = None
    """1 the sample is or has a test, 0.5 its repository has tests, 0 none."""
    source_kind: Column = None
    """Text: what kind of source the sample came from, such as `dedicated team`."""
    integrations: Column = None
    """List of the integrations that its imports show, or their count."""
    path: Column = None
    third_party_imports: Column = None
    code_lines: Column = None
    comment_share: Column = None
    """Comment and docstring characters / characters."""
    markdown_share: Column = None
    """Markdown cells / cells of a notebook."""
    gates: Column = None
    """List of the codes of the gates that the sample is stopped by."""
    vendored: Column = None
    """Bool: its path says that it is vendored, minified or a lock file."""
    license_class: Column = None
    quality_pct: Column = None
    """Percentile, 0 to 100, of its quality inside its language."""
    error_handling: Column = None
    """The dimension E of its quality, 0 to 1."""
    origin: Column = None
    """Text: human, synthetic, mixed or unknown."""

    @classmethod
    def of(cls, batch: pa.RecordBatch | pa.Table) -> Suggestable:
        """Takes the columns that a batch has under the names of the fields."""
        held = set(batch.schema.names) & INPUTS
        return cls(batch.num_rows, **{name: batch.column(name) for name in held})


INPUTS = frozenset(field.name for field in fields(Suggestable)) - {"rows"}
"""The names that a condition may ask for."""
