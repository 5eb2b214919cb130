"""The normal hash is blind for blanks and for nothing else."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.fingerprints.normal import hash_normalised
from tests.fingerprints.twins import anything, cells, column, normal_hash

blank = st.text(st.sampled_from("\t\n\v\f\r "), min_size=1, max_size=4).map(str.encode)
part = st.binary(min_size=1, max_size=6).filter(lambda text: len(text.split()) == 1 and text.split()[0] == text)


def hashes(values: list[bytes | None]) -> list[bytes | None]:
    return hash_normalised(pa.RecordBatch.from_arrays([column(values)], names=["content"])).column(0).to_pylist()


@settings(deadline=None, max_examples=200)
@given(cells, st.data())
def test_hashes_are_those_of_the_definition(values: list[bytes | None], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(values)))
    batch = pa.RecordBatch.from_arrays([column(values)], names=["content"]).slice(start)
    assert hash_normalised(batch).column("normal_hash").to_pylist() == [normal_hash(v or b"") for v in values[start:]]


@settings(deadline=None)
@given(st.lists(part, min_size=1, max_size=6), st.data())
def test_other_blanks_give_the_same_hash(parts: list[bytes], data: st.DataObject) -> None:
    def spread() -> bytes:
        inner = b"".join(data.draw(blank) + one for one in parts[1:])
        return data.draw(st.one_of(st.just(b""), blank)) + parts[0] + inner + data.draw(st.one_of(st.just(b""), blank))

    one, other = hashes([spread(), spread()])
    assert one == other is not None


@settings(deadline=None)
@given(anything, anything)
def test_texts_that_differ_in_more_than_blanks_have_other_hashes(one: bytes, other: bytes) -> None:
    found = hashes([one, other])
    assert (found[0] == found[1]) == (one.split() == other.split())


def test_a_blank_between_words_is_not_the_same_as_none() -> None:
    joined, parted, nothing, blanks, none = hashes([b"ab", b"a b", b"", b" \t\r\n\v\f", None])
    assert joined != parted
    assert (nothing, blanks, none) == (None, None, None)
    assert len(set(hashes([b"a\x1cb", b"a\x85b", b"a\x00b", b"a\xc2\xa0b", b"a b"]))) == 5, "only ASCII blanks count"
