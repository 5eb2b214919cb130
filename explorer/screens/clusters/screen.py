"""The clusters screen: near-duplicates, their members, and what differs between any two of them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.message import Message

from explorer.api.messages.browse import PositionRequest, RowsRequest, SampleRequest
from explorer.api.messages.clusters import (
    Cluster,
    ClusterList,
    ClusterPageRequest,
    ClusterPositionRequest,
    ClusterRequest,
    ClustersRequest,
    ClusterWish,
    MemberRow,
)
from explorer.errors import ExplorerError
from explorer.labels.decisions import Value
from explorer.labels.judging import Member, choosing
from explorer.screens.clusters import rows as cluster_rows
from explorer.screens.clusters.comparison import Comparison
from explorer.screens.clusters.policy import change_policy
from explorer.screens.clusters.verdict import ask_verdict
from explorer.screens.shared import similar as similar_flow
from explorer.screens.shared.corpus_screen import ASKS
from explorer.screens.shared.labelling import LABEL_BINDINGS, Wanted, options, read_option
from explorer.screens.shared.labelling_screen import MOVES, ROW_ACTIONS, LabellingScreen
from explorer.screens.shared.workbench import Workbench
from explorer.selection import Selection
from widgets import numbers, safe
from widgets.diff_view import DiffView
from widgets.page_store import PAGE_SIZE
from widgets.paged_table import PagedTable
from widgets.prompts import Ask, Pick
from widgets.text_pane import TextPane
from widgets.visible import visible


class ClustersScreen(LabellingScreen):
    """Shows every cluster with its proof, and takes decisions on its members."""

    TAB = "clusters"
    LOADING = frozenset(("clusters", "cluster", "reload"))
    HELP = """
# Clusters

Samples that share most of their word 5-grams, connected by pairs whose exact similarity was worked out. On the left the
clusters, below them the members of one: ● survives in a mix (★: you chose it), · is left out, ○ stays in a mix because
only a chain of pairs connects it with the survivor. The lines on the right show what differs.

