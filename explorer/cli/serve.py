"""`corpus serve`: the reader process of an open screen; the UI starts it, here or at the far end of `ssh`."""

import click

from explorer.cli.options import path_argument


@click.command("serve", short_help="Answer a screen's questions over stdin and stdout.")
@path_argument
@click.option("--base", metavar="DIR", hidden=True, help="Where the corpus lies, in place of what the workspace says.")
@click.option("--pattern", metavar="GLOB", hidden=True, help="Which files of DIR.")
@click.option("--read-only", is_flag=True, hidden=True, help="Keep nothing in the workspace.")
def serve_command(path: str, workspace: str | None, base: str | None, pattern: str | None, read_only: bool) -> None:
    """Answer a screen's questions about the corpus at PATH over stdin and stdout until the pipe closes."""
    from explorer.api.handlers import all_handlers, jobs_of
    from explorer.cli.opening import follow_mix, job
    from explorer.corpus.workspace import locate, place_of_workspace
    from explorer.open_corpus.session import Session
    from explorer.reader.serve import serve

    place = place_of_workspace(path, base, pattern) if base else locate(path, workspace)
    session = Session(place, keeps=not read_only)
    follow_mix(session, job())
    serve(jobs_of(session, all_handlers()))
