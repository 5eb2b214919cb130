"""What a baseline promises: human, large enough, frozen, and honest about what it is not."""

import hashlib
import json
from pathlib import Path

import pytest

from explorer.errors import BadInput, Refused
from explorer.open_corpus.session import Session
from explorer.selection import Selection
from explorer.stats.baselines import digest_of, laid, listed, load, pin, remove
from queries import browse
from tests.corpora import job
from tests.stats.human_and_not import FILES, HUMAN, REPOSITORIES

DATED = f"{HUMAN} and created < '2022-11-30'"


def test_samples_are_frozen_by_id_and_content(mixed: Session) -> None:
    baseline = pin(mixed, job(), "people", DATED, ("small",))
    again, table = load(mixed.place.workspace, "people")
    assert again == baseline
    assert baseline.samples == table.num_rows == REPOSITORIES * FILES
    assert baseline.languages == {
        "Python": {"samples": baseline.samples, "tokens": baseline.tokens, "repositories": REPOSITORIES}
    }
    with mixed.cursor(job()) as cursor:
        keys = browse.keys_of(cursor, mixed.filters(job(), Selection(DATED)))
    expected = {(key.id, key.sha256) for key in keys}
    assert set(zip(table.column("id").to_pylist(), table.column("sha256").to_pylist(), strict=True)) == expected


def test_its_id_is_that_of_its_members_in_any_order() -> None:
    members = [("b", "02"), ("a", "01")]
    plain = "\n".join(sorted(json.dumps(list(each)) for each in members))
    assert digest_of(members) == digest_of(reversed(members)) == hashlib.sha256(plain.encode()).hexdigest()[:12]


@pytest.mark.parametrize(
    ("filter_text", "accepted", "why"),
    [
        ("", (), "not known to be human"),
        ("origin = 'synthetic'", (), "not known to be human"),
        ("origin = 'human' and language = 'Go'", (), "neither dated before"),
        ("origin = 'human' and language = 'Go'", ("undated",), "Too small for any comparison"),
        (HUMAN, (), "neither dated before"),
        (DATED, (), "No language is large enough"),
    ],
)
def test_what_is_no_baseline_is_refused_with_the_reason(
    mixed: Session, filter_text: str, accepted: tuple[str, ...], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        pin(mixed, job(), "people", filter_text, accepted)
    assert listed(mixed.place.workspace) == []


def test_other_tiers_are_refused_unless_they_are_accepted(mixed: Session) -> None:
    pin(mixed, job(), "first", f"{DATED} and tier = 1", ("small",))
    mixed.set_labels(job(), [label(mixed, tier=3)])
    with pytest.raises(Refused, match="1 of 240 samples are of another tier"):
        pin(mixed, job(), "people", "origin = 'human' and created < '2022-11-30'", ("small",))
    found = pin(mixed, job(), "people", "origin = 'human' and created < '2022-11-30'", ("small", "tiers"))
    assert found.low_tiers == 1
    assert found.caveats("Python")[-1] == "1 samples are of another tier than 1 and 2"


def test_an_origin_that_a_curator_decided_needs_no_date(mixed: Session) -> None:
    filter_text = "origin = 'human' and language in ('Python', 'Go')"
    with pytest.raises(Refused, match="20 of 260 samples are neither"):
        pin(mixed, job(), "people", filter_text, ("small",))
    with mixed.cursor(job()) as cursor:
        keys = browse.keys_of(cursor, mixed.filters(job(), Selection("language = 'Go'")))
    plain = dict.fromkeys(("tier", "verdict", "note", "survivor", "cluster_verdict", "accepted"))
    mixed.set_labels(job(), [{"id": key.id, "sha256": key.sha256, "origin": "human", **plain} for key in keys])
    assert pin(mixed, job(), "people", filter_text, ("small",)).undated == 0


def label(session: Session, **fields: object) -> dict[str, object]:
    with session.cursor(job()) as cursor:
        key = browse.keys_of(cursor, session.filters(job(), Selection(DATED)))[0]
    plain = dict.fromkeys(("tier", "origin", "verdict", "note", "survivor", "cluster_verdict", "accepted"))
    return {"id": key.id, "sha256": key.sha256, **plain, **fields}


def test_labels_given_later_do_not_change_it(mixed: Session) -> None:
    before = pin(mixed, job(), "people", DATED, ("small",))
    mixed.set_labels(job(), [label(mixed, origin="synthetic")])
    assert load(mixed.place.workspace, "people")[0] == before
    with laid(mixed, job(), "people") as (_, filter_), mixed.cursor(job()) as cursor:
        assert browse.totals(cursor, [filter_]).samples == before.samples


def test_a_name_is_given_once(mixed: Session) -> None:
    pin(mixed, job(), "people", DATED, ("small",))
    with pytest.raises(BadInput, match="already"):
        pin(mixed, job(), "people", DATED, ("small",))


@pytest.mark.parametrize("name", ["", "../up", "a/b", "-x", "x" * 41, "\x1b[31m", "ä"])
def test_a_name_is_a_plain_word(mixed: Session, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be the name"):
        pin(mixed, job(), name, DATED, ("small",))


def test_what_cannot_be_accepted_is_said(mixed: Session) -> None:
    with pytest.raises(BadInput, match="'anything' cannot be accepted"):
        pin(mixed, job(), "people", DATED, ("anything",))


def test_a_baseline_that_was_edited_is_damaged(mixed: Session) -> None:
    import pyarrow.parquet as pq

    pin(mixed, job(), "people", DATED, ("small",))
    path = mixed.place.workspace.baselines / "people.parquet"
    table = pq.read_table(path)
    pq.write_table(table.slice(1).replace_schema_metadata(table.schema.metadata), path)
    with pytest.raises(BadInput, match="damaged"):
        load(mixed.place.workspace, "people")


@pytest.mark.parametrize("content", [b"", b"PAR1 no parquet", b"x" * 100])
def test_a_file_that_is_none_is_passed_over_and_told_of(mixed: Session, content: bytes) -> None:
    pin(mixed, job(), "people", DATED, ("small",))
    (mixed.place.workspace.baselines / "other.parquet").write_bytes(content)
    assert [each.name for each in listed(mixed.place.workspace)] == ["people"]
    with pytest.raises(BadInput, match="damaged"):
        load(mixed.place.workspace, "other")


def test_it_is_removed_by_name(mixed: Session) -> None:
    pin(mixed, job(), "people", DATED, ("small",))
    assert remove(mixed.place.workspace, "people").name == "people"
    with pytest.raises(BadInput, match="There is no baseline 'people'"):
        remove(mixed.place.workspace, "people")


def test_the_latest_comes_first(mixed: Session, tmp_path: Path) -> None:
    for name in ("b", "a"):
        pin(mixed, job(), name, DATED, ("small",))
    assert {each.name for each in listed(mixed.place.workspace)} == {"a", "b"}
