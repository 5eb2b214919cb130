import pytest
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.message import Message
from textual.pilot import Pilot

from tests.widgets.payloads import PAYLOADS, WatchedApp
from widgets import code_view
from widgets.code_view import BadPattern, CodeView
from widgets.highlighting import CHARACTERS_LEXED, highlight, lexer_for

PYTHON = "import os\n\n\nclass Reader:\n    '''Reads.'''\n\n    def read(self):\n        return 1  # once\n"


class CodeApp(WatchedApp):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield CodeView()

    def on_mount(self) -> None:
        self.view.focus()

    @property
    def view(self) -> CodeView:
        return self.query_one(CodeView)

    def on_code_view_lines_wanted(self, message: CodeView.LinesWanted) -> None:
        self.heard.append(message)

    def on_code_view_matches_found(self, message: CodeView.MatchesFound) -> None:
        self.heard.append(message)

    def on_code_view_hidden_counted(self, message: CodeView.HiddenCounted) -> None:
        self.heard.append(message)


async def settle(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def colours(app: CodeApp, word: str) -> set[str]:
    """The colours in which a word stands on the screen."""
    strips = app.screen._compositor.render_strips()
    found = [segment for strip in strips for segment in strip if segment.text.strip() == word]
    return {str(segment.style.color.triplet) for segment in found if segment.style and segment.style.color}


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 45)])
async def test_text_is_there_at_once_and_colours_follow(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    app = CodeApp()
    monkeypatch.setattr(code_view, "PAUSE_BEFORE_LEXING", 3600)
    async with app.run_test(size=size) as pilot:
        app.view.show(PYTHON, "Python")
        await pilot.pause()
        lines = app.screen_lines()
        assert [line.split() for line in lines[:4]] == [["1", "import", "os"], ["2"], ["3"], ["4", "class", "Reader:"]]
        assert all(cell_len(line) == size[0] for line in lines)
        assert not colours(app, "class")
        monkeypatch.undo()
        app.view.show(PYTHON, "Python")
        await settle(pilot)
        assert colours(app, "class")
        app.theme = "textual-light"
        dark = colours(app, "class")
        await pilot.pause()
        assert colours(app, "class") != dark


def test_colours_stand_where_the_tokens_are() -> None:
    lines = PYTHON.split("\n")
    spans = highlight(lines, "python")
    assert len(spans) == len(lines)
    words = {line[start:end]: style for line, each in zip(lines, spans, strict=True) for start, end, style in each}
    assert words["class"] == words["def"] != words["# once"]
    assert "Reader" in words
    assert type(lexer_for("C++")) is type(lexer_for("cpp"))
    assert lexer_for("no such language") is None
    assert highlight(["x"], None) == highlight(["x"], "no such language") == ()
    assert sum(map(len, highlight(["x = 1"] * CHARACTERS_LEXED, "python"))) < CHARACTERS_LEXED
    assert highlight(["y = 1", "x" * 5000, "z = 2"], "python")[1] == ()


async def test_only_what_is_on_the_screen_is_built() -> None:
    app = CodeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show("\n" * 1_000_000, None)
        await pilot.pause()
        assert len(app.view._lines) <= 24
        await pilot.press("G")
        await pilot.pause()
        assert app.screen_lines()[-1].split() == ["1000001"]
        assert len(app.view._lines) <= 48
        app.view.show("x" * 10_000_000, "Python")
        await settle(pilot)
        await pilot.press(*["l"] * 3, "g")
        app.view.action_sideways(1990)
        await pilot.pause()
        assert "⟨line cut at 2,000 of 10,000,000 characters⟩" in app.screen_lines()[0]


async def test_a_longer_text_is_asked_for_window_by_window() -> None:
    app = CodeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        text = [f"line {number}" for number in range(1, 5001)]
        app.view.show(text[:100], None, total_lines=5000, notice="of 5,000 lines")
        await pilot.pause()
        assert app.screen_lines()[0].startswith(" of 5,000 lines")
        assert not app.heard or isinstance(app.heard[0], CodeView.HiddenCounted)
        app.view.action_bottom()
        await pilot.pause()
        assert "⋯" in app.screen_lines()[-1]
        wish = [message for message in app.heard if isinstance(message, CodeView.LinesWanted)][-1]
        assert wish.first + wish.count - 1 == 5000
        app.view.add_lines(wish.first, text[wish.first - 1 : wish.first - 1 + wish.count])
        await pilot.pause()
        assert app.screen_lines()[-1].split() == ["5000", "line", "5000"]
        app.view.go_to_line(2500)
        await pilot.pause()
        wish = [message for message in app.heard if isinstance(message, CodeView.LinesWanted)][-1]
        assert wish.first <= 2500 < wish.first + wish.count
        app.view.add_lines(wish.first, text[wish.first - 1 : wish.first - 1 + wish.count])
        await pilot.pause()
        assert any(line.split()[:3] == ["2500", "line", "2500"] for line in app.screen_lines())


async def test_matches_are_found_counted_and_walked() -> None:
    app = CodeApp()
    async with app.run_test(size=(60, 10)) as pilot:
        app.view.show("\n".join(f"row {number} {'needle' * (number % 20 == 0)}" for number in range(100)), None)
        app.view.find("NEEDLE")
        await settle(pilot)
        assert app.heard[-1] == CodeView.HiddenCounted(0) or isinstance(app.heard[-1], CodeView.MatchesFound)
        app.view.find("needle")
        await settle(pilot)
        found = [message for message in app.heard if isinstance(message, CodeView.MatchesFound)]
        assert (found[0].current, found[0].total) == (0, 0)
        assert (found[-1].current, found[-1].total, found[-1].is_whole) == (1, 5, True)
        await pilot.press("n", "n")
        await pilot.pause()
        assert any("row 40" in line for line in app.screen_lines())
        await pilot.press("N", "N", "N")
        await pilot.pause()
        assert any("row 80" in line for line in app.screen_lines())
        app.view.find(r"row \d{2}\b", regex=True)
        await settle(pilot)
        assert app.heard[-1].total == 90
        with pytest.raises(BadPattern, match="not a regular expression"):
            app.view.find("(", regex=True)


async def test_hidden_characters_are_counted_and_visited() -> None:
    app = CodeApp()
    async with app.run_test(size=(60, 10)) as pilot:
        lines = ["plain\r"] * 100
        lines[30] = "x\u202ey\u2066"
        lines[70] = "z\x00"
        app.view.show("\n".join([*lines, ""]), "C")
        await settle(pilot)
        assert app.view.hidden_count == 3
        await pilot.press("i")
        await pilot.pause()
        assert any("31!" in line and "⟨202E⟩" in line for line in app.screen_lines())
        await pilot.press("i")
        await pilot.pause()
        assert any("71!" in line and "z␀" in line for line in app.screen_lines())
        assert sum("!" in line for line in app.screen_lines()) == 1


async def test_an_escape_is_reversed_and_the_same_words_are_not() -> None:
    app = CodeApp()
    async with app.run_test(size=(60, 10)) as pilot:
        app.view.show("\u202e ⟨202E⟩", None)
        await pilot.pause()
        segments = [segment for segment in app.screen._compositor.render_strips()[0] if "202E" in segment.text]
        assert [bool(segment.style and segment.style.reverse) for segment in segments] == [True, False]


async def test_the_mouse_copies_what_is_shown() -> None:
    app = CodeApp()
    async with app.run_test(size=(60, 10)) as pilot:
        app.view.show("漢字 first\nsecond \x1b]52;c;x\x07\nthird", None)
        await pilot.pause()
        gutter = app.view._gutter
        await pilot.mouse_down(CodeView, offset=Offset(gutter + 5, 0))
        await pilot.hover(CodeView, offset=Offset(gutter + 3, 1))
        await pilot.hover(CodeView, offset=Offset(gutter + 4, 2))
        await pilot.mouse_up(CodeView, offset=Offset(gutter + 4, 2))
        await pilot.pause()
        copied = app.screen.get_selected_text()
        assert copied is not None
        assert copied.startswith("first\nsecond ␛]52;c;x␇\nthir")


async def test_every_payload_is_shown_and_none_acts() -> None:
    app = CodeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.view.show("\n".join(PAYLOADS.values()), "Python", notice=PAYLOADS["title"])
        await settle(pilot)
        for _ in range(4):
            assert not app.harm()
            app.view.action_page_down()
            await pilot.pause()
        app.view.find("]", regex=False)
        await settle(pilot)
        assert not app.harm()
