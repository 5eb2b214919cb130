"""Suggestions are those of the published table, reckoned row by row, whatever columns hold."""

import math
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import BadInput
from explorer.tier_suggestion.columns import Suggestable
from explorer.tier_suggestion.deciding import decide
from explorer.tier_suggestion.rules import default_rules, read_rules, say_confidence, suggest

Row = Mapping[str, Any]

TEACHING = re.compile(
    r"tutorial|homework|exercise|leetcode|advent.?of.?code|codeforces|bootcamp"
    r"|(^|[^a-z])(courses?|coursework|assignments?|lessons?|katas?)([^a-z]|$)|(^|/)learn(ing)?([^a-z]|$)",
    re.IGNORECASE,
)
MATURE = ("python/cpython", "torvalds/linux")

KINDS: Mapping[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "review": (pa.float32(), st.sampled_from([0, 0.5, 1])),
    "stars": (pa.int64(), st.sampled_from([0, 1, 99, 100, 5000])),
    "forks": (pa.int64(), st.sampled_from([0, 9, 10, 11])),
    "commits": (pa.int32(), st.sampled_from([0, 9, 10, 99, 100])),
    "active_days": (pa.float64(), st.sampled_from([0, 99.5, 100, 101])),
    "contributors": (pa.int32(), st.sampled_from([0, 1, 2])),
    "repo": (pa.large_string(), st.sampled_from(["python/cpython", "Torvalds/Linux", "me/kata", "a/b", ""])),
    "organisation": (pa.bool_(), st.booleans()),
    "ci": (pa.bool_(), st.booleans()),
    "tests_share": (pa.float32(), st.sampled_from([0, 0.5, 1])),
    "source_kind": (pa.large_string(), st.sampled_from(["Dedicated team", "crawl"])),
    "integrations": (pa.large_list(pa.string()), st.lists(st.sampled_from(["db", "http", "cache"]), max_size=3)),
    "path": (pa.string(), st.sampled_from(["a/Lesson 3/x.py", "sklearn/x.py", "learn-go/x.go", "x", "\x00é"])),
    "third_party_imports": (pa.int32(), st.sampled_from([0, 1])),
    "code_lines": (pa.int32(), st.sampled_from([0, 199, 200])),
    "comment_share": (pa.float64(), st.sampled_from([0.0, 0.1, 0.5])),
    "markdown_share": (pa.float64(), st.sampled_from([0.49, 0.5])),
    "gates": (pa.list_(pa.string()), st.lists(st.sampled_from(["G_AUTOGEN", "G_ENCODED", "G_TINY"]), max_size=2)),
    "vendored": (pa.bool_(), st.booleans()),
    "license_class": (pa.large_string(), st.sampled_from(["permissive", "unknown", ""])),
    "quality_pct": (pa.float64(), st.sampled_from([0, 20, 20.5, 79.5, 80, 100])),
    "error_handling": (pa.float64(), st.sampled_from([0, 0.2, 0.5, 0.7, 1])),
    "origin": (pa.large_string(), st.sampled_from(["human", "synthetic", "mixed", "unknown"])),
}

rows = st.fixed_dictionaries({name: st.none() | values for name, (_, values) in KINDS.items()})


def columns(listed: list[Row]) -> Suggestable:
    """Every column that some row fills; the others are not there at all."""
    filled = {name for row in listed for name, value in row.items() if value is not None}
    arrays = {name: pa.array([row.get(name) for row in listed], KINDS[name][0]) for name in filled}
    return Suggestable(len(listed), **arrays)


def at_least(row: Row, **bounds: float) -> bool:
    return all(row.get(name) is not None and row[name] >= bound for name, bound in bounds.items())


def at_most(row: Row, **bounds: float) -> bool:
    return all(row.get(name) is not None and row[name] <= bound for name, bound in bounds.items())


