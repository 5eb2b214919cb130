"""The page on diversity and collapse: what is lost at the tails, beside human code, at the same number of tokens."""

import math
from collections.abc import Sequence

from explorer.diversity.comparison import DISTANCES, GAPS, Figure
from explorer.diversity.levels import (
    ALARM,
    LINEAGE_DEPTH,
    NO_VERDICT,
    POLICY,
    SYNTHETIC_SHARES,
    TOP_GENERATOR,
    Level,
    judge,
    judge_value,
    overall,
)
from explorer.diversity.survival import survival, surviving_share
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.stats.against import NOTHING_PINNED, Beside, Compared, basis, compared
from explorer.stats.conditions import is_value
from explorer.stats.jobs import PageWish
from explorer.stats.page import Chart, Curve, GroupFigures, Metric, Page, Row, Section
from explorer.stats.titles import TITLES
from explorer.stats.trend import kept_section, trend_sections
from queries import diversity as queries
from widgets.numbers import count, percent

GENERATORS = ("generator", "model", "model_name", "generated_by", "source_model")
"""Columns of a corpus that may say what wrote a sample."""
DEPTHS = ("lineage_depth", "generation", "generation_depth")
"""Columns that may say how many generations a sample is away from human code."""
CHARTED = ("types", "hapaxes", "tail_cover", "effective_samples", "compression", "self_repetition")
"""What is drawn beside human code; the rest varies too much to be looked at."""
SHOWN_GENERATORS = 8
LITTLE = 0.01
"""Share of a group's tokens below which it does not matter who wrote them."""
GENERATIONS = 5
RARE = (1, 2, 3, 5, 10)
VERDICTS: dict[Level, str] = {
    "green": "nothing narrows beyond what human code does by itself",
    "amber": "it narrows: look at the tails",
    "red": "its tails are cut: do not let it replace human code",
    "": "no verdict",
}
TOO_SMALL = "n too small"


def build(session: Session, job: Job, wish: PageWish) -> Page:
    """Builds the page; long, cancellable, and kept for the next time."""
    with compared(session, job, wish) as found:
        if found is None:
            return Page("diversity", "Diversity & collapse", (), (NOTHING_PINNED, _survival(None)))
        sections = [_verdict(found), _alarm(found), kept_section(session.place.workspace), _context(found)]
        sections += [each for beside in found.groups for each in _sources(session, job, beside)]
        sections += [_mirror(found), *trend_sections(session.place.workspace), _survival(found)]
        return Page(
            "diversity",
            "Diversity & collapse",
            tuple(_figures(found, beside) for beside in found.groups),
            tuple(section for section in sections if section is not None),
        )


def _level(found: Compared, beside: Beside, name: str) -> Level:
    figure = beside.comparison.figures.get(name)
    return judge(name, figure) if figure is not None and found.judges else ""


def verdict_of(found: Compared, beside: Beside) -> Level:
    """Returns the level of the alarms of one group."""
    return overall({name: _level(found, beside, name) for name in ALARM})


def _verdict(found: Compared) -> Section:
    rows = []
    for beside in found.groups:
        level = verdict_of(found, beside)
        why = beside.comparison.too_small
        told = f"{TOO_SMALL}: {why}" if why else VERDICTS[level]
        rows.append(Row((beside.group.name, level or "–", told), _filter(beside), level))
    return Section("Verdict", ("group", "level", ""), tuple(rows), None, (*basis(found), POLICY, NO_VERDICT))


def _filter(beside: Beside) -> str | None:
    return "true" if beside.group.stage is None else None


def _alarm(found: Compared) -> Section:
    heads, rows = _heads(found), [_row(found, name) for name in ALARM]
    rows.append(_shares_row(found))
    words = ("Types and types seen once fall first where tails are cut; averages hide it.",)
    return Section("The alarm", heads, tuple(rows), _chart(found), words)


def _heads(found: Compared) -> tuple[str, ...]:
    if len(found.groups) == 1:
        return ("", "here", "human", "of human", "95 %", "human range", "level")
    return ("", "human", *(beside.group.name for beside in found.groups))


def _row(found: Compared, name: str) -> Row:
    figures = [beside.comparison.figures.get(name) for beside in found.groups]
    levels: list[Level] = [_level(found, beside, name) for beside in found.groups]
    worst = worst_of(levels)
    if len(figures) > 1:
        human = next((_value(name, each.baseline) for each in figures if each is not None), "–")
        cells = (_told(each, name, level) for each, level in zip(figures, levels, strict=True))
        return Row((TITLES[name], human, *cells), None, worst)
    figure = figures[0] if figures else None
    if figure is None:
        return Row((TITLES[name], *("–",) * 5, TOO_SMALL), None, "quiet")
    return Row(
        (
            TITLES[name],
            "–" if name in DISTANCES else _value(name, figure.value),
            "–" if name in DISTANCES else _value(name, figure.baseline),
            _against(name, figure.against),
            _between(name, figure.low, figure.high),
            _between(name, figure.null_low, figure.null_high),
            levels[0] or "context",
        ),
        None,
        levels[0] or "quiet",
    )


