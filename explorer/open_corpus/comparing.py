"""Compares two texts line by line and, within lines that changed, word by word.

Time is bounded for any text: `difflib` takes cubic time where matches are many and short, so it only gets what fits
into a budget. Lines that occur once on each side cut a large text into such parts.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

MAX_LINES = 20_000
"""Lines of a side that are compared; the rest is dropped."""
HUNK_WITH_WORDS = 200
"""Lines of the longest changed part whose words are compared."""
LINE_WITH_WORDS = 2_000
"""Characters of the longest line whose words are compared."""
ALIKE = 0.3
"""The least likeness of two lines that are called one changed line."""
DEEPEST = 8
"""How often a part without matches is cut again at lines that are unique in it."""

Block = tuple[int, int, int]
"""Equal lines or words: where they begin on the left and on the right, and how many they are."""
Spans = tuple[tuple[int, int], ...]
"""Parts of a line, as the offsets of their first character and of the one after the last."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class Row(NamedTuple):
    """A line of one side, or a line of each side that belong together."""

    kind: str
    """"same", "changed", "removed" or "added"."""
    left: int | None
    """The number of the line on the left, from 1."""
    right: int | None
    left_spans: Spans = ()
    """The words of a changed line that are not on the right."""
    right_spans: Spans = ()


class Comparison(NamedTuple):
    """Every line of two texts in order, and how many of each kind."""

    rows: tuple[Row, ...]
    same: int
    changed: int
    removed: int
    added: int
    is_cut: bool
    """Whether a side has more than `MAX_LINES` lines, of which only the first are compared."""


def compare(left: Sequence[str], right: Sequence[str]) -> Comparison:
    """Compares two texts, given as lines."""
    is_cut = max(len(left), len(right)) > MAX_LINES
    rows = tuple(_Comparer(left[:MAX_LINES], right[:MAX_LINES]).rows())
    counts = Counter(row.kind for row in rows)
    return Comparison(rows, counts["same"], counts["changed"], counts["removed"], counts["added"], is_cut)


class _Budget:
    """What may still be spent on one kind of work."""

    def __init__(self, left: int) -> None:
        self._left = left

    def takes(self, cost: int) -> bool:
        """Spends a cost where it can be paid."""
        if cost > self._left:
            return False
        self._left -= cost
        return True


