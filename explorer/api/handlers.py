"""The functions that answer requests, by the name of the request, as the reader process runs them."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_type_hints

import msgspec

from explorer.api.requests import Request, from_json, to_json
from explorer.errors import BadInput
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.reader.serve import JobFunction

Handler = Callable[[Session, Job, Any], Any]
"""Answers one kind of request: `def page(session, job, asked: PageRequest) -> PageRows`."""


def request_of(handler: Handler) -> type[Request[Any]]:
    """Returns the type of request that a handler answers, which is that of its argument `asked`."""
    return get_type_hints(handler)["asked"]


def jobs_of(session: Session, handlers: Iterable[Handler]) -> dict[str, JobFunction]:
    """Returns the jobs of one open index by name: each reads its request, calls its handler and writes the answer."""
    return dict(_job_of(session, handler) for handler in handlers)


def _job_of(session: Session, handler: Handler) -> tuple[str, JobFunction]:
    kind = request_of(handler)

    def run(job: Job) -> dict[str, Any]:
        try:
            asked = from_json(job.args, kind)
        except msgspec.ValidationError as error:
            title = f"The request {kind.wire_name!r} does not fit: {error}."
            raise BadInput(title, "Use the same version on both sides.") from None
        return to_json(handler(session, job, asked))

    return kind.wire_name, run


def all_handlers() -> Iterator[Handler]:
    """Gives every handler."""
    from explorer.api import browse, clusters, mixes, reasons, stats

    for room in (browse, clusters, mixes, reasons, stats):
        yield from room.HANDLERS
