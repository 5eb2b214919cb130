"""The score: curves and shares by their formula, every point accounted for, and files that cannot be used."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.columns import PERCENTILES, WEIGHABLE
from explorer.errors import BadInput
from explorer.quality.score import interpolated, read_scale, score, usual_scale

VALUES = {"code_lines": 200, "functions": 3, "secret_count": 0, "comment_share": 0.2, "stars": 1}


def trap(a: float, b: float, c: float, d: float, x: float) -> float:
    if x <= a or x >= d:
        return 0.0
    return (x - a) / (b - a) if x < b else 1.0 if x <= c else (d - x) / (d - c)


@given(st.floats(-10, 200))
def test_a_curve_through_four_points_is_the_trapezoid(x: float) -> None:
    points = ((5.0, 0.0), (15.0, 1.0), (60.0, 1.0), (100.0, 0.0))
    assert interpolated(x, points) == pytest.approx(trap(5, 15, 60, 100, x))


def test_the_usual_scale_has_the_stated_weights() -> None:
    scale = usual_scale()
    assert {one.name: one.weight for one in scale.dimensions} == {
        **{"hygiene": 0.15, "documentation": 0.20, "error_handling": 0.20},
        **{"structure": 0.20, "provenance": 0.15, "low_risk": 0.10},
    }
    for dimension in scale.dimensions:
        assert sum(signal.weight for signal in dimension.signals) == pytest.approx(1)
    assert {signal.column for one in scale.dimensions for signal in one.signals} <= WEIGHABLE
    assert {s.column for one in scale.dimensions for s in one.signals if s.is_percentile} == set(PERCENTILES)


rows = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.none() | st.floats(0, 1) for name in sorted(WEIGHABLE) if name.endswith("_share")},
        **{f"{name}_pct": st.none() | st.floats(0, 1) for name in PERCENTILES},
        **{
            name: st.none() | st.integers(0, 3000)
            for name in ("code_lines", "functions", "nesting_depth", "repo_stars")
        },
        "gates": st.lists(st.sampled_from(("G_AUTOGEN", "G_TINY", "G_PARSE"))),
        "weakness_density": st.none() | st.floats(0, 50),
    },
)


@given(rows)
def test_what_is_lost_and_gained_adds_up(row: dict[str, object]) -> None:
    known = {**row, **{name: row.get(name.removesuffix("_pct"), 0.5) or 0.5 for name in PERCENTILES}}
    found = score(usual_scale(), known)
    if found.quality is None:
        assert (found.coverage, found.lost, found.gained) == (0, (), ())
        return
    capped = found.capped[1] if found.capped else 0
    assert 0 <= found.quality <= 100 + 1e-9
    assert found.quality + capped == pytest.approx(100 - sum(part.points for part in found.lost))
    assert found.quality + capped == pytest.approx(sum(part.points for part in found.gained))
    assert list(found.lost) == sorted(found.lost, key=lambda part: -part.points)
    assert not {"G_AUTOGEN", "G_PARSE"} & set(known.get("gates") or ()) or found.quality <= 25  # pyright: ignore


def test_a_dimension_that_cannot_be_judged_is_left_out() -> None:
    short = score(usual_scale(), {**VALUES, "code_lines": 19, "handled_share": 1.0})
    assert "error_handling" not in short.dimensions
    assert "error_handling" in score(usual_scale(), {**VALUES, "handled_share": 1.0}).dimensions
    assert "provenance" not in score(usual_scale(), {**VALUES, "tests_share": 1.0}).dimensions
    assert "provenance" in score(usual_scale(), {**VALUES, "tests_share": 1.0, "repo_stars": 3}).dimensions


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("repo_contributors", 20, 1.0),
        ("repo_contributors", 3, math.log(4) / math.log(21)),
        ("repo_stars", 999_999, 1.0),
        ("weakness_density", 2.0, math.exp(-2)),
        ("placeholder_share", 0.01, 0.5),
        ("placeholder_share", 0.03, 0.25),
        ("max_line_length", 600, 0.5),
        ("secret_count", 2, 0.0),
        ("documented_share", 0.3, 0.5),
    ],
)
def test_each_form_of_curve_is_its_formula(column: str, value: float, expected: float) -> None:
    signal = next(s for one in usual_scale().dimensions for s in one.signals if s.column == column)
    assert signal.desirability({column: value}) == pytest.approx(expected)
    assert signal.desirability({}) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[hygiene", "not valid TOML"),
        ("version = '2'", "no dimension has a weight"),
        ("[hygiene]\nweight = 1\nsignals = [{column = 'stars', weight = 1, log = 3}]", "hygiene.signals[1].column"),
        ("[hygiene]\nweight = 2\nsignals = [{column = 'repo_stars', weight = 1, log = 3}]", "hygiene.weight"),
        ("[hygiene]\nweight = 1\nsignals = []", "hygiene.signals"),
        ("[hygiene]\nweight = 1\nsignals = [{column = 'repo_stars', weight = 1}]", "exactly one of"),
        ("[hygiene]\nweight = 1\nsignals = [{column = 'repo_stars', weight = 1, percentile = true}]", "percentile"),
        ("[hygiene]\nweight = 1\nsignals = [{column = 'repo_stars', weight = 1, curve = [[2, 0], [1, 1]]}]", "curve"),
        ("hygiene = 3", "hygiene cannot be used"),
    ],
)
def test_a_scale_that_cannot_be_used_is_told_by_its_place(text: str, named: str) -> None:
    with pytest.raises(BadInput) as told:
        read_scale(text, "quality.toml")
    assert named in str(told.value)
    assert "quality.toml" in str(told.value)
