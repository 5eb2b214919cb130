"""The shape of a row in every file of the demo corpus."""

from datetime import datetime
from typing import NamedTuple


class Row(NamedTuple):
    """One sample of the demo corpus, in the order of the Parquet columns."""

    content: bytes
    """The file as it lies on disk: never decoded, so that odd encodings stay odd."""
    path: str
    repo: str | None
    language: str | None
    """Null where only the file name tells it: then whoever reads the corpus decides."""
    license: str | None
    """An SPDX expression, or null where nobody states one for this very file."""
    tier: int | None
    origin: str
    origin_evidence: str
    created: datetime | None
    """Null where unknown; the time of installation says nothing about the code."""
    package: str | None
    version: str | None
    generator: str | None
