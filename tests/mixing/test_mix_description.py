"""A plan for scripts and for people."""

import json

from explorer.mixing.describe import as_json, as_text
from explorer.mixing.mix import Mix, Rules, StageMix, default_mix
from explorer.mixing.plan import TierStock, plan_mix

STOCK = tuple(TierStock(tier, 1000, 10 ** (5 + tier), 1000, 10 ** (5 + tier), 900) for tier in (1, 2, 3, 4))
TIER_FIELDS = {"weight", "available_tokens", "drawn_tokens", "epochs", "effective_tokens", "sample_probability"}


def test_json_has_the_promised_shape_and_the_plan_in_it() -> None:
    mix = default_mix()
    plans = plan_mix(mix, STOCK)
    described = as_json(mix, plans)
    assert json.loads(json.dumps(described, allow_nan=False)) == described
    assert list(described["stages"]) == ["pre-training", "continued", "fine-tuning"]
    for plan in plans:
        stage = described["stages"][plan.stage]
        assert stage["budget"] == plan.budget
        assert list(stage["tiers"]) == ["1", "2", "3", "4"]
        for part in plan.tiers:
            told = stage["tiers"][str(part.tier)]
            assert set(told) >= TIER_FIELDS
            assert (told["weight"], told["drawn_tokens"], told["epochs"]) == (
                part.weight,
                part.drawn_tokens,
                part.epochs,
            )
        assert [(each["level"], each["code"], each["text"]) for each in stage["warnings"]] == [
            (each.level, each.code, each.text) for each in plan.warnings
        ]


def test_an_empty_corpus_is_still_valid_json() -> None:
    mix = default_mix()
    json.dumps(as_json(mix, plan_mix(mix, ())), allow_nan=False)
    assert "empty" not in as_text(mix, plan_mix(mix, ()))


def test_text_aligns_its_columns_and_tells_asked_from_drawn() -> None:
    stage = StageMix("fine-tuning", {1: 75.0, 2: 25.0}, 10_000_000)
    mix = Mix("f", (stage,), Rules(when_short="redistribute"))
    lines = as_text(mix, plan_mix(mix, STOCK)).splitlines()
    head, first, second = lines[1], lines[2].split(), lines[3].split()
    assert first[:3] == ["1", "75%", "40%"]
    assert second[:3] == ["2", "25%", "60%"]
    end = head.index("tokens") + len("tokens")
    assert [line[:end].split()[-1] for line in lines[2:4]] == ["4.00M", "6.00M"]
    assert any(line.startswith("  RED    Tier 1 is asked for 7.50M tokens and has 1.00M") for line in lines)


def test_untiered_samples_are_called_none() -> None:
    mix = Mix("f", (StageMix("continued", {0: 100.0}, 1000),), Rules(include_untiered=True))
    stock = (TierStock(0, 10, 10_000, 10, 10_000),)
    plans = plan_mix(mix, stock)
    assert as_json(mix, plans)["stages"]["continued"]["tiers"]["none"]["drawn_tokens"] == 1000
    assert "\n  none   100%" in as_text(mix, plans)
