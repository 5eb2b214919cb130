"""A session in its own process, asked as a screen asks it."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from explorer.api.calls import call
from explorer.api.messages.browse import (
    KeysOfSelectionRequest,
    Labelled,
    LabelsRequest,
    PageRequest,
    PositionRequest,
    SampleRequest,
    ViewRequest,
    WindowRequest,
)
from explorer.api.messages.mixes import ExportRequest, LabelPosition, StockRequest
from explorer.api.requests import Request
from explorer.corpus.workspace import Place
from explorer.exporting.verify import verify
from explorer.mixing.mix import FINE_TUNING
from explorer.reader.client import Reader, ReaderFailed, Superseded
from explorer.selection import Selection
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


async def test_the_latest_filter_wins(plentiful: Reader) -> None:
    slow = ViewRequest(Selection(" and ".join(f"content not like '%{number}%never%'" for number in range(100))))
    started = asyncio.Event()
    first = asyncio.create_task(call(plentiful, slow, on_progress=lambda _: started.set()))
    await asyncio.wait_for(started.wait(), PATIENCE)
    second = await call(plentiful, ViewRequest(Selection("content like '%name_7 %' and tier = 1")))
    with pytest.raises(Superseded):
        await first
    assert second.rows > 0
    page = await call(plentiful, PageRequest(second.view, 0, 5, ("tier", "id")))
    assert [row[:2] for row in page.rows] == [(position, 1) for position in range(5)]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (ViewRequest(Selection("nothing = 1")), 'no column "nothing"'),
        (PageRequest(999, 0, 5, ("id",)), "This view is gone"),
        (SampleRequest(10**9), "There is no row"),
        (WindowRequest(10**9), "There is no row"),
        (PositionRequest(None, id="nobody"), "no sample with the id"),
    ],
)
async def test_trouble_comes_in_words(plentiful: Reader, request_: Request[Any], words: str) -> None:
    with pytest.raises(ReaderFailed, match=words):
        await call(plentiful, request_)


async def test_a_screen_weighs_labels_and_exports(plentiful: Reader, tmp_path: Path) -> None:
    mix = open_mix()
    before = (await call(plentiful, StockRequest(mix))).stock[FINE_TUNING]
    keys = (await call(plentiful, KeysOfSelectionRequest(Selection("tier = 1")))).keys
    labels = tuple({"id": key.id, "sha256": key.sha256, "tier": 2} for key in keys)
    assert await call(plentiful, LabelsRequest(labels)) == Labelled(len(keys), 0, 0, 0)
    after = (await call(plentiful, StockRequest(mix))).stock[FINE_TUNING]
    assert sum(tier.unique_samples for tier in before) == sum(tier.unique_samples for tier in after)
    assert {tier.tier for tier in after} == {2, 3, 4}
    out, position = tmp_path / "mix", LabelPosition(1, "x")
    written = await call(plentiful, ExportRequest(mix, FINE_TUNING, str(out), ("parquet",), position, 50_000))
    manifest, problems = verify(out)
    assert problems == ()
    assert (written.out, written.rows, written.seal.sha256) == (str(out), manifest["rows"], manifest["sha256"])
    assert written.rows > 0
    assert "1" not in manifest["tiers"]
