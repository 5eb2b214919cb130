"""How long a key takes until its row is painted, idle and while the reader works on a long query."""

import time
from argparse import Namespace
from typing import Any

from explorer.corpus.workspace import Place
from tests.bench._common import cache_of, cpu_seconds, emit, parser, quantile, say, spread_ms, waited_seconds
from tests.bench._corpora import synthetic_corpus
from tests.bench._terminal import Silent, Terminal, explorer_on

PAGE_DOWN = "\x1b[6~"
LONG_FILTER = "content ~ '[a-z]+_[0-9]{4}[^0-9a-z]+[a-z]+_[0-9]{4}zzz'"
"""Finds nothing, and looks at every text for it."""
RUNNING = "esc stops it"
"""What stands below the filter while it runs."""

STILL = 0.15
"""Seconds without a change on the screen before the next key: the code beside the table has been painted, too."""

MOST_PANES = 8


class Walk:
    """Presses keys on a table in the corpus's own order and times their rows."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._cursor = 0
        self._last = max(terminal.rows_shown())

    def down(self) -> float:
        """Goes to the next row."""
        self._cursor += 1
        seconds = self._time("j", self._cursor)
        self._last = max(self._last, self._cursor)
        return seconds

    def page_down(self) -> float:
        """Goes on by a page, whose rows nobody has seen."""
        seconds = self._time(PAGE_DOWN, self._last + 1)
        self._cursor = self._last = max(self._terminal.rows_shown())
        return seconds

    def find_table(self) -> None:
        """Tabs from wherever the focus is until the table answers, after a page down; raises Silent."""
        terminal = self._terminal
        for _ in range(MOST_PANES):
            terminal.press("j")
            terminal.settle(STILL, most=2 * STILL)
            if self._cursor + 1 in terminal.rows_shown():
                self._cursor += 1
                self._last = self._cursor
                return
            terminal.press("\t")
            terminal.settle(STILL, most=2 * STILL)
        raise Silent("no pane answers to j as the table does")

    def _time(self, key: str, least: int) -> float:
        terminal = self._terminal
        terminal.press(key)
        seconds = terminal.seconds_until(lambda: max(terminal.rows_shown(), default=-1) >= least)
        terminal.settle(STILL, most=2 * STILL)
        return seconds


def walk(steps: Walk, terminal: Terminal, downs: int, pages: int) -> tuple[dict[str, Any], list[float]]:
    """Walks on by rows, then by pages; returns figures and all times by rows.

    What a key's mean owes to a machine busy with other work stands in `screen_waited_mean_ms`.
    """
    reader, screen = terminal.reader_pid(), terminal.pid
    begun, read, worked, waited = time.perf_counter(), cpu_seconds(reader), cpu_seconds(screen), waited_seconds(screen)
    rows = [steps.down() for _ in range(downs)]
    page_downs = [steps.page_down() for _ in range(pages)]
    keys = downs + pages
    figures = {
        "row": spread_ms(rows, 50, 95),
        "page": spread_ms(page_downs, 50, 95),
        "screen_cpu_mean_ms": (cpu_seconds(screen) - worked) / keys * 1e3,
        "screen_waited_mean_ms": (waited_seconds(screen) - waited) / keys * 1e3,
        "reader_cores": (cpu_seconds(reader) - read) / (time.perf_counter() - begun),
    }
    return figures, rows


def start_long_query(terminal: Terminal) -> None:
    """Types a filter that reads every text and waits until it runs."""
    terminal.press("/")
    terminal.settle(quiet=0.5)
    terminal.press(f"{LONG_FILTER}\r")
    terminal.seconds_until(lambda: RUNNING.encode() in terminal.answer())


def require_long_query(terminal: Terminal) -> None:
    """Raises RuntimeError where the query does not tell its progress any more: then the walk was not a busy one."""
    terminal.press("k")
    try:
        terminal.seconds_until(lambda: RUNNING.encode() in terminal.answer(), patience=10)
    except Silent:
        raise RuntimeError("the long query ended before the keys did: take more --rows") from None


def measure(place: Place, chosen: Namespace) -> tuple[dict[str, Any], float]:
    """Walks idle, then while the query runs; returns figures and how much slower it was then."""
    with explorer_on(place) as terminal:
        terminal.seconds_until(lambda: 0 in terminal.rows_shown())
        terminal.settle(quiet=0.5)
        steps = Walk(terminal)
        idle, idle_rows = walk(steps, terminal, chosen.downs, chosen.pages)
        say(f"idle: {idle}")
        start_long_query(terminal)
        steps.find_table()
        busy, busy_rows = walk(steps, terminal, chosen.downs, chosen.pages)
        say(f"busy: {busy}")
        if not chosen.quick:
            require_long_query(terminal)
    return {"idle": idle, "busy": busy}, quantile(busy_rows, 0.95) / quantile(idle_rows, 0.95)


def main() -> None:
    options = parser(__doc__, runs=1)
    options.add_argument("--rows", type=int, default=10_000_000, help="size of the index; the query reads all of it")
    options.add_argument("--downs", type=int, default=200, help="presses of j")
    options.add_argument("--pages", type=int, default=50, help="presses of page down")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.rows, chosen.downs, chosen.pages = 1_000_000, 2, 1
    with cache_of(chosen) as cache:
        figures, ratio = measure(synthetic_corpus(cache, chosen.rows), chosen)
    emit(
        "keys",
        {"rows": chosen.rows, "downs": chosen.downs, "pages": chosen.pages, "busy": figures["busy"]},
        reference={"what": "the same keys while the reader is idle; ratio: p95 of a row", **figures["idle"]},
        ratio=ratio,
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
