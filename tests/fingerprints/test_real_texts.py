"""On real files, an index finds the near-duplicates that a comparison of all pairs finds."""

import random
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.corpus.workspace import locate
from explorer.fingerprints.shingles import shingle_sets
from explorer.index.build import Wishes, build_index
from tests.bench._corpora import machine_texts
from tests.fingerprints import twins
from tests.fingerprints.brute_force import Pairs, all_pairs
from tests.fingerprints.twins import jaccard, words

FILES = 8_000
LEAST_FILES = 5_000
MOST_BYTES = 100_000
SITE = Path(sysconfig.get_path("purelib"))
STDLIB = Path(sysconfig.get_path("stdlib"))


def found_in(texts: Sequence[bytes], directory: Path, threshold: float | None = None) -> "Found":
    """Indexes texts as one file, in this process."""
    directory.mkdir(parents=True, exist_ok=True)
    table = pa.table({"content": pa.array(texts, pa.binary())})
    pq.write_table(table, directory / "texts.parquet", row_group_size=1_000)
    place = locate(str(directory))
    build_index(place, Wishes(workers=0, content="source", exact_tokens=False, threshold=threshold))
    return Found(place.workspace.index)


class Found:
    """What an index says of its rows, which are those of the texts."""

    def __init__(self, index: Path) -> None:
        with duckdb.connect(index, read_only=True) as connection:
            rows = connection.execute("select one, other, similarity from pairs").fetchall()
            clusters = connection.execute(GROUPS).fetchall()
            alone = connection.execute("select count(*) from samples where cluster is null").fetchone()
        self.pairs: Pairs = {(one, other): similarity for one, other, similarity in rows}
        assert len(self.pairs) == len(rows), "each pair once"
        self.groups = sorted(tuple(members) for (members,) in clusters)
        self.alone = alone[0] if alone else 0


GROUPS = "select list(row order by row) from samples where cluster is not null group by cluster"


def above(pairs: Pairs, threshold: float) -> Pairs:
    return {pair: similarity for pair, similarity in pairs.items() if similarity >= threshold}


