"""More like this: the likest samples with their exact similarity, whatever the threshold."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.corpus.workspace import Place
from explorer.errors import BadInput, ExplorerError
from explorer.job import Cancelled
from explorer.open_corpus.session import Session
from explorer.open_corpus.similar import find_similar
from queries import clusters
from tests.corpora import Row, job, row
from tests.families import family_corpus, jaccard, planted_rows, shingles, words

SHIFTS = (1, 2, 4, 7, 11, 16, 22, 29, 37, 46, 56, 67, 79, 92, 106, 121)
"""Windows of a text that are less and less like it, from 0.98 down to 0.01."""
FIRST = 7
"""The row of the text that is asked about."""


def rows_of() -> list[Row]:
    chance = random.Random(5)
    texts = [words("other", 500 * n, 500 * n + 80) for n in range(FIRST)]
    texts.append(words("like", 0, 130))
    texts += [words("like", shift, shift + 130) for shift in SHIFTS]
    texts += [words("like", 2, 132)] * 3 + [words("like", 0, 130)] * 2
    texts += [" ".join(chance.choices([f"w{n}" for n in range(40)], k=90)) for _ in range(60)]
    texts += ["too short\n", "too short\n", ""]
    return [row(text, path=f"{number}.py", tier=number % 4 + 1) for number, text in enumerate(texts)]


@pytest.fixture(scope="module")
def similar_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    rows = rows_of()
    return family_corpus(tmp_path_factory.mktemp("similar") / "similar", rows[:20], rows[20:], threshold=0.9)


@pytest.fixture
def session(similar_place: Place) -> Iterator[Session]:
    opened = Session(similar_place)
    yield opened
    opened.close()


def brute_force(session: Session, number: int) -> list[tuple[int, float, int]]:
    """First row, similarity and copies of every content that shares anything with a row's."""
    texts = [session.content.read(each) for each in range(session.samples)]
    rows: dict[bytes, list[int]] = {}
    for each, text in enumerate(texts):
        if each != number:
            rows.setdefault(text, []).append(each)
    own = shingles(texts[number])
    found = [(held[0], jaccard(own, shingles(text)), len(held)) for text, held in rows.items()]
    return sorted((one for one in found if one[1]), key=lambda one: (-one[1], one[0]))


@pytest.mark.parametrize("number", [FIRST, FIRST + 3, FIRST + 17, 45])
def test_the_likest_are_those_of_brute_force(session: Session, number: int) -> None:
    found = [tuple(one) for one in find_similar(session, job(), number, 10)]
    expected = brute_force(session, number)[:10]
    assert found == [(first, pytest.approx(similarity, abs=1e-12), copies) for first, similarity, copies in expected]


def test_the_likest_come_first_and_below_the_threshold_too(session: Session) -> None:
    found = find_similar(session, job(), FIRST, 10)
    likeness = [one.similarity for one in found]
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] == 1.0
    assert likeness[-1] < session.clusters.floor
    assert [one.copies for one in found[:3]] == [2, 1, 4]
    assert find_similar(session, job(), FIRST, 3) == found[:3]


def test_many_copies_of_one_text_hide_no_other(tmp_path: Path) -> None:
    """Hundreds of copies, as licence texts have, count as one content."""
    texts = [words("like", 0, 130), *[words("like", 20, 150)] * 300, *[words("like", 30, 160)] * 300]
    opened = Session(family_corpus(tmp_path / "c", [row(text, path=f"{n}.py") for n, text in enumerate(texts)]))
    for most in (1, 2):
        found = [tuple(one) for one in find_similar(opened, job(), 0, most)]
        assert found == [
            (first, pytest.approx(alike), copies) for first, alike, copies in brute_force(opened, 0)[:most]
        ]
    opened.close()


def test_progress_is_reported(session: Session) -> None:
    reports: list[dict[str, int]] = []
    find_similar(session, job(reports), FIRST, 5)
    assert {"rows_done": session.samples, "rows": session.samples} in reports


@pytest.mark.parametrize("number", [-1, -2, -3])
def test_a_text_too_short_to_compare_is_refused(session: Session, number: int) -> None:
    with pytest.raises(BadInput, match="fewer than 5 words"):
        find_similar(session, job(), session.samples + number, 5)


def test_a_text_like_no_other_has_nothing_like_it(session: Session) -> None:
    assert find_similar(session, job(), 0, 5) == []


def test_a_cancelled_search_stops(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    asks = job()
    asks.cancel()
    with pytest.raises(Cancelled):
        find_similar(session, asks, FIRST, 5)
    later = job()
    likest = clusters.likest

    def cancel_then_ask(*args: object) -> object:
        later.cancel()
        return likest(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(clusters, "likest", cancel_then_ask)
    with pytest.raises(Cancelled):
        find_similar(session, later, FIRST, 5)


@pytest.mark.parametrize("harm", ["missing", "cut", "empty", "overwritten"])
def test_a_damaged_part_is_told_in_a_sentence(tmp_path: Path, harm: str) -> None:
    place = family_corpus(tmp_path / "c", planted_rows())
    (part,) = place.workspace.parts.glob("*.parquet")
    whole = part.read_bytes()
    damaged = {
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "overwritten": whole[:4] + b"\xa5" * 20_000 + whole[20_004:],
    }
    part.unlink()
    if harm != "missing":
        part.write_bytes(damaged[harm])
    opened = Session(place)
    with pytest.raises(ExplorerError, match=f"{part.name} of the index cannot be read") as caught:
        find_similar(opened, job(), 0, 5)
    assert "corpus index" in caught.value.hint
    opened.close()
