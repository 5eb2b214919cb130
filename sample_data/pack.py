"""Packs the project's own samples, their copies and the odd ones into rows: the same rows at every run."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

from .odd import odd_samples
from .rows import Row
from .tiers import TierRules
from .variants import Original, derive_copies

SAMPLES = Path(__file__).with_name("samples")
MANIFEST = Path(__file__).with_name("samples.toml")
REPO = "corpus-explorer"
LICENCE = "Apache-2.0"
WRITTEN = "written by a large language model for this project"


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
    return tuple(
        Sample(row["path"], (SAMPLES / row["path"]).read_bytes(), row["language"], generator, WRITTEN, written)
        for row in manifest["sample"]
    )


def all_samples() -> tuple[Sample, ...]:
    """The written samples, then the copies and the odd ones that are derived from them."""
    written = read_samples()
    return (*written, *_copies(written), *_odd(written[0]))


def _copies(written: tuple[Sample, ...]) -> tuple[Sample, ...]:
    by_path = {sample.path: sample for sample in written}
    originals = tuple(Original(one.path, one.language or "", one.content.decode()) for one in written)
    return tuple(
        by_path[copy.original]._replace(
            path=copy.path,
            content=copy.text.encode(),
            evidence=f"{WRITTEN}; derived from {copy.original} by a script: {copy.edit}",
        )
        for copy in derive_copies(originals)
    )


def _odd(like: Sample) -> tuple[Sample, ...]:
    return tuple(
        like._replace(
            path=odd.path,
            content=odd.content,
            language=odd.language,
            evidence=f"{WRITTEN}, with odd bytes: {odd.oddity}",
        )
        for odd in odd_samples()
    )


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
