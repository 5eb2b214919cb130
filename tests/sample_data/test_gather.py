"""What is found on a machine, tried on a made-up standard library and made-up distributions."""

import os
from email.message import Message
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from sample_data import gather
from sample_data.gather import find_distributions, find_standard_library
from sample_data.licences import find_repository, name_licence


def put(root: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def install(root: Path, name: str, version: str, headers: str, files: dict[str, bytes]) -> None:
    """Lays out a distribution as an installer does."""
    put(root, files)
    about = f"{name.replace('-', '_')}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{headers}\n"
    record = "".join(f"{path},,\n" for path in (*files, f"{about}/METADATA", f"{about}/licenses/NOTICE.md"))
    put(root, {f"{about}/METADATA": metadata.encode(), f"{about}/RECORD": record.encode()})
    put(root, {f"{about}/licenses/NOTICE.md": b"not code"})


@pytest.fixture
def stdlib(tmp_path: Path) -> Path:
    root = tmp_path / "lib" / "python3.99"
    put(
        root,
        {
            "json/decoder.py": b"x = 1\n",
            "abc.py": b"x = 2\n",
            "__pycache__/abc.cpython-399.pyc": b"no",
            "__pycache__/abc.py": b"no",
            "site-packages/other/mod.py": b"no",
            "lib-dynload/_ssl.so": b"no",
            "LICENSE.txt": b"no",
            "empty.py": b"",
            "large.py": b"#" * (gather.MOST_BYTES + 1),
            "just.py": b"#" * gather.MOST_BYTES,
            "data.json": b" " * (gather.MOST_JSON_BYTES + 1),
            "small.json": b"{}",
            "extern/copied.py": b"x = 3\n",
        },
    )
    put(tmp_path, {"outside.py": b"secret = 1\n"})
    (root / "leak.py").symlink_to(tmp_path / "outside.py")
    (root / "alias.py").symlink_to(root / "abc.py")
    (root / "dangling.py").symlink_to(root / "nowhere.py")
    (root / "folder.py").mkdir()
    os.mkfifo(root / "pipe.py")
    return root


def test_the_standard_library_is_walked(stdlib: Path, tmp_path: Path) -> None:
    put(tmp_path / "include", {"Python.h": b"/* h */"})
    found = find_standard_library(stdlib, tmp_path / "include")
    paths = [one.path for one in found]
    expected = ["abc.py", "alias.py", "extern/copied.py", "json/decoder.py", "just.py", "small.json"]
    assert paths == ["Include/Python.h", *(f"Lib/{name}" for name in expected)]
    assert {one.repo for one in found} == {"python/cpython"}
    assert {one.path: one.license for one in found if one.license is None} == {"Lib/extern/copied.py": None}
    assert {one.license for one in found} == {"PSF-2.0", None}
    assert all("Python core team" in one.evidence for one in found)


def test_a_machine_without_headers_is_no_failure(stdlib: Path, tmp_path: Path) -> None:
    assert len(find_standard_library(stdlib, tmp_path / "no include")) == 6


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom file permissions bind")
def test_unreadable_files_are_skipped(stdlib: Path, tmp_path: Path) -> None:
    (stdlib / "abc.py").chmod(0)
    assert "Lib/abc.py" not in {one.path for one in find_standard_library(stdlib, tmp_path)}


def test_distributions_are_listed_in_order(tmp_path: Path) -> None:
    install(tmp_path, "Zebra", "2.0", "License-Expression: MIT", {"zebra/b.py": b"b", "zebra/a.pyx": b"a"})
    address = "Project-URL: Source, https://github.com/owner/ant.git"
    install(
        tmp_path,
        "ant-hill",
        "1.5",
        f"License: BSD\nClassifier: License :: OSI Approved :: BSD License\n{address}",
        {"ant/__init__.py": b"#", "ant/_vendor/six.py": b"#", "ant/ant.so": b"#", "../../bin/ant.py": b"#"},
    )
    found = find_distributions([tmp_path])
    assert [(one.package, one.version, one.path) for one in found] == [
        ("ant-hill", "1.5", "ant/__init__.py"),
        ("ant-hill", "1.5", "ant/_vendor/six.py"),
        ("Zebra", "2.0", "zebra/a.pyx"),
        ("Zebra", "2.0", "zebra/b.py"),
    ]
    assert [one.license for one in found] == ["LicenseRef-BSD", None, "MIT", "MIT"]
    assert [one.repo for one in found] == ["owner/ant", "owner/ant", "Zebra", "Zebra"]
    assert found[0].evidence == "installed distribution ant-hill 1.5, released by its maintainers"
    assert found[1].evidence.startswith("copy of somebody else's code inside")
    assert found[0].place.read_bytes() == b"#"


def test_the_project_itself_and_broken_distributions_are_left_out(tmp_path: Path) -> None:
    install(tmp_path, "corpus_explorer", "1.0", "License: MIT", {"explorer/a.py": b"#"})
    install(tmp_path, "whole", "1.0", "License: MIT", {"whole.py": b"#", "gone.py": b"#"})
    (tmp_path / "gone.py").unlink()
    put(tmp_path, {"nameless-1.dist-info/METADATA": b"", "bare-1.dist-info/METADATA": b"Name: bare\nVersion: 1\n"})
    assert [one.path for one in find_distributions([tmp_path])] == ["whole.py"]


def test_the_first_of_two_installed_versions_counts(tmp_path: Path) -> None:
    for folder, version in (("first", "2.0"), ("second", "1.0")):
        install(tmp_path / folder, "twice", version, "", {"twice.py": version.encode()})
    found = find_distributions([tmp_path / "first", tmp_path / "second"])
    assert [one.version for one in found] == ["2.0"]


def test_a_huge_distribution_is_thinned_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_PER_DISTRIBUTION", 4)
    install(tmp_path, "huge", "1", "", {f"huge/m{number}.py": b"#" for number in range(9)})
    assert [one.path for one in find_distributions([tmp_path])] == ["huge/m0.py", "huge/m3.py", "huge/m6.py"]


def test_few_distributions_bring_those_of_the_base_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "here", "both_here", "2", "", {"both.py": b"#"})
    install(tmp_path / "base", "Both.Here", "1", "", {"both.py": b"#"})
    install(tmp_path / "base", "only", "1", "", {"only.py": b"#"})
    monkeypatch.setattr("sys.path", [str(tmp_path / "here")])
    monkeypatch.setattr("site.getsitepackages", lambda prefixes: [str(tmp_path / "base")])
    assert [(one.package, one.version) for one in find_distributions()] == [("both_here", "2"), ("only", "1")]
    assert [one.package for one in find_distributions(already=gather.FEW)] == ["both_here"]


