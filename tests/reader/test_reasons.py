"""Quality, gates, opt-outs and masks of an open index, held to the plain definitions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer.api.messages.browse import PageRequest, WindowRequest
from explorer.api.messages.clusters import CompareRequest, SimilarRequest
from explorer.api.messages.reasons import (
    CutoffImpactRequest,
    ExplainRequest,
    QualityRequest,
    SuggestedInBulkRequest,
    SuggestedRequest,
)
from explorer.corpus.workspace import Place
from explorer.errors import BadInput
from explorer.exporting.drawing import stock_of
from explorer.open_corpus.explaining import explained
from explorer.open_corpus.session import Session
from explorer.quality.score import read_scale, score, usual_scale
from explorer.selection import Selection
from tests.corpora import answered, corpus_of, indexed, job, odd_rows, open_mix, plenty_rows, row
from tests.signals.planted import HARD

SECRET = HARD["AWS access key"][0]
SCALE = """
version = "mine"
[structure]
weight = 0.5
signals = [{ column = "code_lines", weight = 1, curve = [[0, 0], [40, 1]], rule = "long" }]
[documentation]
weight = 0.5
signals = [
    { column = "comment_share", weight = 0.7, curve = [[0, 0], [1, 1]], rule = "commented" },
    { column = "reasoned_comment_share", weight = 0.3, percentile = true, rule = "reasoned" },
]
"""


def rows_of_several_kinds() -> list[dict[str, Any]]:
    real = Path(__file__).parents[2]
    texts = [path.read_text("utf-8") for path in sorted((real / "explorer").rglob("*.py"))[:60]]
    rows = [
        row(text, path=f"src/{n}.py", repo="me/real", license="MIT", tier=1 + n % 4) for n, text in enumerate(texts)
    ]
    rows += [
        row("MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n"
            "The above copyright notice and this permission notice shall be included\nprovided as is\n",
            path="LICENSE", repo="you/lib"),
        row("def f():\n    return 1\n" * 9, path="lib/a.py", repo="you/lib", tier=2),
        row("# SPDX-License-Identifier: GPL-3.0-only\n" + "x = 1\n" * 12, path="b.py", repo="you/lib", tier=2),
        row(f"import os\n\nkey = {SECRET!r}\n" + "y = 2\n" * 12, path=f"keys/{SECRET}.py", repo="it/leaks",
            license="MIT", tier=1),
        row("# auto-generated\n" + "z = 3\n" * 12, path="gen.py", repo="it/makes", license="MIT", tier=1),
    ]  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("reasons") / "corpus"
    corpus_of(directory, rows_of_several_kinds(), odd_rows())
    return directory


@pytest.fixture
def session(base: Path) -> Iterator[Session]:
    opened = Session(indexed(base))
    yield opened
    opened.close()


def samples(session: Session) -> list[dict[str, Any]]:
    return [session.sample(job(), number) for number in range(session.samples)]


def named(session: Session, path: str) -> dict[str, Any]:
    return next(one for one in samples(session) if (one["path"] or "").startswith(path))


def check_quality(session: Session) -> None:
    """Stored quality is the plain definition's, and the percentile the mid-rank inside the language."""
    known = samples(session)
    for one in known:
        found = score(session.scale, one)
        assert one["quality"] == (None if found.quality is None else pytest.approx(found.quality, abs=1e-3))
        assert one["quality_coverage"] == pytest.approx(found.coverage, abs=1e-5)
        same = [
            other["quality"] for other in known if other["language"] == one["language"] and other["quality"] is not None
        ]
        if one["quality"] is not None:
            rank = sum(q < one["quality"] for q in same) + sum(q == one["quality"] for q in same) / 2
            assert one["quality_pct"] == pytest.approx(100 * rank / len(same), abs=1e-3)


def test_quality_is_its_definition(session: Session) -> None:
    check_quality(session)
    assert named(session, "gen.py")["quality"] <= 25