In the list of clusters a label key decides for all members, once you have seen how many they are.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="view.filter", key_display="/", priority=True),
        *LABEL_BINDINGS,
        Binding("s", "choose_survivor", "Let it survive", id="cluster.survivor"),
        Binding("d", "judge('duplicates')", "Duplicates", id="cluster.duplicates"),
        Binding("x", "judge('different')", "Not duplicates", id="cluster.different"),
        Binding("p", "judge('split')", "Part in two", id="cluster.split"),
        Binding("m", "similar", "More like this", id="cluster.similar"),
        Binding("c", "compare_from", "Compare with this one", show=False, id="cluster.base"),
        Binding("O,o", "sort_pick", "Order the clusters", show=False, id="view.sort_pick"),
        Binding("P", "policy", "Policy", id="cluster.policy", key_display="P"),
        Binding("n", "change(1)", "Next change", show=False, id="diff.next"),
        Binding("N", "change(-1)", "Change before", show=False, id="diff.before"),
        Binding("V", "layout", "Side by side or unified", show=False, id="diff.layout_too"),
        Binding("a", "fold", "All lines or only changes", show=False, id="diff.fold"),
        Binding("y", "copy", "Copy the id", show=False, id="view.copy"),
        Binding("z", "zoom", "Zoom the pane", show=False, id="view.zoom"),
        Binding("escape", "back", "Back", show=False, id="view.back"),
    ]

    clusters = query_one("#clusters", PagedTable)
    about = query_one("#cluster-about", TextPane)
    diff = query_one("#diff", DiffView)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._list: int | None = None
        self._totals: ClusterList | None = None
        self._filter = ""
        self.cluster: Cluster | None = None
        """The cluster on show; None while there is none."""
        self.names: dict[int, str] = {}
        """What tells the members on show apart, by row."""
        self._comparison = Comparison(self)
        self._wanted: tuple[int, int | None] | None = None
        """A cluster to show as soon as there is a list, and the row of the member to stand on."""
        self._return_to: str | None = None
        """The sample whose cluster is to be found again in another index."""
        self._seen = -1
        """How many decisions there were when the list was made."""

    def body(self) -> ComposeResult:
        """Lays the panes out; the stylesheet moves them with the width."""
        with Horizontal(id="cluster-panes"):
            with Vertical(id="cluster-lists"):
                yield PagedTable(empty="opening …", id="clusters")
                yield TextPane(id="cluster-about")
                yield PagedTable(empty="", id="table")
            yield self._comparison.view

    def on_mount(self) -> None:
        """Shows the frame at once."""
        self.show_top_bar()
        self.clusters.focus()
        self.about.can_focus = False
        self.start_deciding()
        if self.workbench.described:
            self.corpus_opened()

    def corpus_opened(self) -> None:
        """Lists the clusters."""
        super().corpus_opened()
        self.refresh_bindings()
        self._show_list()

    def reader_restarted(self) -> None:
        """Lists them anew: the restarted reader knows no list."""
        self._comparison.shown = None
        self._show_list()

    def index_replaced(self) -> None:
        """Forgets the rows of the index before; the cluster of the sample that was on show is found again."""
        row = self.table.highlighted
        line = self._lines.get(int(row.key)) if row is not None else None
        self._return_to = line.id if line is not None else self._return_to
        self._list, self._wanted = None, None
        for table in (self.clusters, self.table):
            table.action_clear_marks()
            table.set_empty("reading the new index …")
        self._forget()
        self.clusters.show((), 0)

    def on_screen_resume(self) -> None:
        """Lists them anew where labels have changed on another screen."""
        self.show_top_bar()
        if self.workbench.described and (self._seen != self.workbench.decisions or self._wanted is not None):
            self._show_list()

    def show_cluster(self, cluster: int, row: int | None = None) -> None:
        """Shows a cluster, with the cursor on one of its members, as soon as the screen can."""
        self._wanted = (cluster, row)

    def holds(self, key: str, running: frozenset[str], begun: frozenset[str]) -> bool:
        """Tells whether a key must wait for the list or for the members; moves over the list wait for no members."""
        if "again" in running:
            # The list that is on show stays valid while it is counted again after a decision.
            return super().holds(key, running, begun - self.LOADING)
        action = self.action_of(key) if running & self.LOADING else ""
        if "cluster" in running and (action in ROW_ACTIONS or action == "label_view"):
            return True
        if self.focused is self.clusters and action in MOVES:
            begun -= {"cluster"}
        return super().holds(key, running, begun)

    # ---- the list

    @work(group="clusters", exclusive=True, exit_on_error=False)
    async def _show_list(self) -> None:
        wish = ClusterWish(self.workbench.state.cluster_sort)
        self._seen = self.workbench.decisions
        found = await self.asked(ClustersRequest(wish, Selection(self._filter)))
        if found is None:
            return
        is_wanted = self._wanted is not None and self._wanted[1] is not None
        await self._find_again()
        place = await self._place_in(found.list)
        self._list, self._totals = found.list, found
        self.clusters.set_empty(self._empty_words())
        self.clusters.show(cluster_rows.cluster_columns(self.clusters.size.width), found.clusters, keep_cursor=True)
        if place is not None:
            self.clusters.go_to(place)
        if is_wanted:
            self.table.focus()
        if not found.clusters:
            self._forget()
        self.show_place()

    async def _find_again(self) -> None:
        """Finds the cluster that was on show before the index was replaced."""
        if self._return_to is None or self._wanted is not None:
            return
        found = await self.asked(RowsRequest((self._return_to,)))
        for _, row in found.rows if found is not None else ():
            known = await self.asked(SampleRequest(row), channel="rows")
            if known is not None and known.values["cluster"] is not None:
                self._wanted = (known.values["cluster"], row)
        self._return_to = None

    async def _place_in(self, number: int) -> int | None:
        """Where the wanted cluster, else the one on show, stands in another list."""
        cluster = self._wanted[0] if self._wanted is not None else self._number
        if cluster is None:
            return None
        place = await self.asked(ClusterPositionRequest(number, cluster))
        return place.position if place is not None else None

    def _empty_words(self) -> str:
        if self._filter:
            return "No cluster has a member that passes the filter.\n\nesc clears it · / changes it"
        return "No two samples are alike enough to make a cluster."

    @on(PagedTable.PageWanted, "#clusters")
    def _want_clusters(self, event: PagedTable.PageWanted) -> None:
        self._load_clusters(event.generation, event.page)

    @work(group="cluster-page", exclusive=True, exit_on_error=False)
    async def _load_clusters(self, generation: int, page: int) -> None:
        asked = self._list is not None and ClusterPageRequest(self._list, page * PAGE_SIZE, PAGE_SIZE)
        found = await self.asked(asked) if asked else None
        if found is None:
            self.clusters.drop_page(generation, page)
            return
        rows = [cluster_rows.cluster_row(cluster, self.clusters.columns) for cluster in found.rows]
        self.clusters.set_page(generation, page, rows)

    @on(PagedTable.RowHighlighted, "#clusters")
    def _highlight_cluster(self, event: PagedTable.RowHighlighted) -> None:
        self.show_place()
        if event.row is None:
            return
        cluster = int(event.row.key)
        row = self._wanted[1] if self._wanted is not None and self._wanted[0] == cluster else None
        if self._number != cluster or row is not None:
            self._wanted = None
            self._load_cluster(cluster, row)

    @on(PagedTable.RowSelected, "#clusters")
    def _open_cluster(self) -> None:
        self.table.focus()

    # ---- the members

    @work(group="cluster", exclusive=True, exit_on_error=False)
    async def _load_cluster(self, cluster: int, row: int | None) -> None:
        found = await self.asked(ClusterRequest(cluster))
        if found is not None:
            is_other = self._number != cluster
            self.cluster = found
            self._comparison.base = None if is_other else self._comparison.base
            self._show_members(row)

    def _show_members(self, row: int | None) -> None:
        members = self.members
        self._lines = {
            member.row: cluster_rows.line_of(member, place, len(members)) for place, member in enumerate(members)
        }
        self.names = cluster_rows.told_apart(members)
        kept = self.table.highlighted
        self.table.show(cluster_rows.member_columns(self.table.size.width), len(members))
        row = row if row is not None else int(kept.key) if kept is not None and int(kept.key) in self._lines else None
        if row in self._lines:
            self.table.go_to(self._lines[row].position)
        elif len(members) > 1:
            # The first one that differs from the survivor tells most.
            self.table.go_to(next((place for place, one in enumerate(members) if (one.similarity or 0) < 1), 1))
        if self.cluster is not None:
            self.about.show(cluster_rows.about(self.cluster))

    @property
    def members(self) -> tuple[MemberRow, ...]:
        """The members of the cluster on show, the survivor first."""
        return self.cluster.members if self.cluster is not None else ()

    @property
    def _number(self) -> int | None:
        return self.cluster.cluster if self.cluster is not None else None

    @on(PagedTable.PageWanted, "#table")
    def _want_members(self, event: PagedTable.PageWanted) -> None:
        chosen = self.members[event.page * PAGE_SIZE : (event.page + 1) * PAGE_SIZE]
        names, columns = self.names, self.table.columns
        rows = [cluster_rows.member_row(member, columns, self._comparison.base, names[member.row]) for member in chosen]
        self.table.set_page(event.generation, event.page, rows)

    @on(PagedTable.RowHighlighted, "#table")
    def _highlight_member(self, event: PagedTable.RowHighlighted) -> None:
        self.show_place()
        if event.row is not None and self.members:
            self._comparison.compare(int(event.row.key))

    @on(PagedTable.RowSelected, "#table")
    def _open_member(self, event: PagedTable.RowSelected) -> None:
        if event.row is not None:
            self.app.post_message(SampleWanted(int(event.row.key)))

    @on(PagedTable.Resized)
    def _fit_columns(self, event: PagedTable.Resized) -> None:
        tables = ((self.clusters, cluster_rows.cluster_columns), (self.table, cluster_rows.member_columns))
        for table, columns_for in tables:
            columns = columns_for(table.size.width)
            if table.columns and columns != table.columns:
                table.show(columns, table.row_count, keep_cursor=True)

    def _forget(self) -> None:
        self.cluster, self._lines = None, {}
        self.table.show((), 0)
        self.about.show(())
        self._comparison.forget()

    # ---- what differs

    def action_compare_from(self) -> None:
        """Compares with the member under the cursor from now on; again, with the survivor."""
        row = self.table.highlighted
        if row is not None:
            self._comparison.base = None if self._comparison.base == row.key else int(row.key)
            self.table.invalidate()
            name = "the survivor" if self._comparison.base is None else self.names[int(row.key)]
            self.notify(f"The others are compared with {name}.")

    def action_change(self, step: int) -> None:
        """Goes to the next change, or the one before, from whichever pane."""
        self.diff.action_change(step)

    def action_layout(self) -> None:
        """Shows the two texts side by side, or in one column."""
        self.diff.action_toggle_layout()

    def action_fold(self) -> None:
        """Shows all lines, or folds the equal ones."""
        self.diff.action_toggle_fold()

    # ---- deciding

    def action_label(self, field: str, value: Value) -> None:
        """Decides for the member under the cursor or the marked ones; in the list of clusters for all members."""
        if self.focused is self.clusters and self._may_label():
            self._label_cluster(field, value)
        else:
            super().action_label(field, value)

    @work(group=ASKS, exit_on_error=False)
    async def _label_cluster(self, field: str, value: Value) -> None:
        await self._label_many([line.ref for line in self._lines.values()], field, value)

    @work(group=ASKS, exit_on_error=False)
    async def action_label_view(self) -> None:
        """Decides something for every member of the cluster, once their number is confirmed."""
        if self._may_label() and self.members:
            title = f"Label all {numbers.counted(len(self.members), 'member')} of cluster {self._number}"
            key = await self.app.push_screen_wait(Pick(title, options()))
            if key is not None:
                await self._label_many([line.ref for line in self._lines.values()], *read_option(key))

    def action_choose_survivor(self) -> None:
        """Lets the member under the cursor survive; again, lets the policy choose."""
        row = self.table.highlighted
        if row is not None and self._may_label():
            values = choosing(map(Member.of, self.members), self._lines[int(row.key)].id)
            self._decide(Wanted(tuple(values), "survivor", values=values))

    @work(group=ASKS, exit_on_error=False)
    async def action_judge(self, verdict: str) -> None:
        """Judges the cluster as a whole."""
        if self.members and self._may_label() and (wanted := await ask_verdict(self, verdict)) is not None:
            self._decide(wanted)

    async def refresh_row(self, position: int) -> None:
        """Leaves the row as it is: the whole cluster is asked for again."""

    async def go_to_sample(self, sample: str) -> None:
        """Shows the cluster of a sample whose label was taken back or given again."""
        place = await self.asked(PositionRequest(None, id=sample))
        if place is not None and place.row in self._lines:
            self.table.go_to(self._lines[place.row].position)

    def labels_changed(self, ids: Sequence[str]) -> None:
        """Shows the list and the cluster as they are now."""
        self._cluster_again()

    @work(group="again", exclusive=True, exit_on_error=False)
    async def _cluster_again(self) -> None:
        row = self.table.highlighted
        cluster = self._number
        await self._show_list().wait()
        if cluster is not None and self._number == cluster and self._is_listed(cluster):
            self._load_cluster(cluster, int(row.key) if row is not None else None)

    def _is_listed(self, cluster: int) -> bool:
        row = self.clusters.highlighted
        return row is None or row.key == cluster

    # ---- elsewhere

    def action_similar(self) -> None:
        """Lists the samples most like the member under the cursor."""
        row = self.table.highlighted
        if row is not None:
            similar_flow.show_similar(self, int(row.key))

    def action_filter(self) -> None:
        """Asks for a condition; clusters with a member that passes it are listed."""
        self.app.push_screen(
            Ask("Clusters with a member", "a condition, as: tier = 1", self._filter), self._take_filter
        )

    def _take_filter(self, text: str | None) -> None:
        if text is not None and text.strip() != self._filter:
            self._filter = text.strip()
            self._show_list()

    @work(group=ASKS, exit_on_error=False)
    async def action_sort_pick(self) -> None:
        """Chooses the order of the clusters."""
        choices = [(key, key, words) for key, words in cluster_rows.SORTS.items()]
        key = await self.app.push_screen_wait(Pick("Order the clusters by", choices))
        if key is not None:
            self.workbench.state.cluster_sort = key
            self.cluster = None
            self.clusters.go_to(0)
            self._show_list()

    @work(group=ASKS, exit_on_error=False)
    async def action_policy(self) -> None:
        """Changes the similarity, the order of survivors or what becomes of chains, once the loss has been seen."""
        if await change_policy(self):
            self._show_list()

    def action_copy(self) -> None:
        """Copies the id of the member under the cursor."""
        row = self.table.highlighted
        if row is not None:
            self.app.copy_to_clipboard(visible(self._lines[int(row.key)].id))
            self.notify("The id was copied.")

    def show_again(self) -> None:
        """Lists the clusters again."""
        self._comparison.shown = None
        self._show_list()

    def action_back(self) -> None:
        """Takes the latest step back: the zoom, the pane, the marks, the filter."""
        if self.maximized is not None:
            self.minimize()
        elif self.query("HelpPanel"):
            self.app.action_hide_help_panel()
        elif self.focused is self.diff:
            self.table.focus()
        elif self.focused is not self.clusters:
            self.clusters.focus()
        elif self._filter:
            self._take_filter("")

    @on(PagedTable.MarksChanged)
    @on(DiffView.ChangesCounted)
    def show_place(self) -> None:
        """Shows where the cursor is, the order, the policy and whether everything is saved."""
        if self._totals is None:
            return
        totals = self._totals
        place = f"cluster {numbers.count(self.clusters.cursor + 1)} of {numbers.count(totals.clusters)}"
        parts = [
            place if totals.clusters else "no clusters",
            f"by {self.workbench.state.cluster_sort}",
            f"{numbers.tokens(totals.tokens_removable)} removable at {totals.policy.threshold:g}",
        ]
        if self._filter:
            parts.append(f"filter: {self._filter}")
        if self.table.marked:
            parts.append(f"{numbers.count(len(self.table.marked))} marked")
        self.show_status(safe.line(" · ".join(parts)), safe.line(" · ".join(self.saved_words())))

    def tell(self, error: ExplorerError) -> None:
        """Says what went wrong; a filter that cannot be used is taken back."""
        super().tell(error)
        if self._filter and self._list is not None and not (self._totals and self._totals.clusters):
            self._filter = ""


class SampleWanted(Message):
    """A sample is to be shown on the browse screen."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row