def groups_of(count: int, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The components of more than one node."""
    members: dict[int, list[int]] = {}
    for node, root in enumerate(twins.components(count, list(pairs))):
        members.setdefault(root, []).append(node)
    return sorted(tuple(nodes) for nodes in members.values() if len(nodes) > 1)


@pytest.fixture(scope="module")
def real_texts() -> list[bytes]:
    """Different files of the standard library and the installed packages that have shingles."""
    fit = (text.content for text in machine_texts() if len(text.content) <= MOST_BYTES)
    texts = [text for text in dict.fromkeys(islice(fit, FILES)) if len(twins.tokens(text)) >= 5]
    if len(texts) < LEAST_FILES:
        pytest.skip(f"there are {len(texts):,} different source files on this machine, {LEAST_FILES:,} are wanted")
    return texts


@pytest.fixture(scope="module")
def all_alike(real_texts: list[bytes]) -> Pairs:
    return all_pairs(shingle_sets(*twins.edges(real_texts)), 0.5)


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.85])
def test_pairs_and_clusters_are_those_of_all_pairs(
    threshold: float,
    real_texts: list[bytes],
    all_alike: Pairs,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    truth = above(all_alike, threshold)
    found = found_in(real_texts, tmp_path_factory.getbasetemp() / "real", threshold)
    kept = above(found.pairs, threshold)
    assert len(truth) > 300
    assert kept.items() <= truth.items(), "precision 1, and each similarity is exact"
    assert len(kept) >= 0.98 * len(truth)
    assert found.groups == groups_of(len(real_texts), kept)
    true_groups = groups_of(len(real_texts), truth)
    assert len(set(found.groups) & set(true_groups)) >= 0.95 * len(true_groups)


def test_windows_of_one_text_fall_into_groups_by_their_offsets(tmp_path: Path) -> None:
    """Windows of 400 characters, 20 to 60 apart, share most of their five-word shingles; those 400 apart none."""
    offsets = (0, 20, 50, 400, 420, 800, 810, 820, 840, 860, 1205, 1215, 1225, 1245, 1600, 2000)
    long_text = " ".join(distinct_words(1_000)).encode()
    windows = [long_text[offset : offset + 400] for offset in offsets]
    found = found_in(windows, tmp_path)
    sets = [words(window) for window in windows]
    truth = {
        (one, other): similarity
        for other in range(len(sets))
        for one in range(other)
        if (similarity := jaccard(sets[one], sets[other])) >= 0.7
    }
    assert above(found.pairs, 0.7) == truth
    assert found.groups == groups_of(len(windows), truth) == [(0, 1, 2), (3, 4), (5, 6, 7, 8, 9), (10, 11, 12, 13)]
    assert found.alone == 2


def distinct_words(count: int) -> list[str]:
    """Words of one to three letters, none of them twice."""
    chance = random.Random(5)
    pool = ["".join(word) for length in (2, 3) for word in product(ascii_lowercase, repeat=length)][:4_000]
    chance.shuffle(pool)
    return pool[:count]


def test_two_releases_of_a_package(tmp_path: Path) -> None:
    first = dict(list(release_files())[:240])
    second = {name: changed(number, text) for number, (name, text) in enumerate(first.items())}
    check_releases(list(first.items()), list(second.items()), tmp_path)


def release_files() -> Iterator[tuple[str, bytes]]:
    """Files of a few hundred lines, as the one release of a package has them."""
    for path in sorted(STDLIB.glob("*.py")) + sorted(STDLIB.glob("email/*.py")) + sorted(STDLIB.glob("asyncio/*.py")):
        text = path.read_bytes()
        if 1_500 <= len(text) <= 80_000:
            yield path.relative_to(STDLIB).as_posix(), text


def changed(number: int, text: bytes) -> bytes:
    """A file as the next release has it: untouched, with some lines changed, more of them, or written anew."""
    lines = text.split(b"\n")
    every = (None, 30, 8, 2)[number % 4]
    if every is not None:
        lines[::every] = [b"release_two_%d = %d" % (number, line) for line in range(len(lines[::every]))]
    return b"\n".join(lines)


@pytest.mark.parametrize("package", ["rich", "packaging", "pygments", "platformdirs", "tomli"])
def test_a_vendored_copy_of_a_package(package: str, tmp_path: Path) -> None:
    vendored, installed = SITE / "pip" / "_vendor" / package, SITE / package
    if not (vendored.is_dir() and installed.is_dir()):
        pytest.skip(f"{package} is not there twice")
    check_releases(list(python_files(vendored)), list(python_files(installed)), tmp_path)


def python_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def check_releases(first: list[tuple[str, bytes]], second: list[tuple[str, bytes]], directory: Path) -> None:
    """Every unchanged file is an exact copy, every file that is still alike enough is tied with its former self."""
    texts = [text for _, text in (*first, *second)]
    found = found_in(texts, directory)
    cluster = {row: number for number, group in enumerate(found.groups) for row in group}
    later = {name: number for number, (name, _) in enumerate(second, len(first))}
    kinds: list[str] = []
    for row, (name, text) in enumerate(first):
        other = later.get(name)
        if other is None or len(twins.tokens(text)) < 5:
            continue
        similarity = jaccard(words(text), words(texts[other]))
        is_tied = row in cluster and cluster[row] == cluster.get(other)
        kinds.append("same" if text == texts[other] else "like" if similarity >= 0.7 else "other")
        assert is_tied or kinds[-1] == "other", (name, similarity)
        if kinds[-1] == "like":
            assert any(pair_similarity == similarity for pair_similarity in similarities_of(found, texts, row, other))
    assert kinds, "the releases share files"


def similarities_of(found: Found, texts: Sequence[bytes], row: int, other: int) -> Iterator[Any]:
    """What the index says of two contents, each named by the first row that holds it."""
    one, two = texts.index(texts[row]), texts.index(texts[other])
    yield found.pairs.get((min(one, two), max(one, two)))
