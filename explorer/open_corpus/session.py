"""An open index: the connection, the label overlay, the views; what screens and commands ask goes through here."""

import itertools
import os
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from explorer.corpus import marker
from explorer.corpus.watching import identity_of
from explorer.corpus.workspace import ALL_PARQUET, Place
from explorer.errors import BadInput, ExplorerError
from explorer.fingerprints.policy import Policy
from explorer.job import Cancelled, Job
from explorer.open_corpus.clusters import Clusters
from explorer.open_corpus.content import ContentStore
from explorer.open_corpus.optouts import OptOuts
from explorer.open_corpus.records import Labelled
from explorer.open_corpus.values import shown_as
from explorer.open_corpus.windows import ContentWindows
from explorer.own_files import is_regular
from explorer.quality.scale import current_scale, formula_of
from explorer.selection import FACETS, Selection
from queries import browse, clusters, quality
from queries.filters import Filter, FilterError, facet_clause, joined, locked_settings, parse_filter
from queries.loading import gaps

MEMORY_LIMIT = "4GB"
"""What the reader may hold before it spills to the workspace."""
KEPT_VIEWS = 4
LABELLED = frozenset(
    (
        *("labelled", "conflict", "tier", "tier_source", "origin", "origin_evidence", "verdict", "note"),
        *("cluster", "cluster_size", "survivor", "similarity", "direct", "redundant"),
    )
)
"""Columns that a label changes."""
LABEL_FIELDS = ("tier", "origin", "verdict", "note", "survivor", "cluster_verdict", "accepted", "conflict")
_TURN_SECONDS = 0.05
_DAMAGE = re.compile("corrupt|checksum|not a valid DuckDB|deserialize|Could not read enough bytes", re.IGNORECASE)
"""What the engine says of a file whose bytes are not those it wrote."""
_MACHINE = re.compile(
    "Permission denied|Too many open files|Could not set lock|Out of Memory|No space left|Input/output error",
    re.IGNORECASE,
)
"""What the engine says where the machine, and not the index, is at fault."""

Forget = Callable[[duckdb.DuckDBPyConnection, int], None]


class View(NamedTuple):
    """A view that has been written down; `number` None is the corpus in its own order."""

    number: int | None
    selection: Selection
    rows: int