def fired_of(row: Row) -> dict[str, tuple[float, float, float, float]]:
    """The table of points, rule after rule, and which of them fire for one row."""
    count = None if row.get("integrations") is None else len(row["integrations"])
    counted = {**row, "integrations": count}
    has_bar = at_least(row, stars=100, forks=10, commits=100, active_days=100)
    reviewed = at_least(row, review=1)
    teaches = any(TEACHING.search(row.get(name) or "") for name in ("path", "repo"))
    is_small = at_most(counted, third_party_imports=0, code_lines=199, integrations=0)
    is_foreign = bool({"G_AUTOGEN", "G_ENCODED"} & set(row.get("gates") or ())) or bool(row.get("vendored"))
    table = [
        ("dedicated team", (row.get("source_kind") or "").lower() == "dedicated team" and reviewed, (4, 0, 0, 0)),
        ("mature repository", (row.get("repo") or "").lower() in MATURE, (3, 1, 0, 0)),
        ("established and reviewed", has_bar and reviewed, (2, 1, 0, 0)),
        ("established", has_bar and not reviewed, (0.5, 2, 0, 0)),
        (
            "organisation",
            bool(row.get("organisation")) and bool(row.get("ci")) and at_least(row, tests_share=0.5),
            (0.5, 1.5, 0, 0),
        ),
        ("integration", at_least(counted, integrations=2), (0.25, 1, -0.5, 0)),
        ("teaching", teaches, (-1, -0.5, 3, 0)),
        ("self-contained", is_small and at_least(row, comment_share=0.1), (0, -0.25, 0.75, 0)),
        ("explaining notebook", at_least(row, markdown_share=0.5), (0, 0, 1, 0)),
        ("not written here", is_foreign, (-3, -2, -1, 4)),
        ("nobody watches", at_most(row, stars=0, commits=9, contributors=1), (-0.5, -0.25, 0.25, 1.5)),
        ("licence unknown", row.get("license_class") in (None, "", "unknown"), (-0.5, -0.25, 0, 0.5)),
        ("high quality", at_least(row, quality_pct=80), (0.75, 0.5, 0, -0.5)),
        ("low quality", at_most(row, quality_pct=20), (-0.75, -0.25, 0, 1)),
        ("handles errors", at_least(row, error_handling=0.7), (0.5, 0.5, 0, 0)),
        ("ignores errors", at_most(row, error_handling=0.2), (-0.25, -0.25, 0.25, 0.25)),
        ("synthetic", row.get("origin") == "synthetic", (0, 0, 0, 0)),
    ]
    return {name: points for name, fires, points in table if fires}


def probabilities_of(row: Row) -> list[float]:
    fired = fired_of(row)
    sums = [start + sum(points[at] for points in fired.values()) for at, start in enumerate((-1, 0, 0, 0.5))]
    powers = [math.exp(value) for value in sums]
    if "synthetic" in fired:
        powers[0] = 0.0
    return [power / sum(powers) for power in powers]


def reasons_of(row: Row, tier: int) -> list[str]:
    """Those that lift the suggested tier most above the others come first; equals stay in the order of the table."""
    fired = fired_of(row)
    effects = {name: points[tier - 1] - sum(points) / 4 for name, points in fired.items()}
    return sorted(fired, key=lambda name: -effects[name]) or ["nothing known"]


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, max_size=6))
def test_suggestions_follow_the_table(listed: list[Row]) -> None:
    found = suggest(columns(listed))
    names = [rule.name for rule in default_rules().rules]
    assert found.tier.dtype == np.int8
    assert found.confidence.dtype == found.probabilities.dtype == np.float32
    for at, row in enumerate(listed):
        wanted = probabilities_of(row)
        assert {names[rule] for rule in np.flatnonzero(found.fired[at])} == set(fired_of(row))
        np.testing.assert_allclose(found.probabilities[at], wanted, atol=1e-6)
        assert found.tier[at] == 4 - max(range(4), key=lambda place: (round(wanted[3 - place], 12), -place))
        assert found.confidence[at] == found.probabilities[at].max()


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, min_size=1, max_size=6))
def test_reasons_start_with_the_largest_effect(listed: list[Row]) -> None:
    found = suggest(columns(listed))
    names = found.reason_names().to_pylist()
    for at, row in enumerate(listed):
        assert names[at] == reasons_of(row, int(found.tier[at]))
        told = found.reasons(at)
        assert [reason.name for reason in told] == names[at]
        assert all(reason.when for reason in told)
        assert [reason.effect for reason in told] == sorted((reason.effect for reason in told), reverse=True)