def worst_of(levels: Sequence[Level]) -> Level:
    """Returns the worst of some levels; empty of none."""
    order: tuple[Level, ...] = ("red", "amber", "green", "")
    return next(level for level in order if level in levels or not level)


def _told(figure: Figure | None, name: str, level: Level) -> str:
    if figure is None:
        return TOO_SMALL
    between = _between(name, figure.low, figure.high)
    return f"{_against(name, figure.against)} [{between}] {level}".rstrip()


def _value(name: str, value: float) -> str:
    if math.isnan(value):
        return "–"
    if name in ("types", "hapaxes", "chao1", "effective_samples"):
        return count(round(value))
    return percent(value) if name in ("tail_cover", "unseen_mass") else f"{value:.2f}"


def _against(name: str, value: float) -> str:
    if math.isnan(value):
        return "–"
    if name in GAPS:
        return f"{value:+.2f}"
    return f"{value:.3f}" if name in DISTANCES else f"{value:.2f}"


def _between(name: str, low: float, high: float) -> str:
    return "–" if math.isnan(low) else f"{_against(name, low)} … {_against(name, high)}"


def _shares_row(found: Compared) -> Row:
    """Synthetic tokens among those whose origin is known; of a stage by its own limits."""
    shares = [_synthetic_share(beside) for beside in found.groups]
    levels: list[Level] = [
        judge_value(share, SYNTHETIC_SHARES[beside.group.stage or "pre-training"])
        for share, beside in zip(shares, found.groups, strict=True)
    ]
    worst = worst_of(levels)
    told = [("–" if math.isnan(share) else percent(share)) for share in shares]
    if len(told) == 1:
        stage = found.groups[0].group.stage or "pre-training"
        return Row(("synthetic tokens", told[0], "–", "–", "–", "–", f"{levels[0]} ({stage})"), None, levels[0])
    cells = (f"{share} {level}" for share, level in zip(told, levels, strict=True))
    return Row(("synthetic tokens", "–", *cells), None, worst)


def _synthetic_share(beside: Beside) -> float:
    known = beside.totals.human_tokens + beside.totals.synthetic_tokens
    return beside.totals.synthetic_tokens / known if known else math.nan


def _context(found: Compared) -> Section:
    names = [name for name in TITLES if name not in ALARM]
    rows = [_row(found, name) for name in names]
    words = (
        "Context, no alarm: the divergences do not rise where tails are cut; redundancy is bytes by compressed bytes "
        "with a window as long as the text; unlike samples are as many as would be as diverse if all were unlike, "
        "by agreement of MinHash signatures without comments and documentation.",
    )
    near = [f"{beside.group.name} {_near(beside)}" for beside in found.groups]
    return Section("Context", _heads(found), tuple(rows), None, (*words, f"Near-duplicates: {', '.join(near)}."))


def _near(beside: Beside) -> str:
    totals = beside.in_language
    return percent(totals.redundant / totals.samples) if totals.samples else "–"


def _chart(found: Compared) -> Chart | None:
    names = CHARTED
    series = tuple(tuple(_share(beside.comparison.figures.get(name)) for name in names) for beside in found.groups)
    if not any(value is not None for line in series for value in line):
        return None
    return Chart(
        "bars", "times that of human code", tuple(TITLES[name] for name in names),
        tuple(beside.group.name for beside in found.groups), series,
    )  # fmt: skip


def _share(figure: Figure | None) -> float | None:
    return None if figure is None or math.isnan(figure.against) else figure.against


# ---- what wrote it


def _sources(session: Session, job: Job, beside: Beside) -> list[Section]:
    written = next((name for name in GENERATORS if name in session.columns), None)
    depth = next((name for name in DEPTHS if name in session.columns), None)
    found: list[Section] = []
    if written is not None:
        found.append(_generators(session, job, beside, written))
    if depth is not None:
        found.append(_depths(session, job, beside, depth))
    return found


