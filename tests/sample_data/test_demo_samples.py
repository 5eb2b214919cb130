"""The project's own samples: enough, varied, honest about their origin, and the same at every run."""

import re
import tomllib
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from sample_data.odd import odd_samples
from sample_data.pack import MANIFEST, SAMPLES, Sample, all_samples, pack_samples, read_samples
from sample_data.tiers import read_rules
from sample_data.variants import Copy, Original, derive_copies
from sample_data.writing import write_rows

WRITTEN = read_samples()
ALL = all_samples()


def originals() -> tuple[Original, ...]:
    return tuple(Original(one.path, str(one.language), one.content.decode()) for one in WRITTEN)


def copies() -> tuple[Copy, ...]:
    return derive_copies(originals())


def test_there_are_enough_samples_in_enough_languages() -> None:
    assert len(ALL) >= 220
    assert len(WRITTEN) >= 120
    assert len({one.language for one in WRITTEN}) >= 10
    assert len({one.path for one in ALL}) == len(ALL)


def test_the_manifest_lists_exactly_the_files() -> None:
    files = {path.relative_to(SAMPLES).as_posix() for path in SAMPLES.rglob("*.*") if "__pycache__" not in path.parts}
    listed = [row["path"] for row in tomllib.loads(MANIFEST.read_text("utf-8"))["sample"]]
    assert sorted(files) == listed


def test_no_written_sample_is_a_copy_of_another() -> None:
    assert len({one.content for one in WRITTEN}) == len(WRITTEN)


@pytest.mark.parametrize("sample", WRITTEN, ids=lambda sample: sample.path)
def test_written_samples_are_small_and_plain(sample: Sample) -> None:
    lines = sample.content.decode("utf-8").splitlines()
    assert 8 <= len(lines) <= 90
    assert max(map(len, lines)) <= 140
    assert sample.content.endswith(b"\n")


def test_exact_copies_are_exact_and_many() -> None:
    repeated = Counter(sha256(one.content).digest() for one in ALL)
    assert sum(count - 1 for count in repeated.values()) >= 12


def shingles(text: str) -> set[tuple[str, ...]]:
    tokens = re.findall(r"\w+|[^\w\s]", text)
    return {tuple(tokens[place : place + 4]) for place in range(len(tokens) - 3)}


def similarity(one: str, other: str) -> float:
    return len(shingles(one) & shingles(other)) / len(shingles(one) | shingles(other))


def test_near_copies_are_near_but_not_equal() -> None:
    texts = {one.path: one.text for one in originals()}
    near = [one for one in copies() if one.edit != "an exact copy"]
    assert len(near) >= 40
    for copy in near:
        original = texts[copy.original]
        assert copy.text != original
        assert similarity(original, copy.text) > 0.4, copy.path


def test_every_kind_of_edit_occurs() -> None:
    edits = {edit for copy in copies() for edit in copy.edit.split(", ")}
    assert len(edits) >= 8


def test_copies_do_not_depend_on_the_run() -> None:
    assert copies() == copies()


def odd(name: str) -> bytes:
    return next(one.content for one in odd_samples() if one.path == f"odd/{name}")


@pytest.mark.parametrize(
    "name", ["latin_1.py", "utf_16_mark.js", "windows_1252.php", "shift_jis.c", "cut_short.py", "surrogates.py"]
)
def test_odd_encodings_are_not_utf_8(name: str) -> None:
    with pytest.raises(UnicodeDecodeError):
        odd(name).decode("utf-8")


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("latin_1.py", "latin-1"),
        ("utf_16_mark.js", "utf-16"),
        ("utf_16_bare.js", "utf-16-be"),
        ("windows_1252.php", "cp1252"),
        ("shift_jis.c", "shift_jis"),
        ("utf_8_mark.py", "utf-8-sig"),
    ],
)
def test_odd_encodings_are_what_they_say(name: str, encoding: str) -> None:
    text = odd(name).decode(encoding)
    assert "\ufeff" not in text
    assert "\n" in text


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("utf_8_mark.py", b"\xef\xbb\xbf"),
        ("utf_16_bare.js", b"\x00"),
        ("nul_bytes.c", b"\x00"),
        ("bidi_overrides.js", "\u202e".encode()),
        ("zero_width.py", "\u200b".encode()),
        ("combining_marks.py", "\u0301\u0323".encode()),
        ("line_separators.js", "\u2028".encode()),
        ("title_escape.sh", b"\x1b]0;"),
        ("colour_escapes.sh", b"\x1b[31m"),
        ("eight_bit_controls.sh", b"\x9b31m"),
        ("screen_markup.py", b"[bold red]"),
        ("bells.py", b"\x07"),
        ("form_feeds.py", b"\x0c"),
        ("mixed_tabs.py", b"\n        #"),
    ],
)
def test_odd_marks_are_there(name: str, mark: bytes) -> None:
    assert mark in odd(name)


def test_odd_lines_and_shapes() -> None:
    assert odd("windows_lines.c").count(b"\r\n") == odd("windows_lines.c").count(b"\n") > 3
    assert b"\r" in odd("old_mac_lines.rb")
    assert b"\n" not in odd("old_mac_lines.rb")
    assert not odd("no_last_newline.go").endswith(b"\n")
    assert max(map(len, odd("long_line.js").split(b"\n"))) > 30_000
    assert all(line.startswith(b"#") for line in odd("only_comments.py").splitlines())
    assert odd("empty.py") == b""
    assert len(odd_samples()) >= 12


def test_all_samples_are_synthetic_and_say_by_whom() -> None:
    rows = list(pack_samples(read_rules(), lambda *_: None))
    assert len(rows) == len(ALL)
    assert {row.origin for row in rows} == {"synthetic"}
    assert all(row.generator and "language model" in row.generator for row in rows)
    assert all("large language model" in row.origin_evidence for row in rows)
    assert {row.tier for row in rows} == {3, 4, None}


def test_two_packs_have_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_rows(tmp_path / name, pack_samples(read_rules(), lambda *_: None))
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
