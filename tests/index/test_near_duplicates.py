"""Clusters of an index are those of a plain definition, whatever the order of files and the number of workers."""

import json
import os
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pytest

from explorer.corpus.workspace import locate
from explorer.errors import BadInput, ExplorerError
from explorer.index import pairing
from explorer.index.build import Built, Progress, Wishes, build_index
from explorer.index.pairing import WHOLE_CLUSTER
from tests.corpora import Row, row, write
from tests.fingerprints import twins
from tests.fingerprints.twins import jaccard, normal_hash, tokens, words
from tests.index.corpora import part_names, reasons, rows

THRESHOLD = 0.7
FREEDOM = ("public domain", "permissive", "weak copyleft", "copyleft", "source available", "unknown")
CLASSES = {"MIT": "permissive", "GPL-3.0-only": "copyleft", "CC0-1.0": "public domain", None: "unknown"}
COLUMNS = "id, row, cluster, cluster_size, survivor, similarity, direct, redundant"


class Standing(NamedTuple):
    """What an index says of a sample."""

    cluster: frozenset[str]
    """The ids of all members; empty where the sample stands alone."""
    size: int
    survivor: bool
    similarity: float | None
    direct: bool | None
    redundant: bool


def defined(samples: Sequence[Row], threshold: float = THRESHOLD) -> dict[str, Standing]:
    """The definition: contents that are as like as the threshold asks belong together, and all they are connected with.

    A text of fewer than five tokens is only like a text that differs in blanks.
    """
    keys = [key_of(sample["content"] or b"") for sample in samples]
    shingles = [words(sample["content"] or b"") for sample in samples]
    tied = [
        (one, other)
        for other in range(len(samples))
        for one in range(other)
        if keys[one] == keys[other] or jaccard(shingles[one], shingles[other]) >= threshold
    ]
    members: dict[int, list[int]] = {}
    for number, root in enumerate(twins.components(len(samples), tied)):
        members.setdefault(root, []).append(number)
    found: dict[str, Standing] = {}
    for together in members.values():
        found |= standings(samples, together, keys, shingles, threshold)
    return found


def standings(
    samples: Sequence[Row],
    members: list[int],
    keys: Sequence[bytes],
    shingles: Sequence[frozenset[Any]],
    threshold: float,
) -> dict[str, Standing]:
    if len(members) == 1:
        return {samples[members[0]]["id"]: Standing(frozenset(), 1, True, None, None, False)}
    tested = repos_with_tests(samples)
    best = min(members, key=lambda number: rank(samples[number], tested))
    ids = frozenset(samples[number]["id"] for number in members)
    found: dict[str, Standing] = {}
    for number in members:
        like = 1.0 if keys[number] == keys[best] else jaccard(shingles[number], shingles[best])
        is_direct = like >= threshold
        found[samples[number]["id"]] = Standing(
            ids, len(ids), number == best, like, is_direct, number != best and is_direct
        )
    return found


def key_of(content: bytes) -> bytes:
    return content if len(tokens(content)) >= 5 else normal_hash(content) or content


def repos_with_tests(samples: Sequence[Row]) -> frozenset[str | None]:
    return frozenset(sample["repo"] for sample in samples if (sample["path"] or "").startswith(("tests/", "docs/")))


def rank(sample: Row, tested: frozenset[str | None]) -> tuple[Any, ...]:
    content = sample["content"] or b""
    created = sample["created"]
    return (
        not content.strip(),
        sample["tier"] or 9,
        FREEDOM.index(CLASSES[sample["license"]]),
        not (sample["repo"] and sample["repo"] in tested),
        -created.timestamp() if created else float("inf"),
        -len(content),
        sample["id"],
    )


def sentence(chance: random.Random, count: int) -> list[str]:
    return [f"w{chance.randrange(10**6)}" for _ in range(count)]


def varied(words_of: Sequence[str], places: Sequence[int], salt: str) -> bytes:
    """A text with other words at some places."""
    changed = list(words_of)
    for place in places:
        changed[place] = f"{salt}{place}"
    return " ".join(changed).encode()


