"""Each rule hits what it is for and lets the careful way pass; what stands in a comment does not count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.safety import weaknesses
from explorer.safety.weakness_rules import FAMILIES, WEIGHTS, family_of, weakness_rules
from explorer.safety.weaknesses import Weakness, find_weaknesses, weaknesses_at
from tests.signals.weakness_cases import CASES

RULED = list(zip(weakness_rules(), CASES, strict=True))
IDS = [f"{case[0]}: {rule.name}" for rule, case in RULED]
COMMENTED = {
    "# eval(text)": "Python",
    "x = 1  # never eval(text)": "Python",
    "// gets(line)": "C",
    " * gets(line) is not safe": "C",
    "x = 1; /* gets(line) */": "C",
    "# define sprintf(a, ...) my_sprintf(a)": "C",
    "  strict: secure ? !!options.rejectUnauthorized : false,": "JavaScript",
    "// don't eval(text)": "JavaScript",
    "# curl https://x.sh | sh": "Shell",
    "<?php # eval($code);": "PHP",
}
NOT_COMMENTED = {
    "url = 'a#b'; eval(text)": "Python",
    "fetch('http://x'); eval(text)": "JavaScript",
    'x = "//"; gets(line);': "C",
    "echo ${x#y}; curl https://x.sh | sh": "Shell",
    "say('it', \"isn't\"); eval(text)": "JavaScript",
}
LINES = [*(line for case in CASES for line in case[1:]), "", "x", "'", '"', "#", "//"]


def rules_hit(text: str, language: str) -> list[str]:
    return [found.rule for found in find_weaknesses(text.encode(), language)]


@pytest.mark.parametrize(("rule", "case"), RULED, ids=IDS)
def test_a_rule_hits_its_weakness_on_its_line(rule: weaknesses.WeaknessRule, case: tuple[str, str, str]) -> None:
    language, hit, _ = case

    assert family_of(language) == rule.family
    assert find_weaknesses(f"\n\n{hit}\n".encode(), language) == (Weakness(rule.name, rule.severity, 3),)


@pytest.mark.parametrize(("rule", "case"), RULED, ids=IDS)
def test_the_careful_way_passes(rule: weaknesses.WeaknessRule, case: tuple[str, str, str]) -> None:
    language, _, near_miss = case

    assert rules_hit(f"\n{near_miss}\n", language) == []


def test_the_table_is_sound() -> None:
    for rule in weakness_rules():
        assert rule.severity in WEIGHTS
        assert rule.words == f"{rule.name} (CWE-{rule.cwe})"
        assert all(len(anchor) >= 4 for anchor in rule.anchors)
    assert {rule.family for rule in weakness_rules()} == set(FAMILIES)


@pytest.mark.parametrize(("text", "language"), COMMENTED.items())
def test_a_comment_does_not_count(text: str, language: str) -> None:
    assert rules_hit(text, language) == []


@pytest.mark.parametrize(("text", "language"), NOT_COMMENTED.items())
def test_a_mark_in_quotes_begins_no_comment(text: str, language: str) -> None:
    assert len(rules_hit(text, language)) == 1


@pytest.mark.parametrize("language", [None, "", "Markdown", "Python "])
def test_other_languages_have_none(language: str | None) -> None:
    assert find_weaknesses(b"eval(text)\ngets(line);", language) == ()


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=6).map("\n".join), st.sampled_from([*FAMILIES]))
def test_both_ways_agree_and_lines_ascend(text: str, family: str) -> None:
    raw = text.encode()
    short = weaknesses_at(raw, weaknesses._short_hits(raw, family))

    assert weaknesses_at(raw, weaknesses._long_hits(raw, family)) == short
    assert [found.line for found in short] == sorted(found.line for found in short)
    assert len(set(short)) == len(short)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([names[0] for names in FAMILIES.values()]))
def test_any_bytes_are_searched(text: bytes, language: str) -> None:
    find_weaknesses(text, language)


@pytest.mark.parametrize(
    ("unit", "language"),
    [
        ("eval(", "Python"),
        ("yaml.load((", "Python"),
        ('execute("', "Python"),
        ("random.choice(", "Python"),
        ("exec(`", "JavaScript"),
        ("innerHTML=", "JavaScript"),
        ('"eval(', "JavaScript"),
        ("checkServerTrusted(", "Java"),
        ("curl ", "Shell"),
        ("echo $_GET", "PHP"),
    ],
)
def test_many_anchors_on_one_line_end(unit: str, language: str) -> None:
    find_weaknesses(unit.encode() * (300_000 // len(unit)), language)


def test_one_line_of_ten_megabytes_is_read() -> None:
    assert len(find_weaknesses(b"x = 1; " * 1_430_000 + b"eval(x)", "Python")) == 1
