"""The command line, run in this process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from explorer.cli import run
from explorer.corpus.workspace import Place


class Ran(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("CORPUS_CURATOR", "ann")

    def call(*words: object) -> Ran:
        capsys.readouterr()
        code = run([str(word) for word in words])
        return Ran(int(code), *capsys.readouterr())

    return call


@pytest.fixture
def own(odd_place: Place, copy_of: Callable[[Place], Place]) -> Path:
    """A copy of the odd corpus that a test may label."""
    return copy_of(odd_place).base
