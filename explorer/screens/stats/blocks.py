"""A page of statistics as the blocks that a screen draws."""

from collections.abc import Sequence
from dataclasses import replace

from explorer.stats.page import Chart, Page, Row, Section
from widgets.numbers import percent
from widgets.page_column import SERIES, Block, TableLine
from widgets.plot_view import Curve, Plot

TIER_COLOURS = {"tier 1": "success", "tier 2": "primary", "tier 3": "warning", "tier 4": "error"}


def blocks_of(page: Page) -> tuple[Block, ...]:
    """Returns the blocks of a page, one a section."""
    names = [group.name for group in page.groups]
    colours = colours_of(names) or SERIES
    return tuple(replace(_block(section, names, colours), colours=colours) for section in page.sections)


def colours_of(names: Sequence[str]) -> tuple[str, ...]:
    """Returns a colour of the theme for each group, for tiers that which they have everywhere."""
    own = {name: TIER_COLOURS[name] for name in names if name in TIER_COLOURS} if len(names) > 1 else {}
    free = iter([colour for colour in SERIES if colour not in own.values()])
    return tuple(own.get(name) or next(free, SERIES[0]) for name in names)


def filter_at(page: Page, block: int, line: int, column: int) -> tuple[str, int] | None:
    """Returns the filter behind a line and which group it is of; None where it stands for no samples."""
    section = page.sections[block]
    if not section.rows and section.chart is not None and section.chart.kind == "heat":
        found = section.chart.filters[line][column]
        names = [group.name for group in page.groups]
        group = names.index(section.chart.names[0]) if section.chart.names[0] in names else 0
        return (found, group) if found is not None else None
    row = section.rows[line]
    if row.filter is None or not page.groups:
        return None
    own = _own_group(section, row, [group.name for group in page.groups])
    return row.filter, column if own is None else own


def _own_group(section: Section, row: Row, names: Sequence[str]) -> int | None:
    """Returns the one group that a line is of; None where it has a column for each of several."""
    if len(names) == 1:
        return 0
    if len(section.heads) == len(names) + 1 and section.heads[1:] == tuple(names):
        return None
    titled = [number for number, name in enumerate(names) if section.title.endswith(f": {name}")]
    named = [number for number, name in enumerate(names) if row.cells[0] == name]
    return (titled or named or [0])[0]


def samples_at(page: Page, block: int, line: int, group: int) -> int | None:
    """Returns how many samples of a group a line stands for, where the line says so."""
    rows = page.sections[block].rows
    counts = rows[line].counts if line < len(rows) else ()
    return counts[group] if group < len(counts) else None


def _block(section: Section, names: Sequence[str], colours: Sequence[str]) -> Block:
    chart = section.chart
    if chart is not None and chart.kind == "heat" and not section.rows:
        return Block(section.title, ("", *chart.columns), tuple(_map_lines(chart)), None, section.words)
    plot = _plot(chart, colours) if chart is not None and chart.kind == "curves" else None
    bars = chart if chart is not None and chart.kind == "bars" else None
    is_inline = bars is not None and bars.labels == tuple(row.cells[0] for row in section.rows)
    lines = [
        _line(section, row, names, _bars(bars, number) if is_inline else ()) for number, row in enumerate(section.rows)
    ]
    is_series = len(names) > 1 and section.heads[1:] == tuple(names)
    apart = bars if bars is not None and not is_inline else None
    return Block(
        section.title,
        section.heads,
        tuple(lines),
        plot,
        section.words,
        bars=_bars_apart(apart),
        bars_title=apart.title if apart is not None else "",
        has_series=is_series,
    )


def _bars_apart(chart: Chart | None) -> tuple[TableLine, ...]:
    """Returns the lines of a chart whose bars are not those of the table's own lines."""
    if chart is None:
        return ()
    return tuple(
        TableLine(
            (label, *("–" if series[number] is None else f"{series[number]:.2f}" for series in chart.series)),
            bars=_bars(chart, number),
        )
        for number, label in enumerate(chart.labels)
    )


def _line(section: Section, row: Row, names: Sequence[str], bars: tuple[float | None, ...]) -> TableLine:
    many = len(names) if _own_group(section, row, names) is None else 1
    choices = (True,) * many if row.filter is not None and names else ()
    narrow = tuple(cell.split()[-1] if cell.endswith("%") else cell for cell in row.cells[1:])
    is_shorter = len(names) > 1 and narrow != row.cells[1:]
    return TableLine(row.cells, choices, bars, level=row.level, narrow=(row.cells[0], *narrow) if is_shorter else ())


def _bars(chart: Chart | None, number: int) -> tuple[float | None, ...]:
    """Returns the bars of a line as shares of the longest bar."""
    if chart is None:
        return ()
    longest = max((value or 0 for series in chart.series for value in series), default=0) or 1
    return tuple(None if series[number] is None else (series[number] or 0) / longest for series in chart.series)


def _map_lines(chart: Chart) -> list[TableLine]:
    most = max((value or 0 for line in chart.series for value in line), default=0) or 1
    return [
        TableLine(
            (label, *("–" if value is None else percent(value) if value else "·" for value in values)),
            tuple(found is not None for found in found_line),
            tints=tuple(None if value is None else value / most for value in values),
        )
        for label, values, found_line in zip(chart.labels, chart.series, _filters(chart), strict=True)
    ]


def _filters(chart: Chart) -> Sequence[tuple[str | None, ...]]:
    return chart.filters or tuple((None,) * len(line) for line in chart.series)


def _plot(chart: Chart, colours: Sequence[str]) -> Plot:
    """Draws a group in its own colour; where there are other curves than groups, each in one of its own."""
    own = colours if len(chart.curves) <= len(colours) else SERIES
    curves = tuple(
        Curve(curve.label, own[number % len(own)], curve.points, curve.low, curve.high)
        for number, curve in enumerate(chart.curves)
    )
    return Plot(curves, chart.limits, chart.title)
