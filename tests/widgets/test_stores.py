from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from widgets.columns import GUTTER, Column, lay, lay_title, place_columns
from widgets.line_store import LineStore
from widgets.page_store import PAGE_SIZE, PAGES_KEPT, PageStore, Row

WINDOWS = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 12)), max_size=8)


@given(WINDOWS, st.integers(0, 60), st.integers(-5, 60), st.integers(0, 30))
def test_windows_of_lines_act_like_one_dictionary(
    windows: list[tuple[int, int]], total: int, first: int, span: int
) -> None:
    store = LineStore((), 1, total)
    known: dict[int, str] = {}
    for turn, (start, count) in enumerate(windows):
        lines = [f"{turn}:{number}" for number in range(start, start + count)]
        store.add(start, lines)
        known.update(enumerate(lines, start))
    count = max([total, *known])
    assert store.count == count
    assert {number: store.get(number) for number in range(-2, count + 3) if store.get(number) is not None} == known
    assert store.is_whole == (len(known) == count)
    lacking = [number for number in range(first, first + span + 1) if 1 <= number <= count and number not in known]
    gap = store.missing(first, first + span)
    if not lacking:
        assert gap is None
    else:
        assert gap is not None
        assert gap[0] == lacking[0]
        assert list(range(gap[0], gap[0] + gap[1])) == lacking[: gap[1]]
        assert gap[0] + gap[1] not in lacking


def test_the_pages_used_last_stay() -> None:
    store = PageStore()
    for page in range(PAGES_KEPT):
        store.put(page, [Row(page, ())])
    store.touch([0])
    store.put(99, [Row(99, ())])
    assert store.row(0) == Row(0, ())
    assert store.row(PAGE_SIZE) is None


def test_one_page_is_asked_for_at_a_time() -> None:
    store = PageStore()
    assert store.next_wanted([3, 4], [5]) == 3
    assert store.next_wanted([3, 4], [5]) is None
    store.put(3, [])
    assert store.next_wanted([3, 4], [5]) == 4
    assert store.next_wanted([70], [71]) == 70
    store.put(4, [])
    store.put(70, [])
    assert store.next_wanted([70], [71]) == 71
    store.age()
    assert store.next_wanted([70], [71]) == 70


@given(st.lists(st.tuples(st.integers(1, 20), st.booleans()), min_size=1, max_size=6), st.integers(1, 200))
def test_columns_fill_the_width_where_one_is_flexible(shapes: list[tuple[int, bool]], width: int) -> None:
    columns = tuple(Column(str(place), "t", each, flexible=flexible) for place, (each, flexible) in enumerate(shapes))
    placed = place_columns(columns, width)
    assert placed[0].left == GUTTER
    assert all(a.left + a.width + 1 == b.left for a, b in pairwise(placed))
    assert all(each.width >= each.column.width for each in placed)
    end = placed[-1].left + placed[-1].width
    least = GUTTER + sum(each + 1 for each, _ in shapes) - 1
    assert end == (max(least, width) if any(flexible for _, flexible in shapes) else least)


@given(st.text(max_size=30), st.integers(1, 30), st.sampled_from(("left", "right", "tail")))
def test_a_cell_takes_exactly_its_width(text: str, width: int, align: str) -> None:
    from rich.cells import cell_len

    assert cell_len(lay(text, width, align)) == width
    column = Column("k", text, width, align)
    title = lay_title(column, width, ("k", True))
    assert cell_len(title) == width
    assert "▼" in title


@given(text=st.text(st.characters(codec="ascii", categories=("L", "N", "P")), max_size=60), width=st.integers(2, 40))
def test_a_path_that_is_cut_keeps_its_end(text: str, width: int) -> None:
    laid = lay(text, width, "tail")
    whole = text if len(text) <= width else "…" + text[len(text) - width + 1 :]
    assert laid == whole.ljust(width)
