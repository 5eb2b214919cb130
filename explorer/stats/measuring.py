"""Draws the samples of groups, compares them with a baseline, and keeps what took long."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from explorer.columns import STYLE_AXES
from explorer.corpus import marker
from explorer.corpus.marker import Marker
from explorer.corpus.workspace import Workspace, write_whole
from explorer.diversity.comparing import BUDGET, Settings, compare
from explorer.diversity.comparison import Comparison
from explorer.diversity.portrait import FILE_BYTES, Portrait, Sampled, portray
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.own_files import Damaged, read_json
from queries import diversity as queries
from queries.filters import Filter, facet_clause

VERSION = 4
"""Changes with whatever changes a figure, so that no older one is shown."""
DRAWN_BYTES = 24 * BUDGET
"""Text of a group that is drawn: two halves of the budget, at some eight bytes a token, with room to spare."""
KEPT = 200
"""Comparisons that are kept."""


class Source(NamedTuple):
    """Samples under a name, as conditions."""

    name: str
    filters: tuple[Filter, ...]


class Draw(NamedTuple):
    """The rows of a group in one language, before their texts are read."""

    name: str
    language: str | None
    rows: tuple[tuple[Any, ...], ...]

    def digest(self) -> str:
        """Returns a hash of everything that a portrait is made of, whatever the order of the files."""
        told = sorted(json.dumps(row[1:]) for row in self.rows)
        return hashlib.sha256("\n".join([str(self.language), *told]).encode()).hexdigest()


def draw(session: Session, job: Job, source: Source, language: str | None) -> Draw:
    """Takes the samples of a group in one language in the order of their hashes."""
    filters = (*source.filters, facet_clause("language", [language]))
    axes = [name for name in STYLE_AXES if name in session.columns]
    with session.cursor(job) as cursor:
        rows = queries.sample_rows(cursor, filters, axes, file_bytes=FILE_BYTES, most_bytes=DRAWN_BYTES)
    return Draw(source.name, language, tuple(rows))


class Measuring:
    """One page's comparisons: each group is read once, and nothing that is kept from before."""

    def __init__(self, session: Session, job: Job, settings: Settings | None = None) -> None:
        self._session = session
        self._job = job
        self._settings = settings or Settings()
        self._portraits: dict[str, Portrait] = {}

    def compare(self, group: Draw, baseline: Draw) -> Comparison:
        """Compares two draws; from what is kept where both are as they were."""
        key = self._key(group, baseline)
        kept = _recall(self._session.place.workspace, key)
        if kept is not None:
            return kept
        found = compare(self._portrait(group), self._portrait(baseline), self._settings, self._report(group.name))
        if self._session.keeps:
            _keep(self._session.place.workspace, key, found)
        return found

    def _key(self, *draws: Draw) -> str:
        told = [VERSION, *(each.digest() for each in draws), asdict(self._settings)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]

    def _portrait(self, drawn: Draw) -> Portrait:
        digest = drawn.digest()
        if digest not in self._portraits:
            self._portraits[digest] = portray(self._read(drawn), drawn.language)
        return self._portraits[digest]

    def _read(self, drawn: Draw) -> Sequence[Sampled]:
        axes = [name for name in STYLE_AXES if name in self._session.columns]
        found: list[Sampled] = []
        touched = ""

        def touch(file: str) -> None:
            nonlocal touched
            if file != touched:
                self._job.report({"file": file})
                touched = file

        for done, (row, key, unit, *values) in enumerate(drawn.rows, 1):
            self._job.stop_if_cancelled()
            content = self._session.content.read(row, touch)
            known = (math.nan if value is None else float(value) for value in values)
            found.append(Sampled(key, unit, content, dict(zip(axes, known, strict=True))))
            if done % 100 == 0 or done == len(drawn.rows):
                self._job.report({"step": f"reading {drawn.name}", "done": done, "of": len(drawn.rows)})
        return found

    def _report(self, name: str) -> Any:
        def told(done: int, of: int) -> None:
            self._job.stop_if_cancelled()
            if done % 4 == 0 or done == of:
                self._job.report({"step": f"comparing {name}", "done": done, "of": of})

        return told


def _recall(workspace: Workspace, key: str) -> Comparison | None:
    """Returns a comparison that is kept; None where there is none, or one that is not as it was written."""
    try:
        kept = read_json(workspace.measured / f"{key}.json", {"sha256": str, "comparison": dict})
        if kept["sha256"] != _seal(kept["comparison"]):
            return None
        return Comparison.of(kept["comparison"])
    except (FileNotFoundError, Damaged, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None


def _seal(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _keep(workspace: Workspace, key: str, found: Comparison) -> None:
    """Keeps a comparison, and as many of the latest as fit; a workspace that cannot be written keeps none."""
    name = f"measured/{key}.json"
    try:
        marker.make_folder(workspace.measured)
        if not marker.may_write(workspace.root, name):
            return
        temporary = marker.temporary_of(workspace.root / name)
        marker.record(workspace.root, name, f"measured/{temporary.name}")
        told = found.as_json()
        document = json.dumps({"sha256": _seal(told), "comparison": told})
        write_whole(workspace.root / name, document.encode(), temporary)
        kept = sorted(workspace.measured.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        listed = Marker.read(workspace.root)
        if listed is not None:
            for path in kept[:-KEPT]:
                listed.remove(f"measured/{path.name}")
    except OSError:
        return
