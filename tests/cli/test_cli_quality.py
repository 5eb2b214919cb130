"""Quality, gates and reasons without a screen: field names, filters, and what a mix says it holds back."""

from pathlib import Path

import pytest

from explorer.mixing.mix_file import load_mix
from explorer.quality.gates import GATES
from tests.cli.conftest import Cli
from tests.corpora import corpus_of, odd_rows, plenty_rows


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return corpus_of(tmp_path / "corpus", plenty_rows(60), odd_rows()).base


@pytest.mark.parametrize("by", ["tier", "origin", "language"])
def test_stats_add_up_to_the_corpus(cli: Cli, base: Path, by: str) -> None:
    document = cli("stats", base, "--by", by, "--json").document
    found = cli("find", base, "--limit", "0", "--columns", f"{by},quality", "--json").document["rows"]
    assert sum(group["samples"] for group in document["groups"]) == len(found)
    for group in document["groups"]:
        values = sorted(r["quality"] for r in found if r[by] == group["group"][by] and r["quality"] is not None)
        told = group["metrics"]["quality"]
        assert told["known"] == len(values)
        assert values[0] - 1e-6 <= told["low"] <= told["value"] <= told["high"] <= values[-1] + 1e-6
    assert document["agreement"]["rho"]["missing"] == "too few labels"
    assert "too few labels" in cli("stats", base, "--by", by).out


def test_show_tells_every_reason(cli: Cli, base: Path) -> None:
    (line, *_) = cli("find", base, "gates <> []", "--columns", "id,quality,gates", "--json").document["rows"]
    document = cli("show", base, line["id"], "--json").document
    quality = document["quality"]
    assert quality["score"] == pytest.approx(line["quality"], abs=1e-3)
    assert set(quality) >= {"score", "percentile", "coverage", "lost", "gained", "dimensions", "version"}
    for part in (*quality["lost"], *quality["gained"]):
        assert set(part) == {"signal", "dimension", "points", "value", "percentile", "reason"}
    assert [gate["code"] for gate in document["gates"]] == line["gates"]
    assert set(document["tier"]) >= {"value", "source", "suggested", "confidence", "reasons"}
    told = cli("show", base, line["id"]).out
    assert f"quality   {quality['score']:.0f} of 100" in told
    assert all(f"{code}: {GATES[code]}" in told for code in line["gates"])


def test_gates_and_the_least_quality_are_set_and_counted(cli: Cli, base: Path) -> None:
    held = {row["reason"]: row for row in cli("mix", base, "--json").document["held_back"]}
    assert held["G_LICENSE"]["samples"] > 0
    assert "held back: G_LICENSE" in cli("mix", base).out
    assert cli("mix", base, "--gates", "G_TINY, G_PARSE", "--least-quality", "30").code == 0
    rules = load_mix(base / ".corpus" / "mix.toml").gates
    assert (set(rules.exclude), rules.least_quality) == ({"G_TINY", "G_PARSE", "G_OPTOUT"}, 30)
    assert "quality below percentile 30" in cli("mix", base).out
    assert cli("mix", base, "--gates", "none", "--least-quality", "0").code == 0
    assert cli("mix", base, "--json").document["held_back"] == []
    wrong = cli("mix", base, "--gates", "G_NOBODY")
    assert (wrong.code, "names no gates" in wrong.err) == (2, True)


def test_info_counts_what_stands_behind_each_gate(cli: Cli, base: Path) -> None:
    gates = cli("info", base, "--json").document["gates"]
    for code, sums in gates.items():
        found = cli("find", base, f"list_contains(gates, '{code}')", "--limit", "0", "--json").document
        assert sums["samples"] == found["samples"]


def test_an_export_of_nothing_says_which_gates_are_closed(cli: Cli, base: Path, tmp_path: Path) -> None:
    assert cli("mix", base, "--gates", "all", "--least-quality", "100").code == 0
    ran = cli("export", base, "--stage", "fine-tuning", "--out", tmp_path / "out")
    assert ran.code == 3
    assert "gates hold samples back" in ran.err
    assert "quality" in ran.err


def test_a_bad_scale_and_a_bad_list_are_told(cli: Cli, base: Path, tmp_path: Path) -> None:
    (base / ".corpus" / "quality.toml").write_text("[hygiene]\nweight = 3\n")
    ran = cli("info", base)
    assert (ran.code, "quality.toml" in ran.err) == (2, True)
    (base / ".corpus" / "quality.toml").unlink()
    (base / ".corpus" / "optout.txt").write_text("nobody\n")
    ran = cli("info", base)
    assert (ran.code, "line 1" in ran.err) == (2, True)
