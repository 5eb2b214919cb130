"""Whether a corpus is still what was indexed, told from names, sizes and times."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from explorer.corpus.changes import Changes, find_changes
from explorer.corpus.workspace import Place, locate
from explorer.index.build import Wishes, build_index


def indexed(base: Path) -> Place:
    for name in ("a", "b", "c"):
        pq.write_table(pa.table({"content": [f"print({name!r})"]}), base / f"{name}.parquet")
    (base / "broken.parquet").write_bytes(b"no parquet")
    place = locate(str(base))
    build_index(place, Wishes(workers=0))
    return place


def test_an_untouched_corpus_has_not_changed(tmp_path: Path) -> None:
    changes = find_changes(indexed(tmp_path))
    assert not changes
    assert changes.told() == ""


def test_changed_gone_and_new_files_are_told_by_name(tmp_path: Path) -> None:
    place = indexed(tmp_path)
    os.utime(tmp_path / "a.parquet", ns=(1, 1))
    (tmp_path / "b.parquet").unlink()
    pq.write_table(pa.table({"content": ["x"]}), tmp_path / "d.parquet")
    changes = find_changes(place)
    assert changes == Changes(("a.parquet",), ("b.parquet",), ("d.parquet",))
    assert all(name in changes.told() for name in ("1 changed (a.parquet)", "1 gone (b.parquet)", "1 new (d.parquet)"))
    build_index(place, Wishes(workers=0))
    assert not find_changes(place)