@settings(deadline=None, max_examples=40)
@given(st.lists(rows, min_size=1, max_size=4))
def test_a_synthetic_sample_is_never_tier_1(listed: list[Row]) -> None:
    found = suggest(columns([{**row, "origin": "synthetic"} for row in listed]))
    assert (found.tier > 1).all()
    assert (found.probabilities[:, 0] == 0).all()
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-6)


@settings(deadline=None, max_examples=30)
@given(rows, rows)
def test_a_sample_is_judged_alone(one: Row, other: Row) -> None:
    alone, together = suggest(columns([one])), suggest(columns([other, one]))
    np.testing.assert_array_equal(alone.probabilities[0], together.probabilities[1])


@pytest.mark.parametrize(
    ("row", "tier", "reason"),
    [
        ({}, 4, "licence unknown"),  # -1.5, -0.25, 0, 1
        ({"license_class": "permissive"}, 4, "nothing known"),  # the start alone
        ({"license_class": "permissive", "error_handling": 0.9}, 4, "handles errors"),  # a tie of 2 and 4 goes to 4
        ({"license_class": "permissive", "quality_pct": 95}, 2, "high quality"),
        ({"repo": "https://github.com/Python/CPython.git", "license_class": "permissive"}, 1, "mature repository"),
        ({"repo": "git@github.com:python/cpython.git/", "license_class": "permissive"}, 1, "mature repository"),
        ({"repo": "notpython/cpython", "license_class": "permissive"}, 4, "nothing known"),
        ({"path": "courses/week1/sort.py", "license_class": "permissive"}, 3, "teaching"),
        ({"path": "discourse/app.rb", "repo": "scikit-learn/x", "license_class": "permissive"}, 4, "nothing known"),
        ({"gates": ["G_AUTOGEN"], "quality_pct": 99, "license_class": "permissive"}, 4, "not written here"),
    ],
)
def test_typical_samples(row: Row, tier: int, reason: str) -> None:
    found = suggest(columns([row]))
    assert (found.tier[0], found.reasons(0)[0].name) == (tier, reason)


def invalid_text() -> pa.Array:
    offsets = pa.array([0, 2], pa.int64()).buffers()[1]
    return pa.Array.from_buffers(pa.large_string(), 1, [None, offsets, pa.py_buffer(b"\xff\xfe")])


@pytest.mark.parametrize(
    "strange",
    [
        pa.array([None]),
        pa.array([b"bytes"]),
        pa.array(["text"]),
        pa.array(["text"]).dictionary_encode(),
        pa.array([{"a": 1}]),
        pa.array([[[1]]]),
        pa.array([2**63 - 1]),
        pa.array([float("inf")]),
        pa.array([float("nan")]),
        pa.chunked_array([[1]]),
        pa.chunked_array([], pa.int64()),
        np.array([None], object),
        np.array(["text"]),
        invalid_text(),
    ],
    ids=lambda strange: str(strange.type if hasattr(strange, "type") else strange.dtype),
)
def test_columns_of_any_type_are_read_or_unknown(strange: Any) -> None:
    count = len(strange)
    found = suggest(Suggestable(count, **{name: strange for name in KINDS}))
    assert found.tier.shape == (count,)
    assert np.isfinite(found.probabilities).all()


