"""The opt-out list of a workspace, as it stands in its file now."""

import hashlib
import threading
from pathlib import Path

import duckdb

from explorer.errors import BadInput
from explorer.licences.opt_out import entries_of, read_optout
from explorer.own_files import Damaged, read_bytes
from queries.optouts import lay_optouts


class OptOuts:
    """Lays `optout.txt` over an index, again whenever the file has changed."""

    def __init__(self, path: Path) -> None:
        self.samples = 0
        """Samples that no mix may contain."""
        self._path = path
        self._state: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def heed(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Reads the list if it is not the one that was read last; raises BadInput for a line that names nothing."""
        with self._lock:
            state = self._stamp()
            if state != self._state:
                entries = read_optout(self._path) if state else ()
                self.samples = lay_optouts(cursor, entries_of(entries))
                self._state = state

    def sha256(self) -> str | None:
        """Returns the SHA-256 of the list, hexadecimal; None without one."""
        try:
            return hashlib.sha256(read_bytes(self._path, through_links=True)).hexdigest()
        except (FileNotFoundError, Damaged):
            return None

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except FileNotFoundError as error:
            if self._path.is_symlink():
                raise self._unreadable(f"it is a link that leads nowhere ({error.strerror})") from None
            return None
        except OSError as error:
            raise self._unreadable(error.strerror) from None
        return status.st_size, status.st_mtime_ns

    def _unreadable(self, reason: str | None) -> BadInput:
        return BadInput(
            f"The opt-out list {self._path} cannot be read: {reason}.", "No mix is drawn without it; save it as UTF-8."
        )
