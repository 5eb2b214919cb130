"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

Function = Callable[..., Any]


def path_argument(function: Function) -> Function:
    """Adds PATH and `--workspace`."""
    with_workspace = click.option(
        "--workspace", metavar="DIR", help="Where our files lie, for a corpus that cannot be written beside."
    )(function)
    return click.argument("path", metavar="PATH")(with_workspace)


def json_option(function: Function) -> Function:
    """Adds `--json`, passed on as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")(function)
