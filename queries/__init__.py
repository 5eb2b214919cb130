"""Every SQL statement, one file each, and typed functions over them: cursor in, rows out."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """Returns the SQL text kept in `queries/<name>.sql`."""
    return (files(__package__) / f"{name}.sql").read_text("utf-8")
