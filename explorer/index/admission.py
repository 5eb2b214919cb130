"""Lets a build into a folder only if it is new, empty or a workspace of ours, and no part of it is a link."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from explorer.corpus import marker
from explorer.corpus.marker import Marker
from explorer.corpus.workspace import Workspace
from explorer.errors import ExplorerError, Refused
from explorer.own_files import Damaged, is_regular, parse_json, read_bytes, read_json
from queries.loading import files_of_index

_MOVE = "Move it away, or name another folder with --workspace DIR."
_FOLDERS = ("parts", "content", "labels", "labels/journal", "labels/backup", "exports", "baselines", "measured")
_FILES = ("workspace.json", "index.duckdb", "index.lock", marker.NAME)
_KNOWN = re.compile(
    r"mix\.toml|quality\.toml|optout\.txt|\.(?:mix\.toml|state\.json)\..+|reader\.log|ui\.log|\.spill.*\.tmp"
)
_INSIDE = {
    "labels": re.compile(r"journal|backup|LOCK"),
    "exports": re.compile(r".+\.json|diversity\.jsonl"),
    "baselines": re.compile(r".+\.parquet"),
    "measured": re.compile(r"\.?[0-9a-f]{32}\.json.*"),
    "parts": re.compile(r"\.?[0-9a-f]{24}-[0-9]{6,}\.parquet.*"),
    "content": re.compile(r"\.?[0-9a-f]{24}-[0-9]{6,}\.parquet.*"),
}
"""What our own folders hold."""


def admit(workspace: Workspace) -> None:
    """Makes the workspace ready for a build, with a marker; raises Refused where it is not ours or leads elsewhere."""
    root = workspace.root
    _refuse_links(workspace)
    if Marker.read(root) is None and os.path.lexists(root):
        _refuse_strangers(workspace)
    workspace.prepare()
    try:
        marker.begin(root)
    except FileExistsError:
        raise Refused(f"{root / marker.NAME} is not a file of ours.", _MOVE) from None
    except OSError as error:
        raise ExplorerError(
            f"The workspace {root} cannot be written: {error.strerror}.", "Name a writable place with --workspace DIR."
        ) from error
    _adopt(workspace)
    for path in (workspace.index, workspace.description, workspace.lock):
        if not marker.may_write(root, path.name):
            raise Refused(f"{path} is not a file of ours, and it is not replaced.", _MOVE)
    marker.record(root, workspace.lock.name)


def _refuse_links(workspace: Workspace) -> None:
    """Raises Refused where the workspace or a part of it is a link, or something else than it must be."""
    root = workspace.root
    if root.is_symlink():
        raise Refused(
            f"The workspace {root} is a link to {os.path.realpath(root)}.",
            f"Name the folder itself: --workspace {os.path.realpath(root)}",
        )
    for name in (*_FOLDERS, *_FILES):
        if (root / name).is_symlink():
            raise Refused(
                f"{root / name} is a link to {os.path.realpath(root / name)}; a workspace of ours has no links.",
                "Remove the link, or name another folder with --workspace DIR.",
            )
    for name in _FOLDERS:
        if os.path.lexists(root / name) and not (root / name).is_dir():
            raise Refused(f"{root / name} is in the place of a folder of ours.", _MOVE)
    for name in _FILES:
        if os.path.lexists(root / name) and not is_regular(root / name):
            raise Refused(f"{root / name} is in the place of a file of ours.", _MOVE)


def _refuse_strangers(workspace: Workspace) -> None:
    """Raises Refused where a folder without a marker is not empty and nothing proves that it is ours."""
    if _description_is_ours(workspace) or _names_in_index(workspace) is not None:
        return
    stranger = next(_strangers(workspace.root), None)
    if stranger is not None:
        raise Refused(
            f"{workspace.root} is not empty and not a workspace of ours: it holds {stranger}.",
            "Nothing in it was touched. Name another folder with --workspace DIR.",
        )


def _strangers(root: Path) -> Iterator[str]:
    """Names what is not ours in a folder whose derived files may have been deleted by hand."""
    if not root.is_dir():
        return
    for name in sorted(os.listdir(root)):
        path = root / name
        if name in _INSIDE:
            inside = _INSIDE[name]
            yield from (f"{name}/{each}" for each in sorted(os.listdir(path)) if not inside.fullmatch(each))
        elif not _is_known(path):
            yield name


def _is_known(path: Path) -> bool:
    """Whether a file outside our folders is one that a workspace has besides its derived files."""
    match path.name:
        case "state.json":
            return _is_state(path)
        case "index.lock":
            return _is_lock(path)
        case name:
            return _KNOWN.fullmatch(name) is not None


def _is_state(path: Path) -> bool:
    try:
        read_json(path, {"screen": str, "cluster_sort": str})
    except (Damaged, FileNotFoundError):
        return False
    return True


def _is_lock(path: Path) -> bool:
    try:
        return re.fullmatch(rb"[0-9]+\n?", read_bytes(path, most=64)) is not None
    except (Damaged, FileNotFoundError):
        return False


def _description_is_ours(workspace: Workspace) -> bool:
    """Whether `workspace.json` was written by some version of ours."""
    try:
        parse_json(read_bytes(workspace.description), {"format": int, "base": str, "pattern": str})
    except (Damaged, FileNotFoundError):
        return False
    return True


def _adopt(workspace: Workspace) -> None:
    """Lists what earlier versions made without a marker, as far as it is proven to be ours."""
    root = workspace.root
    listed = Marker.read(root)
    known = listed.names if listed else frozenset[str]()
    if workspace.index.name in known and workspace.description.name in known:
        return
    names = _names_in_index(workspace)
    found: list[str] = []
    if _description_is_ours(workspace):
        found += ["workspace.json", "index.duckdb"]
    if names is not None:
        found += ["index.duckdb", *names]
    if _is_lock(workspace.lock):
        found.append("index.lock")
    if _is_state(workspace.state):
        found.append("state.json")
    marker.record(root, *(name for name in dict.fromkeys(found) if name not in known and is_regular(root / name)))


def _names_in_index(workspace: Workspace) -> tuple[str, ...] | None:
    """Reads from an index which parts and copies belong to it; None where it is no index of ours."""
    if not is_regular(workspace.index):
        return None
    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            files = files_of_index(connection, str(workspace.index))
    except duckdb.Error:
        return None
    return tuple(f"{'parts' if file.kind == 'part' else 'content'}/{file.name}" for file in files)
