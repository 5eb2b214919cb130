"""Names of columns that no other column has; importing this loads no engine."""

from collections.abc import Set


def free_name(name: str, taken: Set[str]) -> str:
    """Returns a name, or one with a number behind it that is not taken; `taken` holds names in lower case."""
    free, number = name, 2
    while free.lower() in taken:
        free, number = f"{name}_{number}", number + 1
    return free
