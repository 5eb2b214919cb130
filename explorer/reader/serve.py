"""The reader process itself: requests from one pipe, answers to another, jobs in lanes; disposable at any moment."""

import ctypes
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from explorer import __version__
from explorer.errors import ExplorerError
from explorer.job import Job
from explorer.reader.lanes import Lanes, RequestedJob
from explorer.reader.memory import HINT, TITLE, guard, has_given_back
from explorer.reader.protocol import (
    LINE_LIMIT,
    ORDERED_LANES,
    BadLine,
    Cancel,
    Done,
    Failed,
    Outcome,
    Overtaken,
    Progress,
    Quit,
    Ready,
    Reply,
    Wish,
    decode_wish,
    encode,
)
from explorer.safety.masking import mask_values

DEBUG_VARIABLE = "CORPUS_DEBUG"
"""When set, tracebacks go to the reader's stderr; they may quote samples."""

PR_SET_PDEATHSIG = 1

MEMORY_EXIT = 4
"""Exit code of a reader that gave up for the memory it held."""

JobFunction = Callable[[Job], Mapping[str, Any]]


def serve(
    jobs: Mapping[str, JobFunction],
    *,
    stdin: BinaryIO | None = None,
    stdout: BinaryIO | None = None,
    ordered: frozenset[str] = ORDERED_LANES,
    memory: int | None = None,
) -> NoReturn:
    """Works on requests until the pipe ends or it is told to quit, then ends the process at once, jobs and all.

    Without `stdin` and `stdout` it takes the process's own and leaves the null device and stderr in their places, so
    that a stray print or a child process cannot break the protocol. `memory` caps the address space, in bytes.
    """
    _harden(memory)
    requests, answers = stdin or _take_stdin(), stdout or _take_stdout()
    line = _Line(answers)
    lanes = Lanes(lambda job: _outcome(jobs, job), line.send, line.send, ordered, _clean_up)
    guard(lambda: _end_for_memory(lanes, line))
    line.send(Ready(__version__, os.getpid()))
    while (wish := _next_wish(requests)) is not None:
        _obey(wish, lanes)
    os._exit(0)


def _end_for_memory(lanes: Lanes, line: "_Line") -> NoReturn:
    """Tells those who wait why, then ends the process: another is started, and only so is the memory free."""
    for request in lanes.running():
        if request.lane not in ORDERED_LANES:  # what must not be lost is asked again of the next process
            line.send(Failed(request.id, TITLE, HINT))
    os._exit(MEMORY_EXIT)


def _clean_up(job: RequestedJob, lanes: Lanes) -> None:
    """Frees what an interrupted job has left behind; where that does not help, a new process takes over."""
    if job.is_cancelled and not has_given_back(job.held) and not lanes.running():
        os._exit(MEMORY_EXIT)


def _obey(wish: Wish, lanes: Lanes) -> None:
    match wish:
        case Quit():
            os._exit(0)
        case Cancel(lane, number):
            lanes.cancel(lane, number)
        case request:
            lanes.submit(request)


def _next_wish(requests: BinaryIO) -> Wish | None:
    """Reads one line; a line that is no message ends the process, for nobody could be answered."""
    line = requests.readline(LINE_LIMIT + 1)
    if not line.endswith(b"\n") and len(line) <= LINE_LIMIT:
        return None
    try:
        return decode_wish(line)
    except BadLine as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(2)


class _Line:
    """The way back to the screen: whole lines from any thread."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._lock = threading.Lock()

    def send(self, reply: Reply) -> None:
        line = _written(reply)
        try:
            with self._lock:
                self._answers.write(line)
                self._answers.flush()
        except OSError:  # the screen is gone
            os._exit(0)


def _written(reply: Reply) -> bytes:
    """Writes a reply down, or says why an answer cannot be; progress that cannot fails the job that reports it."""
    if isinstance(reply, Ready | Progress):
        return encode(reply)
    try:
        return encode(reply)
    except BadLine as error:
        return encode(Failed(reply.id, error.title, error.hint))
    except MemoryError:
        return encode(_out_of_memory(reply.id, "an answer"))


def _outcome(jobs: Mapping[str, JobFunction], job: RequestedJob) -> Outcome:
    """Runs one job; whatever goes wrong becomes a sentence that quotes no sample."""
    number, name = job.request.id, job.request.job
    try:
        if name not in jobs:
            return Failed(number, f"The reader knows no job called {name!r}.", "Use the same version on both sides.")
        return Done(number, jobs[name](job))
    except ExplorerError as error:
        return Failed(number, error.title, error.hint)
    except MemoryError:
        return _out_of_memory(number, repr(name))
    except BaseException as error:
        if job.is_cancelled:
            return Overtaken(number)
        return _unforeseen(number, name, error)


def _out_of_memory(number: int, what: str) -> Failed:
    return Failed(number, f"The reader ran out of memory for {what}.", "Narrow the filter, or allow it more memory.")


def _unforeseen(number: int, name: str, error: BaseException) -> Failed:
    """Names the kind and the place of an error, never its message: that may quote a sample."""
    if os.environ.get(DEBUG_VARIABLE):
        sys.stderr.write(mask_values("".join(traceback.format_exception(error))))
        sys.stderr.flush()
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    reason = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return Failed(
        number,
        f"The reader could not finish {name!r}: {type(error).__name__}{reason}{place}.",
        f"Try again; with {DEBUG_VARIABLE}=1 set, the reader's log tells more.",
    )


def _take_stdin() -> BinaryIO:
    taken = os.dup(0)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return os.fdopen(taken, "rb")


def _take_stdout() -> BinaryIO:
    sys.stdout.flush()
    taken = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(taken, "wb")


def _harden(memory: int | None) -> None:
    """Leaves the keyboard to the screen, dies with it, dumps no samples to disk and stays within its memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory is not None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
