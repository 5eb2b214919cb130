"""The tones of a line, character by character, and the segments they make."""

from collections.abc import Sequence
from itertools import groupby

from rich.segment import Segment
from rich.style import Style

from widgets.highlighting import Spans
from widgets.paint import Paint
from widgets.visible import Shown

Tone = tuple[str, tuple[str, ...]]
"""A style expression and the component styles beneath it."""


def tones_of(shown: Shown, spans: Spans, components: tuple[str, ...] = ()) -> list[Tone]:
    """Give each character of a shown line its syntax colour, over the components that lie beneath the whole line."""
    tones: list[Tone] = [("", components)] * len(shown.text)
    for start, end, style in spans:
        tint(tones, shown.place(start), shown.place(end), (style, components))
    for start, end in shown.tabs:
        tint(tones, start, end, ("$foreground 25%", components))
    for start, end in shown.escapes:
        tint(tones, start, end, ("reverse", components))
    return tones


def tint(tones: list[Tone], start: int, end: int, tone: Tone) -> None:
    """Give some characters another tone."""
    tones[start:end] = [tone] * max(0, min(end, len(tones)) - start)


def segments_of(
    text: str, tones: Sequence[Tone], paint: Paint, selected: range = range(0), selection: Style | None = None
) -> list[Segment]:
    """Join the characters of one tone to segments, with the style of a selection over those that are selected."""
    segments: list[Segment] = []
    keys = ((tone, offset in selected) for offset, tone in enumerate(tones))
    start = 0
    for ((expression, components), is_selected), group in groupby(keys):
        end = start + sum(1 for _ in group)
        style = paint(expression, *components)
        segments.append(Segment(text[start:end], style + selection if is_selected and selection else style))
        start = end
    return segments
