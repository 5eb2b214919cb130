"""How long `corpus open` takes until rows stand on the screen, against only importing the screen library."""

import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

from explorer.corpus.workspace import Place, locate
from tests.bench._common import ROOT, cache_of, emit, parser, say, seconds_of
from tests.bench._corpora import synthetic_corpus
from tests.bench._terminal import explorer_on

MARK = 12
"""Characters of the first path that are looked for: the narrowest column shows more."""


def demo_corpus(folder: Path) -> Place:
    """Builds the demo corpus, or finds it built."""
    place = locate_or_none(folder / "demo")
    if place is None or not place.workspace.index.exists():
        command = (sys.executable, "-m", "explorer", "demo", "--out", str(folder / "demo"), "--json")
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return locate(str(folder / "demo"))


def locate_or_none(folder: Path) -> Place | None:
    """Finds a corpus where there is one."""
    return locate(str(folder)) if folder.is_dir() else None


def first_path(place: Place) -> bytes:
    """Returns how the path of the first row begins."""
    with duckdb.connect(place.workspace.index, read_only=True) as connection:
        row = connection.execute("select path from samples where row = 0").fetchone()
    return str(row[0] if row else "")[:MARK].encode()


def open_once(place: Place, path: bytes) -> tuple[float, float]:
    """Opens the explorer; returns the seconds until the first frame and until rows stand in it."""
    with explorer_on(place) as terminal:
        frame = terminal.seconds_until(lambda: b"opening" in terminal.answer())
        has_rows = path in terminal.answer()
        return frame, frame if has_rows else terminal.seconds_until(lambda: path in terminal.answer())


def import_library() -> None:
    """Starts Python and imports what every screen needs."""
    subprocess.run((sys.executable, "-c", "import textual.app"), cwd=ROOT, check=True)


def measure(places: dict[str, Place], runs: int) -> tuple[dict[str, Any], float]:
    """Opens every corpus in turns with the reference; returns medians."""
    paths = {name: first_path(place) for name, place in places.items()}
    opened: dict[str, list[tuple[float, float]]] = {name: [] for name in places}
    imports: list[float] = []
    if runs > 1:  # the first ones read from the disk
        import_library()
        for name, place in places.items():
            open_once(place, paths[name])
    for number in range(runs):
        imports.append(seconds_of(import_library))
        for name, place in places.items():
            opened[name].append(open_once(place, paths[name]))
            say(f"run {number + 1}, {name}: {opened[name][-1]}; import {imports[-1]}")
    figures = {
        name: {
            "index_mb": places[name].workspace.index.stat().st_size / 1e6,
            "first_frame_seconds": statistics.median(frame for frame, _ in times),
            "rows_seconds": statistics.median(rows for _, rows in times),
        }
        for name, times in opened.items()
    }
    return figures, statistics.median(imports)


def main() -> None:
    options = parser(__doc__, runs=9)
    options.add_argument("--rows", type=int, nargs="+", default=[1_000_000], help="sizes of synthetic indexes")
    chosen = options.parse_args()
    rows = [20_000] if chosen.quick else chosen.rows
    with cache_of(chosen) as cache:
        places = {} if chosen.quick else {"demo": demo_corpus(cache)}
        places |= {f"rows_{size}": synthetic_corpus(cache, size) for size in rows}
        figures, imports = measure(places, 1 if chosen.quick else chosen.runs)
    emit(
        "paint",
        figures,
        reference={"what": 'python -c "import textual.app"; ratio: rows, largest size', "seconds": imports},
        ratio=figures[f"rows_{max(rows)}"]["rows_seconds"] / imports,
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
