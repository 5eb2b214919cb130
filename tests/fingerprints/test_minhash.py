"""Signatures are datasketch's to the bit, and datasketch takes them as its own."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.fingerprints.minhash import PERMUTATIONS, SEED, Signatures, fingerprint, permutations, sign, slots_of
from tests.fingerprints.twins import anything, cells, column, edges, identities, jaccard, words, wordy

datasketch = pytest.importorskip("datasketch")

Row = npt.NDArray[np.uint32]


def minhash(hashes: Iterable[int] = ()) -> "datasketch.MinHash":
    row = datasketch.MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=lambda value: value)
    row.update_batch(list(hashes))
    return row


def of_datasketch(text: bytes) -> Row:
    """The row that datasketch computes of the distinct 32-bit hashes of a text."""
    return minhash({identity >> 32 for identity in identities(text)}).hashvalues


def signed(*texts: bytes) -> Signatures:
    return sign(*edges(texts))


def test_permutations_are_those_that_datasketch_draws() -> None:
    for ours, theirs in zip(permutations(), minhash().permutations, strict=True):
        assert ours.dtype == np.uint32
        np.testing.assert_array_equal(ours, theirs)


@settings(deadline=None, max_examples=150)
@given(st.lists(anything, max_size=4))
def test_rows_are_those_of_datasketch(texts: list[bytes]) -> None:
    found = signed(*texts)
    assert found.shingles.tolist() == [len(identities(text)) for text in texts]
    for row, text in zip(found.slots, texts, strict=True):
        np.testing.assert_array_equal(row, of_datasketch(text))


@pytest.mark.parametrize("count", [1, 2, 63, 64, 65, 128, 2047, 2048, 2049, 5000])
def test_rows_of_longer_texts_are_too(count: int) -> None:
    """Around the lanes and portions that the kernel works in."""
    text = b" ".join(b"w%d" % (number * 31) for number in range(count + 4))
    (row,), (shingles,) = signed(text)
    assert shingles == count
    np.testing.assert_array_equal(row, of_datasketch(text))


def test_datasketch_takes_a_row_as_its_own() -> None:
    text = b" ".join(b"w%d" % number for number in range(300))
    nearly = text + b" and one more"
    other = b" ".join(b"v%d" % number for number in range(300))
    rows = signed(text, nearly, other).slots
    ours = [datasketch.MinHash(hashvalues=row, scheme="affine32", seed=SEED) for row in rows]
    assert ours[0] == minhash(identity >> 32 for identity in identities(text))
    lean = [datasketch.LeanMinHash(hashvalues=row, scheme="affine32", seed=SEED) for row in rows]
    assert lean[0] == datasketch.LeanMinHash(ours[0])
    truth = jaccard(words(text), words(nearly))
    assert abs(ours[0].jaccard(ours[1]) - truth) < 0.1
    assert abs(lean[0].jaccard(lean[1]) - truth) < 0.1
    index = datasketch.MinHashLSH(threshold=0.7, num_perm=PERMUTATIONS)
    for name, one in zip("ab", (ours[0], ours[2]), strict=True):
        index.insert(name, one)
    assert index.query(ours[1]) == ["a"]
    ours[0].merge(ours[2])
    np.testing.assert_array_equal(ours[0].hashvalues, np.minimum(rows[0], rows[2]))


@settings(deadline=None)
@given(st.lists(wordy, min_size=1, max_size=5), st.data())
def test_repeats_and_the_order_of_texts_change_nothing(texts: list[bytes], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(texts))))
    rows = signed(*texts).slots
    np.testing.assert_array_equal(signed(*(texts[number] for number in order)).slots, rows[list(order)])
    # A text that is repeated whole gains the shingles across the seam; repeated once more it gains none.
    twice, thrice = signed(*(text * 2 for text in texts)), signed(*(text * 3 for text in texts))
    for text, one, other in zip(texts, twice.slots, thrice.slots, strict=True):
        if len(identities(text * 2)) and set(identities(text * 2)) == set(identities(text * 3)):
            np.testing.assert_array_equal(one, other)


def test_the_order_of_shingles_changes_nothing() -> None:
    """Blocks parted by the same five tokens have the same shingles in any order but for the order of repeats."""
    fence = b" one two three four five "
    blocks = [b" ".join(b"w%d_%d" % (block, number) for number in range(20)) for block in range(6)]
    text = fence + fence.join(blocks) + fence
    moved = fence + fence.join(reversed(blocks)) + fence
    assert set(identities(text)) == set(identities(moved))
    assert identities(text) != identities(moved)
    one, other = signed(text, moved).slots
    np.testing.assert_array_equal(one, other)


@settings(deadline=None)
@given(cells, st.data())
def test_a_column_may_be_cut_anywhere(values: list[bytes | None], data: st.DataObject) -> None:
    whole = fingerprint(batch_of(values))
    cut = data.draw(st.integers(0, len(values)))
    for low, high in ((0, cut), (cut, len(values))):
        part = fingerprint(batch_of(values).slice(low, high - low))
        assert part.to_pylist() == whole.slice(low, high - low).to_pylist()


@settings(deadline=None)
@given(cells)
def test_the_column_holds_the_rows_and_nulls(values: list[bytes | None]) -> None:
    batch = fingerprint(batch_of(values))
    assert batch.schema == pa.schema([("signature", pa.binary(512)), ("shingles", pa.int32())])
    counts = [len(identities(value or b"")) for value in values]
    assert batch.column("shingles").to_pylist() == counts
    kept = [value for value, count in zip(values, counts, strict=True) if count and value]
    assert [row is None for row in batch.column("signature").to_pylist()] == [not count for count in counts]
    found = slots_of(batch.column("signature"))[[number for number, count in enumerate(counts) if count]]
    np.testing.assert_array_equal(found, np.array([of_datasketch(text) for text in kept]).reshape(-1, PERMUTATIONS))


def test_slots_of_a_slice_are_its_own() -> None:
    signatures = fingerprint(batch_of([b" ".join(b"%d" % (n * k) for n in range(9)) for k in range(1, 6)])).column(0)
    np.testing.assert_array_equal(slots_of(signatures.slice(2, 2)), slots_of(signatures)[2:4])


def batch_of(values: list[bytes | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([column(values)], names=["content"])
