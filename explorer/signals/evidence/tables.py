"""The package's own tables and texts."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_PACKAGE = "explorer.signals.evidence"


@cache
def read_table(name: str) -> dict[str, Any]:
    """Reads one of the tables, such as `idioms.toml`."""
    return tomllib.loads(files(_PACKAGE).joinpath(name).read_text("utf-8"))


@cache
def short_texts() -> dict[str, str]:
    """Reads the texts of short licences by their SPDX id."""
    entries = sorted(files(_PACKAGE).joinpath("short_texts").iterdir(), key=lambda entry: entry.name)
    return {
        entry.name.removesuffix(".txt"): entry.read_text("utf-8") for entry in entries if entry.name.endswith(".txt")
    }
