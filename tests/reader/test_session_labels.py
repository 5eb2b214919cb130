"""Labels find their samples again by id, else by content, else not at all; never by position."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.corpus.workspace import Place
from explorer.open_corpus.records import Labelled
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from tests.corpora import Row, corpus_of, indexed, job, odd_rows, row, write


def key(session: Session, number: int) -> dict[str, Any]:
    """What a label of a row is attached by."""
    sample = session.sample(job(), number)
    return {"id": sample["id"], "sha256": sample["sha256"]}


def tiers(session: Session) -> list[tuple[str | None, int | None]]:
    """Pairs of tier source and tier, in row order."""
    return session_values(session, "tier_source", "tier")


def session_values(session: Session, *names: str) -> list[Any]:
    return [values[1:] for values in session.page(job(), None, 0, 10_000, list(names))]


def unique_rows(count: int = 12) -> list[Row]:
    return [row(f"text {number}\n", path=f"{number}.py", repo="ann/tools") for number in range(count)]


def reopened(place: Place, rows: list[Row], name: str = "part-0.parquet") -> Session:
    """The same corpus with other rows, indexed again."""
    for old in place.base.glob("*.parquet"):
        old.unlink()
    write(place.base / name, rows)
    return Session(indexed(place.base))


def labelled(place: Place, *numbers: int) -> list[dict[str, Any]]:
    session = Session(place)
    labels = [{**key(session, number), "tier": 1 + number % 4, "note": f"row {number}"} for number in numbers]
    session.close()
    return labels


def test_a_label_changes_what_a_label_may_change(odd: Session) -> None:
    before = odd.sample(job(), 7)
    answer = odd.set_labels(
        job(), [{**key(odd, 7), "tier": 3, "origin": "mixed", "verdict": "drop", "note": "\x1b[2J"}]
    )
    assert answer == Labelled(1, 0, 0, 0)
    after = odd.sample(job(), 7)
    assert {name for name in after if after[name] != before[name]} >= {"tier_source", "verdict", "note"}
    assert (after["tier"], after["tier_source"], after["origin"], after["verdict"]) == (3, "label", "mixed", "drop")
    odd.set_labels(job(), [{**key(odd, 7), "tier": None}])
    assert odd.sample(job(), 7) == before


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.integers(0, 99),
                st.sampled_from((None, 1, 2, 3, 4)),
                st.sampled_from((None, "human", "synthetic")),
                st.sampled_from((None, "keep", "drop")),
            ),
            max_size=6,
            unique_by=lambda label: label[0],
        ),
        max_size=4,
    )
)
def test_the_overlay_is_a_dictionary(odd_place: Place, rounds: list[list[tuple[Any, ...]]]) -> None:
    session = Session(odd_place)
    given_values = session_values(session, "tier", "origin")
    model: dict[int, tuple[Any, ...]] = {}
    for labels in rounds:
        batch = [
            {**key(session, number), "tier": tier, "origin": origin, "verdict": verdict}
            for number, tier, origin, verdict in labels
        ]
        assert session.set_labels(job(), batch).rows == len(batch)
        model |= {number: values for number, *values in labels}
    shown = session_values(session, "tier", "origin", "verdict")
    expected = [
        (
            model.get(number, (None,) * 3)[0] or tier,
            model.get(number, (None,) * 3)[1] or origin,
            model.get(number, (None,) * 3)[2],
        )
        for number, (tier, origin) in enumerate(given_values)
    ]
    assert shown == expected
    counted = {group.value: group.samples for group in session.facets(job(), Selection())["tier"]}
    assert counted == Counter(tier for tier, *_ in expected)
    session.close()


@pytest.mark.parametrize("change", ["renamed", "reversed", "grown"])
def test_labels_follow_ids(tmp_path: Path, change: str) -> None:
    rows = unique_rows()
    place = corpus_of(tmp_path / "c", rows)
    labels = labelled(place, 2, 5, 9)
    changed = {"renamed": rows, "reversed": rows[::-1], "grown": [row("new\n", path="new.py"), *rows]}[change]
    session = reopened(place, changed, "elsewhere.parquet" if change == "renamed" else "part-0.parquet")
    assert session.set_labels(job(), labels) == Labelled(3, 0, 0, 0)
    noted = {path: note for path, note in session_values(session, "path", "note") if note}
    assert noted == {"2.py": "row 2", "5.py": "row 5", "9.py": "row 9"}
    session.close()


def test_a_label_follows_its_content_where_the_id_is_gone(tmp_path: Path) -> None:
    rows = unique_rows()
    place = corpus_of(tmp_path / "c", rows)
    labels = labelled(place, 2, 5)
    moved = [{**known, "path": "moved/" + known["path"]} for known in rows]
    session = reopened(place, [*moved, moved[5]])
    assert session.set_labels(job(), labels) == Labelled(1, 0, 1, 1)
    assert {path: note for path, note in session_values(session, "path", "note") if note} == {"moved/2.py": "row 2"}
    session.close()


def test_a_label_whose_content_changed_stays_and_is_stale(tmp_path: Path) -> None:
    schema_rows = [{**known, "stars": number} for number, known in enumerate(unique_rows())]
    import pyarrow as pa

    from tests.corpora import SCHEMA

    schema = SCHEMA.append(pa.field("id", pa.string()))
    named = [{**known, "id": f"sample-{number}"} for number, known in enumerate(schema_rows)]
    (tmp_path / "c").mkdir()
    write(tmp_path / "c" / "part-0.parquet", named, schema=schema)
    place = indexed(tmp_path / "c")
    labels = labelled(place, 3, 4)
    assert [label["id"] for label in labels] == ["sample-3", "sample-4"]
    named[3]["content"] = b"another text\n"
    write(place.base / "part-0.parquet", named, schema=schema)
    session = Session(indexed(place.base))
    assert session.set_labels(job(), labels) == Labelled(2, 1, 0, 0)
    assert session.sample(job(), 3)["note"] == "row 3"
    session.close()


def test_a_label_of_a_lost_sample_is_an_orphan(tmp_path: Path) -> None:
    rows = unique_rows()
    place = corpus_of(tmp_path / "c", rows)
    labels = labelled(place, 2, 5)
    session = reopened(place, rows[:5] + rows[6:])
    assert session.set_labels(job(), labels) == Labelled(1, 0, 0, 1)
    session.close()


@pytest.mark.parametrize("order", [1, -1])
def test_a_row_never_takes_two_labels(tmp_path: Path, order: int) -> None:
    """Two lost ids, and a label of its own, all with the content of one sample."""
    twins = [row("twin\n", path=f"{name}.py") for name in "abc"]
    place = corpus_of(tmp_path / "c", [*twins, *unique_rows(2)])
    labels = labelled(place, 0, 1, 2)[::order]
    session = reopened(place, [twins[2], *unique_rows(2)])
    assert session.set_labels(job(), labels) == Labelled(1, 0, 0, 2)
    assert session.samples == 3 == len(tiers(session))
    assert session.sample(job(), 0)["note"] == "row 2"
    lost = [label for label in labels if label["note"] != "row 2"]
    assert session.set_labels(job(), lost) == Labelled(0, 0, 0, 2)
    assert session.sample(job(), 0)["note"] == "row 2"
    session.close()

    fresh = Session(place)
    assert fresh.set_labels(job(), lost) == Labelled(1, 0, 1, 1)
    assert len(tiers(fresh)) == 3
    fresh.close()


def test_duplicates_with_ids_of_their_own_keep_labels_of_their_own(
    odd_place: Place, copy_of: Callable[[Place], Place]
) -> None:
    place = copy_of(odd_place)
    numbers = [number for number, known in enumerate(odd_rows()) if known["path"] == "same.py"]
    assert len(numbers) == 3
    labels = labelled(place, *numbers)
    session = Session(place)
    assert session.set_labels(job(), labels) == Labelled(3, 0, 0, 0)
    assert [session.sample(job(), number)["note"] for number in numbers] == [f"row {number}" for number in numbers]
    session.close()
