"""A session in its own process, asked as a screen asks it."""

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from explorer.corpus.workspace import Place
from explorer.exporting.verify import verify
from explorer.mixing.mix import FINE_TUNING
from explorer.reader.client import Reader, ReaderFailed, Superseded
from tests.corpora import open_mix
from tests.patience import PATIENCE
from tests.reader.conftest import MakeReader


def serve(place: Place) -> tuple[str, ...]:
    return (sys.executable, "-m", "explorer", "serve", str(place.workspace.root))


@pytest.fixture
async def plentiful(make_reader: MakeReader, plenty_place: Place, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    reader = make_reader(*serve(plenty_place))
    await reader.start()
    return reader


def wish(text: str, **more: Any) -> dict[str, Any]:
    return {"filter": text, "facets": {}, "sort": [], **more}


async def test_the_latest_filter_wins(plentiful: Reader) -> None:
    slow = wish(" and ".join(f"content not like '%{number}%never%'" for number in range(100)))
    started = asyncio.Event()
    first = asyncio.create_task(
        plentiful.ask("view", lane="view", deadline=None, on_progress=lambda _: started.set(), wish=slow)
    )
    await asyncio.wait_for(started.wait(), PATIENCE)
    second = await plentiful.ask("view", lane="view", wish=wish("content like '%name_7 %' and tier = 1"))
    with pytest.raises(Superseded):
        await first
    assert second["rows"] > 0
    page = await plentiful.ask("page", view=second["view"], first=0, count=5, columns=["tier", "id"])
    assert [row[:2] for row in page["rows"]] == [[position, 1] for position in range(5)]


async def test_trouble_comes_in_words(plentiful: Reader) -> None:
    for job, args, words in (
        ("view", {"wish": wish("nothing = 1")}, 'no column "nothing"'),
        ("page", {"view": 999, "first": 0, "count": 5, "columns": ["id"]}, "This view is gone"),
        ("sample", {"row": 10**9}, "There is no row"),
        ("content", {"row": 10**9}, "There is no row"),
        ("position", {"id": "nobody", "view": None}, "no sample with the id"),
    ):
        with pytest.raises(ReaderFailed, match=words):
            await plentiful.ask(job, **args)


async def test_a_screen_weighs_labels_and_exports(plentiful: Reader, tmp_path: Path) -> None:
    mix = asdict(open_mix())
    before = (await plentiful.ask("stock", lane="plan", mix=mix))["stock"][FINE_TUNING]
    keys = (await plentiful.ask("keys", wish=wish("tier = 1")))["keys"]
    labels = [{"id": sample, "sha256": sha256, "tier": 2} for sample, sha256 in keys]
    told = await plentiful.ask("labels", lane="labels", labels=labels)
    assert told == {"rows": len(keys), "stale": 0, "by_content": 0, "orphans": 0}
    after = (await plentiful.ask("stock", lane="plan", mix=mix))["stock"][FINE_TUNING]
    assert sum(tier["unique_samples"] for tier in before) == sum(tier["unique_samples"] for tier in after)
    assert {tier["tier"] for tier in after} == {2, 3, 4}
    manifest = await plentiful.ask(
        "export",
        lane="export",
        deadline=None,
        mix=mix,
        stage=FINE_TUNING,
        target=str(tmp_path / "mix"),
        formats=["parquet"],
        budget=50_000,
        labels={"events": 1, "sha256": "x"},
    )
    assert verify(tmp_path / "mix")[1] == ()
    assert manifest["rows"] > 0
    assert "1" not in manifest["tiers"]
