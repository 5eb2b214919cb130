"""The browse screen: facets, the table of a view, the code of a sample and what is known of it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.getters import query_one
from textual.message import Message

from explorer.api.calls import call
from explorer.api.messages.browse import FacetsRequest, PageRequest, PositionRequest, ViewRequest, ViewShown
from explorer.api.messages.reasons import ExplainRequest
from explorer.api.requests import ProgressReport
from explorer.columns import meaning_of
from explorer.errors import ExplorerError
from explorer.reader.client import ReaderGone, Superseded
from explorer.screens.browse import about
from explorer.screens.browse import facets as facet_rows
from explorer.screens.browse import rows as browse_rows
from explorer.screens.browse import suggestions as suggesting
from explorer.screens.browse.reading import Reading
from explorer.screens.browse.reasons import reason_lines
from explorer.screens.shared import copying
from explorer.screens.shared import similar as similar_flow
from explorer.screens.shared.corpus_screen import ACTS, ASKS
from explorer.screens.shared.kept_place import KeptPlace
from explorer.screens.shared.labelling import LABEL_BINDINGS
from explorer.screens.shared.labelling_screen import LabellingScreen
from explorer.screens.shared.workbench import Workbench
from explorer.selection import Selection
from widgets import numbers, safe
from widgets.code_view import CodeView
from widgets.facets import FacetList
from widgets.filter_bar import FilterBar
from widgets.page_store import PAGE_SIZE
from widgets.paged_table import PagedTable
from widgets.prompts import Ask, Pick
from widgets.safe import SafeInput
from widgets.sheet import Sheet

WHOLE = Selection()
"""The whole corpus in its own order."""

HIGHEST_FIRST = ("tokens", "lines", "bytes", "quality", "quality_pct")
"""Columns that are sorted from the highest value at first."""
READING_ACTIONS = frozenset(("cluster", "similar", "explain", "find", "next_match", "next_hidden", "copy"))
"""What acts on the sample that is read, and so waits until that is the one under the cursor."""
MOST_MARKED = 10_000
"""Rows a range may mark at once."""
PLACE_PAUSE = 0.08
"""Seconds after which the bottom line follows a moving cursor."""


class ClusterWanted(Message):
    """The clusters are to be shown, that of a sample first where it has one."""

    def __init__(self, cluster: int | None, row: int | None) -> None:
        super().__init__()
        self.cluster = cluster
        self.row = row


class VisitEnded(Message):
    """The samples that another screen wanted shown have been left."""


class BrowseScreen(LabellingScreen):
    """Walks through a corpus by keyboard."""

    TAB = "browse"
    LOADING = frozenset(("view", "show", "reload"))
    HELP = """
# Browse

The table lists the samples of a view; the code of the one under the cursor stands beside it. `tab` goes from pane to
pane, `z` lets one fill the screen, `esc` takes the latest step back.

