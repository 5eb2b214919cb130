"""Where a corpus lies and where everything of ours lies beside it."""

import glob
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from explorer.corpus import marker
from explorer.errors import BadInput, ExplorerError, Refused
from explorer.own_files import Damaged, read_json
from explorer.shapes import Each, Only

FORMAT = 1
"""Version of the workspace's derived files; another one is rebuilt, never read."""

MOST_DESCRIPTION = 1 << 30
DESCRIPTION = {
    "format": Only(FORMAT),
    "base?": str,
    "near?": str,
    "pattern?": str,
    "mapping?": Each((str, None)),
    "own_columns?": Each(str),
    "options?": {"content?": str, "exact_tokens?": bool, "threshold?": float, "signals?": str},
    "state?": str,
    "quarantined?": Each(str),
    "files?": Each(
        {
            "size": int,
            "mtime_ns": int,
            "footer_sha256": str,
            "rows": int,
            "row_groups": int,
            "mapping": Each((str, None)),
        }
    ),
}
"""The shape of `workspace.json`."""

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
            return read_json(self.description, DESCRIPTION, most=MOST_DESCRIPTION)
        except (FileNotFoundError, Damaged):
            return {}

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

    def described_base(self) -> dict[str, str]:
        """Returns how `workspace.json` names the base, so that a copy or a move of both leads to the copy.

        A corpus around its workspace is named by the way there alone; another one also by its whole path.
        """
        way = os.path.relpath(self.base, self.workspace.root)
        if self.workspace.root.is_relative_to(self.base):
            return {"base": way}
        return {"base": str(self.base), "near": way}


ALL_PARQUET = "**/*.parquet"


class Disagreement(Refused):
    """A workspace and the call, or the workspace itself, name different corpora; `bases` are those that exist."""

    def __init__(self, workspace: Workspace, title: str, hint: str, bases: tuple[Path, ...]) -> None:
        super().__init__(title, hint)
        self.workspace = workspace
        self.bases = bases


def locate(path: str, workspace: str | None = None) -> Place:
    """Tells what PATH means: a Parquet file, a directory, a glob or a workspace; raises BadInput where it is none."""
    _refuse_address(path)
    given = Path(os.path.abspath(os.path.expanduser(path)))
    own = _named_workspace(workspace) if workspace else None
    if _is_workspace(given):
        return place_of_workspace(str(given))
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


_FETCHING = {
    "s3": "aws s3 sync {address} DIR",
    "gs": "gcloud storage cp -r {address} DIR",
    "az": "azcopy copy {address} DIR --recursive",
    "hf": "hf download {rest} --repo-type dataset --local-dir DIR",
    "http": "curl -L -O {address}",
    "https": "curl -L -O {address}",
}
"""Commands that bring what an address names to this machine, by its scheme."""


def _refuse_address(path: str) -> None:
    """Raises BadInput for an address such as `s3://bucket/data`, with a command that fetches what it names."""
    scheme, found, rest = path.partition("://")
    if not found or not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*", scheme):
        return
    command = _FETCHING.get(scheme.lower(), "")
    fetch = f"Fetch it first, as with `{command.format(address=path, rest=rest.removeprefix('datasets/'))}`, and"
    raise BadInput(
        f"{path} is an address; a corpus is read from this machine.",
        f"{fetch if command else 'Fetch it first, and'} name the folder it is in.",
    )


def _named_workspace(name: str) -> Workspace:
    """Returns the workspace that a person named; one that is a link is the folder it leads to."""
    root = Path(os.path.abspath(os.path.expanduser(name)))
    return Workspace(root.resolve() if root.is_symlink() else root)


def _is_workspace(path: Path) -> bool:
    """Whether a directory is a workspace and not a corpus that happens to hold a file called workspace.json."""
    if not (path / "workspace.json").is_file():
        return False
    return path.name.endswith(".corpus") or marker.Marker.read(path) is not None or bool(Workspace(path).describe())


def place_of_workspace(root: str, base: str | None = None, pattern: str | None = None) -> Place:
    """Finds the corpus of a workspace, or takes the base that is given.

    Raises BadInput where the workspace does not name it, Disagreement where it names two.
    """
    workspace = Workspace(Path(root))
    described = workspace.describe()
    named = pattern or described.get("pattern", ALL_PARQUET)
    if base is not None:
        return Place(Path(base), named, workspace)
    bases = (*_bases(workspace, described), *_around(workspace, described))
    if not bases or "pattern" not in described:
        raise BadInput(
            f"The workspace {workspace.root} was written by another version or is damaged.",
            "Run `corpus index` on the corpus itself; labels and mix.toml are kept.",
        )
    there = [path for path in bases if path.is_dir()]
    if len(there) > 1:
        raise Disagreement(
            workspace,
            f"The workspace {workspace.root} may be that of {there[0]} or of {there[1]}.",
            f"`corpus index BASE --workspace {workspace.root}` makes it that of one of them; labels are kept.",
            tuple(there),
        )
    return Place((there or bases)[0], named, workspace)


def settled(place: Place) -> Place:
    """Returns a place whose workspace is that of its corpus; raises Disagreement where it names another one."""
    workspace = place.workspace
    described = workspace.describe()
    bases = _bases(workspace, described)
    if not bases or any(_is_same(base, place.base) for base in bases):
        return place
    others = tuple(base for base in bases if base.is_dir())
    if not others and _has_files(place.base, described.get("files", {})):
        return place  # the corpus was moved
    named = place.base if place.pattern == ALL_PARQUET else place.base / place.pattern
    raise Disagreement(
        workspace,
        f"The index in {workspace.root} is that of {(others or bases)[0]}, not of {place.base}.",
        f"`corpus index '{named}' --workspace '{workspace.root}'` makes it that of {place.base}; labels are kept.",
        (place.base, *others),
    )


def _bases(workspace: Workspace, described: Mapping[str, Any]) -> tuple[Path, ...]:
    """Lists the directories that a description names as the corpus, without doubles."""
    found: list[Path] = []
    for name in ("base", "near"):
        if name in described and "\0" not in described[name]:
            path = Path(os.path.normpath(workspace.root / described[name]))
            if not any(path == other or _is_same(path, other) for other in found):
                found.append(path)
    return tuple(found)


def _around(workspace: Workspace, described: Mapping[str, Any]) -> tuple[Path, ...]:
    """The folder around a workspace, if an earlier version named another one and the corpus lies around it too."""
    around = workspace.root.parent
    files = described.get("files", {})
    is_old = os.path.isabs(described.get("base", "")) and "near" not in described
    is_beside = workspace.root.name.endswith(".corpus") and files and _has_files(around, files)
    return (around,) if is_old and is_beside and not _is_same(around, Path(described["base"])) else ()


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one == other or os.path.samefile(one, other)
    except OSError:
        return False


def _has_files(base: Path, files: Mapping[str, Any]) -> bool:
    """Whether a directory holds one of the described files, or none is described."""
    for name, file in files.items():
        try:
            if (base / name).stat().st_size == file["size"]:
                return True
        except (OSError, ValueError):
            continue
    return not files


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
