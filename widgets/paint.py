"""Style expressions of the theme, such as `$success bold`, as styles ready for segments."""

from rich.style import Style as RichStyle
from textual.style import Style
from textual.widget import Widget


class Paint:
    """Turns style expressions into rich styles on a component's background, and remembers them."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, tuple[str, ...]], RichStyle] = {}

    def clear(self) -> None:
        """Forget every style, because the theme or the state of the widget changed."""
        self._styles.clear()

    def __call__(self, expression: str, *components: str) -> RichStyle:
        """Give the style of an expression over the widget's own style and that of its components."""
        key = (expression, components)
        if (found := self._styles.get(key)) is None:
            base = self._widget.get_visual_style(*components)
            own = self._widget.app.stylesheet.parse_style(expression) if expression else Style.null()
            found = self._styles[key] = (base + own).rich_style
        return found
