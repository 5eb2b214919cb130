"""What the two processes of an open screen hold in memory after a long walk and a sort, against the index's size."""

from pathlib import Path
from typing import Any

from tests.bench._common import cache_of, emit, parser, resident_mb, say
from tests.bench._corpora import synthetic_corpus
from tests.bench._terminal import explorer_on

PAGE_DOWN = "\x1b[6~"


def measure(cache: Path, rows: int, pages: int) -> dict[str, float]:
    """Walks, jumps to the end and sorts; returns what both processes hold then, and held at most."""
    place = synthetic_corpus(cache, rows)
    with explorer_on(place) as terminal:
        terminal.seconds_until(lambda: 0 in terminal.rows_shown())
        for _ in range(pages):
            last = max(terminal.rows_shown())
            terminal.press(PAGE_DOWN)
            terminal.seconds_until(lambda last=last: max(terminal.rows_shown(), default=-1) > last)
            terminal.settle(most=0.5)
        terminal.press("G")
        terminal.seconds_until(lambda: rows - 1 in terminal.rows_shown())
        terminal.settle(most=1.0)
        terminal.press("O")
        terminal.seconds_until(lambda: b"Sort by" in terminal.answer())
        terminal.settle(quiet=0.5)
        terminal.press("tokens\r")
        terminal.seconds_until(lambda: "by tokens ▼".encode() in terminal.answer())
        terminal.settle(quiet=1.0)
        reader = terminal.reader_pid()
        found = {
            "index_mb": place.workspace.index.stat().st_size / 1e6,
            "screen_mb": resident_mb(terminal.pid),
            "screen_peak_mb": resident_mb(terminal.pid, "VmHWM"),
            "reader_mb": resident_mb(reader),
            "reader_peak_mb": resident_mb(reader, "VmHWM"),
        }
    say(f"{rows:,} rows: {found}")
    return found


def main() -> None:
    options = parser(__doc__, runs=1)
    options.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000], help="sizes of the indexes")
    options.add_argument("--pages", type=int, default=100, help="presses of page down")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.rows, chosen.pages = [20_000], 3
    with cache_of(chosen) as cache:
        figures: dict[str, Any] = {f"rows_{rows}": measure(cache, rows, chosen.pages) for rows in chosen.rows}
    largest = figures[f"rows_{max(chosen.rows)}"]
    emit(
        "memory",
        figures,
        reference={"what": "size of the index file; ratio: both processes, largest size", "mb": largest["index_mb"]},
        ratio=(largest["screen_mb"] + largest["reader_mb"]) / largest["index_mb"],
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
