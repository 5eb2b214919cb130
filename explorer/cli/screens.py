"""`corpus open`: the terminal explorer."""

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import click

from explorer.cli.options import path_argument
from explorer.errors import BadInput

if TYPE_CHECKING:
    from explorer.corpus.workspace import Place

HEAD_START = 0.01
"""Seconds in which the event loop gets the reader's process going before the screens are loaded."""


@click.command("open", short_help="Open the terminal explorer (also plain `corpus PATH`).")
@path_argument
@click.option("--filter", "filter_text", metavar="FILTER", help="Begin with the samples that pass a filter.")
@click.option("--read-only", is_flag=True, help="Look only: no label can be saved.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
def open_command(path: str, workspace: str | None, filter_text: str | None, read_only: bool, no_mouse: bool) -> None:
    """Open the corpus at PATH in the terminal explorer; it is indexed first where that is needed."""
    require_terminal()
    from explorer.cli.placing import find
    from explorer.own_files import is_regular

    place = find(path, workspace)
    if not is_regular(place.workspace.index) and not read_only:
        from explorer.cli.index import build
        from explorer.index.build import Wishes

        build(place, Wishes())
    open_screen(place, filter_text, read_only=read_only, mouse=not no_mouse)


def require_terminal() -> None:
    """Raises BadInput where there is no terminal: a screen would never end there."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput(
            "The explorer needs a terminal.",
            "In scripts use `corpus info`, `find`, `show`, `label`, `mix` or `export`.",
        )


def open_screen(place: "Place", filter_text: str | None = None, *, read_only: bool = False, mouse: bool = True) -> None:
    """Runs the explorer on an indexed corpus until it is quit; its exit code is the command's."""
    code = asyncio.run(_show(place, filter_text, read_only=read_only, mouse=mouse))
    if code:
        sys.exit(os.EX_SOFTWARE if code > 3 else code)


async def _show(place: "Place", filter_text: str | None, *, read_only: bool, mouse: bool) -> int | None:
    """Starts the reader first: both processes load their libraries at the same time."""
    from explorer.screens.shared.workbench import Workbench

    here = ("--base", str(place.base), "--pattern", place.pattern, *(["--read-only"] if read_only else []))
    command = (sys.executable, "-m", "explorer", "serve", str(place.workspace.root), *here)
    workbench = Workbench(place.workspace, command, read_only=read_only)
    workbench.start()
    await asyncio.sleep(HEAD_START)
    from explorer.app import ExplorerApp

    app = ExplorerApp(workbench, filter_text=filter_text)
    return await app.run_async(mouse=mouse) or app.return_code
