"""A new file has its whole content or no name, and never that of another file."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from explorer.corpus import new_files
from explorer.corpus.new_files import write_new


def test_a_new_file_is_whole_and_alone(tmp_path: Path) -> None:
    write_new(tmp_path / "new", b"content\r\n\0")
    assert (tmp_path / "new").read_bytes() == b"content\r\n\0"
    assert os.listdir(tmp_path) == ["new"]


@pytest.mark.parametrize("kind", ["file", "directory", "dangling link"])
def test_what_has_the_name_already_is_left_alone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "there"
    if kind == "file":
        path.write_text("mine")
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "nowhere")
    before = path.lstat()
    with pytest.raises(FileExistsError):
        write_new(path, b"other")
    assert (path.lstat(), os.listdir(tmp_path)) == (before, ["there"])


def test_a_file_that_comes_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = new_files.rename_new

    def late(source: Path, target: Path) -> None:
        target.write_text("mine")
        rename(source, target)

    monkeypatch.setattr(new_files, "rename_new", late)
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "new", b"other")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_leaves_no_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def fail(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(new_files.os, "fsync", fail)
    with pytest.raises(OSError, match=os.strerror(number)):
        write_new(tmp_path / "new", b"content")
    assert not list(tmp_path.iterdir())