def planted_rows() -> list[Row]:
    """Families of every kind, in no order."""
    chance = random.Random(3)
    texts: list[bytes] = []
    for family in range(12):
        base = sentence(chance, 120)
        copies = [varied(base, [9 + 11 * number], f"f{family}_{number}_") for number in range(chance.randint(1, 7))]
        texts += [*copies, *chance.choices(copies, k=chance.randint(0, 3))]
    for _ in range(4):
        base = sentence(chance, 60)
        texts += [" ".join(base).encode(), "\n\t".join(base).encode(), ("  ".join(base) + "\n").encode()]
    for _ in range(5):  # a chain: each is like the next one only
        base = sentence(chance, 100)
        texts += [varied(base, range(8 * step), "chain") for step in range(4)]
    texts += [b"x = 1\n", b"x  =\t1\n", b"x=1", b"x = 2\n", b"# a b c\n", b"#  a b c", b"pass\n", b"pass\n", b"pass"]
    texts += [b"", b"", b" \n", b"\t\n", b"\n", b"()[]{}", b"( )[]{}", b"(\t)[]{}"]
    texts += [" ".join(sentence(chance, 30)).encode() for _ in range(30)]
    chance.shuffle(texts)
    return [described(number, text, chance) for number, text in enumerate(texts)]


def described(number: int, text: bytes, chance: random.Random) -> Row:
    """A row with a path of its own and what decides between survivors."""
    start = datetime(2023, 5, 1)
    return row(
        text,
        path=f"{chance.choice(('src', 'lib', 'tests', 'docs'))}/{number}.py",
        repo=chance.choice((None, *(f"owner/{one}" for one in range(12)))),
        license=chance.choice((None, "MIT", "GPL-3.0-only", "CC0-1.0")),
        tier=chance.choice((None, 1, 2, 3, 4)),
        created=chance.choice((None, start + timedelta(days=chance.randrange(500)))),
    )


def index(base: Path, *, workers: int = 0, threshold: float | None = None, **more: Any) -> Built:
    return build_index(locate(str(base)), Wishes(workers=workers, exact_tokens=False, threshold=threshold), **more)


def corpus(base: Path, files: Mapping[str, Sequence[Row]]) -> Path:
    base.mkdir()
    for name, samples in files.items():
        write(base / f"{name}.parquet", samples, group=7)
    return base


def told(base: Path) -> dict[str, Standing]:
    """What the index says of each sample, clusters by the ids of their members."""
    samples = rows(base / ".corpus", COLUMNS)
    clusters: dict[int, set[str]] = {}
    for sample in samples:
        if sample["cluster"] is not None:
            clusters.setdefault(sample["cluster"], set()).add(sample["id"])
    return {
        sample["id"]: Standing(frozenset(clusters.get(sample["cluster"], ())), *(sample[name] for name in FIELDS))
        for sample in samples
    }


FIELDS = ("cluster_size", "survivor", "similarity", "direct", "redundant")


