"""The TOML tables that the package ships: rules as data, each beside the code that reads it."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_table(package: str, name: str) -> dict[str, Any]:
    """Returns the table of that file name in a package, such as `read_table("explorer.signals.age", "idioms.toml")`."""
    return tomllib.loads((files(package) / name).read_text("utf-8"))
