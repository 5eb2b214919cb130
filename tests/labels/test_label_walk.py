"""A random walk of decisions against a plain dictionary."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_model import PlainLabels, read_state, ref, run

from explorer.labels import LabelBook, writer

SAMPLES = st.lists(st.integers(0, 5).map(ref), min_size=1, max_size=5, unique=True).map(tuple)
SET = st.one_of(
    st.tuples(st.just("set"), SAMPLES, st.just("tier"), st.sampled_from((1, 2, 4, None))),
    st.tuples(st.just("set"), SAMPLES, st.just("verdict"), st.sampled_from(("keep", "drop", None))),
    st.tuples(st.just("set"), SAMPLES, st.just("note"), st.text(st.characters(), min_size=1, max_size=5)),
)
OTHER = st.tuples(
    st.sampled_from(("clear", "undo", "undo", "undo", "redo", "redo", "reopen")), SAMPLES, st.just(""), st.none()
)


@pytest.fixture(autouse=True)
def small_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two changes go out as a bulk."""
    monkeypatch.setattr(writer, "LARGEST_RECORD", 2)


@settings(max_examples=120, deadline=None)
@given(operations=st.lists(st.one_of(SET, OTHER), min_size=6, max_size=30))
def test_labels_are_what_a_dictionary_says(operations) -> None:
    model = PlainLabels()
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place) / "labels"
        book = LabelBook.open(directory, "anna")
        for operation in operations:
            if operation[0] == "reopen":
                before = book.position()
                book.close()
                book = LabelBook.open(directory, "anna")
                assert book.position() == before
            else:
                run(book, operation)
                model.run(operation)
            assert read_state(book) == model.state
        counts = book.counts()
        assert counts.samples == len({sample for sample, _ in model.state})
        assert (counts.conflicts, counts.unreadable) == (0, 0)
        standing = [event for event in book.history(1000) if event.op in ("set", "clear") and not event.undone]
        assert len(standing) == len(model.done)
        book.close()
