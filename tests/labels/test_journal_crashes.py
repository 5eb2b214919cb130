"""A writer killed at any instant: what it answered as saved is there, and at most the one decision under way."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from label_model import PlainLabels, look, random_operations, read_state, ref

from explorer.labels import LabelBook, writer
from tests.patience import PATIENCE

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
START = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(HERE)!r}]
from pathlib import Path
from label_model import *
from explorer.labels import writer
writer.LARGEST_RECORD = 5
book = LabelBook.open(Path(sys.argv[1]), sys.argv[2])
"""
WALK = f"""{START}
operations = random_operations(int(sys.argv[3]), largest=14)
print("open", flush=True)
for operation in operations:
    run(book, operation)
    print("saved", flush=True)
"""
LABEL = f"""{START}
first, count = int(sys.argv[3]), int(sys.argv[4])
print("open", flush=True)
sys.stdin.readline()
for number in range(first, first + count):
    book.set([ref(number)], "tier", 1 + number % 4)
book.close()
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def kill_while_writing(directory: Path, cycle: int, delay: float) -> int:
    """Run a writer, kill it some time after it opened, and return how many operations it answered."""
    with start(WALK, directory, f"curator {cycle}", cycle) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        threading.Timer(delay, process.kill).start()
        return process.stdout.read().count("saved\n")


def check_kills(directory: Path, cycles: int) -> None:
    chance = random.Random(cycles)
    model = PlainLabels()
    answers = 0
    for cycle in range(cycles):
        model.next_curator()
        answered = kill_while_writing(directory, cycle, chance.uniform(0.0, 0.1))
        operations = random_operations(cycle, largest=14)
        for operation in operations[:answered]:
            model.run(operation)
        state = read_state(look(directory))
        if state != model.state:
            model.run(operations[answered])
        assert state == model.state, (cycle, answered)
        answers += answered
    assert answers > cycles


def test_eight_kills_lose_nothing(tmp_path: Path) -> None:
    check_kills(tmp_path / "labels", 8)


@pytest.mark.campaign
def test_a_thousand_kills_lose_nothing(tmp_path: Path) -> None:
    for run_number in range(20):
        (tmp_path / f"{run_number}").mkdir()
        check_kills(tmp_path / f"{run_number}" / "labels", 50)


def label_at_once(directory: Path, processes: int, count: int) -> None:
    """Let several curators label different samples at the same time, and one of them all the same."""
    writers = [start(LABEL, directory, f"curator {each}", each * count, count) for each in range(processes)]
    for each in writers:
        assert each.stdout is not None
        assert each.stdout.readline() == "open\n"
    for each in writers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in writers:
        each.communicate(timeout=PATIENCE)
        assert each.returncode == 0
    book = look(directory)
    assert read_state(book) == {(ref(n).id, "tier"): 1 + n % 4 for n in range(processes * count)}
    assert book.counts() == (processes * count, processes * count, 0, 0)
    assert book.report() == ()


@pytest.mark.parametrize("does_lock", [True, False])
def test_two_curators_at_once_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does_lock: bool) -> None:
    if not does_lock:
        monkeypatch.setattr(sys.modules[__name__], "LABEL", f"import fcntl\nfcntl.flock = lambda *_: None\n{LABEL}")
    tmp_path.joinpath("labels").mkdir()
    label_at_once(tmp_path / "labels", 2, 400)


@pytest.mark.campaign
def test_eight_curators_at_once_lose_nothing(tmp_path: Path) -> None:
    label_at_once(tmp_path / "labels", 8, 10_000)


@pytest.mark.parametrize("delay", [0.01, 0.05, 0.1, 0.2])
def test_a_bulk_killed_midway_counts_wholly_or_not_at_all(tmp_path: Path, delay: float) -> None:
    program = f"{START}\nwriter.LARGEST_RECORD = 100\nprint('open', flush=True)\n" + (
        "book.set([ref(number) for number in range(30_000)], 'verdict', 'drop')\nprint('saved', flush=True)\n"
    )
    with start(program, tmp_path / "labels", "anna") as process:
        assert process.stdout is not None
        process.stdout.readline()
        threading.Timer(0.15 + delay, process.kill).start()
        was_answered = process.stdout.read() == "saved\n"
    assert len(read_state(look(tmp_path / "labels"))) in ({30_000} if was_answered else {0, 30_000})


def test_a_bulk_above_ten_thousand_comes_back_whole_and_goes_in_one_undo(tmp_path: Path) -> None:
    assert writer.LARGEST_RECORD == 10_000
    book = LabelBook.open(tmp_path / "labels", "anna")
    samples = [ref(number) for number in range(25_001)]
    assert book.set(samples, "verdict", "drop", reason="one sweep").count == 25_001
    book.close()
    book = LabelBook.open(tmp_path / "labels", "anna")
    assert (len(read_state(book)), book.counts().events) == (25_001, 1)
    (event,) = book.history(9)
    assert (event.count, event.op, event.field, event.reason) == (25_001, "set", "verdict", "one sweep")
    undone = book.undo()
    assert undone is not None
    assert undone.samples == 25_001
    assert read_state(book) == read_state(look(tmp_path / "labels")) == {}
    book.close()
