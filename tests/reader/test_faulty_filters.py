"""A filter that cannot be carried out is the filter's fault; only an index that cannot be read is to be deleted."""

import random
import shutil
from pathlib import Path

import duckdb
import pytest

from explorer.corpus.workspace import Place, locate
from explorer.errors import BadInput, ExplorerError
from explorer.open_corpus.session import Session, in_words
from explorer.selection import Selection
from tests.corpora import job

FAULTY = (
    "path like 'a%' escape 'ab'",
    "path not like 'a' escape '\\\\'",
    "path ilike 'a' escape 'ab'",
    "content like 'a%' escape 'ab'",
    "tier" + "+1" * 99 + " > 3",
    "tier" + "+1" * 900 + " > 3",
    "tokens" + "::int" * 600 + " = 1",
    "path" + "||'a'" * 600 + " = 'a'",
    "- " * 1500 + "tier > 1",
    "not(" * 190 + "true" + ")" * 190,
    "tier = ",
    "nothing = 1",
    "nosuch(path) = 1",
    "tier",
    "greatest(path, 1) = 2",
    "cast(path as integer) = 1",
    "content::integer = 3",
    "created > 'no date'",
    "created > date '2020-99-99'",
    "created + interval '999999 years' > created",
    "make_date(tokens::integer, 99, 99) is null",
    "strptime(path, '%Q') is null",
    "strptime(path, '%Y') is null",
    "date_part('nosuch', created) = 1",
    "tokens % 0 = 1",
    "tokens // 0 = 1",
    "tokens * 9223372036854775807 * 9 > 1",
    "tokens::hugeint * 170141183460469231731687303715884105727 > 1",
    "tokens::tinyint > 1",
    "tokens::decimal(3,1) > 1",
    "1e39::float > tokens",
    "tier << 200 > 1",
    "chr(tokens::integer * 100000) = 'a'",
    "substr(path, 9223372036854775807, -9223372036854775808) = ''",
    "content ~ '('",
    "path ~ '(?<x>a)'",
    "path similar to '('",
    "string_split_regex(path, '(') is null",
    "gates[1] = 2",
    "list_contains(gates, 1)",
    "list_sort(gates, 'UP') is null",
    "struct_pack(a := 1).b = 1",
    "path::json is null",
    "tier in (1, 'a')",
)


@pytest.mark.parametrize("ask", ["totals", "show_view", "keys", "facets"])
def test_a_faulty_filter_is_told_as_such(odd: Session, ask: str) -> None:
    for text in FAULTY:
        with pytest.raises(BadInput) as caught:
            getattr(odd, ask)(job(), Selection(text))
        assert caught.value.exit == 2, text
        assert "elete" not in str(caught.value), text


KINDS = {kind for kind in vars(duckdb).values() if isinstance(kind, type) and issubclass(kind, duckdb.Error)}


@pytest.mark.parametrize("kind", sorted(KINDS, key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_no_error_of_the_engine_deletes_an_index_that_can_be_read(kind: type[duckdb.Error]) -> None:
    assert "elete" not in str(in_words(kind("Some Error: something about this statement")))


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException("IO Error: Corrupt database file: computed checksum 1 does not match stored checksum 2"),
        duckdb.FatalException("FATAL Error: database has been invalidated: Corrupt database file"),
        duckdb.SerializationException("Serialization Error: Failed to deserialize: expected end of object"),
    ],
    ids=["checksum", "invalidated", "deserialize"],
)
def test_an_index_that_is_damaged_is_to_be_built_again(error: duckdb.Error) -> None:
    words = in_words(error)
    assert isinstance(words, ExplorerError)
    assert "Delete it and run `corpus index` again; labels are kept." in words.hint


def test_an_engine_that_has_ended_is_to_be_started_again() -> None:
    words = in_words(duckdb.FatalException("FATAL Error: database has been invalidated because of a previous error"))
    assert "open the corpus again" in str(words)


def damaged(content: bytes, kind: str, chance: random.Random) -> bytes:
    """The bytes of an index after an accident."""
    at = chance.randrange(len(content))
    if kind == "flipped":
        return content[:at] + bytes((content[at] ^ 0xFF,)) + content[at + 1 :]
    if kind == "cut":
        return content[:at]
    size = 4096 if kind == "zeros" else 64
    start = at // size * size
    return content[:start] + (bytes(size) if kind == "zeros" else chance.randbytes(size)) + content[start + size :]


def read_through(place: Place) -> None:
    """Asks an index for everything that a screen shows of it."""
    session = Session(place)
    try:
        session.show_view(job(), Selection("tokens > 3 and path like '%1%'", sort=(("path", True),)))
        session.facets(job(), Selection("tier = 1"))
        session.totals(job(), Selection())
        for row in range(0, session.samples, 29):
            session.sample(job(), row)
    finally:
        session.close()


@pytest.mark.parametrize("count", [8, pytest.param(300, marks=pytest.mark.campaign)])
def test_an_index_that_cannot_be_read_is_to_be_deleted(odd_place: Place, tmp_path: Path, count: int) -> None:
    """Whatever byte is damaged, the index answers, or is to be deleted; no filter is blamed.

    The campaign: `pytest -m campaign tests/reader/test_faulty_filters.py`.
    """
    shutil.copytree(odd_place.base, tmp_path / "c", copy_function=shutil.copy2)
    place = locate(str(tmp_path / "c"))
    content = place.workspace.index.read_bytes()
    chance = random.Random(count)
    told: list[str] = []
    for number in range(count):
        place.workspace.index.write_bytes(damaged(content, ("flipped", "cut", "zeros", "noise")[number % 4], chance))
        try:
            read_through(place)
        except ExplorerError as error:
            told.append(str(error))
    assert told
    assert [words for words in told if "Delete it and run `corpus index` again; labels are kept." not in words] == []
