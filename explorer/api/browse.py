"""The questions a screen may ask of an open index, as the reader process answers them: arguments in, JSON out."""

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.corpus.changes import find_changes
from explorer.errors import BadInput
from explorer.job import Job
from explorer.open_corpus import handing
from explorer.open_corpus.session import FACETS, Session, ViewWish
from explorer.open_corpus.values import shown_as
from explorer.open_corpus.windows import ContentWindows
from explorer.reader.serve import JobFunction
from queries import browse


def session_jobs(session: Session) -> dict[str, JobFunction]:
    """Returns the jobs of one open index by name."""
    windows = ContentWindows(session)
    return {
        "describe": lambda job: describe(session, job),
        "changes": lambda _: changes(session),
        "view": lambda job: view(session, job),
        "page": lambda job: page(session, job),
        "facets": lambda job: facets(session, job),
        "totals": lambda job: totals_of(session, job),
        "position": lambda job: position(session, job),
        "sample": lambda job: sample(session, job),
        "content": lambda job: windows.window(job),
        "text": lambda job: windows.text(job),
        "save": lambda job: handing.save(session, job),
        "find_line": lambda job: windows.find_line(job),
        "labels": lambda job: labels(session, job),
        "keys": lambda job: keys(session, job),
        "rows": lambda job: rows(session, job),
    }


def describe(session: Session, job: Job) -> dict[str, Any]:
    """What a screen must know before it draws: name, counts, columns, quarantine."""
    described = session.place.workspace.describe()
    with session.cursor(job) as cursor:
        totals = browse.totals(cursor, ())
        more = browse.summary(cursor)
    return {
        "name": session.place.name,
        "base": str(session.place.base),
        "workspace": str(session.place.workspace.root),
        "index": session.identity,
        **totals._asdict(),
        **more,
        "columns": session.columns,
        "facets": list(FACETS),
        "mapping": described.get("mapping", {}),
        "quarantined": [{"file": file, "reason": reason} for file, reason in session.quarantine],
        "not_kept": [row._asdict() for row in session.gaps.not_kept],
        "unread": [row._asdict() for row in session.gaps.unread],
    }


def changes(session: Session) -> dict[str, Any]:
    """Whether the corpus is still what was indexed: `told`, a sentence, empty where it is."""
    return {"told": find_changes(session.place).told()}


def view(session: Session, job: Job) -> dict[str, Any]:
    """Writes a view down: `wish` → `view`, `rows`."""
    found = session.show_view(job, ViewWish.of(job.args["wish"]))
    return {"view": found.number, "rows": found.rows}


def page(session: Session, job: Job) -> dict[str, Any]:
    """Rows of a view: `view`, `first`, `count`, `columns` → `rows`, each (position, values …)."""
    args = job.args
    found = session.page(job, args["view"], int(args["first"]), int(args["count"]), list(args["columns"]))
    names = ("", *args["columns"])
    return {"rows": [[shown_as(*cell) for cell in zip(names, row, strict=True)] for row in found]}


def facets(session: Session, job: Job) -> dict[str, Any]:
    """Counts beside the table: `wish` → for each facet its values with samples and tokens, and the totals."""
    wish = ViewWish.of(job.args["wish"])
    found = session.facets(job, wish)
    return {
        "facets": {name: [list(row) for row in rows] for name, rows in found.items()},
        "totals": session.totals(job, wish)._asdict(),
    }


def totals_of(session: Session, job: Job) -> dict[str, Any]:
    """What the samples of a `wish` come to."""
    return session.totals(job, ViewWish.of(job.args["wish"]))._asdict()


def position(session: Session, job: Job) -> dict[str, Any]:
    """Where a `row`, or the sample called `id`, stands in a `view`: `row`, `position` (None: not in it)."""
    row = session.row_of(job, str(job.args["id"])) if job.args.get("id") is not None else int(job.args["row"])
    return {"row": row, "position": session.position(job, job.args["view"], row)}


def sample(session: Session, job: Job) -> dict[str, Any]:
    """One sample by `row`: its public columns and where it stands in the corpus."""
    row = int(job.args["row"])
    found = session.sample(job, row)
    return {"sample": found, "source": session.content.locate(row)._asdict()}


def labels(session: Session, job: Job) -> dict[str, Any]:
    """Lays `labels` over the index → how many found their sample, and how."""
    return session.set_labels(job, job.args["labels"])._asdict()


def keys(session: Session, job: Job) -> dict[str, Any]:
    """What labels are attached by, for `rows` or for all samples of a `wish` → `keys`, pairs of id and SHA-256."""
    rows: Sequence[int] | None = job.args.get("rows")
    if rows is not None:
        with session.cursor(job) as cursor:
            return {"keys": [list(key) for key in browse.keys_of_rows(cursor, rows)]}
    wish: Mapping[str, Any] | None = job.args.get("wish")
    if wish is None:
        raise BadInput("Neither rows nor a view were named.")
    return {"keys": [list(key) for key in session.keys(job, ViewWish.of(wish))]}


def rows(session: Session, job: Job) -> dict[str, Any]:
    """Finds the samples called `ids` → `rows`, pairs of id and row; an id that is not in the index is left out."""
    with session.cursor(job) as cursor:
        return {"rows": [list(pair) for pair in browse.rows_of_ids(cursor, job.args["ids"])]}
