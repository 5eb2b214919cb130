from collections.abc import Sequence

import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.pilot import Pilot

from tests.widgets.payloads import PAYLOADS, WatchedApp
from widgets import diff_view
from widgets.diff_rows import DiffLine, DiffRow, lay_out
from widgets.diff_view import DiffView

WIDE, NARROW = (120, 24), (80, 24)
LEFT = [
    "import os",
    "",
    "def read(path):",
    "    return open(path)",
    *(f"x{n} = {n}" for n in range(5, 105)),
    "old",
    "end",
]
RIGHT = ["import os", "import re", "", "def read(name):", "    return open(name)", *LEFT[4:104], "end"]
LINES = [
    DiffLine("same", 1, 1),
    DiffLine("added", None, 2),
    DiffLine("same", 2, 3),
    DiffLine("changed", 3, 4, ((9, 13),), ((9, 13),)),
    DiffLine("changed", 4, 5, ((16, 20),), ((16, 20),)),
    *(DiffLine("same", number, number + 1) for number in range(5, 105)),
    DiffLine("removed", 105, None),
    DiffLine("same", 106, 106),
]


class DiffApp(WatchedApp):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[int, int]] = []

    def compose(self) -> ComposeResult:
        yield DiffView()

    def on_mount(self) -> None:
        self.view.focus()

    @property
    def view(self) -> DiffView:
        return self.query_one(DiffView)

    def on_diff_view_changes_counted(self, message: DiffView.ChangesCounted) -> None:
        self.heard.append((message.current, message.total))

    def show(self, **options: str) -> None:
        self.view.show(LEFT, RIGHT, LINES, "Python", **options)

    def words(self) -> list[list[str]]:
        """The words of each line of the screen."""
        return [line.split() for line in self.screen_lines()]

    def line_of(self, words: str) -> int:
        """The line of the screen where some words stand."""
        return next(number for number, line in enumerate(self.screen_lines()) if words in line)

    def tones(self, y: int, word: str) -> list[tuple[str, str]]:
        """The colour and the background of a word on a line of the screen."""
        segments = self.screen._compositor.render_strips()[y]
        styles = [segment.style for segment in segments if segment.text.strip() == word]
        return [(str(style.color), str(style.bgcolor)) for style in styles if style]


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_both_sides_stand_in_one_row() -> None:
    app = DiffApp()
    async with app.run_test(size=WIDE) as pilot:
        app.show(left_title="one.py", right_title="other.py", notice="95 % alike")
        await pilot.pause()
        words = app.words()
        assert words[0] == ["95", "%", "alike"]
        assert words[1] == ["−", "one.py", "+", "other.py"]
        assert words[2] == ["1", "import", "os", "│", "1", "import", "os"]
        assert words[3][0].startswith("╱")
        assert words[3][1:] == ["2", "+", "import", "re"]
        assert words[5] == ["3", "~", "def", "read(path):", "│", "4", "~", "def", "read(name):"]
        assert app.words()[app.line_of("− old")][:3] == ["105", "−", "old"]
        assert all(cell_len(line) == WIDE[0] for line in app.screen_lines())
        assert app.heard == [(0, 3)]


async def test_a_narrow_view_begins_with_one_column() -> None:
    app = DiffApp()
    async with app.run_test(size=NARROW) as pilot:
        app.show()
        await pilot.pause()
        assert app.words()[:7] == [
            ["1", "1", "import", "os"],
            ["2", "+", "import", "re"],
            ["2", "3"],
            ["3", "−", "def", "read(path):"],
            ["4", "−", "return", "open(path)"],
            ["4", "+", "def", "read(name):"],
            ["5", "+", "return", "open(name)"],
        ]
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert app.view.is_side_by_side
        await pilot.press("v")
        await pilot.resize_terminal(140, 24)
        await pilot.pause()
        assert not app.view.is_side_by_side
        await pilot.press("v")
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        assert app.view.is_side_by_side
        assert all(cell_len(line) == NARROW[0] for line in app.screen_lines())


