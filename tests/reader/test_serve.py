"""The reader process, spoken to over bare pipes."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from explorer import __version__
from tests.patience import PATIENCE


@contextmanager
def bare(command: tuple[str, ...], *more: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A reader that has greeted."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen((*command, *more), env={**os.environ, **environment}, **pipes) as process:  # type: ignore[call-overload]
        try:
            greeting = hear(process)
            assert greeting == {"ready": {"version": __version__, "pid": process.pid}}
            yield process
        finally:
            process.kill()


def say(process: subprocess.Popen[bytes], line: Any) -> None:
    assert process.stdin is not None
    process.stdin.write(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[bytes]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def request(job: str, number: int = 1, lane: str = "page", **args: Any) -> dict[str, Any]:
    return {"id": number, "lane": lane, "job": job, "args": args}


def complaints(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    return process.stderr.read().decode()


def test_a_job_is_answered(command: tuple[str, ...]) -> None:
    with bare(command) as process:
        say(process, request("echo", 7, text="\ud800 é \x1b"))
        assert hear(process) == {"id": 7, "ok": {"text": "\ud800 é \x1b"}}


@pytest.mark.parametrize("farewell", ["quit", "end of input"])
def test_it_ends_at_once_while_a_job_runs(command: tuple[str, ...], farewell: str) -> None:
    with bare(command) as process:
        say(process, request("deaf", file="a.parquet"))
        assert hear(process) == {"id": 1, "progress": {"file": "a.parquet"}}
        if farewell == "quit":
            say(process, {"quit": True})
        else:
            assert process.stdin is not None
            process.stdin.close()
        assert process.wait(PATIENCE) == 0


def test_stray_words_of_a_job_and_its_children_go_to_stderr(command: tuple[str, ...]) -> None:
    with bare(command) as process:
        say(process, request("chatter"))
        assert hear(process) == {"id": 1, "ok": {"said": True}}
        say(process, {"quit": True})
        assert process.wait(PATIENCE) == 0
        said = complaints(process)
    assert "forged" in said
    assert "from a child" in said


def test_stray_words_do_not_break_the_lines_that_follow(command: tuple[str, ...]) -> None:
    with bare(command) as process:
        for number in range(1, 6):
            say(process, request("chatter", number))
            assert hear(process) == {"id": number, "ok": {"said": True}}


@pytest.mark.parametrize("line", [b"what?\n", b"[]\n", b'{"id": 1}\n', b"\xff\xfe\n"])
def test_a_line_that_is_no_message_ends_it_with_a_sentence(command: tuple[str, ...], line: bytes) -> None:
    with bare(command) as process:
        say(process, line)
        assert process.wait(PATIENCE) == 2
        said = complaints(process)
    assert said.endswith(".\n")
    assert "Traceback" not in said


def test_the_keyboard_does_not_interrupt_it(command: tuple[str, ...]) -> None:
    with bare(command) as process:
        process.send_signal(signal.SIGINT)
        say(process, request("echo", here=True))
        assert hear(process) == {"id": 1, "ok": {"here": True}}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_it_dies_with_its_parent_even_where_its_input_stays_open(command: tuple[str, ...]) -> None:
    parent = f"import subprocess, time; subprocess.Popen({list(command)!r}); time.sleep(3600)"
    input_read, input_write = os.pipe()
    output_read, output_write = os.pipe()
    try:
        with subprocess.Popen([sys.executable, "-c", parent], stdin=input_read, stdout=output_write) as process:
            os.close(output_write)
            with os.fdopen(output_read, "rb", closefd=False) as output:
                assert b"ready" in output.readline()
                process.kill()
                readable, _, _ = select.select([output], [], [], PATIENCE)
                assert readable
                assert output.read() == b""
    finally:
        for descriptor in (input_read, input_write, output_read):
            os.close(descriptor)


def test_it_leaves_no_core_file_of_the_samples_it_held(command: tuple[str, ...]) -> None:
    with bare(command) as process:
        limits = Path(f"/proc/{process.pid}/limits")
        if not limits.exists():
            pytest.skip("no /proc here")
        core = next(line for line in limits.read_text().splitlines() if "core file" in line)
    assert core.split()[4:6] == ["0", "0"]


def test_an_unforeseen_error_names_its_place_and_quotes_nothing(command: tuple[str, ...]) -> None:
    with bare(command, CORPUS_DEBUG="") as process:
        say(process, request("stumble", secret="s3cret text of a sample"))
        error = hear(process)["error"]
        say(process, {"quit": True})
        assert process.wait(PATIENCE) == 0
        said = complaints(process)
    assert error["title"].startswith("The reader could not finish 'stumble': ValueError in jobs.py, line ")
    assert "s3cret" not in json.dumps(error) + said


def test_debugging_puts_the_traceback_on_stderr(command: tuple[str, ...]) -> None:
    with bare(command, CORPUS_DEBUG="1") as process:
        say(process, request("stumble", secret="s3cret text of a sample"))
        assert "s3cret" not in json.dumps(hear(process))
        say(process, {"quit": True})
        assert process.wait(PATIENCE) == 0
        assert "s3cret" in complaints(process)


def test_too_little_memory_fails_the_job_and_not_the_reader(command: tuple[str, ...]) -> None:
    with bare(command, str(2**30)) as process:
        say(process, request("starve", 1, size=2**32))
        assert "out of memory" in hear(process)["error"]["title"]
        say(process, request("starve", 2, size=2**20))
        assert hear(process) == {"id": 2, "ok": {"size": 2**20}}


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        (request("complain"), "The file a.parquet has no column content."),
        (request("unspeakable"), "A message to or from the reader cannot be written as JSON."),
        (request("unspeakable_news"), "A message to or from the reader cannot be written as JSON."),
        (request("huge", size=2**26), "A message of 64 MB passes the 64 MB that one line may hold."),
        (request("dance"), "The reader knows no job called 'dance'."),
    ],
    ids=lambda value: value["job"] if isinstance(value, dict) else "",
)
def test_a_failure_is_a_sentence_and_a_hint(command: tuple[str, ...], wanted: dict[str, Any], title: str) -> None:
    with bare(command) as process:
        say(process, wanted)
        answer = hear(process)
        assert answer["error"]["title"] == title
        assert answer["error"]["hint"].endswith(".")
        say(process, request("echo", 2))
        assert hear(process) == {"id": 2, "ok": {}}
