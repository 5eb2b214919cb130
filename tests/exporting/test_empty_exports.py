"""An export never succeeds without a row: it is refused, names the true cause, and leaves nothing on the disk."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.cli import run
from explorer.exporting.emptiness import smallest_sample
from explorer.mixing.draw import draw
from explorer.mixing.mix import FINE_TUNING, Mix, Rules, StageMix
from explorer.mixing.plan import TierStock, plan_stage
from tests.corpora import corpus_of, row
from tests.exporting.test_screening import body
from tests.signals.planted import HARD

SECRET = next(secrets[0] for secrets in HARD.values() if "\n" not in secrets[0])


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples of two tiers, and one alone in its tier that holds a secret."""
    rows = [row(body(n) * (n + 1), path=f"{n}.py", repo=f"r{n}", license="MIT", tier=1 + n % 2) for n in range(8)]
    rows.append(row(f"{body(99)}key = {SECRET!r}\n", path="leak.py", repo="c/d", license="MIT", tier=3))
    return corpus_of(tmp_path_factory.mktemp("empty") / "corpus", rows).base


def refusal(base: Path, out: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """Exports what holds no row; returns what was said, in one line."""
    capsys.readouterr()
    code = run(["export", str(base), "--stage", FINE_TUNING, "--out", str(out), *more])
    said = " ".join(capsys.readouterr().err.split())
    assert code == 3, said
    assert not list(out.parent.iterdir())
    return said


def weigh(base: Path, capsys: pytest.CaptureFixture[str], *weights: float, gates: str = "usual") -> None:
    """Sets the weights of the tiers in order."""
    words = [word for tier, weight in enumerate(weights, 1) for word in ("--weight", f"{tier}={weight}")]
    done = run(["mix", str(base), "--stage", FINE_TUNING, "--exact", "--gates", gates, *words])
    assert done == 0, capsys.readouterr().err


def test_a_budget_below_the_smallest_sample_is_named(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weigh(base, capsys, 75, 15, 10, 0)
    capsys.readouterr()
    run(["find", str(base), "tier in (1, 2)", "--columns", "tokens", "--format", "jsonl", "--limit", "0"])
    sizes = [json.loads(line)["tokens"] for line in capsys.readouterr().out.splitlines()]
    said = ""
    for budget in ("1", "2", "20"):
        said = refusal(base, tmp_path / "out", capsys, "--budget", budget)
        assert f"the budget of {budget} token" in said
        assert f"The smallest sample that could be drawn has {min(sizes):,} tokens" in said
    enough = re.findall(r"budget of ([0-9,]+) tokens or more", said)[0].replace(",", "")
    out = tmp_path / "out"
    assert run(["export", str(base), "--stage", FINE_TUNING, "--out", str(out), "--budget", enough]) == 0
    assert json.loads((out / "manifest.json").read_bytes())["rows"] >= 1


def test_an_export_that_loses_every_row_to_secrets_is_refused(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weigh(base, capsys, 0, 0, 100, 0, gates="none")
    said = refusal(base, tmp_path / "out", capsys, "--secrets", "drop", "--budget", "fit")
    assert "every row that was drawn (1) holds a secret" in said
    assert SECRET not in said


def test_weights_that_no_sample_meets_are_named(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weigh(base, capsys, 0, 0, 0, 0)
    assert "no tier has a weight" in refusal(base, tmp_path / "out", capsys)
    weigh(base, capsys, 0, 0, 0, 100)
    said = refusal(base, tmp_path / "out", capsys, "--budget", "1000")
    assert "no tier with a weight has a sample that may be drawn" in said


weights = st.dictionaries(st.sampled_from((1, 2, 3, 4)), st.sampled_from((0.001, 0.1, 5.0, 33.3, 100.0)), min_size=1)
tiers = st.dictionaries(st.sampled_from((1, 2, 3, 4)), st.lists(st.integers(1, 5_000), min_size=1), min_size=1)


@given(weights, tiers, st.sampled_from(("keep", "redistribute")))
def test_the_budget_that_is_advised_draws_a_sample(
    weights: Mapping[int, float], tiers: Mapping[int, list[int]], when_short: str
) -> None:
    rules = Rules(when_short="keep" if when_short == "keep" else "redistribute")
    stock = [TierStock(tier, len(sizes), sum(sizes), len(sizes), sum(sizes)) for tier, sizes in tiers.items()]
    mix = Mix("family", (StageMix(FINE_TUNING, weights, 1),), rules)
    smallest = {tier: min(sizes) for tier, sizes in tiers.items() if tier in weights}
    if not smallest:
        return
    advised = smallest_sample(plan_stage(mix.stage(FINE_TUNING), stock, rules), smallest)
    plan = plan_stage(StageMix(FINE_TUNING, weights, advised.budget), stock, rules)
    given_out = [draw(tiers[part.tier], part.drawn_tokens) for part in plan.tiers if part.drawn_tokens]
    assert any(found.tokens for found in given_out)