async def test_equal_lines_far_from_a_change_are_folded() -> None:
    app = DiffApp()
    async with app.run_test(size=WIDE) as pilot:
        app.show()
        await pilot.pause()
        fold = app.line_of("⋯ 94 equal lines")
        assert app.words()[fold - 1][0] == "7"
        assert app.words()[fold + 1][0] == "102"
        await pilot.press("a")
        await pilot.pause()
        assert not app.view.is_folded
        assert app.words()[fold][0] == "8"
        await pilot.press("a")
        await pilot.click(DiffView, offset=Offset(20, fold))
        await pilot.pause()
        assert app.words()[fold][0] == "8"


def kinds(rows: Sequence[DiffRow]) -> list[tuple[int, str, int]]:
    return [tuple(row) for row in rows]


def test_a_fold_hides_at_least_two_lines_and_nothing_where_all_is_equal() -> None:
    equal = [DiffLine("same", number, number) for number in range(1, 8)]
    change = DiffLine("changed", 8, 8)
    folded = lay_out([*equal[:4], change], is_side_by_side=True, is_folded=True)
    assert kinds(folded.rows) == [(place, "both", 1) for place in range(5)]
    folded = lay_out([*equal[:5], change], is_side_by_side=True, is_folded=True)
    assert kinds(folded.rows)[:2] == [(0, "fold", 2), (2, "both", 1)]
    assert folded.changes == (range(4, 5),)
    assert [folded.place_of(DiffRow(line)) for line in (0, 1, 2, 5)] == [0, 0, 1, 4]
    assert len(lay_out(equal, is_side_by_side=True, is_folded=True).rows) == 7


async def test_changes_are_walked_round_the_ends() -> None:
    app = DiffApp()
    async with app.run_test(size=(120, 12)) as pilot:
        app.show()
        await pilot.press("a", "n")
        assert app.heard[-1] == (1, 3)
        await pilot.press("n", "n")
        assert app.heard[-1] == (3, 3)
        await pilot.pause()
        assert app.screen_lines()[app.line_of("− old")].startswith("▌105")
        await pilot.press("n")
        await pilot.pause()
        assert app.heard[-1] == (1, 3)
        assert app.screen_lines()[1].startswith("╱")
        await pilot.press("N", "g", "N")
        assert app.heard[-1] == (3, 3)
        await pilot.press("g", "n")
        assert app.heard[-1] == (1, 3)


async def test_a_change_far_to_the_right_comes_into_view() -> None:
    app = DiffApp()
    async with app.run_test(size=WIDE) as pilot:
        long = "word " * 100
        app.view.show([long + "a"], [long + "b"], [DiffLine("changed", 1, 1, ((500, 501),), ((500, 501),))], None)
        await pilot.press("n")
        await pilot.pause()
        assert app.words()[0][-1] == "b"
        await pilot.press(*["h"] * 80)
        await pilot.pause()
        assert app.words()[0][2:4] == ["word", "word"]


@pytest.mark.parametrize("keys", ["v", "a", "va", "vav"])
async def test_the_change_under_the_eye_stays_in_view(keys: str) -> None:
    app = DiffApp()
    async with app.run_test(size=(120, 12)) as pilot:
        app.show()
        await pilot.press("N")
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
            assert "− old" in app.screen_lines()[app.line_of("old")]


async def test_a_long_change_stays_where_it_is_read() -> None:
    app = DiffApp()
    async with app.run_test(size=(120, 12)) as pilot:
        left, right = ([f"{word} {number}" for number in range(100)] for word in ("old", "new"))
        app.view.show(left, right, [DiffLine("changed", number, number) for number in range(1, 101)], None)
        await pilot.press(*["j"] * 40)
        for key, first in zip("vvvGav", ("old 40",) * 3 + ("new 88",) * 3, strict=True):
            await pilot.press(key)
            await pilot.pause()
            assert first in app.screen_lines()[0]


async def test_changed_words_are_lit_over_the_colours_of_the_code() -> None:
    app = DiffApp()
    async with app.run_test(size=WIDE) as pilot:
        app.show()
        await settle(pilot)
        y = app.line_of("read(path)")
        ((_, old),), ((_, new),) = app.tones(y, "path"), app.tones(y, "name")
        (one, beside), (other, beside_right) = app.tones(y, "def")
        assert one == other
        assert len({old, new, beside, beside_right, app.tones(0, "os")[0][1]}) == 5
        assert app.tones(0, "import")[0][0] != app.tones(0, "os")[0][0]


