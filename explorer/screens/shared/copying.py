"""What can be copied of a sample, always in a form that no terminal acts on unless raw text is asked for."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from explorer.api.messages.browse import SaveRequest, TextRequest, Window
from explorer.screens.browse.about import headline
from widgets import numbers
from widgets.prompts import Ask, Pick
from widgets.visible import visible

if TYPE_CHECKING:
    from explorer.screens.shared.corpus_screen import CorpusScreen

MAX_COPY = 1_000_000
"""Characters of content that are put on the clipboard."""

_OPTIONS = (
    ("id", "id", "the sample's stable name"),
    ("path", "path", "repository and path"),
    ("content", "content", "as it is shown: control characters made visible, secrets masked"),
    ("raw", "content, raw", "may hold control characters: paste it with care; secrets masked"),
    ("file", "content into a file", "the whole text, secrets masked"),
    ("bytes", "content into a file, unmasked", "its bytes as they are, secrets too"),
)


async def copy(screen: "CorpusScreen", sample: Mapping[str, Any]) -> None:
    """Asks what to copy and copies it."""
    choice = await screen.app.push_screen_wait(Pick("Copy", _OPTIONS))
    if choice == "id":
        _put(screen, visible(sample["id"]), "The id")
    elif choice == "path":
        _put(screen, visible(headline(sample)), "The path")
    elif choice is not None:
        await _copy_content(screen, sample, choice)


class _Whole(NamedTuple):
    """The whole text of a sample, and what of it is not as in the corpus."""

    text: str
    is_utf8: bool
    secrets: int


async def _copy_content(screen: "CorpusScreen", sample: Mapping[str, Any], choice: str) -> None:
    if choice in ("file", "bytes"):
        await _write(screen, sample["row"], unmasked=choice == "bytes")
        return
    whole = await _whole_text(screen, sample["row"])
    if whole is None:
        return
    text = (
        whole.text
        if choice == "raw"
        else visible(whole.text[:MAX_COPY], lines=MAX_COPY + 1, columns=MAX_COPY, characters=MAX_COPY)
    )
    cut = text[:MAX_COPY]
    is_whole = len(whole.text) <= MAX_COPY and len(text) <= MAX_COPY
    name = "The content" if is_whole else f"The beginning of the content ({numbers.count(MAX_COPY)} characters)"
    _put(screen, cut, name, _changed(whole))


async def _whole_text(screen: "CorpusScreen", row: int) -> _Whole | None:
    """Gathers the whole text of a sample piece by piece; None where the reader did not give all of it."""
    pieces: list[str] = []
    start = 0
    while True:
        found = await screen.asked(TextRequest(row, start))
        if found is None:
            return None
        pieces.append(found.text)
        start += len(found.text)
        if start >= found.characters:
            return _Whole("".join(pieces), found.is_utf8, found.secrets)


async def _write(screen: "CorpusScreen", row: int, *, unmasked: bool) -> None:
    """Asks for a new file and writes the whole content to it, or nothing."""
    title = f"Write the content, secrets {'unmasked' if unmasked else 'masked'}, to"
    name = await screen.app.push_screen_wait(Ask(title, "a file that does not exist yet"))
    if not name:
        return
    path = os.path.abspath(os.path.expanduser(name))
    found = await screen.asked(SaveRequest(row, path, unmasked))
    if found is not None:
        masked = ", secrets masked" if found.masked else ""
        screen.notify(f"Written whole to {visible(name)}: {numbers.counted(found.bytes, 'byte')}{masked}.")


def _changed(whole: _Whole) -> list[str]:
    """Says what of a text is not as in the corpus."""
    told: list[str] = []
    if whole.secrets:
        told.append(f"{numbers.counted(whole.secrets, 'secret')} masked")
    if not whole.is_utf8:
        told.append("bytes that are no text became �")
    return told


def _put(screen: "CorpusScreen", text: str, name: str, changed: Sequence[str] = ()) -> None:
    screen.app.copy_to_clipboard(text)
    screen.notify(f"{name} was copied{': ' if changed else ''}{', '.join(changed)}.")


def notice_of(content: Window) -> str | None:
    """Says above the code what is special about a content, if anything is."""
    notes: list[str] = []
    if not content.is_utf8:
        notes.append("not UTF-8: bytes that are no text are shown as �")
    if content.cut:
        longest = max(content.cut.values())
        lines = numbers.counted(len(content.cut), "line")
        notes.append(f"{lines} cut, the longest has {numbers.count(longest)} characters")
    if content.secrets:
        notes.append(f"{numbers.counted(len({tuple(span[:2]) for span in content.secrets}), 'secret')} masked")
    if not content.bytes:
        notes.append("empty: 0 bytes")
    return " · ".join(notes) or None
