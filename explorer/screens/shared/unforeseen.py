"""Tells an error that nobody foresaw without quoting a sample: its kind and its place, never its message."""

from pathlib import Path


def place_of(error: BaseException) -> str:
    """Names the kind of an error and the line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else ""
    return f"{type(error).__name__}{where}"
