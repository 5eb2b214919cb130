"""Keys that every list, table and text shares, so that movement feels the same everywhere."""

from textual.binding import Binding


def movement(prefix: str) -> list[Binding]:
    """Bind the keys of vertical movement under ids such as `table.down`."""
    moves = (
        ("j,down", "down", "Down"),
        ("k,up", "up", "Up"),
        ("ctrl+f,pagedown", "page_down", "Page down"),
        ("ctrl+b,pageup", "page_up", "Page up"),
        ("ctrl+d", "half_down", "Half page down"),
        ("ctrl+u", "half_up", "Half page up"),
        ("g,home", "top", "First"),
        ("G,end", "bottom", "Last"),
    )
    return [Binding(keys, action, text, show=False, id=f"{prefix}.{action}") for keys, action, text in moves]
