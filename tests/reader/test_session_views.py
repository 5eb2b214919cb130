"""Views, pages, facets and counts against the same rows sorted and counted in Python."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.api.handlers import all_handlers, jobs_of, request_of
from explorer.api.messages.browse import (
    DescribeRequest,
    FacetsRequest,
    KeysOfSelectionRequest,
    KeysRequest,
    PageRequest,
    Position,
    PositionRequest,
    SampleRequest,
    TotalsRequest,
    ViewRequest,
)
from explorer.api.requests import Request
from explorer.corpus.workspace import Place
from explorer.errors import BadInput, ExplorerError
from explorer.job import Cancelled
from explorer.open_corpus import session as session_module
from explorer.open_corpus.session import KEPT_VIEWS, Session
from explorer.open_corpus.values import plain
from explorer.selection import FACETS, Selection
from tests.corpora import answered, job, odd_rows

Sample = dict[str, Any]
Test = Callable[[Sample], bool]

FILTERS: tuple[tuple[str, Test], ...] = (
    ("", lambda s: True),
    ("tier = 4", lambda s: s["tier"] == 4),
    ("tier is null or tokens > 40", lambda s: s["tier"] is None or s["tokens"] > 40),
    ("stars < 0 and language = 'Python'", lambda s: (s["stars"] or 0) < 0 and s["language"] == "Python"),
    ("not survivor", lambda s: not s["survivor"]),
    ("path like '%twin%'", lambda s: "twin" in (s["path"] or "")),
    ("origin in ('human', 'mixed')", lambda s: s["origin"] in ("human", "mixed")),
    ("created >= timestamp '2024-03-02'", lambda s: (s["created"] or "") >= "2024-03-02"),
    ("false", lambda s: False),
)


@pytest.fixture(scope="module")
def samples(odd_place: Place) -> list[Sample]:
    """Every sample of the odd corpus as the session describes it, one by one."""
    session = Session(odd_place)
    found = [session.sample(job(), row) for row in range(session.samples)]
    session.close()
    return found


@pytest.fixture(scope="module")
def shared(odd_place: Place) -> Iterator[Session]:
    session = Session(odd_place)
    yield session
    session.close()


def in_order(samples: list[Sample], keys: list[tuple[str, bool]]) -> list[Sample]:
    """Sorts as a person expects: nulls last both ways, equal ones in row order."""
    found = sorted(samples, key=lambda sample: sample["row"])
    for name, descending in reversed(keys):
        known = [sample for sample in found if sample[name] is not None]
        known.sort(key=lambda sample: comparable(sample[name]), reverse=descending)
        found = known + [sample for sample in found if sample[name] is None]
    return found


def comparable(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value


def test_samples_are_the_rows_that_were_written(samples: list[Sample]) -> None:
    written = odd_rows()
    assert [sample["row"] for sample in samples] == list(range(len(written)))
    for sample, row in zip(samples, written, strict=True):
        for name in ("path", "repo", "language", "tier", "stars"):
            if row[name] is not None or name != "language":
                assert sample[name] == row[name]
        assert sample["origin"] == (row["origin"] or "unknown")
        assert sample["created"] == (row["created"].isoformat() if row["created"] else None)
        assert sample["bytes"] == len(row["content"] or b"")


def test_every_column_sorts_both_ways(shared: Session, samples: list[Sample]) -> None:
    for name in shared.columns:
        for descending in (False, True):
            view = shared.show_view(job(), Selection(sort=((name, descending),)))
            rows = [row for _, row in shared.page(job(), view.number, 0, 1000, ["row"])]
            assert rows == [sample["row"] for sample in in_order(samples, [(name, descending)])], (name, descending)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_page_is_a_slice_of_the_sorted_rows(shared: Session, samples: list[Sample], data: st.DataObject) -> None:
    text, passes = data.draw(st.sampled_from(FILTERS))
    names = st.sampled_from(sorted(shared.columns))
    keys = data.draw(st.lists(st.tuples(names, st.booleans()), max_size=3, unique_by=lambda key: key[0]))
    first, count = data.draw(st.integers(0, 110)), data.draw(st.integers(0, 40))
    columns = data.draw(st.lists(names, min_size=1, max_size=4))
    expected = in_order([sample for sample in samples if passes(sample)], keys)
    view = shared.show_view(job(), Selection(text, sort=tuple(keys)))
    page = shared.page(job(), view.number, first, count, columns)
    assert view.rows == len(expected)
    assert [[plain(value) for value in row] for row in page] == [
        [position, *(sample[name] for name in columns)]
        for position, sample in list(enumerate(expected))[first : first + count]
    ]


@pytest.mark.parametrize(("text", "passes"), FILTERS)
def test_totals_and_positions_agree(shared: Session, samples: list[Sample], text: str, passes: Test) -> None:
    expected = [sample for sample in samples if passes(sample)]
    totals = shared.totals(job(), Selection(text))
    assert totals[:3] == (
        len(expected),
        sum(sample["tokens"] for sample in expected),
        sum(sample["bytes"] for sample in expected),
    )
    view = shared.show_view(job(), Selection(text, sort=(("tokens", True),)))
    order = [sample["row"] for sample in in_order(expected, [("tokens", True)])]
    for sample in samples:
        row = sample["row"]
        place = order.index(row) if row in order else None
        assert shared.position(job(), view.number, row) == place
    assert shared.position(job(), None, 5) == 5


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_facet_counts_without_itself(shared: Session, samples: list[Sample], data: st.DataObject) -> None:
    text, passes = data.draw(st.sampled_from(FILTERS))
    chosen = {
        name: data.draw(
            st.lists(st.sampled_from(sorted({s[name] for s in samples}, key=repr)), max_size=3, unique=True)
        )
        for name in FACETS
    }
    wish = Selection(text, chosen)
    facets = shared.facets(job(), wish)
    for name in FACETS:
        others = {other: values for other, values in chosen.items() if values and other != name}
        left = [s for s in samples if passes(s) and all(s[other] in values for other, values in others.items())]
        assert {row.value: row.samples for row in facets[name]} == Counter(s[name] for s in left)
        assert sum(row.tokens for row in facets[name]) == sum(s["tokens"] for s in left)
    every = [s for s in samples if passes(s) and all(s[name] in values for name, values in chosen.items() if values)]
    assert shared.totals(job(), wish).samples == len(every) == shared.show_view(job(), wish).rows


def tables(session: Session) -> set[str]:
    with session.cursor(job()) as cursor:
        return {name for (name,) in cursor.execute("select table_name from duckdb_tables()").fetchall()}


def test_the_few_latest_views_are_kept(odd: Session) -> None:
    views = [odd.show_view(job(), Selection(f"tokens > {number}")) for number in range(KEPT_VIEWS + 3)]
    kept = {name for name in tables(odd) if name.startswith("view_")}
    assert kept == {f"view_{view.number}" for view in views[-KEPT_VIEWS:]}
    for call in (
        lambda: odd.page(job(), views[0].number, 0, 5, ["row"]),
        lambda: odd.position(job(), views[0].number, 1),
    ):
        with pytest.raises(ExplorerError, match="This view is gone"):
            call()
    assert odd.page(job(), views[-1].number, 0, 5, ["row"])


def test_the_whole_corpus_needs_no_table(odd: Session) -> None:
    view = odd.show_view(job(), Selection("  \n", {"tier": ()}))
    assert (view.number, view.rows) == (None, odd.samples)
    assert odd.page(job(), None, odd.samples - 1, 5, ["row"]) == [(odd.samples - 1, odd.samples - 1)]
    assert odd.page(job(), None, 10**12, 5, ["row"]) == []


@pytest.mark.parametrize(
    "wish",
    [
        Selection("tier = = 1"),
        Selection("nothing = 1"),
        Selection("read_text('/etc/passwd') is not null"),
        Selection("cast(path as integer) = 1"),
        Selection("path ~ '('"),
        Selection(sort=(("content", False),)),
        Selection(sort=(("nothing", False),)),
    ],
)
def test_a_bad_wish_is_bad_input_and_leaves_nothing(odd: Session, wish: Selection) -> None:
    with pytest.raises(BadInput) as caught:
        odd.show_view(job(), wish)
    assert caught.value.title
    assert "\n" not in str(caught.value)
    assert not {name for name in tables(odd) if name.startswith(("view_", "matched_"))}


def test_unknown_columns_rows_and_ids_are_bad_input(odd: Session) -> None:
    for call in (
        lambda: odd.page(job(), None, 0, 5, ["row", "nothing"]),
        lambda: odd.sample(job(), odd.samples),
        lambda: odd.sample(job(), -1),
        lambda: odd.row_of(job(), "nobody"),
    ):
        with pytest.raises(BadInput):
            call()


def test_a_cancelled_job_builds_nothing(odd: Session) -> None:
    asked = job()
    asked.cancel()
    with pytest.raises(Cancelled):
        odd.show_view(asked, Selection("tier = 1"))
    assert not {name for name in tables(odd) if name.startswith("view_")}


def test_a_view_cancelled_between_its_statements_is_dropped(odd: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    build = session_module.browse.build_view

    def build_and_die(*args: Any) -> int:
        build(*args)
        raise Cancelled

    monkeypatch.setattr(session_module.browse, "build_view", build_and_die)
    with pytest.raises(Cancelled):
        odd.show_view(job(), Selection("tier = 1"))
    assert not {name for name in tables(odd) if name.startswith("view_")}


def test_an_interrupt_ends_a_running_query(odd: Session) -> None:
    asked = job()
    timer = threading.Timer(0.2, lambda: (asked.cancel(), asked.interrupt()))
    endless = "select count(*) from range(1000000) a, range(1000000) b where a.range % 7 = b.range % 3"
    timer.start()
    with pytest.raises(Cancelled), odd.cursor(asked) as cursor:
        cursor.execute(endless)
    timer.join()


def test_too_much_memory_is_told_and_the_session_goes_on(
    odd_place: Place, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "MEMORY_LIMIT", "20MB")
    monkeypatch.setattr(session_module, "_spill", lambda root: tmp_path / "no" / "such" / "spill\0")
    session = Session(odd_place)
    with pytest.raises(ExplorerError, match=r"more memory than 20MB|did not answer"), session.cursor(job()) as cursor:
        cursor.execute("select list(range) from range(50000000)").fetchall()
    assert session.totals(job(), Selection()).samples == session.samples
    session.close()


def test_a_screen_is_answered_in_json(odd: Session) -> None:
    chosen = Selection("tier = 4", {"origin": ("human", None)}, (("tokens", True),))
    described = answered(odd, DescribeRequest())
    assert (described.totals.samples, described.columns) == (odd.samples, odd.columns)
    view = answered(odd, ViewRequest(chosen))
    page = answered(odd, PageRequest(view.view, 0, 3, ("id", "created", "sha256")))
    assert [row[0] for row in page.rows] == [0, 1, 2]
    assert answered(odd, FacetsRequest(chosen)).totals == answered(odd, TotalsRequest(chosen)).totals
    keys = answered(odd, KeysOfSelectionRequest(chosen)).keys
    assert len(keys) == view.rows == answered(odd, TotalsRequest(chosen)).totals.samples
    ids = [odd.sample(job(), row)["id"] for row in (2, 5)]
    assert [key.id for key in answered(odd, KeysRequest((5, 2, 2))).keys] == ids
    assert answered(odd, PositionRequest(None, id=ids[0])) == Position(2, 2)
    assert answered(odd, SampleRequest(3)).values["row"] == 3
    with pytest.raises(BadInput, match="Neither a row nor an id"):
        answered(odd, PositionRequest(None))


def test_every_request_has_one_handler_that_gives_its_answer() -> None:
    answers = {request_of(handler): get_type_hints(handler)["return"] for handler in all_handlers()}
    assert answers == {request: request.wire_answer for request in Request.by_name.values()}
    assert len(list(all_handlers())) == len(answers)


def test_a_request_of_another_form_is_refused_in_words(odd: Session) -> None:
    with pytest.raises(BadInput, match=r"'page' does not fit: .*first"):
        jobs_of(odd, all_handlers())["page"](job(view=None, first="x", count=1, columns=[]))
