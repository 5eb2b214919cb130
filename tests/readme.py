"""The tables of the README that are made from the code: `python -m tests.readme` writes them, a test compares them."""

from collections.abc import Iterator
from pathlib import Path

import click

from explorer.cli.commands import COMMANDS, corpus
from explorer.columns import COLUMNS, PERCENTILES

README = Path(__file__).parents[1] / "README.md"


def column_table() -> str:
    """Returns the table of public columns, in Markdown."""
    rows = ["| column | type | meaning | null |", "|---|---|---|---|"]
    for column in COLUMNS:
        unit = f" ({column.unit})" if column.unit else ""
        kind = "STRUCT[]" if column.kind.startswith("STRUCT") else column.kind
        rows.append(f"| `{column.name}` | {kind} | {column.meaning}{unit} | {column.empty or 'never'} |")
    listed = ", ".join(f"`{name}_pct`" for name in PERCENTILES)
    return "\n".join([*rows, "", f"{listed}: percentiles of these signals among comparable samples, 0 to 1."])


def command_table() -> str:
    """Returns the table of commands with their arguments and options, in Markdown."""
    rows = ["| command | does |", "|---|---|"]
    context = click.Context(corpus)
    for name in corpus.list_commands(context):
        command = corpus.get_command(context, name)
        assert command is not None
        words = " ".join(["corpus", name, *_usage(command)]).replace("|", "\\|")
        rows.append(f"| `{words}` | {COMMANDS[name][1]} |")
    return "\n".join(rows)


SHARED = ("--json", "--workspace", "--help")
"""Options that nearly every command has; the README names them once."""


def _usage(command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Argument):
            yield parameter.make_metavar(context)
    for parameter in command.get_params(context):
        name = max(parameter.opts, key=len)
        if isinstance(parameter, click.Option) and name not in SHARED and not parameter.hidden:
            value = "" if parameter.is_flag else f" {parameter.make_metavar(context).strip('[]')}"
            yield f"{name}{value}" if parameter.required else f"[{name}{value}]"


TABLES = {"commands": command_table, "columns": column_table}


def _edges(name: str) -> tuple[str, str]:
    return f"<!-- {name}: made by `python -m tests.readme` -->\n", f"\n<!-- end of {name} -->"


def section(readme: str, name: str) -> str:
    """Returns what stands between the marks of a table."""
    begin, end = _edges(name)
    return readme.split(begin)[1].split(end)[0]


def with_tables(readme: str) -> str:
    """Returns the README with every table made again."""
    for name, table in TABLES.items():
        begin, end = _edges(name)
        head, rest = readme.split(begin)
        readme = f"{head}{begin}{table()}{end}{rest.split(end)[1]}"
    return readme


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text("utf-8")), "utf-8")
