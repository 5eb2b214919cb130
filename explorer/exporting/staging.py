"""The staged directory: a target is absent, or complete and on disk; nothing in between is ever seen under its name."""

import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from explorer.corpus.marker import remove_folder
from explorer.corpus.new_files import rename_new as _rename
from explorer.corpus.workspace import Place, sync_directory, write_whole
from explorer.errors import BadInput, ExplorerError, Refused
from explorer.own_files import Damaged, is_real_folder, read_text

MANIFEST = "manifest.json"
"""The receipt inside an export, written last."""
_ABANDONED_SECONDS = 24 * 3600
_STAGED = re.compile(r"\..+\.tmp-[0-9a-f]{12}", re.DOTALL)
_MARKER = ".export"
"""File that marks a staged directory as ours; it is gone before the target gets its name."""
_MARKED = "staged by corpus: "
_TEMPORARY = r"\.(?:manifest\.json|\.export)\.[0-9]+-[0-9a-f]{8}\.tmp"
_OURS = re.compile(
    rf"manifest\.json|\.export|{_TEMPORARY}|\.spool/(?:[0-9]{{5,}}\.parquet)?"
    r"|data/(?:[a-z-]+/(?:mixed/(?:train-[0-9]{5,}-of-[0-9]{5,}\.[a-z]+)?)?)?"
)
"""What exports write into a staged directory."""
_SPARE = 1.2
"""How much more room than the estimate there must be."""


def check_target(target: Path, place: Place) -> None:
    """Refuses a target before any work: one that exists, a link, one inside the corpus, one with no parent."""
    if target.is_symlink():
        raise BadInput(f"{target} is a link.", "Name a directory that does not exist yet.")
    if target.exists():
        raise BadInput(f"{target} exists already; nothing is overwritten.", "Name a directory that does not exist yet.")
    if not target.parent.is_dir():
        raise BadInput(f"There is no directory {target.parent}.", "Make it first, or name another target.")
    if not os.access(target.parent, os.W_OK):
        raise BadInput(f"{target.parent} cannot be written to.", "Name another target.")
    resolved = target.parent.resolve() / target.name
    if resolved.is_relative_to(place.workspace.root.resolve()):
        raise BadInput(f"{target} lies inside the workspace.", "Name a target outside it.")
    if resolved.is_relative_to(place.base.resolve()) and ("/" in place.pattern or "**" in place.pattern):
        raise BadInput(
            f"{target} lies inside the corpus {place.base}.",
            "Name a target outside it, or the mix would be indexed too.",
        )


def check_space(target: Path, estimate: int) -> None:
    """Refuses a target whose disk has less than 1.2 times the estimated bytes."""
    free = shutil.disk_usage(target.parent).free
    if free < estimate * _SPARE:
        raise Refused(
            f"{target.parent} has {free / 1e6:,.0f} MB left; the export may need {estimate * _SPARE / 1e6:,.0f} MB.",
            "Free some space, lower the budget, or name another target.",
        )


@contextmanager
def staged(target: Path) -> Generator[Path]:
    """Lends a hidden directory beside the target and gives it the target's name when the block ends well.

    All files in it must be on disk by then. What goes wrong before the target has its name removes the directory and
    leaves the target untouched; an error behind that says that the export is complete.
    """
    staging = target.parent / f".{target.name}.tmp-{uuid.uuid4().hex[:12]}"
    try:
        staging.mkdir(mode=0o700)
        write_whole(staging / _MARKER, f"{_MARKED}{staging.name}\n".encode())
        yield staging
        (staging / _MARKER).unlink()
        for directory in (path for path in sorted(staging.rglob("*")) if path.is_dir()):
            sync_directory(directory)
        sync_directory(staging)
        _rename(staging, target)
    except OSError as error:
        _remove(staging)
        raise ExplorerError(f"The export to {target} failed: {_reason(error)}.", _left_of(staging)) from error
    except ExplorerError as error:
        _remove(staging)
        error.hint = f"{error.hint} {_left_of(staging)}".strip()
        raise
    finally:
        _remove(staging)
    try:
        sync_directory(target.parent)
    except OSError as error:
        raise ExplorerError(
            f"The export in {target} is complete, but the disk did not confirm its name: {_reason(error)}.",
            f"It may be gone after a power cut; `corpus verify {target}` checks it.",
        ) from error


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)


def _left_of(staging: Path) -> str:
    """Says what a failed export left, now that its directory has been removed as far as that goes."""
    return f"{staging} could not be removed." if os.path.lexists(staging) else "Nothing was left behind."


def sweep(parent: Path, tell: Callable[[Path], None]) -> None:
    """Removes what killed exports left in a directory more than a day ago; tells each before it goes.

    Only a directory that holds the marker of its export, and nothing but files of our names, is removed.
    """
    for left in sorted(parent.glob(".*.tmp-*")):
        if _STAGED.fullmatch(left.name) and left.is_dir() and not left.is_symlink() and _is_abandoned(left):
            tell(left)
            _remove(left)


def _is_abandoned(left: Path) -> bool:
    """Whether a staged directory of this user is marked, holds only what exports write, and is older than a day."""
    try:
        status = left.lstat()
        inside = list(left.rglob("*"))
        latest = max((path.lstat().st_mtime for path in inside), default=status.st_mtime)
        is_marked = read_text(left / _MARKER, most=1 << 12) == f"{_MARKED}{left.name}\n"
    except (OSError, Damaged):
        return False
    aged = time.time() - max(latest, status.st_mtime) > _ABANDONED_SECONDS
    return aged and is_marked and status.st_uid == os.getuid() and all(_is_ours(_below(left, path)) for path in inside)


def _below(left: Path, path: Path) -> str:
    """Names what lies in a staged directory, a directory with a slash at its end."""
    return path.relative_to(left).as_posix() + ("/" if is_real_folder(path) else "")


def _is_ours(path: str) -> bool:
    return _OURS.fullmatch(path) is not None


def _remove(staging: Path) -> None:
    """Removes what an export wrote into a staged directory, and the directory if nothing else is in it."""
    with suppress(OSError):
        parent = os.open(staging.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            remove_folder(parent, staging.name, _is_ours)
        finally:
            os.close(parent)
