"""The main path by keys only, in a real terminal; kills, signals and errors there."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.journeys.corpus import Journey, build, plain_rows
from tests.journeys.story import labels_of
from tests.journeys.terminal import LEFT, Terminal, all_end, children_of, corpus_open
from tests.patience import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals here")


def tiers_of(journey: Journey) -> dict[str, int | None]:
    return {id: label.tier for id, label in labels_of(journey.place).items()}


def test_the_main_path_by_keys_only(journey: Journey, tmp_path: Path) -> None:
    rust = [row["id"] for row in journey.rows if row["language"] == "Rust"]
    with Terminal(corpus_open(journey.place.base)) as terminal:
        terminal.until(f"row 1 of {len(journey.rows)}")
        terminal.until("# sample 0 in")
        terminal.send("/language = 'Rust'\r")  # in one go, as over a slow line
        terminal.until(f"row 1 of {len(rust)} (of {len(journey.rows)})")
        terminal.until("src/module_15.py")
        terminal.send("123")
        terminal.until("3 labelled · all saved")
        terminal.send("u")
        terminal.until("2 labelled · all saved")
        terminal.send("f")
        terminal.until("esc leaves")
        terminal.send("sample\r\r\r")  # a window that is gone takes nothing along
        terminal.until("match 1 of 1")
        terminal.send("w")
        terminal.until("effective")
        terminal.until("epoch")
        terminal.send("\x1b[C")
        terminal.until("saved in mix.toml")
        terminal.send("\x03")
        terminal.until("q quits")
        terminal.send("q")
        assert terminal.end() == 0
        assert LEFT in terminal.raw
    assert tiers_of(journey) == {rust[0]: 1, rust[1]: 2}
    assert journey.place.workspace.mix.exists()


def test_the_same_path_under_tmux(journey: Journey, tmp_path: Path) -> None:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", "/dev/null"]

    def screen() -> str:
        return subprocess.run([*tmux, "capture-pane", "-p"], capture_output=True, text=True, check=False).stdout

    def until(text: str) -> None:
        end = time.monotonic() + PATIENCE
        while text not in screen():
            assert time.monotonic() < end, f"never came: {text}\n{screen()}"
            time.sleep(0.1)

    subprocess.run(
        [*tmux, "new-session", "-d", "-x", "120", "-y", "35", *corpus_open(journey.place.base)],
        check=True,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    try:
        until("# sample 0 in")
        subprocess.run([*tmux, "send-keys", "4", "j", "2"], check=True)
        until("2 labelled · all saved")
        subprocess.run([*tmux, "send-keys", "-l", "/id = 's0005'"], check=True)
        subprocess.run([*tmux, "send-keys", "Enter"], check=True)
        until("row 1 of 1 (of")
        subprocess.run([*tmux, "resize-window", "-x", "80", "-y", "24"], check=True)
        until("row 1 of 1 (of")
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)
    assert tiers_of(journey) == {"s0000": 4, "s0002": 2}


# ---- killed


def labelled(terminal: Terminal) -> int:
    """How many labels the screen shows as saved."""
    found = re.search(r"([\d,]+) labelled · all saved", terminal.status)
    return int(found[1].replace(",", "")) if found else 0


def kill_while_labelling(journey: Journey, cycles: int) -> int:
    """Labels bursts of samples and kills the explorer when some are shown; returns how many labels were shown."""
    expected: dict[str, int] = {}
    acknowledged = 0
    for cycle in range(cycles):
        first = 1 + cycle * 4 % (len(journey.rows) - 60)
        with Terminal(corpus_open(journey.place.base), (80, 24)) as terminal:
            terminal.until(f" of {len(journey.rows)}")
            terminal.until(f"{len(expected)} labelled · all saved")
            terminal.send("\x07")
            terminal.until("Go to")
            terminal.send(f"{first}\r")
            terminal.until(
                lambda first=first: "Go to" not in terminal.text and f"row {first} of" in terminal.text, "it"
            )
            terminal.until("id        " + journey.rows[first - 1]["id"])
            keys = [cycle % 4 + 1, (cycle + 1) % 4 + 1, (cycle + 2) % 4 + 1]
            for key in keys:
                terminal.send(str(key))
            enough = len(expected) + 1 + cycle % 3
            terminal.until(lambda enough=enough: labelled(terminal) >= enough, f"{enough} labels")
            shown = labelled(terminal) - len(expected)
            terminal.kill()
        wanted = {journey.rows[first - 1 + place]["id"]: key for place, key in enumerate(keys)}
        found = tiers_of(journey)
        for count in range(shown, len(keys) + 1):
            if found == expected | dict(list(wanted.items())[:count]):
                break
        else:
            raise AssertionError(f"cycle {cycle}: {shown} shown of {wanted}, found {set(found) - set(expected)}")
        acknowledged += shown
        expected = {id: tier for id, tier in found.items() if tier is not None}
    return acknowledged


def test_kill_9_loses_nothing_that_was_shown_as_saved(journey: Journey) -> None:
    assert kill_while_labelling(journey, 4) >= 4


@pytest.mark.campaign
@pytest.mark.parametrize("cycles", [50, 1000])
def test_kill_9_loses_nothing_many_times(cycles: int, tmp_path: Path) -> None:
    journey = build(tmp_path / "corpus", plain_rows(max(560, cycles * 4 + 80)))
    assert kill_while_labelling(journey, cycles) >= cycles


# ---- signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda it: it.name)
def test_a_signal_restores_the_terminal_and_leaves_no_reader(journey: Journey, number: signal.Signals) -> None:
    with Terminal(corpus_open(journey.place.base)) as terminal:
        terminal.until("# sample 0 in")
        terminal.send("3")
        terminal.until("1 labelled · all saved")
        readers = children_of(terminal.process.pid)
        assert readers
        terminal.process.send_signal(number)
        assert terminal.end() == 1
        assert LEFT in terminal.raw
        assert all_end(readers)
    assert tiers_of(journey) == {"s0000": 3}


def test_a_closed_terminal_ends_it_with_its_reader(journey: Journey) -> None:
    with Terminal(corpus_open(journey.place.base)) as terminal:
        terminal.until("# sample 0 in")
        terminal.send("3")
        terminal.until("1 labelled · all saved")
        readers = children_of(terminal.process.pid)
        terminal.hang_up()
        terminal.process.wait(PATIENCE)
        assert all_end(readers)
    assert tiers_of(journey) == {"s0000": 3}


# ---- errors

BROKEN = """
import sys
from explorer.screens.browse.screen import BrowseScreen
def broken(self):
    canary = "CANARY in a local " + self._reading.sample["id"]
    raise ValueError("CANARY \\x1b]2;title\\x07 [/red]")
