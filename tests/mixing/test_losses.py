"""The blast radius of a policy: names and shares of slices, and when the alarm is raised."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.mixing.losses import ALARM_SAMPLES, BlastRadius, Loss
from queries.rows import BlastRow


def fields(kind: int, **known: Any) -> BlastRow:
    """A slice as the reader tells of it."""
    sizes = ("samples", "tokens", "samples_lost_now", "tokens_lost_now", "samples_lost", "tokens_lost")
    plain = dict.fromkeys(("tier", "language", "repo", "origin"), None) | dict.fromkeys(sizes, 0)
    return BlastRow(**{"kind": kind, **plain, **known})


WHOLE = fields(15, samples=100, tokens=1000, tokens_lost=900, samples_lost=90)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (0, "tier 2 · Rust · ann/tools · human"),
        (7, "tier 2"),
        (11, "language Rust"),
        (13, "repo ann/tools"),
        (14, "origin human"),
        (15, "all samples"),
    ],
)
def test_a_slice_is_named_by_its_columns(kind: int, name: str) -> None:
    slice_ = fields(kind, tier=2, language="Rust", repo="ann/tools", origin="human")
    assert Loss.of(slice_).name == name


def test_what_is_missing_is_named_none() -> None:
    assert Loss.of(fields(7)).name == "tier none"
    assert Loss.of(fields(0, origin="human")).name == "tier none · none · none · human"


@given(*[st.integers(0, 60)] * 4, st.sampled_from((0.0, 25.0, 50.0, 100.0)))
def test_the_alarm_is_about_a_large_slice_that_loses_much_and_more_than_now(
    samples: int, tokens: int, lost_now: int, lost: int, percent: float
) -> None:
    lost_now, lost = min(lost_now, tokens), min(lost, tokens)
    loss = Loss.of(fields(7, samples=samples, tokens=tokens, tokens_lost_now=lost_now, tokens_lost=lost))
    expected = samples >= ALARM_SAMPLES and lost > lost_now and lost * 100 > percent * tokens
    assert loss.raises_alarm(percent) == expected
    assert loss.share == (lost / tokens if tokens else 0)
    assert loss.share_now == (lost_now / tokens if tokens else 0)


def test_a_radius_sorts_slices_and_finds_what_is_left_incomplete() -> None:
    large = {"samples": 20, "tokens": 100}
    slices = [
        fields(13, repo="whole", **large),
        fields(13, repo="part", **large, samples_lost=5, tokens_lost=30),
        fields(13, repo="gone", **large, samples_lost=20, tokens_lost=100),
        fields(7, tier=1, **large, samples_lost=12, tokens_lost=60),
        fields(7, tier=2, **large, samples_lost=12, tokens_lost=60, tokens_lost_now=60),
        fields(0, tier=1, **large, samples_lost=1, tokens_lost=5),
        fields(0, tier=2, **large, samples_lost=2, tokens_lost=51),
        WHOLE,
    ]
    radius = BlastRadius.of(slices, 50.0)
    assert radius.whole.tokens_lost == 900
    assert [loss.values[0] for loss in radius.sums] == ["gone", "2", "1", "part", "whole"]
    assert [loss.tokens_lost for loss in radius.slices] == [51, 5]
    assert [loss.values for loss in radius.incomplete] == [("part",)]
    assert {loss.name for loss in radius.alarms} == {"repo gone", "tier 1", "tier 2 · none · none · none"}
    assert BlastRadius.of(slices, 100.0).alarms == ()
    assert "all samples" not in {loss.name for loss in BlastRadius.of(slices, 0.0).alarms}
