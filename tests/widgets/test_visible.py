import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.widgets.payloads import FORBIDDEN, PAYLOADS, forbidden_in
from widgets.visible import hidden_characters, shown_line, visible, visible_line, visible_spans

NASTY = st.text(st.one_of(st.characters(), st.sampled_from("\t\r\n\x1b\x00\ud800\u202e\u0301\ufe0f⟨漢a ")), max_size=60)
LOOKS_BLANK = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0}
SELECTORS = {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x180B, 0x180C, 0x180D, 0x180F}
JOINING = {*range(0x1F3FB, 0x1F400), *range(0x1161, 0x1200), *range(0xD7B0, 0xD800)}


def must_be_escaped(character: str) -> bool:
    """The rule, said once more in its slowest form."""
    category = unicodedata.category(character)
    code = ord(character)
    if character in "\n\t":
        return False
    return category in FORBIDDEN or (category == "Zs" and code != 0x20) or code in LOOKS_BLANK | SELECTORS | JOINING


def test_every_code_point_is_shown_or_escaped() -> None:
    for start in range(0, 0x110000, 0x1000):
        codes = [code for code in range(start, start + 0x1000) if code not in (9, 10)]
        line = "x".join(map(chr, codes)).join("xx")
        shown = shown_line(line, columns=10**6)
        assert not forbidden_in(shown.text)
        expected = [chr(code) for code in codes if must_be_escaped(chr(code))]
        assert len(shown.escapes) == len(expected), hex(start)
        untouched = {chr(code) for code in codes} - set(expected)
        assert untouched <= set(shown.text)


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_acts_on_the_terminal(name: str) -> None:
    assert not forbidden_in(visible(PAYLOADS[name]).replace("\n", ""))
    assert not forbidden_in(visible_line(PAYLOADS[name]))


@given(NASTY)
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert not forbidden_in(shown.replace("\n", ""))
    assert visible(shown) == shown
    assert shown.count("\n") == text.count("\n")


@given(NASTY, st.integers(1, 30))
def test_a_line_never_takes_more_cells_than_it_may(text: str, columns: int) -> None:
    shown = visible_line(text, columns)
    assert cell_len(shown) <= columns
    assert not forbidden_in(shown)


@given(NASTY)
def test_hidden_characters_are_counted_one_by_one(text: str) -> None:
    total = run = 0
    for place, character in enumerate(text):
        piles_up = not must_be_escaped(character) and unicodedata.category(character)[0] == "M"
        run = run + 1 if piles_up else 0
        ends_a_line = character == "\r" and text[place + 1 : place + 2] == "\n"
        total += run > 4 or (must_be_escaped(character) and not ends_a_line)
    assert hidden_characters(text) == total


@given(st.text(st.sampled_from("abc\t\x1b\u202e漢\u0301 "), max_size=40))
def test_a_place_in_a_line_is_found_in_what_is_shown(line: str) -> None:
    shown = shown_line(line)
    for offset, character in enumerate(line):
        if character in "abc漢 ":
            assert shown.text[shown.place(offset)] == character
    assert shown.place(len(line)) == len(shown.text)


def test_an_escape_differs_from_the_same_words_in_the_text() -> None:
    text, spans = visible_spans("\u202e says ⟨202E⟩\n\x00 and ␀")
    assert text == "⟨202E⟩ says ⟨202E⟩\n␀ and ␀"
    assert [text[start:end] for start, end in spans] == ["⟨202E⟩", "␀"]
    assert spans[0] == (0, 6)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb", "a␍\nb"),
        ("a\rb", "a␍b"),
        ("\tx", "→   x"),
        ("abc\tx", "abc→x"),
        ("漢\tx", "漢→ x"),
        ("\x1b]52;c;x\x07", "␛]52;c;x␇"),
        ("\x9b1m", "⟨009B⟩1m"),
        ("a" + "\u0301" * 9, "a" + "\u0301" * 4 + "⟨+5 marks⟩"),
        ("x\n\u0301", "x\n◌\u0301"),
        ("\ud800", "⟨D800⟩"),
    ],
)
def test_signs(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_cut_is_said() -> None:
    assert visible("x" * 10_000_000).startswith("x" * 4096 + " ⟨line cut at 4,096 of ")
    assert visible("x" * 10_000_000).endswith("\n⟨cut at 1,000,000 of 10,000,000 characters⟩")
    assert visible("\n" * 5000).split("\n")[2000:] == ["⟨cut at 2,000 of 5,001 lines⟩"]
    assert visible("\u202e" * 5000).startswith("⟨202E⟩" * (4096 // 6) + " ⟨line cut")
    assert visible("x\n" * 1999 + "x") == "x\n" * 1999 + "x"


def test_it_needs_no_screen() -> None:
    program = "import sys, widgets.visible, widgets.numbers; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
