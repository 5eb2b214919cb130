"""How long a test waits for an event before it is called broken."""

import pytest

from explorer.reader import asks, process
from explorer.reader.client import Reader
from explorer.screens.shared import corpus_screen, workbench

PATIENCE = 300.0
"""Seconds: minutes, so that a loaded machine keeps it; no test passes or fails by how fast something is."""


def have_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives the reader of this process minutes for all it does; a test of what happens without sets its own bound."""
    monkeypatch.setattr(process, "START_PATIENCE", PATIENCE)
    monkeypatch.setattr(asks, "OVERTAKEN_PATIENCE", PATIENCE)
    monkeypatch.setitem(Reader.ask.__kwdefaults__ or {}, "deadline", PATIENCE)
    monkeypatch.setattr(corpus_screen, "PATIENCE", PATIENCE)
    monkeypatch.setattr(workbench, "PATIENCE", PATIENCE)
