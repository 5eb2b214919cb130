"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from explorer.cli.output import RAW, UNMASKED

Function = Callable[..., Any]


def complete_paths(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Leaves the completion of a path to the shell."""
    return [CompletionItem(begun, type="file")]


def complete_stages(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Completes the name of a stage."""
    from explorer.mixing.mix import STAGES

    return [CompletionItem(stage) for stage in STAGES if stage.startswith(begun)]


def complete_presets(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Completes the name of a preset."""
    from explorer.mixing.presets import PRESETS

    return [CompletionItem(preset.name, help=preset.explanation) for preset in PRESETS if preset.name.startswith(begun)]


def path_argument(function: Function) -> Function:
    """Adds PATH and `--workspace`."""
    with_workspace = click.option(
        "--workspace",
        metavar="DIR",
        shell_complete=complete_paths,
        help="Where our files lie, for a corpus that cannot be written beside.",
    )(function)
    return click.argument("path", metavar="PATH", shell_complete=complete_paths)(with_workspace)


def unmasked_option(function: Function) -> Function:
    """Adds `--unmasked`."""

    def keep(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
        context.meta[UNMASKED] = value
        return value

    return click.option(
        "--unmasked", is_flag=True, is_eager=True, callback=keep, help="Print secrets as they are, not masked."
    )(function)


def raw_option(function: Function) -> Function:
    """Adds `--raw`."""

    def keep(context: click.Context, parameter: click.Parameter, value: bool) -> None:
        context.meta[RAW] = value

    return click.option(
        "--raw",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=keep,
        help="Print control characters as they are: a terminal acts on them.",
    )(function)


def json_option(function: Function) -> Function:
    """Adds `--json`, passed on as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")(function)
