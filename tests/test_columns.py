"""The records of the public columns compared with an index that was really built, and with the README."""

import pytest

from explorer.columns import COLUMNS, DIMENSIONS, PERCENTILES, PUBLIC_NAMES, STYLE_AXES, WEIGHABLE, meaning_of
from explorer.open_corpus.session import Session
from explorer.quality.score import usual_scale
from queries.filters import quoted
from tests.corpora import job

STORED = [column for column in COLUMNS if column.name != "content"]


def test_each_name_is_declared_once() -> None:
    names = [name.lower() for name in PUBLIC_NAMES]
    assert len(names) == len(set(names))


def test_an_index_has_exactly_these_columns_with_these_types(odd: Session) -> None:
    own = {"stars"}
    found = {name: kind for name, kind in odd.columns.items() if name not in own}
    declared = {column.name: column.kind for column in STORED} | {f"{name}_pct": "FLOAT" for name in PERCENTILES}
    assert found == declared


@pytest.mark.parametrize("corpus", ["odd", "plenty"])
def test_a_column_that_is_said_to_be_never_null_is_never_null(corpus: str, request: pytest.FixtureRequest) -> None:
    session: Session = request.getfixturevalue(corpus)
    never = [column.name for column in STORED if not column.empty]
    counts = ", ".join(f"count(*) - count({quoted(name)})" for name in never)
    with session.cursor(job()) as cursor:
        nulls = cursor.execute(f"select {counts} from samples").fetchone()
    assert {name: count for name, count in zip(never, nulls or (), strict=True) if count} == {}


def test_the_usual_scale_weighs_declared_columns_by_declared_dimensions() -> None:
    scale = usual_scale()
    assert tuple(one.name for one in scale.dimensions) == DIMENSIONS
    assert {signal.column for one in scale.dimensions for signal in one.signals} <= WEIGHABLE
    assert set(PERCENTILES) | set(STYLE_AXES) <= WEIGHABLE


def test_every_column_has_a_meaning_and_a_column_of_the_corpus_has_none() -> None:
    assert all(meaning_of(name) for name in PUBLIC_NAMES)
    assert not any(meaning_of(name) for name in ("stars", "stars_pct", "tier_pct", ""))
