"""The quality screen: how quality is spread over tiers, how far it agrees with you, and what a threshold would cost."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one

from explorer.api.messages.reasons import (
    AgreementShown,
    CutoffImpactRequest,
    EstimateShown,
    QualityDistribution,
    QualityRequest,
    TierQuality,
)
from explorer.errors import ExplorerError
from explorer.mixing.losses import ACCEPTED, BlastRadius
from explorer.mixing.mix_file import current_mix
from explorer.screens.shared.corpus_screen import CorpusScreen
from explorer.screens.shared.workbench import Workbench
from widgets import numbers, safe
from widgets.plot_view import Curve, PlotView
from widgets.prompts import Confirm, ConfirmTyped
from widgets.text_pane import Piece, TextPane

Line = tuple[Piece, ...]

COLOURS = {1: "success", 2: "primary", 3: "warning", 4: "error", None: "foreground"}
"""Colours of the tiers in the theme."""
LEAST_DRAWN = 20
"""Samples that a tier has at least before its curve says anything."""
MOST = 95
STEP, LEAP = 1, 5
SHOWN_SLICES = 5
MOST_FIGURES = 0.55
"""Part of the screen that the figures take at most."""
QUIET, TITLE = "$foreground 60%", "bold $text-primary"


class QualityScreen(CorpusScreen):
    """Shows quality by tier and slides the percentile below which a mix draws nothing."""

    TAB = "quality"
    LOADING = frozenset(("spread", "reload"))
    HELP = """
# Quality

