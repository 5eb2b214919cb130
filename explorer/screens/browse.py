"""The browse screen: facets, the table of a view, the code of a sample and what is known of it."""

import asyncio
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from explorer.errors import ExplorerError
from explorer.labels.decisions import SampleRef, Value
from explorer.reader.client import ReaderGone, Superseded
from explorer.screens import about, browse_rows, copying, facet_rows
from explorer.screens.corpus_screen import CorpusScreen
from explorer.screens.finding import FindInCode
from explorer.screens.labelling import CLEAR, LABEL_BINDINGS, DecisionQueue, Wanted, describe, options, read_option
from explorer.screens.workbench import Workbench
from widgets import numbers, safe
from widgets.code_view import CodeView
from widgets.facets import FacetList
from widgets.filter_bar import FilterBar
from widgets.page_store import PAGE_SIZE
from widgets.paged_table import PagedTable
from widgets.prompts import Ask, Confirm, Pick

FIRST_LINES = 2_000
MOST_MARKED = 10_000
"""Rows a range may mark at once."""


class About(VerticalScroll, can_focus=True):
    """What is known of a sample; scrolls when it is long."""


class BrowseScreen(CorpusScreen):
    """Walks through a corpus by keyboard."""

    TAB = "browse"
    HELP = """
# Browse

The table lists the samples of a view; the code of the one under the cursor stands beside it. `tab` goes from pane to
pane, `z` lets one fill the screen, `esc` takes the latest step back.

`1`–`4` set the tier, `0` takes your label back, `u` undoes. A label is on disk before it is shown.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="view.filter", key_display="/"),
        *LABEL_BINDINGS,
        Binding("o", "sort_column", "Sort by this column", show=False, id="view.sort"),
        Binding("O", "sort_pick", "Sort by any column", show=False, id="view.sort_pick"),
        Binding("ctrl+g", "go_to", "Go to a row or id", show=False, id="view.go_to"),
        Binding("f", "find", "Find in the code", id="code.find"),
        Binding("n", "next_match(1)", "Next match", show=False, id="code.next"),
        Binding("N", "next_match(-1)", "Match before", show=False, id="code.before"),
        Binding("i", "next_hidden", "Next hidden character", show=False, id="code.hidden"),
        Binding("y", "copy", "Copy", show=False, id="view.copy"),
        Binding("z", "zoom", "Zoom the pane", show=False, id="view.zoom"),
        Binding("p", "toggle_facets", "Facets on or off", show=False, id="view.facets"),
        Binding("f5", "rebuild", "Build the view again", show=False, id="view.rebuild"),
        Binding("escape", "back", "Back", show=False, id="view.back"),
    ]

    filter_bar = query_one("#filter", FilterBar)
    table = query_one("#table", PagedTable)
    code = query_one("#code", CodeView)

    def __init__(self, workbench: Workbench, filter_text: str | None = None) -> None:
        super().__init__(workbench)
        state = workbench.state
        if filter_text is not None:
            state.filter, state.facets = filter_text, {}
        self._wish = facet_rows.wish_of(state)
        self._view: int | None = None
        self._is_shown = False
        self._lines: dict[int, browse_rows.Line] = {}
        self._sample: dict[str, Any] = {}
        self._decisions = DecisionQueue(workbench)
        self._find = FindInCode(self)
        self._about = Static(markup=False, id="about")

    def body(self) -> ComposeResult:
        """Lays the panes out; the stylesheet moves them with the width."""
        yield FilterBar(placeholder="a condition, as: tier = 4 and tokens > 1000", id="filter")
        with Horizontal(id="panes"):
            with VerticalScroll(id="facets", can_focus=False):
                for name in facet_rows.FACETS:
                    yield FacetList(facet_rows.TITLES[name], id=f"facet-{name}")
            with Vertical(id="main"):
                yield PagedTable(empty="opening …", id="table")
                with Vertical(id="reading"):
                    yield CodeView(id="code")
                    with About(id="about-pane"):
                        yield self._about

    def on_mount(self) -> None:
        """Shows the frame at once; everything else follows when the reader answers."""
        self.show_top_bar()
        state = self.workbench.state
        self.filter_bar.set_history(state.history)
        self.filter_bar.set_text(str(self._wish["filter"]))
        if state.shows_facets is not None:
            self.query_one("#facets").display = state.shows_facets
        (self.code if state.pane == "code" else self.table).focus()
        self.run_worker(self._decisions.work(self.post_message), group="decisions", exit_on_error=False)
        if self.workbench.described:
            self.corpus_opened()

    def corpus_opened(self) -> None:
        """Restores the last view."""
        super().corpus_opened()
        if not self._is_shown:
            self.show_view(self._wish, self.workbench.state.row)

    def reader_restarted(self) -> None:
        """Builds the view anew: the restarted reader knows none."""
        self.notify("The reader was restarted; labels are safe.", severity="warning")
        self.action_rebuild()

    # ---- views

    @work(group="view", exclusive=True, exit_on_error=False)
    async def show_view(self, wish: dict[str, Any], row: int | None = None, goes_back: bool = True) -> None:
        """Shows the samples of a wish, with the cursor on a row of the index where it is among them."""

        def progress(news: dict[str, Any]) -> None:
            if "rows" in news:
                share = 100 * news["rows_done"] / max(news["rows"], 1)
                matches = f"reading {numbers.count(news['rows'])} samples, {numbers.count(news['matches'])} match"
                self.filter_bar.busy(matches, share)

        try:
            found = await self.workbench.reader.ask("view", lane="view", deadline=None, on_progress=progress, wish=wish)
        except Superseded:
            return
        except ReaderGone as gone:
            self.tell(gone)
            return
        except ExplorerError as error:
            self._refuse_wish(wish, error, goes_back)
            return
        await self._take_view(wish, found, row)

    def _refuse_wish(self, wish: dict[str, Any], error: ExplorerError, goes_back: bool) -> None:
        """Says what is wrong with a filter; at the start, falls back to the whole corpus."""
        self.filter_bar.error(str(error))
        if not self._is_shown and goes_back:
            self.show_view({"filter": "", "facets": {}, "sort": []}, goes_back=False)

    async def _take_view(self, wish: dict[str, Any], found: dict[str, Any], row: int | None) -> None:
        self._wish, self._view, self._is_shown = wish, found["view"], True
        self._lines.clear()
        self.filter_bar.clear_note()
        self.filter_bar.set_text(wish["filter"])
        self._remember()
        table = self.table
        table.sort = (wish["sort"][0][0], wish["sort"][0][1]) if wish["sort"] else None
        table.set_empty(self._empty_words())
        table.show(self._columns(), found["rows"])
        if row is not None:
            place = await self.asked("position", lane="position", view=self._view, row=row)
            if place is not None and place["position"] is not None:
                table.go_to(place["position"])
        if not found["rows"]:
            self._show_nothing()
        self.refresh_facets()
        self._show_place()

    def _columns(self) -> tuple[Any, ...]:
        return browse_rows.columns_for(self.table.size.width)

    def _empty_words(self) -> str:
        if self._wish["filter"] or self._wish["facets"]:
            return "No sample passes the filter.\n\nesc clears it · / changes it"
        return "The corpus holds no samples."

    def _remember(self) -> None:
        state = self.workbench.state
        state.filter, state.sort = self._wish["filter"], list(self._wish["sort"][0]) if self._wish["sort"] else []
        state.facets = facet_rows.keys_of(self._wish)
        state.history = list(self.filter_bar.history)
        self.run_worker(
            asyncio.to_thread(state.save, self.workbench.workspace.state), group="state", exit_on_error=False
        )

    def action_rebuild(self) -> None:
        """Builds the view again, so that labels given meanwhile move samples to where they belong."""
        self.show_view(self._wish, self._row_under_cursor())

    def _row_under_cursor(self) -> int | None:
        row = self.table.highlighted
        return int(row.key) if row is not None else self.workbench.state.row

    # ---- facets

    @work(group="facets", exclusive=True, exit_on_error=False)
    async def refresh_facets(self) -> None:
        """Counts again what stands beside the table."""
        found = await self.asked("facets", lane="count", deadline=None, wish=self._wish)
        if found is None:
            return
        exact = bool(self.workbench.described.get("tokens_exact"))
        for name in facet_rows.FACETS:
            facets, selected = facet_rows.rows_of(name, found["facets"][name], self._wish, exact)
            self.query_one(f"#facet-{name}", FacetList).show(facets, selected)

    @on(FacetList.FacetToggled)
    def _toggle_facet(self, event: FacetList.FacetToggled) -> None:
        name = event.facet_list_id.removeprefix("facet-")
        self.show_view(facet_rows.toggled(self._wish, name, event.key))

    def action_toggle_facets(self) -> None:
        """Shows the facets or gives their place to the table."""
        pane = self.query_one("#facets")
        pane.display = not pane.display
        self.workbench.state.shows_facets = pane.display

    # ---- pages and the sample under the cursor

    @on(PagedTable.PageWanted)
    def _want_page(self, event: PagedTable.PageWanted) -> None:
        self._load_page(event.generation, event.page)

    @work(group="page", exclusive=True, exit_on_error=False)
    async def _load_page(self, generation: int, page: int) -> None:
        lines = await self._ask_lines(page * PAGE_SIZE, PAGE_SIZE)
        if lines is None:
            self.table.drop_page(generation, page)
            return
        self.table.set_page(generation, page, [browse_rows.table_row(line, self.table.columns) for line in lines])

    async def _ask_lines(self, first: int, count: int) -> tuple[browse_rows.Line, ...] | None:
        found = await self.asked(
            "page", lane="page", view=self._view, first=first, count=count, columns=browse_rows.ASKED
        )
        if found is None:
            return None
        lines = browse_rows.read_lines(found["rows"])
        if len(self._lines) > 40 * PAGE_SIZE:
            self._lines.clear()
        self._lines.update((line.row, line) for line in lines)
        return lines

    @on(PagedTable.RowHighlighted)
    def _highlight(self, event: PagedTable.RowHighlighted) -> None:
        self._show_place()
        if event.row is not None:
            self.workbench.state.row = int(event.row.key)
            if self._sample.get("row") != event.row.key:
                self._load_sample(int(event.row.key))

    @work(group="sample", exclusive=True, exit_on_error=False)
    async def _load_sample(self, row: int) -> None:
        known, content = await asyncio.gather(
            self.asked("sample", lane="sample", row=row),
            self.asked("content", lane="content", row=row, first=1, count=FIRST_LINES),
        )
        if known is None:
            return
        self._sample = {**known["sample"], "source": known["source"]}
        self._show_about()
        if content is not None:
            self._find.forget()
            self.code.show(
                content["lines"],
                self._sample["language"],
                total_lines=content["total_lines"],
                notice=copying.notice_of(content),
            )
        self._show_place()

    def _show_about(self) -> None:
        label = self.workbench.book.label_of(self._sample["id"])
        known = {name: value for name, value in self._sample.items() if name != "source"}
        self._about.update(about.about(known, self._sample["source"], label))

    def _show_nothing(self) -> None:
        self._sample = {}
        self.code.show("", None)
        self._about.update("")

    @on(CodeView.LinesWanted)
    @work(group="lines", exit_on_error=False)
    async def _load_lines(self, event: CodeView.LinesWanted) -> None:
        row = self._sample.get("row")
        found = await self.asked("content", lane="lines", row=row, first=event.first, count=event.count)
        if found is not None and self._sample.get("row") == row:
            self.code.add_lines(found["first"], found["lines"])

    @on(PagedTable.RowSelected)
    def _open(self) -> None:
        self.code.focus()

    @on(PagedTable.RangeWanted)
    @work(group="range", exit_on_error=False)
    async def _mark_range(self, event: PagedTable.RangeWanted) -> None:
        count = min(event.last - event.first + 1, MOST_MARKED)
        found = await self.asked("page", lane="range", view=self._view, first=event.first, count=count, columns=["row"])
        if found is not None and event.generation == self.table.generation:
            self.table.mark_keys([row[1] for row in found["rows"]])
            if count == MOST_MARKED:
                self.notify(f"The first {MOST_MARKED:,} rows of the range were marked.", severity="warning")

    @on(PagedTable.MarksChanged)
    @on(CodeView.MatchesFound)
    @on(CodeView.HiddenCounted)
    def _show_place(self) -> None:
        table, whole = self.table, self.workbench.described.get("samples", 0)
        place = (
            f"row {numbers.count(table.cursor + 1)} of {numbers.count(table.row_count)}"
            if table.row_count
            else "no rows"
        )
        parts = [place if table.row_count == whole else f"{place} (of {numbers.count(whole)})"]
        if table.sort:
            parts.append(f"by {table.sort[0]} {'▼' if table.sort[1] else '▲'}")
        if table.marked:
            parts.append(f"{numbers.count(len(table.marked))} marked")
        labels = self.workbench.counts.samples
        right = [*self._find.words(), f"{numbers.count(labels)} labelled · all saved"]
        self.show_status(safe.line(" · ".join(parts)), safe.line(" · ".join(right)))

    # ---- filter, sort, go to

    def action_filter(self) -> None:
        """Goes to the filter bar."""
        self.filter_bar.edit()

    @on(FilterBar.FilterSubmitted)
    @on(FilterBar.FilterCleared)
    def _apply_filter(self, event: FilterBar.FilterSubmitted | FilterBar.FilterCleared) -> None:
        text = event.text if isinstance(event, FilterBar.FilterSubmitted) else ""
        self.show_view({**self._wish, "filter": text}, self._row_under_cursor())
        self.table.focus()

    @on(FilterBar.Left)
    def _leave_filter(self) -> None:
        self.table.focus()

    @on(FilterBar.CancelWanted)
    def _stop_filter(self) -> None:
        self.workbench.reader.cancel("view")
        self.filter_bar.clear_note()
        self.table.focus()

    def action_sort_column(self) -> None:
        """Sorts by the column under the cursor: ascending, descending, the corpus's own order."""
        columns = self.table.columns
        if columns:
            self._sort_by(columns[self.table.column].key)

    @on(PagedTable.HeaderClicked)
    def _click_header(self, event: PagedTable.HeaderClicked) -> None:
        self._sort_by(event.key)

    def _sort_by(self, key: str) -> None:
        now = self._wish["sort"][0] if self._wish["sort"] else None
        if now is None or now[0] != key:
            wanted = [[key, key in ("tokens", "lines", "bytes")]]
        elif now[1] == (key in ("tokens", "lines", "bytes")):
            wanted = [[key, not now[1]]]
        else:
            wanted = []
        self.show_view({**self._wish, "sort": wanted}, self._row_under_cursor())

    @work(exit_on_error=False)
    async def action_sort_pick(self) -> None:
        """Chooses any column of the corpus to sort by."""
        columns = self.workbench.described.get("columns", {})
        key = await self.app.push_screen_wait(
            Pick("Sort by", [(name, name, kind.lower()) for name, kind in columns.items()])
        )
        if key is not None:
            self._sort_by(key)

    @work(exit_on_error=False)
    async def action_go_to(self) -> None:
        """Asks for a row of the view or the id of a sample and goes there."""
        text = await self.app.push_screen_wait(Ask("Go to", "row number in this view, or a sample's id"))
        wanted = (text or "").strip().replace(",", "")
        if wanted.isdecimal() and 1 <= int(wanted) <= self.table.row_count:
            self.table.go_to(int(wanted) - 1)
        elif wanted:
            await self._go_to_id(wanted)

    async def _go_to_id(self, sample: str) -> None:
        place = await self.asked("position", lane="position", view=self._view, id=sample)
        if place is None:
            return
        if place["position"] is None:
            self.notify("The sample is not in this view; esc shows every sample.", severity="warning")
        else:
            self.table.go_to(place["position"])

    # ---- code

    def action_find(self) -> None:
        """Asks what to find in the code."""
        self._find.ask()

    def action_next_match(self, step: int) -> None:
        """Goes to another match, from whichever pane."""
        self.code.action_match(step)

    def action_next_hidden(self) -> None:
        """Goes to the next hidden character."""
        self.code.action_next_hidden()

    @work(exit_on_error=False)
    async def action_copy(self) -> None:
        """Copies something of the sample."""
        if self._sample:
            await copying.copy(self, self._sample)

    # ---- labels

    def action_label(self, field: str, value: Value) -> None:
        """Decides a field of the marked samples, or of the one under the cursor and moves on."""
        if self.workbench.book.read_only:
            self.notify(self.workbench.book.read_only, severity="error")
        elif self.table.marked:
            self._label_marked(field, value)
        else:
            self._label_one(field, value)

    def action_take_back(self) -> None:
        """Takes the label back."""
        self.action_label(CLEAR, None)

    def _label_one(self, field: str, value: Value) -> None:
        row = self.table.highlighted
        line = self._lines.get(int(row.key)) if row is not None else None
        if line is not None:
            self._decisions.put(Wanted((line.ref,), field, value, (self.table.cursor,)))
            self.table.go_to(self.table.cursor + 1)

    @work(exit_on_error=False)
    async def _label_marked(self, field: str, value: Value) -> None:
        found = await self.asked("keys", lane="keys", rows=[int(key) for key in self.table.marked])
        if found is not None and await self._label_many([SampleRef(*key) for key in found["keys"]], field, value):
            self.table.marked = frozenset()

    @work(exit_on_error=False)
    async def action_label_view(self) -> None:
        """Decides something for every sample of the view, once its count is confirmed."""
        key = await self.app.push_screen_wait(
            Pick(f"Label all {numbers.count(self.table.row_count)} samples", options())
        )
        if key is None:
            return
        found = await self.asked("keys", lane="keys", deadline=None, wish=self._wish)
        if found is not None:
            await self._label_many([SampleRef(*key) for key in found["keys"]], *read_option(key))

    async def _label_many(self, samples: Sequence[SampleRef], field: str, value: Value) -> bool:
        words = describe(field, value, len(samples))
        body = "One undo (u) takes all of it back."
        if not samples or not await self.app.push_screen_wait(Confirm(f"{words[0].upper()}{words[1:]}?", body)):
            return False
        self._decisions.put(Wanted(tuple(samples), field, value))
        return True

    @work(exit_on_error=False)
    async def action_note(self) -> None:
        """Writes a note on the sample, or on the marked ones."""
        label = self.workbench.book.label_of(self._sample["id"]) if self._sample else None
        text = await self.app.push_screen_wait(Ask("Note", "empty takes it back", (label.note if label else "") or ""))
        if text is not None:
            self.action_label("note", text.strip() or None)

    @on(DecisionQueue.Landed)
    async def _show_saved(self, event: DecisionQueue.Landed) -> None:
        if event.wanted.positions:
            await self._refresh_positions(event.wanted.positions)
        else:
            self.table.invalidate()
            self.notify(f"Saved: {describe(event.wanted.field, event.wanted.value, len(event.wanted.samples))}.")
        self._after_labels([label.id for label in event.changed])

    @on(DecisionQueue.Lost)
    def _show_lost(self, event: DecisionQueue.Lost) -> None:
        self.tell(event.error)

    @on(DecisionQueue.Waiting)
    def _show_waiting(self, event: DecisionQueue.Waiting) -> None:
        self.notify("saving …", timeout=1)

    def _after_labels(self, ids: Sequence[str]) -> None:
        if self._sample.get("id") in ids:
            self._load_sample(int(self._sample["row"]))
        self.refresh_facets()
        self._show_place()

    async def _refresh_positions(self, positions: Sequence[int]) -> None:
        for position in positions:
            found = await self.asked(
                "page", lane="row", view=self._view, first=position, count=1, columns=browse_rows.ASKED
            )
            for line in browse_rows.read_lines(found["rows"]) if found else ():
                self._lines[line.row] = line
                self.table.update_row(position, browse_rows.table_row(line, self.table.columns))

    @work(group="undo", exit_on_error=False)
    async def action_undo(self) -> None:
        """Takes the latest decision back, of this run or an earlier one."""
        await self._turn("Undone", "Nothing to undo.")

    @work(group="undo", exit_on_error=False)
    async def action_redo(self) -> None:
        """Does again what was undone last."""
        await self._turn("Done again", "Nothing to redo.")

    async def _turn(self, word: str, nothing: str) -> None:
        try:
            turned = await (self.workbench.undo() if word == "Undone" else self.workbench.redo())
        except ExplorerError as error:
            self.tell(error)
            return
        if turned is None:
            self.notify(nothing)
            return
        samples = "1 sample" if turned.samples == 1 else f"{turned.samples:,} samples"
        self.notify(f"{word}: {turned.field or 'label'} of {samples}.")
        self.table.invalidate()
        self._after_labels([label.id for label in turned.changed])
        if turned.changed:
            place = await self.asked("position", lane="position", view=self._view, id=turned.changed[0].id)
            if place is not None and place["position"] is not None:
                self.table.go_to(place["position"])

    def action_zoom(self) -> None:
        """Lets the focused pane fill the screen, or gives it back its place."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused, container=False)

    # ---- esc

    def action_back(self) -> None:
        """Takes the latest step back: the zoom, the pane, the marks, the filter."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not self.table:
            self.table.focus()
        elif self.table.marked:
            self.table.action_clear_marks()
        elif self._wish["filter"] or self._wish["facets"]:
            self.show_view({**self._wish, "filter": "", "facets": {}}, self._row_under_cursor())
            self.notify("Filter cleared; / and ↑ bring it back.")

    def on_descendant_focus(self, event: Message) -> None:
        """Remembers the pane."""
        if self.focused in (self.table, self.code):
            self.workbench.state.pane = "code" if self.focused is self.code else "table"

    def on_resize(self) -> None:
        """Chooses the columns that fit."""
        self.call_after_refresh(self._fit_columns)

    def _fit_columns(self) -> None:
        columns = self._columns()
        if self._is_shown and columns != self.table.columns:
            self._lines.clear()
            self.table.show(columns, self.table.row_count, keep_cursor=True)