def test_reweighting_without_reading_again_is_recomputation(base: Path, session: Session) -> None:
    before = [one["quality"] for one in samples(session)]
    (base / ".corpus" / "quality.toml").write_text(SCALE)
    try:
        amended = Session(session.place)
        check_quality(amended)
        overlaid = [(one["quality"], one["quality_pct"], one["structure"]) for one in samples(amended)]
        assert amended.scale.version == "mine"
        amended.close()
        rebuilt = Session(indexed(base))
        assert [(one["quality"], one["quality_pct"], one["structure"]) for one in samples(rebuilt)] == overlaid
        assert [quality for quality, *_ in overlaid] != before
        rebuilt.close()
    finally:
        (base / ".corpus" / "quality.toml").unlink()
        indexed(base)


def test_a_scale_that_cannot_be_used_stops_the_opening(base: Path, session: Session) -> None:
    path = base / ".corpus" / "quality.toml"
    path.write_text("[hygiene")
    try:
        with pytest.raises(BadInput, match="not valid TOML"):
            Session(session.place)
    finally:
        path.unlink()


def test_percentiles_of_signals_are_mid_ranks_of_their_language(session: Session) -> None:
    known = [one for one in samples(session) if one["reasoned_comment_share"] is not None]
    values = [one["reasoned_comment_share"] for one in known]
    for one in known:  # fewer than 200 in any language: all samples are compared
        value = one["reasoned_comment_share"]
        rank = sum(v < value for v in values) + sum(v == value for v in values) / 2
        assert one["reasoned_comment_share_pct"] == pytest.approx(rank / len(values), abs=1e-5)


def test_the_nearest_licence_file_and_the_head_decide(session: Session) -> None:
    nearest, header = named(session, "lib/a.py"), named(session, "b.py")
    assert (nearest["license"], nearest["license_class"], nearest["nearest_license_path"]) == (
        "MIT",
        "permissive",
        "LICENSE",
    )
    assert (header["license"], header["license_class"], header["license_conflict"]) == (
        "GPL-3.0-only",
        "copyleft",
        True,
    )
    assert "G_LICENSE_CONFLICT" in header["gates"]
    told = explained(session, job(), header)["licensing"]
    assert [piece["kind"] for piece in told["evidence"]] == ["header", "directory"]
    assert told["conflict"]


def test_every_gated_sample_shows_its_reason(session: Session) -> None:
    for one in samples(session):
        told = explained(session, job(), one)
        assert [gate["code"] for gate in told["gates"]] == one["gates"]
        assert all(gate["reason"] for gate in told["gates"])
        assert len(told["quality"]["lost"]) <= 5
        assert len(told["quality"]["gained"]) <= 3
        assert ("G_LICENSE" in one["gates"]) == (one["license_class"] == "unknown")


def test_no_secret_leaves_the_reader(session: Session) -> None:
    leaky = named(session, "keys/")
    number = leaky["row"]
    shown = [
        answered(session, WindowRequest(number)),
        answered(session, CompareRequest(number, number)),
        session.sample(job(), number),
        explained(session, job(), leaky),
        answered(session, ExplainRequest(number)),
        answered(session, SimilarRequest(0, 50)),
    ]
    shown.append(answered(session, PageRequest(None, 0, session.samples, ("path", "repo", "id"))))
    for answer in shown:
        assert SECRET not in str(answer)
    window = answered(session, WindowRequest(number))
    assert window.lines[2].startswith("key = 'AKIA••")
    assert window.secrets == ((3, 7, 27, "AWS access key"),)
    assert leaky["secrets"] == ["AWS access key"]
    assert "G_SECRET" in leaky["gates"]


def test_an_opted_out_sample_is_in_no_mix_whatever_is_said(base: Path, session: Session) -> None:
    path = base / ".corpus" / "optout.txt"

    def drawable() -> int:
        return sum(tier.unique_samples for tier in stock_of(session, job(), open_mix())["pre-training"])

    whole = drawable()
    kept = named(session, "src/0.py")
    session.set_labels(job(), [{"id": kept["id"], "sha256": kept["sha256"], "verdict": "keep"}])
    for text, gone in (
        ("repo https://github.com/ME/Real\n", 60), ("# remark\n\npath src/0.py\n", 1), (f"id {kept['id']}\n", 1),
        ("repo ME/real/src/1?.py\n", 10), ("", 0),
    ):  # fmt: skip
        path.write_text(text)
        assert whole - drawable() == gone, text
    path.write_text("id x\nnobody\n")
    with pytest.raises(BadInput, match="line 2: 'nobody' is no opt-out"):
        drawable()
    path.unlink()
    assert drawable() == whole