def test_columns_are_taken_by_name() -> None:
    batch = pa.record_batch({"stars": [0], "commits": [3], "contributors": [1], "weather": ["fine"]})
    assert "nobody watches" in suggest(Suggestable.of(batch)).reason_names().to_pylist()[0]


def test_another_decision_changes_the_reasons() -> None:
    by_rules = suggest(columns([{"path": "kata/x.py", "stars": 0, "commits": 1, "contributors": 1}]))
    assert by_rules.reasons(0)[0].name == "teaching"
    overruled = by_rules.overruled(decide(np.array([[0.0, 0.0, 0.0, 5.0]]), by_rules.barred))
    assert overruled.tier.tolist() == [4]
    assert overruled.reasons(0)[0].name == "nobody watches"


def test_no_sample_gets_no_suggestion() -> None:
    assert suggest(Suggestable(0)).reason_names().to_pylist() == []


@pytest.mark.parametrize(
    ("confidence", "labels", "told"),
    [
        (0.26, 0, "low"),
        (0.5, 0, "medium"),
        (0.7499, 299, "medium"),
        (0.75, 299, "high"),
        (0.75, 300, "75%"),
        (0.994, 5000, "99%"),
    ],
)
def test_confidence_is_a_word_until_labels_stand_behind_it(confidence: float, labels: int, told: str) -> None:
    assert say_confidence(confidence, labels) == told


OWN = """
start = { when = "nothing", points = [0, 0, 0, 0.5] }
lists = { ours = ["Team/Core"] }
[[rule]]
name = "ours"
when = "we wrote it"
points = [2, 0, 0, 0]
any = [{ column = "repo", listed = "ours" }]
[[rule]]
name = "no review known"
when = "nobody says who reviewed it"
points = [0, 1, 0, 0]
all = [{ column = "review", unknown = true }, { column = "stars", unknown = false }]
"""


def test_rules_of_ones_own() -> None:
    found = suggest(
        Suggestable(3, repo=pa.array(["team/core", None, "x"]), stars=pa.array([1, 1, None])), read_rules(OWN)
    )
    assert found.reason_names().to_pylist() == [["ours", "no review known"], ["no review known"], ["nothing known"]]
    assert found.tier.tolist() == [1, 2, 4]


def rule(conditions: str = "", more: str = "") -> str:
    return f'start = {{ when = "x" }}\n[[rule]]\nname = "a"\nwhen = "b"\n{more}\nall = [{conditions}]'


@pytest.mark.parametrize(
    "text",
    [
        "rule =",
        "rule = 3",
        "",
        "start = 3",
        rule('{ column = "colour", least = 1 }'),
        rule('{ column = "stars" }'),
        rule('{ column = "stars", least = 1, most = 2 }'),
        rule('{ column = "stars", least = "many" }'),
        rule('{ column = "stars", least = true }'),
        rule('{ column = "path", matches = "missing" }'),
        rule('{ column = "path", matches = ["("] }'),
        rule('{ column = "gates", holds = [1] }'),
        rule("3"),
        rule(more="points = [1, 2, 3]"),
        rule(more='points = [1, 2, 3, "4"]'),
        rule(more="points = [1, 2, 3, nan]"),
        rule(more="points = 1"),
        rule(more="bars = [5]"),
        rule(more="bars = [[1]]"),
        rule(more="bars = [1, 2, 3, 4]"),
        rule(more='colour = "red"'),
        rule() + '\n[[rule]]\nname = "a"\nwhen = "b"',
    ],
)
def test_what_is_no_rule_file_is_told(text: str) -> None:
    with pytest.raises(BadInput):
        read_rules(text)


def test_rules_load_no_learning() -> None:
    program = "import sys, explorer.tier_suggestion.rules; print(*{name.split('.')[0] for name in sys.modules})"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"sklearn", "scipy", "duckdb", "numba"} & set(ran.stdout.split())
