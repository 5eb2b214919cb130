"""The walls of the house, read from the imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = (
    "corpus", "kernels", "fingerprints", "languages", "licences", "safety", "signals", "quality", "tier_suggestion",
    "index", "reader", "open_corpus", "labels", "diversity", "mixing", "exporting", "stats", "api", "screens",
)  # fmt: skip
"""In the order in which data passes them: a room imports rooms before it, never one after it."""
PURE_ROOMS = ("kernels", "fingerprints", "languages", "licences", "safety", "signals", "diversity")
"""Rooms of functions over batches: no screen, no database, no file of a corpus."""
ENGINES = ("duckdb", "pyarrow")
HEAVY = ("textual", "scipy", "numba", "plotext", "datasketch", "duckdb", "pyarrow")


def imports(path: Path) -> set[str]:
    """Every module a file imports at any depth, by full name."""
    package = path.relative_to(ROOT).parts[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def files(*folders: str) -> list[Path]:
    """The Python files below some folders of the project."""
    found: list[Path] = []
    for folder in folders:
        place = ROOT / folder
        found += [place] if place.suffix else sorted(place.rglob("*.py"))
    return found


def rooms(*names: str) -> list[Path]:
    """The Python files of those rooms that are built already."""
    return files(*(f"explorer/{name}" for name in names if (ROOT / "explorer" / name).is_dir()))


def tops(path: Path) -> set[str]:
    """The first names of what a file imports."""
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", files("widgets"), ids=str)
def test_widgets_know_no_corpus(path: Path) -> None:
    assert not tops(path) & {"explorer", "queries", "sample_data", *ENGINES}


@pytest.mark.parametrize("path", files("queries"), ids=str)
def test_queries_know_no_screen(path: Path) -> None:
    assert not tops(path) & {"explorer", "widgets", "sample_data", "textual", "rich"}


@pytest.mark.parametrize("path", files("explorer/app.py", "explorer/screens"), ids=str)
def test_screens_know_no_engine(path: Path) -> None:
    assert not tops(path) & {"queries", *ENGINES}
    from_reader = {name for name in imports(path) if name.startswith("explorer.reader.")}
    assert all(name.startswith("explorer.reader.client") for name in from_reader), from_reader


@pytest.mark.parametrize("path", rooms(*ROOMS), ids=str)
def test_rooms_look_up_only(path: Path) -> None:
    room = path.relative_to(ROOT / "explorer").parts[0]
    below = {f"explorer.{name}" for name in (*ROOMS[ROOMS.index(room) + 1 :], "app", "cli")}
    assert not {".".join(name.split(".")[:2]) for name in imports(path)} & below


@pytest.mark.parametrize("path", rooms(*PURE_ROOMS), ids=str)
def test_pure_rooms_import_pure_rooms_alone_and_no_database(path: Path) -> None:
    assert not tops(path) & {"textual", "duckdb", "queries", "widgets"}
    others = {f"explorer.{name}" for name in ROOMS if name not in PURE_ROOMS}
    assert not {".".join(name.split(".")[:2]) for name in imports(path)} & others


def loaded_by(module: str, deed: str = "0") -> set[str]:
    """The top-level modules that a fresh interpreter holds after importing one and evaluating a deed with it."""
    program = f"import sys, {module}; {deed}; print(*{{name.split('.')[0] for name in sys.modules}})"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_the_command_line_starts_light() -> None:
    assert not loaded_by("explorer.cli") & set(HEAVY)


def test_the_screens_load_no_engine() -> None:
    assert not loaded_by("explorer.app") & {*ENGINES, "numba", "numpy", "scipy", "plotext", "datasketch"}


def test_a_reader_starts_without_the_compiled_kernels() -> None:
    deed = "list(explorer.api.handlers.all_handlers())"
    assert not loaded_by("explorer.api.handlers", deed) & {"numba", "scipy", "plotext", "textual"}


def test_the_top_level_stays_as_planned() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode or not listed.stdout:
        pytest.skip("not a git checkout")
    tops_listed = {line.split("/")[0] for line in listed.stdout.splitlines()}
    planned = {"explorer", "widgets", "queries", "tests", "sample_data", "pyproject.toml", "README.md", "LICENSE"}
    assert {name for name in tops_listed if not name.startswith(".")} <= planned
