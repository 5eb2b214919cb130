"""Near-duplicates as a curator meets them: the proof on the screen, decisions by keys, and what a mix makes of them."""

import random
from pathlib import Path
from typing import Any

import pytest

from explorer.mixing.mix_file import load_mix
from explorer.open_corpus.session import Session
from explorer.screens.clusters.screen import ClustersScreen
from tests.corpora import job
from tests.journeys.corpus import Journey, build
from tests.journeys.story import Story, labels_of, told
from widgets.prompts import Ask, Confirm, ConfirmTyped, Pick

WORDS = [f"word{number}" for number in range(4000)]


def text_of(seed: int, *, words: int = 120, changed: int = 0) -> str:
    """Lines of random words; `changed` of them, at the end, are other ones."""
    chance, other = random.Random(seed), random.Random(1000 + seed + changed)
    chosen = [chance.choice(WORDS) for _ in range(words)]
    chosen[words - changed :] = [other.choice(WORDS) for _ in range(changed)]
    return "\n".join(" ".join(chosen[start : start + 6]) for start in range(0, words, 6)) + "\n"


def sample(number: int, content: str, path: str, **known: Any) -> dict[str, Any]:
    plain = {"repo": "ann/tools", "language": "Python", "license": "MIT", "tier": 4, "origin": "human", "stars": 0}
    return {"id": f"s{number:03}", "content": content.encode(), "path": path, **plain, **known}


def families() -> list[dict[str, Any]]:
    """A family of five near-copies over tiers and origins, a chain of three, a pair of exact copies, and loners."""
    base, chain = text_of(1), text_of(2).split()
    ends = text_of(3, words=60).split(), text_of(4, words=60).split()
    rows = [
        sample(0, base, "lib/original.py", tier=1),
        sample(1, text_of(1, changed=3), "copy/near.py", tier=2),
        sample(2, text_of(1, changed=6), "copy/nearer.py", tier=4, origin="synthetic"),
        sample(3, base, "copy/exact.py", repo="bob/site", tier=3),
        sample(4, text_of(1, changed=9), "copy/[bold]x[/]\x1b]2;t\x07.py", tier=None),
        sample(5, " ".join(chain + ends[0][:36]), "chain/left.py", license="Apache-2.0"),
        sample(6, " ".join(chain), "chain/middle.py"),
        sample(7, " ".join(ends[1][:36] + chain), "chain/right.py"),
        sample(8, text_of(5, words=18), "pair/one.py"),
        sample(9, text_of(5, words=18), "pair/two.py", repo="cy/lib"),
    ]
    return rows + [sample(10 + number, text_of(50 + number), f"alone/{number}.py") for number in range(30)]


@pytest.fixture
def family(tmp_path: Path) -> Journey:
    return build(tmp_path / "families", families())


def clusters_of(story: Story) -> ClustersScreen:
    screen = story.app._screens["clusters"]
    assert isinstance(screen, ClustersScreen)
    return screen


async def opened(story: Story) -> ClustersScreen:
    """Goes to the clusters and waits for the first to be compared."""
    await story.until_read()
    await story.press("c")
    screen = clusters_of(story)
    await story.until(lambda: screen.is_attached and screen.clusters.row_count == 3, "three clusters")
    await story.until(lambda: screen._comparison.shown is not None and screen.diff.change_count, "a comparison")
    assert story.app.focused is screen.table  # the sample that was read is in the first cluster
    await story.press("escape")
    await story.until(lambda: story.app.focused is screen.clusters, "the list")
    return screen


async def agreed(story: Story, key: str, words: str = "") -> None:
    """Presses a key that asks first, and says yes."""
    await story.press(key)
    await story.until(lambda: isinstance(story.app.screen, Confirm), "the question")
    await story.until_text(words)
    await story.press("y")


async def propose(story: Story, part: str, value: str = "") -> None:
    """Changes a part of the policy as far as the first question about it."""
    await story.press("P")
    await story.until(lambda: isinstance(story.app.screen, Pick), "the parts of the policy")
    await story.type(part)
    if value:
        await story.until(lambda: isinstance(story.app.screen, Ask), "the new value")
        await story.type(value)


def paths(screen: ClustersScreen) -> list[str]:
    return [member.path for member in screen.members]


