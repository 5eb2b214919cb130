"""The command line: one module a family of commands, each loaded when it is called."""

import sys

from explorer.errors import Exit, ExplorerError

DEBUG_VARIABLE = "CORPUS_DEBUG"


def main() -> None:
    """Runs the command line and ends the process with the exit code of the contract."""
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Runs one command; says every trouble in a sentence on stderr and returns the exit code."""
    import click

    from explorer.cli.commands import NobodyReads, corpus

    try:
        corpus.main(args=arguments, prog_name="corpus", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(f"{error.format_message()}\n")
        return Exit.WRONG_USE
    except click.exceptions.Exit as end:
        return end.exit_code
    except NobodyReads:
        _forget_stdout()
        return Exit.DONE
    except (Exception, KeyboardInterrupt) as error:
        return _tell(error)
    return Exit.DONE


def _tell(error: BaseException) -> int:
    """Says what went wrong and returns the exit code; CORPUS_DEBUG=1 shows where an unforeseen error comes from."""
    import click

    from explorer.cli.output import complain

    if isinstance(error, ExplorerError):
        complain(error.title, error.hint)
        return error.exit
    if isinstance(error, click.ClickException):
        complain(error.format_message(), "`corpus --help` lists the commands, `corpus COMMAND --help` explains one.")
        return Exit.WRONG_USE
    if isinstance(error, click.Abort | KeyboardInterrupt):
        complain("Stopped.", "What was finished is kept.")
    elif isinstance(error, MemoryError):
        complain("There is not enough memory for this.", "Close other programs, or narrow the filter.")
    elif isinstance(error, OSError):
        complain(
            f"The system refused: {_refusal(error)}.", "Look at the file, its directory and the disk's free space."
        )
    else:
        complain(f"This went wrong in a way nobody foresaw: {_place(error)}.", f"{DEBUG_VARIABLE}=1 tells more.")
    return Exit.FAILED


def _refusal(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"{reason} ({error.filename})" if error.filename else reason


def _place(error: BaseException) -> str:
    """Names the kind of an error and its place, never its message: that may quote a sample."""
    import os
    import traceback

    from explorer.cli.output import say

    if os.environ.get(DEBUG_VARIABLE):
        say("".join(traceback.format_exception(error)).rstrip())
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {os.path.basename(frame.filename)}, line {frame.lineno}"


def _forget_stdout() -> None:
    """Lets the process end quietly where nobody reads its output any more."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
