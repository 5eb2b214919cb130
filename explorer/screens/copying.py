"""What can be copied of a sample, always in a form that no terminal acts on unless raw text is asked for."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


async def _copy_content(screen: "CorpusScreen", sample: dict[str, Any], choice: str) -> None:
    text = await _whole_text(screen, sample["row"])
    if text is None:
        return
    if choice == "file":
        await _write(screen, sample, text)
        return
    cut = text[:MAX_COPY]
    name = f"The first {numbers.count(MAX_COPY)} characters" if len(text) > MAX_COPY else "The content"
    _put(screen, cut if choice == "raw" else visible(cut, lines=100_000), name)


async def _whole_text(screen: "CorpusScreen", row: int) -> str | None:
    """Gathers the text of a sample window by window."""
    lines: list[str] = []
    while True:
        found = await screen.asked("content", lane="copy", row=row, first=len(lines) + 1)
        if found is None:
            return None
        if found["cut"]:
            screen.notify("Some of its lines are too long to copy whole.", severity="warning")
        lines += found["lines"]
        if len(lines) >= found["total_lines"] or not found["lines"]:
            return "\n".join(lines) + ("\n" if found["is_ended"] else "")


async def _write(screen: "CorpusScreen", sample: dict[str, Any], text: str) -> None:
    name = await screen.app.push_screen_wait(Ask("Write the content to", "a file that does not exist yet"))
    if not name:
        return
    try:
        await asyncio.to_thread(_write_new, Path(name).expanduser(), text)
    except OSError as error:
        screen.tell(ExplorerError(f"{name} cannot be written: {error.strerror}."))
    else:
        screen.notify(f"Written to {visible(name)}.")


def _write_new(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", errors="surrogatepass", newline="") as file:
        file.write(text)


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
