"""Finds the corpus of a command; asks on a terminal where the workspace and the call name different ones."""

import sys
from typing import TYPE_CHECKING

import click

from explorer.cli.output import say
from explorer.corpus.workspace import Disagreement, locate, place_of_workspace, settled

if TYPE_CHECKING:
    from explorer.corpus.workspace import Place


def find(path: str, workspace: str | None) -> "Place":
    """Returns the indexed corpus that a call names; raises Disagreement where two are named and nobody can be asked."""
    try:
        return settled(locate(path, workspace))
    except Disagreement as error:
        if len(error.bases) < 2 or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        return _asked(error)


def _asked(error: Disagreement) -> "Place":
    say(error.title)
    for number, base in enumerate(error.bases, 1):
        say(f"  {number}  {base}")
    choices = click.Choice([str(number) for number in range(1, len(error.bases) + 1)])
    number = int(click.prompt("Which corpus do you mean?", type=choices, err=True))
    say(f"To be asked no more: {error.hint}")
    return place_of_workspace(str(error.workspace.root), str(error.bases[number - 1]))
