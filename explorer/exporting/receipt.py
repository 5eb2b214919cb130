"""The receipt of an export: enough to audit every row and to draw the same mix again."""

import hashlib
import json
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
from explorer.reader.session import Session

FORMAT = 3
SEAL = "sha256"
MAX_MANIFEST = 256 << 20


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
        if path.stat().st_size > MAX_MANIFEST:
            raise BadInput(f"{path} is too large to be a receipt.", "Name the directory of an export.")
        manifest = json.loads(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{directory} holds no export ({error.strerror}).", "Name the directory of an export.") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{path} is damaged: it is no JSON.", "Export the mix again.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadInput(f"{path} was written by another version.", "Verify it with the version that wrote it.")
    if not _has_its_parts(manifest):
        raise BadInput(f"{path} is damaged: parts of it are missing.", "Export the mix again.")
    return manifest


def _has_its_parts(manifest: dict[str, Any]) -> bool:
    kinds = {
        "stage": str,
        "family": str,
        "rules": dict,
        "clusters": dict,
        "gates": dict,
        "safety": dict,
        "plan": dict,
        "tiers": dict,
        "corpus": dict,
        "files": list,
    }
    return (
        all(isinstance(manifest.get(name), kind) for name, kind in kinds.items())
        and _are_counts(manifest, ("rows", "tokens"))
        and all(_are_counts(tier, ("rows", "samples", "tokens")) for tier in manifest["tiers"].values())
        and all(_is_file(file) for file in manifest["files"])
    )


def _is_file(file: Any) -> bool:
    if not _are_counts(file, ("rows", "tokens", "bytes")) or not isinstance(file.get("sha256"), str):
        return False
    path = file.get("path")
    return isinstance(path, str) and "\0" not in path and not path.startswith("/") and ".." not in path.split("/")


def _are_counts(mapping: Any, names: Sequence[str]) -> bool:
    return isinstance(mapping, dict) and all(type(mapping.get(name)) is int for name in names)


def sha256_of(path: Path) -> str:
    """Returns the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
