"""Charts drawn in the colours of the theme: curves by plotext, with bands where they have some."""

from collections.abc import Callable, Sequence
from math import ceil, floor, log10
from typing import Any, NamedTuple

from rich.text import Text
from textual.color import Color
from textual.widget import Widget

_THEME = "corpus"
LEAST_WIDTH, LEAST_HEIGHT = 24, 6
TICKS = 5
"""Ticks of an axis, more or less, where there is room."""
FRAME = 5
"""Lines that the title, the frame and the ticks take."""

Colours = Callable[[str], str]
"""Gives a colour of the theme by its name."""


class Curve(NamedTuple):
    """A line through points, in a colour of the theme by its name (`success`), with a band around it."""

    label: str
    colour: str
    points: Sequence[tuple[float, float]]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


class Plot(NamedTuple):
    """Some curves over one axis, from `limits[0]` to `limits[1]`, with a line that stands at `mark`."""

    curves: tuple[Curve, ...]
    limits: tuple[float, float]
    title: str = ""
    mark: float | None = None
    has_legend: bool = True
    """Whether the curves are named inside the chart."""


class PlotView(Widget):
    """Shows some curves over one axis; nothing while there are none or where there is no room."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plot = Plot((), (0.0, 1.0))

    def show(
        self, curves: Sequence[Curve], limits: tuple[float, float], *, title: str = "", mark: float | None = None
    ) -> None:
        """Show other curves from `limits[0]` to `limits[1]`, with a line that stands at `mark`."""
        self._plot = Plot(tuple(curves), limits, title, mark)
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw anew in other colours."""
        super().notify_style_update()
        self.refresh()

    def render(self) -> Text:
        """Draw the chart as large as the widget is."""
        width, height = self.content_size
        return draw(self._plot, width, height, self.app.theme_variables.__getitem__)


def draw(plot: Plot, width: int, height: int, colours: Colours) -> Text:
    """Draw curves into so many cells; nothing where there are none or where there is no room."""
    if not plot.curves or width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return Text("")
    import plotext

    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, height)
    _take_theme(plotext, plot, colours)
    figure.theme(_THEME)
    _draw(figure, plot, max(min(TICKS, (height - FRAME + (not plot.title)) // 2), 1))
    return Text.from_ansi(str(figure.build().string()))


def _draw(figure: Any, plot: Plot, ticks: int) -> None:
    for curve in plot.curves:
        places = [x for x, _ in curve.points]
        signal = figure.signal(places, [y for _, y in curve.points]).lines()
        figure.draw(signal.label(curve.label) if plot.has_legend else signal)
    for edge in _edges(plot):
        figure.draw(figure.signal([x for x, _ in edge], [y for _, y in edge], marker="·").lines())
    low, high = _heights(plot, ticks)
    if plot.mark is not None:
        figure.draw(figure.signal([plot.mark, plot.mark], [low, high], marker="│").lines())
    _rule(figure.ruler("x"), *plot.limits, TICKS)
    _rule(figure.ruler("y"), low, high, ticks)
    if plot.title:
        figure.title(plot.title)


def _edges(plot: Plot) -> list[list[tuple[float, float]]]:
    """Give the edges of the bands, in the order in which they are drawn."""
    return [
        [(x, y) for (x, _), y in zip(curve.points, edge, strict=True)]
        for curve in plot.curves
        for edge in (curve.low, curve.high)
        if edge
    ]


def _heights(plot: Plot, ticks: int) -> tuple[float, float]:
    """Give the round numbers between which all curves and bands lie, nought among them."""
    values = [y for curve in plot.curves for y in (*(y for _, y in curve.points), *curve.low, *curve.high)]
    low, high = min(0.0, *values), max(0.0, *values)
    if low == high:
        return 0.0, 1.0
    step = round_step(high - low, ticks)
    return step * floor(low / step + 1e-9), step * ceil(high / step - 1e-9)


def _rule(ruler: Any, low: float, high: float, many: int) -> None:
    ruler.lim(low, high)
    ticks = round_ticks(low, high, many)
    ruler.ticks(ticks, [f"{tick:g}" for tick in ticks])


def round_step(span: float, many: int = TICKS) -> float:
    """Give a step of 1, 2, 2.5, 5 or 10 times a power of ten that divides a span into so many parts or fewer."""
    least = span / many
    power = 10.0 ** floor(log10(least)) if least > 0 else 1.0
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * 0.999)


def round_ticks(low: float, high: float, many: int = TICKS) -> list[float]:
    """Give the round numbers between two, so many steps apart or fewer."""
    step = round_step(high - low, many)
    first = ceil(low / step - 1e-9)
    return [round(step * number, 12) for number in range(first, floor(high / step + 1e-9) + 1)]


def _take_theme(plotext: Any, plot: Plot, colours: Colours) -> None:
    paper, ink = _rgb(colours("surface")), _rgb(colours("foreground"))
    lines = [_rgb(colours(curve.colour)) for curve in plot.curves]
    bands = [_rgb(colours(curve.colour)) for curve in plot.curves for edge in (curve.low, curve.high) if edge]
    plotext.add_theme(_THEME, canvas=paper, text=(ink, paper), sequence=[*lines, *bands, ink])


def _rgb(colour: str) -> tuple[int, int, int]:
    return Color.parse(colour).rgb
