"""Asks the reader typed questions: a request in, its answer out."""

from collections.abc import Callable
from typing import TypeVar

from explorer.api.requests import ProgressReport, Request, from_json, to_json
from explorer.reader.client import Reader

Answer = TypeVar("Answer")


async def call(
    client: Reader,
    request: Request[Answer],
    *,
    channel: str | None = None,
    on_progress: Callable[[ProgressReport], None] | None = None,
) -> Answer:
    """Returns the answer to a request.

    `channel` takes the place of the request's own, for a question that must not supersede another of its kind. Raises
    what `Reader.ask` raises, and msgspec.ValidationError where the other side answers in another form.
    """
    found = await client.ask(
        request.wire_name,
        lane=channel or request.wire_channel,
        deadline=request.wire_seconds,
        on_progress=None if on_progress is None else lambda news: on_progress(from_json(news, ProgressReport)),
        **to_json(request),
    )
    return from_json(found, request.wire_answer)
