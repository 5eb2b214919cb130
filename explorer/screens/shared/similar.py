"""More like this: lists the samples most like one, and goes to the one that is chosen."""

from functools import partial
from typing import TYPE_CHECKING

from explorer.api.messages.clusters import SimilarRequest, SimilarSample
from widgets import numbers
from widgets.prompts import Pick

if TYPE_CHECKING:
    from explorer.screens.shared.corpus_screen import CorpusScreen


def show_similar(screen: "CorpusScreen", row: int) -> None:
    """Lists what is most like a row; the latest wish counts."""
    screen.run_worker(partial(_show, screen, row), group="similar", exclusive=True, exit_on_error=False)


async def _show(screen: "CorpusScreen", row: int) -> None:
    found = await screen.asked(SimilarRequest(row))
    if found is None:
        return
    if not found.similar:
        screen.notify("No other sample shares five words in a row with this one.")
        return
    options = [(str(one.row), _label(one), _hint(one)) for one in found.similar]
    chosen = await screen.app.push_screen_wait(Pick("More like this: similarity, sample", options))
    if chosen is not None:
        from explorer.screens.clusters.screen import SampleWanted

        screen.app.post_message(SampleWanted(int(chosen)))


def _label(one: SimilarSample) -> str:
    return f"{one.similarity:.3f}  {one.path or one.id}"


def _hint(one: SimilarSample) -> str:
    tier = "not tiered" if one.tier is None else f"tier {one.tier}"
    copies = f" · {numbers.counted(one.copies, 'copy', 'copies')}" if one.copies > 1 else ""
    return f"{tier} · {one.origin}{copies}"
