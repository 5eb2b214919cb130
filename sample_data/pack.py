"""Packs the project's own samples, their copies and the odd ones into rows: the same rows at every run."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

from .rows import Row
from .tiers import TierRules

SAMPLES = Path(__file__).with_name("samples")
MANIFEST = Path(__file__).with_name("samples.toml")
REPO = "corpus-explorer"
LICENCE = "Apache-2.0"


class Sample(NamedTuple):
    """One sample of the project and what its manifest row says."""

    path: str
    content: bytes
    language: str | None
    generator: str
    evidence: str
    created: datetime


def read_samples() -> tuple[Sample, ...]:
    """The written samples in the order of the manifest."""
    manifest = tomllib.loads(MANIFEST.read_text("utf-8"))
    generator, written = manifest["generator"], datetime.combine(manifest["written"], time(), UTC)
    evidence = "written by a large language model for this project"
    return tuple(
        Sample(row["path"], (SAMPLES / row["path"]).read_bytes(), row["language"], generator, evidence, written)
        for row in manifest["sample"]
    )


def all_samples() -> tuple[Sample, ...]:
    """The written samples, then the copies and the odd ones that are derived from them."""
    return read_samples()


def pack_samples(rules: TierRules, report: Callable[[str, int, int], None]) -> Iterator[Row]:
    """The rows of all samples, tiered by the rules."""
    samples = all_samples()
    for done, sample in enumerate(samples, 1):
        report("samples", done, len(samples))
        yield _to_row(sample, rules.judge("samples", sample.path).tier)


def _to_row(sample: Sample, tier: int | None) -> Row:
    return Row(
        content=sample.content,
        path=sample.path,
        repo=REPO,
        language=sample.language,
        license=LICENCE,
        tier=tier,
        origin="synthetic",
        origin_evidence=sample.evidence,
        created=sample.created,
        package=None,
        version=None,
        generator=sample.generator,
    )
