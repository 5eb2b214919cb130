"""Comparing two texts, whatever they hold."""

import json
import random
from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.api.messages.clusters import Compared, DiffRow
from explorer.api.requests import from_json, to_json
from explorer.open_corpus import comparing
from explorer.open_corpus.comparing import LINE_WITH_WORDS, MAX_LINES, Comparison, Row, compare

few_lines = st.lists(st.sampled_from(("", "{", "}", "return x", "return y", "  x = call(1)", "漢字 x")), max_size=30)
any_lines = st.lists(st.text(max_size=20), max_size=12)
texts = few_lines | any_lines

Lines = list[str]


def without(line: str, spans: tuple[tuple[int, int], ...]) -> str:
    """What is left of a line outside some spans."""
    kept = ""
    offset = 0
    for start, end in spans:
        assert offset <= start < end <= len(line)
        kept, offset = kept + line[offset:start], end
    return kept + line[offset:]


def check(left: Lines, right: Lines) -> Comparison:
    """Whatever two texts are, their comparison holds all lines of both in order and says nothing wrong."""
    comparison = compare(left, right)
    rows = comparison.rows
    assert [row.left for row in rows if row.left] == list(range(1, min(len(left), MAX_LINES) + 1))
    assert [row.right for row in rows if row.right] == list(range(1, min(len(right), MAX_LINES) + 1))
    for row in rows:
        check_row(row, left, right)
    kinds = [row.kind for row in rows]
    assert comparison[1:5] == tuple(map(kinds.count, ("same", "changed", "removed", "added")))
    return comparison


def check_row(row: Row, left: Lines, right: Lines) -> None:
    assert (row.left is None) == (row.kind == "added")
    assert (row.right is None) == (row.kind == "removed")
    if row.left is not None and row.right is not None:
        one, other = left[row.left - 1], right[row.right - 1]
        assert (row.kind == "same") == (one == other)
        if row.left_spans or row.right_spans:
            assert without(one, row.left_spans) == without(other, row.right_spans)
    assert row.kind == "changed" or not (row.left_spans or row.right_spans)


@given(texts, texts)
def test_every_line_of_both_sides_stands_in_its_order(left: Lines, right: Lines) -> None:
    check(left, right)


@given(few_lines, few_lines)
def test_large_texts_are_cut_where_lines_are_unique(left: Lines, right: Lines) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(comparing._Budget, "takes", lambda self, cost: cost < 9)
        check(left, right)


@given(texts, texts)
def test_counts_are_the_same_from_either_side(left: Lines, right: Lines) -> None:
    there, back = compare(left, right), compare(right, left)
    assert there.same + there.changed + there.removed == len(left) == back.same + back.changed + back.added
    assert there.same + there.changed + there.added == len(right) == back.same + back.changed + back.removed


@given(texts)
def test_a_text_is_the_same_as_itself(lines: Lines) -> None:
    assert check(lines, lines)[1:] == (len(lines), 0, 0, 0, False)


@given(st.permutations(range(40)), st.permutations(range(40)))
def test_nothing_is_called_same_that_difflib_does_not_find(left: list[int], right: list[int]) -> None:
    one, other = ["first", *map(str, left), "last"], ["FIRST", *map(str, right), "LAST"]
    blocks = SequenceMatcher(None, one, other).get_matching_blocks()
    found = [(block.a + k + 1, block.b + k + 1) for block in blocks for k in range(block.size)]
    assert [(row.left, row.right) for row in check(one, other).rows if row.kind == "same"] == found


def test_changed_words_are_marked() -> None:
    left = ["def read(path):", "    return open(path)", "", "print(1)"]
    right = ["def read(name):", "    return open(name)", "", "import os", "print(1)"]
    rows = check(left, right).rows
    assert rows == (
        Row("changed", 1, 1, ((9, 13),), ((9, 13),)),
        Row("changed", 2, 2, ((16, 20),), ((16, 20),)),
        Row("same", 3, 3),
        Row("added", None, 4),
        Row("same", 4, 5),
    )


def test_lines_with_nothing_in_common_are_no_change_of_one_another() -> None:
    rows = check(["a", "total = count + 1", "z"], ["a", "import os", "total = count + 2", "z"]).rows
    assert [row.kind for row in rows] == ["same", "added", "changed", "same"]
    assert [row.kind for row in check(["alpha"], ["beta"]).rows] == ["removed", "added"]