def query(base: Path, text: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(base / ".corpus" / "index.duckdb", read_only=True) as connection:
        return connection.execute(text).fetchall()


def with_ids(samples: Sequence[Row], base: Path) -> list[Row]:
    """The rows with the ids that the index gives them, told by their paths, which are all different."""
    ids = {sample["path"]: sample["id"] for sample in rows(base / ".corpus", "path, id")}
    assert len(ids) == len(samples)
    return [{**sample, "id": ids[sample["path"]]} for sample in samples]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    samples = planted_rows()
    base = corpus(tmp_path_factory.mktemp("near") / "c", {"a": samples[:50], "b": samples[50:90], "c": samples[90:]})
    index(base)
    return base


def test_samples_stand_as_defined(planted: Path) -> None:
    wanted = defined(with_ids(planted_rows(), planted))
    found = told(planted)
    assert {name: found[name] for name in wanted} == wanted
    kinds = [(one.survivor, one.direct, one.redundant) for one in found.values()]
    assert {(True, None, False), (True, True, False), (False, True, True), (False, False, False)} == set(kinds)


def test_members_and_pairs_are_those_of_the_clusters(planted: Path) -> None:
    samples = {sample["row"]: sample for sample in rows(planted / ".corpus", "row, id, cluster, sha256")}
    contents = {row_of(planted, sample): sample["content"] or b"" for sample in planted_rows()}
    members = query(planted, "select cluster, row, node from members")
    assert sorted(one[:2] for one in members) == sorted(
        (sample["cluster"], number) for number, sample in samples.items() if sample["cluster"] is not None
    )
    same = {
        number: min(n for n, text in contents.items() if key_of(text) == key_of(contents[number]))
        for number in contents
    }
    assert all(node == same[number] for _, number, node in members), "a content is named by its first row"
    pairs = query(planted, "select cluster, one, other, similarity from pairs")
    nodes = {cluster: sorted({node for one, _, node in members if one == cluster}) for cluster, *_ in members}
    wanted = {
        (cluster, one, other, jaccard(words(contents[one]), words(contents[other])))
        for cluster, inside in nodes.items()
        for one in inside
        for other in inside
        if one < other
    }
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == wanted, "all pairs of different contents inside a cluster, those below the threshold too"


def row_of(base: Path, sample: Row) -> int:
    ((number,),) = query(base, f"select row from samples where path = '{sample['path']}'")
    return number


def test_clusters_are_numbered_in_the_order_of_their_smallest_ids(planted: Path) -> None:
    firsts = query(planted, "select cluster, min(id) from samples where cluster is not null group by 1 order by 1")
    assert [cluster for cluster, _ in firsts] == list(range(1, len(firsts) + 1))
    assert [first for _, first in firsts] == sorted(first for _, first in firsts)


def test_the_order_of_files_changes_nothing(planted: Path, tmp_path: Path) -> None:
    samples = planted_rows()
    base = corpus(tmp_path / "c", {"z": samples[:50], "m": samples[50:90], "a": samples[90:]})
    index(base)
    assert told(base) == told(planted)
    numbered = "select id, cluster from samples order by id"
    assert query(base, numbered) == query(planted, numbered)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_number_of_workers_changes_nothing(workers: int, planted: Path, tmp_path: Path) -> None:
    samples = planted_rows()
    base = corpus(tmp_path / "c", {"a": samples[:50], "b": samples[50:90], "c": samples[90:]})
    index(base, workers=workers)
    for table in ("samples", "members", "pairs"):
        assert query(base, f"from {table} order by all") == query(planted, f"from {table} order by all"), table
    assert not (base / ".corpus" / ".spill.tmp").exists()


def test_a_cluster_of_one_content_and_of_short_texts(tmp_path: Path) -> None:
    texts = [b"a b c d e f", b"a b c d e f", b"x = 1", b"x\n=  1\n", b"x = 2", b"a b c d", b"a b c e", b"{}", b"{} "]
    base = corpus(tmp_path / "c", {"a": [row(text, path=f"{n}.py") for n, text in enumerate(texts)]})
    index(base)
    groups = query(base, "select list(row order by row) from samples where cluster is not null group by cluster")
    assert sorted(group for (group,) in groups) == [[0, 1], [2, 3], [7, 8]]
    assert query(base, "select distinct similarity from samples where cluster is not null") == [(1.0,)]
    assert query(base, "from pairs") == [], "one content has no pair"


SURVIVORS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("tier", {"tier": 2}, {"tier": 3, "license": "CC0-1.0"}),
    ("known tier", {"tier": 4}, {"license": "CC0-1.0"}),
    ("licence", {"license": "MIT"}, {"license": "GPL-3.0-only", "repo": "tested/one"}),
    ("tests", {"repo": "tested/one"}, {"repo": "bare/one", "created": datetime(2025, 1, 1)}),
    ("newest", {"created": datetime(2024, 1, 2)}, {"created": datetime(2024, 1, 1)}),
    ("known date", {"created": datetime(1999, 1, 2)}, {}),
)


@pytest.mark.parametrize(("kept", "left"), [case[1:] for case in SURVIVORS], ids=[case[0] for case in SURVIVORS])
@pytest.mark.parametrize("is_kept_first", [True, False])
def test_the_survivor_is_the_better_one(
    kept: dict[str, Any], left: dict[str, Any], is_kept_first: bool, tmp_path: Path
) -> None:
    text = b"one two three four five six seven"
    pair = [row(text, path="kept.py", **kept), row(text, path="left.py", **left)]
    proof = row(b"assert the tests are there at all", path="tests/all.py", repo="tested/one")
    base = corpus(tmp_path / "c", {"a": [*(pair if is_kept_first else pair[::-1]), proof]})
    index(base)
    assert query(base, "select path from samples where survivor and cluster_size = 2") == [("kept.py",)]


