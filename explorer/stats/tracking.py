"""Measures what an export has drawn beside the baseline, and writes it down, so that a trend can be seen."""

import math
from collections.abc import Iterator, Mapping

from explorer.diversity.comparing import LEAST_UNITS
from explorer.diversity.levels import Level, judge, overall
from explorer.errors import ExplorerError
from explorer.job import Job
from explorer.mixing.mix import Budget, Mix
from explorer.open_corpus.session import Session
from explorer.stats.against import compared
from explorer.stats.baselines import listed
from explorer.stats.diversity import verdict_of
from explorer.stats.groups import Group
from explorer.stats.jobs import PageWish
from explorer.stats.trend import SHOWN, Point, record

MOST_LANGUAGES = 3
"""Languages of the baseline that an export is measured in."""


def track(
    session: Session, job: Job, mix: Mix, stage: str, budget: Budget | None, sha256: str, created: str
) -> dict[str, Level]:
    """Measures an export that has just been written, by drawing it again, in the languages of the latest baseline.

    Returns the verdict of each language that could be judged; nothing where no baseline is pinned. Raises
    ExplorerError where the workspace cannot be written.
    """
    verdicts: dict[str, Level] = {}
    points: list[Point] = []
    group = Group(stage, stage=stage, budget=budget)
    for name, language in _languages(session):
        wish = PageWish("diversity", (group,), name, language)
        with compared(session, job, wish, mix) as found:
            if found is None or found.baseline is None or found.groups[0].comparison.too_small:
                continue
            verdicts[language] = verdict_of(found, found.groups[0])
            figures = found.groups[0].comparison.figures
            points += [
                Point(
                    sha256[:12], created, stage, language, metric, figure.against,
                    figure.low, figure.high, judge(metric, figure), found.baseline.digest,
                )
                for metric, figure in figures.items()
                if metric in SHOWN and not math.isnan(figure.against)
            ]  # fmt: skip
    try:
        record(session.place.workspace, points)
    except OSError as error:
        raise ExplorerError(
            f"The diversity of the export could not be written down: {error.strerror}.", "The export itself is whole."
        ) from error
    return verdicts


def _languages(session: Session) -> Iterator[tuple[str, str]]:
    """The latest baseline with each of its largest languages."""
    for baseline in listed(session.place.workspace)[:1]:
        fit = [name for name, of in baseline.languages.items() if name != "none" and of["samples"] >= LEAST_UNITS]
        yield from ((baseline.name, language) for language in fit[:MOST_LANGUAGES])


def told(verdicts: Mapping[str, Level]) -> str:
    """Says in one sentence how an export stands; empty where nothing was judged."""
    if not verdicts:
        return ""
    each = ", ".join(f"{language} {level}" for language, level in verdicts.items())
    return f"Diversity beside human code: {each} (overall {overall(verdicts) or 'not judged'})."
