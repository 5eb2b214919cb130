"""Which samples a line on the screen opens, whatever page it is on."""

from explorer.screens.stats.blocks import blocks_of, colours_of, filter_at, samples_at
from explorer.stats.conditions import groups_by
from explorer.stats.page import Chart, GroupFigures, Page, Row, Section


def page_of(*sections: Section, groups: tuple[str, ...] = ("one", "other")) -> Page:
    return Page("any", "Any", tuple(GroupFigures(name, f"{name} = 1", 3, 9) for name in groups), sections)


def test_a_line_with_a_column_for_each_group_opens_that_of_the_column() -> None:
    page = page_of(Section("Tiers", ("tier", "one", "other"), (Row(("tier 1", "2", "1"), "tier = 1", "", (2, 1)),)))
    assert [filter_at(page, 0, 0, column) for column in (0, 1)] == [("tier = 1", 0), ("tier = 1", 1)]
    assert [samples_at(page, 0, 0, group) for group in (0, 1)] == [2, 1]
    assert blocks_of(page)[0].lines[0].choices == (True, True)


def test_a_line_that_names_a_group_opens_that_one() -> None:
    verdict = Section(
        "Verdict", ("group", "level", ""), (Row(("one", "red", ""), "true"), Row(("other", "", ""), "true"))
    )
    written = Section("What wrote it: other", ("generator", "samples"), (Row(("x", "1"), "generator = 'x'"),))
    page = page_of(verdict, written)
    assert (filter_at(page, 0, 1, 0), filter_at(page, 1, 0, 0)) == (("true", 1), ("generator = 'x'", 1))
    assert [block.lines[0].choices for block in blocks_of(page)] == [(True,), (True,)]


def test_a_page_without_groups_opens_nothing() -> None:
    page = page_of(
        Section("Words", words=("Pin a baseline.",)), Section("T", ("a",), (Row(("x",), "true"),)), groups=()
    )
    assert filter_at(page, 1, 0, 0) is None
    assert blocks_of(page)[1].lines[0].choices == ()


def test_bars_stand_in_the_lines_they_are_of_or_apart() -> None:
    rows = (Row(("a", "1", "2")), Row(("b", "3", "4")))
    own = Chart("bars", "Own", ("a", "b"), ("one", "other"), ((1.0, 3.0), (2.0, None)))
    apart = Chart("bars", "Apart", ("c",), ("one", "other"), ((0.5,), (2.0,)))
    heads = ("", "one", "other")
    first, second = blocks_of(page_of(Section("Own", heads, rows, own), Section("S", heads, rows, apart)))
    assert [line.bars for line in first.lines] == [(1 / 3, 2 / 3), (1.0, None)]
    assert (first.bars, [line.bars for line in second.lines]) == ((), [(), ()])
    assert [(line.cells, line.bars) for line in second.bars] == [(("c", "0.50", "2.00"), (0.25, 1.0))]


def test_groups_have_colours_of_their_own() -> None:
    names = ("tier 4", "human", "tier 1", "synthetic", "a", "b")
    colours = colours_of(names)
    assert (colours[0], colours[2]) == ("error", "success")
    assert len(set(colours)) == len(names)


def test_six_groups_at_most_hold_every_value() -> None:
    groups = groups_by("language", ("a", None, "c", "d", "e", "f", "g"))
    assert [name for name, _ in groups] == ["a", "no language", "c", "d", "e", "2 others"]
    assert groups[-1][1] == "not (language in ('a', 'c', 'd', 'e'))"
    assert [name for name, _ in groups_by("tier", (1, None))] == ["tier 1", "no tier"]
