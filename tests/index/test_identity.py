"""Ids, order and clusters depend on the corpus alone, not on who reads it, how, or when."""

import random
import shutil
from collections import Counter, defaultdict
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.corpus.identity import sample_hash
from explorer.corpus.workspace import locate
from explorer.errors import ExplorerError
from explorer.index.build import Wishes, build_index
from tests.index.corpora import codes, column, index, index_hash, part_names, reasons, rows, write

texts = st.one_of(st.none(), st.sampled_from(["", "a", "b\n", "x = 1\n", "é"]))
triples = st.lists(st.tuples(texts, st.sampled_from([None, "r", "s"]), st.sampled_from([None, "p.py"])), min_size=1)


def expected_ids(samples: list[tuple[str | None, str | None, str | None]]) -> list[str]:
    """The definition, in plain words of Python."""
    seen: Counter[str] = Counter()
    ids: list[str] = []
    for content, repo, path in samples:
        digest = blake2b(sha256((content or "").encode()).digest(), digest_size=16)
        digest.update(b"\x1f" + (repo or "").encode() + b"\x1f" + (path or "").encode())
        name = digest.hexdigest()
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples=triples)
def test_ids_and_clusters_follow_their_definition(
    samples: list[tuple[str | None, str | None, str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("corpus")
    half = len(samples) // 2
    for name, some in (("a", samples[:half]), ("b", samples[half:])):
        content, repo, path = zip(*some, strict=True) if some else ((), (), ())
        write(base / f"{name}.parquet", table_of(content, repo, path), row_group_size=3)
    index(base)
    got = rows(base / ".corpus")
    assert [sample["row"] for sample in got] == list(range(len(samples)))
    assert [sample["id"] for sample in got] == expected_ids(samples)
    assert [sample["sha256"] for sample in got] == [sha256((c or "").encode()).digest() for c, *_ in samples]
    assert clusters_of(got) == expected_clusters(got)


def table_of(content: Any, repo: Any, path: Any) -> Any:
    import pyarrow as pa

    fields = {"content": content, "repo": repo, "path": path}
    return pa.table({name: pa.array(values, pa.string()) for name, values in fields.items()})


def clusters_of(samples: list[dict[str, Any]]) -> list[tuple[int | None, int, bool]]:
    return [(sample["cluster"], sample["cluster_size"], sample["survivor"]) for sample in samples]


def expected_clusters(samples: list[dict[str, Any]]) -> list[tuple[int | None, int, bool]]:
    """Groups of equal content, numbered by the least id in them; of the best quality the least id survives."""
    groups: dict[bytes, list[tuple[float, str]]] = defaultdict(list)
    for sample in samples:
        groups[sample["sha256"]].append((1.0 if sample["quality"] is None else -sample["quality"], sample["id"]))
    least = sorted(min(id for _, id in ranked) for ranked in groups.values() if len(ranked) > 1)
    number = {first: position for position, first in enumerate(least, 1)}
    return [
        (number.get(min(id for _, id in ranked)), len(ranked), sample["id"] == min(ranked)[1])
        for sample in samples
        for ranked in [groups[sample["sha256"]]]
    ]


def test_the_hash_is_the_documented_one() -> None:
    assert sample_hash(sha256(b"x").digest(), None, "a.py") == sample_hash(sha256(b"x").digest(), "", "a.py")
    assert sample_hash(sha256(b"x").digest(), "a", "b") != sample_hash(sha256(b"x").digest(), "b", "a")
    assert len(sample_hash(sha256(b"").digest(), "\ud800", None)) == 32


@pytest.mark.parametrize(
    ("ids", "kept"),
    [
        (["x", "y", "z"], True),
        ([3, 1, 2], True),
        (["x", "y", "x"], False),
        (["x", None, "z"], False),
        (["", "y", "z"], True),
    ],
)
def test_given_ids_are_kept_only_where_they_are_unique_and_complete(ids: list[Any], kept: bool, tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"content": codes(3), "id": ids})
    index(tmp_path)
    got = column(tmp_path / ".corpus", "id")
    assert (got == [str(name) for name in ids]) == kept
    assert kept or got == expected_ids([(content, None, None) for content in codes(3)])


def test_ids_unique_in_each_file_alone_are_not_enough(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / f"{name}.parquet", {"content": codes(2, name), "id": [1, 2]})
    index(tmp_path)
    assert column(tmp_path / ".corpus", "id") == expected_ids([(c, None, None) for c in codes(2, "a") + codes(2, "b")])


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with duplicates, empty files, files without rows and many row groups."""
    base = tmp_path_factory.mktemp("mixed")
    chance = random.Random(5)
    for name in "dbac":
        content = [chance.choice(["", None, *codes(9), *codes(40, name)]) for _ in range(60)]
        write(base / f"{name}.parquet", {"content": content, "repo": [name] * 60}, row_group_size=7)
    write(base / "e.parquet", table_of([], [], []))
    return base


def test_workers_and_directories_change_nothing(mixed: Path, tmp_path: Path) -> None:
    index(mixed, tmp_path / "one")
    index(mixed, tmp_path / "two", workers=2)
    shutil.copytree(mixed, tmp_path / "elsewhere")
    index(tmp_path / "elsewhere")
    assert (
        index_hash(tmp_path / "one") == index_hash(tmp_path / "two") == index_hash(tmp_path / "elsewhere" / ".corpus")
    )


def test_slices_change_nothing(mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index(mixed, tmp_path / "one")
    monkeypatch.setattr("explorer.index.work.SMALL_BYTES", -1)
    monkeypatch.setattr("explorer.index.work.SLICE_BYTES", 1)
    monkeypatch.setattr("explorer.corpus.reading.MAX_BATCH_ROWS", 2)
    index(mixed, tmp_path / "two")
    assert len(part_names(tmp_path / "two")) == 4 * 9
    assert rows(tmp_path / "one") == rows(tmp_path / "two")


def test_the_order_of_files_moves_rows_and_nothing_else(mixed: Path, tmp_path: Path) -> None:
    for name, other in zip("abcd", "zyxw", strict=True):
        shutil.copy(mixed / f"{name}.parquet", tmp_path / f"{other}.parquet")
    index(mixed, tmp_path / "one")
    index(tmp_path, tmp_path / "two")
    plain = "* exclude (row, cluster, survivor)"
    by_row = rows(tmp_path / "two", "repo", "row")
    assert [row["repo"] for row in by_row] == [name for name in "dcba" for _ in range(60)]

    def without_ordinal(workspace: Path) -> Counter[str]:
        return Counter(repr(row) for row in rows(workspace, f"{plain} replace (split_part(id, '-', 1) as id)", "row"))

    assert without_ordinal(tmp_path / "one") == without_ordinal(tmp_path / "two")
    assert {row["id"] for row in rows(tmp_path / "one")} == {row["id"] for row in rows(tmp_path / "two")}


def test_a_corpus_without_rows_says_so(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", table_of([], [], []))
    write(tmp_path / "b.parquet", table_of([], [], []))
    with pytest.raises(ExplorerError, match="The corpus has no rows"):
        index(tmp_path)


def test_a_copy_of_the_text_changes_no_sample(mixed: Path, tmp_path: Path) -> None:
    index(mixed, tmp_path / "one")
    place = locate(str(mixed), str(tmp_path / "two"))
    build_index(place, Wishes(workers=0, exact_tokens=False, content="copy"))
    assert rows(tmp_path / "one") == rows(tmp_path / "two")
    assert len(list(place.workspace.content.iterdir())) == 1  # small files share a part


def test_tiers_origins_and_dates_are_read_as_given(tmp_path: Path) -> None:
    write(
        tmp_path / "a.parquet",
        {
            "content": codes(7),
            "tier": ["1", " 4 ", "5", "", None, None, None],
            "origin": ["Human", "SYNTHETIC ", "robot", "", None, None, None],
            "created_at": [
                "2023-06-27T19:37:42",
                "2024-11-18T18:05:43+02:00",
                "yesterday",
                "",
                None,
                "infinity",
                "290000-01-01",
            ],
        },
    )
    assert reasons(index(tmp_path)) == {}
    got = rows(tmp_path / ".corpus", "tier, origin, created")
    assert [row["tier"] for row in got] == [1, 4, *[None] * 5]
    assert [row["origin"] for row in got] == ["human", "synthetic", *[None] * 5]
    assert [str(row["created"]) for row in got] == ["2023-06-27 19:37:42", "2024-11-18 16:05:43", *["None"] * 5]
