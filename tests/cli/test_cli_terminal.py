"""Commands on a real terminal: whatever a corpus holds, nothing but plain text reaches it."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.corpus.workspace import Place
from tests.cli.conftest import Cli
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f]")
STYLES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(*words: object, answer: bytes = b"") -> tuple[int, str]:
    """Runs a command with a terminal on all three sides; returns its code and what the terminal received."""
    screen, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "explorer", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "CORPUS_CURATOR": "ann", "PYTHONUTF8": "1", "COLUMNS": "100", "LINES": "30"},
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
    )
    os.close(side)
    if answer:
        os.write(screen, answer)
    received = b""
    while True:
        try:
            part = os.read(screen, 65536)
        except OSError:
            break
        if not part:
            break
        received += part
    os.close(screen)
    return process.wait(PATIENCE), received.decode("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ("find", "--limit", "0", "--columns", "row,path,content"),
        ("find", "--limit", "0", "--format", "csv", "--columns", "path,content"),
        ("find", "--json", "--columns", "path,content"),
    ],
)
def test_hostile_text_is_made_visible(odd_place: Place, words: tuple[str, ...]) -> None:
    command, *more = words
    code, received = on_terminal(command, odd_place.base, *more)
    assert code == 0
    assert not FORBIDDEN.search(received.replace("\r\n", "\n"))


def test_a_hostile_sample_is_shown_and_hostile_words_are_echoed_safely(cli: Cli, odd_place: Place) -> None:
    rows = cli("find", odd_place.base, "content like '%52;c%'", "--columns", "id", "--json").document["rows"]
    code, received = on_terminal("show", odd_place.base, rows[0]["id"])
    assert code == 0
    assert "␛]52;c;ZXZpbA==␇" in received
    assert not FORBIDDEN.search(received.replace("\r\n", "\n"))
    for words in (
        ("find", odd_place.base, "\x1b]0;x\x07"),
        ("\x1b[31m",),
    ):
        code, received = on_terminal(*words)
        assert code == 2
        assert not FORBIDDEN.search(received.replace("\r\n", "\n"))


def test_every_line_of_a_long_table_reaches_a_terminal(cli: Cli, plenty_place: Place) -> None:
    code, received = on_terminal("find", plenty_place.base, "--limit", "0", "--columns", "row")
    assert code == 0
    assert len(received.splitlines()) == 2500 + 2


def test_a_bulk_label_asks_first(cli: Cli, odd_place: Place, copy_of: Callable[[Place], Place]) -> None:
    base = copy_of(odd_place).base
    code, received = on_terminal("label", base, "--where", "tier = 1", "--verdict", "drop", answer=b"n\n")
    assert code == 1
    assert "samples?" in received
    assert cli("info", base, "--json").document["labels"]["events"] == 0
    code, _ = on_terminal("label", base, "--where", "tier = 1", "--verdict", "drop", answer=b"y\n")
    assert code == 0
    assert cli("info", base, "--json").document["labels"]["events"] == 1


def test_an_export_shows_its_progress(odd_place: Place, tmp_path: Path) -> None:
    words = ("export", odd_place.base, "--stage", "fine-tuning", "--budget", "900", "--out", tmp_path / "out")
    code, received = on_terminal(*words)
    assert code == 0
    assert "as the receipt says" in on_terminal("verify", tmp_path / "out")[1]
    assert not FORBIDDEN.search(STYLES.sub("", received).replace("\r\n", "\n").replace("\r", ""))
