"""A filter that cannot be carried out is the filter's fault; only an index that cannot be read is to be deleted."""

import duckdb
import pytest

from explorer.errors import BadInput, ExplorerError
from explorer.reader.session import Session, ViewWish, in_words
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
            getattr(odd, ask)(job(), ViewWish(text))
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