One curve for each tier: what share of its samples has which quality. `←` `→` move the least percentile, and the figures
below tell what would fall out; `enter` applies it to the mix.
"""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", f"slide(-{STEP})", "Less", show=False, id="quality.less", priority=True),
        Binding("right", f"slide({STEP})", "More", show=False, id="quality.more", priority=True),
        Binding("left_square_bracket", f"slide(-{LEAP})", "Much less", show=False, id="quality.much_less"),
        Binding("right_square_bracket", f"slide({LEAP})", "Much more", show=False, id="quality.much_more"),
        Binding("enter", "apply", "Apply the threshold", id="quality.apply", priority=True),
        Binding("escape", "leave", "Back", show=False, id="quality.leave"),
    ]
    DEFAULT_CSS = """
    QualityScreen {
        & PlotView { height: 1fr; min-height: 8; padding: 0 1; background: $surface; }
        & TextPane { height: 12; padding: 0 1; }
    }
    """
    plot = query_one(PlotView)
    figures = query_one(TextPane)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._spread: QualityDistribution | None = None
        self._least = 0.0
        self._applied = 0.0
        self._radius: BlastRadius | None = None
        self._seen = -1

    def body(self) -> ComposeResult:
        """Gives the chart and the figures under it."""
        with Vertical():
            yield PlotView(id="quality-plot")
            yield TextPane(id="quality-figures")

    def on_mount(self) -> None:
        """Counts as soon as the corpus is open."""
        self.show_top_bar()
        self.figures.focus()
        if self.workbench.described:
            self.corpus_opened()

    def corpus_opened(self) -> None:
        """Counts what there is."""
        super().corpus_opened()
        self.show_again()

    def reader_restarted(self) -> None:
        """Counts again."""
        self.show_again()

    def on_screen_resume(self) -> None:
        """Counts again where labels were given on another screen."""
        self.show_top_bar()
        if self.workbench.described and self._seen != self.workbench.decisions:
            self.show_again()

    @work(group="spread", exclusive=True, exit_on_error=False)
    async def show_again(self) -> None:
        """Counts again."""
        self._seen = self.workbench.decisions
        try:
            mix = await asyncio.to_thread(current_mix, self.workbench.workspace)
            self._applied = self._least = mix.gates.least_quality
        except ExplorerError as error:
            self.tell(error)
        self.show_status(safe.line("counting …"))
        found = await self.asked(QualityRequest())
        if found is not None:
            self._spread = found
            self._draw()
            self._ask_falling()

    def holds(self, key: str, running: frozenset[str], begun: frozenset[str]) -> bool:
        """Tells whether a key must wait for the curves, or the one that applies for what would fall out."""
        is_early = "falling" in running and self.action_of(key) == "apply"
        return is_early or super().holds(key, running, begun)

    # ---- the threshold

    def action_slide(self, step: float) -> None:
        """Moves the least percentile; what falls out follows."""
        self._least = min(max(self._least + step, 0.0), float(MOST))
        self._draw()
        self._ask_falling()

    @work(group="falling", exclusive=True, exit_on_error=False)
    async def _ask_falling(self) -> None:
        found = await self.asked(CutoffImpactRequest(self._least, self._applied))
        if found is not None:
            self._radius = BlastRadius.of(found.slices, self.workbench_alarm())
            self._draw()

    def workbench_alarm(self) -> float:
        """The percent of a slice whose loss is asked about twice."""
        try:
            return current_mix(self.workbench.workspace).clusters.alarm
        except ExplorerError:
            return 50.0

    @work(group="apply", exclusive=True, exit_on_error=False)
    async def action_apply(self) -> None:
        """Writes the threshold into the mix, once its cost has been confirmed."""
        if self.workbench.read_only:
            self.notify(self.workbench.read_only, severity="error")
            return
        if self._radius is None or self._least == self._applied:
            self.notify("← and → move the threshold; enter applies it.")
            return
        if not await self._agree(self._radius):
            return
        try:
            mix = await asyncio.to_thread(current_mix, self.workbench.workspace)
            gates = replace(mix.gates, least_quality=self._least)
            await self.workbench.save_mix(replace(mix, gates=gates), mix)
        except ExplorerError as error:
            self.tell(error)
            return
        self._applied = self._least
        self.notify(f"A mix draws nothing below percentile {self._least:.0f} now.")
        self._ask_falling()

    async def _agree(self, radius: BlastRadius) -> bool:
        title = f"Draw nothing below percentile {self._least:.0f} of a language?"
        body = "\n".join("".join(text for text, _ in line) for line in _slices(radius))
        if not radius.alarms:
            return await self.app.push_screen_wait(Confirm(title, body, yes_text="apply it"))
        alarm = f"{numbers.counted(len(radius.alarms), 'slice')} would lose more than half of the tokens."
        return await self.app.push_screen_wait(ConfirmTyped(title, f"{alarm}\n\n{body}", ACCEPTED))

    def action_leave(self) -> None:
        """Puts the threshold back where it is applied."""
        self._least = self._applied
        self._draw()
        self._ask_falling()

    # ---- drawing

    def _draw(self) -> None:
        tiers = self._spread.tiers if self._spread is not None else ()
        self.plot.show(
            [_curve(row) for row in tiers if row.known >= LEAST_DRAWN],
            (0, 100),
            title="quality by tier, % of its samples",
        )
        lines = [*_table(tiers), (), *self._threshold(), ()]
        lines += _agreement(self._spread.agreement) if self._spread is not None else ()
        self.figures.styles.height = min(len(lines), int(self.size.height * MOST_FIGURES))
        self.figures.show(lines)
        known = sum(row.known for row in tiers)
        right = "" if self._least == self._applied else "enter applies · esc puts it back"
        self.show_status(safe.line(f"quality of {numbers.count(known)} samples"), safe.line(right))

    def _threshold(self) -> Iterator[Line]:
        state = "in force" if self._least == self._applied else f"in force is {self._applied:.0f}"
        yield (
            ("Least percentile in its language ", TITLE),
            (f"{self._least:3.0f} ", "bold"),
            (f" {numbers.bar(self._least / 100, 30)} ", "$primary on $panel"),
            (f"  ← →   {state}", QUIET),
        )
        if self._radius is not None:
            yield from _slices(self._radius)


def _curve(row: TierQuality) -> Curve:
    width = 100 / len(row.bins)
    label = "no tier" if row.tier is None else f"tier {row.tier}"
    shares = [(width * (place + 0.5), 100 * samples / row.known) for place, samples in enumerate(row.bins)]
    return Curve(label, COLOURS[row.tier], shares)


def _table(tiers: Sequence[TierQuality]) -> Iterator[Line]:
    yield ((f"{'tier':<10}{'samples':>12}{'median':>9}{'middle half':>15}{'weight known':>15}", QUIET),)
    for row in tiers:
        name = "none" if row.tier is None else str(row.tier)
        low, middle, high = row.quartiles or (None, None, None)
        spread = "–" if middle is None else f"{low:.0f} – {high:.0f}"
        median = "–" if middle is None else f"{middle:.1f}"
        coverage = "–" if row.coverage is None else f"{100 * row.coverage:.0f}%"
        style = f"${COLOURS[row.tier]}"
        yield (
            (f"{name:<10}", f"bold {style}"),
            (f"{numbers.count(row.samples):>12}{median:>9}{spread:>15}{coverage:>15}", ""),
        )


def _agreement(found: AgreementShown) -> Iterator[Line]:
    yield (("Agreement with your tiers", TITLE), (f"   {numbers.counted(found.labels, 'label')}", QUIET))
    yield _estimated("all languages", found.rho)
    yield _estimated("1 above 4", found.auc)
    yield _estimated("beyond comments", found.rho_beyond_comments)
    yield ("  suggested tiers       ", ""), (f"by rules; the learned layer is off: {found.learned}", QUIET)
    for one in found.languages:
        yield _estimated(f"{one.language or 'no language'} ({numbers.count(one.labels)})", one.rho)


def _estimated(title: str, estimate: EstimateShown) -> Line:
    if estimate.value is None:
        return (f"  {title:<22}", ""), (estimate.missing or "unknown", QUIET)
    low, high = estimate.low, estimate.high
    interval = "" if low is None else f"  [{low:.2f}, {high:.2f}]"
    return (f"  {title:<22}", ""), (f"{estimate.value:.2f}{interval}", "bold")


def _slices(radius: BlastRadius) -> Iterator[Line]:
    yield ((f"{'falls out':>10}{'now':>9}{'of tokens':>12}", QUIET),)
    losses = [radius.whole, *(loss for loss in radius.sums if loss.tokens_lost)][: SHOWN_SLICES + 1]
    for loss in losses:
        mark = "!" if loss in radius.alarms else " "
        then, now = numbers.percent(loss.share), numbers.percent(loss.share_now)
        yield ((f"{mark}{then:>9}{now:>9}{numbers.tokens(loss.tokens):>12}  {loss.name}", ""),)
