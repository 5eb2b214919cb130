"""What differs between two members of a cluster: which two, and the lines of the pane that shows it."""

from functools import partial
from typing import TYPE_CHECKING

from explorer.api.messages.clusters import CompareRequest
from widgets.diff_view import DiffLine, DiffView

if TYPE_CHECKING:
    from explorer.screens.clusters.screen import ClustersScreen

MOST_LINES = 20_000
"""Lines of a text that are compared."""


class Comparison:
    """Keeps the pane at the member under the cursor, beside the survivor or the one that was chosen instead."""

    def __init__(self, screen: "ClustersScreen") -> None:
        self.view = DiffView(id="diff")
        self.base: int | None = None
        """The row that the others are compared with; None is the survivor."""
        self.shown: tuple[int, int] | None = None
        """The rows that are compared, left and right."""
        self._screen = screen

    def compare(self, row: int) -> None:
        """Compares a member; the one that all are compared with is set beside the first that has another text."""
        members = self._screen.members
        left = self.base if self.base in self._screen.names else members[0].row
        right = row if row != left else self._other_than(left)
        if self.shown != (left, right):
            self.shown = (left, right)
            self._screen.run_worker(
                partial(self._load, left, right), group="compare", exclusive=True, exit_on_error=False
            )

    def forget(self) -> None:
        """Shows nothing."""
        self.base = self.shown = None
        self.view.clear()

    def _other_than(self, row: int) -> int:
        others = [member for member in self._screen.members if member.row != row]
        node = next(member.node for member in self._screen.members if member.row == row)
        return next((member.row for member in others if member.node != node), others[0].row)

    async def _load(self, left: int, right: int) -> None:
        found = await self._screen.asked(CompareRequest(left, right))
        if found is None or self.shown != (left, right):
            return
        names = self._screen.names
        languages = {member.row: member.language for member in self._screen.members}
        self.view.show(
            found.left,
            found.right,
            [DiffLine(*row) for row in found.rows],
            languages.get(right),
            left_title=names.get(left, ""),
            right_title=names.get(right, ""),
            notice=f"only the first {MOST_LINES:,} lines are compared" if found.is_cut else None,
        )
