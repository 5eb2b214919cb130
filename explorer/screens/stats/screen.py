"""The stats screen: pages of figures over one group of samples, or several side by side."""

from typing import ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Static

from explorer.api.calls import call
from explorer.api.messages.browse import FacetsRequest
from explorer.api.messages.stats import BaselineShown, BaselinesRequest, GroupAsked, PinRequest, StatsRequest
from explorer.api.requests import ProgressReport
from explorer.errors import ExplorerError
from explorer.reader.client import ReaderGone, Superseded
from explorer.screens.browse.facets import selection_of
from explorer.screens.shared.corpus_screen import ASKS, CorpusScreen
from explorer.screens.shared.workbench import Workbench
from explorer.screens.stats.blocks import blocks_of, colours_of, filter_at, samples_at
from explorer.screens.stats.groups import (
    ALONE,
    BY,
    EVERYTHING,
    FIXED,
    STAGES,
    TYPED,
    baseline_groups,
    options_of,
    view_group,
)
from explorer.stats.conditions import MOST_GROUPS, all_of, groups_by
from explorer.stats.page import COMPARING, PAGES, Page
from widgets import numbers, safe
from widgets.page_column import PageColumn
from widgets.prompts import Ask, Pick

PIN, PIN_WEAK = "\0pin", "\0pin all the same"
"""Keys that are no name of a baseline."""
KEPT_PAGES = 60
PATIENT = 0.3
"""Seconds that the page before stays on show while another is counted."""


class Measure(NamedTuple):
    """What style and diversity are compared with; None leaves it to the reader."""

    baseline: str | None = None
    language: str | None = None


class SamplesWanted(Message):
    """Some samples are to be shown where they can be read."""

    def __init__(self, filter_text: str) -> None:
        super().__init__()
        self.filter = filter_text


