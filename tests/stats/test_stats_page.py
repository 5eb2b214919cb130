"""A page goes through a pipe and comes back as it was."""

import json

from hypothesis import given
from hypothesis import strategies as st

from explorer.api.requests import from_json
from explorer.stats.page import Chart, Curve, GroupFigures, Metric, Page, Row, Section

texts = st.text(max_size=12)
figures = st.none() | st.floats(allow_nan=False, allow_infinity=False)
floats = st.floats(allow_nan=False, allow_infinity=False)
levels = st.sampled_from(("", "green", "amber", "red", "quiet"))


def tuples(each: st.SearchStrategy, most: int = 3) -> st.SearchStrategy:
    return st.lists(each, max_size=most).map(tuple)


curves = st.builds(Curve, texts, tuples(st.tuples(floats, floats)), tuples(floats), tuples(floats))
charts = st.builds(
    Chart,
    st.sampled_from(("bars", "curves", "heat")),
    texts,
    tuples(texts),
    tuples(texts),
    tuples(tuples(figures)),
    tuples(texts),
    tuples(tuples(st.none() | texts)),
    tuples(curves),
    st.tuples(floats, floats),
)
rows = st.builds(Row, tuples(texts), st.none() | texts, levels, tuples(st.integers(0, 10**9)))
sections = st.builds(Section, texts, tuples(texts), tuples(rows), st.none() | charts, tuples(texts))
metrics = st.builds(Metric, figures, figures, figures, figures, figures, levels, texts)
groups = st.builds(
    GroupFigures, texts, texts, st.integers(0), st.integers(0), st.dictionaries(texts, metrics, max_size=3)
)


@given(st.builds(Page, texts, texts, tuples(groups), tuples(sections)))
def test_a_page_survives_the_pipe(page: Page) -> None:
    told = json.dumps(page.as_json())
    assert from_json(json.loads(told), Page) == page
