"""Portraits do not depend on the order of samples, and look at whole characters of up to 4,000 bytes."""

import hashlib
import random
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.diversity.portrait import FILE_BYTES, Portrait, Sampled, portray, shortened
from tests.diversity.looked_at import STANDARD

TEXTS = [path.read_bytes() for path in STANDARD[::40]][:20]
SAMPLES = [
    Sampled(hashlib.sha256(text).hexdigest(), f"unit {place % 6}", text, {"comments": place / 3})
    for place, text in enumerate([*TEXTS, b"", b"# only a comment", b"\xff\xfe = 1", TEXTS[0]])
]


def parts(portrait: Portrait) -> list[object]:
    """All that a portrait holds, one array or value after the other."""
    told: list[object] = []
    for field in fields(portrait):
        value = getattr(portrait, field.name)
        if field.name == "axes":
            told += [*value, *value.values()]
        elif isinstance(value, tuple):
            told += value
        else:
            told.append(value)
    return told


def assert_same(one: Portrait, other: Portrait) -> None:
    for mine, theirs in zip(parts(one), parts(other), strict=True):
        np.testing.assert_array_equal(mine, theirs)  # type: ignore[arg-type]


@given(st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_the_order_of_samples_changes_nothing(order: random.Random) -> None:
    shuffled = SAMPLES.copy()
    order.shuffle(shuffled)

    assert_same(portray(SAMPLES, "Python"), portray(shuffled, "Python"))


def test_samples_stand_in_the_order_of_their_hashes() -> None:
    portrait = portray(SAMPLES, "Python")
    ordered = sorted(SAMPLES, key=lambda sample: (sample.key, sample.unit))

    assert portrait.samples == len(SAMPLES)
    assert portrait.unit_names == tuple(f"unit {number}" for number in range(6))
    assert [portrait.unit_names[unit] for unit in portrait.units] == [sample.unit for sample in ordered]
    assert portrait.axes["comments"].tolist() == [sample.axes["comments"] for sample in ordered]
    assert portrait.tokens == portrait.stream.firsts[-1]
    whole = b"".join(shortened(sample.content) for sample in ordered)
    assert portrait.packed(range(len(SAMPLES)), len(whole) + 1) == whole
    assert portrait.packed(range(len(SAMPLES)), 5_000) == whole[:5_000]
    assert portrait.packed((), 5_000) == b""


def test_a_portrait_of_a_sample_is_the_same_in_any_company() -> None:
    together = portray(SAMPLES, "Python")
    ordered = sorted(SAMPLES, key=lambda sample: (sample.key, sample.unit))
    for place in (0, 7, len(SAMPLES) - 1):
        alone = portray([ordered[place]], "Python")
        those = slice(together.stream.firsts[place], together.stream.firsts[place + 1])
        np.testing.assert_array_equal(alone.stream.hashes, together.stream.hashes[those])
        np.testing.assert_array_equal(alone.slots[0], together.slots[place])
        for name, values in alone.axes.items():
            np.testing.assert_array_equal(values[0], together.axes[name][place])
        for mine, theirs in ((alone.runs, together.runs), (alone.shapes, together.shapes)):
            np.testing.assert_array_equal(mine[0], theirs[0][theirs[1][place] : theirs[1][place + 1]])


def test_names_are_spelled_by_their_hashes() -> None:
    sample = Sampled("00", "unit", "def größe(x): return x.größe + Größe".encode(), {})
    portrait = portray([sample], "Python")

    assert sorted(portrait.name_types().values()) == ["Größe", "größe", "x"]


def test_no_samples_make_an_empty_portrait() -> None:
    portrait = portray([], "Python")

    assert (portrait.samples, portrait.tokens, portrait.unit_count) == (0, 0, 0)
    assert portrait.name_types() == {}


@given(st.text(alphabet="aöλ€😀\n", min_size=900, max_size=1_500), st.integers(0, 5))
@settings(max_examples=100, deadline=None)
def test_shortening_cuts_no_character(text: str, repeats: int) -> None:
    content = (text * repeats).encode()

    kept = shortened(content)

    assert len(kept) <= FILE_BYTES
    assert content.startswith(kept)
    assert kept.decode() == content.decode()[: len(kept.decode())]
    assert len(kept) > FILE_BYTES - 4 or kept == content


@given(st.binary(min_size=8), st.integers(0, 900))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_shortened_to_what_fits(content: bytes, repeats: int) -> None:
    kept = shortened(content * repeats)

    assert len(kept) <= FILE_BYTES
    assert (content * repeats).startswith(kept)
    assert len(kept) >= min(FILE_BYTES - 4, len(content) * repeats)


@pytest.mark.parametrize("character", ["ö", "€", "😀"])
@pytest.mark.parametrize("before", range(FILE_BYTES - 5, FILE_BYTES + 2))
def test_the_last_character_is_whole(character: str, before: int) -> None:
    content = ("x" * before + character * 2 + "y" * 9).encode()

    assert shortened(content).decode() in ("x" * before + character * 2 + "y" * 9)
