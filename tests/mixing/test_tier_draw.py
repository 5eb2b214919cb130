"""Drawing the samples of one tier, against brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.mixing.draw import TOLERANCE, Draw, draw

sizes = st.lists(st.integers(0, 60), min_size=1, max_size=14)
wants = st.integers(0, 900)


def total(drawn: Draw, tokens: list[int]) -> int:
    return sum(drawn.copies(position) * count for position, count in enumerate(tokens))


def kept(drawn: Draw, position: int) -> int:
    """Copies that a larger draw has to keep."""
    return drawn.copies_all + (position < drawn.prefix)


@given(sizes.filter(any), wants, st.integers(0, 5))
def test_nothing_of_two_samples_or_less_comes_nearer(tokens: list[int], wanted: int, tolerance: int) -> None:
    drawn = draw(tokens, wanted, tolerance)
    later = range(drawn.prefix, len(tokens))
    prefix_only = Draw(drawn.copies_all, drawn.prefix, (), 0)
    gap = wanted - total(prefix_only, tokens)
    ways = [way for count in (0, 1, 2) for way in combinations(later, count)]
    best = min(abs(gap - sum(tokens[position] for position in way)) for way in ways)
    error = abs(wanted - total(drawn, tokens))
    assert error == best or error <= tolerance
    assert drawn.fillers in ways


@given(sizes, wants)
def test_the_draw_knows_its_size_and_takes_the_longest_prefix(tokens: list[int], wanted: int) -> None:
    drawn = draw(tokens, wanted)
    assert drawn.tokens == total(drawn, tokens)
    rest = wanted - drawn.copies_all * sum(tokens)
    assert not any(tokens) or 0 <= rest < sum(tokens)
    assert sum(tokens[: drawn.prefix]) <= rest
    assert not rest or not any(tokens) or sum(tokens[: drawn.prefix + 1]) > rest


@given(sizes, wants, wants)
def test_a_larger_draw_keeps_every_sample_of_the_prefix(tokens: list[int], wanted: int, more: int) -> None:
    small, large = draw(tokens, wanted), draw(tokens, wanted + more)
    assert all(kept(small, position) <= kept(large, position) for position in range(len(tokens)))


@pytest.mark.parametrize(
    ("tokens", "wanted", "tolerance", "expected"),
    [
        ([10, 100, 31, 30, 30], 40, 1, (2,)),
        ([10, 100, 31, 30, 30], 40, 0, (3,)),
        ([10, 100, 7, 20, 10, 20, 7], 37, 0, (2, 3)),
        ([10, 100, 7, 7, 7], 24, 0, (2, 3)),
        ([10, 100, 50], 13, 0, ()),
        ([10, 100, 4, 90], 13, 0, (2,)),
        ([10, 12], 21, 0, (1,)),
    ],
)
def test_the_earliest_and_fewest_fillers_win(
    tokens: list[int], wanted: int, tolerance: int, expected: tuple[int, ...]
) -> None:
    assert draw(tokens, wanted, tolerance) == Draw(
        0, 1, expected, tokens[0] + sum(tokens[position] for position in expected)
    )


def test_full_epochs_come_first() -> None:
    assert draw([5, 3, 2], 25) == Draw(2, 1, (), 25)
    assert draw([5, 3, 2], 30) == Draw(3, 0, (), 30)


@pytest.mark.parametrize("tokens", [[], [0, 0]])
def test_an_empty_tier_gives_nothing(tokens: list[int]) -> None:
    assert draw(tokens, 100) == Draw(0, 0, (), 0)


def test_counts_are_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        draw([1, 2], -1)
    with pytest.raises(ValueError, match="negative"):
        draw([1, -2], 1)


def test_many_samples_come_within_the_tolerance() -> None:
    generator = np.random.default_rng(7)
    tokens = generator.lognormal(6.5, 1.5, 200_000).astype(np.int64)
    for wanted in (10**5, 10**7, int(tokens.sum() * 1.37)):
        drawn = draw(tokens, wanted)
        assert abs(drawn.tokens - wanted) <= max(1, wanted * TOLERANCE)
        assert draw(tokens.tolist(), wanted) == drawn
