"""Answers requests about the corpus, its views and its samples."""

from explorer.api.messages.browse import (
    Changes,
    ChangesRequest,
    DescribeRequest,
    Description,
    FacetCounts,
    FacetsRequest,
    FindLineRequest,
    FoundLine,
    Keys,
    KeysOfSelectionRequest,
    KeysRequest,
    Labelled,
    LabelsRequest,
    PageRequest,
    PageRows,
    Position,
    PositionRequest,
    RowOfId,
    Rows,
    RowsRequest,
    Sample,
    SampleRequest,
    SavedText,
    SaveRequest,
    Text,
    TextRequest,
    TotalsAnswer,
    TotalsRequest,
    ViewRequest,
    ViewShown,
    Window,
    WindowRequest,
)
from explorer.corpus.changes import find_changes
from explorer.errors import BadInput
from explorer.job import Job
from explorer.open_corpus import handing
from explorer.open_corpus.session import Session
from explorer.open_corpus.values import shown_as
from queries import browse
from queries.rows import QuarantineRow


def describe(session: Session, job: Job, asked: DescribeRequest) -> Description:
    """What a screen must know before it draws: name, counts, columns, quarantine."""
    with session.cursor(job) as cursor:
        totals = browse.totals(cursor, ())
        more = browse.summary(cursor)
    return Description(
        name=session.place.name,
        base=str(session.place.base),
        workspace=str(session.place.workspace.root),
        index=session.identity,
        totals=totals,
        **more,
        columns=session.columns,
        mapping=session.place.workspace.describe().get("mapping", {}),
        quarantined=tuple(QuarantineRow(*row) for row in session.quarantine),
        not_kept=tuple(session.gaps.not_kept),
        unread=tuple(session.gaps.unread),
    )


def changes(session: Session, job: Job, asked: ChangesRequest) -> Changes:
    """Whether the corpus is still what was indexed."""
    return Changes(find_changes(session.place).told())


def view(session: Session, job: Job, asked: ViewRequest) -> ViewShown:
    """Writes a view down."""
    found = session.show_view(job, asked.selection)
    return ViewShown(found.number, found.rows)


def page(session: Session, job: Job, asked: PageRequest) -> PageRows:
    """Rows of a view."""
    names = ("", *asked.columns)
    found = session.page(job, asked.view, asked.first, asked.count, asked.columns)
    return PageRows(tuple(tuple(shown_as(*cell) for cell in zip(names, row, strict=True)) for row in found))


def facets(session: Session, job: Job, asked: FacetsRequest) -> FacetCounts:
    """Counts the values of the facets."""
    found = session.facets(job, asked.selection)
    return FacetCounts({name: tuple(rows) for name, rows in found.items()}, session.totals(job, asked.selection))


def totals_of(session: Session, job: Job, asked: TotalsRequest) -> TotalsAnswer:
    """What the samples of a selection come to."""
    return TotalsAnswer(session.totals(job, asked.selection))


def position(session: Session, job: Job, asked: PositionRequest) -> Position:
    """Where a sample is in a view."""
    row = asked.row if asked.id is None else session.row_of(job, asked.id)
    if row is None:
        raise BadInput("Neither a row nor an id was named.")
    return Position(row, session.position(job, asked.view, row))


def sample(session: Session, job: Job, asked: SampleRequest) -> Sample:
    """One sample by its row."""
    found = session.sample(job, asked.row)
    return Sample(found, session.content.locate(asked.row))


def window(session: Session, job: Job, asked: WindowRequest) -> Window:
    """Lines of a sample."""
    return session.windows.window(job, asked.row, asked.first, asked.count)


def text(session: Session, job: Job, asked: TextRequest) -> Text:
    """The text of a sample, piece by piece."""
    return session.windows.text(job, asked.row, asked.start)


def find_line(session: Session, job: Job, asked: FindLineRequest) -> FoundLine:
    """The next line that matches."""
    return FoundLine(
        session.windows.find_line(
            job, asked.row, asked.pattern, asked.line, is_regex=asked.regex, backwards=asked.backwards
        )
    )


def save(session: Session, job: Job, asked: SaveRequest) -> SavedText:
    """Writes the content of a sample into a new file."""
    return handing.save(session, job, asked.row, asked.path, unmasked=asked.unmasked)


def labels(session: Session, job: Job, asked: LabelsRequest) -> Labelled:
    """Lays labels over the index."""
    return session.set_labels(job, asked.labels)


def keys(session: Session, job: Job, asked: KeysRequest) -> Keys:
    """What labels are attached to some rows by."""
    with session.cursor(job) as cursor:
        return Keys(tuple(browse.keys_of_rows(cursor, asked.rows)))


def keys_of_selection(session: Session, job: Job, asked: KeysOfSelectionRequest) -> Keys:
    """What labels are attached to all samples of a selection by."""
    return Keys(tuple(session.keys(job, asked.selection)))


def rows(session: Session, job: Job, asked: RowsRequest) -> Rows:
    """The rows of some ids; an id that is not in the index is left out."""
    with session.cursor(job) as cursor:
        return Rows(tuple(RowOfId(*pair) for pair in browse.rows_of_ids(cursor, asked.ids)))


HANDLERS = (
    describe,
    changes,
    view,
    page,
    facets,
    totals_of,
    position,
    sample,
    window,
    text,
    find_line,
    save,
    labels,
    keys,
    keys_of_selection,
    rows,
)