def test_words_are_not_sought_in_long_lines_and_long_parts() -> None:
    long = "word " * 500
    (row,) = check([long + "a"], [long + "b"]).rows
    assert (row.kind, row.left_spans, row.right_spans) == ("changed", (), ())
    rows = check([f"x = {n}" for n in range(300)], [f"x = {n}" for n in range(300, 600)]).rows
    assert {(row.kind, row.left_spans) for row in rows} == {("changed", ())}


def test_blanks_alone_make_a_change() -> None:
    left, right = ["\tif x:", "\t\treturn ", ""], ["    if x:", "        return", "  "]
    rows = check(left, right).rows
    assert [row.kind for row in rows] == ["changed"] * 3
    assert rows[0].left_spans == ((0, 1),)
    assert rows[2].right_spans == ((0, 2),)


def test_an_empty_text_is_all_added_or_all_removed() -> None:
    assert check([], []) == Comparison((), 0, 0, 0, 0, False)
    assert {row.kind for row in check([], ["a", "b"]).rows} == {"added"}
    assert {row.kind for row in check(["a", "b"], []).rows} == {"removed"}


def test_only_the_first_lines_are_compared() -> None:
    lines = ["x"] * (MAX_LINES + 1)
    assert check(lines, lines[1:])[1:] == (MAX_LINES, 0, 0, 0, True)


def hostile() -> dict[str, tuple[Lines, Lines]]:
    """Texts that make a naive comparison take minutes."""
    chance = random.Random(1)
    numbers = list(map(str, range(MAX_LINES)))
    shuffled = chance.sample(numbers, MAX_LINES)
    letters = [[chance.choice("abc") for _ in numbers] for _ in range(2)]
    mixed = [[" ".join(map(str, chance.choices(range(99), k=500))) for _ in range(199)] for _ in "lr"]
    words = [[" ".join(chance.choices("ab", k=100)) if n % 200 else f"unique {n}" for n in range(8000)] for _ in "lr"]
    return {
        "equal": (["x"] * MAX_LINES, ["x"] * MAX_LINES),
        "equal inside": (["a", *["x"] * 19_000, "b"], ["c", *["x"] * 15_000, "d"]),
        "distinct": ([f"a {n}" for n in numbers], [f"b {n}" for n in numbers]),
        "every second": (numbers, [n if int(n) % 2 else f"{n} x" for n in numbers]),
        "shuffled": (numbers, shuffled),
        "few letters": (letters[0], letters[1]),
        "few words": (words[0], words[1]),
        "many pairs": (mixed[0], mixed[1]),
        "one long line": (["x y " * 250_000], ["x z " * 250_000]),
        "long lines": (["x y " * 500] * 5000, ["x z " * 500] * 5000),
        "blanks": (["\tx = 1"] * MAX_LINES, ["    x = 1 "] * MAX_LINES),
    }


@pytest.mark.parametrize("name", list(hostile()))
def test_the_work_on_any_text_is_bounded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spent = Counter[str]()

    def spy(function: str, cost: Callable[..., int]) -> None:
        real = getattr(comparing, function)

        def counted(*args: Any) -> Any:
            spent[function] += cost(*args)
            return real(*args)

        monkeypatch.setattr(comparing, function, counted)

    spy("_by_difflib", lambda left, right, left_part, right_part: len(left_part) * len(right_part))
    spy("_likeness", lambda left, right: 1)
    spy("_bag", lambda line: min(len(line), LINE_WITH_WORDS))
    left, right = hostile()[name]
    compare(left, right)
    for function, most in (("_by_difflib", 1_200_000), ("_likeness", 100_000), ("_bag", 4_000_000)):
        assert spent[function] <= most, spent
    check(left, right)


@given(texts, texts)
def test_a_comparison_goes_through_a_line_of_json(left: Lines, right: Lines) -> None:
    found = compare(left, right)
    sent = Compared(tuple(left), tuple(right), tuple(DiffRow(*row) for row in found.rows), found.is_cut)
    assert from_json(json.loads(json.dumps(to_json(sent))), Compared) == sent