async def test_text_is_there_before_its_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    app = DiffApp()
    monkeypatch.setattr(diff_view, "PAUSE_BEFORE_LEXING", 3600)
    async with app.run_test(size=WIDE) as pilot:
        app.show()
        await pilot.pause()
        assert "import os" in app.screen_lines()[0]
        assert not app.tones(0, "import")


async def test_every_theme_tells_the_sides_apart() -> None:
    app = DiffApp()
    async with app.run_test(size=WIDE) as pilot:
        app.show()
        await settle(pilot)
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
            found = {app.tones(app.line_of(word), word)[0] for word in ("os", "−", "+", "path", "name")}
            assert len(found) == 5, theme
            assert all(colour != background or "DEFAULT" in colour for colour, background in found), theme


async def test_a_text_without_changes_says_so() -> None:
    app = DiffApp()
    async with app.run_test(size=NARROW) as pilot:
        app.view.show(["a"] * 30, ["a"] * 30, [DiffLine("same", number, number) for number in range(1, 31)], None)
        await pilot.press("n", "N", "v", "a", "G")
        await pilot.pause()
        assert app.words()[0] == ["the", "same", "text"]
        assert app.words()[-1] == ["30", "a", "│", "30", "a"]
        assert set(app.heard) == {(0, 0)}
        app.view.clear("nothing to compare")
        await pilot.press("n", "v", "a", "j", "G")
        await pilot.pause()
        assert app.words()[:2] == [["nothing", "to", "compare"], []]
        assert app.view.change_count == 0


async def test_lines_that_are_not_here_are_empty() -> None:
    app = DiffApp()
    async with app.run_test(size=WIDE) as pilot:
        app.view.show(
            [], ["a"], [DiffLine("changed", 1, 1, ((0, 4),), ((0, 9),)), DiffLine("added", None, 7)], "Python"
        )
        await settle(pilot)
        assert app.words()[0] == ["1", "~", "│", "1", "~", "a"]


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_every_payload_is_shown_and_none_acts(size: tuple[int, int]) -> None:
    app = DiffApp()
    async with app.run_test(size=size) as pilot:
        texts = list(PAYLOADS.values())
        pairs = [(text, text[1:]) for text in texts]
        lines = [
            DiffLine("changed", number, number, ((0, max(1, len(left) // 2)),), ((0, len(right)),))
            for number, (left, right) in enumerate(pairs, 1)
        ]
        for title in (PAYLOADS["title"], PAYLOADS["markup action"], PAYLOADS["markup close"]):
            titles = {"left_title": title, "right_title": title, "notice": title}
            app.view.show(texts, [right for _, right in pairs], lines, "Python", **titles)
            await settle(pilot)
            for _ in range(5):
                assert not app.harm()
                assert all(cell_len(line) == size[0] for line in app.screen_lines())
                app.view.action_page_down()
                await pilot.pause()
        assert not app.pwned


async def test_an_escape_in_a_changed_word_is_told_from_the_same_words() -> None:
    app = DiffApp()
    async with app.run_test(size=WIDE) as pilot:
        app.view.show(["\u202e"], ["⟨202E⟩"], [DiffLine("changed", 1, 1, ((0, 1),), ((0, 6),))], None)
        await pilot.pause()
        segments = [segment for segment in app.screen._compositor.render_strips()[0] if "202E" in segment.text]
        assert [bool(segment.style and segment.style.reverse) for segment in segments] == [True, False]


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_only_what_is_on_the_screen_is_built(size: tuple[int, int]) -> None:
    app = DiffApp()
    async with app.run_test(size=size) as pilot:
        left = [f"    value_{number} = call({number}, 'text')  # comment" for number in range(20_000)]
        right = [line.replace("call", "ring") for line in left]
        lines = [DiffLine("changed", number, number, ((18, 22),), ((18, 22),)) for number in range(1, 20_001)]
        app.view.show(left, right, lines, "Python")
        await settle(pilot)
        assert len(app.view._strips) <= 4 * size[1]
        app.view._strips.clear()
        for y in range(size[1]):
            app.view.render_line(y)
        assert size[1] <= len(app.view._strips) <= 2 * size[1]
