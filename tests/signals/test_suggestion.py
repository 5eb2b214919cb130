"""Suggested tiers: points added by hand, the cap on synthetic code, and when bulks may be accepted."""

import math
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import BadInput
from explorer.signals.suggestion.acceptance import least_theta, trials, why_not, wilson_bound
from explorer.signals.suggestion.columns import SUGGESTABLE, columns_of, explain_suggestion, suggestions
from explorer.signals.suggestion.rules import confidence_word, read_rules, suggest, usual_rules

NOTHING: dict[str, Any] = dict.fromkeys(SUGGESTABLE)
KNOWN = {**NOTHING, "license_class": "permissive", "origin": "human", "gates": [], "vendored": False}


def fired(**known: Any) -> set[str]:
    """The rules that fire on a sample of which something is known, by its definition in words."""
    row = {**KNOWN, **known}
    names = {"bias"}

    def has(name: str, least: float) -> bool:
        return row[name] is not None and row[name] >= least

    mature = has("repo_stars", 100) and has("maintenance", 1)
    reviewed = has("review_level", 1)
    names |= {"mature_reviewed"} if mature and reviewed else {"mature"} if mature else set()
    names |= {"organised"} if has("tests_share", 0.5) and has("repo_contributors", 5) else set()
    names |= {"integrated"} if row["integrations"] is not None and len(row["integrations"]) >= 2 else set()
    words = ("tutorial", "course", "homework", "assignment", "exercise", "lesson", "kata", "leetcode", "bootcamp", "learn")
    names |= {"educational"} if any(word in (row["path"] or "").lower() for word in words) else set()
    is_short = row["code_lines"] is not None and row["code_lines"] < 200 and has("comment_share", 0.1)
    alone = row["third_party_imports"] == 0 and row["integrations"] == []
    names |= {"self_contained"} if is_short and alone else set()
    names |= {"machine_made"} if {"G_AUTOGEN", "G_ENCODED"} & set(row["gates"]) or row["vendored"] else set()
    few = row["maintenance"] is not None and row["maintenance"] < 0.1 and row["repo_contributors"] in (0, 1)
    names |= {"solitary"} if row["repo_stars"] == 0 and few else set()
    names |= {"licence_unknown"} if row["license_class"] == "unknown" else set()
    names |= {"quality_high"} if has("quality_pct", 80) else set()
    names |= {"quality_low"} if row["quality_pct"] is not None and row["quality_pct"] <= 20 else set()
    names |= {"handling_high"} if has("error_handling", 0.7) else set()
    names |= {"handling_low"} if row["error_handling"] is not None and row["error_handling"] <= 0.2 else set()
    return names


def expected(**known: Any) -> list[float]:
    """Probabilities of the four tiers, added up by hand."""
    logits = [sum(points) for points in zip(*(usual_rules().points[name] for name in fired(**known)), strict=True)]
    powers = [math.exp(value) for value in logits]
    if known.get("origin") == "synthetic":
        powers[0] = 0.0
    return [power / sum(powers) for power in powers]


rows = st.fixed_dictionaries(
    {},
    optional={
        "repo_stars": st.none() | st.sampled_from((0, 5, 100)),
        "maintenance": st.none() | st.sampled_from((0.0, 0.05, 0.5, 1.0)),
        "repo_contributors": st.none() | st.integers(0, 8),
        "review_level": st.none() | st.sampled_from((0.0, 0.5, 1.0)),
        "tests_share": st.none() | st.sampled_from((0.0, 0.5, 1.0)),
        "third_party_imports": st.none() | st.integers(0, 2),
        "code_lines": st.none() | st.sampled_from((10, 199, 200)),
        "comment_share": st.none() | st.sampled_from((0.0, 0.25)),
        "integrations": st.none() | st.lists(st.sampled_from(("db", "http", "auth")), unique=True),
        "path": st.none() | st.sampled_from(("src/a.py", "my-Tutorial/a.py", "exercises/x.go")),
        "gates": st.lists(st.sampled_from(("G_AUTOGEN", "G_TINY", "G_ENCODED")), unique=True),
        "vendored": st.booleans(),
        "license_class": st.sampled_from(("permissive", "unknown")),
        "quality_pct": st.none() | st.sampled_from((5.0, 20.0, 50.0, 80.0)),
        "error_handling": st.none() | st.sampled_from((0.1, 0.2, 0.5, 0.7)),
        "origin": st.sampled_from(("human", "synthetic", "mixed")),
    },
)


