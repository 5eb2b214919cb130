"""The page on style: how a group is written beside human code, and whether it varies as much."""

import math
from collections.abc import Mapping, Sequence

from explorer.columns import BY_NAME
from explorer.diversity.comparison import SPREAD
from explorer.diversity.levels import judge
from explorer.diversity.names import CONVENTIONS
from explorer.diversity.styling import PARADIGMS
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.stats.against import NOTHING_PINNED, Beside, Compared, basis, compared
from explorer.stats.diversity import TOO_SMALL
from explorer.stats.jobs import PageWish
from explorer.stats.page import Chart, Curve, GroupFigures, Metric, Page, Row, Section
from widgets.numbers import percent


def stored(name: str) -> tuple[str, str]:
    """Returns a signal of the index as an axis."""
    return name, BY_NAME[name].title


AXES: Mapping[str, Sequence[tuple[str, str]]] = {
    "Verbosity": (
        ("tokens_per_statement", "tokens a statement"),
        ("name_length", "bytes a name"),
        ("comment_bytes_per_line", "comment bytes a line of code"),
    ),
    "Documentation": (
        stored("comment_share"),
        stored("reasoned_comment_share"),
        stored("documented_share"),
    ),
    "Defensive style": (
        stored("handlers_per_100"),
        stored("specific_handler_share"),
        stored("handled_share"),
        stored("guards_per_function"),
    ),
    "Layout": (
        ("indent_width", "width of an indent"),
        ("tab_share", "lines indented by tabs"),
        ("blank_line_share", "blank lines"),
        ("line_length_p50", "length of lines, median"),
        ("line_length_p90", "length of lines, 90 %"),
        ("double_quote_share", "double quotes"),
        ("trailing_comma_share", "trailing commas"),
        ("own_line_brace_share", "braces on their own line"),
        ("imports_together_share", "imports that stand together"),
    ),
    "Naming": (("single_letter_share", "names of one letter"), ("short_name_share", "names of two or three")),
    "Legacy and integration": (
        stored("stale_density"),
        stored("third_party_imports"),
    ),
    "Paradigm": (
        ("object_oriented_share", "object-oriented"),
        ("functional_share", "functional"),
        ("procedural_share", "procedural"),
    ),
}
"""The axes of style by kind, and what they are called."""
DENSITIES = {
    "comment_bytes_per_line": "Comment bytes a line of code",
    "name_length": "Bytes a name",
    "line_length_p90": "Length of lines, 90 %",
    "tokens_per_statement": "Tokens a statement",
}
SPREAD_WORDS = (
    "Spread is the range between quartiles here by that of human code: style has narrowed where it is small, even if "
    "the middle is right. Amber below 0.75 and outside the human range.",
)


def build(session: Session, job: Job, wish: PageWish) -> Page:
    """Builds the page; long, cancellable, and kept for the next time."""
    with compared(session, job, wish) as found:
        if found is None:
            return Page("style", "Style", (), (NOTHING_PINNED,))
        sections = [Section("On what it rests", words=basis(found))]
        sections += [each for each in (_paradigms(found), _conventions(found)) if each is not None]
        sections += [_axes(found, title, axes) for title, axes in AXES.items()]
        sections += _densities(found)
        return Page("style", "Style", tuple(_figures(found, beside) for beside in found.groups), tuple(sections))


def _names(found: Compared) -> tuple[str, ...]:
    return (*(beside.group.name for beside in found.groups), found.reference)


def _paradigms(found: Compared) -> Section | None:
    """Mean shares, and by how many paradigms the texts are led."""
    known = [beside.comparison.paradigms for beside in found.groups]
    if not all(known):
        return None
    columns = [*([one for one, _ in each] for each in known), [other for _, other in known[0]]]
    rows = [Row((name, *(_share(column[place]) for column in columns))) for place, name in enumerate(PARADIGMS)]
    led = ", ".join(f"{name} {_number(column[-1])}" for name, column in zip(_names(found), columns, strict=True))
    series = tuple(tuple(_known(value) for value in column[: len(PARADIGMS)]) for column in columns)
    words = (f"How many paradigms lead the texts, as if equally often (Hill 1): {led}.",)
    chart = Chart("bars", "Paradigms", PARADIGMS, _names(found), series)
    return Section("Paradigms", ("mean share", *_names(found)), tuple(rows), chart, words)


