"""Every SQL statement, one file each, and typed functions over them: cursor in, rows out."""

from functools import cache
from importlib.resources import files


def statement(name: str, **parts: str) -> str:
    """Returns the SQL text kept in `queries/<name>.sql`.

    `parts` fill its places (`/*where*/`): text composed by `queries.filters`, or numbers; every value of a person is
    bound instead.
    """
    text = _read(name)
    for part, filling in parts.items():
        text = text.replace(f"/*{part}*/", filling)
    return text


@cache
def _read(name: str) -> str:
    return (files("queries") / f"{name}.sql").read_text("utf-8")