`1`–`4` set the tier, `0` takes your label back, `u` undoes. A label is on disk before it is shown.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        # Keys that open something to type into come first, so that what is typed right after them goes there.
        Binding("slash", "filter", "Filter", id="view.filter", key_display="/", priority=True),
        *LABEL_BINDINGS,
        Binding("o", "sort_column", "Sort by this column", show=False, id="view.sort"),
        Binding("O", "sort_pick", "Sort by any column", show=False, id="view.sort_pick"),
        Binding("ctrl+g", "go_to", "Go to a row or id", show=False, id="view.go_to", priority=True),
        Binding("c", "cluster", "Clusters", id="view.cluster"),
        Binding("m", "similar", "More like this", show=False, id="view.similar"),
        Binding("e", "explain", "Explain", id="view.explain"),
        Binding("a", "accept", "Accept the suggested tier", show=False, id="label.accept"),
        Binding("A", "accept_view", "Accept the view's suggestions", show=False, id="label.accept_view"),
        Binding("f", "find", "Find in the code", id="code.find", priority=True),
        Binding("n", "next_match(1)", "Next match", show=False, id="code.next"),
        Binding("N", "next_match(-1)", "Match before", show=False, id="code.before"),
        Binding("i", "next_hidden", "Next hidden character", show=False, id="code.hidden"),
        Binding("y", "copy", "Copy", show=False, id="view.copy"),
        Binding("z", "zoom", "Zoom the pane", show=False, id="view.zoom"),
        Binding("p", "toggle_facets", "Facets on or off", show=False, id="view.facets"),
        Binding("escape", "back", "Back", show=False, id="view.back"),
    ]

    filter_bar = query_one("#filter", FilterBar)
    code = query_one("#code", CodeView)

    def __init__(self, workbench: Workbench, filter_text: str | None = None) -> None:
        super().__init__(workbench)
        state = workbench.state
        if filter_text is not None:
            state.filter, state.facets = filter_text, {}
        self._wish = facet_rows.selection_of(state)
        self._wanted = self._wish
        self._typed: Selection | None = None
        self._visit: tuple[Selection, Selection] | None = None
        """The view of a visit, and the one before it."""
        self._is_shown = False
        self._matching: int | None = None
        self._place_is_due = False
        self._seen = 0
        """How many decisions there were when the rows on show were asked for."""
        self._reading = Reading(self)
        self._kept_place = KeptPlace()
        workbench.before_reload = self._remember_marks

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
                    yield self._reading.about

    def on_mount(self) -> None:
        """Shows the frame at once; everything else follows when the reader answers."""
        self.show_top_bar()
        state = self.workbench.state
        self.filter_bar.set_history(state.history)
        self.filter_bar.set_text(self._wish.filter)
        if state.shows_facets is not None:
            self.query_one("#facets").display = state.shows_facets
        (self.code if state.pane == "code" else self.table).focus()
        self.start_deciding()
        if self.workbench.described:
            self.corpus_opened()

    def corpus_opened(self) -> None:
        """Restores the last view."""
        super().corpus_opened()
        self.refresh_bindings()
        if not self._is_shown:
            self.show_view(self._wish, self.workbench.state.row)

    def reader_restarted(self) -> None:
        """Builds the view anew: the restarted reader knows none."""
        self._reading.sample = {}
        self.show_view(self._wish, self._row_under_cursor())

    def holds(self, key: str, running: frozenset[str], begun: frozenset[str]) -> bool:
        """Tells whether a key must wait for the view, for its row or for the sample that it acts on."""
        if super().holds(key, running, begun):
            return True
        is_in_code = "sample" in begun and self.focused is self.code
        return is_in_code or ("sample" in running and self.action_of(key) in READING_ACTIONS)

    # ---- views

    def show_view(self, wish: Selection, row: int | None = None) -> None:
        """Shows the samples of a wish, with the cursor on a row of the index where it is among them."""
        self._wanted = wish
        self._build_view(wish, row)

    @work(group="view", exclusive=True, exit_on_error=False)
    async def _build_view(self, wish: Selection, row: int | None) -> None:
        def progress(news: ProgressReport) -> None:
            if news.rows is not None:
                share = 100 * news.rows_done / max(news.rows, 1)
                matches = f"reading {numbers.count(news.rows)} samples, {numbers.count(news.matches)} match"
                self.filter_bar.busy(matches, share)

        try:
            found = await call(self.workbench.reader, ViewRequest(wish), on_progress=progress)
        except Superseded:
            return
        except ExplorerError as error:
            self._refuse_wish(wish, error)
            return
        await self._take_view(wish, found, row)

    def _refuse_wish(self, wish: Selection, error: ExplorerError) -> None:
        """Says why a wish cannot be shown and keeps the view before it; at the start, that is the whole corpus."""
        self._wanted = self._wish
        if self._is_shown and not isinstance(error, ReaderGone):
            self.filter_bar.error(str(error))
            return
        self.filter_bar.clear_note()
        if not (isinstance(error, ReaderGone) and self.workbench.is_reloading):
            self.tell(error)
        if not self._is_shown and wish != WHOLE:
            self.notify("The last filter was not used; every sample is shown.", severity="warning")
            self._wish = WHOLE
            if not isinstance(error, ReaderGone):
                self.show_view(WHOLE)

    async def _take_view(self, wish: Selection, found: ViewShown, row: int | None) -> None:
        self._wish, self._view, self._is_shown = wish, found.view, True
        self._matching = found.rows
        self._lines.clear()
        self._take_filter(wish)
        self._remember()
        table = self.table
        table.sort = wish.sort[0] if wish.sort else None
        table.set_empty(self._empty_words())
        table.show(self._columns(), found.rows)
        if row is None:
            row = await self._kept_place.find(self)
        if row is not None:
            place = await self.asked(PositionRequest(self._view, row))
            if place is not None and place.position is not None:
                table.go_to(place.position)
        if not found.rows:
            self._reading.forget()
        self.refresh_facets()
        self.show_place()

    def _take_filter(self, wish: Selection) -> None:
        """Shows the filter in force; one that is being typed meanwhile is left alone."""
        is_submitted = wish is self._typed
        if is_submitted or not self.filter_bar.has_focus_within:
            self.filter_bar.clear_note()
            self.filter_bar.set_text(wish.filter)
        if is_submitted and self.filter_bar.has_focus_within:
            self.table.focus()

    def _columns(self) -> tuple[Any, ...]:
        return browse_rows.columns_for(self.table.size.width)

    def _empty_words(self) -> str:
        if self._wish.filter or self._wish.facets:
            return "No sample passes the filter.\n\nesc clears it · / changes it"
        return "The corpus holds no samples."

    def _remember(self) -> None:
        state = self.workbench.state
        state.filter, state.sort = self._wish.filter, list(self._wish.sort[0]) if self._wish.sort else []
        state.facets = facet_rows.keys_of(self._wish)
        state.history = list(self.filter_bar.history)
        self.run_worker(self._save_state, group="state", exit_on_error=False)

    async def _save_state(self) -> None:
        await self.workbench.save_state()

    def show_again(self) -> None:
        """Builds the view again, so that labels given meanwhile move samples to where they belong."""
        self._reading.sample = {}
        self.show_view(self._wish, self._row_under_cursor())

    async def _remember_marks(self) -> None:
        if self.is_attached:
            await self._kept_place.ask_marks(self, self.table)

    def index_replaced(self) -> None:
        """Forgets the rows of the index before, so that no key acts on one; ids lead back to where the cursor was."""
        row = self.table.highlighted
        line = self._lines.get(int(row.key)) if row is not None else None
        self._kept_place.take(line.id if line is not None else self._reading.sample.get("id"), self.table)
        self.workbench.state.row = None
        self._lines.clear()
        self._is_shown = False
        self._reading.sample = {}
        self.table.set_empty("reading the new index …")
        self.table.show(self._columns(), 0)

    def _row_under_cursor(self) -> int | None:
        row = self.table.highlighted
        return int(row.key) if row is not None else self.workbench.state.row

    # ---- facets

    @work(group="facets", exclusive=True, exit_on_error=False)
    async def refresh_facets(self) -> None:
        """Counts again what stands beside the table."""
        found = await self.asked(FacetsRequest(self._wish))
        if found is None:
            return
        self._matching = found.totals.samples
        self.show_place()
        exact = self.workbench.described is not None and self.workbench.described.totals.tokens_exact
        for name in facet_rows.FACETS:
            facets, selected = facet_rows.rows_of(name, found.facets[name], self._wish, exact)
            self.query_one(f"#facet-{name}", FacetList).show(facets, selected)

    @on(FacetList.FacetToggled)
    def _toggle_facet(self, event: FacetList.FacetToggled) -> None:
        name = event.facet_list_id.removeprefix("facet-")
        self.show_view(facet_rows.toggled(self._wanted, name, event.key), self._row_under_cursor())

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
        found = await self.asked(PageRequest(self._view, first, count, browse_rows.ASKED))
        if found is None:
            return None
        lines = browse_rows.read_lines(found.rows)
        if len(self._lines) > 40 * PAGE_SIZE:
            self._lines.clear()
        self._lines.update((line.row, line) for line in lines)
        return lines

    @on(PagedTable.RowHighlighted)
    def _highlight(self, event: PagedTable.RowHighlighted) -> None:
        self._show_place_soon()
        if event.row is not None:
            self.workbench.state.row = int(event.row.key)
            if self._reading.row != event.row.key:
                self._reading.load(int(event.row.key))

    @on(CodeView.LinesWanted)
    def _load_lines(self, event: CodeView.LinesWanted) -> None:
        self._reading.load_lines(event)

    @on(PagedTable.RowSelected)
    def _open(self) -> None:
        self.code.focus()

    @on(PagedTable.RangeWanted)
    @work(group="range", exit_on_error=False)
    async def _mark_range(self, event: PagedTable.RangeWanted) -> None:
        count = min(event.last - event.first + 1, MOST_MARKED)
        found = await self.asked(PageRequest(self._view, event.first, count, ("row",)), channel="range")
        if found is not None and event.generation == self.table.generation:
            self.table.mark_keys([row[1] for row in found.rows])
            if count == MOST_MARKED:
                self.notify(f"The first {MOST_MARKED:,} rows of the range were marked.", severity="warning")

    @on(CodeView.MatchesFound)
    def _take_matches(self, event: CodeView.MatchesFound) -> None:
        self._reading.find.found(event)
        self.show_place()

    def _show_place_soon(self) -> None:
        """Lets a moving cursor be painted alone: with the bottom line at once the whole screen would be painted."""
        if not self._place_is_due:
            self._place_is_due = True
            self.set_timer(PLACE_PAUSE, self.show_place)

    @on(PagedTable.MarksChanged)
    @on(CodeView.HiddenCounted)
    def show_place(self) -> None:
        """Shows where the cursor is, what the code pane found, and whether everything is saved."""
        self._place_is_due = False
        table, whole = self.table, self.workbench.samples
        place = (
            f"row {numbers.count(table.cursor + 1)} of {numbers.count(table.row_count)}"
            if table.row_count
            else "no rows"
        )
        parts = [place if table.row_count == whole else f"{place} (of {numbers.count(whole)})"]
        if self._matching is not None and self._matching != table.row_count:
            parts.append(f"{numbers.count(self._matching)} pass the filter now: F5 builds the view again")
        if table.sort:
            parts.append(f"by {table.sort[0]} {'▼' if table.sort[1] else '▲'}")
        if table.marked:
            parts.append(f"{numbers.count(len(table.marked))} marked")
        right = [*self._reading.find.words(), *self.saved_words()]
        self.show_status(safe.line(" · ".join(parts)), safe.line(" · ".join(right)))

    # ---- filter, sort, go to

    def action_filter(self) -> None:
        """Goes to the filter bar."""
        self.filter_bar.edit()
        self.set_focus(self.filter_bar.query_one(SafeInput))

    @on(FilterBar.FilterSubmitted)
    @on(FilterBar.FilterCleared)
    def _apply_filter(self, event: FilterBar.FilterSubmitted | FilterBar.FilterCleared) -> None:
        text = event.text if isinstance(event, FilterBar.FilterSubmitted) else ""
        self._typed = replace(self._wanted, filter=text)
        self.show_view(self._typed, self._row_under_cursor())

    @on(FilterBar.Left)
    def _leave_filter(self) -> None:
        self.table.focus()

    @on(FilterBar.CancelWanted)
    def _stop_filter(self) -> None:
        """Stops a filter that is being worked out and goes back to the one in force."""
        self.workbench.reader.cancel("view")
        self.filter_bar.clear_note()
        self.filter_bar.set_text(self._wish.filter)
        self._wanted = self._wish
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
        now = self._wanted.sort[0] if self._wanted.sort else None
        if now is None or now[0] != key:
            wanted = ((key, key in HIGHEST_FIRST),)
        elif now[1] == (key in HIGHEST_FIRST):
            wanted = ((key, not now[1]),)
        else:
            wanted = ()
        self.show_view(replace(self._wanted, sort=wanted))

    @work(group=ASKS, exit_on_error=False)
    async def action_sort_pick(self) -> None:
        """Chooses any column of the corpus to sort by."""
        columns = self.workbench.described.columns if self.workbench.described is not None else {}
        key = await self.app.push_screen_wait(Pick("Sort by", [(name, name, meaning_of(name)) for name in columns]))
        if key is not None:
            self._sort_by(key)

    def action_go_to(self) -> None:
        """Asks for a row of the view or the id of a sample and goes there."""
        self.app.push_screen(Ask("Go to", "row number in this view, or a sample's id"), self._go_to)

    def on_screen_resume(self) -> None:
        """Shows labels that were given on another screen."""
        self.show_top_bar()
        if self._is_shown and self._seen != self.workbench.decisions:
            self._seen = self.workbench.decisions
            self.table.invalidate()
            self._reading.refresh_about()
            self.refresh_facets()
            self.show_place()

    def show_sample(self, row: int) -> None:
        """Goes to a row of the index; a filter that leaves it out is cleared."""
        self.run_worker(partial(self._show_sample, row), group="show", exclusive=True, exit_on_error=False)

    async def _show_sample(self, row: int) -> None:
        place = await self.asked(PositionRequest(self._view, row))
        if place is not None and place.position is not None:
            self.table.go_to(place.position)
        elif place is not None:
            self.show_view(replace(self._wanted, filter="", facets={}), row)
            self.notify("Filter cleared to show the sample; / and ↑ bring it back.")

    def visit(self, filter_text: str) -> None:
        """Shows some samples for a while; `esc` ends the visit with the view that was there before."""
        before = self._visit[1] if self._visit is not None and self._is_visiting else self._wanted
        wish = Selection(filter_text, sort=self._wanted.sort)
        self._visit = (wish, before)
        if self.is_attached:
            self.show_view(wish)
        else:
            self._wish = self._wanted = wish

    @property
    def _is_visiting(self) -> bool:
        """Whether the view is still that of a visit, in whatever order."""
        return self._visit is not None and replace(self._wish, sort=()) == replace(self._visit[0], sort=())

    def action_cluster(self) -> None:
        """Shows the clusters, that of the sample first."""
        sample = self._reading.sample
        if sample and sample["cluster"] is None:
            self.notify("The sample is in no cluster: none other is alike enough. m lists the likest.")
        self.app.post_message(ClusterWanted(sample.get("cluster"), sample.get("row")))

    @work(group="explain", exclusive=True, exit_on_error=False)
    async def action_explain(self) -> None:
        """Says point by point why the sample has its quality, its gates, its licence, its suggested tier."""
        row = self._reading.row
        found = await self.asked(ExplainRequest(row)) if row is not None else None
        if found is not None:
            await self.app.push_screen(Sheet(about.headline(self._reading.sample), reason_lines(found)))

    @work(group=ASKS, exit_on_error=False)
    async def action_accept(self) -> None:
        """Accepts the suggested tier of the sample and moves on, or those of the marked ones."""
        row = self.table.highlighted
        if not self._may_label() or (row is None and not self.table.marked):
            return
        if self.table.marked:
            if await suggesting.accept_rows(self, [int(key) for key in self.table.marked], None):
                self.table.action_clear_marks()
        elif row is not None:
            position = self.table.cursor
            if await suggesting.accept_rows(self, [int(row.key)], position):
                self.table.go_to(position + 1)

    @work(group=ASKS, exit_on_error=False)
    async def action_accept_view(self) -> None:
        """Accepts what is suggested for the whole view, where enough suggestions were right before."""
        if self._may_label():
            await suggesting.accept_view(self, self._wish)

    def action_similar(self) -> None:
        """Lists the samples most like this one."""
        if self._reading.row is not None:
            similar_flow.show_similar(self, self._reading.row)

    def _go_to(self, text: str | None) -> None:
        wanted = (text or "").strip().replace(",", "")
        if wanted.isdecimal() and 1 <= int(wanted) <= self.table.row_count:
            self.table.go_to(int(wanted) - 1)
        elif wanted:
            self._go_to_id(wanted)

    @work(group=ACTS, exit_on_error=False)
    async def _go_to_id(self, sample: str) -> None:
        try:
            place = await call(self.workbench.reader, PositionRequest(self._view, id=sample))
        except Superseded:
            return
        except ExplorerError:
            rows = numbers.counted(self.table.row_count, "row")
            self.notify(f"This view has {rows}, and no sample has the id {sample}.", severity="warning")
            return
        if place.position is None:
            self.notify("The sample is not in this view; esc shows every sample.", severity="warning")
        else:
            self.table.go_to(place.position)

    # ---- code

    @property
    def row_read(self) -> int | None:
        """The row of the index whose code is on show."""
        return self._reading.row

    def action_find(self) -> None:
        """Asks what to find in the code."""
        self._reading.find.ask()

    def action_next_match(self, step: int) -> None:
        """Goes to another match, from whichever pane."""
        self._reading.find.go(step)

    def action_next_hidden(self) -> None:
        """Goes to the next hidden character."""
        if self.code.hidden_count:
            self.code.action_next_hidden()
        else:
            self.notify("There are no hidden characters in the lines that are here.")

    @work(group=ASKS, exit_on_error=False)
    async def action_copy(self) -> None:
        """Copies something of the sample."""
        if self._reading.sample:
            await copying.copy(self, self._reading.sample)

    def labels_changed(self, ids: Sequence[str]) -> None:
        """Shows the counts beside the table and what is known of the sample as they are now."""
        self._seen = self.workbench.decisions
        if self._reading.sample.get("id") in ids:
            self._reading.refresh_about()
        self.refresh_facets()
        self.show_place()

    # ---- esc

    def action_back(self) -> None:
        """Takes the latest step back: the zoom, the pane, the marks, the filter."""
        if self.maximized is not None:
            self.minimize()
        elif self.query("HelpPanel"):
            self.app.action_hide_help_panel()
        elif self.filter_bar.is_busy:
            self._stop_filter()
        elif self.focused is not self.table:
            self.table.focus()
        elif self.filter_bar.text != self.filter_bar.applied:
            self.filter_bar.action_leave()
        elif self.table.marked:
            self.table.action_clear_marks()
        elif self._is_visiting or self._wish.filter or self._wish.facets:
            self._leave_view()

    def _leave_view(self) -> None:
        """Ends a visit, or clears the filter."""
        if self._visit is not None and self._is_visiting:
            before, self._visit = self._visit[1], None
            self.show_view(before)
            self.post_message(VisitEnded())
            return
        self.show_view(replace(self._wanted, filter="", facets={}), self._row_under_cursor())
        self.notify("Filter cleared; / and ↑ bring it back.")

    def on_descendant_focus(self, event: Message) -> None:
        """Remembers the pane."""
        if self.focused in (self.table, self.code):
            self.workbench.state.pane = "code" if self.focused is self.code else "table"

    @on(PagedTable.Resized)
    def _fit_columns(self) -> None:
        """Chooses the columns that fit."""
        columns = self._columns()
        if self._is_shown and columns != self.table.columns:
            self._lines.clear()
            self.table.show(columns, self.table.row_count, keep_cursor=True)