def _conventions(found: Compared) -> Section | None:
    known = [beside.comparison.conventions for beside in found.groups]
    if not all(known):
        return None
    columns = [*([one for one, _ in each] for each in known), [other for _, other in known[0]]]
    rows = tuple(Row((name, *(_share(column[place]) for column in columns))) for place, name in enumerate(CONVENTIONS))
    chart = Chart("bars", "Names", CONVENTIONS, _names(found), tuple(tuple(column) for column in columns))
    words = ("Of distinct names at the same number of tokens. Habits change with the years: mind the baseline's date.",)
    return Section("How names are written", ("of distinct names", *_names(found)), rows, chart, words)


def _axes(found: Compared, title: str, axes: Sequence[tuple[str, str]]) -> Section:
    if len(found.groups) == 1:
        rows = [_row(found, found.groups[0], name, told) for name, told in axes]
        return Section(title, ("", "here", "human", "spread", "95 %", "human range", "level"), tuple(rows))
    rows = [Row((told, *(_cell(found, beside, name) for beside in found.groups))) for name, told in axes]
    return Section(f"{title}: median, spread", ("", *_names(found)[:-1]), tuple(rows))


def _row(found: Compared, beside: Beside, name: str, told: str) -> Row:
    ours, theirs = beside.comparison.axes.get(name, ((), ()))
    figure = beside.comparison.figures.get(SPREAD + name)
    if not ours or not theirs or figure is None:
        return Row((told, *("–",) * 5, TOO_SMALL if beside.comparison.too_small else "not measured"), None, "quiet")
    level = judge(SPREAD + name, figure) if found.judges else ""
    why = "does not vary" if math.isnan(figure.against) else level or "context"
    return Row(
        (
            told,
            _number(ours[2]),
            _number(theirs[2]),
            _number(figure.against),
            _between(figure.low, figure.high),
            _between(figure.null_low, figure.null_high),
            why,
        ),
        None,
        level or "quiet",
    )


def _cell(found: Compared, beside: Beside, name: str) -> str:
    ours, theirs = beside.comparison.axes.get(name, ((), ()))
    figure = beside.comparison.figures.get(SPREAD + name)
    if not ours or not theirs or figure is None:
        return "–"
    level = judge(SPREAD + name, figure) if found.judges else ""
    return f"{_number(ours[2])} ({_number(theirs[2])}) ×{_number(figure.against)} {level}".rstrip()


def _densities(found: Compared) -> list[Section]:
    sections: list[Section] = []
    for name, title in DENSITIES.items():
        curves = [
            Curve(beside.group.name, tuple(zip(middles, (100 * share for share in ours), strict=True)))
            for beside in found.groups
            for middles, ours, _ in [beside.comparison.densities.get(name, ((), (), ()))]
        ]
        middles, _, human = found.groups[0].comparison.densities.get(name, ((), (), ()))
        if not middles:
            continue
        curves.append(Curve(found.reference, tuple(zip(middles, (100 * share for share in human), strict=True))))
        chart = Chart("curves", "% of the samples", curves=tuple(curves), limits=(0.0, _edge(middles)))
        sections.append(Section(title, chart=chart))
    return sections


def _edge(middles: Sequence[float]) -> float:
    return middles[-1] + middles[0]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _share(value: float) -> str:
    return "–" if math.isnan(value) else percent(value)


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def _between(low: float, high: float) -> str:
    return "–" if math.isnan(low) else f"{low:.2f} … {high:.2f}"


def _figures(found: Compared, beside: Beside) -> GroupFigures:
    metrics: dict[str, Metric] = {}
    for name, (ours, theirs) in beside.comparison.axes.items():
        figure = beside.comparison.figures[SPREAD + name]
        level = judge(SPREAD + name, figure) if found.judges else ""
        known = [_known(each) for each in (ours[2], theirs[2], figure.against, figure.low, figure.high)]
        metrics[name] = Metric(*known, level=level)
    totals = beside.totals
    return GroupFigures(beside.group.name, beside.group.wish.filter, totals.samples, totals.tokens, metrics)
