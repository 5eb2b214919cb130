"""`corpus demo`: a real corpus from this machine, indexed and opened."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import json_option
from explorer.cli.output import bar, emit, emit_json
from widgets.numbers import count

if TYPE_CHECKING:
    from explorer.corpus.workspace import Place


@click.command("demo", short_help="Build a real corpus from this machine's own code, index it, open it.")
@click.option("--out", metavar="DIR", help="Where to build it (default: the user's data directory).")
@click.option("--rules", type=click.Path(exists=True, dir_okay=False), metavar="FILE", help="Your copy of tiers.toml.")
@click.option("--no-open", is_flag=True, help="Print the summary and do not open the screen.")
@json_option
def demo_command(out: str | None, rules: str | None, no_open: bool, as_json: bool) -> None:
    """Build a real corpus from the code installed on this machine plus samples of our own, index it and open it.

    Nothing is downloaded. Without a terminal it prints the summary.
    """
    from explorer.cli.index import regret
    from explorer.cli.opening import opened
    from explorer.corpus.workspace import locate

    directory = Path(out).absolute() if out else default_directory()
    _gather(directory, Path(rules) if rules else None)
    place = locate(str(directory))
    built = _index(place)
    if as_json or no_open or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from explorer.cli.look import info, told

        with opened(str(directory), None) as corpus:
            document = info(corpus)
        emit_json(document) if as_json else emit(f"{told(document)}\nOpen it with `corpus {directory}`.")
        regret(built)
        return
    from explorer.cli.screens import open_screen

    open_screen(place)
    regret(built)


def default_directory() -> Path:
    """Returns where the demo corpus lives when nobody says otherwise."""
    from platformdirs import user_data_path

    return user_data_path("corpus") / "demo"


def _gather(directory: Path, rules: Path | None) -> None:
    from sample_data.demo import build_demo

    with bar("gathering") as shown:

        def report(source: str, done: int, total: int) -> None:
            shown.show(f"gathering {source}", done, total, f"{count(total)} files")

        build_demo(directory, rules=rules, report=report)


def _index(place: "Place") -> Any:
    from explorer.cli.index import build
    from explorer.index.build import Wishes

    return build(place, Wishes())
