"""Corpora that are built once for all tests; who changes labels or files takes a copy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explorer.corpus.workspace import Place, locate
from explorer.open_corpus.session import Session
from tests.corpora import corpus_of, odd_rows, plenty_rows
from widgets import visible as shown


@pytest.fixture(autouse=True)
def _masks_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes back after each test what an explorer in this process tells the widgets to mask."""
    monkeypatch.setattr(shown, "_hide", shown._hide)


@pytest.fixture(scope="session")
def odd_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The odd rows in two files."""
    rows = odd_rows()
    return corpus_of(tmp_path_factory.mktemp("odd") / "odd", rows[:60], rows[60:])


@pytest.fixture(scope="session")
def plenty_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Enough samples to weigh tiers."""
    return corpus_of(tmp_path_factory.mktemp("plenty") / "plenty", plenty_rows())


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Place], Place]:
    """Copies a corpus with its index, file times kept."""

    def copy(place: Place) -> Place:
        return locate(str(shutil.copytree(place.base, tmp_path / place.base.name)))

    return copy


@pytest.fixture
def odd(odd_place: Place) -> Iterator[Session]:
    """The odd corpus, open."""
    session = Session(odd_place)
    yield session
    session.close()


@pytest.fixture
def plenty(plenty_place: Place) -> Iterator[Session]:
    """The plentiful corpus, open."""
    session = Session(plenty_place)
    yield session
    session.close()
