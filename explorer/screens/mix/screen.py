"""The mix screen: weights of three stages and four tiers, their consequences redrawn at each key."""

import asyncio
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from explorer.api.messages.mixes import StockRequest
from explorer.errors import ExplorerError
from explorer.mixing.figures import StagePlan, TierPlan, TierStock
from explorer.mixing.mix import TIERS, Mix, StageMix, default_mix
from explorer.mixing.mix_file import begin_mix, current_mix
from explorer.mixing.plan import plan_mix
from explorer.mixing.presets import PRESETS, apply_preset
from explorer.mixing.weights import move
from explorer.mixing.wording import read_budget
from explorer.screens.browse.rows import TIER_STYLES
from explorer.screens.mix.export import export_stage
from explorer.screens.shared.corpus_screen import ASKS, CorpusScreen
from explorer.screens.shared.workbench import Workbench
from widgets import numbers, safe
from widgets.prompts import Ask, Pick
from widgets.weight_grid import Level, Stage, Tier, WeightCell, WeightGrid

SAVE_PAUSE = 0.25
"""Seconds without a key after which the mix is written."""

_TIERS = tuple(
    Tier(str(tier), f"{tier} {name}", TIER_STYLES[tier])
    for tier, name in zip(TIERS, ("expert", "professional", "educational", "unfiltered"), strict=True)
)
_LEVELS: tuple[Level, ...] = ("ok", "info", "amber", "red")
_SIGNS = {"info": ("i", "$text-primary"), "amber": ("!", "$text-warning"), "red": ("X", "$text-error")}


