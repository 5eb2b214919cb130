"""Turns a mix into rows: what each tier has to give, the plan, and the samples it draws."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import duckdb
import pyarrow as pa

from explorer.job import Job
from explorer.mixing.draw import draw
from explorer.mixing.figures import StagePlan, TierStock
from explorer.mixing.mix import STAGES, Budget, Mix
from explorer.mixing.plan import plan_mix, plan_stage
from explorer.open_corpus.session import Session
from queries import mixing


class Drawn(NamedTuple):
    """What one tier really gave."""

    tier: int
    rows: int
    """Rows written, copies counted."""
    samples: int
    tokens: int
    copies_all: int
    prefix: int
    """How many samples, in the order of their random numbers, were drawn once more than `copies_all` times."""
    fillers: tuple[int, ...]
    """Positions behind the prefix that close the last gap."""


class Chosen(NamedTuple):
    """A stage whose rows stand in the table `chosen_<n>`."""

    plan: StagePlan
    drawn: tuple[Drawn, ...]
    repo_cap: int | None
    """Tokens that one repository could give to a tier; None without a cap."""


def stock_of(session: Session, job: Job, mix: Mix) -> dict[str, tuple[TierStock, ...]]:
    """Returns what each tier has to give to each stage, duplicates, dropped samples and caps taken off."""
    stock: dict[str, tuple[TierStock, ...]] = {}
    with session.cursor(job) as cursor, _tables(cursor, job.scratch):
        _gather(session, job, cursor, mix)
        free = _stock(cursor, job.scratch)
        for stage in mix.stages:
            cap = _repo_cap(mix, stage.name, free)
            stock[stage.name] = free if cap is None else _stock(cursor, job.scratch, cap)
    return stock


def plan_of(session: Session, job: Job, mix: Mix) -> tuple[StagePlan, ...]:
    """Plans every stage of a mix on an open index."""
    return plan_mix(mix, stock_of(session, job, mix), mix.gates.are_closed)


@contextmanager
def chosen(session: Session, job: Job, mix: Mix, stage: str, budget: Budget | None) -> Generator[Chosen]:
    """Draws one stage; its rows stand in `chosen_<job id>` until the block ends."""
    asked = mix.stage(stage)
    asked = asked if budget is None else replace(asked, budget=budget)
    number = job.scratch
    with session.cursor(job) as cursor, _tables(cursor, number):
        _gather(session, job, cursor, mix)
        free = _stock(cursor, number)
        cap = _repo_cap(mix.with_stage(asked), stage, free)
        if cap is not None:
            mixing.cap_repos(cursor, number, cap)
        plan = plan_stage(asked, _stock(cursor, number), mix.rules, mix.gates.are_closed)
        mixing.start_choice(cursor, number)
        drawn = tuple(_draw_tier(cursor, job, plan, part.tier) for part in plan.tiers if part.drawn_tokens)
        yield Chosen(plan, drawn, cap)


def _gather(session: Session, job: Job, cursor: duckdb.DuckDBPyConnection, mix: Mix) -> None:
    """Writes down what a mix may draw by its own policy, whatever a screen tries meanwhile."""
    session.optouts.heed(cursor)
    with session.settled_clusters(job, mix.clusters):
        mixing.gather_eligible(cursor, job.scratch, drawable(mix))


def drawable(mix: Mix) -> mixing.Drawable:
    """Says what a mix may draw at all."""
    return mixing.Drawable(mix.family, mix.rules.include_untiered, mix.gates.exclude, mix.gates.least_quality)


def held_back(session: Session, job: Job, mix: Mix) -> list[mixing.HeldBack]:
    """Counts what each closed gate keeps out of a mix."""
    with session.cursor(job) as cursor:
        return mixing.held_back(cursor, drawable(mix))


def _draw_tier(cursor: duckdb.DuckDBPyConnection, job: Job, plan: StagePlan, tier: int) -> Drawn:
    import numpy as np

    job.stop_if_cancelled()
    rows, tokens = mixing.tier_in_order(cursor, job.scratch, tier)
    part = plan.tier(tier)
    found = draw(tokens, part.drawn_tokens if part else 0)
    copies = np.full(len(rows), found.copies_all, np.int32)
    copies[: found.prefix] += 1
    copies[list(found.fillers)] += 1
    taken = copies > 0
    batch = pa.table(
        {
            "row": pa.array(rows[taken], pa.int64()),
            "tier": pa.array(np.full(int(taken.sum()), tier, np.int8)),
            "copies": pa.array(copies[taken]),
        }
    )
    mixing.choose(cursor, job.scratch, batch)
    return Drawn(
        tier,
        int(copies.sum()),
        int(taken.sum()),
        int((copies * tokens).sum()),
        found.copies_all,
        found.prefix,
        found.fillers,
    )


class Standing(NamedTuple):
    """How a sample fares in a draw of a family, whatever the weights."""

    twin: str | None
    """The sample that stands for its content: itself, an exact duplicate, or None where it may not be drawn at all."""
    position: int | None
    """Its place in its tier's order, from 0; None where a twin or a repository's cap keeps it out."""
    samples: int
    """How many samples that order has."""


def standing(session: Session, job: Job, row: int, wanted: mixing.Drawable, repo_cap: int | None) -> Standing:
    """Tells where a row stands among the samples that may be drawn, by the labels laid over the session."""
    number = job.scratch
    with session.cursor(job) as cursor, _tables(cursor, number):
        mixing.gather_eligible(cursor, number, wanted)
        twin = mixing.twin(cursor, number, row)
        if repo_cap is not None:
            mixing.cap_repos(cursor, number, repo_cap)
        place = mixing.place(cursor, number, row)
    return Standing(twin, *(place or (None, 0)))


def _stock(cursor: duckdb.DuckDBPyConnection, number: int, repo_cap: int = mixing.NO_CAP) -> tuple[TierStock, ...]:
    return tuple(TierStock(*row) for row in mixing.stock(cursor, number, repo_cap))


def _repo_cap(mix: Mix, stage: str, free: tuple[TierStock, ...]) -> int | None:
    """Tokens that one repository may give to a tier of a stage; None without a cap."""
    if mix.rules.repo_share >= 100:
        return None
    budget = plan_stage(mix.stage(stage), free, mix.rules).budget
    return max(int(budget * mix.rules.repo_share / 100), 1)


@contextmanager
def _tables(cursor: duckdb.DuckDBPyConnection, number: int) -> Generator[None]:
    """Drops the tables of a draw when it is over, whatever happens."""
    try:
        yield
    finally:
        with cursor.cursor() as other:
            mixing.forget(other, number)


__all__ = ["STAGES", "Chosen", "Drawn", "Standing", "chosen", "plan_of", "standing", "stock_of"]
