"""Groups of samples counted side by side, and the tables and bars made of the counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import duckdb

from explorer.job import Job
from explorer.open_corpus.session import Session, in_words
from explorer.open_corpus.values import shown
from explorer.stats.conditions import MOST_GROUPS, any_of, is_one_of, is_value
from explorer.stats.groups import Group
from explorer.stats.page import Chart, GroupFigures, Level, Metric, Row, Section
from queries import stats
from queries.filters import Filter, FilterError, parse_filter
from queries.rows import Totals
from widgets.numbers import count, percent, short, tokens

MOST_VALUES = 12
"""Values of a column that have a line of their own."""
UNKNOWN = "–"
"""Stands for a figure that is not known."""

By = Literal["samples", "tokens"]


class Pair(NamedTuple):
    """What one group has of a line."""

    samples: int
    tokens: int


NOTHING = Pair(0, 0)


@dataclass(frozen=True)
class Line:
    """A line of counts, one a group."""

    label: str
    filter: str | None
    counts: tuple[Pair, ...]
    level: Level = ""

    @property
    def tokens(self) -> int:
        """Tokens of all groups."""
        return sum(pair.tokens for pair in self.counts)


class Counting:
    """The groups of a page, at most six, and how their samples are counted."""

    def __init__(self, session: Session, job: Job, groups: Sequence[Group]) -> None:
        self.session, self.job = session, job
        self.groups = tuple(groups[:MOST_GROUPS])
        self.names = tuple(group.name for group in self.groups)
        self.filters = [session.filters(job, group.wish) for group in self.groups]
        self.totals: list[Totals] = self.each(lambda cursor, filters: browse_totals(cursor, filters))

    def each(self, ask: Callable[[duckdb.DuckDBPyConnection, Sequence[Filter]], Any]) -> list[Any]:
        """Asks one question of every group."""
        found: list[Any] = []
        for filters in self.filters:
            with self.session.cursor(self.job) as cursor:
                found.append(ask(cursor, filters))
        return found

    def by_value(
        self,
        column: str,
        *,
        name: Callable[[Any], str] | None = None,
        most: int = MOST_VALUES,
        order: Callable[[Any], Any] | None = None,
        only: str = "",
        by: By = "tokens",
    ) -> list[Line]:
        """Counts the values of a column, those with most first or by `order`; those beyond `most` share a line.

        With `only` just the samples that pass that filter are counted.
        """
        extra = self.parsed([only]) if only else []
        found = self.each(lambda cursor, filters: stats.counts(cursor, [*filters, *extra], column))
        tables = [{row.value: Pair(row.samples, row.tokens) for row in rows} for rows in found]
        weights = {
            value: sum(getattr(table.get(value, NOTHING), by) for table in tables)
            for table in tables
            for value in table
        }
        values = sorted(weights, key=lambda value: (-weights[value], value is None, str(value)))
        own = values if len(values) <= most + 1 else values[:most]
        rest = values[len(own) :]
        own.sort(key=order or (lambda value: 0))
        lines = [
            Line(
                (name or name_of)(value),
                both(only, filter_of(column, value)),
                tuple(table.get(value, NOTHING) for table in tables),
            )
            for value in own
        ]
        return [*lines, self._rest(column, own, rest, tables, only)] if rest else lines

    @staticmethod
    def _rest(
        column: str, own: Sequence[Any], rest: Sequence[Any], tables: Sequence[dict[Any, Pair]], only: str
    ) -> Line:
        sums = tuple(
            Pair(
                sum(table.get(value, NOTHING).samples for value in rest),
                sum(table.get(value, NOTHING).tokens for value in rest),
            )
            for table in tables
        )
        known = tuple(value for value in own if value is not None)
        beyond = f"not ({is_one_of(column, known)})"
        if None in rest:
            beyond = any_of(is_value(column, None), beyond)
        return Line(f"{len(rest)} more", both(only, beyond), sums)

    def held(self, lines: Sequence[tuple[str, str]]) -> list[Line]:
        """Counts the samples that pass filters of our own, pairs of label and filter."""
        return [line for line, _ in self.held_clusters(lines)]

    def held_clusters(self, lines: Sequence[tuple[str, str]]) -> list[tuple[Line, tuple[int, ...]]]:
        """Counts like `held`, and for each group of how many clusters the samples are."""
        conditions = self.parsed([text for _, text in lines])
        found = self.each(lambda cursor, filters: stats.held(cursor, filters, conditions))
        return [
            (
                Line(label, text, tuple(Pair(rows[place].samples, rows[place].tokens) for rows in found)),
                tuple(rows[place].clusters for rows in found),
            )
            for place, (label, text) in enumerate(lines)
        ]

    def parsed(self, texts: Sequence[str]) -> list[Filter]:
        """Reads filters as the browse screen reads them."""
        with self.session.cursor(self.job) as cursor:
            try:
                return [parse_filter(cursor, text, self.session.columns) for text in texts]
            except FilterError as error:
                raise in_words(error) from None

    # ---- tables

    def table(
        self,
        title: str,
        what: str,
        lines: Sequence[Line],
        *,
        by: By = "tokens",
        whole: Sequence[int] | None = None,
        share: str = "",
        words: Sequence[str] = (),
    ) -> Section:
        """Lays lines out with their share of each group, or of `whole` where given, and as bars."""
        wholes = whole if whole is not None else [getattr(total, by) for total in self.totals]
        shares = tuple(
            tuple(getattr(line.counts[place], by) / of if of else None for line in lines)
            for place, of in enumerate(wholes)
        )
        if len(self.groups) == 1:
            heads: tuple[str, ...] = (what, "samples", "tokens", share or f"of {by}")
        else:
            heads = (f"{what} ({by})" if what else by, *self.names)
        rows = tuple(
            Row(
                self._cells(line, by, [share[number] for share in shares]),
                line.filter,
                line.level,
                tuple(pair.samples for pair in line.counts) if line.filter is not None else (),
            )
            for number, line in enumerate(lines)
        )
        chart = Chart("bars", title, tuple(line.label for line in lines), self.names, shares) if lines else None
        return Section(title, heads, rows, chart, tuple(words))

    def _cells(self, line: Line, by: By, shares: Sequence[float | None]) -> tuple[str, ...]:
        if len(self.groups) == 1:
            pair, total = line.counts[0], self.totals[0]
            counted = tokens(pair.tokens, total.tokens_exact or not pair.tokens)
            return (line.label, count(pair.samples), counted, share_of(shares[0]))
        return (
            line.label,
            *(
                f"{self._measured(pair, by, total)} {share_of(share):>6}"
                for pair, total, share in zip(line.counts, self.totals, shares, strict=True)
            ),
        )

    @staticmethod
    def _measured(pair: Pair, by: By, total: Totals) -> str:
        if by == "samples":
            return short(pair.samples)
        return tokens(pair.tokens, total.tokens_exact or not pair.tokens)

    def figures(self, metrics: Sequence[dict[str, Metric]]) -> tuple[GroupFigures, ...]:
        """Returns what each group comes to."""
        return tuple(
            GroupFigures(group.name, group.wish.filter, total.samples, total.tokens, each)
            for group, total, each in zip(self.groups, self.totals, metrics, strict=True)
        )


def browse_totals(cursor: duckdb.DuckDBPyConnection, filters: Sequence[Filter]) -> Totals:
    """Counts the samples that pass some filters."""
    from queries import browse

    return browse.totals(cursor, filters)


def both(one: str, other: str) -> str:
    """Returns the filter that holds where both hold."""
    return f"{one} and {other}" if one and " or " not in other else f"{one} and ({other})" if one else other


def filter_of(column: str, value: Any) -> str:
    """Returns the filter for one value of a column or an expression of ours."""
    expression = stats.EXPRESSIONS.get(column)
    if expression is None:
        return is_value(column, value)
    return f"{expression} is null" if value is None else f"{expression} = {int(value)}"


def name_of(value: Any) -> str:
    """Returns what a value is called on a page, secrets masked."""
    return "none" if value is None else str(shown(value)) or "(empty)"


def tier_order(value: Any) -> tuple[bool, int]:
    """Orders tiers, those of none last."""
    return value is None, value or 0


def share_of(share: float | None) -> str:
    """Writes a share of one, or that it is not known."""
    return UNKNOWN if share is None else percent(share)


def ratio_of(part: float, whole: float) -> float | None:
    """Returns a share, or None where there is nothing to share."""
    return part / whole if whole else None


def figure(value: float | None, digits: int = 2) -> str:
    """Writes a figure, or that it is not known."""
    return UNKNOWN if value is None else f"{value:,.{digits}f}"