def _generators(session: Session, job: Job, beside: Beside, column: str) -> Section:
    with session.cursor(job) as cursor:
        listed = queries.generators(cursor, beside.filters, column)
    found = [(name, samples, weight) for name, samples, weight in listed if name is not None]
    title = f"What wrote it: {beside.group.name}"
    tokens = sum(row[2] for row in found)
    if not tokens:
        return Section(title, words=(f"The column {column} names no generator here.",))
    is_little = tokens < LITTLE * max(beside.totals.tokens, 1)
    level: Level = "" if is_little else judge_value(found[0][2] / tokens, TOP_GENERATOR)
    rows = tuple(
        Row(
            (name, count(samples), percent(weight / tokens)),
            is_value(column, name) if beside.group.stage is None else None,
            level if place == 0 else "",
        )
        for place, (name, samples, weight) in enumerate(found[:SHOWN_GENERATORS])
    )
    chart = Chart("bars", title, tuple(row.cells[0] for row in rows), (beside.group.name,), (
        tuple(weight / tokens for _, _, weight in found[:SHOWN_GENERATORS]),
    ))  # fmt: skip
    words = (
        f"The foremost generator has {percent(found[0][2] / tokens)} of the tokens whose generator is named; these are "
        f"{percent(tokens / max(beside.totals.tokens, 1))} of all" + (", too little to judge." if is_little else "."),
    )
    return Section(title, ("generator", "samples", "of its tokens"), rows, chart, words)


def _depths(session: Session, job: Job, beside: Beside, column: str) -> Section:
    with session.cursor(job) as cursor:
        found = queries.generators(cursor, beside.filters, column)
    rows = []
    for value, samples, _ in sorted(found, key=lambda row: (row[0] is None, row[0] or "")):
        depth = _number(value)
        rows.append(Row(
            ("unknown" if value is None else value, count(samples)),
            is_value(column, value) if beside.group.stage is None else None,
            judge_value(depth, LINEAGE_DEPTH),
        ))  # fmt: skip
    return Section(f"Generations away from human code: {beside.group.name}", ("depth", "samples"), tuple(rows))


def _number(value: str | None) -> float:
    try:
        return float(value) if value is not None else math.nan
    except ValueError:
        return math.nan


# ---- the human range, and what would survive


def _mirror(found: Compared) -> Section | None:
    figures = found.groups[0].comparison.figures if found.groups else {}
    if not figures:
        return None
    rows = tuple(
        Row(
            (
                TITLES[name],
                _between(name, figures[name].null_low, figures[name].null_high),
                _against(name, figures[name].null),
            )
        )
        for name in TITLES
    )
    words = ("How far one half of the baseline's repositories lies from the other: 90 % of the draws, and the median.",)
    return Section("Human beside human", ("", "range", "median"), rows, None, words)


def _survival(found: Compared | None) -> Section:
    spectrum = found.groups[0].comparison.spectrum if found and found.groups else {}
    generations = range(1, GENERATIONS + 1)
    rows = [
        Row((f"seen {seen} time{'s' if seen > 1 else ''}", *(percent(survival(seen, m)) for m in generations)))
        for seen in RARE
    ]
    if spectrum and found:
        left = (percent(surviving_share(spectrum, m)) for m in generations)
        rows.append(Row((f"all types of {found.groups[0].group.name}", *left)))
    curves = tuple(
        Curve(f"seen {seen}", tuple((float(m), 100 * survival(seen, m)) for m in range(GENERATIONS + 1)))
        for seen in RARE
    )
    chart = Chart("curves", "illustrative: % left after so many generations", curves=curves, limits=(0.0, GENERATIONS))
    words = (
        "Illustrative: if a generator wrote the corpus again at equal size, over and over, each type as often as "
        "chance has it. No forecast of any model.",
    )
    heads = ("a type", *(f"gen {m}" for m in generations))
    return Section("What would be left of rare things", heads, tuple(rows), chart, words)


# ---- for scripts


def _figures(found: Compared, beside: Beside) -> GroupFigures:
    why = beside.comparison.too_small
    metrics: dict[str, Metric] = {
        name: _metric(figure, _level(found, beside, name)) for name, figure in beside.comparison.figures.items()
    }
    if why:
        metrics = {name: Metric(None, why=f"{TOO_SMALL}: {why}") for name in TITLES}
    share = _synthetic_share(beside)
    metrics["synthetic_share"] = Metric(
        None if math.isnan(share) else share,
        level=judge_value(share, SYNTHETIC_SHARES[beside.group.stage or "pre-training"]),
    )
    metrics["verdict"] = Metric(None, level=verdict_of(found, beside), why=why)
    filter_text = beside.group.wish.filter
    return GroupFigures(beside.group.name, filter_text, beside.totals.samples, beside.totals.tokens, metrics)


def _metric(figure: Figure, level: Level) -> Metric:
    known = [None if math.isnan(each) else each for each in figure]
    return Metric(known[0], known[1], known[2], known[3], known[4], level)