@given(st.lists(rows, min_size=1, max_size=5))
@settings(max_examples=120, deadline=None)
def test_probabilities_are_those_added_up_by_hand(samples: list[dict[str, Any]]) -> None:
    for known in samples:
        found = explain_suggestion({**KNOWN, **known})
        assert found["probabilities"] == pytest.approx(expected(**known), abs=1e-4)
        words = {usual_rules().words[name] for name in fired(**known) - {"bias"}} or {usual_rules().words["bias"]}
        assert set(found["reasons"]) == words


def test_synthetic_code_is_never_suggested_as_tier_1() -> None:
    best = {"repo_stars": 500, "maintenance": 1.0, "review_level": 1.0, "quality_pct": 95.0, "error_handling": 0.9}
    schema = {**KNOWN, **best}
    batch = pa.RecordBatch.from_pylist([{**schema, "row": 0}, {**schema, "row": 1, "origin": "synthetic"}])
    assert suggestions(_typed(batch)).column(1).to_pylist()[0] == 1
    assert suggestions(_typed(batch)).column(1).to_pylist()[1] != 1
    assert explain_suggestion({**schema, "origin": "synthetic"})["probabilities"][0] == 0


def _typed(batch: pa.RecordBatch) -> pa.RecordBatch:
    from explorer.signals.suggestion.columns import _SCHEMA

    names = ["row", *_SCHEMA.names]
    table = pa.RecordBatch.from_pylist(batch.to_pylist(), schema=pa.schema([("row", pa.int64()), *_SCHEMA]))
    return table.select(names)


def test_nothing_known_is_told_as_such() -> None:
    found = explain_suggestion({**KNOWN})
    assert found["reasons"] == ["little is known of most samples"]
    assert [confidence_word(value) for value in (0.3, 0.5, 0.74, 0.75)] == ["low", "medium", "medium", "high"]


def test_rules_that_cannot_be_used_are_told() -> None:
    for text, named in (("[points", "not valid TOML"), ("[points]\nnobody = [1, 2, 3, 4]", "points.nobody")):
        with pytest.raises(BadInput, match=named):
            read_rules(text, "rules.toml")


def test_a_batch_of_rows_is_suggested_for_at_once() -> None:
    batch = _typed(pa.RecordBatch.from_pylist([{**KNOWN, "row": number} for number in range(3)]))
    assert suggest(columns_of(batch)).tiers.tolist() == [4, 4, 4]
    assert suggestions(batch).schema.names == ["row", "suggested_tier", "suggestion_confidence"]


@pytest.mark.parametrize(("right", "of", "passes"), [(73, 73, True), (72, 72, False), (120, 121, True), (108, 109, False), (160, 162, True), (246, 251, True), (0, 0, False)])  # fmt: skip
def test_the_bound_of_wilson_passes_where_it_is_known_to(right: int, of: int, passes: bool) -> None:
    assert (wilson_bound(right, of) >= 0.95) == passes


def test_bulks_begin_at_the_lowest_confidence_that_was_right_often_enough() -> None:
    pairs = [(4, 4, 0.9)] * 80 + [(2, 1, 0.55)] * 20
    found = trials(pairs)
    best = least_theta(found)
    assert best is not None
    assert (best.theta, best.right, best.of) == (0.6, 80, 80)
    assert least_theta(trials(pairs[:50])) is None
    assert "50 of 50" in why_not(trials(pairs[:50]))


def test_the_rules_need_no_learning_library() -> None:
    code = "import sys, explorer.signals.suggestion.columns; print({'sklearn', 'scipy', 'duckdb'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