def test_the_longer_of_two_like_texts_survives_and_of_equals_the_smaller_id(tmp_path: Path) -> None:
    base_words = [f"w{number}" for number in range(100)]
    longer, shorter = " ".join(base_words).encode(), " ".join(base_words[:-3]).encode()
    base = corpus(
        tmp_path / "c", {"a": [row(shorter, path="s.py"), row(longer, path="l.py"), row(longer, path="m.py")]}
    )
    index(base)
    ((path, identity),) = query(base, "select path, id from samples where survivor")
    assert path != "s.py"
    assert query(base, "select min(id) from samples where path <> 's.py'") == [(identity,)]


def test_a_giant_cluster_has_the_exact_similarity_of_every_member(tmp_path: Path) -> None:
    """Members that are like a few others only, far more of them than are compared each with each."""
    chance = random.Random(8)
    base_words = sentence(chance, 150)
    count = WHOLE_CLUSTER * 2
    texts = [varied(base_words, chance.sample(range(150), chance.randint(1, 4)), f"g{n}_") for n in range(count)]
    base = corpus(tmp_path / "c", {"a": [row(text, path=f"{n}.py") for n, text in enumerate(texts)]})
    index(base)
    wanted = defined(with_ids([row(text, path=f"{n}.py") for n, text in enumerate(texts)], base))
    found = told(base)
    ((largest,),) = query(base, "select max(cluster_size) from samples")
    assert largest > 0.98 * count
    giant = {name: one for name, one in found.items() if one.size == largest}
    ((survivor,),) = query(base, "select path from samples where survivor and cluster_size > 100")
    shingles = words(texts[int(survivor.removesuffix(".py"))])
    paths = {sample["id"]: sample["path"] for sample in rows(base / ".corpus", "id, path")}
    for name, standing in giant.items():
        like = jaccard(words(texts[int(paths[name].removesuffix(".py"))]), shingles)
        assert (standing.similarity, standing.direct) == (like, like >= THRESHOLD)
    assert {standing.direct for standing in giant.values()} == {True, False}
    assert max(one.size for one in wanted.values()) == count


@pytest.mark.parametrize("workers", [0, 2])
def test_a_file_that_cannot_be_read_again_is_left_out_by_name(workers: int, tmp_path: Path) -> None:
    samples = planted_rows()
    thirds = {"a": samples[:50], "b": samples[50:90], "c": samples[90:]}
    base = corpus(tmp_path / "c", thirds)
    spoilt: list[Path] = []

    def spoil(progress: Progress) -> None:
        if progress.phase == "loading" and not spoilt:
            spoilt.append(base / "b.parquet")
            spoilt[0].write_bytes(spoilt[0].read_bytes()[:-40])

    built = index(base, workers=workers, report=spoil)
    assert list(reasons(built)) == ["b.parquet"]
    assert built.rows == len(samples) - 40
    assert query(base, "select file, reason from quarantine") == list(reasons(built).items())
    others = corpus(tmp_path / "others", {"a": thirds["a"], "c": thirds["c"]})
    index(others)
    assert told(base) == told(others)


def test_several_files_that_cannot_be_read_again_are_all_left_out(tmp_path: Path) -> None:
    """What workers still do for the run that failed is not taken for the answer of the next."""
    samples = planted_rows()
    files = {f"{number:02d}": samples[number::12] for number in range(12)}
    base = corpus(tmp_path / "c", files)
    gone = {f"{number:02d}.parquet" for number in (0, 3, 4, 11)}
    done: list[str] = []

    def spoil(progress: Progress) -> None:
        assert progress.phase != "comparing" or progress.rows_done <= progress.rows
        if progress.phase == "loading" and not done:
            for name in gone:
                os.utime(base / name)
            done.append("spoilt")

    built = index(base, workers=2, report=spoil)
    assert set(reasons(built)) == gone
    kept = {name: rows_of for name, rows_of in files.items() if f"{name}.parquet" not in gone}
    others = corpus(tmp_path / "others", kept)
    index(others)
    assert told(base) == told(others)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_no_fault_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = corpus(tmp_path / "c", {"a": planted_rows()})
    shingle_rows = pairing.shingle_rows

    def shingle_into_nothing(task: pairing.SetsTask, report: Callable[[int], None]) -> Any:
        task.out.symlink_to("/dev/full")
        return shingle_rows(task, report)

    monkeypatch.setattr(pairing, "shingle_rows", shingle_into_nothing)
    with pytest.raises(ExplorerError, match="The workspace cannot be written"):
        index(base)
    monkeypatch.undo()
    assert index(base).fresh_rows == 0


