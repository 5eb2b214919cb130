import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from widgets import finding
from widgets.finding import BadPattern, Match, compile_pattern, find_hidden, find_matches
from widgets.visible import hidden_characters

LINES = st.lists(st.text(st.sampled_from("ab\r\t\x00\u202eé "), max_size=12), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.integers(1, 20))
def test_hidden_characters_are_counted_however_the_text_is_cut(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], piece: int
) -> None:
    monkeypatch.setattr(finding, "PIECE", piece)
    monkeypatch.setattr(finding, "BATCH_LINES", 3)
    hidden = find_hidden(((10, lines),))
    ended = [f"{line}\n" for line in lines]
    assert hidden.total == sum(map(hidden_characters, ended))
    assert hidden.lines == tuple(number for number, line in enumerate(ended, 10) if hidden_characters(line))


@given(LINES, st.text(st.sampled_from("abAB.+("), min_size=1, max_size=3))
def test_matches_are_where_a_plain_search_finds_them(lines: list[str], pattern: str) -> None:
    same_case = pattern != pattern.lower()
    expected = [
        (number, found.start(), found.end())
        for number, line in enumerate(lines, 1)
        for found in re.finditer(re.escape(pattern), line, 0 if same_case else re.IGNORECASE)
    ]
    assert find_matches(((1, lines),), compile_pattern(pattern, False), 2000) == tuple(map(Match._make, expected))


def test_only_what_is_shown_is_searched_and_empty_matches_do_not_count() -> None:
    assert find_matches(((1, ["x" * 10]),), compile_pattern("x", False), 4)[-1] == Match(1, 3, 4)
    assert find_matches(((1, ["abc"]),), compile_pattern("z*", True), 2000) == ()
    assert len(find_matches(((1, ["x" * 50_000]),), compile_pattern("x", False), 50_000)) == finding.MATCHES_KEPT
    with pytest.raises(BadPattern, match="not a regular expression"):
        compile_pattern("[", True)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a*b?)*c", r"x(\d{2,})+", "(?:a+b){2,}"])
def test_a_repeat_in_a_repeat_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern, match="search forever"):
        compile_pattern(pattern, True)


@pytest.mark.parametrize("pattern", ["(a+)b", r"\(a+\)+", "(ab)+", "def (\\w+)", "[(+)]+"])
def test_harmless_repeats_are_taken(pattern: str) -> None:
    assert compile_pattern(pattern, True).pattern == pattern
