"""Sets the groups of a page beside a human baseline, language by language."""

from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from explorer.diversity.comparison import Comparison
from explorer.exporting.drawing import chosen
from explorer.job import Job
from explorer.mixing.mix import Mix
from explorer.mixing.mix_file import current_mix
from explorer.open_corpus.session import Session
from explorer.stats.baselines import Baseline, laid, listed
from explorer.stats.groups import Group
from explorer.stats.jobs import PageWish
from explorer.stats.measuring import Draw, Measuring, Source, draw
from explorer.stats.page import Section
from queries import diversity as queries
from queries.filters import Filter, facet_clause


@dataclass(frozen=True)
class Beside:
    """One group beside what it is compared with."""

    group: Group
    totals: queries.GroupTotals
    """Of all languages."""
    in_language: queries.GroupTotals
    drawn: Draw
    comparison: Comparison
    filters: tuple[Filter, ...]


@dataclass(frozen=True)
class Compared:
    """All groups of a page beside one baseline, in one language."""

    reference: str
    """Name of what they are compared with."""
    baseline: Baseline | None
    """None where it is only another group."""
    language: str | None
    in_index: int
    """Samples of the reference that are still in the index as they were."""
    groups: tuple[Beside, ...]
    others: tuple[queries.LanguageRow, ...]
    """All languages of the reference, the most tokens first."""

    @property
    def judges(self) -> bool:
        """Whether there is a frozen human baseline to judge by."""
        return self.baseline is not None


UNLIKE = 1.25
"""So many times the samples in the same number of tokens, and it is said what that does to the figures."""

NOTHING_PINNED = Section(
    "No baseline is pinned yet",
    words=(
        "Diversity means nothing by itself: a figure says something beside that of human code, at the same number of "
        "tokens.",
        "Pin a human baseline:  corpus baseline PATH pin NAME \"origin = 'human' and tier <= 2 and "
        "created < '2022-11-30'\"",
        "Or set two groups side by side; the second is then the measure of the first, without a verdict.",
    ),
)


@contextmanager
def compared(session: Session, job: Job, wish: PageWish, mix: Mix | None = None) -> Generator[Compared | None]:
    """Compares the groups of a wish with its baseline, or the one pinned last, or else with the last of the groups.

    None where there is nothing to compare with. Stages are drawn from `mix`, or else from that of the workspace. Long;
    reports `step`, `done`, `of`. Raises BadInput for a baseline that is not there.
    """
    name = wish.baseline or next((each.name for each in listed(session.place.workspace)), None)
    groups = wish.groups
    with ExitStack() as open_:
        if name is not None:
            baseline, filter_ = open_.enter_context(laid(session, job, name))
            reference = Source(f"baseline {name}", (filter_,))
        elif len(groups) > 1:
            baseline = None
            reference = open_.enter_context(_source(session, job, groups[-1], mix))
            groups = groups[:-1]
        else:
            yield None
            return
        yield _compare(session, job, wish, reference, baseline, [
            (group, open_.enter_context(_source(session, job, group, mix))) for group in groups
        ])  # fmt: skip


@contextmanager
def _source(session: Session, job: Job, group: Group, mix: Mix | None) -> Generator[Source]:
    """The samples of a group; those of a stage are drawn as an export would draw them."""
    if group.stage is None:
        yield Source(group.name, tuple(session.filters(job, group.wish)))
        return
    with chosen(session, job, mix or current_mix(session.place.workspace), group.stage, group.budget):
        yield Source(group.name, (queries.drawn(job.scratch),))


def _compare(
    session: Session,
    job: Job,
    wish: PageWish,
    reference: Source,
    baseline: Baseline | None,
    sources: Sequence[tuple[Group, Source]],
) -> Compared:
    with session.cursor(job) as cursor:
        languages = queries.languages(cursor, reference.filters)
    language = wish.language if wish.language is not None else languages[0].language if languages else None
    measuring = Measuring(session, job)
    measure = draw(session, job, reference, language)
    beside: list[Beside] = []
    for group, source in sources:
        narrowed = (*source.filters, facet_clause("language", [language]))
        with session.cursor(job) as cursor:
            totals = queries.group_totals(cursor, source.filters)
            in_language = queries.group_totals(cursor, narrowed)
        drawn = draw(session, job, source, language)
        beside.append(Beside(group, totals, in_language, drawn, measuring.compare(drawn, measure), source.filters))
    in_index = sum(row.samples for row in languages)
    return Compared(reference.name, baseline, language, in_index, tuple(beside), tuple(languages))


def _why_richer(beside: Beside) -> list[str]:
    """Says where a group looks richer than it is because its samples are short."""
    ours, theirs = beside.comparison.held
    if not theirs or ours < UNLIKE * theirs:
        return []
    return [
        f"{beside.group.name}: the same tokens hold {ours:,.0f} samples here and {theirs:,.0f} there. Shorter samples "
        "bring more topics, which raises types and types seen once: set groups of like length side by side."
    ]


def basis(found: Compared) -> tuple[str, ...]:
    """Says on what the figures rest: samples, repositories, tokens, and what weakens the baseline."""
    told = [
        f"Language {found.language or 'none'}, beside {found.reference}"
        + (f" ({found.baseline.digest}, pinned {found.baseline.created[:10]})" if found.baseline else "")
        + "."
    ]
    for each in found.groups:
        of = each.comparison
        told.append(
            f"{each.group.name}: {of.samples:,} of {each.in_language.samples:,} samples in {of.units:,} sources, "
            f"beside {of.baseline_samples:,} in {of.baseline_units:,}; "
            + (f"nothing is judged: {of.too_small}." if of.too_small else f"halves of {of.budget:,} tokens.")
        )
        told += _why_richer(each)
    told.append("A source is a repository; a sample without one stands for itself, with its near-duplicates.")
    if found.baseline is None:
        told.append("It is no frozen human baseline: figures, and no verdict.")
    else:
        told += [f"The baseline is weak: {caveat}." for caveat in found.baseline.caveats(found.language)]
        missing = found.baseline.samples - found.in_index
        if missing:
            told.append(f"{missing:,} of its {found.baseline.samples:,} samples are gone from the corpus or changed.")
    return tuple(told)
