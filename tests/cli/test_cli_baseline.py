"""`corpus baseline`, and an export that is measured beside one."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.corpus.workspace import Place, Workspace
from explorer.mixing.mix_file import current_mix, save_mix
from tests.cli.conftest import Cli
from tests.corpora import OPEN
from tests.stats.human_and_not import HUMAN, corpus

DATED = f"{HUMAN} and created < '2022-11-30'"


@pytest.fixture(scope="module")
def mixed_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return corpus(tmp_path_factory.mktemp("human") / "mixed")


@pytest.fixture
def base(mixed_place: Place, copy_of: Callable[[Place], Place]) -> Iterator[Path]:
    place = copy_of(mixed_place)
    yield place.base
    shutil.rmtree(place.base)


def test_a_baseline_is_pinned_listed_shown_and_removed(cli: Cli, base: Path) -> None:
    assert "No baseline is pinned" in cli("baseline", base).out
    pinned = cli("baseline", base, "pin", "people", DATED, "--accept", "small", "--json").document
    assert pinned["samples"] == 240
    assert pinned["languages"]["Python"]["repositories"] == 40
    assert cli("baseline", base, "list", "--json").document["baselines"] == [pinned]
    assert pinned["digest"] in cli("baseline", base).out
    shown = cli("baseline", base, "show", "people")
    assert shown.code == 0
    assert "Python" in shown.out
    assert "small" in shown.out
    assert "removed" in cli("baseline", base, "remove", "people").out
    assert cli("baseline", base, "show", "people").code == 2


def test_a_baseline_that_is_refused_says_why_and_what_to_do(cli: Cli, base: Path) -> None:
    ran = cli("baseline", base, "pin", "people", "tier <= 2")
    assert ran.code == 3
    assert "20 of 260 samples are neither dated" in ran.err
    assert "created < '2022-11-30'" in ran.err
    ran = cli("baseline", base, "pin", "people", "")
    assert ran.code == 3
    assert "240 of 500 samples are not known to be human" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pin",), "Which baseline shall I pin?"),
        (("pin", "a/b", DATED), "cannot be the name"),
        (("pin", "people", "nonsense ="), "filter"),
        (("pin", "people", DATED, "--accept", "all"), "'all' cannot be accepted"),
        (("show", "nobody"), "There is no baseline 'nobody'"),
    ],
)
def test_wrong_words_get_a_sentence(cli: Cli, base: Path, words: tuple[str, ...], told: str) -> None:
    ran = cli("baseline", base, *words)
    assert ran.code == 2
    assert told.lower() in ran.err.lower()
    assert "Traceback" not in ran.err


def test_exports_are_measured_and_their_human_tokens_kept(cli: Cli, base: Path, tmp_path: Path) -> None:
    workspace = Workspace(base / ".corpus")
    cli("baseline", base, "pin", "people", DATED, "--accept", "small")
    before = current_mix(workspace)
    save_mix(workspace.mix, replace(before, gates=OPEN), before)
    for number, budget in enumerate(("fit", "40000")):
        ran = cli(
            "export", base, "--stage", "pre-training", "--budget", budget, "--out", tmp_path / str(number), "--json"
        )
        assert ran.code == 0, ran.err
        document = ran.document
        assert sum(document["origins"].values()) == document["tokens"]
    assert (workspace.exports / "diversity.jsonl").exists()
    stats = cli("stats", base, "--page", "diversity", "--json")
    assert "Human tokens kept" in stats.out
