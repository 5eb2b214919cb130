"""What the engine does not count is limited too: a sentence, another reader, and the session goes on."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.api.calls import call
from explorer.api.messages.browse import ViewRequest
from explorer.corpus.workspace import Place
from explorer.reader.client import Reader, ReaderFailed, ReaderGone
from explorer.reader.memory import held
from explorer.selection import Selection
from tests.reader.conftest import MakeReader

BOMB = "len(list_transform(string_split(content,''), lambda x: content||x)) > 1"
LOW = """
import sys
from explorer.reader import memory
memory.LIMIT = {limit}
sys.argv = ["corpus", *sys.argv[1:]]
from explorer.cli import main
main()
"""


def corpus(limit: int, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-c", LOW.format(limit=limit), *words)


@pytest.fixture
def limited(make_reader: MakeReader, plenty_place: Place, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    return make_reader(*corpus(400 << 20, "serve", str(plenty_place.workspace.root)))


async def test_a_filter_that_takes_too_much_costs_itself_alone(limited: Reader) -> None:
    await limited.start()
    with pytest.raises(ReaderFailed, match="needs more memory than 4 GB") as failed:
        await call(limited, ViewRequest(Selection(BOMB)))
    assert failed.value.hint == "Narrow the filter."
    while True:
        try:
            found = await call(limited, ViewRequest(Selection("tier = 1")))
            break
        except ReaderGone:  # its end has not been heard of yet
            await asyncio.sleep(0.05)
    assert found.rows > 0


def test_a_command_ends_with_the_same_sentence(plenty_place: Place) -> None:
    ended = subprocess.run(
        corpus(400 << 20, "find", str(plenty_place.workspace.root), BOMB),
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == ["corpus: This needs more memory than 4 GB.", "        Narrow the filter."]


def test_what_is_held_is_seen() -> None:
    before = held()
    block = os.urandom(64 << 20)
    assert held() - before > 60 << 20
    assert len(block) == 64 << 20
