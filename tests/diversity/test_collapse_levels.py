"""Levels of collapse, row by row of the policy's table."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.diversity.comparison import SPREAD, Figure
from explorer.diversity.levels import (
    ALARM,
    LIMITS,
    LINEAGE_DEPTH,
    SYNTHETIC_SHARES,
    TOP_GENERATOR,
    Level,
    judge,
    judge_value,
    kept_level,
    overall,
)

LEVELS: tuple[Level, ...] = ("", "green", "amber", "red")


def figure(against: float, null: tuple[float, float] = (9.0, 9.0), high: float | None = None) -> Figure:
    """A figure whose human range is out of its reach, unless it is given."""
    low, top = null
    return Figure(1, 1, against, against, against if high is None else high, low, (low + top) / 2, top)


@pytest.mark.parametrize(
    ("name", "against", "expected"),
    [
        ("types", 0.90, "green"),
        ("types", 0.899, "amber"),
        ("types", 0.75, "amber"),
        ("types", 0.749, "red"),
        ("hapaxes", 0.80, "green"),
        ("hapaxes", 0.799, "amber"),
        ("hapaxes", 0.50, "amber"),
        ("hapaxes", 0.499, "red"),
        ("entropy", -0.099, "green"),
        ("entropy", -0.101, "amber"),
        ("entropy", -0.399, "amber"),
        ("entropy", -0.401, "red"),
        ("tail_cover", 0.92, "green"),
        ("tail_cover", 0.919, "amber"),
        ("tail_cover", 0.80, "amber"),
        ("tail_cover", 0.799, "red"),
        ("effective_samples", 0.85, "green"),
        ("effective_samples", 0.849, "amber"),
        ("effective_samples", 0.60, "amber"),
        ("effective_samples", 0.599, "red"),
        (f"{SPREAD}name_length", 0.75, "green"),
        (f"{SPREAD}name_length", 0.749, "amber"),
        (f"{SPREAD}name_length", 0.0, "amber"),
        ("divergence", 0.9, ""),
        ("surprise", 9.0, ""),
        ("types", math.nan, ""),
        (f"{SPREAD}name_length", math.nan, ""),
    ],
)
def test_what_falls_is_judged_by_its_limits(name: str, against: float, expected: str) -> None:
    assert judge(name, figure(against)) == expected


@pytest.mark.parametrize(
    ("against", "expected"), [(1.10, "green"), (1.101, "amber"), (1.30, "amber"), (1.301, "red"), (0.5, "green")]
)
def test_compression_is_judged_by_how_it_rises(against: float, expected: str) -> None:
    assert judge("compression", figure(against, (0.0, 0.0))) == expected


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_what_lies_in_the_human_range_is_green(name: str) -> None:
    rises = LIMITS[name].rises
    bad = 2.0 if rises else -2.0
    range_with, range_without = ((0.9, 2.0), (0.9, 1.99)) if rises else ((-2.0, 1.1), (-1.99, 1.1))

    assert judge(name, figure(bad, range_with)) == "green"
    assert judge(name, figure(bad, range_without)) == "red"


def test_types_are_green_where_their_interval_reaches_the_human_range() -> None:
    assert judge("types", figure(0.85, (0.95, 1.05), high=0.95)) == "green"
    assert judge("types", figure(0.85, (0.95, 1.05), high=0.949)) == "amber"
    assert judge("hapaxes", figure(0.75, (0.95, 1.05), high=0.99)) == "amber"


@pytest.mark.parametrize(
    ("limit", "value", "expected"),
    [
        *((SYNTHETIC_SHARES[stage], 0.30, "green") for stage in ("pre-training", "continued")),
        *((SYNTHETIC_SHARES[stage], 0.31, "amber") for stage in ("pre-training", "continued")),
        *((SYNTHETIC_SHARES[stage], 0.50, "amber") for stage in ("pre-training", "continued")),
        *((SYNTHETIC_SHARES[stage], 0.51, "red") for stage in ("pre-training", "continued")),
        (SYNTHETIC_SHARES["fine-tuning"], 0.20, "green"),
        (SYNTHETIC_SHARES["fine-tuning"], 0.21, "amber"),
        (SYNTHETIC_SHARES["fine-tuning"], 0.50, "amber"),
        (SYNTHETIC_SHARES["fine-tuning"], 0.51, "red"),
        (TOP_GENERATOR, 0.60, "green"),
        (TOP_GENERATOR, 0.61, "amber"),
        (TOP_GENERATOR, 0.90, "amber"),
        (TOP_GENERATOR, 0.91, "red"),
        (LINEAGE_DEPTH, 0, "green"),
        (LINEAGE_DEPTH, 1, "green"),
        (LINEAGE_DEPTH, 2, "amber"),
        (LINEAGE_DEPTH, 3, "red"),
        (LINEAGE_DEPTH, 7, "red"),
        (TOP_GENERATOR, math.nan, ""),
    ],
)
def test_plain_values_are_judged_by_their_limits(limit: object, value: float, expected: str) -> None:
    assert judge_value(value, limit) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "before", "grew", "expected"),
    [
        (100, 100, True, "green"),
        (101, 100, False, "green"),
        (0, 0, True, "green"),
        (99, 100, False, "amber"),
        (99, 100, True, "red"),
    ],
)
def test_human_tokens_are_kept_or_replaced(now: int, before: int, grew: bool, expected: str) -> None:
    assert kept_level(now, before, synthetic_grew=grew) == expected


@pytest.mark.parametrize("levels", list(product(LEVELS, repeat=3)), ids="-".join)
def test_a_verdict_needs_two_amber_or_one_red(levels: tuple[Level, ...]) -> None:
    told = overall(dict(zip(("types", "hapaxes", "kept"), levels, strict=True)))

    if "red" in levels:
        assert told == "red"
    elif levels.count("amber") >= 2:
        assert told == "amber"
    else:
        assert told == ("" if set(levels) == {""} else "green")


def test_nothing_judged_is_no_verdict() -> None:
    assert overall({}) == ""
    assert set(ALARM) <= set(LIMITS)


@given(st.sampled_from(sorted(LIMITS)), st.floats(-3, 3), st.floats(0, 2))
def test_worse_is_never_judged_better(name: str, against: float, step: float) -> None:
    limit = LIMITS[name]
    worse = against + step if limit.rises else against - step

    assert LEVELS.index(judge_value(worse, limit)) >= LEVELS.index(judge_value(against, limit))
