"""The lines of a table as strips: the titles, a row, a row that is not here yet, an empty table."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip

from widgets.columns import GAP, GUTTER, Placed, lay, lay_title
from widgets.page_store import Row
from widgets.paint import Paint
from widgets.visible import visible, visible_line


def draw_titles(placed: Sequence[Placed], sort: tuple[str, bool] | None, paint: Paint) -> Strip:
    """Draw the titles, with an arrow at the column that orders the rows."""
    style = paint("", "paged-table--header")
    sorted_style = paint("", "paged-table--header", "paged-table--sorted")
    segments = [Segment(" " * GUTTER, style)]
    for column, _, width in placed:
        is_sorted = sort is not None and sort[0] == column.key
        title = lay_title(column, width, sort)
        segments += [Segment(title, sorted_style if is_sorted else style), Segment(" " * GAP, style)]
    return Strip(segments)


def draw_row(
    row: Row, placed: Sequence[Placed], paint: Paint, components: tuple[str, ...], mark: str, lit_column: int | None
) -> Strip:
    """Draw a row over the component styles of its state, one cell of it lit."""
    segments = [Segment(mark + " " * (GUTTER - 1), paint("", *components, "paged-table--mark"))]
    gap = Segment(" " * GAP, paint(row.style, *components))
    for number, (column, _, width) in enumerate(placed):
        cell = row.cells[number] if number < len(row.cells) else ""
        text, own = (cell, "") if isinstance(cell, str) else cell
        lit = ("paged-table--cell",) if number == lit_column else ()
        style = paint(f"{row.style} {own}".strip(), *components, *lit)
        segments += [Segment(lay(text, width, column.align), style), gap]
    return Strip(segments[:-1])


def draw_missing(placed: Sequence[Placed], paint: Paint, components: tuple[str, ...]) -> Strip:
    """Draw a row whose page is on its way."""
    style = paint("", *components, "paged-table--missing")
    segments = [Segment(" " * GUTTER, style)]
    return Strip([*segments, *(Segment(lay("·", width + GAP, "left"), style) for _, _, width in placed)])


def draw_empty(text: str, y: int, width: int, height: int, paint: Paint) -> Strip:
    """Draw a line of the text that an empty table shows, in its upper third."""
    lines = visible(text).split("\n")
    start = max(0, (height - len(lines)) // 3)
    line = visible_line(lines[y - start], width) if 0 <= y - start < len(lines) else ""
    strip = Strip([Segment(line, paint("", "paged-table--empty"))])
    style = paint("")
    margin = Segment(" " * max(0, (width - strip.cell_length) // 2), style)
    return Strip([margin, *strip]).crop_extend(0, width, style)
