"""Where a corpus lies and where everything of ours lies beside it."""

import glob
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.corpus import marker
from explorer.errors import BadInput, ExplorerError

FORMAT = 1
"""Version of the workspace's derived files; another one is rebuilt, never read."""

_WILDCARDS = frozenset("*?[")


@dataclass(frozen=True)
class Workspace:
    """The directory beside the corpus; derived and precious files never share one."""

    root: Path

    @property
    def description(self) -> Path:
        """What was indexed, with which mapping and parameters (derived)."""
        return self.root / "workspace.json"

    @property
    def parts(self) -> Path:
        """Signals of the corpus, one file for each slice of row groups (derived)."""
        return self.root / "parts"

    @property
    def content(self) -> Path:
        """The text again in small row groups, where it was asked for or needed (derived)."""
        return self.root / "content"

    @property
    def index(self) -> Path:
        """The DuckDB file that every query reads (derived)."""
        return self.root / "index.duckdb"

    @property
    def lock(self) -> Path:
        """Held by the one process that builds the index."""
        return self.root / "index.lock"

    @property
    def labels(self) -> Path:
        """The journal of decisions (precious)."""
        return self.root / "labels"

    @property
    def mix(self) -> Path:
        """Weights and rules (precious)."""
        return self.root / "mix.toml"

    @property
    def quality(self) -> Path:
        """What quality is made of, where a curator has a scale of their own (precious)."""
        return self.root / "quality.toml"

    @property
    def optout(self) -> Path:
        """Repositories, paths and ids that no mix may contain (precious)."""
        return self.root / "optout.txt"

    @property
    def exports(self) -> Path:
        """A copy of every receipt (precious)."""
        return self.root / "exports"

    @property
    def baselines(self) -> Path:
        """Samples that were frozen as human baselines (precious)."""
        return self.root / "baselines"

    @property
    def measured(self) -> Path:
        """Comparisons that took long, each under the hash of all it depends on (derived)."""
        return self.root / "measured"

    @property
    def state(self) -> Path:
        """The last view, filter, sort, row and theme (convenience)."""
        return self.root / "state.json"

    @property
    def log(self) -> Path:
        """What the reader process had to say."""
        return self.root / "reader.log"

    def prepare(self) -> None:
        """Makes the directories of the derived files, closed to other users; says which one refuses."""
        if "?" in str(self.root) or not _is_utf8(self.root):
            raise ExplorerError(
                f"The engine cannot open {self.root}: the path of a workspace must be UTF-8 and have no question mark.",
                "Name another with --workspace DIR.",
            )
        for directory in (self.root, self.parts, self.content):
            try:
                marker.make_folder(directory)
            except OSError as error:
                raise ExplorerError(
                    f"The workspace {directory} cannot be made: {error.strerror}.",
                    "Name a writable place with --workspace DIR.",
                ) from error

    def describe(self) -> dict[str, Any]:
        """Returns what `workspace.json` says, or an empty mapping where there is none that this version reads."""
        try:
            text = self.description.read_text("utf-8")
        except OSError:
            return {}
        try:
            described = json.loads(text)
        except ValueError:
            return {}
        return described if isinstance(described, dict) and described.get("format") == FORMAT else {}

    def write_description(self, described: dict[str, Any]) -> None:
        """Replaces `workspace.json` in one step."""
        temporary = marker.temporary_of(self.description)
        marker.record(self.root, temporary.name, self.description.name)
        write_whole(self.description, json.dumps({"format": FORMAT, **described}, indent=1).encode(), temporary)


def _is_utf8(path: Path) -> bool:
    try:
        return bool(str(path).encode("utf-8"))
    except UnicodeEncodeError:
        return False


@dataclass(frozen=True)
class Place:
    """A corpus as a person named it: a base directory, the pattern below it, and its workspace."""

    base: Path
    pattern: str
    workspace: Workspace

    @property
    def name(self) -> str:
        """What a screen calls the corpus."""
        return self.base.name if self.pattern == ALL_PARQUET else f"{self.base.name}/{self.pattern}"


ALL_PARQUET = "**/*.parquet"


def locate(path: str, workspace: str | None = None) -> Place:
    """Tells what PATH means: a Parquet file, a directory, a glob or a workspace; raises BadInput where it is none."""
    given = Path(os.path.abspath(os.path.expanduser(path)))
    own = Workspace(Path(workspace).absolute()) if workspace else None
    if (given / "workspace.json").is_file():
        return _place_of_workspace(Workspace(given))
    if given.is_dir():
        return Place(given, ALL_PARQUET, own or Workspace(given / ".corpus"))
    if given.exists():
        return Place(given.parent, glob.escape(given.name), own or Workspace(given.parent / f"{given.name}.corpus"))
    if _WILDCARDS & set(path):
        base = given.parent
        while not base.is_dir():
            base = base.parent
        return Place(base, str(given.relative_to(base)), own or Workspace(base / ".corpus"))
    raise BadInput(f"There is no {given}.", "Name a Parquet file, a directory, a glob in quotes, or a workspace.")


def _place_of_workspace(workspace: Workspace) -> Place:
    """Finds the corpus a workspace was built from."""
    described = workspace.describe()
    try:
        return Place(Path(described["base"]), described["pattern"], workspace)
    except KeyError:
        raise BadInput(
            f"The workspace {workspace.root} was written by another version or is damaged.",
            "Run `corpus index` on the corpus itself; labels and mix.toml are kept.",
        ) from None


def write_whole(path: Path, content: bytes, temporary: Path | None = None) -> None:
    """Replaces a file in one step that survives a crash: a temporary file, fsync, rename, fsync of the directory."""
    temporary = temporary or marker.temporary_of(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def sync_file(path: Path) -> None:
    """Makes what was written to a file durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(directory: Path) -> None:
    """Makes renames inside a directory durable."""
    sync_file(directory)