class StatsScreen(CorpusScreen):
    """Shows figures page by page, and opens the samples behind a line."""

    TAB = "stats"
    LOADING = frozenset(("stats", "reload"))
    HELP = """
# Statistics

`1`–`7`, `tab` or `[` `]` turn the pages. `j` `k` go over the lines that stand for samples, `enter` opens those samples,
and `esc` there comes back here.

`a` chooses the samples, `v` others to set beside them, `B` every tier, origin or language side by side.

Style and diversity are compared with human code: `P` pins a baseline or chooses one, `L` chooses the language.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "first_group", "Samples", id="stats.group"),
        Binding("v", "second_group", "Set beside", id="stats.against"),
        Binding("B", "by", "By tier …", id="stats.by", key_display="B"),
        Binding("tab,right_square_bracket", "turn(1)", "Next page", id="stats.next", priority=True, key_display="tab"),
        Binding(
            "shift+tab,left_square_bracket", "turn(-1)", "Page before", show=False, id="stats.before", priority=True
        ),
        *(
            Binding(str(number), f"show_page('{name}')", name.capitalize(), show=False, id=f"stats.page_{name}")
            for number, name in enumerate(PAGES, 1)
        ),
        Binding("L", "language", "Language", show=False, id="stats.language", key_display="L"),
        Binding("P", "baseline", "Baseline", show=False, id="stats.baseline", key_display="P"),
        Binding("escape", "leave", "Stop counting", show=False, id="stats.leave"),
    ]
    DEFAULT_CSS = """
    StatsScreen {
        background: $surface;
        & #stats-pages { height: 1; padding: 0 1; background: $panel; }
        & #stats-groups { height: 1; padding: 0 1; background: $surface; }
        & PageColumn { height: 1fr; margin: 1 0 0 0; }
    }
    StatsScreen.-narrow PageColumn { margin: 0; }
    """
    column = query_one(PageColumn)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._page_name = PAGES[0]
        self._groups: tuple[GroupAsked, ...] = (EVERYTHING,)
        self._page: Page | None = None
        self._measure = Measure()
        self._kept: dict[tuple[str, tuple[GroupAsked, ...], Measure], Page] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._seen = -1
        self._is_counting = False

    def body(self) -> ComposeResult:
        """Gives the names of the pages, the groups, and the page."""
        yield Static(id="stats-pages", markup=False)
        yield Static(id="stats-groups", markup=False)
        yield PageColumn(id="stats-column")

    def on_mount(self) -> None:
        """Counts as soon as the corpus is open."""
        self.show_top_bar()
        self.column.focus()
        self._show_heads()
        if self.workbench.described:
            self.corpus_opened()

    def corpus_opened(self) -> None:
        """Counts what there is."""
        super().corpus_opened()
        self._show_page()

    def reader_restarted(self) -> None:
        """Counts again."""
        self._show_page()

    def on_screen_resume(self) -> None:
        """Counts again where labels were given on another screen."""
        self.show_top_bar()
        if self.workbench.described and self._seen != self.workbench.decisions:
            self._show_page()

    def holds(self, key: str, running: frozenset[str], begun: frozenset[str]) -> bool:
        """Tells whether a key must wait for the page; those that turn to another one or stop the count do not."""
        is_held = super().holds(key, running, begun)
        return is_held and self.action_of(key) not in ("turn", "show_page", "leave")

    # ---- pages

    def action_turn(self, step: int) -> None:
        """Turns to another page."""
        self.action_show_page(PAGES[(PAGES.index(self._page_name) + step) % len(PAGES)])

    def action_show_page(self, name: str) -> None:
        """Shows a page; its cursor stands where it stood."""
        self._remember_place()
        self._page_name = name
        self._show_page()

    def show_again(self) -> None:
        """Counts again."""
        self._kept.clear()
        self._show_page()

    def action_leave(self) -> None:
        """Stops a count that is under way."""
        if self._is_counting:
            self.workbench.reader.cancel(StatsRequest.wire_channel)
            self._is_counting = False
            self.column.show_words("", "  Stopped. F5 counts again.")
            self.show_status(safe.line("stopped"))

    def _remember_place(self) -> None:
        if self._page is not None and self._page.name == self._page_name:
            self._places[self._page_name] = self.column.place

    def _show_page(self) -> None:
        if self._seen != self.workbench.decisions:
            self._remember_place()
            self._kept.clear()
            self._seen = self.workbench.decisions
        self._show_heads()
        self._count()

    @work(group="stats", exclusive=True, exit_on_error=False)
    async def _count(self) -> None:
        await self.workbench.laid()
        key = (self._page_name, self._groups, self._measure)
        if key not in self._kept:
            page = await self._ask_page(*key)
            if page is None:
                return
            while len(self._kept) >= KEPT_PAGES:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = page
        self._page = self._kept[key]
        self.column.show(blocks_of(self._page), self._places.get(self._page_name, (0, 0)))
        self.show_place()

    async def _ask_page(self, name: str, groups: tuple[GroupAsked, ...], measure: Measure) -> Page | None:
        self._is_counting, self._page = True, None
        self.show_status(safe.line("counting …"), safe.line("esc stops"))
        waiting = self.set_timer(PATIENT, self._say_counting)
        try:
            request = StatsRequest(name, groups, measure.baseline, measure.language)
            found = await call(self.workbench.reader, request, on_progress=self._show_progress)
        except Superseded:
            return None
        except ExplorerError as error:
            self._is_counting = False
            is_down = self.workbench.reader.is_down and not self.workbench.is_reloading
            if not isinstance(error, ReaderGone) or is_down:
                self.tell(error)
            self.column.show_words("", f"  {error}", "", "  a chooses other samples · F5 counts again")
            self.show_status(safe.line("nothing was counted"))
            return None
        finally:
            waiting.stop()
        self._is_counting = False
        return found

    def _say_counting(self) -> None:
        """Takes the page before away; a timer that is late finds the count over and leaves what it brought."""
        if self._is_counting:
            self.column.show_words("", "  Counting …")

    def _show_progress(self, news: ProgressReport) -> None:
        if news.step and self._is_counting:
            share = f" · {numbers.percent(news.done / news.of, 0)}" if news.of else ""
            self.show_status(safe.line(f"{news.step}{share}"), safe.line("esc stops"))

    # ---- groups

    @work(group=ASKS, exit_on_error=False)
    async def action_first_group(self) -> None:
        """Chooses the samples of the page."""
        group = await self._pick_group("Statistics of", ())
        if isinstance(group, GroupAsked):
            beside = self._groups[1:2] if len(self._groups) == 2 else ()
            self._set_groups((group, *(each for each in beside if each != group)))

    @work(group=ASKS, exit_on_error=False)
    async def action_second_group(self) -> None:
        """Chooses samples to set beside the first."""
        first = self._groups[0]
        group = await self._pick_group(f"Beside {first.name}", ((ALONE, "nothing", "only the first group"),))
        if group == ALONE:
            self._set_groups((first,))
        elif isinstance(group, GroupAsked) and group != first:
            self._set_groups((first, group))

    async def _pick_group(self, title: str, more: tuple[tuple[str, str, str], ...]) -> GroupAsked | str | None:
        stages = STAGES if self._page_name in COMPARING else ()
        groups = [*FIXED, *await self._more_groups(), *stages]
        options = [*options_of(groups), (TYPED, "a filter", "to be typed"), *more]
        key = await self.app.push_screen_wait(Pick(title, options))
        if key == TYPED:
            text = await self.app.push_screen_wait(Ask("Samples that pass", "a condition, as: tier = 4 and lines > 50"))
            return GroupAsked(text.strip(), text.strip()) if text and text.strip() else None
        return groups[int(key)] if key is not None and key.isdecimal() else key

    async def _more_groups(self) -> list[GroupAsked]:
        state = self.workbench.state
        view = view_group(state.filter, selection_of(state).facets)
        return [*([view] if view else []), *baseline_groups(await self._baselines())]

    async def _baselines(self) -> tuple[BaselineShown, ...]:
        """The pinned baselines, the latest first."""
        found = await self.asked(BaselinesRequest())
        return found.baselines if found is not None else ()

    @work(group=ASKS, exit_on_error=False)
    async def action_by(self) -> None:
        """Sets every tier, origin or language side by side."""
        key = await self.app.push_screen_wait(Pick("Side by side, every", [(name, name, "") for name in BY]))
        found = await self.asked(FacetsRequest(), channel="stats_by") if key else None
        if found is not None and key:
            values = [row.value for row in found.facets[key]]
            if key == "tier":
                values.sort(key=lambda value: (value is None, value))
            self._set_groups(tuple(GroupAsked(*group) for group in groups_by(key, values)) or (EVERYTHING,))

    # ---- what style and diversity are compared with

    @work(group=ASKS, exit_on_error=False)
    async def action_language(self) -> None:
        """Chooses the language in which style and diversity are compared."""
        pinned = await self._baselines()
        chosen = [each for each in pinned if each.name == self._measure.baseline] or list(pinned[:1])
        languages = chosen[0].languages if chosen else ()
        if not languages:
            self.notify("Pin a baseline first: P. Its languages are those that can be compared.")
            return
        key = await self.app.push_screen_wait(Pick("Compare in", [(name, name, "") for name in languages]))
        if key is not None:
            self._compare_by(self._measure._replace(language=key))

    @work(group=ASKS, exit_on_error=False)
    async def action_baseline(self) -> None:
        """Chooses the baseline, or pins the first group as a new one."""
        pinned = await self._baselines()
        options = [(each.name, each.name, f"{each.samples:,} samples") for each in pinned]
        first = self._groups[0]
        if not first.stage:
            options += [
                (PIN, f"pin {first.name}", "as a baseline"),
                (PIN_WEAK, f"pin {first.name} all the same", "small, undated, of any tier; every report says so"),
            ]
        key = await self.app.push_screen_wait(Pick("Compare with", options))
        if key in (PIN, PIN_WEAK):
            await self._pin(first, ("small", "undated", "tiers") if key == PIN_WEAK else ())
        elif key is not None:
            self._compare_by(Measure(key))

    async def _pin(self, group: GroupAsked, accepted: tuple[str, ...]) -> None:
        if self.workbench.read_only:
            self.notify(self.workbench.read_only, severity="error")
            return
        name = await self.app.push_screen_wait(Ask("Name of the baseline", "letters, digits, dots and dashes", "human"))
        if not name:
            return
        found = await self.asked(PinRequest(name, group.filter, accepted))
        if found is not None:
            self.notify(f"Pinned {numbers.counted(found.samples, 'sample')} as {name}.")
            self._kept.clear()
            self._compare_by(Measure(name))

    def _compare_by(self, measure: Measure) -> None:
        self._remember_place()
        self._measure = measure
        self._show_page()

    def _set_groups(self, groups: tuple[GroupAsked, ...]) -> None:
        self._remember_place()
        self._groups = groups
        self._show_page()

    # ---- samples

    @on(PageColumn.Chosen)
    def _open(self, event: PageColumn.Chosen) -> None:
        found = filter_at(self._page, event.block, event.line, event.column) if self._page else None
        if found is None or self._page is None:
            return
        self._remember_place()
        text, group = found
        text = all_of(self._page.groups[group].filter, "" if text == "true" else text)
        self.post_message(SamplesWanted(text))

    # ---- drawing

    def _show_heads(self) -> None:
        tabs = [self._page_tab(number, name) for number, name in enumerate(PAGES, 1)]
        self.query_one("#stats-pages", Static).update(Content(" ").join(tabs))
        shown = self._groups[:MOST_GROUPS]
        colours = colours_of([group.name for group in shown])
        names = [safe.line(group.name, f"bold ${colour}", 30) for group, colour in zip(shown, colours, strict=True)]
        hint = "v sets others beside" if len(names) == 1 else "v what is beside"
        line = Content.assemble(
            "of ", Content(" · ").join(names), Content.styled(f"   a chooses · {hint}", "$foreground 60%")
        )
        self.query_one("#stats-groups", Static).update(line)

    def _page_tab(self, number: int, name: str) -> Content:
        if name == self._page_name:
            return Content.styled(f" {number} {name} ", "bold reverse")
        return Content(f"{number} {name}")

    @on(PageColumn.Moved)
    def show_place(self) -> None:
        """Says what the line under the cursor stands for."""
        if self._page is None:
            return
        chosen = self.column.chosen
        found = filter_at(self._page, *chosen) if chosen else None
        if chosen is None or found is None:
            self.show_status(safe.line(f"{self._page.title}: no line here stands for samples"))
            return
        text, group = found
        samples = samples_at(self._page, chosen[0], chosen[1], group)
        name = self._page.groups[group].name
        told = f"of {name}" if samples is None else f"{numbers.counted(samples, 'sample')} of {name}"
        self.show_status(safe.line(told if text == "true" else f"{told} · {text}"), safe.line("enter opens them"))
