"""Deciding on the samples of a table: under the cursor, marked, or all of a view; and taking it back."""

import asyncio
from collections.abc import Sequence
from functools import partial

from textual import on, work
from textual.getters import query_one
from textual.widgets import Input

from explorer.api.messages.browse import KeysOfSelectionRequest, KeysRequest, PageRequest, PositionRequest
from explorer.labels.decisions import SampleRef, Undone, Value
from explorer.safety.masking import mask_values
from explorer.screens.browse import rows as browse_rows
from explorer.screens.shared.corpus_screen import ACTS, ASKS, CorpusScreen
from explorer.screens.shared.labelling import (
    CLEAR,
    REDO,
    UNDO,
    DecisionQueue,
    Wanted,
    describe,
    options,
    read_option,
)
from explorer.screens.shared.workbench import Workbench
from explorer.selection import Selection
from widgets import numbers
from widgets.paged_table import PagedTable
from widgets.prompts import Ask, Confirm, Pick

LABEL_ACTIONS = frozenset(("label", "take_back", "note", "label_view", "accept", "accept_view", "undo", "redo"))

ROW_ACTIONS = LABEL_ACTIONS | {"mark", "range", "select", "compare_from", "choose_survivor", "judge"}
"""What acts on the row under the cursor, and so waits for it."""

MOVES = frozenset(("down", "up", "page_down", "page_up", "half_down", "half_up", "top", "bottom", "column"))
"""What moves the cursor of a list."""

TYPING_ACTIONS = frozenset(("filter", "find", "go_to", "note"))
"""What opens something to type into, ahead of whatever has the focus."""


