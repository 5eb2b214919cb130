"""Lines of a text of which only some windows are here."""

from collections.abc import Sequence


class LineStore:
    """Keeps windows of numbered lines and tells which are lacking."""

    def __init__(self, lines: Sequence[str] = (), first: int = 1, total: int | None = None) -> None:
        self._windows: list[tuple[int, list[str]]] = [(first, list(lines))] if lines else []
        self.first = 1 if total is not None else first
        """The number of the first line of the text, or of the window where nothing else is known."""
        self.count = total if total is not None else len(lines)
        """How many lines the text has."""

    def add(self, first: int, lines: Sequence[str]) -> None:
        """Store another window, over what is known of these lines so far."""
        if not lines:
            return
        end = first + len(lines)
        self._windows = [part for window in self._windows for part in _outside(window, first, end)]
        self._windows.append((first, list(lines)))
        self._windows.sort(key=lambda window: window[0])
        self._join()
        self.count = max(self.count, end - self.first)

    def _join(self) -> None:
        joined: list[tuple[int, list[str]]] = []
        for first, lines in self._windows:
            if joined and joined[-1][0] + len(joined[-1][1]) == first:
                joined[-1][1].extend(lines)
            else:
                joined.append((first, lines))
        self._windows = joined

    def get(self, number: int) -> str | None:
        """Give a line by its number where it is here."""
        for first, lines in self._windows:
            if first <= number < first + len(lines):
                return lines[number - first]
        return None

    def missing(self, first: int, last: int) -> tuple[int, int] | None:
        """Give the first gap among some lines as its first line and its length."""
        first, last = max(first, self.first), min(last, self.first + self.count - 1)
        for start, lines in self._windows:
            if first > last:
                return None
            if start > first:
                return first, min(last + 1, start) - first
            first = max(first, start + len(lines))
        return (first, last + 1 - first) if first <= last else None

    def windows(self) -> tuple[tuple[int, Sequence[str]], ...]:
        """Give every window that is here, in the order of the text."""
        return tuple(self._windows)

    @property
    def is_whole(self) -> bool:
        """Whether every line of the text is here."""
        return sum(len(lines) for _, lines in self._windows) >= self.count


def _outside(window: tuple[int, list[str]], first: int, end: int) -> list[tuple[int, list[str]]]:
    start, lines = window
    before, after = lines[: max(0, first - start)], lines[max(0, end - start) :]
    parts = [(start, before), (start + len(lines) - len(after), after)]
    return [part for part in parts if part[1]]
