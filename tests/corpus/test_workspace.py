"""A path means a corpus and a place for what is ours; our files are replaced in one step."""

import os
import stat
from pathlib import Path

import pytest

from explorer.corpus.files import list_files
from explorer.corpus.workspace import ALL_PARQUET, Workspace, locate, write_whole
from explorer.errors import BadInput


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name in ("a.parquet", "[x]/b.parquet", ".hidden/c.parquet", "d.parquet.corpus/parts/e.parquet", "f.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("path", "files", "workspace"),
    [
        ("", ("[x]/b.parquet", "a.parquet"), ".corpus"),
        ("a.parquet", ("a.parquet",), "a.parquet.corpus"),
        ("f.txt", ("f.txt",), "f.txt.corpus"),
        ("*.parquet", ("a.parquet",), ".corpus"),
        ("**/*.parquet", ("[x]/b.parquet", "a.parquet"), ".corpus"),
        ("[x]", ("b.parquet",), "[x]/.corpus"),
        ("[x]/*.parquet", ("b.parquet",), "[x]/.corpus"),
        ("[x]/b.parquet", ("b.parquet",), "[x]/b.parquet.corpus"),
        ("?.parquet", ("a.parquet",), ".corpus"),
        ("none/*", (), ".corpus"),
    ],
)
def test_a_path_means_files_and_a_workspace(path: str, files: tuple[str, ...], workspace: str, corpus: Path) -> None:
    place = locate(str(corpus / path))
    assert list_files(place) == files
    assert place.workspace.root == corpus / workspace
    assert locate(str(corpus / path), str(corpus / "w")).workspace.root == corpus / "w"


def test_a_workspace_leads_back_to_its_corpus(corpus: Path) -> None:
    workspace = Workspace(corpus / "w")
    workspace.prepare()
    workspace.write_description({"base": str(corpus), "pattern": ALL_PARQUET})
    assert list_files(locate(str(corpus / "w"))) == ("[x]/b.parquet", "a.parquet")


def test_a_workspace_inside_the_corpus_is_none_of_it(corpus: Path) -> None:
    (corpus / "w" / "parts").mkdir(parents=True)
    (corpus / "w" / "parts" / "p.parquet").touch()
    for path in (corpus, corpus / "**" / "*.parquet"):
        assert list_files(locate(str(path), str(corpus / "w"))) == ("[x]/b.parquet", "a.parquet")


def test_what_is_not_there_is_said(corpus: Path) -> None:
    with pytest.raises(BadInput, match=r"^There is no .*none\.parquet\."):
        locate(str(corpus / "none.parquet"))


def test_directories_and_files_of_ours_are_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        workspace = Workspace(tmp_path / "w")
        workspace.prepare()
        workspace.write_description({})
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (workspace.root, *workspace.root.iterdir())}
    assert modes == {"w": 0o700, "parts": 0o700, "content": 0o700, "workspace.json": 0o600}


def test_a_failed_replacement_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    write_whole(target, b"old")
    for call in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(os, call, no_space)
            with pytest.raises(OSError, match="No space"):
                write_whole(target, b"new")
        assert (target.read_bytes(), list(tmp_path.iterdir())) == (b"old", [target])
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("s3://bucket/data/", "`aws s3 sync s3://bucket/data/ DIR`"),
        ("hf://datasets/acme/code", "`hf download acme/code --repo-type dataset --local-dir DIR`"),
        ("HTTPS://example.invalid/x.parquet", "`curl -L -O HTTPS://example.invalid/x.parquet`"),
        ("abfss://box@account/data", "Fetch it first, and name the folder"),
    ],
)
def test_an_address_is_refused_as_one(address: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        locate(address)
    assert address in refused.value.title
    assert hint in refused.value.hint


def test_other_endings_are_parquet_too(tmp_path: Path) -> None:
    for name in ("a.parq", "b.PQ", "c.Parquet", "d.pqx", ".e.parquet"):
        (tmp_path / name).touch()
    assert list_files(locate(str(tmp_path))) == ("a.parq", "b.PQ", "c.Parquet")


def test_links_of_a_download_cache_count_once(tmp_path: Path) -> None:
    repo = tmp_path / "datasets--acme--code"
    (repo / "blobs").mkdir(parents=True)
    for name in ("aaa", "bbb"):
        (repo / "blobs" / name).touch()
    for revision, names in (("0123", ("aaa", "bbb")), ("4567", ("aaa",))):
        (repo / "snapshots" / revision).mkdir(parents=True)
        for name in names:
            (repo / "snapshots" / revision / f"{name}.parquet").symlink_to(f"../../blobs/{name}")
    assert list_files(locate(str(repo))) == ("snapshots/0123/aaa.parquet", "snapshots/0123/bbb.parquet")
    assert list_files(locate(str(repo / "snapshots" / "4567"))) == ("aaa.parquet",)
