"""What every screen works with: the reader, the label book, the corpus's description, the remembered state."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from explorer.api.calls import call
from explorer.api.messages.browse import DescribeRequest, Description, LabelsRequest
from explorer.corpus.watching import Watch
from explorer.corpus.workspace import Workspace
from explorer.errors import ExplorerError
from explorer.labels.book import LabelBook
from explorer.labels.decisions import LabelCounts, SampleLabel, SampleRef, Saved, Undone, Value
from explorer.mixing.mix import Mix
from explorer.mixing.mix_file import save_mix
from explorer.reader.client import Reader, ReaderGone, Superseded
from explorer.screens.shared.news import News
from explorer.screens.shared.noticing import Noticing
from explorer.screens.shared.state import SavedState

CHUNK = 5_000
"""Labels of one message to the reader."""

DEATHS = 2
"""So many deaths of the reader on one file and the screens no longer open it."""

Result = TypeVar("Result")


class Workbench:
    """The two processes' halves in one pair of hands; its coroutines run in the UI's event loop."""

    def __init__(self, workspace: Workspace, command: Sequence[str], *, read_only: bool = False) -> None:
        self.workspace = workspace
        self.state = SavedState.load(workspace.state)
        self.described: Description | None = None
        """What the reader says of the corpus, once it has."""
        self.decisions = 0
        """How many decisions have changed a label in this run: a screen that shows older ones asks again."""
        self.unanswered = 0
        """How many questions to the curator could not open, or go on, because the reader gave no answer."""
        self.generation = 0
        """How often the index was replaced by another one in this run: rows of an older one mean nothing."""
        self.news = News()
        """What other processes changed that is not shown yet."""
        self.is_reloading = False
        self.before_reload: Callable[[], Awaitable[None]] = _nothing
        """What is asked of the index that is open before another one takes its place."""
        self._watch = Watch(workspace)
        self._reloads = 0
        self._trouble = ""
        self._noticing: Noticing[tuple[int, News]] | None = None
        self._read_only = read_only
        self._book: LabelBook | None = None
        self._writing = asyncio.Lock()
        self._laying: asyncio.Task[None] | None = None
        self._restarted: Callable[[], None] = lambda: None
        self._told: Callable[[ExplorerError], None] = lambda error: None
        self.reader = Reader(command, log=None if read_only else workspace.log, on_restart=self._replay)
        self._starting: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Starts the reader without waiting for it: it gets ready while the screens are still being loaded."""
        self._starting = asyncio.ensure_future(self.reader.start())

    async def open(self, restarted: Callable[[], None], told: Callable[[ExplorerError], None]) -> None:
        """Starts the reader and reads the journals.

        `restarted` is called when a dead reader is back, `told` where it cannot take a label that is on disk.
        """
        self._restarted, self._told = restarted, told
        _, self._book = await asyncio.gather(
            self._starting or self.reader.start(),
            asyncio.to_thread(LabelBook.open, self.workspace.labels, only_look=self._read_only),
        )
        await self._lay_all()
        await self._describe()

    async def close(self) -> None:
        """Stops the reader at once and closes the journal; raises NotSaved where decisions are no longer on disk."""
        if self._noticing is not None:
            self._noticing.stop()
        await self.save_state()
        await self.reader.stop()
        if self._book is not None:
            self._book.close()

    async def save_state(self) -> None:
        """Remembers the state of the screens, unless the corpus was opened to look only."""
        if not self._read_only:
            await asyncio.to_thread(self.state.save, self.workspace.state)

    @property
    def book(self) -> LabelBook:
        """The label book; there once `open` has returned."""
        if self._book is None:
            raise RuntimeError("the label book is not open yet")
        return self._book

    @property
    def samples(self) -> int:
        """How many samples the corpus has; 0 before the reader has said it."""
        return self.described.totals.samples if self.described is not None else 0

    @property
    def is_open(self) -> bool:
        """Whether there is a label book yet."""
        return self._book is not None

    @property
    def read_only(self) -> str:
        """Why nothing can be saved, as a sentence; empty where it can, or is not known yet."""
        return self._book.read_only if self._book is not None else ""

    @property
    def set_aside(self) -> frozenset[str]:
        """The files that the reader died on too often to be opened again."""
        return frozenset(file for file, deaths in self.reader.deaths.items() if deaths >= DEATHS)

    @property
    def counts(self) -> LabelCounts:
        """How much the journals hold."""
        return self._book.counts() if self._book is not None else LabelCounts(0, 0, 0, 0)

    # ---- labels: journal on disk first, then the reader, which a screen need not wait for

    async def set(self, samples: Sequence[SampleRef], field: str, value: Value) -> Saved:
        """Decides one field of some samples; returns once it is on disk. Raises NotSaved."""
        return await self._write(lambda: self.book.set(samples, field, value))

    async def set_each(self, values: Mapping[SampleRef, Value], field: str) -> Saved:
        """Decides one field of some samples, each with a value of its own, in one event; like `set`."""
        return await self._write(lambda: self.book.set_each(values, field))

    async def clear(self, samples: Sequence[SampleRef]) -> Saved:
        """Takes the labels of some samples back, like `set`."""
        return await self._write(lambda: self.book.clear(samples))

    async def undo(self) -> Undone | None:
        """Takes the latest decision back; None where there is none."""
        return await self._write(self.book.undo)

    async def redo(self) -> Undone | None:
        """Does again what was undone last; None where there is nothing."""
        return await self._write(self.book.redo)

    async def laid(self) -> None:
        """Waits until the reader knows every label that is on disk by now, or has failed to take it."""
        if self._laying is not None:
            await asyncio.wait((self._laying,))

    async def _write(self, decide: Callable[[], Result]) -> Result:
        async with self._writing:
            try:
                decided = await asyncio.to_thread(decide)
            finally:
                self._tell_news()
            changed = decided.changed if isinstance(decided, Saved | Undone) else ()
            self.decisions += bool(changed)
            self._laying = asyncio.create_task(self._lay_after(self._laying, changed))
            return decided

    def _tell_news(self) -> None:
        for sentence in self.book.take_news():
            self._told(ExplorerError(sentence))

    async def _lay_after(self, earlier: asyncio.Task[None] | None, labels: Sequence[SampleLabel]) -> None:
        """Tells the reader of labels in their order; one that dies over it is told all of them when it is back."""
        if earlier is not None:
            await asyncio.wait((earlier,))
        try:
            await self._lay(labels)
        except (ReaderGone, Superseded):
            return
        except ExplorerError as error:
            self._told(error)

    async def _lay(self, labels: Sequence[SampleLabel]) -> None:
        for first in range(0, len(labels), CHUNK):
            chunk = tuple(label.fields for label in labels[first : first + CHUNK])
            await call(self.reader, LabelsRequest(chunk))

    async def _lay_all(self) -> None:
        if self._book is not None:
            await self._lay(await asyncio.to_thread(_every_label, self._book))

    async def _describe(self) -> None:
        """Asks what the corpus is; takes note where that is another index than before."""
        before = self.described.index if self.described is not None else None
        self.described = await call(self.reader, DescribeRequest())
        index = self.described.index
        if index is not None:
            self._watch.take_index(index)
        if before is not None and index != before:
            self.generation += 1
            self.decisions += 1

    async def _replay(self, reader: Reader) -> None:
        """Tells a restarted reader every label; the screens then build their views again."""
        await self._lay_all()
        await self._describe()
        self._restarted()

    # ---- what others changed

    def notice(self, told: Callable[[], None], every: float) -> None:
        """Looks again and again, off the event loop, for what others change; calls `told` where `news` differ."""

        def look() -> tuple[int, News]:
            return self._reloads, self._look()

        def take(found: tuple[int, News]) -> None:
            reloads, news = found
            if reloads == self._reloads and news != self.news and not self.is_reloading:
                self.news = news
                told()

        self._noticing = Noticing(look, take, every)

    def _look(self) -> News:
        """Looks once, in whichever thread; reads what other sessions decided where their journals changed."""
        look = self._watch.look()
        changed, look = look.journals, replace(look, journals=False)
        book = self._book
        if book is None:
            return News(look)
        if changed or self._trouble:
            try:
                book.refresh()
                self._trouble = ""
            except ExplorerError as error:
                self._trouble = error.title.removesuffix(".")
        return News(look, book.unseen(), self._trouble)

    async def catch_up(self) -> bool:
        """Takes in all that others changed; tells whether the reader was started again for it.

        An index that is gone is kept as it is open. Raises where the reader stays down.
        """
        self.is_reloading = True
        self._reloads += 1
        try:
            news = await asyncio.to_thread(self._look)
            is_stale = news.look.index == "other" or bool(news.look.files) or "" in news.labels
            is_restarted = self.reader.is_down or (is_stale and news.look.index != "gone")
            if is_restarted:
                if self.reader.is_up:
                    await self.before_reload()
                self._watch.take_files()
                await self.reader.restart()
            await self._lay_unseen()
            self.news = await asyncio.to_thread(self._look)
            return is_restarted
        finally:
            self.is_reloading = False

    async def _lay_unseen(self) -> None:
        """Tells the reader what other sessions decided, after what was decided here."""
        if self._book is None:
            return
        async with self._writing:
            labels = await asyncio.to_thread(self._book.take_unseen)
            if labels:
                self.decisions += 1
                self._laying = asyncio.create_task(self._lay_after(self._laying, labels))
        await self.laid()

    async def save_mix(self, mix: Mix, base: Mix | None) -> Mix:
        """Writes `mix.toml` as `save_mix` does; a write of our own is no news."""
        return await asyncio.to_thread(self._save_mix, mix, base)

    def _save_mix(self, mix: Mix, base: Mix | None) -> Mix:
        with self._watch.writing(self.workspace.mix):
            return save_mix(self.workspace.mix, mix, base)


async def _nothing() -> None:
    """Does nothing."""


def _every_label(book: LabelBook) -> tuple[SampleLabel, ...]:
    """All labels that stand; those of other sessions are thereby seen."""
    book.take_unseen()
    return tuple(book.labels())