class LabellingScreen(CorpusScreen):
    """A screen with the table of a view; the one that derives from it brings the rows."""

    table = query_one("#table", PagedTable)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self.decisions = DecisionQueue(workbench)
        self._view: int | None = None
        self._wish = Selection()
        self._lines: dict[int, browse_rows.Line] = {}
        self._refreshing = asyncio.Lock()
        self._turning = 0
        """How many undos and redos have not shown their sample yet."""

    def start_deciding(self) -> None:
        """Saves decisions from now on; an unforeseen error there must end the explorer, not lose labels in silence."""
        self.run_worker(partial(self.decisions.work, self.post_message), group="decisions")

    def labels_changed(self, ids: Sequence[str]) -> None:
        """Takes note that the reader knows other labels for some samples."""

    def show_place(self) -> None:
        """Shows where the cursor is and whether everything is saved."""

    def action_zoom(self) -> None:
        """Lets the focused pane fill the screen, or gives it back its place."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused, container=False)
            self.notify("z or esc gives the pane its place back.", timeout=2)

    def saved_words(self) -> list[str]:
        """Says for the bottom line how many samples are labelled, and whether all of that is on disk."""
        labelled = f"{numbers.count(self.workbench.counts.samples)} labelled"
        if not self.decisions.is_settled:
            return [labelled, "saving …"]
        lost = self.decisions.lost
        return [labelled, f"the last {numbers.count(lost)} NOT saved" if lost else "all saved"]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keeps the keys that decide grey until the journals are read, and leaves letters to an input."""
        if action in TYPING_ACTIONS and isinstance(self.focused, Input):
            return False
        return None if action in LABEL_ACTIONS and not self.workbench.is_open else True

    def _may_label(self) -> bool:
        if self.workbench.read_only:
            self.notify(self.workbench.read_only, severity="error")
        return not self.workbench.read_only

    def _decide(self, wanted: Wanted) -> None:
        self.decisions.put(wanted)
        self.show_place()

    @property
    def is_acting(self) -> bool:
        """Whether an undo or a redo has not shown its sample yet."""
        return self._turning > 0

    def holds(self, key: str, running: frozenset[str], begun: frozenset[str]) -> bool:
        """Tells whether a key must wait for the view, or for the row that it acts on."""
        if super().holds(key, running, begun):
            return True
        is_missing = bool(self.table.row_count) and self.table.highlighted is None
        return is_missing and not isinstance(self.focused, Input) and self.action_of(key) in ROW_ACTIONS

    # ---- one sample, or the marked ones

    def action_label(self, field: str, value: Value) -> None:
        """Decides a field of the marked samples, or of the one under the cursor and moves on."""
        if not self._may_label():
            return
        if self.table.marked:
            self._label_marked(field, value)
        else:
            self._label_one(field, value)

    def action_take_back(self) -> None:
        """Takes the label back."""
        self.action_label(CLEAR, None)

    def _label_one(self, field: str, value: Value) -> None:
        row = self.table.highlighted
        if row is None:
            self.notify("The row is not here yet; press the key again in a moment.", severity="warning")
            return
        line = self._lines.get(int(row.key))
        if line is not None:
            self._label_line(line, field, value)
        else:
            self._label_rows([int(row.key)], field, value)
            self.table.go_to(self.table.cursor + 1)

    def _label_line(self, line: browse_rows.Line, field: str, value: Value) -> None:
        self._decide(Wanted((line.ref,), field, value, line.position, self.table.generation))
        self.table.go_to(line.position + 1)

    @work(group=ACTS, exit_on_error=False)
    async def _label_rows(self, rows: Sequence[int], field: str, value: Value) -> None:
        found = await self.asked(KeysRequest(tuple(rows)))
        if found is not None:
            self._decide(Wanted(tuple(SampleRef(*key) for key in found.keys), field, value))

    @work(group=ASKS, exit_on_error=False)
    async def _label_marked(self, field: str, value: Value) -> None:
        marked = self.table.marked
        found = await self.asked(KeysRequest(tuple(int(key) for key in marked)))
        if found is not None and await self._label_many([SampleRef(*key) for key in found.keys], field, value):
            self.table.action_clear_marks()

    def action_note(self) -> None:
        """Writes a note on the sample, or on the marked ones."""
        row = self.table.highlighted
        line = self._lines.get(int(row.key)) if row is not None else None
        if not self._may_label() or (line is None and not self.table.marked):
            return
        label = self.workbench.book.label_of(line.ref.id) if line is not None and not self.table.marked else None
        before = mask_values((label.note if label else "") or "")
        self.app.push_screen(Ask("Note", "empty takes it back", before), partial(self._take_note, line, before))

    def _take_note(self, line: browse_rows.Line | None, before: str, text: str | None) -> None:
        if text and mask_values(text) != text:
            self.notify("The note holds a secret, which is masked before it is saved.", severity="warning")
        if text is not None and self.table.marked:
            self._label_marked("note", text.strip() or None)
        elif text is not None and line is not None and text.strip() != before:
            self._label_line(line, "note", text.strip() or None)

    # ---- many

    @work(group=ASKS, exit_on_error=False)
    async def action_label_view(self) -> None:
        """Decides something for every sample of the view, once its count is confirmed."""
        if not self._may_label():
            return
        wish = self._wish
        key = await self.app.push_screen_wait(
            Pick(f"Label all {numbers.count(self.table.row_count)} samples", options())
        )
        if key is None:
            return
        found = await self.asked(KeysOfSelectionRequest(wish))
        if found is not None:
            await self._label_many([SampleRef(*key) for key in found.keys], *read_option(key))

    async def _label_many(self, samples: Sequence[SampleRef], field: str, value: Value) -> bool:
        words = describe(field, value, len(samples))
        body = "One undo (u) takes all of it back."
        if not samples or not await self.app.push_screen_wait(Confirm(f"{words[0].upper()}{words[1:]}?", body)):
            return False
        self._decide(Wanted(tuple(samples), field, value))
        return True

    # ---- back and forth

    def action_undo(self) -> None:
        """Takes the latest decision back, of this run or an earlier one."""
        self._turn(UNDO)

    def action_redo(self) -> None:
        """Does again what was undone last."""
        self._turn(REDO)

    def _turn(self, field: str) -> None:
        if self._may_label():
            self._turning += 1
            self._decide(Wanted((), field))

    # ---- what came of it

    @on(DecisionQueue.Landed)
    def _take_landed(self, event: DecisionQueue.Landed) -> None:
        self.show_place()
        if event.wanted.position is None:
            self.notify(f"Saved: {describe(event.wanted.field, event.wanted.value, len(event.wanted.samples))}.")
        self._show_landed(event)

    @work(exit_on_error=False)
    async def _show_landed(self, event: DecisionQueue.Landed) -> None:
        await self.workbench.laid()
        position = event.wanted.position
        if position is not None and event.wanted.generation == self.table.generation:
            await self.refresh_row(position)
        else:
            self.table.invalidate()
        self.labels_changed([label.id for label in event.changed])

    @on(DecisionQueue.Turned)
    def _take_turned(self, event: DecisionQueue.Turned) -> None:
        self._turning -= 1
        self.show_place()
        is_undo = event.wanted.field == UNDO
        if event.turned is None:
            self.notify("Nothing to undo." if is_undo else "Nothing to redo.")
            return
        samples = "1 sample" if event.turned.samples == 1 else f"{event.turned.samples:,} samples"
        field = event.turned.field.replace("_", " ")
        self.notify(f"{'Undone' if is_undo else 'Done again'}: {field or 'label'} of {samples}.")
        self._show_turned(event.turned)

    @work(group="turned", exclusive=True, exit_on_error=False)
    async def _show_turned(self, turned: Undone) -> None:
        await self.workbench.laid()
        self.table.invalidate()
        self.labels_changed([label.id for label in turned.changed])
        if turned.changed:
            await self.go_to_sample(turned.changed[0].id)

    async def go_to_sample(self, sample: str) -> None:
        """Puts the cursor on a sample where it is in the view."""
        place = await self.asked(PositionRequest(self._view, id=sample))
        if place is not None and place.position is not None:
            self.table.go_to(place.position)

    @on(DecisionQueue.Lost)
    def _take_lost(self, event: DecisionQueue.Lost) -> None:
        self._turning -= event.wanted.field in (UNDO, REDO)
        self.show_place()
        self.tell(event.error)

    async def refresh_row(self, position: int) -> None:
        """Shows one row as the reader has it now; the rows wait for one another, as their lane answers only one."""
        async with self._refreshing:
            found = await self.asked(PageRequest(self._view, position, 1, browse_rows.ASKED), channel="row")
            for line in browse_rows.read_lines(found.rows) if found else ():
                self._lines[line.row] = line
                self.table.update_row(position, browse_rows.table_row(line, self.table.columns))
