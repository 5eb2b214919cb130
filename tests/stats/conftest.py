"""The corpus of human and made code, built once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.corpus.workspace import Place, locate
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from explorer.stats.baselines import pin
from explorer.stats.groups import Group
from explorer.stats.jobs import PageWish, build_page
from tests.corpora import job
from tests.stats.human_and_not import HUMAN, corpus


@pytest.fixture(scope="session")
def mixed_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Human code and what was made of it; not to be changed."""
    return corpus(tmp_path_factory.mktemp("human") / "mixed")


@pytest.fixture
def mixed(mixed_place: Place, tmp_path: Path) -> Iterator[Session]:
    """A copy of it, open."""
    session = Session(locate(str(shutil.copytree(mixed_place.base, tmp_path / "mixed"))))
    yield session
    session.close()


@pytest.fixture(scope="session")
def pinned_place(mixed_place: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The same with a baseline, and the comparison of what was made kept."""
    place = locate(str(shutil.copytree(mixed_place.base, tmp_path_factory.mktemp("pinned") / "mixed")))
    session = Session(place)
    pin(session, job(), "people", f"{HUMAN} and created < '2022-11-30'", ("small",))
    build_page(session, job(), PageWish("diversity", (Group("made", Selection("origin = 'synthetic'")),)))
    session.close()
    return place


@pytest.fixture
def pinned(pinned_place: Place, tmp_path: Path) -> Iterator[Session]:
    """A copy of it, open."""
    session = Session(locate(str(shutil.copytree(pinned_place.base, tmp_path / "pinned"))))
    yield session
    session.close()
