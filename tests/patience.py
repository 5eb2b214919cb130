"""How long a test waits for an event before it is called broken."""

import pytest

from explorer.api.messages import browse, clusters, mixes, reasons, stats  # noqa: F401 - they register requests
from explorer.api.requests import Request
from explorer.reader import asks, process
from explorer.reader.client import Reader

PATIENCE = 300.0
"""Seconds: minutes, so that a loaded machine keeps it; no test passes or fails by how fast something is."""


def have_patience(monkeypatch: pytest.MonkeyPatch, with_requests: float = PATIENCE) -> None:
    """Gives the reader of this process minutes for all it does; a test of what happens without gives requests less."""
    monkeypatch.setattr(process, "START_PATIENCE", PATIENCE)
    monkeypatch.setattr(asks, "OVERTAKEN_PATIENCE", PATIENCE)
    monkeypatch.setitem(Reader.ask.__kwdefaults__ or {}, "deadline", PATIENCE)
    for request in Request.by_name.values():
        if request.wire_seconds is not None:
            monkeypatch.setattr(request, "wire_seconds", with_requests)