def test_this_machine_gives_enough() -> None:
    library = find_standard_library()
    if not any(one.path.startswith("Lib/test/") for one in library):
        pytest.skip("this interpreter comes without the tests of its standard library")
    found = library + find_distributions(already=len(library))
    assert len(found) >= 5_000
    assert len({(one.package, one.path) for one in found}) == len(found)


def about(headers: str, folder: Path) -> Message:
    put(folder, {"METADATA": f"Metadata-Version: 2.1\nName: x\nVersion: 1\n{headers}\n".encode()})
    return PathDistribution(folder).metadata


MIT, APACHE = (f"Classifier: License :: OSI Approved :: {name}" for name in ("MIT License", "Apache Software License"))


@pytest.mark.parametrize(
    ("headers", "licence"),
    [
        ("", None),
        ("License-Expression: MIT OR Apache-2.0\nLicense: BSD", "MIT OR Apache-2.0"),
        ("License: Apache 2.0", "Apache-2.0"),
        ("License: MIT", "MIT"),
        ("License: UNKNOWN\n" + MIT, "MIT"),
        (MIT, "MIT"),
        (f"{MIT}\n{APACHE}", "Apache-2.0 AND MIT"),
        ("Classifier: License :: Other/Proprietary License", None),
        ("License: BSD\n" + MIT, "MIT"),
        ("License: Permission is hereby granted,\n        free of charge, to any person\n" + APACHE, "Apache-2.0"),
        ("License: " + "long " * 40, None),
    ],
)
def test_licences_are_named_as_spdx(headers: str, licence: str | None, tmp_path: Path) -> None:
    assert name_licence(about(headers, tmp_path)) == licence  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "repository"),
    [
        ("", None),
        ("Home-page: https://example.org/a/b", None),
        ("Home-page: https://github.com/a/b.git", "a/b"),
        ("Project-URL: Sponsor, https://github.com/sponsors/a", None),
        ("Project-URL: Issues, https://github.com/a/b/issues\nProject-URL: Source, https://gitlab.com/c/d", "c/d"),
        ("Project-URL: Issues, https://www.github.com/a/b.c/issues#x", "a/b.c"),
    ],
)
def test_repositories_are_found(headers: str, repository: str | None, tmp_path: Path) -> None:
    assert find_repository(about(headers, tmp_path)) == repository  # type: ignore[arg-type]
