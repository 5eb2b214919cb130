"""The command line: one module a family of commands, each loaded when it is called."""

import sys

from explorer.errors import Exit, ExplorerError


def main() -> None:
    """Runs the command line and ends the process with the exit code of the contract."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Runs one command; says every trouble in a sentence on stderr and returns the exit code."""
    import click

    from explorer.cli.commands import corpus
    from explorer.cli.output import complain

    try:
        corpus.main(args=arguments, prog_name="corpus", standalone_mode=False)
    except ExplorerError as error:
        complain(error.title, error.hint)
        return error.exit
    except click.ClickException as error:
        complain(error.format_message(), "`corpus --help` lists the commands, `corpus COMMAND --help` explains one.")
        return Exit.WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        complain("Stopped.", "What was finished is kept.")
        return Exit.FAILED
    except BrokenPipeError:
        _forget_stdout()
        return Exit.DONE
    except click.exceptions.Exit as end:
        return end.exit_code
    return Exit.DONE


def _forget_stdout() -> None:
    """Lets the process end quietly where nobody reads its output any more."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
