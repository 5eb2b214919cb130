"""One of the two texts of a comparison, and how its lines are marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from widgets.diff_rows import DiffLine
from widgets.diff_rows import Spans as Places
from widgets.highlighting import COLUMNS_LEXED, Spans
from widgets.tones import Tone, tint, tones_of
from widgets.visible import Shown, shown_line

SAME = ("", "")
CHANGED = ("~", "$text-warning bold")


@dataclass
class DiffSide:
    """A text with its title and its syntax colours."""

    is_left: bool
    sign: str
    colour: str
    component: str
    lines: Sequence[str] = ()
    title: str = ""
    spans: tuple[Spans, ...] = ()

    def show(self, lines: Sequence[str], title: str) -> None:
        """Take another text; its colours come later."""
        self.lines, self.title, self.spans = lines, title, ()

    def of(self, line: DiffLine) -> tuple[int | None, Places]:
        """Give the number that a compared line has on this side, and its changed words."""
        return (line.left, line.left_spans) if self.is_left else (line.right, line.right_spans)

    def components(self, line: DiffLine) -> tuple[str, ...]:
        """Give the component styles beneath a line."""
        return () if line.kind == "same" else (self.component,)

    def sign_of(self, line: DiffLine, has_both: bool) -> tuple[str, str]:
        """Give the sign beside a line and its style; one column has a row for each side of a changed line."""
        if line.kind == "same":
            return SAME
        return CHANGED if line.kind == "changed" and has_both else (self.sign, self.colour)

    def shown(self, number: int) -> Shown:
        """Give a line as a terminal may show it; a line that is not here is empty."""
        return shown_line(self.lines[number - 1] if number <= len(self.lines) else "", columns=COLUMNS_LEXED)

    def tones(self, line: DiffLine, number: int, shown: Shown) -> list[Tone]:
        """Give each character of a line its tone: syntax colours, and the words that changed over them."""
        tones = tones_of(shown, self.spans[number - 1] if number <= len(self.spans) else (), self.components(line))
        _, places = self.of(line)
        for start, end in places:
            tint(tones, shown.place(start), shown.place(end), ("", (f"{self.component}-word",)))
        for start, end in shown.escapes:
            tint(tones, start, end, ("reverse", tones[start][1]))
        return tones
