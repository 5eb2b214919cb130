"""An opt-out file is read line by line; an entry bars a sample by its repository, path or id."""

import fnmatch
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import BadInput, Exit
from explorer.licences.opt_out import OptOut, matches, parse_optout, read_optout

TEXT = """\
# asked by mail
repo Ada/Engine          # all of it
repo https://github.com/bob/tools.git
repo carl/app/vendor/*
path */secret/*.py
path README.md
id 42
"""


def test_entries_know_their_line() -> None:
    assert parse_optout(TEXT) == (
        OptOut("repo", "Ada/Engine", 2),
        OptOut("repo", "https://github.com/bob/tools.git", 3),
        OptOut("repo", "carl/app/vendor/*", 4),
        OptOut("path", "*/secret/*.py", 5),
        OptOut("path", "README.md", 6),
        OptOut("id", "42", 7),
    )


@pytest.mark.parametrize(
    ("repo", "path", "sample", "entry", "why"),
    [
        ("ada/engine", "a.py", "1", "repo Ada/Engine", "case does not matter"),
        ("github.com/Ada/Engine", None, None, "repo Ada/Engine", "with its host"),
        ("https://github.com/ada/engine/", None, None, "repo Ada/Engine", "as an address"),
        ("ada/engine2", "a.py", "1", None, "another that begins alike"),
        ("bob/tools", "a.py", None, "repo https://github.com/bob/tools.git", "an address in the file"),
        ("carl/app", "vendor/deep/x.c", None, "repo carl/app/vendor/*", "a glob within it"),
        ("carl/app", "src/vendor/x.c", None, None, "not below that folder"),
        ("dora/app", "vendor/x.c", None, None, "another repository"),
        ("eve/x", "a/secret/b/c.py", None, "path */secret/*.py", "a star crosses folders"),
        ("eve/x", "./README.md", None, "path README.md", "a dot before it"),
        ("eve/x", "docs/README.md", None, None, "a glob is about the whole path"),
        ("eve/x", "readme.md", None, None, "case matters in paths"),
        (None, None, "42", "id 42", "an id"),
        (None, None, "421", None, "another id"),
        (None, None, None, None, "nothing is known of it"),
    ],
)
def test_an_entry_bars_its_samples(
    repo: str | None, path: str | None, sample: str | None, entry: str | None, why: str
) -> None:
    assert matches(parse_optout(TEXT), [repo], [path], [sample]) == [entry], why


def test_without_entries_nothing_is_barred() -> None:
    assert matches(parse_optout("\n# none\n"), ["a/b"], ["c"], ["d"]) == [None]


def test_a_repository_may_have_more_names_than_two() -> None:
    entries = parse_optout("repo group/part/project")
    assert matches(entries, ["group/part/project", "group/part"], ["x", "project"], [None, None]) == [
        "repo group/part/project",
        "repo group/part/project",
    ]


def test_a_hash_within_a_word_is_no_comment() -> None:
    assert parse_optout("path src/c#/*")[0].value == "src/c#/*"


@pytest.mark.parametrize(
    "line", ["repository a/b", "repo", "path ", "a/b", "id: 3", "x" * 10_000, "path " + "*" * 5_000]
)
def test_a_bad_line_is_told_by_its_number(line: str) -> None:
    with pytest.raises(BadInput, match=r"^optout.txt, line 2: ") as caught:
        parse_optout(f"# first\n{line}")
    assert caught.value.exit is Exit.WRONG_USE
    assert caught.value.hint
    assert len(str(caught.value)) < 300


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    place = tmp_path / "optout.txt"
    with pytest.raises(BadInput, match="There is no"):
        read_optout(place)
    place.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="UTF-8"):
        read_optout(place)
    place.write_text("\ufeffid 7\r\n", "utf-8")
    assert read_optout(place) == (OptOut("id", "7", 1),)


globs = st.text("ab/*?[!].", min_size=1, max_size=8)
plain = st.text("ab/.", min_size=1, max_size=8).filter(lambda path: not path.startswith(("/", ".")))


@given(st.lists(globs.filter(lambda glob: not glob.startswith(("/", ".")))), plain)
def test_globs_match_as_fnmatch_does(some: list[str], path: str) -> None:
    entries = [OptOut("path", glob, number) for number, glob in enumerate(some)]
    first = next((f"path {glob}" for glob in some if fnmatch.fnmatchcase(path, glob)), None)
    assert matches(entries, [None], [path], [None]) == [first]
