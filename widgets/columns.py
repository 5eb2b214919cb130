"""Columns of a table: their widths, and text laid into them."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from rich.cells import cell_len

from widgets.visible import fit, visible_line

Align = Literal["left", "right", "tail"]
"""Where text stands in a cell; `tail` stands left and, where it is cut, keeps its end, as paths want it."""
GUTTER = 2
GAP = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a flexible one takes the width that the others leave."""

    key: str
    title: str
    width: int
    align: Align = "left"
    flexible: bool = False


class Placed(NamedTuple):
    """A column with the cells it takes, counted from the left edge of the whole row."""

    column: Column
    left: int
    width: int


def place_columns(columns: tuple[Column, ...], width: int) -> tuple[Placed, ...]:
    """Lay columns side by side into a width; they go beyond it where their least widths do not fit."""
    least = GUTTER + sum(column.width + GAP for column in columns) - (GAP if columns else 0)
    flexible = [index for index, column in enumerate(columns) if column.flexible]
    left_over = max(0, width - least)
    placed: list[Placed] = []
    left = GUTTER
    for index, column in enumerate(columns):
        extra = 0
        if index in flexible:
            extra = left_over // len(flexible) + (1 if flexible.index(index) < left_over % len(flexible) else 0)
        placed.append(Placed(column, left, column.width + extra))
        left += column.width + extra + GAP
    return tuple(placed)


def lay(text: str, width: int, align: Align) -> str:
    """Fill exactly `width` cells with any text, made visible, and cut with … where it is longer."""
    shown = fit_tail(visible_line(text), width) if align == "tail" else fit(visible_line(text, width), width)
    padding = " " * (width - cell_len(shown))
    return padding + shown if align == "right" else shown + padding


def fit_tail(shown: str, width: int) -> str:
    """Cut text that is showable already to the cells at its end, with … before them."""
    if cell_len(shown) <= width:
        return shown
    start = len(shown)
    room = width - 1
    while start and (room := room - cell_len(shown[start - 1])) >= 0:
        start -= 1
    return ("…" + shown[start:]) if width else ""


def lay_title(column: Column, width: int, sort: tuple[str, bool] | None) -> str:
    """Lay a column's title with the arrow of its order; the arrow stays where the title is cut."""
    arrow = ""
    if sort is not None and sort[0] == column.key:
        arrow = "▼" if sort[1] else "▲"
    if width < 2:
        return (arrow or column.title[:1]).ljust(width)
    title = fit(visible_line(column.title, width), width - len(arrow)) + arrow
    padding = " " * (width - cell_len(title))
    return padding + title if column.align == "right" else title + padding
