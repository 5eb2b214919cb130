"""Pages of statistics as text and as Markdown, both made of what the screen draws."""

from collections.abc import Iterable, Iterator, Sequence

from explorer.cli.output import aligned
from explorer.stats.page import Chart, Page, Section
from widgets.numbers import bar, percent
from widgets.visible import visible_line

BAR = 24
SIGNS = {"green": "ok", "amber": "!", "red": "X", "quiet": "", "": ""}


def as_text(page: Page) -> str:
    """Lays a page out for people, bars as blocks."""
    lines = [page.title, "=" * len(page.title)]
    for section in page.sections:
        lines += ["", section.title, *_table(section), *section.words]
    return "\n".join(lines)


def as_markdown(page: Page) -> str:
    """Lays a page out as Markdown; nothing that stands in a corpus is taken for markup."""
    lines = [f"# {page.title}"]
    for section in page.sections:
        lines += ["", f"## {_escaped(section.title)}", ""]
        lines += _markdown_table(_rows(section, with_bars=False))
        lines += [part for text in section.words for part in ("", _escaped(text))]
    return "\n".join(lines)


def _table(section: Section) -> list[str]:
    rows = _rows(section, with_bars=True)
    return aligned(rows, right=range(1, len(rows[0]))).split("\n") if rows else []


def _rows(section: Section, *, with_bars: bool) -> list[tuple[str, ...]]:
    """Returns the head and the lines of a section, all equally long."""
    chart = section.chart
    if chart is not None and not section.rows and chart.kind in ("heat", "bars"):
        return _heat(chart) if chart.kind == "heat" else _bars_alone(chart)
    if not section.rows:
        return []
    bars = _bars(section) if with_bars else {}
    has_levels = any(SIGNS[row.level] for row in section.rows)
    rows = [section.heads + (("",) if bars else ()) + (("",) if has_levels else ())]
    for number, row in enumerate(section.rows):
        own = (bars[number],) if bars else ()
        rows.append((*row.cells, *own, *((SIGNS[row.level],) if has_levels else ())))
    width = max(map(len, rows))
    return [(*row, *[""] * (width - len(row))) for row in rows]


def _bars(section: Section) -> dict[int, str]:
    """Draws the bars of a single group; several side by side are figures enough."""
    chart = section.chart
    if chart is None or chart.kind != "bars" or len(chart.series) != 1 or len(chart.labels) != len(section.rows):
        return {}
    values = [value or 0 for value in chart.series[0]]
    longest = max(values, default=0) or 1
    return {number: bar(value / longest, BAR) for number, value in enumerate(values)}


def _heat(chart: Chart) -> list[tuple[str, ...]]:
    return [
        ("", *chart.columns),
        *(
            (label, *("–" if value is None else percent(value) if value else "·" for value in values))
            for label, values in zip(chart.labels, chart.series, strict=True)
        ),
    ]


def _bars_alone(chart: Chart) -> list[tuple[str, ...]]:
    return [
        ("", *chart.names),
        *(
            (label, *("–" if series[number] is None else f"{series[number]:,.4g}" for series in chart.series))
            for number, label in enumerate(chart.labels)
        ),
    ]


def _markdown_table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        head, *lines = rows
        yield _markdown_row(head)
        yield f"|{'---|'}{'---:|' * (len(head) - 1)}"
        yield from map(_markdown_row, lines)


def _markdown_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    """Shows a text in one line, with a backslash before every mark that Markdown or HTML could act on."""
    shown = visible_line(text, 2_000).replace("\\", "\\\\").replace("://", "\\://").replace("www.", "www\\.")
    return "".join(f"\\{mark}" if mark in "`*_{}[]<>#|~&$@" else mark for mark in shown)