def test_gates_hold_back_unless_a_verdict_opens_them(base: Path, session: Session) -> None:
    from dataclasses import replace

    from explorer.exporting.drawing import held_back
    from explorer.quality.gates import GateRules

    mix = replace(open_mix(), gates=GateRules(("G_AUTOGEN", "G_SECRET"), 30.0))
    able = [one for one in samples(session) if one["tier"] and one["tokens"] and one["valid_utf8"]]
    counts = {row.reason: row.samples for row in held_back(session, job(), mix)}
    assert counts["G_AUTOGEN"] == sum("G_AUTOGEN" in one["gates"] for one in able)
    assert counts["G_SECRET"] == 1
    assert counts["quality"] == sum(one["quality_pct"] is not None and one["quality_pct"] < 30 for one in able)
    made = named(session, "gen.py")
    before = sum(tier.unique_samples for tier in stock_of(session, job(), mix)["pre-training"])
    session.set_labels(job(), [{"id": made["id"], "sha256": made["sha256"], "verdict": "keep"}])
    assert sum(tier.unique_samples for tier in stock_of(session, job(), mix)["pre-training"]) == before + 1


def test_what_falls_below_a_percentile_is_told_slice_by_slice(session: Session) -> None:
    found = answered(session, CutoffImpactRequest(40, 0)).slices
    whole = next(one for one in found if one.kind == 15)
    able = [one for one in samples(session) if one["tokens"] and one["valid_utf8"]]
    lost = [one for one in able if one["quality_pct"] is not None and one["quality_pct"] < 40]
    assert (whole.samples, whole.samples_lost, whole.samples_lost_now) == (len(able), len(lost), 0)
    for one in (one for one in found if one.kind == 7):
        assert one.samples_lost == sum(sample["tier"] == one.tier for sample in lost)


def test_an_accepted_suggestion_is_a_tier_that_says_where_it_came_from(session: Session) -> None:
    bare = next(one for one in samples(session) if one["tier"] is None and one["suggested_tier"])
    (key,) = answered(session, SuggestedRequest((bare["row"],))).keys
    assert key == (bare["id"], bare["sha256"], bare["suggested_tier"])
    session.set_labels(job(), [{"id": bare["id"], "sha256": bare["sha256"], "accepted": key[2]}])
    now = session.sample(job(), bare["row"])
    assert (now["tier"], now["tier_source"], now["labelled"]) == (bare["suggested_tier"], "suggested", True)
    session.set_labels(job(), [{"id": bare["id"], "sha256": bare["sha256"], "accepted": key[2], "tier": 1}])
    assert session.sample(job(), bare["row"])["tier_source"] == "label"


def test_bulks_are_refused_until_suggestions_were_right_often_enough(session: Session) -> None:
    asked = answered(session, SuggestedInBulkRequest(Selection()))
    assert (asked.limit, asked.keys) == (None, ())
    assert "0 of 0" in asked.why_not


def test_the_spread_counts_every_known_quality(session: Session) -> None:
    found = answered(session, QualityRequest())
    for tier in found.tiers:
        assert sum(tier.bins) == tier.known
    assert sum(tier.samples for tier in found.tiers) == session.samples
    assert (found.agreement.labels, found.agreement.rho.missing) == (0, "too few labels")


def test_filters_know_the_new_columns(session: Session) -> None:
    view = session.show_view(job(), Selection("quality_pct > 50 and list_contains(gates, 'G_TINY') and code_lines < 9"))
    assert view.rows == sum(
        one["quality_pct"] is not None
        and one["quality_pct"] > 50
        and "G_TINY" in one["gates"]
        and one["code_lines"] < 9
        for one in samples(session)
    )


def test_the_usual_scale_is_read_once() -> None:
    assert usual_scale() is usual_scale()
    assert read_scale(SCALE, "x").digest != usual_scale().digest


def test_a_large_corpus_is_suggested_for_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.loading.SUGGESTED_ROWS", 7)
    place: Place = corpus_of(tmp_path / "c", plenty_rows(40))
    opened = Session(place)
    assert all(one["suggested_tier"] in (1, 2, 3, 4) for one in samples(opened))
    opened.close()
