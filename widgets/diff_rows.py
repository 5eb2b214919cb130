"""Lays a comparison out as rows of a view: both sides in one row or below one another, long equal parts folded."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

CONTEXT = 3
"""Equal lines that stay beside a change."""

Spans = Sequence[Sequence[int]]
"""Parts of a line, as the offsets of their first character and of the one after the last."""


class DiffLine(NamedTuple):
    """A line of one text, or a line of each that belong together."""

    kind: str
    """"same", "changed", "removed" or "added"."""
    left: int | None
    """The number of the line in the left text, from 1."""
    right: int | None
    left_spans: Spans = ()
    """The words of a changed line that are not on the right."""
    right_spans: Spans = ()


class DiffRow(NamedTuple):
    """A row of the view."""

    first: int
    """The place of its line among the compared lines."""
    part: Literal["both", "left", "right", "fold"] = "both"
    """Which side of the line it shows; a fold stands for several equal lines."""
    lines: int = 1


class DiffRows(NamedTuple):
    """The rows of a view and where in them each change begins and ends."""

    rows: tuple[DiffRow, ...] = ()
    changes: tuple[range, ...] = ()

    def place_of(self, wanted: DiffRow) -> int:
        """Find where a row of another layout stands in this one: the first row of its line, or the fold it is in."""
        passed = "left" if wanted.part == "right" else None
        rows = enumerate(self.rows)
        places = (place for place, row in rows if row.first + row.lines > wanted.first and row.part != passed)
        return next(places, max(0, len(self.rows) - 1))


def lay_out(lines: Sequence[DiffLine], *, is_side_by_side: bool, is_folded: bool) -> DiffRows:
    """Lay compared lines out; a text without any change is never folded."""
    changes = changes_in(lines)
    rows: list[DiffRow] = []
    spans: list[range] = []
    end = 0
    for change in changes:
        rows += _equal_rows(range(end, change.start), is_folded, is_first=not end, is_last=False)
        start = len(rows)
        rows += _changed_rows(lines, change, is_side_by_side)
        spans.append(range(start, len(rows)))
        end = change.stop
    rows += _equal_rows(range(end, len(lines)), is_folded and bool(changes), is_first=False, is_last=True)
    return DiffRows(tuple(rows), tuple(spans))


def changes_in(lines: Sequence[DiffLine]) -> tuple[range, ...]:
    """Find the parts in which no line is the same on both sides."""
    return tuple(_changes_in(lines))


def _changes_in(lines: Sequence[DiffLine]) -> Iterator[range]:
    start: int | None = None
    for place, line in enumerate(lines):
        if line.kind != "same":
            start = place if start is None else start
        elif start is not None:
            yield range(start, place)
            start = None
    if start is not None:
        yield range(start, len(lines))


def _changed_rows(lines: Sequence[DiffLine], change: range, is_side_by_side: bool) -> list[DiffRow]:
    if is_side_by_side:
        return [DiffRow(place) for place in change]
    left = [DiffRow(place, "left") for place in change if lines[place].left is not None]
    return left + [DiffRow(place, "right") for place in change if lines[place].right is not None]


def _equal_rows(equal: range, is_folded: bool, *, is_first: bool, is_last: bool) -> list[DiffRow]:
    start = equal.start + (0 if is_first else CONTEXT)
    stop = equal.stop - (0 if is_last else CONTEXT)
    if not is_folded or stop - start < 2:
        return [DiffRow(place) for place in equal]
    before, after = range(equal.start, start), range(stop, equal.stop)
    return [*map(DiffRow, before), DiffRow(start, "fold", stop - start), *map(DiffRow, after)]
