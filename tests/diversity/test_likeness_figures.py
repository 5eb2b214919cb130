"""Effective samples against brute force over all pairs, and the Vendi score against its definition."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.diversity.likeness import Pairs, draw_pairs, effective_samples, vendi

Slots = npt.NDArray[np.uint32]
WIDTH = 128


@st.composite
def groups(draw: st.DrawFn) -> Slots:
    """Signatures of few values, so that many slots agree."""
    samples, seed, values = draw(st.integers(2, 14)), draw(st.integers(0, 10**6)), draw(st.integers(1, 6))
    return np.random.default_rng(seed).integers(0, values, (samples, 16)).astype(np.uint32)


def related(samples: int, seed: int) -> Slots:
    """Signatures of samples that are like one another by a random share of their slots."""
    chance = np.random.default_rng(seed)
    common = chance.integers(0, 2**32, WIDTH, np.uint32)
    slots = chance.integers(0, 2**32, (samples, WIDTH), np.uint32)
    taken = chance.random((samples, WIDTH)) < chance.beta(1, 3, (samples, 1))
    return np.where(taken, common, slots).astype(np.uint32)


def likeness(slots: Slots) -> npt.NDArray[np.float64]:
    return (slots[:, None, :] == slots[None, :, :]).mean(axis=2)


def rke(slots: Slots) -> float:
    """The order-2 Vendi score by its definition: 1 / mean of K² over all ordered pairs."""
    return float(1 / (likeness(slots) ** 2).mean())


def of_all(pairs: Pairs, samples: int) -> float:
    return effective_samples(pairs, np.ones(samples, np.bool_), samples)


@given(groups())
@settings(max_examples=100, deadline=None)
def test_all_pairs_of_a_small_group_give_the_exact_score(slots: Slots) -> None:
    assert of_all(draw_pairs(slots, 0), len(slots)) == pytest.approx(rke(slots))


@given(groups(), st.data())
@settings(max_examples=100, deadline=None)
def test_the_score_of_those_chosen_is_that_of_them_alone(slots: Slots, data: st.DataObject) -> None:
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(slots), max_size=len(slots))))

    told = effective_samples(draw_pairs(slots, 0), chosen, int(chosen.sum()))

    if chosen.sum() < 2:
        assert math.isnan(told)
    else:
        assert told == pytest.approx(rke(slots[chosen]))


@given(groups())
@settings(max_examples=100, deadline=None)
def test_squares_are_of_the_share_of_slots_that_agree(slots: Slots) -> None:
    pairs = draw_pairs(slots, 0)

    assert len(pairs.one) == len(slots) * (len(slots) - 1) // 2
    assert len({*zip(pairs.one.tolist(), pairs.other.tolist(), strict=True)}) == len(pairs.one)
    np.testing.assert_allclose(pairs.squares, likeness(slots)[pairs.one, pairs.other] ** 2)


@pytest.mark.parametrize("samples", [2, 10, 200])
def test_all_unlike_are_as_many_as_there_are_and_all_equal_are_one(samples: int) -> None:
    unlike = np.arange(samples * WIDTH, dtype=np.uint32).reshape(samples, WIDTH)
    equal = np.repeat(unlike[:1], samples, axis=0)

    assert of_all(draw_pairs(unlike, 0), samples) == pytest.approx(samples)
    assert vendi(unlike) == pytest.approx(samples)
    assert of_all(draw_pairs(equal, 0), samples) == pytest.approx(1)
    assert vendi(equal) == pytest.approx(1)


@given(groups())
@settings(max_examples=60, deadline=None)
def test_vendi_is_the_exponential_of_the_entropy_of_eigenvalues(slots: Slots) -> None:
    values = np.real(np.linalg.eigvals(likeness(slots) / len(slots)))

    assert values.min() > -1e-9, "the kernel is positive semidefinite"
    assert values.sum() == pytest.approx(1)
    entropy = -sum(value * math.log(value) for value in values if value > 1e-12)
    assert vendi(slots) == pytest.approx(math.exp(entropy), rel=1e-6)
    assert vendi(slots) >= rke(slots) - 1e-6, "the order-1 score is the larger one"


@pytest.mark.parametrize("seed", range(5))
def test_drawn_pairs_come_close_to_all_of_them(seed: int) -> None:
    slots = related(600, seed)
    drawn = draw_pairs(slots, seed, most=20_000)

    assert len(drawn.one) == 20_000
    assert (drawn.one != drawn.other).all()
    assert of_all(drawn, 600) == pytest.approx(rke(slots), rel=0.05)
    assert of_all(draw_pairs(slots, seed), 600) == pytest.approx(rke(slots))


def test_draws_of_one_seed_are_the_same() -> None:
    slots = related(600, 1)
    one, same, other = (draw_pairs(slots, seed, most=1_000) for seed in (3, 3, 4))

    assert one.one.tolist() == same.one.tolist()
    assert one.other.tolist() == same.other.tolist()
    assert one.one.tolist() != other.one.tolist()


def test_copies_make_a_group_less_diverse() -> None:
    slots = related(600, 7)
    copied = slots.copy()
    copied[300:] = slots[np.random.default_rng(7).integers(0, 20, 300)]

    assert of_all(draw_pairs(copied, 0), 600) < 0.6 * of_all(draw_pairs(slots, 0), 600)
    assert vendi(copied) < 0.8 * vendi(slots)


def test_no_pair_has_no_score() -> None:
    assert math.isnan(of_all(draw_pairs(np.zeros((0, WIDTH), np.uint32), 0), 0))
    assert math.isnan(of_all(draw_pairs(np.zeros((1, WIDTH), np.uint32), 0), 1))
