"""Finding a text in the code of a sample, also beyond the lines that are here."""

from typing import TYPE_CHECKING

from explorer.api.messages.browse import FindLineRequest
from widgets import numbers
from widgets.code_view import BadPattern, CodeView
from widgets.prompts import Ask

if TYPE_CHECKING:
    from explorer.screens.browse.screen import BrowseScreen


class FindInCode:
    """Keeps what is looked for from sample to sample, and counts the matches."""

    def __init__(self, screen: "BrowseScreen") -> None:
        self._screen = screen
        self._pattern = ""
        self._matches: tuple[int, int, bool] | None = None
        self._is_seeking = False

    def ask(self) -> None:
        """Asks for a pattern and goes to its first match."""
        self._screen.app.push_screen(
            Ask("Find in the code", "text, or /regular expression/", self._pattern), self._take
        )

    def _take(self, pattern: str | None) -> None:
        if pattern is None:
            return
        self._pattern = pattern
        try:
            self._screen.code.find(*read_pattern(pattern))
        except BadPattern as error:
            self._screen.notify(str(error), severity="error")

    def go(self, step: int) -> None:
        """Goes to another match; in a sample that was not searched yet, to its first."""
        if self._matches is None and self._pattern:
            self._take(self._pattern)
        else:
            self._screen.code.action_match(step)

    def found(self, event: CodeView.MatchesFound) -> None:
        """Takes note of what a search found; where nothing is in the lines that are here, the reader looks further."""
        self._matches = (event.current, event.total, event.is_whole) if self._pattern else None
        if self._pattern and not event.total and not event.is_whole and not self._is_seeking:
            self._is_seeking = True
            self._screen.run_worker(self._seek, group="seek", exclusive=True, exit_on_error=False)

    async def _seek(self) -> None:
        """Goes to the next line of the whole sample that matches; its lines are brought, then searched again."""
        pattern, is_regex = read_pattern(self._pattern)
        code, row = self._screen.code, self._screen.row_read
        if row is None:
            self._is_seeking = False
            return
        found = await self._screen.asked(FindLineRequest(row, pattern, code.top_line, is_regex))
        if found is None or found.line is None or row != self._screen.row_read:
            self._is_seeking = False
            return
        code.go_to_line(found.line)

    def lines_came(self) -> None:
        """Searches the lines that were brought because a match stands in them."""
        if self._is_seeking:
            self._is_seeking = False
            self._screen.code.find(*read_pattern(self._pattern))

    def forget(self) -> None:
        """Forgets the matches of the sample before."""
        self._matches = None
        self._is_seeking = False

    def words(self) -> list[str]:
        """Says for the status line where the search is and how many characters are hidden."""
        words: list[str] = []
        if self._matches is not None:
            current, total, is_whole = self._matches
            more = "" if is_whole else "+"
            words.append(f"match {current} of {numbers.count(total)}{more}" if total else "no match")
        if hidden := self._screen.code.hidden_count:
            words.append(f"hidden characters: {numbers.count(hidden)}")
        return words


def read_pattern(text: str) -> tuple[str, bool]:
    """Tells the pattern and whether it is a regular expression: `/…/` is one."""
    is_regex = len(text) > 2 and text.startswith("/") and text.endswith("/")
    return (text[1:-1], True) if is_regex else (text, False)