def test_another_threshold_takes_the_parts_as_they_are(planted: Path, tmp_path: Path) -> None:
    samples = planted_rows()
    base = corpus(tmp_path / "c", {"a": samples})
    index(base)
    usual, parts = told(base), part_names(base / ".corpus")
    for threshold in (0.5, 0.97, 1.0):
        assert index(base, threshold=threshold).fresh_rows == 0
        wanted = defined(with_ids(samples, base), threshold)
        found = told(base)
        assert {name: found[name] for name in wanted} == wanted
        assert found != usual
        assert query(base, "select value from facts where name = 'threshold'") == [(repr(threshold),)]
    assert part_names(base / ".corpus") == parts
    stamp = (base / ".corpus" / "index.duckdb").stat().st_mtime_ns
    assert index(base).fresh_rows == 0
    assert (base / ".corpus" / "index.duckdb").stat().st_mtime_ns == stamp, "the last threshold is kept unasked"
    index(base, threshold=THRESHOLD)
    assert told(base) == usual


@pytest.mark.parametrize("threshold", [0.49, 1.01, 0.0, -1.0, 70.0, float("nan"), float("inf")])
def test_a_threshold_that_is_none_is_bad_input(threshold: float, tmp_path: Path) -> None:
    base = corpus(tmp_path / "c", {"a": [row(b"a b c d e")]})
    with pytest.raises(BadInput, match="no similarity to compare at"):
        index(base, threshold=threshold)
    assert not (base / ".corpus").exists()


@pytest.mark.parametrize("kept", ["0.2", "nan", "null", '"high"', "[]", "true"])
def test_a_damaged_description_names_no_threshold(kept: str, tmp_path: Path) -> None:
    base = corpus(tmp_path / "c", {"a": planted_rows()[:30]})
    index(base, threshold=0.8)
    description = locate(str(base)).workspace.description
    told_before = json.loads(description.read_text())
    told_before["options"]["threshold"] = "KEPT"
    description.write_text(json.dumps(told_before).replace('"KEPT"', kept))
    index(base)
    assert query(base, "select value from facts where name = 'threshold'") == [("0.7",)]


def test_progress_tells_what_is_compared(planted: Path, tmp_path: Path) -> None:
    heard: list[Progress] = []
    index(corpus(tmp_path / "c", {"a": planted_rows()}), report=heard.append)
    comparing = [progress for progress in heard if progress.phase == "comparing"]
    assert comparing[-1].rows_done == comparing[-1].rows > 0
    assert [progress.rows_done for progress in comparing] == sorted(progress.rows_done for progress in comparing)


def test_a_corpus_without_a_pair_has_empty_tables(tmp_path: Path) -> None:
    chance = random.Random(1)
    base = corpus(tmp_path / "c", {"a": [row(" ".join(sentence(chance, 20)), path=f"{n}.py") for n in range(9)]})
    index(base)
    assert query(base, "select count(*) from members union all select count(*) from pairs") == [(0,), (0,)]
    assert query(base, "select count(*) from samples where survivor and cluster is null and not redundant") == [(9,)]


def test_signatures_beyond_what_is_held_lie_in_a_file(
    planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pairing, "HELD_BYTES", 1000)
    made: list[Path] = []
    open_memmap = np.lib.format.open_memmap
    monkeypatch.setattr(
        np.lib.format, "open_memmap", lambda path, *args: (made.append(path), open_memmap(path, *args))[1]
    )
    samples = planted_rows()
    base = corpus(tmp_path / "c", {"a": samples[:50], "b": samples[50:90], "c": samples[90:]})
    index(base)
    assert told(base) == told(planted)
    assert [path.name for path in made] == ["signatures.npy"]
    assert not (base / ".corpus" / ".spill.tmp").exists()
