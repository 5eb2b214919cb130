"""A reader with stub jobs for every test that wants one."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from explorer.reader.client import Reader
from tests.patience import PATIENCE, have_patience

JOBS = (sys.executable, str(Path(__file__).with_name("jobs.py")))

MakeReader = Callable[..., Reader]


@pytest.fixture
def command() -> tuple[str, ...]:
    return JOBS


@pytest.fixture
async def make_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakeReader]:
    """Makes readers that are stopped when the test ends."""
    monkeypatch.setattr("explorer.reader.client.STOP_PATIENCE", PATIENCE)
    have_patience(monkeypatch)
    made: list[Reader] = []

    def make(*command: str, on_restart: Callable[[Reader], Awaitable[None]] | None = None) -> Reader:
        made.append(Reader(command or JOBS, log=tmp_path / "reader.log", on_restart=on_restart))
        return made[-1]

    yield make
    await asyncio.gather(*(reader.stop() for reader in made))


@pytest.fixture
async def reader(make_reader: MakeReader) -> Reader:
    """A reader that is up."""
    reader = make_reader()
    await reader.start()
    return reader
