"""How names are written, and what words they are made of."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.diversity.names import CONVENTIONS, convention, convention_shares, look_at, subword_counts, subwords

TABLE = (
    ("parseHTTPBody_2", "other", "parse http body 2"),
    ("parseHTTPBody", "camel", "parse http body"),
    ("__init__", "one word", "init"),
    ("_private_name", "snake", "private name"),
    ("MAX_SIZE", "UPPER", "max size"),
    ("MAX2", "UPPER", "max 2"),
    ("_MAX", "UPPER", "max"),
    ("x", "single letter", "x"),
    ("T", "single letter", "t"),
    ("_x", "single letter", "x"),
    ("ö", "single letter", "ö"),
    ("_", "other", ""),
    ("__", "other", ""),
    ("_1", "other", "1"),
    ("x1", "one word", "x 1"),
    ("name", "one word", "name"),
    ("snake_case", "snake", "snake case"),
    ("snake_case_2", "snake", "snake case 2"),
    ("two__parts", "other", "two parts"),
    ("camelCase", "camel", "camel case"),
    ("aB", "camel", "a b"),
    ("iOS", "camel", "i os"),
    ("getURL", "camel", "get url"),
    ("PascalCase", "Pascal", "pascal case"),
    ("Name", "Pascal", "name"),
    ("HTTPServer", "Pascal", "http server"),
    ("Vec3d", "Pascal", "vec 3 d"),
    ("Mixed_Case", "other", "mixed case"),
    ("Größe", "other", "größe"),
    ("maxGröße", "other", "max größe"),
    ("größe_2", "other", "größe 2"),
    ("名前", "other", "名前"),
    ("x\ufffdy", "other", "x y"),
    ("", "other", ""),
)


@pytest.mark.parametrize(("name", "written", "words"), TABLE)
def test_names_are_told_by_how_they_are_written(name: str, written: str, words: str) -> None:
    assert CONVENTIONS[convention(name)] == written
    assert " ".join(subwords(name)) == words


@given(st.from_regex(r"[A-Za-z0-9_äÖß名]{1,20}", fullmatch=True))
def test_subwords_are_all_of_a_name_but_its_underscores(name: str) -> None:
    assert "".join(subwords(name)) == name.replace("_", "").lower()
    assert all(word == word.lower() for word in subwords(name))


@given(st.lists(st.sampled_from([row[0] for row in TABLE]), unique=True), st.data())
@settings(deadline=None)
def test_counts_of_subwords_and_conventions_are_plain_loops(names: list[str], data: st.DataObject) -> None:
    kinds = len(names) + 3
    types = data.draw(st.permutations(range(kinds)))[: len(names)]
    counts = data.draw(st.lists(st.integers(0, 5), min_size=kinds, max_size=kinds))
    looked = look_at(np.array(types, np.int64), names)

    wanted: Counter[str] = Counter()
    shares = [0] * len(CONVENTIONS)
    order: dict[str, None] = {}
    for kind, name in zip(types, names, strict=True):
        for word in subwords(name):
            order.setdefault(word)
            wanted[word] += counts[kind]
        shares[convention(name)] += counts[kind] > 0

    told = subword_counts(looked, np.array(counts, np.int64))
    assert told.tolist() == [wanted[word] for word in order]
    whole = max(sum(shares), 1)
    assert convention_shares(looked, np.array(counts, np.int64)).tolist() == [share / whole for share in shares]


def test_no_names_have_no_words() -> None:
    looked = look_at(np.zeros(0, np.int64), ())

    assert subword_counts(looked, np.array([3, 4])).tolist() == []
    assert convention_shares(looked, np.array([3, 4])).tolist() == [0.0] * len(CONVENTIONS)
