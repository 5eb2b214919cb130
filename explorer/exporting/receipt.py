"""The receipt of an export: enough to audit every row and to draw the same mix again."""

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from explorer import __version__
from explorer.errors import BadInput
from explorer.exporting.drawing import Chosen
from explorer.exporting.screening import Screening
from explorer.exporting.staging import MANIFEST
from explorer.mixing.describe import as_json
from explorer.mixing.mix import Mix
from explorer.open_corpus.session import Session
from explorer.own_files import Damaged, fitting, open_regular, read_json
from explorer.shapes import Each

FORMAT = 3
SEAL = "sha256"
MAX_MANIFEST = 256 << 20
_BLOCK = 1 << 20


class WrittenFile(NamedTuple):
    """A shard of an export."""

    path: str
    """Below the export's directory, with `/`."""
    rows: int
    tokens: int
    bytes: int
    sha256: str


def receipt(
    session: Session,
    mix: Mix,
    chosen: Chosen,
    files: Sequence[WrittenFile],
    labels: Mapping[str, Any],
    screen: Screening,
    origins: Mapping[str, int],
) -> dict[str, Any]:
    """Returns the manifest of an export that has been written.

    `origins` tells the tokens by who wrote them, copies counted. Secrets in it are answered as those in rows are:
    raises Refused where `screen` refuses them.
    """
    document = screen.cleaned(_document(session, mix, chosen, files, labels, origins))
    return sealed({**document, "safety": screen.told()})


def _document(
    session: Session,
    mix: Mix,
    chosen: Chosen,
    files: Sequence[WrittenFile],
    labels: Mapping[str, Any],
    origins: Mapping[str, int],
) -> dict[str, Any]:
    plan = chosen.plan
    drawn = sum(part.tokens for part in chosen.drawn)
    return {
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_with": _versions(),
        "stage": plan.stage,
        "family": mix.family,
        "rules": {
            "epoch_cap": mix.rules.epoch_cap,
            "repo_share": mix.rules.repo_share,
            "when_short": mix.rules.when_short,
            "include_untiered": mix.rules.include_untiered,
        },
        "clusters": {
            "threshold": mix.clusters.threshold,
            "survivors": list(mix.clusters.order),
            "chains": "keep" if mix.clusters.keeps_chains else "drop",
        },
        "gates": {"exclude": list(mix.gates.exclude), "least_quality": mix.gates.least_quality},
        "score": {"version": session.scale.version, "digest": session.scale.digest},
        "optout": {"samples": session.optouts.samples, "sha256": session.optouts.sha256()},
        "safety": {},
        "repo_cap_tokens": chosen.repo_cap,
        "plan": as_json(mix, [plan])["stages"][plan.stage],
        "tiers": {
            str(part.tier or "none"): {
                "rows": part.rows,
                "samples": part.samples,
                "tokens": part.tokens,
                "share": 100 * part.tokens / drawn if drawn else 0.0,
                "copies_all": part.copies_all,
                "prefix": part.prefix,
                "fillers": list(part.fillers),
            }
            for part in chosen.drawn
        },
        "rows": sum(part.rows for part in chosen.drawn),
        "tokens": drawn,
        "origins": dict(origins),
        "corpus": _corpus(session),
        "labels": dict(labels),
        "files": [file._asdict() for file in files],
    }


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a manifest with the SHA-256 of all it says, so that a slip of an editor or a disk is noticed.

    It is no signature: who wants to deceive can compute it again.
    """
    return {**manifest, SEAL: hashlib.sha256(dumped(manifest)).hexdigest()}


def is_sealed(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest still says what it said when it was sealed."""
    return manifest.get(SEAL) == sealed({key: value for key, value in manifest.items() if key != SEAL})[SEAL]


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in ("duckdb", "pyarrow", "numpy")}
    return {"corpus": __version__, "python": sys.version.split()[0], **libraries}


def _corpus(session: Session) -> dict[str, Any]:
    described = session.place.workspace.describe()
    return {
        "base": str(session.place.base),
        "pattern": session.place.pattern,
        "workspace": str(session.place.workspace.root),
        "samples": session.samples,
        "mapping": described.get("mapping", {}),
        "files": [
            {"path": name, **{key: file[key] for key in ("size", "rows", "footer_sha256")}}
            for name, file in described.get("files", {}).items()
        ],
        "quarantined": [{"file": file, "reason": reason} for file, reason in session.quarantine],
    }


def dumped(manifest: Mapping[str, Any]) -> bytes:
    """Returns a manifest as it is written: ASCII JSON, indented."""
    return json.dumps(manifest, indent=1).replace("\x7f", "\\u007f").encode("ascii") + b"\n"


def read_receipt(directory: Path) -> dict[str, Any]:
    """Reads the manifest of an export; raises BadInput where there is none that this version understands."""
    path = directory / MANIFEST
    try:
        manifest: dict[str, Any] = read_json(path, dict, most=MAX_MANIFEST)
    except FileNotFoundError as error:
        raise BadInput(f"{directory} holds no export ({error.strerror}).", "Name the directory of an export.") from None
    except Damaged as damage:
        raise _damaged(path, damage) from None
    if manifest.get("format") != FORMAT:
        raise BadInput(f"{path} was written by another version.", "Verify it with the version that wrote it.")
    try:
        fitting(manifest, _SHAPE)
        for number, file in enumerate(manifest["files"]):
            _check_path(file["path"], f"files[{number}].path")
        for name in ("base", "workspace"):
            _check_text(manifest["corpus"][name], f"corpus.{name}")
    except Damaged as damage:
        raise _damaged(path, damage) from None
    return manifest


def _damaged(path: Path, damage: Damaged) -> BadInput:
    return BadInput(f"{path} is damaged: {damage}.", "Put a copy of it back, or export the mix again.")


def _check_path(path: str, place: str) -> None:
    _check_text(path, place)
    if path.startswith("/") or ".." in path.split("/"):
        raise Damaged(f"{place} leads out of the export")


def _check_text(text: str, place: str) -> None:
    """Raises Damaged for a text that cannot name a file."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        raise Damaged(f"{place} cannot name a file") from None
    if "\0" in text:
        raise Damaged(f"{place} holds a NUL")


_COUNTS = {"rows": int, "tokens": int}
_SHAPE = {
    **_COUNTS,
    "stage": str,
    "family": str,
    "rules": {"include_untiered": bool},
    "clusters": {"threshold": float, "survivors": [str], "chains": str},
    "gates": {"exclude": [str], "least_quality": float},
    "safety": {"answer": str, "samples": [str]},
    "repo_cap_tokens": (int, None),
    "plan": {"tiers": Each({"weight?": float})},
    "tiers": Each({**_COUNTS, "samples": int, "copies_all": int, "prefix": int, "fillers": [int]}),
    "corpus": {"base": str, "pattern": str, "workspace": str, "files": [{"footer_sha256": str}]},
    "files": [{**_COUNTS, "path": str, "bytes": int, "sha256": str}],
    SEAL: str,
}
"""The shape of a manifest, as far as it is read."""


def sha256_of(path: Path) -> str:
    """Returns the SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
