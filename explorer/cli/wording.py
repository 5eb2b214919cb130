"""Sentences that several commands print."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from widgets.numbers import count, counted

if TYPE_CHECKING:
    from explorer.open_corpus.session import Session

MOST_NAMED = 5
"""Columns that are named for one reason."""
_TIERS = "a tier is 1, 2, 3 or 4"
_WHY = {
    "id": "ids repeat or are missing, so samples have ids of their own",
    "tier": _TIERS,
    "origin": "an origin is human, synthetic, mixed or unknown",
    "created": "it is no date",
}


def gap_lines(not_kept: Iterable[Mapping[str, Any]], unread: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yields a line for each column that the index does not keep, and for each field with values that were not read."""
    by_reason: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for lost in not_kept:
        by_reason[lost["reason"]].append(lost)
    for reason, columns in by_reason.items():
        for lost in columns[:MOST_NAMED]:
            where = f" ({lost['file']}{_more(lost['files'])})" if lost["file"] else ""
            yield f"not kept  {lost['column']}: {reason}{where}"
        if len(columns) > MOST_NAMED:
            yield f"not kept  {counted(len(columns) - MOST_NAMED, 'more column')}: {reason}; --json names them"
    for field in unread:
        reason = _WHY.get(field["field"], f"it cannot be read as {field['field']}")
        yield (
            f"not read  {field['field']} of {counted(field['samples'], 'sample')}, as {field['example']!r}: {reason}; "
            f"kept as {field['column']}"
        )


def wiped_lines(session: "Session") -> list[str]:
    """Returns a line for each tier, language, repository and origin that near-duplicates cost most of its tokens."""
    from explorer.cli.opening import job
    from explorer.mixing.losses import Loss, wiped_words
    from queries.clusters import standing_losses

    with session.cursor(job()) as cursor:
        losses = [Loss.of(row) for row in standing_losses(cursor)]
    return wiped_words([loss for loss in losses if loss.is_wiped])


def _more(files: int) -> str:
    return f" and {count(files - 1)} more" if files > 1 else ""
