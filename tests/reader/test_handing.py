"""Contents handed out whole: byte for byte or masked, into a new file or not at all."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from explorer.corpus import new_files
from explorer.errors import BadInput
from explorer.open_corpus import handing
from explorer.open_corpus.records import SavedText
from explorer.open_corpus.session import Session
from tests.corpora import corpus_of, job, row
from tests.signals.planted import HARD

SECRET = next(secrets[0] for secrets in HARD.values() if "\n" not in secrets[0])
CONTENTS = (
    b"# short\n",
    b"x = [" + b",".join(b"%d" % number for number in range(300_000)) + b"]\nlast",
    b"\r\n\x1b[31m\x00\n\n",
    b"latin \xe9 and \xed\xa0\x80 \xff\n" * 3,
    b"",
    f"caf\u00e9 = 1\nkey = {SECRET!r}\n".encode() + b"\xff\n",
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Any:
    rows = [row(content, path=f"{number}.py") for number, content in enumerate(CONTENTS)]
    opened = Session(corpus_of(tmp_path_factory.mktemp("handing") / "c", rows))
    yield opened
    opened.close()


@pytest.mark.parametrize("number", range(len(CONTENTS)))
def test_a_file_holds_the_whole_content(session: Session, tmp_path: Path, number: int) -> None:
    raw, masked = tmp_path / "raw", tmp_path / "masked"
    told = handing.save(session, job(), number, str(raw), unmasked=True)
    assert raw.read_bytes() == CONTENTS[number]
    assert told == SavedText(len(CONTENTS[number]), False)
    told = handing.save(session, job(), number, str(masked))
    assert told.bytes == masked.stat().st_size
    assert told.masked == (SECRET.encode() in CONTENTS[number])
    assert (masked.read_bytes() == CONTENTS[number]) != told.masked
    assert SECRET.encode() not in masked.read_bytes()
    assert masked.read_bytes().count(b"\xff") == CONTENTS[number].count(b"\xff")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["masked", "raw"]


def test_a_row_that_is_not_there_is_refused(session: Session, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no row 99"):
        handing.save(session, job(), 99, str(tmp_path / "new"))


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "folder"])
def test_nothing_is_ever_overwritten(session: Session, tmp_path: Path, kind: str) -> None:
    (tmp_path / "precious").write_text("mine")
    path = tmp_path / "there"
    if kind == "file":
        path.write_text("mine")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / ("precious" if kind == "link" else "nowhere"))
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(BadInput, match="exists already"):
        handing.save(session, job(), 0, str(path))
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize("name", ["no/such/folder/x", "a\x00b", "n" * 300, "precious/x"])
def test_names_that_cannot_be_written_are_refused(session: Session, tmp_path: Path, name: str) -> None:
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(BadInput, match="cannot be written"):
        handing.save(session, job(), 0, str(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_a_full_disk_leaves_nothing(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(new_files.os, "fsync", fail)
    with pytest.raises(BadInput, match="No space left"):
        handing.save(session, job(), 1, str(tmp_path / "new"))
    assert not list(tmp_path.iterdir())


def test_a_name_as_long_as_names_may_be_is_written(session: Session, tmp_path: Path) -> None:
    handing.save(session, job(), 0, str(tmp_path / ("n" * 255)))
    assert (tmp_path / ("n" * 255)).read_bytes() == CONTENTS[0]