async def until_paths(story: Story, *wanted: str) -> None:
    screen = clusters_of(story)
    await story.until(lambda: {path.rpartition("/")[2] for path in paths(screen)} == set(wanted), f"{wanted}")


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=str)
async def test_a_cluster_shows_its_proof(family: Journey, size: tuple[int, int]) -> None:
    async with told(family.place, size) as story:
        screen = await opened(story)
        assert screen.cluster.reason == "it is of the highest tier"
        await story.until_text("survives: it is of the highest tier")
        await story.until_text("cluster 1 of 3")
        await story.until_text("original.py")
        assert paths(screen)[0] == "lib/original.py"
        assert [member.similarity for member in screen.members][:2] == [1.0, 1.0]
        assert screen.members[-1].similarity < 1
        await story.press("tab", "G")
        await story.until(lambda: screen._comparison.shown == (0, screen.members[-1].row), "the least alike")
        await story.press("V", "a", "n", "N")
        assert "\x1b]2" not in story.text
        await story.press("escape")
        assert story.app.focused is screen.clusters


async def test_every_order_has_its_first(family: Journey) -> None:
    firsts = {
        "size": "lib/original.py",
        "similarity": "chain/left.py",
        "cross-tier": "lib/original.py",
        "cross-origin": "lib/original.py",
        "cross-repo": "lib/original.py",
        "removable": "lib/original.py",
    }
    async with told(family.place, (160, 45)) as story:
        screen = await opened(story)
        for order, path in firsts.items():
            await story.press("O")
            await story.until(lambda: isinstance(story.app.screen, Pick), "the orders")
            await story.type(order)
            await story.until_text(f"by {order}")
            await story.until(lambda path=path: paths(screen) and paths(screen)[0] == path, f"{path} by {order}")


async def test_a_chosen_survivor_is_a_label_that_undo_takes_back(family: Journey) -> None:
    async with told(family.place, (160, 45)) as story:
        screen = await opened(story)
        last = screen.members[-1].id
        await story.press("tab", "G", "s")
        await story.until(lambda: screen.members[0].id == last and screen.members[0].chosen, "the survivor")
        await story.until_text("survives: a curator chose it")
        assert labels_of(family.place)[last].survivor == "yes"
        await story.press("u")
        await story.until(lambda: screen.members[0].path == "lib/original.py", "the one before")
        assert last not in labels_of(family.place)


async def test_label_keys_decide_for_a_member_and_for_a_cluster(family: Journey) -> None:
    async with told(family.place, (160, 45)) as story:
        screen = await opened(story)
        await story.press("tab", "G", "1")
        await story.until_text("1 labelled · all saved")
        await story.press("escape", "minus")
        await story.until(lambda: isinstance(story.app.screen, Confirm), "the question")
        await story.until_text("Set verdict drop on 5 samples?")
        await story.press("enter", "n")
        await story.until(lambda: story.app.screen is screen, "nothing done")
        await agreed(story, "minus")
        await story.until_text("5 labelled · all saved")
        assert [label.verdict for label in labels_of(family.place).values()] == ["drop"] * 5
        await story.press("b")
        await story.until(lambda: story.app.screen is story.browse, "the browse screen")
        assert story.browse.table.row_count == 40


async def test_verdicts_on_a_whole_cluster(family: Journey) -> None:
    async with told(family.place, (160, 45)) as story:
        screen = await opened(story)
        await story.press("j")
        await story.until(lambda: paths(screen) and paths(screen)[0].startswith("chain"), "the chain")
        await until_paths(story, "left.py", "middle.py", "right.py")
        assert [member.direct for member in screen.members].count(False) == 1
        assert [member.redundant for member in screen.members].count(True) == 1
        await agreed(story, "d")
        await story.until(lambda: [one.redundant for one in screen.members].count(True) == 2, "the chain left out")
        await story.press("u")
        await story.until(lambda: [one.redundant for one in screen.members].count(True) == 1, "the chain kept")
        await agreed(story, "p", "The weakest link is")
        await story.until(lambda: len(screen.members) == 2, "two are left")
        assert "chain/middle.py" in paths(screen)
        await story.press("u")
        await until_paths(story, "left.py", "middle.py", "right.py")