class _Comparer:
    """Compares two lists of lines that are short enough."""

    def __init__(self, left: Sequence[str], right: Sequence[str]) -> None:
        self._left, self._right = left, right
        # Each keeps its kind of work near half a second on the worst text known.
        self._lines = _Budget(1_000_000)
        self._pairs = _Budget(80_000)
        self._characters = _Budget(2_000_000)
        self._words = _Budget(200_000)

    def rows(self) -> Iterator[Row]:
        """Gives every line of both sides in order."""
        i = j = 0
        for i_equal, j_equal, count in (*self._blocks(), (len(self._left), len(self._right), 0)):
            yield from self._replaced(range(i, i_equal), range(j, j_equal))
            i, j = i_equal + count, j_equal + count
            yield from (Row("same", i_equal + k + 1, j_equal + k + 1) for k in range(count))

    def _blocks(self) -> list[Block]:
        return self._matched(range(len(self._left)), range(len(self._right)), DEEPEST)

    def _matched(self, left: range, right: range, depth: int) -> list[Block]:
        """Finds the equal lines of two parts."""
        before, after = _ends(self._left, self._right, left, right)
        middle_left, middle_right = left[before : len(left) - after], right[before : len(right) - after]
        return [
            (left.start, right.start, before),
            *self._matched_middle(middle_left, middle_right, depth),
            (left.stop - after, right.stop - after, after),
        ]

    def _matched_middle(self, left: range, right: range, depth: int) -> list[Block]:
        if not left or not right:
            return []
        if self._lines.takes(len(left) * len(right)):
            return _by_difflib(self._left, self._right, left, right)
        anchors = self._anchors(left, right) if depth else []
        if not anchors:
            return [(i, j, 1) for i, j in zip(left, right, strict=False) if self._left[i] == self._right[j]]
        return self._between(anchors, left, right, depth - 1)

    def _between(self, anchors: Sequence[tuple[int, int]], left: range, right: range, depth: int) -> list[Block]:
        blocks: list[Block] = []
        i, j = left.start, right.start
        for i_anchor, j_anchor in anchors:
            blocks += (*self._matched(range(i, i_anchor), range(j, j_anchor), depth), (i_anchor, j_anchor, 1))
            i, j = i_anchor + 1, j_anchor + 1
        return blocks + self._matched(range(i, left.stop), range(j, right.stop), depth)

    def _anchors(self, left: range, right: range) -> list[tuple[int, int]]:
        """Finds the most lines that are unique on both sides and stand in the same order, as patience diff does."""
        on_left, on_right = _unique(self._left, left), _unique(self._right, right)
        return _longest_rising([(i, on_right[line]) for line, i in on_left.items() if line in on_right])

    def _replaced(self, left: range, right: range) -> Iterator[Row]:
        """Pairs the lines of two parts that have no equal lines."""
        has_words = max(len(left), len(right)) <= HUNK_WITH_WORDS
        i, j = left.start, right.start
        for i_pair, j_pair in (*self._paired(left, right), (left.stop, right.stop)):
            yield from (Row("removed", k + 1, None) for k in range(i, i_pair))
            yield from (Row("added", None, k + 1) for k in range(j, j_pair))
            if i_pair < left.stop:
                yield self._pair(i_pair, j_pair, has_words)
            i, j = i_pair + 1, j_pair + 1

    def _paired(self, left: range, right: range) -> list[tuple[int, int]]:
        """Pairs lines that are alike, in order; in a long part only those that stand in the same place."""
        if not left or not right:
            return []
        characters = _size(self._left, left) * len(right) + _size(self._right, right) * len(left)
        if self._pairs.takes(len(left) * len(right) + characters // 100):
            bags = [_bag(self._left[i]) for i in left], [_bag(self._right[j]) for j in right]
            return _best_pairs(*bags, left, right)
        pairs = zip(left, right, strict=False)
        return [(i, j) for i, j in pairs if self._are_alike(self._left[i], self._right[j])]

    def _are_alike(self, left: str, right: str) -> bool:
        """Tells whether two lines in the same place are alike; where telling grows too dear, they are."""
        return not self._can_read(left, right) or _likeness(_bag(left), _bag(right)) >= ALIKE

    def _can_read(self, left: str, right: str) -> bool:
        return self._characters.takes(_size((left, right), range(2)))

    def _pair(self, i: int, j: int, has_words: bool) -> Row:
        left, right = self._left[i], self._right[j]
        if left == right:
            return Row("same", i + 1, j + 1)
        if not has_words or max(len(left), len(right)) > LINE_WITH_WORDS or not self._can_read(left, right):
            return Row("changed", i + 1, j + 1)
        return Row("changed", i + 1, j + 1, *self._changed_words(_WORDS.findall(left), _WORDS.findall(right)))

    def _changed_words(self, left: Sequence[str], right: Sequence[str]) -> tuple[Spans, Spans]:
        blocks = self._equal_words(left, right)
        on_left = [(start, count) for start, _, count in blocks]
        on_right = [(start, count) for _, start, count in blocks]
        return _spans(left, on_left), _spans(right, on_right)

    def _equal_words(self, left: Sequence[str], right: Sequence[str]) -> list[Block]:
        before, after = _ends(left, right, range(len(left)), range(len(right)))
        middle_left, middle_right = range(before, len(left) - after), range(before, len(right) - after)
        middle: list[Block] = []
        if self._words.takes(len(middle_left) * len(middle_right)):
            middle = _by_difflib(left, right, middle_left, middle_right)
        return [(0, 0, before), *middle, (len(left) - after, len(right) - after, after)]


def _ends(left: Sequence[str], right: Sequence[str], left_part: range, right_part: range) -> tuple[int, int]:
    """Counts the equal elements at the beginning and at the end of two parts; none is counted twice."""
    pairs = zip(left_part, right_part, strict=False)
    shorter = min(len(left_part), len(right_part))
    before = next((count for count, (i, j) in enumerate(pairs) if left[i] != right[j]), shorter)
    backwards = zip(reversed(left_part[before:]), reversed(right_part[before:]), strict=False)
    after = next((count for count, (i, j) in enumerate(backwards) if left[i] != right[j]), shorter - before)
    return before, after


def _by_difflib(left: Sequence[str], right: Sequence[str], left_part: range, right_part: range) -> list[Block]:
    """Finds equal elements; those so frequent that they tell little are only found beside others."""
    i, j = left_part.start, right_part.start
    matcher = SequenceMatcher(None, left[i : left_part.stop], right[j : right_part.stop], autojunk=True)
    return [(i + block.a, j + block.b, block.size) for block in matcher.get_matching_blocks() if block.size]


def _unique(lines: Sequence[str], part: range) -> dict[str, int]:
    """Maps the lines that occur once in a part to their places."""
    counts = Counter(lines[place] for place in part)
    return {lines[place]: place for place in part if counts[lines[place]] == 1}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Picks the most pairs whose second numbers rise; the first numbers rise already."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for place, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        places[length : length + 1] = [place]
    picked: list[tuple[int, int]] = []
    place = places[-1] if places else -1
    while place >= 0:
        picked.append(pairs[place])
        place = before[place]
    return picked[::-1]


def _size(lines: Sequence[str], part: range) -> int:
    """Counts the characters of some lines that are read to compare their words."""
    return sum(min(len(lines[place]), LINE_WITH_WORDS) for place in part)


def _bag(line: str) -> Counter[str]:
    """Counts the words of a line; blanks are none."""
    return Counter(word for word in _WORDS.findall(line[:LINE_WITH_WORDS]) if not word.isspace())


def _likeness(left: Counter[str], right: Counter[str]) -> float:
    """Gives the share of the characters of two lines that are in words of both, from 0 to 1."""
    total = _weight(left.items()) + _weight(right.items())
    if not left and not right:
        return 1.0
    return 2 * _weight((word, min(count, right[word])) for word, count in left.items() if word in right) / total


def _weight(counts: Iterable[tuple[str, int]]) -> int:
    return sum(len(word) * count for word, count in counts)


def _best_pairs(
    left: Sequence[Counter[str]], right: Sequence[Counter[str]], left_part: range, right_part: range
) -> list[tuple[int, int]]:
    """Pairs lines in order so that the sum of their likeness is the greatest."""
    likeness = [[_likeness(one, other) for other in right] for one in left]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            paired = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    return list(_walk(best, likeness, left_part, right_part))


def _walk(
    best: Sequence[Sequence[float]], likeness: Sequence[Sequence[float]], left_part: range, right_part: range
) -> Iterator[tuple[int, int]]:
    i = j = 0
    while i < len(left_part) and j < len(right_part):
        if likeness[i][j] >= ALIKE and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            yield left_part[i], right_part[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _spans(words: Sequence[str], equal: Iterable[tuple[int, int]]) -> Spans:
    """Gives the offsets of the words outside the equal parts, joined where they touch."""
    is_equal = [False] * len(words)
    for start, count in equal:
        is_equal[start : start + count] = [True] * count
    spans: list[tuple[int, int]] = []
    offset = 0
    for kept, group in groupby(zip(is_equal, words, strict=True), key=lambda pair: pair[0]):
        end = offset + sum(len(word) for _, word in group)
        if not kept:
            spans.append((offset, end))
        offset = end
    return tuple(spans)