class Session:
    """One open index; every question takes the job that asks, so that it can be interrupted."""

    def __init__(self, place: Place, *, keeps: bool = True) -> None:
        """Opens the index read-only and shuts the connection in; raises BadInput where there is no index."""
        self.place = place
        self.keeps = keeps
        """Whether figures that took long may be kept in the workspace."""
        _check_index(place)
        self.identity = identity_of(place.workspace.index)
        """The identity of the index file, taken before it was opened."""
        self._root = _connect(place)
        self._numbers = itertools.count(1)
        self._views: OrderedDict[int, View] = OrderedDict()
        self._matches: OrderedDict[tuple[str, int], int] = OrderedDict()
        self._labellings = 0
        self._lock = threading.Lock()
        self._scan_turn = threading.Lock()
        try:
            self._look_around()
        except (duckdb.Error, KeyError) as error:
            self._root.close()
            raise _unusable(place, error) from None

    def _look_around(self) -> None:
        with self._root.cursor() as cursor:
            self.columns = browse.columns(cursor)
            self.facts = browse.facts(cursor)
            self.quarantine = browse.quarantine(cursor)
            self.gaps = gaps(cursor)
            self.content = ContentStore(self.place, browse.places(cursor), int(self.facts["content_group_rows"]))
            self.windows = ContentWindows(self.content)
            self.samples = browse.totals(cursor, ()).samples
            clusters.lay_overlay(cursor)
            self.scale = current_scale(self.place.workspace)
            if self.scale.digest != self.facts["scale"]:
                quality.amend(cursor, formula_of(self.scale))
            self.optouts = OptOuts(self.place.workspace.optout)
            self.optouts.heed(cursor)
            self.clusters = Clusters(self, cursor, float(self.facts["threshold"]))

    def close(self) -> None:
        """Closes the index."""
        self._root.close()

    @contextmanager
    def cursor(self, job: Job) -> Generator[duckdb.DuckDBPyConnection]:
        """Lends a cursor that the job's cancellation interrupts; tells engine trouble in words."""
        with self._root.cursor() as cursor, job.on_interrupt(cursor.interrupt):
            try:
                yield cursor
            except (duckdb.Error, FilterError) as error:
                raise in_words(error) from None

    # ---- views

    def filters(self, job: Job, selection: Selection, *, without: str = "") -> list[Filter]:
        """Returns the conditions of a selection, facets but `without`; a clause on content has been carried out."""
        with self.cursor(job) as cursor:
            typed = parse_filter(cursor, selection.filter, {**self.columns, "content": "VARCHAR"})
        light, heavy = typed.split()
        conditions = [light] if light else []
        if heavy is not None:
            conditions.append(browse.matched(self._match(job, selection.filter, _unlabelled(light), heavy)))
        conditions += [
            facet_clause(name, list(values)) for name, values in selection.facets.items() if values and name != without
        ]
        return conditions

    def show_view(self, job: Job, selection: Selection) -> View:
        """Writes down the rows of a selection in order; the few latest views are kept."""
        if selection.is_whole_corpus:
            return View(None, selection, self.samples)
        number = next(self._numbers)
        conditions = self.filters(job, selection)
        with self._dropping(browse.forget_view, number), self.cursor(job) as cursor:
            rows = browse.build_view(cursor, number, conditions, selection.sort, self.columns)
        view = View(number, selection, rows)
        with self._lock:
            self._views[number] = view
            old = [self._views.popitem(last=False)[0] for _ in range(len(self._views) - KEPT_VIEWS)]
        for forgotten in old:
            self.drop(browse.forget_view, forgotten)
        return view

    def page(self, job: Job, view: int | None, first: int, count: int, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Returns (position, values …) of some rows of a view."""
        self.check_columns(columns)
        with self.cursor(job) as cursor:
            return browse.page(cursor, view, first, count, columns)

    def facets(self, job: Job, selection: Selection, most: int = 40) -> dict[str, list[browse.FacetRow]]:
        """Counts the values of each facet among the samples that pass everything but that facet itself."""
        found: dict[str, list[browse.FacetRow]] = {}
        for name in FACETS:
            conditions = self.filters(job, selection, without=name)
            with self.cursor(job) as cursor:
                found[name] = browse.facet(cursor, name, conditions, most)
        return found

    def totals(self, job: Job, selection: Selection) -> browse.Totals:
        """Counts the samples of a selection."""
        conditions = self.filters(job, selection)
        with self.cursor(job) as cursor:
            return browse.totals(cursor, conditions)

    def position(self, job: Job, view: int | None, row: int) -> int | None:
        """Tells where a row stands in a view, if it is there."""
        with self.cursor(job) as cursor:
            return browse.position(cursor, view, row)

    def check_columns(self, names: Sequence[str]) -> None:
        """Raises BadInput for a column that does not exist."""
        for name in names:
            if name not in self.columns:
                raise BadInput(f"There is no column {name!r}.", f"Columns are {', '.join(self.columns)}.")

    # ---- samples

    def row_of(self, job: Job, sample: str) -> int:
        """Finds the row of an id; raises BadInput where there is none."""
        with self.cursor(job) as cursor:
            row = browse.row_of_id(cursor, sample)
        if row is None:
            raise BadInput(f"There is no sample with the id {sample!r}.", "`corpus find PATH` lists ids.")
        return row

    def sample(self, job: Job, row: int) -> dict[str, Any]:
        """Returns the public columns of one sample, fit for JSON, without its content."""
        with self.cursor(job) as cursor:
            found = browse.sample(cursor, row)
        if not found:
            raise BadInput(f"There is no row {row:,}.", f"Rows go from 0 to {self.samples - 1:,}.")
        return {name: shown_as(name, value) for name, value in found.items()}

    # ---- labels

    def set_labels(self, job: Job, labels: Sequence[Mapping[str, Any]]) -> Labelled:
        """Lays labels over the index: mappings of `id`, `sha256` and the fields of a label."""
        columns = {name: [label.get(name) for label in labels] for name in ("id", "sha256")}
        with self.cursor(job) as cursor:
            attached = {found.id: found for found in browse.attach_labels(cursor, columns)}
            overlay: dict[str, list[Any]] = {name: [] for name in (*LABEL_FIELDS, "row", "stale", "by_content")}
            for label in labels:
                found = attached[label["id"]]
                if found.row is not None:
                    for name in LABEL_FIELDS:
                        overlay[name].append(label.get(name))
                    for name in ("row", "stale", "by_content"):
                        overlay[name].append(getattr(found, name))
            browse.put_labels(cursor, overlay)
        self.clusters.labelled(job, overlay["row"])
        self._labellings += 1
        places = attached.values()
        return Labelled(
            rows=len(overlay["row"]),
            stale=sum(found.stale for found in places),
            by_content=sum(found.by_content for found in places),
            orphans=sum(found.row is None for found in places),
        )

    def follow(self, job: Job, policy: Policy) -> None:
        """Works the clusters out by another policy; raises BadInput for a threshold that the index has not proven."""
        self.clusters.follow(job, policy)
        self._labellings += 1

    def settle_clusters(self, job: Job, policy: Policy) -> None:
        """Follows a policy and knows, after that, of every member how like its survivor it is: a mix can be drawn."""
        self.follow(job, policy)
        self.clusters.measure(job)

    @contextmanager
    def settled_clusters(self, job: Job, policy: Policy) -> Generator[None]:
        """Settles the clusters by a policy and keeps them so, whatever another lane asks, until the block ends."""
        self.settle_clusters(job, policy)
        with self.clusters.held(job, policy):
            yield

    def keys(self, job: Job, selection: Selection) -> list[browse.SampleKey]:
        """Returns what labels of all samples of a selection are attached by."""
        conditions = self.filters(job, selection)
        with self.cursor(job) as cursor:
            return browse.keys_of(cursor, conditions)

    # ---- content

    def _match(self, job: Job, text: str, light: Filter | None, heavy: Filter) -> int:
        """Reads the contents that a filter asks for, once for each filter; returns the number of its matches.

        One job at a time reads, so that a table and the counts beside it, asked for together, share one reading.
        """
        while not self._scan_turn.acquire(timeout=_TURN_SECONDS):
            job.stop_if_cancelled()
        try:
            key = (text, self._labellings if heavy.columns & LABELLED else 0)
            if key in self._matches:
                self._matches.move_to_end(key)
                return self._matches[key]
            number = next(self._numbers)
            self._scan(job, number, [light] if light else [], heavy)
            self._matches[key] = number
            while len(self._matches) > KEPT_VIEWS:
                self.drop(browse.forget_matches, self._matches.popitem(last=False)[1])
            return number
        finally:
            self._scan_turn.release()

    def _scan(self, job: Job, number: int, light: list[Filter], heavy: Filter) -> None:
        from explorer.open_corpus.scanning import scan_content

        with self._dropping(browse.forget_matches, number), self.cursor(job) as cursor:
            browse.start_matches(cursor, number)
            scan_content(job, cursor, self.content, number, light, heavy)

    @contextmanager
    def _dropping(self, forget: Forget, number: int) -> Generator[None]:
        """Leaves no half-made table behind a job that fails or is cancelled."""
        try:
            yield
        except BaseException:
            self.drop(forget, number)
            raise

    def drop(self, forget: Forget, number: int) -> None:
        """Drops a numbered table, on a cursor that no cancellation interrupts."""
        with self._root.cursor() as cursor:
            forget(cursor, number)


class BadFilter(BadInput):
    """The filter cannot be used; `position` tells where, if that is known."""

    def __init__(self, error: FilterError) -> None:
        super().__init__(error.message, "")
        self.position = error.position


def _check_index(place: Place) -> None:
    """Raises BadInput where there is no index, or that of other files: a directory and all globs in it share one."""
    named = place.base if place.pattern == ALL_PARQUET else place.base / place.pattern
    hint = f"Run `corpus index '{named}'` first; labels are kept."
    if not os.path.lexists(place.workspace.index):
        raise BadInput(f"{named} is not indexed yet.", hint)
    if not is_regular(place.workspace.index):
        raise BadInput(f"The index {place.workspace.index} is not a regular file.", "Move it away, then index again.")
    pattern = place.workspace.describe().get("pattern", place.pattern)
    if pattern != place.pattern:
        raise BadInput(f"The index in {place.workspace.root} is that of {pattern}, not of {place.pattern}.", hint)


def _connect(place: Place) -> duckdb.DuckDBPyConnection:
    workspace = place.workspace
    connection = duckdb.connect(":memory:", config={"threads": max(os.cpu_count() or 1, 1)})
    try:
        browse.attach_index(connection, str(workspace.index))
        locked_settings(connection, MEMORY_LIMIT, _spill(workspace.root))
    except duckdb.Error as error:
        connection.close()
        raise _unusable(place, error) from None
    return connection


def _unusable(place: Place, error: Exception) -> ExplorerError:
    reason = one_line(str(error)) if isinstance(error, duckdb.Error) else "it was made by another version"
    if _MACHINE.search(reason):
        return ExplorerError(
            f"The index {place.workspace.index} cannot be opened ({reason}).",
            "Mend what the machine says, then open it again.",
        )
    return ExplorerError(
        f"The index {place.workspace.index} cannot be used ({reason}).",
        "Delete it and run `corpus index` again; labels are kept.",
    )


def in_words(error: duckdb.Error | FilterError) -> Exception:
    """Returns what a person should read instead of an engine's error; an interrupt means that nobody waits."""
    match error:
        case duckdb.InterruptException():
            return Cancelled()
        case FilterError():
            return BadFilter(error)
        case duckdb.OutOfMemoryException():
            return ExplorerError(f"This needs more memory than {MEMORY_LIMIT}.", "Narrow the filter.")
        case duckdb.CatalogException():
            return ExplorerError("This view is gone.", "Press F5 to build it again.")
        case duckdb.ConversionException() | duckdb.InvalidInputException() | duckdb.OutOfRangeException():
            return BadInput("The filter fails on some samples.", one_line(str(error)))
        case duckdb.DataError() | duckdb.ProgrammingError() | duckdb.NotSupportedError():
            return BadInput("The filter cannot be carried out.", one_line(str(error)))
        case _ if is_damage(error):
            return ExplorerError(
                f"The index is damaged ({one_line(str(error))}).",
                "Delete it and run `corpus index` again; labels are kept.",
            )
        case _:
            return ExplorerError(f"The engine did not answer ({one_line(str(error))}).", _way_on(error))


def _way_on(error: duckdb.Error) -> str:
    """Advises by an engine's error; after a fatal one the engine answers nothing more."""
    if isinstance(error, duckdb.FatalException | duckdb.InternalError):
        return "Leave, and open the corpus again."
    return "Ask again; where the disk is full, free some space."


def is_damage(error: Exception) -> bool:
    """Whether an engine's error says that the file of the index itself cannot be read."""
    return isinstance(error, duckdb.OperationalError | duckdb.InternalError | duckdb.FatalException) and bool(
        _DAMAGE.search(str(error))
    )


def _unlabelled(light: Filter | None) -> Filter | None:
    """The clauses whose answer no label changes: what they leave out stays out when the matches are used again."""
    return joined(tuple(clause for clause in light.clauses if not clause.columns & LABELLED)) if light else None


def _spill(root: Path) -> Path:
    """Names a folder for what memory cannot hold: in the workspace, or where the system keeps temporary files."""
    folder = root if os.access(root, os.W_OK) else Path(tempfile.gettempdir())
    return marker.temporary_of(folder / "spill")


def one_line(message: str) -> str:
    """Returns the first line of an engine's message, cut to 160 characters."""
    first = next(iter(message.splitlines()), "")
    return first if len(first) <= 160 else f"{first[:159]}…"
