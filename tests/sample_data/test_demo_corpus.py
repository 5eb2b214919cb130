"""The demo corpus as a whole: its files, its columns, its summary, and how it is written."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.errors import BadInput, Refused
from sample_data import DemoSummary, build_demo, demo, writing
from sample_data.gather import Found
from sample_data.pack import all_samples
from sample_data.rows import Row
from sample_data.writing import write_rows

COLUMNS = {
    "content": pa.binary(),
    "path": pa.string(),
    "repo": pa.string(),
    "language": pa.string(),
    "license": pa.string(),
    "tier": pa.int8(),
    "origin": pa.string(),
    "origin_evidence": pa.string(),
    "created": pa.timestamp("us", tz="UTC"),
    "package": pa.string(),
    "version": pa.string(),
    "generator": pa.string(),
}


@dataclass(frozen=True)
class Built:
    summary: DemoSummary
    reports: list[tuple[str, int, int]]


@pytest.fixture
def small_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with three files; returns the folder that holds them."""
    root = tmp_path / "machine"
    root.mkdir()
    for name in ("core.py", "demo.py", "tool.py"):
        (root / name).write_bytes(f"# {name} \xe9\n".encode("latin-1"))

    def found(name: str, package: str) -> Found:
        return Found(root / name, f"{package}/{name}", "owner/name", "MIT", "told by a test", package, "1.0")

    library = (found("core.py", "Lib"), found("demo.py", "turtledemo"))
    monkeypatch.setattr(demo, "find_standard_library", lambda: library)
    monkeypatch.setattr(demo, "find_distributions", lambda already: (found("tool.py", "tool"),))
    return root


@pytest.fixture
def built(small_machine: Path, tmp_path: Path) -> Built:
    reports: list[tuple[str, int, int]] = []
    summary = build_demo(tmp_path / "demo", report=lambda *told: reports.append(told))
    return Built(summary, reports)


def test_the_files_have_the_promised_columns(built: Built, tmp_path: Path) -> None:
    names = ["standard-library.parquet", "distributions.parquet", "samples.parquet"]
    assert [path.name for path in built.summary.files] == names
    for path in built.summary.files:
        schema = pq.read_schema(path)
        assert dict(zip(schema.names, schema.types, strict=True)) == COLUMNS
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == sorted(names)


def test_the_summary_is_what_the_files_hold(built: Built) -> None:
    rows = [row for path in built.summary.files for row in pq.read_table(path).to_pylist()]
    assert built.summary.samples == len(rows) == 3 + len(all_samples())
    assert built.summary.bytes == sum(len(row["content"]) for row in rows)
    for tier, count in built.summary.tiers.items():
        assert count == sum(str(row["tier"] or "none") == tier for row in rows)
    assert built.summary.origins == {"human": 3, "synthetic": len(all_samples())}
    assert not any(row["tier"] == 1 and row["origin"] == "synthetic" for row in rows)


def test_bytes_arrive_unaltered_with_their_tiers(built: Built) -> None:
    rows = pq.read_table(built.summary.files[0]).to_pylist()
    assert [(row["content"], row["tier"]) for row in rows] == [(b"# core.py \xe9\n", 1), (b"# demo.py \xe9\n", 3)]
    assert all(row["created"] is None and row["language"] is None and row["generator"] is None for row in rows)
    samples = {row["path"]: row["content"] for row in pq.read_table(built.summary.files[2]).to_pylist()}
    assert samples == {one.path: one.content for one in all_samples()}


def test_progress_is_told_for_each_source(built: Built) -> None:
    total = len(all_samples())
    assert built.reports[:3] == [("standard-library", 1, 2), ("standard-library", 2, 2), ("distributions", 1, 1)]
    assert built.reports[-1] == ("samples", total, total)


def test_building_twice_gives_the_same_bytes(built: Built, tmp_path: Path) -> None:
    again = build_demo(tmp_path / "again")
    for first, second in zip(built.summary.files, again.files, strict=True):
        assert first.read_bytes() == second.read_bytes()


def test_a_vanished_file_is_left_out(small_machine: Path, tmp_path: Path) -> None:
    (small_machine / "core.py").unlink()
    assert build_demo(tmp_path / "demo").origins["human"] == 2


def test_the_users_own_rules_decide(small_machine: Path, tmp_path: Path) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_text('[[rule]]\nsource = "samples"\ntier = 4\nreason = "all of them"\n', "utf-8")
    summary = build_demo(tmp_path / "demo", rules=rules)
    assert dict(summary.tiers) == {"1": 0, "2": 0, "3": 0, "4": len(all_samples()), "none": 3}


def test_faulty_rules_leave_an_earlier_demo_alone(built: Built, tmp_path: Path) -> None:
    before = [path.read_bytes() for path in built.summary.files]
    with pytest.raises(BadInput):
        build_demo(tmp_path / "demo", rules=tmp_path / "nowhere.toml")
    assert [path.read_bytes() for path in built.summary.files] == before


def test_the_samples_alone_find_readers_of_every_column(built: Built) -> None:
    table = pq.read_table(built.summary.files[2])
    assert all(table[name].null_count < table.num_rows for name in set(COLUMNS) - {"package", "version"})


def make_rows(count: int, size: int = 10) -> Iterator[Row]:
    for number in range(count):
        yield Row(b"x" * size, f"{number}.py", None, None, None, None, "human", "a test", None, None, None, None)


def group_sizes(path: Path) -> list[int]:
    with pq.ParquetFile(path) as file:
        return [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]


def test_row_groups_end_at_a_number_of_rows_or_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(tmp_path / "rows", make_rows(2 * writing.ROWS_PER_GROUP + 5))
    assert group_sizes(tmp_path / "rows") == [1_000, 1_000, 5]
    monkeypatch.setattr(writing, "BYTES_PER_GROUP", 100)
    write_rows(tmp_path / "bytes", make_rows(25))
    assert group_sizes(tmp_path / "bytes") == [10, 10, 5]


def test_no_rows_are_a_file_without_rows(tmp_path: Path) -> None:
    write_rows(tmp_path / "none", iter(()))
    assert pq.read_table(tmp_path / "none").num_rows == 0


def test_a_failure_leaves_the_old_file_and_no_scraps(tmp_path: Path) -> None:
    target = tmp_path / "rows.parquet"
    write_rows(target, make_rows(3))
    before = target.read_bytes()

    def failing() -> Iterator[Row]:
        yield from make_rows(1_500)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        write_rows(target, failing())
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_the_import_is_light() -> None:
    program = "import sys, sample_data; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"pyarrow", "duckdb", "numpy", "textual", "pygments"} & set(run.stdout.split())


@pytest.mark.parametrize("kind", ["another file", "another table", "a link"])
def test_a_file_that_no_demo_wrote_is_not_replaced(kind: str, small_machine: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    path, away = tmp_path / "mine" / "samples.parquet", tmp_path / "away.parquet"
    mine = away if kind == "a link" else path
    if kind == "another file":
        mine.write_bytes(b"all I have")
    else:
        pq.write_table(pa.table({"content": ["all I have"]}), mine)
    if kind == "a link":
        path.symlink_to(away)
    before = mine.read_bytes()
    with pytest.raises(Refused, match="not a file of an earlier demo"):
        build_demo(tmp_path / "mine")
    assert mine.read_bytes() == before
    assert [left.name for left in (tmp_path / "mine").iterdir()] == ["samples.parquet"]
