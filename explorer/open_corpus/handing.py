"""Writes the content of a sample into a new file, whole or not at all."""

from pathlib import Path

from explorer.corpus.new_files import write_new
from explorer.errors import BadInput
from explorer.job import Job
from explorer.open_corpus.records import SavedText
from explorer.open_corpus.session import Session
from explorer.safety.masking import mask_secrets


def save(session: Session, job: Job, row: int, where: str, *, unmasked: bool = False) -> SavedText:
    """Writes the content of a row to a new file, byte for byte except for its secrets, which `unmasked` keeps.

    Raises BadInput where the row does not exist or the file cannot be written.
    """
    content = _read(session, job, row)
    written = content if unmasked else masked_bytes(content)
    path = Path(where)
    try:
        write_new(path, written)
    except FileExistsError:
        raise BadInput(f"{path} exists already; nothing is overwritten.", "Name a file that does not exist.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadInput(f"{path} cannot be written: {reason}. Nothing is there.", "Name another file.") from None
    return SavedText(len(written), written != content)


def masked_bytes(content: bytes) -> bytes:
    """Returns a content with its secrets masked; bytes that are no UTF-8 stay as they are."""
    return mask_secrets(content.decode("utf-8", "surrogateescape"))[0].encode("utf-8", "surrogateescape")


def _read(session: Session, job: Job, row: int) -> bytes:
    try:
        return session.content.read(row, lambda file: job.report({"file": file}))
    except IndexError:
        raise BadInput(f"There is no row {row:,}.") from None
