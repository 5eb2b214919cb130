"""Vertical movement that every list, table and text shares, so that it feels the same everywhere."""

from textual.binding import Binding

FAR = 1 << 60


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


class Moving:
    """The actions behind `movement`, for a widget that can move by some lines and stops at its ends."""

    @property
    def page_height(self) -> int:
        """How many lines a page has."""
        raise NotImplementedError

    def move_by(self, lines: int) -> None:
        """Move down by some lines, up where they are negative."""
        raise NotImplementedError

    def action_down(self) -> None:
        """Move down by a line."""
        self.move_by(1)

    def action_up(self) -> None:
        """Move up by a line."""
        self.move_by(-1)

    def action_page_down(self) -> None:
        """Move down by a page."""
        self.move_by(self.page_height)

    def action_page_up(self) -> None:
        """Move up by a page."""
        self.move_by(-self.page_height)

    def action_half_down(self) -> None:
        """Move down by half a page."""
        self.move_by(max(1, self.page_height // 2))

    def action_half_up(self) -> None:
        """Move up by half a page."""
        self.move_by(-max(1, self.page_height // 2))

    def action_top(self) -> None:
        """Move to the first line."""
        self.move_by(-FAR)

    def action_bottom(self) -> None:
        """Move to the last line."""
        self.move_by(FAR)
