"""What the collapse monitor promises, on real code: it sees tails that are cut, and no ghosts."""

from functools import cache

import numpy as np
import pytest

from explorer.diversity.comparing import Settings, compare
from explorer.diversity.comparison import SPREAD, Comparison
from explorer.diversity.levels import ALARM, judge, overall
from explorer.diversity.portrait import Portrait
from tests.diversity.human_code import forgetful, portrait, texts

QUICK = Settings(repeats=30, packed_repeats=2)
SPLITS = (0, 1)


@cache
def halves(split: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The library parted in two by chance."""
    order = np.random.default_rng(split).permutation(len(texts()))
    middle = len(order) // 2
    return tuple(texts()[place] for place in order[:middle]), tuple(texts()[place] for place in order[middle:])


@cache
def baseline(split: int = 0) -> Portrait:
    return portrait(halves(split)[0])


@cache
def beside_baseline(top: float, share: float, split: int = 0) -> Comparison:
    """The other half of the library, cut to a nucleus in a share of its texts; top 1 cuts nothing."""
    cut = forgetful(halves(split)[1], top, share, split)
    return compare(portrait(cut, prefix="other"), baseline(split), QUICK)


def mean_of(name: str, top: float, share: float) -> float:
    """The figure beside human code, the mean over all splits."""
    return float(np.mean([beside_baseline(top, share, split).figures[name].against for split in SPLITS]))


def level(found: Comparison, name: str) -> str:
    return judge(name, found.figures[name])


def verdict(found: Comparison) -> str:
    return overall({name: judge(name, found.figures[name]) for name in ALARM})


def test_human_code_beside_human_code_is_green() -> None:
    found = beside_baseline(1.0, 1.0)
    assert found.budget > 50_000
    assert {level(found, name) for name in (*ALARM, "tail_cover", "entropy")} == {"green"}


@pytest.mark.parametrize("top", [0.95, 0.90])
def test_a_vocabulary_cut_in_all_files_is_red(top: float) -> None:
    found = beside_baseline(top, 1.0)
    assert [level(found, name) for name in ALARM] == ["red", "red"]
    assert verdict(found) == "red"


@pytest.mark.parametrize("top", [0.95, 0.90])
def test_a_vocabulary_cut_in_some_files_falls_past_amber(top: float) -> None:
    assert mean_of("types", top, 0.3) < 0.90
    assert mean_of("hapaxes", top, 0.3) < 0.80
    for split in SPLITS:
        assert level(beside_baseline(top, 0.3, split), "hapaxes") == "amber"


@pytest.mark.parametrize(("top", "share"), [(0.95, 1.0), (0.90, 1.0), (0.95, 0.3), (0.90, 0.3)])
def test_the_divergence_falls_where_tails_are_cut(top: float, share: float) -> None:
    """It would have to rise to be an alarm."""
    assert mean_of("divergence", top, share) < mean_of("divergence", 1.0, 1.0)


def test_a_stronger_cut_loses_more_of_everything_that_is_counted() -> None:
    falling = [beside_baseline(top, 1.0) for top in (1.0, 0.95, 0.90)]
    for name in (*ALARM, "tail_cover", "entropy", "heaps_slope"):
        against = [found.figures[name].against for found in falling]
        assert against == sorted(against, reverse=True), name


def test_a_corpus_beside_itself_is_green_throughout() -> None:
    found = compare(baseline(), baseline(), QUICK)
    levels = {name: judge(name, figure) for name, figure in found.figures.items()}
    assert set(levels.values()) <= {"green", ""}
    assert verdict(found) == "green"


def test_it_is_the_null_that_a_corpus_beside_itself_shows() -> None:
    """A group shares no repository with the half that it is set beside, else its tail would be covered by itself."""
    found = compare(baseline(), baseline(), QUICK)
    for name, figure in found.figures.items():
        if not name.startswith(SPREAD) and name != "compression":
            assert figure.against == pytest.approx(figure.null, rel=0.05, abs=0.02), name


@pytest.mark.parametrize("splits", [pytest.param(50, marks=pytest.mark.campaign), 20])
def test_half_beside_half_stays_inside_the_null_nearly_always(splits: int) -> None:
    """At least nine of ten splits, where the null's own range is that of nine in ten."""
    settings = Settings(repeats=20, packed_repeats=0)
    inside = dict.fromkeys(ALARM, 0)
    green = 0
    some = texts()[:400]
    for seed in range(splits):
        order = np.random.default_rng(seed).permutation(len(some))
        ours, theirs = ([some[place] for place in half] for half in (order[:200], order[200:]))
        found = compare(portrait(ours, prefix="a"), portrait(theirs, prefix="b"), settings)
        for name in ALARM:
            figure = found.figures[name]
            inside[name] += figure.null_low <= figure.against <= figure.null_high
        green += verdict(found) == "green"
    assert min(inside.values()) >= 0.9 * splits
    assert green >= 0.9 * splits


def test_too_few_repositories_give_no_verdict() -> None:
    found = compare(portrait(texts()[:19]), baseline(), QUICK)
    assert found.too_small == "the group has 19 sources, fewer than 20"
    assert not found.figures


def test_too_few_tokens_give_no_verdict() -> None:
    found = compare(portrait([b"x = 1\n"] * 30), baseline(), QUICK)
    assert "fewer than 20,000" in found.too_small


def test_a_comparison_goes_through_json_unchanged() -> None:
    import json

    found = beside_baseline(0.9, 1.0)
    again = Comparison.of(json.loads(json.dumps(found.as_json())))
    assert str(again) == str(found)


def test_a_comparison_is_the_same_every_time() -> None:
    ours = portrait(texts()[:300], prefix="other")
    assert str(compare(ours, baseline(), QUICK)) == str(compare(ours, baseline(), QUICK))


def test_a_repeat_that_is_called_off_ends_the_comparison() -> None:
    class CalledOff(Exception):
        pass

    def report(done: int, of: int) -> None:
        if done == 3:
            raise CalledOff

    with pytest.raises(CalledOff):
        compare(baseline(), baseline(), QUICK, report)


def test_samples_that_are_shorter_are_counted_so_that_it_can_be_said() -> None:
    short = portrait([text[:1000] for text in halves(0)[1]], prefix="short")
    ours, theirs = compare(short, baseline(), QUICK).held
    assert ours > 2 * theirs
