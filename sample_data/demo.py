"""Builds the demo corpus: one Parquet file for each source of code."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from explorer.errors import Refused

from .gather import Found, find_distributions, find_standard_library
from .pack import pack_samples
from .rows import Row
from .tiers import TierRules, read_rules
from .writing import is_demo_file, write_rows

SOURCES = ("standard-library", "distributions", "samples")
"""The sources of code, each a file of the demo corpus."""
Report = Callable[[str, int, int], None]
"""Is told the source, the number of files done and the number of files in all."""


@dataclass(frozen=True)
class DemoSummary:
    """What a demo corpus holds; `tiers` has the keys "1" to "4" and "none"."""

    files: tuple[Path, ...]
    samples: int
    bytes: int
    tiers: Mapping[str, int]
    origins: Mapping[str, int]


@dataclass
class Tally:
    """Counts the rows on their way to the files."""

    samples: int = 0
    bytes: int = 0
    tiers: Counter[str] = field(default_factory=lambda: Counter({"1": 0, "2": 0, "3": 0, "4": 0, "none": 0}))
    origins: Counter[str] = field(default_factory=Counter[str])

    def watch(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Passes the rows on unchanged."""
        for row in rows:
            self.samples += 1
            self.bytes += len(row.content)
            self.tiers[str(row.tier or "none")] += 1
            self.origins[row.origin] += 1
            yield row


def build_demo(directory: Path, *, rules: Path | None = None, report: Report | None = None) -> DemoSummary:
    """Builds the demo corpus in `directory` from what this machine holds and the project's own samples.

    `rules` is a copy of tiers.toml with the user's changes. Raises BadInput where the rules cannot be used, and Refused
    where the directory holds a file of a name that is needed; files of an earlier demo are replaced, each at once.
    """
    tier_rules, told = read_rules(rules), report or _ignore
    directory.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        _check_replaceable(directory / f"{source}.parquet")
    tally, files = Tally(), []
    for source, rows in _open_sources(tier_rules, told):
        files.append(directory / f"{source}.parquet")
        write_rows(files[-1], tally.watch(rows))
    return DemoSummary(tuple(files), tally.samples, tally.bytes, dict(tally.tiers), dict(tally.origins))


def _check_replaceable(path: Path) -> None:
    """Raises Refused where a file that no demo wrote, or a link, has the name of one."""
    if os.path.lexists(path) and not is_demo_file(path):
        raise Refused(
            f"{path} is not a file of an earlier demo, so it is not replaced.",
            "Name another directory with --out DIR, or move the file away.",
        )


def _open_sources(rules: TierRules, report: Report) -> Iterator[tuple[str, Iterator[Row]]]:
    library = find_standard_library()
    yield SOURCES[0], read_found(library, SOURCES[0], rules, report)
    distributions = find_distributions(already=len(library))
    yield SOURCES[1], read_found(distributions, SOURCES[1], rules, report)
    yield SOURCES[2], pack_samples(rules, report)


def read_found(found: tuple[Found, ...], source: str, rules: TierRules, report: Report) -> Iterator[Row]:
    """Reads found files into rows; a file that vanished or may not be read is left out."""
    for done, one in enumerate(found, 1):
        report(source, done, len(found))
        try:
            content = one.place.read_bytes()
        except OSError:
            continue
        tier = rules.judge(source, one.path, one.package).tier
        yield Row(
            content,
            one.path,
            one.repo,
            None,
            one.license,
            tier,
            "human",
            one.evidence,
            None,
            one.package,
            one.version,
            None,
        )


def _ignore(source: str, done: int, total: int) -> None:
    """The report of a caller who wants none."""