async def broken_later(self):
    broken(self)
BrowseScreen.action_toggle_facets = broken
BrowseScreen.action_sort_column = lambda self: self.run_worker(broken_later(self), exit_on_error=False)
from explorer.cli import main
sys.argv = ["corpus", "open", {path!r}]
main()
"""


def test_an_unforeseen_error_ends_with_one_line(journey: Journey) -> None:
    command = [sys.executable, "-c", BROKEN.format(path=str(journey.place.base))]
    with Terminal(command) as terminal:
        terminal.until("# sample 0 in")
        terminal.send("o")  # in a worker: told, and the screen goes on
        terminal.until("nobody foresaw")
        terminal.send("1")
        terminal.until("1 labelled · all saved")
        readers = children_of(terminal.process.pid)
        terminal.send("p")
        assert terminal.end() == 1
        left, _, after = bytes(terminal.raw).rpartition(LEFT)
        assert left
        words = re.sub(rb"\x1b\[[0-9;?<>]*[a-zA-Z]", b"", after).decode().split()
        assert " ".join(words).startswith("corpus: an unforeseen ValueError at <string>:6 ended the explorer.")
        assert b"CANARY" not in terminal.raw
        assert all_end(readers)
    assert tiers_of(journey) == {"s0000": 1}


def test_without_a_terminal_it_says_so(journey: Journey) -> None:
    ran = subprocess.run(
        corpus_open(journey.place.base), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "The explorer needs a terminal." in ran.stderr
