"""The corpus of the journeys, built once; each story works on a copy."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.corpus.workspace import locate
from tests.journeys.corpus import Journey, build, hostile_rows, plain_rows
from tests.patience import have_patience


@pytest.fixture(autouse=True)
def _curator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPUS_CURATOR", "ann")
    have_patience(monkeypatch)
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def journey_built(tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """The corpus, never labelled."""
    return build(tmp_path_factory.mktemp("journey") / "corpus", plain_rows(), hostile_rows())


@pytest.fixture
def journey(journey_built: Journey, tmp_path: Path) -> Iterator[Journey]:
    """A copy of the corpus with its index, file times kept."""
    copied = shutil.copytree(journey_built.place.base, tmp_path / "corpus")
    yield Journey(locate(str(copied)), journey_built.rows)
    shutil.rmtree(copied, ignore_errors=True)
