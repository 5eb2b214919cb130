"""The learned suggestion starts from the rules, explains itself exactly, and takes over only when it is better."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import BadInput
from explorer.tier_suggestion.deciding import softmax
from explorer.tier_suggestion.encoding import Encoding, Evidence
from explorer.tier_suggestion.learned import Learned, Linear, Trees, learn
from explorer.tier_suggestion.temperature import LOG_BOUNDS, fit_temperature, negative_log_likelihood
from explorer.tier_suggestion.trial import macro_f1, switch_on

pytest.importorskip("sklearn")
optimize = pytest.importorskip("scipy.optimize")
metrics = pytest.importorskip("sklearn.metrics")

Floats = npt.NDArray[np.float64]


def evidence_of(tiers: npt.NDArray[Any], noise: float, seed: int) -> Evidence:
    """Rules that are right only now and then, a signal that tells the tier, and columns that tell nothing."""
    chance, count = np.random.default_rng(seed), len(tiers)
    signal = tiers + noise * chance.normal(size=count)
    gapped = pa.array(signal, mask=chance.random(count) < 0.2)
    return Evidence(
        chance.normal(size=(count, 4)) + np.eye(4)[tiers - 1],
        {"telling": gapped, "squared": (signal - 2.5) ** 2, "idle": chance.random(count), "empty": pa.nulls(count)},
        tokens=pa.array(chance.integers(0, 5000, count)),
        language=pa.array(chance.choice(["Python", "Go", None], count)),
        source_kind=None,
    )


@pytest.fixture(scope="module")
def tiers() -> npt.NDArray[np.int64]:
    return np.random.default_rng(1).integers(1, 5, 200)


@pytest.fixture(scope="module")
def evidence(tiers: npt.NDArray[np.int64]) -> Evidence:
    return evidence_of(tiers, 0.5, 2)


@pytest.fixture(scope="module")
def repos() -> list[str | None]:
    return [f"team/{number}" for number in np.random.default_rng(3).integers(0, 40, 200)]


@pytest.fixture(scope="module")
def learned(evidence: Evidence, tiers: npt.NDArray[np.int64], repos: list[str | None]) -> Learned:
    return learn(evidence, tiers, repos)


def test_it_learns_what_the_rules_do_not_know(learned: Learned, evidence: Evidence, tiers: Any) -> None:
    held_out = learned.held_out.argmax(axis=1) + 1
    by_rules = evidence.logits.argmax(axis=1) + 1
    assert (held_out == tiers).mean() > (by_rules == tiers).mean() + 0.15


def test_the_same_labels_give_the_same_model(
    learned: Learned, evidence: Evidence, tiers: Any, repos: list[str | None]
) -> None:
    again = learn(evidence, tiers, repos)
    np.testing.assert_array_equal(again.held_out, learned.held_out)
    np.testing.assert_array_equal(again.logits(evidence), learned.logits(evidence))
    assert (again.strength, again.temperature, again.loss) == (learned.strength, learned.temperature, learned.loss)


def test_held_out_means_that_the_repository_was_not_seen(
    learned: Learned, evidence: Evidence, tiers: Any, repos: list[str | None]
) -> None:
    """Turning all labels of one fold upside down leaves what is held out for that fold as it was, temperature aside."""
    from sklearn.model_selection import GroupKFold

    from explorer.quality.resampling import number_groups

    groups = number_groups(repos)
    fold = next(iter(GroupKFold(5).split(groups, groups=groups)))[1]
    turned = np.array(tiers)
    turned[fold] = 5 - turned[fold]
    other = learn(evidence, turned, repos)
    if other.strength == learned.strength:
        warm = np.log(learned.held_out[fold]) * learned.temperature
        np.testing.assert_allclose(softmax(np.log(other.held_out[fold]) * other.temperature), softmax(warm), atol=1e-9)


@pytest.mark.parametrize("tier", [1, 4])
def test_explanations_add_up(learned: Learned, evidence: Evidence, tier: int) -> None:
    assert isinstance(learned.model, Linear)
    for row in (0, 17, 199):
        parts = learned.explain(evidence, row, tier)
        total = sum(part.points for part in parts) + learned.model.intercepts[tier - 1]
        assert total / learned.temperature == pytest.approx(learned.logits(evidence)[row, tier - 1])
        assert {part.name for part in parts} >= {"rules for tier 1", "telling", "telling unknown", "log tokens", "Go"}
        sizes = [abs(part.points) for part in parts]
        assert sizes == sorted(sizes, reverse=True)


def test_barred_tiers_stay_barred(learned: Learned, evidence: Evidence) -> None:
    barred = np.zeros((len(evidence), 4), bool)
    barred[::2, 0] = True
    found = learned.decide(evidence, barred)
    assert (found.tier[::2] > 1).all()
    assert (found.tier[1::2] == 1).any()
    assert (learned.held_out_tiers(barred)[::2] > 1).all()
    np.testing.assert_allclose(found.probabilities[1::2], softmax(learned.logits(evidence))[1::2], atol=1e-6)


def test_unseen_evidence_may_hold_anything(learned: Learned) -> None:
    strange = Evidence(
        np.zeros((3, 4)),
        {"telling": np.array([np.inf, np.nan, 1e300]), "idle": pa.array(["a", None, "b"])},
        tokens=pa.array([-5, None, 2**62]),
        language=pa.array(["Cobol", None, "Go"]),
        source_kind=pa.array([1, 2, 3]),
    )
    assert np.isfinite(learned.logits(strange)).all()
    assert learned.logits(strange.take(slice(0, 0))).shape == (0, 4)


@pytest.mark.parametrize("present", [(2, 4), (1, 2, 3)])
def test_tiers_without_labels_are_not_suggested(present: tuple[int, ...]) -> None:
    chosen = np.resize(present, 60)
    evidence = evidence_of(chosen, 0.3, 4)
    found = learn(evidence, chosen, [None] * 60)
    suggested = softmax(found.logits(evidence))
    missing = [tier - 1 for tier in (1, 2, 3, 4) if tier not in present]
    assert (suggested[:, missing] == 0).all()
    assert (suggested.argmax(axis=1) + 1 == chosen).mean() > 0.8


def test_a_fold_may_lack_a_tier() -> None:
    chosen = np.array([1] * 30 + [4] * 30)
    found = learn(evidence_of(chosen, 0.3, 4), chosen, ["a"] * 30 + ["b"] * 30)
    assert np.isfinite(found.loss)


def test_trees_need_labels_and_a_lower_loss() -> None:
    """The tier hangs on how far a signal is from its middle: no line tells that, a tree does."""
    signal = np.random.default_rng(9).uniform(-1, 1, 160)
    chosen = 1 + (np.abs(signal) > 0.5)
    evidence = Evidence(np.zeros((160, 4)), {"signal": signal})
    repos: list[str | None] = [f"team/{number % 3}" for number in range(160)]
    assert isinstance(learn(evidence, chosen, repos, trees_from=161).model, Linear)
    found = learn(evidence, chosen, repos, trees_from=160)
    assert isinstance(found.model, Trees)
    assert found.explain(evidence, 0, 1) == ()
    assert (softmax(found.logits(evidence)).argmax(axis=1) + 1 == chosen).mean() > 0.9
    assert (found.logits(evidence)[:, 2:] == -np.inf).all()


@pytest.mark.parametrize(
    ("tiers", "repos"),
    [([], []), ([1, 1], ["a", "b"]), ([1, 2], ["a", "a"]), ([0, 1], ["a", "b"]), ([1, 5], ["a", "b"])],
)
def test_nothing_to_learn_from_is_told(tiers: list[int], repos: list[str | None]) -> None:
    with pytest.raises(BadInput):
        learn(Evidence(np.zeros((len(tiers), 4))), tiers, repos)


def test_encoding_follows_its_definition() -> None:
    evidence = Evidence(
        np.arange(12.0).reshape(3, 4),
        {"a": pa.array([1.0, None, 4.0]), "same": np.ones(3), "none": None},
        tokens=pa.array([0, 9, 99]),
        language=pa.array(["Go", "C", "Go"]),
    )
    encoding = Encoding.fit(evidence)
    assert encoding.names[4:] == ("a", "same", "none", "log tokens", "Go", "C", "a unknown")
    found = encoding.apply(evidence)
    logs = np.log([1, 10, 100])
    for name, column in {
        "a": [1, 2.5, 4],
        "log tokens": logs,
        "Go": [1, 0, 1],
        "a unknown": [0, 1, 0],
        "rules for tier 1": [0, 4, 8],
    }.items():
        wanted = (np.array(column) - np.mean(column)) / np.std(column)
        np.testing.assert_allclose(found[:, encoding.names.index(name)], wanted, err_msg=name)
    assert (found[:, encoding.names.index("same")] == 0).all()
    assert (found[:, encoding.names.index("none")] == 0).all()
    later = encoding.apply(replace(evidence, numbers={}, language=None))
    assert later[:, encoding.names.index("a unknown")] == pytest.approx([np.sqrt(2)] * 3)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.5, 1.0, 3.0, 30.0]))
def test_the_temperature_is_the_most_likely_one(seed: int, true_temperature: float) -> None:
    chance = np.random.default_rng(seed)
    logits = 2 * chance.normal(size=(80, 4))
    classes = np.array([chance.choice(4, p=row) for row in softmax(logits / true_temperature)])
    logs = np.log(np.maximum(softmax(logits), 1e-6))
    found = fit_temperature(logs, classes)
    wanted = optimize.minimize_scalar(
        lambda log_t: negative_log_likelihood(logs / np.exp(log_t), classes), bounds=LOG_BOUNDS, method="bounded"
    )
    assert negative_log_likelihood(logs / found, classes) <= wanted.fun + 1e-7
    assert LOG_BOUNDS[0] <= np.log(found) <= LOG_BOUNDS[1]


def test_no_label_no_temperature() -> None:
    assert fit_temperature(np.empty((0, 4)), np.empty(0, np.int64)) == 1


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=30))
def test_macro_f1_is_the_mean_over_labelled_tiers(pairs: list[tuple[int, int]]) -> None:
    truth, suggested = zip(*pairs, strict=True)
    table = np.zeros((1, 4, 4))
    for true, said in pairs:
        table[0, true - 1, said - 1] += 1
    wanted = metrics.f1_score(truth, suggested, labels=sorted(set(truth)), average="macro", zero_division=0)
    assert macro_f1(table)[0] == pytest.approx(wanted)


def judged(count: int = 120, repos: int = 30) -> dict[str, Any]:
    """Labels of which the rules get every second right, and the learned suggestion all but every tenth."""
    given, place = np.resize([1, 2, 3, 4], count), np.arange(count)
    wrong = given % 4 + 1
    return {
        "tiers": given,
        "repos": [f"team/{number % repos}" for number in range(count)],
        "is_random": place % 3 > 0,
        "by_rules": np.where(place % 2, given, wrong),
        "by_learned": np.where(place % 10, given, wrong),
    }


def test_a_better_suggestion_takes_over() -> None:
    found = switch_on(**judged())
    assert found.is_on
    assert found.interval is not None
    assert found.gain is not None
    assert 0 < found.interval.low < found.gain < found.interval.high
    assert found == switch_on(**judged())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (judged(count=99), "99 of 100 labels"),
        (judged(count=0), "0 of 100 labels"),
        (judged(repos=24), "labels of 24 of 25 repositories"),
        ({"tiers": np.ones(120)}, "all labels are of tier 1"),
        ({"tiers": np.repeat([1, 2], [106, 14])}, "14 of 15 labels of tier 2"),
        ({"is_random": np.zeros(120, bool)}, "no label of the random stream yet"),
        ({"is_random": np.arange(120) == 7}, "the random stream has labels of one repository only"),
        ({"by_learned": judged()["by_rules"]}, "not surely better than the rules"),
        ({"by_rules": judged()["tiers"]}, "not surely better than the rules: macro-F1 -"),
    ],
)
def test_rules_stay_until_they_are_beaten(changes: dict[str, Any], reason: str) -> None:
    found = switch_on(**{**judged(), **changes})
    assert not found.is_on
    assert found.reason.startswith(reason)
