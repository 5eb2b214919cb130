"""Published layouts map by themselves, or ask; their text arrives byte for byte."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.corpus.mapping import NoText
from explorer.errors import BadInput
from tests.index.corpora import SHARED, as_bytes, codes, column, contents, index, rows, write

ZOO = SHARED / "data" / "zoo"

pytestmark = pytest.mark.skipif(not ZOO.is_dir(), reason="the shared zoo of schemas is not here")


class Layout(NamedTuple):
    mapping: dict[str, str]
    first: dict[str, Any]
    """Values of the first sample."""


LAYOUTS = {
    "alpaca": Layout({"content": "output"}, {"language": None, "license_class": "unknown", "instruction": "Write it."}),
    "chat-messages": Layout({"content": "messages"}, {"path": None}),
    "codeparrot-clean": Layout(
        {"content": "content", "path": "path", "repo": "repo_name", "license": "license"},
        {"repo": "o/r", "given_hash": 0, "language": "Python"},
    ),
    "codesearchnet-codexglue": Layout(
        {"content": "original_string", "path": "path", "repo": "repo", "language": "language"},
        {"language": "Python", "docstring": "doc", "docstring_tokens": ["doc"]},
    ),
    "codesearchnet-hf": Layout(
        {
            "content": "whole_func_string",
            "path": "func_path_in_repository",
            "repo": "repository_name",
            "language": "language",
        },
        {"language": "Python"},
    ),
    "commitpackft": Layout(
        {"content": "new_contents", "path": "new_file", "repo": "repos", "language": "lang", "license": "license"},
        {"lang": "Python"},
    ),
    "dolma-nested-metadata": Layout(
        {
            "content": "text",
            "id": "id",
            "path": "metadata.path",
            "repo": "metadata.repo_name",
            "language": "metadata.language",
            "license": "metadata.license",
            "created": "created",
        },
        {"path": "a.py", "license": "MIT", "metadata.license": "MIT", "source": "stack-edu"},
    ),
    "github-code": Layout(
        {"content": "code", "path": "path", "repo": "repo_name", "language": "language", "license": "license"}, {}
    ),
    "magicoder-oss-instruct": Layout({"content": "solution", "language": "lang"}, {"language": "Python"}),
    "opc-sft-stage2": Layout({"content": "code", "id": "seq_id"}, {"id": "0", "entry_point": "C"}),
    "opencodeinstruct": Layout({"content": "output", "id": "id"}, {}),
    "stack-edu": Layout(
        {
            "content": "text",
            "id": "blob_id",
            "path": "path",
            "repo": "repo_name",
            "language": "language",
            "license": "detected_licenses",
        },
        {"license": "MIT", "license_class": "permissive", "int_score": 3},
    ),
    "starcoderdata": Layout(
        {"content": "content", "id": "id", "path": "max_stars_repo_path", "repo": "max_stars_repo_name"}, {}
    ),
    "text-only": Layout({"content": "text"}, {"repo": None, "license": None}),
    "the-stack-smol-repr-licence": Layout(
        {
            "content": "content",
            "path": "path",
            "repo": "repository_name",
            "language": "lang",
            "license": "licenses",
        },
        {"license": "MIT AND Apache-2.0", "license_class": "permissive", "licenses": "['MIT', 'Apache-2.0']"},
    ),
    "the-stack-v1": Layout(
        {
            "content": "content",
            "id": "hexsha",
            "path": "max_stars_repo_path",
            "repo": "max_stars_repo_name",
            "language": "lang",
            "license": "max_stars_repo_licenses",
        },
        {"license": "MIT"},
    ),
    "the-stack-v2-with-content": Layout(
        {
            "content": "content",
            "id": "blob_id",
            "path": "path",
            "repo": "repo_name",
            "language": "language",
            "license": "detected_licenses",
            "created": "committer_date",
        },
        {"license": "MIT"},
    ),
}
IDS_ONLY = ("nemotron-code-metadata", "the-stack-v2-ids-only")


def test_the_table_names_every_file_of_the_zoo() -> None:
    assert {file.stem for file in ZOO.iterdir()} == {*LAYOUTS, *IDS_ONLY}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_maps_and_its_text_arrives(name: str, tmp_path: Path) -> None:
    layout, file = LAYOUTS[name], ZOO / f"{name}.parquet"
    built = index(file, tmp_path)
    assert {field: source for field, source in built.mapping.items() if source} == layout.mapping
    expected = expected_text(pq.read_table(file, columns=[layout.mapping["content"]]).column(0).to_pylist())
    assert contents(ZOO, file.name) == as_bytes(expected)
    samples = rows(tmp_path)
    assert built.rows == len(samples) == 400
    assert [sample["bytes"] for sample in samples] == [len(text.encode()) for text in expected]
    assert {key: samples[0][key] for key in layout.first} == layout.first
    assert has_right_ids(samples, file, layout.mapping.get("id"))


def has_right_ids(samples: list[dict[str, Any]], file: Path, given: str | None) -> bool:
    """A given id is kept where it is unique; every other sample has a hash, with an ordinal where it repeats."""
    ids = [sample["id"] for sample in samples]
    if given:
        values = [str(value) for value in pq.read_table(file, columns=[given]).column(0).to_pylist()]
        if len(set(values)) == len(values):
            return ids == values
    return len(set(ids)) == len(ids) and all(re.fullmatch(r"[0-9a-f]{32}(-[0-9]+)?", name) for name in ids)


def expected_text(cells: list[Any]) -> list[str]:
    if isinstance(cells[0], str):
        return cells
    return ["\n\n".join(turn["content"] for turn in cell if turn["role"] == "assistant") for cell in cells]


@pytest.mark.parametrize("name", IDS_ONLY)
def test_a_corpus_of_ids_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(NoText, match=r"^This corpus holds ids only \(.*\), no text\.") as refusal:
        index(ZOO / f"{name}.parquet", tmp_path)
    assert "Fetch the contents" in refusal.value.hint
    assert refusal.value.exit == 2


def test_the_whole_zoo_indexes_but_for_what_has_no_text(tmp_path: Path) -> None:
    built = index(ZOO, tmp_path)
    assert {file for file, _ in built.quarantined} == {f"{name}.parquet" for name in IDS_ONLY}
    assert built.rows == len(LAYOUTS) * 400 == len(rows(tmp_path, "id"))


@pytest.mark.parametrize("name", sorted({*LAYOUTS} - {"dolma-nested-metadata"}))
def test_case_and_order_of_columns_do_not_matter(name: str, tmp_path: Path) -> None:
    table = pq.read_table(ZOO / f"{name}.parquet").slice(0, 20)
    table = table.select(list(reversed(table.column_names)))
    table = table.rename_columns([name.upper() for name in table.column_names])
    built = index(write(tmp_path / "odd.parquet", table), tmp_path / "w")
    mapped = {field: source.lower() for field, source in built.mapping.items() if source}
    assert mapped == LAYOUTS[name].mapping


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (("before", "after"), ("before", "after")),
        (("content", "text", "path"), ("content", "text")),
        (("code", "messages"), ("code", "messages")),
        (("fruit",), ("fruit",)),
    ],
)
def test_an_open_mapping_names_candidates(columns: tuple[str, ...], named: tuple[str, ...], tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", {name: codes(3) for name in columns})
    with pytest.raises(BadInput) as question:
        index(file)
    assert all(name in question.value.title for name in named)
    assert question.value.hint == f"Say which with --map content={named[0]}."
    assert index(file, None, content=named[-1]).mapping["content"] == named[-1]


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ({"content": "absent"}, "there is no column 'absent'"),
        ({"content": "number"}, "the column is integer, not text or chat"),
        ({"path": "number"}, "the column is integer, not text"),
        ({"colour": "text"}, "There is no field 'colour'"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(wish: dict[str, str], complaint: str, tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", {"text": codes(2), "number": [1, 2]})
    with pytest.raises(BadInput, match=complaint):
        index(file, None, **wish)


def test_a_table_without_text_is_not_called_ids(tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", {"value": [1, 2], "size": [1.0, 2.0]})
    with pytest.raises(NoText, match=r"^This corpus has no text column \(its columns: value integer, size float\)\."):
        index(file)


def test_partition_keys_fill_what_the_files_leave_open(tmp_path: Path) -> None:
    for folder in ("language=python/tier=1", "language=__HIVE_DEFAULT_PARTITION__/tier=9", "language=C%2B%2B/tier=2"):
        write(tmp_path / folder / "a.parquet", {"content": codes(2, folder[9])})
    assert index(tmp_path).rows == 6
    got = {(row["language"], row["tier"]) for row in rows(tmp_path / ".corpus")}
    assert got == {("Python", 1), (None, None), ("C++", 2)}


def test_a_column_beats_the_key_in_the_path(tmp_path: Path) -> None:
    write(tmp_path / "language=python" / "a.parquet", {"content": codes(2), "language": ["Rust", "Go"]})
    index(tmp_path)
    assert column(tmp_path / ".corpus", "language") == ["Rust", "Go"]


def test_a_path_is_a_file_a_directory_a_glob_or_a_workspace(tmp_path: Path) -> None:
    for name in ("a", "b", "sub/c"):
        write(tmp_path / f"{name}.parquet", {"content": codes(2, name[-1])})
    assert index(tmp_path / "a.parquet").rows == 2
    assert (tmp_path / "a.parquet.corpus" / "index.duckdb").exists()
    assert index(tmp_path / "[ab].parquet").rows == 4
    assert index(tmp_path).rows == 6
    assert index(tmp_path / ".corpus").rows == 6
    assert index(tmp_path / "s*" / "*.parquet", tmp_path / "elsewhere").rows == 2
    assert index(tmp_path).rows == 6, "what lies in a workspace is no corpus"
    for absent in ("none", "none/*.parquet"):
        with pytest.raises(BadInput):
            index(tmp_path / absent)


def test_chat_in_both_spellings(tmp_path: Path) -> None:
    said = [
        [{"from": "human", "value": "?"}, {"from": "gpt", "value": "a"}, {"from": "gpt", "value": None}],
        [{"from": "human", "value": "?"}],
        None,
    ]
    write(tmp_path / "a.parquet", {"conversations": pa.array(said)})
    assert contents(tmp_path, "a.parquet") == [b"a\n\n", None, None]
