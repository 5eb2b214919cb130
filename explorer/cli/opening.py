"""Opens a corpus for a command: where it lies, its index, and the labels over it."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, NoReturn

from explorer.cli.output import complain, say
from explorer.cli.placing import find
from explorer.corpus.workspace import Place
from explorer.errors import Exit, ExplorerError
from explorer.job import Job
from explorer.labels.book import LabelBook
from explorer.open_corpus.records import Labelled
from explorer.open_corpus.session import Session
from explorer.reader.memory import HINT, TITLE, guard


class Opened(NamedTuple):
    """An open corpus."""

    session: Session
    book: LabelBook
    labelled: Labelled


@contextmanager
def opened(path: str, workspace: str | None, *, only_look: bool = True, keeps: bool = False) -> Generator[Opened]:
    """Opens the index of a corpus with the labels that stand.

    With `only_look` no label can be saved; without `keeps` no figure is kept in the workspace.
    """
    place = find(path, workspace)
    session = Session(place, keeps=keeps)
    guarded = guard(_end_for_memory)
    try:
        follow_mix(session, job())
        with opened_book(place, only_look=only_look) as book:
            yield Opened(session, book, lay_labels(session, book))
    finally:
        guarded.set()
        session.close()


def _end_for_memory() -> NoReturn:
    """Ends the command with a sentence before the system ends it without one; what it saved is on disk."""
    complain(TITLE, HINT)
    os._exit(Exit.FAILED)


@contextmanager
def opened_book(place: Place, *, only_look: bool = False) -> Generator[LabelBook]:
    """Opens the labels of a corpus; says at the end where decisions had to be written again."""
    book = LabelBook.open(place.workspace.labels, only_look=only_look)
    try:
        yield book
    finally:
        try:
            book.close()
        finally:
            for sentence in book.take_news():
                say(sentence)


def open_with_labels(place: Place) -> Session:
    """Opens an index with the labels that stand."""
    session = Session(place, keeps=False)
    book = LabelBook.open(place.workspace.labels, only_look=True)
    lay_labels(session, book)
    book.close()
    return session


def follow_mix(session: Session, asks: Job) -> None:
    """Works the clusters out as `mix.toml` says; one that cannot be used is told of where the mix is asked for."""
    from explorer.mixing.mix_file import load_mix

    path = session.place.workspace.mix
    if path.exists():
        with suppress(ExplorerError):
            session.follow(asks, load_mix(path).clusters)


def lay_labels(session: Session, book: LabelBook) -> Labelled:
    """Lays all labels of a book over an index."""
    return session.set_labels(job(), [label.fields for label in book.labels()])


def job(report: Callable[[dict[str, Any]], None] | None = None) -> Job:
    """Returns the job of a command that asks in its own process."""

    return Job() if report is None else Job(report=lambda news: report(dict(news)))