class MixScreen(CorpusScreen):
    """Sets the weights of a mix and shows what they draw."""

    TAB = "mix"
    LOADING = frozenset(("stock", "reload"))
    HELP = """
# Mix

Each block is a training stage; each row a tier with its weight in percent of the stage's tokens, what that draws, how
often the tier is repeated, and what the drawn tokens are worth. `←` `→` change a weight; with `a` the others give way
or stay. Everything is kept in `mix.toml`, where your own comments stay as they are.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "toggle_give_way", "Others give way", id="mix.give_way"),
        Binding("P", "preset", "Preset", id="mix.preset", key_display="P"),
        Binding("B", "budget", "Budget", id="mix.budget", key_display="B"),
        Binding("e", "export", "Export", id="mix.export"),
        Binding("u", "undo", "Undo", id="mix.undo"),
        Binding("ctrl+r", "redo", "Redo", show=False, id="mix.redo"),
    ]

    grid = query_one("#weights", WeightGrid)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._path = workbench.workspace.mix
        self._fresh: Mix = default_mix()
        """What a mix is that nobody has touched."""
        self._mix: Mix = self._fresh
        self._on_disk: Mix | None = None
        self._stock: dict[str, tuple[TierStock, ...]] = {}
        self._plans: tuple[StagePlan, ...] = ()
        self._past: list[Mix] = []
        self._future: list[Mix] = []
        self._trouble = ""
        self._notes = Static(markup=False, id="consequences")

    def body(self) -> ComposeResult:
        """Gives the grid and, below it, what to know about the plan."""
        yield WeightGrid(id="weights")
        with VerticalScroll(id="consequences-pane"):
            yield self._notes

    def on_mount(self) -> None:
        """Reads the mix."""
        self.show_top_bar()
        self._read_mix()
        self.grid.focus()

    def on_screen_resume(self) -> None:
        """Counts again what the tiers have to give: labels may have changed it."""
        self.show_top_bar()
        if self._mix == (self._on_disk or self._fresh):
            self._read_mix()  # the clusters screen edits the file too
        if self.workbench.described:
            self.load_stock()

    def corpus_opened(self) -> None:
        """Counts what the tiers have to give."""
        super().corpus_opened()
        self.load_stock()

    def reader_restarted(self) -> None:
        """Counts again: the job may have died with the reader, or another mix be wanted."""
        if self._mix == (self._on_disk or self._fresh) or (self.workbench.is_reloading and self.is_current):
            self._read_mix()
        self.load_stock()

    # ---- reading and writing mix.toml

    def _read_mix(self) -> None:
        try:
            self._fresh = begin_mix(self.workbench.workspace)
            self._mix = current_mix(self.workbench.workspace)
            self._on_disk = self._mix if self._path.exists() else None
            self._trouble = ""
        except ExplorerError as error:
            self._trouble = str(error)
            self.tell(error)
        self._replan()

    def show_again(self) -> None:
        """Reads what a hand edit of mix.toml says, and counts the stock again."""
        self._read_mix()
        self.load_stock()

    @work(group="stock", exclusive=True, exit_on_error=False)
    async def load_stock(self) -> None:
        """Asks what each tier has to give to each stage."""
        found = await self.asked(StockRequest(self._mix))
        if found is not None:
            self._stock = dict(found.stock)
            self._replan()

    @work(group="saving", exclusive=True, exit_on_error=False)
    async def _save_soon(self) -> None:
        await asyncio.sleep(SAVE_PAUSE)
        await self.save()

    async def save(self) -> None:
        """Writes the mix if it is not on disk as it stands."""
        if self._mix == self._on_disk or self._trouble or self.workbench.read_only:
            return
        wanted = self._mix
        try:
            written = await self.workbench.save_mix(wanted, self._on_disk)
        except ExplorerError as error:
            self._trouble = str(error)
            self.tell(error)
        else:
            self._on_disk = written
            if self._mix == wanted:
                self._mix = written
        self._replan()

    def on_screen_suspend(self) -> None:
        """Writes the mix before another screen is shown."""
        self.run_worker(self.save, group="saving", exclusive=True, exit_on_error=False)

    # ---- changing

    def _change(self, mix: Mix) -> None:
        if mix != self._mix:
            self._past.append(self._mix)
            self._future.clear()
            self._set(mix)

    def _set(self, mix: Mix) -> None:
        self._mix = mix
        self._replan()
        self._save_soon()

    @on(WeightGrid.WeightWanted)
    def _set_weight(self, event: WeightGrid.WeightWanted) -> None:
        stage = self._mix.stage(event.stage)
        gives_way = self.workbench.state.gives_way
        tier = int(event.tier)
        value = stage.weights.get(tier, 0.0) + event.step if event.step else event.value
        weights = move(stage.weights, tier, value, give_way=gives_way)
        self._change(self._mix.with_stage(replace(stage, weights=weights)))

    def action_toggle_give_way(self) -> None:
        """Lets the other weights give way, or stay as they are."""
        self.workbench.state.gives_way = not self.workbench.state.gives_way
        self._replan()

    @work(group=ASKS, exit_on_error=False)
    async def action_preset(self) -> None:
        """Starts from a preset."""
        choices = [(preset.name, preset.name, preset.explanation) for preset in PRESETS]
        name = await self.app.push_screen_wait(Pick("Start from a preset", choices))
        if name is not None:
            try:
                self._change(apply_preset(name, self._mix, self._stock_of(self._mix.stages[0])))
            except ExplorerError as error:
                self.tell(error)

    @work(group=ASKS, exit_on_error=False)
    async def action_budget(self) -> None:
        """Asks for the budget of the stage under the cursor."""
        stage = self._chosen_stage()
        text = await self.app.push_screen_wait(
            Ask(f"Budget of {stage.name}", "tokens, as 1.5M or 20B, or fit", str(stage.budget))
        )
        if text:
            try:
                self._change(self._mix.with_stage(replace(stage, budget=read_budget(text))))
            except ExplorerError as error:
                self.tell(error)

    def action_undo(self) -> None:
        """Takes the latest change of the mix back."""
        if self._past:
            self._future.append(self._mix)
            self._set(self._past.pop())
        else:
            self.notify("Nothing to undo in the mix.")

    def action_redo(self) -> None:
        """Does again what was undone last."""
        if self._future:
            self._past.append(self._mix)
            self._set(self._future.pop())
        else:
            self.notify("Nothing to redo in the mix.")

    @work(group="export", exclusive=True, exit_on_error=False)
    async def action_export(self) -> None:
        """Writes the stage under the cursor, with its receipt."""
        await self.save()
        stage = self._chosen_stage()
        plan = next((plan for plan in self._plans if plan.stage == stage.name), None)
        if plan is None:
            self.notify("The tiers are still being counted; press e again in a moment.")
            return
        await export_stage(self, self._mix, plan)

    def _chosen_stage(self) -> StageMix:
        cell = self.grid.chosen
        return self._mix.stage(cell.stage) if cell is not None else self._mix.stages[0]

    # ---- showing

    def _stock_of(self, stage: StageMix) -> tuple[TierStock, ...]:
        return self._stock.get(stage.name, ())

    def _replan(self) -> None:
        """Works the plan out again and shows it; pure arithmetic, a fraction of a millisecond."""
        stock = {stage.name: self._stock_of(stage) for stage in self._mix.stages}
        self._plans = plan_mix(self._mix, stock, self._mix.gates.are_closed) if self._stock else ()
        plans = {plan.stage: plan for plan in self._plans}
        stages = [
            Stage(stage.name, stage.name, _stage_note(stage, plans.get(stage.name))) for stage in self._mix.stages
        ]
        cells = [_cell(stage, tier, plans.get(stage.name)) for stage in self._mix.stages for tier in TIERS]
        self.grid.show(stages, _TIERS, cells)
        self._show_consequences()

    @on(WeightGrid.Moved)
    def _show_consequences(self) -> None:
        chosen = self._chosen_stage().name
        plans = sorted(self._plans, key=lambda plan: plan.stage != chosen)
        told = Content("\n\n").join(_consequences(plan, plan.stage == chosen) for plan in plans)
        self._notes.update(told if plans else Content("counting what the tiers have to give …"))
        way = "the others give way" if self.workbench.state.gives_way else "the others stay"
        state = (
            self._trouble
            or self.workbench.read_only
            or ("saved in mix.toml" if self._mix == self._on_disk else "not saved yet")
        )
        fresh = self._on_disk is None and self._mix == self._fresh and not self._trouble
        self.show_status(
            safe.line(f"{self._chosen_stage().name} · a: {way}"), safe.line("preset blended" if fresh else state)
        )


def _stage_note(stage: StageMix, plan: StagePlan | None) -> str:
    if plan is None:
        return "counting …"
    fit = " (fit: nothing repeats)" if stage.budget == "fit" else ""
    human = f" · asks for {stage.human_share:g}% human" if stage.human_share else ""
    return f"{numbers.short(plan.budget)} tokens{fit}{human}"


def _cell(stage: StageMix, tier: int, plan: StagePlan | None) -> WeightCell:
    part: TierPlan | None = plan.tier(tier) if plan else None
    weight = stage.weights.get(tier, 0.0)
    if plan is None or part is None:
        return WeightCell(stage.name, str(tier), weight, 0, 0.0, 0)
    warnings = [warning for warning in plan.warnings if warning.tier == tier]
    levels: list[Level] = ["ok", *(warning.level for warning in warnings)]
    worst = max(levels, key=_LEVELS.index)
    note = next((warning.text for warning in warnings if warning.level == worst), "") or (
        f"{numbers.short(part.drawn_tokens)} of {numbers.short(part.available_tokens)} unique tokens; "
        f"{numbers.percent(part.sample_probability)} of the samples; one more is worth {part.marginal_value:.2f}"
    )
    return WeightCell(
        stage.name, str(tier), weight, part.drawn_tokens, part.epochs, round(part.effective_tokens), worst, note
    )


def _consequences(plan: StagePlan, is_chosen: bool) -> Content:
    """Says in lines what a stage draws and what to know about it, the severest first."""
    most = f", at most {numbers.short(plan.budget_max)} within the epoch cap" if plan.budget_max is not None else ""
    human = f", {plan.human_share:.1f}% of human origin" if plan.human_share is not None else ""
    drawn = f"{numbers.short(plan.drawn_tokens)} of {numbers.short(plan.budget)} tokens drawn{most}"
    worth = f"worth {numbers.short(round(plan.effective_tokens))} unique tokens{human}"
    warnings = sorted(plan.warnings, key=lambda warning: -_LEVELS.index(warning.level))
    return Content("\n").join(
        [
            safe.line(f"{plan.stage}: {drawn}", "bold" if is_chosen else ""),
            *(_warning_line(warning.level, warning.text) for warning in warnings),
            safe.line(f"  {worth}", "$foreground 75%"),
        ]
    )


def _warning_line(level: str, text: str) -> Content:
    sign, style = _SIGNS[level]
    return Content.assemble(safe.line(f"{sign} ", f"{style} bold"), safe.line(text, style))
