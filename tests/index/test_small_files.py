"""Thousands of small files: they share parts, and none costs another."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.index import parts, work
from tests.index.corpora import codes, index, part_names, reasons, rows, write

FILES = 150


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Files of one to four rows each."""
    folder = tmp_path / "small"
    folder.mkdir()
    for number in range(FILES):
        count = 1 + number % 4
        write(
            folder / f"{number:04d}.parquet",
            {"content": codes(count, f"f{number}_"), "repo": [f"r{number % 7}"] * count},
        )
    return folder


def test_small_files_share_parts(small: Path) -> None:
    index(small)
    assert 1 < len(part_names(small / ".corpus")) < FILES / 10


def test_sharing_a_part_changes_no_sample(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index(small, tmp_path / "shared")
    monkeypatch.setattr(work, "SMALL_BYTES", -1)
    index(small, tmp_path / "alone")
    assert len(part_names(tmp_path / "alone")) == FILES
    assert rows(tmp_path / "shared") == rows(tmp_path / "alone")


def test_many_small_batches_are_measured_together(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    measure = parts.index_batch

    def counted(batch: pa.RecordBatch, functions: Any) -> pa.RecordBatch:
        sizes.append(batch.num_rows)
        return measure(batch, functions)

    monkeypatch.setattr(parts, "index_batch", counted)
    index(small)
    assert sum(sizes) == sum(1 + number % 4 for number in range(FILES))
    assert len(sizes) == len(part_names(small / ".corpus"))


def test_a_new_file_touches_one_part(small: Path) -> None:
    index(small)
    before = set(part_names(small / ".corpus"))
    write(small / "0075a.parquet", {"content": codes(2, "new"), "repo": ["r", "r"]})
    index(small)
    assert len(before - set(part_names(small / ".corpus"))) == 1


@pytest.mark.parametrize("workers", [0, 2])
def test_a_file_that_cannot_be_read_costs_itself_alone(workers: int, small: Path, tmp_path: Path) -> None:
    spoilt = small / "0033.parquet"
    group = pq.ParquetFile(spoilt).metadata.row_group(0).column(0)
    content = bytearray(spoilt.read_bytes())
    content[group.data_page_offset : group.data_page_offset + 8] = b"\xff" * 8
    spoilt.write_bytes(content)
    built = index(small, workers=workers)
    assert list(reasons(built)) == ["0033.parquet"]
    assert built.files == FILES - 1
    again = index(small, workers=workers)
    assert (list(reasons(again)), again.fresh_rows) == (["0033.parquet"], 0)
    spoilt.unlink()
    index(small, tmp_path / "without")
    assert rows(small / ".corpus") == rows(tmp_path / "without")
