"""Finds real code on this machine without a download: the standard library and the installed distributions."""

import os
import platform
import re
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple, TypeVar

from .licences import find_repository, metadata_field, name_licence

SUFFIXES = """
    py pyi pyx pxd pxi c h cc cpp cxx hpp hh cu cuh m f f90 rs go java kt swift lua tcl r jl rb pl pm php asm s ll
    js mjs cjs jsx ts tsx mts vue css scss tcss html htm svg xsl json toml yaml yml ini cfg md rst tex
    sh bash zsh fish ps1 bat sql graphql proto thrift fbs cmake mk in j2 jinja def
"""
CODE_SUFFIXES = frozenset(f".{name}" for name in SUFFIXES.split())
MOST_BYTES = 1_000_000
MOST_JSON_BYTES = 100_000
MOST_PER_DISTRIBUTION = 2_000
"""No single distribution may drown the others; of a larger one every n-th file is taken."""
MOST_FILES = 20_000
"""A demo should be ready within seconds on a machine full of distributions, too."""
FEW = 5_000
"""With fewer files than this in reach, the distributions of the base interpreter are taken as well."""
SKIPPED_FOLDERS = frozenset({"__pycache__", "site-packages", "dist-packages", "lib-dynload", ".git"})
VENDOR_FOLDERS = frozenset(
    {"_vendor", "vendor", "_vendored", "vendored", "extern", "third_party", "thirdparty", "_bundled", "bundled"}
)
OWN_DISTRIBUTION = "corpus-explorer"
T = TypeVar("T")


class Found(NamedTuple):
    """A file that belongs into the corpus, and what is known about it before it is read."""

    place: Path
    path: str
    repo: str
    license: str | None
    evidence: str
    package: str
    version: str


def find_standard_library(stdlib: Path | None = None, include: Path | None = None) -> tuple[Found, ...]:
    """The files of the interpreter's standard library and its C headers, ordered by path."""
    version = platform.python_version()
    evidence = f"standard library of Python {version}, released by the Python core team"
    trees = (
        ("Lib", stdlib or Path(sysconfig.get_path("stdlib"))),
        ("Include", include or Path(sysconfig.get_path("include"))),
    )
    found = [
        Found(place, f"{prefix}/{path}", "python/cpython", _own_licence("PSF-2.0", path), evidence, "Python", version)
        for prefix, root in trees
        for path, place in _walk(root)
    ]
    return tuple(sorted(found, key=lambda one: one.path))


def find_distributions(folders: Iterable[Path] | None = None, already: int = 0) -> tuple[Found, ...]:
    """The files of the installed distributions, ordered by distribution and path.

    `folders` are searched for distributions, by default those of this environment; where these and the `already` known
    files are few, those of the base interpreter are added.
    """
    searched = sys.path if folders is None else [str(folder) for folder in folders]
    found = _find_below(searched, frozenset())
    if folders is None and already + len(found) < FEW:
        known = frozenset(_canonical(one.package) for one in found)
        found += _find_below(site.getsitepackages([sys.base_prefix]), known)
    return tuple(_thin(found, MOST_FILES))


def _find_below(folders: list[str], known: frozenset[str]) -> tuple[Found, ...]:
    chosen: dict[str, metadata.Distribution] = {}
    for distribution in metadata.distributions(path=folders):
        name = _canonical(metadata_field(distribution.metadata, "Name") or "")
        if name and name != OWN_DISTRIBUTION and name not in known:
            chosen.setdefault(name, distribution)
    return tuple(found for name in sorted(chosen) for found in _list_distribution(chosen[name]))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _thin(found: Sequence[T], most: int) -> Sequence[T]:
    return found[:: -(-len(found) // most) or 1]


def _list_distribution(distribution: metadata.Distribution) -> tuple[Found, ...]:
    about = distribution.metadata
    name, version = str(about["Name"]), distribution.version
    repo, licence = find_repository(about) or name, name_licence(about)
    evidence = f"installed distribution {name} {version}, released by its maintainers"
    vendored = f"copy of somebody else's code inside the installed distribution {name} {version}"
    listed = sorted(_recorded(distribution))
    return tuple(
        Found(
            place, path, repo, _own_licence(licence, path), vendored if _is_vendored(path) else evidence, name, version
        )
        for path, place in _thin(listed, MOST_PER_DISTRIBUTION)
    )


def _recorded(distribution: metadata.Distribution) -> Iterator[tuple[str, Path]]:
    root = os.path.realpath(str(distribution.locate_file("")))
    for recorded in distribution.files or ():
        if _is_wanted_path(recorded.parts, recorded.suffix):
            place = Path(str(recorded.locate()))
            if _is_wanted_file(place, root):
                yield recorded.as_posix(), place


def _walk(root: Path) -> Iterator[tuple[str, Path]]:
    real_root = os.path.realpath(root)
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in names:
            place = Path(folder, name)
            relative = place.relative_to(root)
            if _is_wanted_path(relative.parts, place.suffix) and _is_wanted_file(place, real_root):
                yield relative.as_posix(), place


def _is_wanted_path(parts: tuple[str, ...], suffix: str) -> bool:
    if suffix.lower() not in CODE_SUFFIXES or parts[0] in ("..", "/"):
        return False
    return not any(part in SKIPPED_FOLDERS or part.endswith((".dist-info", ".egg-info")) for part in parts)


def _is_wanted_file(place: Path, root: str) -> bool:
    try:
        size = place.stat().st_size
        real = os.path.realpath(place)
    except OSError:
        return False
    most = MOST_JSON_BYTES if place.suffix.lower() == ".json" else MOST_BYTES
    is_inside = real.startswith(root + os.sep)
    return 0 < size <= most and is_inside and place.is_file() and os.access(place, os.R_OK)


def _is_vendored(path: str) -> bool:
    return not VENDOR_FOLDERS.isdisjoint(path.split("/"))


def _own_licence(licence: str | None, path: str) -> str | None:
    # The licence of a distribution does not speak for the copies that it carries.
    return None if _is_vendored(path) else licence
