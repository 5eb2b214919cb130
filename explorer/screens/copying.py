"""What can be copied of a sample, always in a form that no terminal acts on unless raw text is asked for."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from explorer.corpus.new_files import write_new
from explorer.errors import ExplorerError
from explorer.screens.about import headline
from widgets import numbers
from widgets.prompts import Ask, Pick
from widgets.visible import visible

if TYPE_CHECKING:
    from explorer.screens.corpus_screen import CorpusScreen

MAX_COPY = 1_000_000
"""Characters of content that are put on the clipboard."""

_OPTIONS = (
    ("id", "id", "the sample's stable name"),
    ("path", "path", "repository and path"),
    ("content", "content", "as it is shown: control characters made visible"),
    ("raw", "content, raw", "may hold control characters; paste it with care"),
    ("file", "content into a file", "its text where it is UTF-8, secrets masked"),
)


async def copy(screen: "CorpusScreen", sample: dict[str, Any]) -> None:
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


async def _copy_content(screen: "CorpusScreen", sample: dict[str, Any], choice: str) -> None:
    whole = await _whole_text(screen, sample["row"])
    if whole is None:
        return
    if choice == "file":
        await _write(screen, whole)
        return
    text = (
        whole.text
        if choice == "raw"
        else visible(whole.text[:MAX_COPY], lines=MAX_COPY + 1, columns=MAX_COPY, characters=MAX_COPY)
    )
    cut = text[:MAX_COPY]
    is_whole = len(whole.text) <= MAX_COPY and len(text) <= MAX_COPY
    _put(screen, cut, "The content" if is_whole else f"The first {numbers.count(MAX_COPY)} characters")


async def _whole_text(screen: "CorpusScreen", row: int) -> _Whole | None:
    """Gathers the whole text of a sample piece by piece; None where the reader did not give all of it."""
    pieces: list[str] = []
    start = 0
    while True:
        found = await screen.asked("text", lane="copy", row=row, start=start)
        if found is None:
            return None
        pieces.append(found["text"])
        start += len(found["text"])
        if start >= found["characters"]:
            return _Whole("".join(pieces), found["is_utf8"], found["secrets"])


async def _write(screen: "CorpusScreen", whole: _Whole) -> None:
    name = await screen.app.push_screen_wait(Ask("Write the content to", "a file that does not exist yet"))
    if not name:
        return
    content = whole.text.encode("utf-8", "surrogatepass")
    try:
        await asyncio.to_thread(write_new, Path(name).expanduser(), content)
    except OSError as error:
        hint = "Name a file that does not exist yet." if isinstance(error, FileExistsError) else ""
        screen.tell(ExplorerError(f"{name} cannot be written: {error.strerror}.", hint))
    else:
        screen.notify(f"Written to {visible(name)}: {', '.join(_written(whole, len(content)))}.")


def _written(whole: _Whole, size: int) -> list[str]:
    told = [f"{numbers.count(size)} bytes"]
    if whole.secrets:
        told.append(f"{numbers.counted(whole.secrets, 'secret')} masked")
    if not whole.is_utf8:
        told.append("bytes that are no text became �")
    return told


def _put(screen: "CorpusScreen", text: str, name: str) -> None:
    screen.app.copy_to_clipboard(text)
    screen.notify(f"{name} was copied.")


def notice_of(content: dict[str, Any]) -> str | None:
    """Says above the code what is special about a content, if anything is."""
    notes: list[str] = []
    if not content["is_utf8"]:
        notes.append("not UTF-8: bytes that are no text are shown as �")
    if content["cut"]:
        longest = max(content["cut"].values())
        lines = numbers.counted(len(content["cut"]), "line")
        notes.append(f"{lines} cut, the longest has {numbers.count(longest)} characters")
    if content["secrets"]:
        notes.append(f"{numbers.counted(len({tuple(span[:2]) for span in content['secrets']}), 'secret')} masked")
    if not content["bytes"]:
        notes.append("empty: 0 bytes")
    return " · ".join(notes) or None
