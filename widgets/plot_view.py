"""A chart of curves drawn by plotext in the colours of the theme."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from rich.text import Text
from textual.color import Color
from textual.widget import Widget

_THEME = "corpus"
LEAST_WIDTH, LEAST_HEIGHT = 24, 6


class Curve(NamedTuple):
    """A line through points, in a colour of the theme by its name (`success`)."""

    label: str
    colour: str
    points: Sequence[tuple[float, float]]


class PlotView(Widget):
    """Shows some curves over one axis; nothing while there are none or where there is no room."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._curves: tuple[Curve, ...] = ()
        self._limits = (0.0, 1.0)
        self._mark: float | None = None
        self._title = ""

    def show(
        self, curves: Sequence[Curve], limits: tuple[float, float], *, title: str = "", mark: float | None = None
    ) -> None:
        """Show other curves from `limits[0]` to `limits[1]`, with a line that stands at `mark`."""
        self._curves, self._limits, self._title, self._mark = tuple(curves), limits, title, mark
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw anew in other colours."""
        super().notify_style_update()
        self.refresh()

    def render(self) -> Text:
        """Draw the chart as large as the widget is."""
        width, height = self.content_size
        if not self._curves or width < LEAST_WIDTH or height < LEAST_HEIGHT:
            return Text("")
        import plotext

        plotext.terminal.limit(False, False)
        figure = plotext.figure
        figure.clear()
        figure.plot_size(width, height)
        self._take_theme(plotext)
        figure.theme(_THEME)
        self._draw(figure)
        return Text.from_ansi(str(figure.build().string()))

    def _draw(self, figure: Any) -> None:
        for curve in self._curves:
            places, heights = [x for x, _ in curve.points], [y for _, y in curve.points]
            figure.draw(figure.signal(places, heights).lines().label(curve.label))
        if self._mark is not None:
            top = max((y for curve in self._curves for _, y in curve.points), default=1.0)
            figure.draw(figure.signal([self._mark, self._mark], [0, top], marker="│").lines())
        low, high = self._limits
        ruler = figure.ruler("x")
        ruler.lim(low, high)
        ticks = [low + (high - low) * step / 5 for step in range(6)]
        ruler.ticks(ticks, [f"{tick:g}" for tick in ticks])
        figure.title(self._title)

    def _take_theme(self, plotext: Any) -> None:
        variables = self.app.theme_variables
        paper, ink = _rgb(variables["surface"]), _rgb(variables["foreground"])
        colours = [_rgb(variables[curve.colour]) for curve in self._curves] + [ink]
        plotext.add_theme(_THEME, canvas=paper, text=(ink, paper), sequence=colours)


def _rgb(colour: str) -> tuple[int, int, int]:
    return Color.parse(colour).rgb