async def test_not_duplicates_dissolves_and_undo_restores(family: Journey) -> None:
    async with told(family.place, (160, 45)) as story:
        screen = await opened(story)
        await agreed(story, "x")
        await story.until(lambda: screen.clusters.row_count == 3 and len(screen.members) == 2, "exact copies only")
        assert {member.similarity for member in screen.members} == {1.0}
        await story.press("u")
        await until_paths(story, *(row["path"].rpartition("/")[2] for row in families()[:5]))


async def test_there_and_back_by_one_key(family: Journey) -> None:
    async with told(family.place, (160, 45)) as story:
        await story.press("ctrl+g")
        await story.until(lambda: isinstance(story.app.screen, Ask), "where to")
        await story.type("s006")
        await story.until_read()
        await story.until(lambda: story.browse._reading.row == 6, "the sample")
        await story.press("c")
        screen = clusters_of(story)
        await story.until(lambda: screen.is_attached and screen.table.highlighted is not None, "its cluster")
        await story.until(lambda: screen.table.highlighted.key == 6, "the sample among its cluster")
        await story.press("j", "enter")
        await story.until(lambda: story.app.screen is story.browse, "the browse screen")
        await story.until(lambda: story.browse._reading.row in (5, 7), "the member that was opened")
        await story.press("g")
        await story.until(lambda: story.browse._reading.row == 0, "the first row")
        await story.press("m")
        await story.until(lambda: isinstance(story.app.screen, Pick), "the likest")
        await story.until_text("1.000  copy/exact.py")
        await story.press("enter")
        await story.until(lambda: story.browse._reading.row == 3, "the likest sample")


async def test_a_sample_without_a_cluster_says_so(family: Journey) -> None:
    async with told(family.place, (120, 35)) as story:
        await story.press("G")
        await story.until(lambda: story.browse._reading.row == 39, "the last row")
        await story.press("c")
        await story.until_told("in no cluster")
        await story.until(lambda: story.app.screen is clusters_of(story), "the clusters all the same")


async def test_another_policy_is_seen_before_it_is_applied(family: Journey) -> None:
    async with told(family.place, (160, 45)) as story:
        screen = await opened(story)
        await propose(story, "similarity", "0.95")
        await story.until(lambda: isinstance(story.app.screen, Confirm), "the blast radius")
        await story.until_text("all samples")
        await story.press("n")
        await story.until(lambda: story.app.screen is screen, "nothing done")
        assert not family.place.workspace.mix.exists()
        await propose(story, "similarity", "0.95")
        await story.until(lambda: isinstance(story.app.screen, Confirm), "the blast radius")
        await story.press("y")
        await story.until_text("removable at 0.95")
        assert load_mix(family.place.workspace.mix).clusters.threshold == 0.95
        await propose(story, "similarity", "0.6")
        await story.until_told("The corpus was compared at a similarity of 0.7")


async def test_a_wipe_out_must_be_typed(family: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.mixing.losses.ALARM_SAMPLES", 1)
    async with told(family.place, (160, 45)) as story:
        screen = await opened(story)
        await propose(story, "chains")
        await story.until(lambda: isinstance(story.app.screen, ConfirmTyped | Confirm), "the blast radius")
        if isinstance(story.app.screen, ConfirmTyped):
            await story.type("y")
            assert isinstance(story.app.screen, ConfirmTyped)
            await story.type("accept loss")
        else:
            await story.press("y")
        await story.until(lambda: family.place.workspace.mix.exists() and story.app.screen is screen, "applied")
    session = Session(family.place)
    try:
        assert load_mix(family.place.workspace.mix).clusters.keeps_chains is False
        session.follow(job(), load_mix(family.place.workspace.mix).clusters)
        assert [session.sample(job(), row)["redundant"] for row in (5, 6, 7)].count(True) == 2
    finally:
        session.close()


async def test_a_filter_lists_the_clusters_with_such_a_member(family: Journey) -> None:
    async with told(family.place, (160, 45)) as story:
        screen = await opened(story)
        await story.press("slash")
        await story.until(lambda: isinstance(story.app.screen, Ask), "the filter")
        await story.type("origin = 'synthetic'")
        await story.until(lambda: screen.clusters.row_count == 1, "one cluster")
        await story.press("slash")
        await story.until(lambda: isinstance(story.app.screen, Ask), "the filter")
        await story.type("nonsense (")
        await story.until(lambda: "filter" in story.told.lower(), "why not")
        await story.press("escape")
        await story.until(lambda: screen.clusters.row_count == 3, "all clusters")
