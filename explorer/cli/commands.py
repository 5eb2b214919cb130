"""The table of commands: each names the module that holds it, so that a call loads only what it needs."""

import os
from difflib import get_close_matches
from glob import iglob
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from explorer import __version__
from explorer.errors import BadInput

COMMANDS = {
    "demo": ("explorer.cli.demo", "Build a real corpus from this machine's own code, index it, open it."),
    "index": ("explorer.cli.index", "Build or refresh the index of a corpus."),
    "open": ("explorer.cli.screens", "Open the terminal explorer (also plain `corpus PATH`)."),
    "info": ("explorer.cli.look", "Counts and tokens by tier, origin, language, licence."),
    "find": ("explorer.cli.look", "Rows of the samples that pass a filter."),
    "show": ("explorer.cli.look", "One sample: content, metadata, labels."),
    "clusters": ("explorer.cli.clusters", "Clusters of near-duplicates; what another policy would leave out."),
    "cluster": ("explorer.cli.clusters", "The members of a cluster, how like the survivor each is; judge it."),
    "similar": ("explorer.cli.clusters", "The samples most like one, with their exact similarity."),
    "stats": ("explorer.cli.stats", "Figures by page: quality, style, diversity, freshness, licences, duplicates …"),
    "baseline": ("explorer.cli.baseline", "Pin human code as the measure of diversity; list what is pinned."),
    "label": ("explorer.cli.labels", "Decide tier, origin, verdict or note of many samples."),
    "undo": ("explorer.cli.labels", "Take your latest decision back."),
    "redo": ("explorer.cli.labels", "Do again what was undone last."),
    "history": ("explorer.cli.labels", "The latest decisions, newest first."),
    "mix": ("explorer.cli.mix", "Show or edit the mix, print the plan with its warnings."),
    "export": ("explorer.cli.export", "Write a stage of the mix with its receipt."),
    "verify": ("explorer.cli.export", "Check an export against its receipt."),
    "why": ("explorer.cli.export", "Explain why a sample is in an export, or is not."),
    "serve": ("explorer.cli.serve", "Answer a screen's questions over stdin and stdout (also through ssh)."),
}


class NobodyReads(Exception):
    """Whoever read stdout has ended: nothing is wrong."""


class _Commands(click.Group):
    """Loads a command when it is called; a first word that is no command is a path to open."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if name != "serve"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return getattr(import_module(COMMANDS[cmd_name][0]), f"{cmd_name}_command")

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            _check_path(args[0])
            return super().resolve_command(ctx, ["open", *args])
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise NobodyReads from None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        found = [
            CompletionItem(name, help=COMMANDS[name][1])
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
        ]
        return found or [CompletionItem(incomplete, type="file")]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


_CLOSE = 0.7
"""How like a command a word must be to be taken for a slip."""


def _check_path(word: str) -> None:
    """Raises BadInput for a first word that is neither a command nor a path."""
    path = os.path.expanduser(word)
    if os.path.exists(path) or next(iglob(path, recursive=True), None) is not None:
        return
    near = get_close_matches(word, COMMANDS, 1, _CLOSE)
    hint = f"Did you mean `corpus {near[0]}`?" if near else "`corpus --help` lists the commands."
    raise BadInput(f"There is neither a command nor a path called {word!r}.", hint)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="corpus")
def corpus() -> None:
    """Curate code for training language models: browse, relabel, weigh, export.

    PATH is a Parquet file, a directory, a glob in quotes, or a workspace. `corpus PATH` opens the explorer.
    """
